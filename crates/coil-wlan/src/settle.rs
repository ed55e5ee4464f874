//! The end of a network: what programs said last still goes out.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Connections as the kernel tells of them, in the network that this process is in.
const TABLES: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];
/// Where in a line the state is, and those of connections that are closed here, but of which the other end has not heard all:
/// FIN-WAIT-1, LAST-ACK and CLOSING.
const STATE: usize = 3;
const UNHEARD: [&str; 3] = ["04", "09", "0B"];
/// How often they are looked at.
const LOOK: Duration = Duration::from_millis(5);
/// How long whoever moves frames needs for the last of them.
const REST: Duration = Duration::from_millis(20);

/// Waits until the other ends have heard all that programs said on connections that are closed, for so long at most.
pub fn settle(patience: Duration) {
    let end = Instant::now() + patience;
    let is_unheard = || TABLES.iter().any(|t| fs::read_to_string(t).is_ok_and(|t| has_unheard(&t)));
    while is_unheard() && Instant::now() < end {
        sleep(LOOK);
    }
    sleep(REST);
}

fn has_unheard(table: &str) -> bool {
    let states = table.lines().skip(1).filter_map(|line| line.split_whitespace().nth(STATE));
    states.into_iter().any(|state| UNHEARD.contains(&state))
}

#[cfg(test)]
mod tests {
    use super::has_unheard;

    #[test]
    fn connections_that_are_not_over_for_the_other_end_are_found() {
        let head =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";
        let line = |state| {
            format!("   0: 6701A8C0:9C40 0101A8C0:0050 {state} 00000A00:00000000 01:00000014 0\n")
        };
        for (state, is_unheard) in [
            ("01", false),
            ("04", true),
            ("05", false),
            ("06", false),
            ("09", true),
            ("0A", false),
            ("0B", true),
        ] {
            let table = format!("{head}{}{}", line("0A"), line(state));
            assert_eq!(has_unheard(&table), is_unheard, "{state}");
        }
        assert!(!has_unheard(head) && !has_unheard(""));
    }
}
