//! The time server: 48 bytes in, 48 bytes out, from the lab's clock. It knows no sockets.

const PACKET: usize = 48;
const MODE_CLIENT: u8 = 3;
const MODE_SERVER: u8 = 4;
const STRATUM: u8 = 2;
/// Seconds from 1900 to 1970.
const NTP_TO_UNIX: i64 = 2_208_988_800;

/// The answer to a time request at `unix_us`; `None` if it is not one (client mode, version 3 or 4).
pub(crate) fn answer(request: &[u8], unix_us: i64) -> Option<[u8; PACKET]> {
    let first = *request.first()?;
    let (version, mode) = (first >> 3 & 7, first & 7);
    if request.len() < PACKET || mode != MODE_CLIENT || !(3..=4).contains(&version) {
        return None;
    }
    let now = timestamp(unix_us);
    let mut reply = [0u8; PACKET];
    reply[0] = version << 3 | MODE_SERVER;
    reply[1] = STRATUM;
    reply[2] = request[2];
    reply[3] = 0xec; // precision: 2^-20 s
    reply[4..8].copy_from_slice(&0x10u32.to_be_bytes()); // root delay
    reply[8..12].copy_from_slice(&0x10u32.to_be_bytes()); // root dispersion
    reply[12..16].copy_from_slice(b"COIL");
    reply[16..24].copy_from_slice(&now); // reference
    reply[24..32].copy_from_slice(&request[40..48]); // originate: what the client sent
    reply[32..40].copy_from_slice(&now); // receive
    reply[40..48].copy_from_slice(&now); // transmit
    Some(reply)
}

fn timestamp(unix_us: i64) -> [u8; 8] {
    // The seconds wrap in 2036, as the protocol means them to.
    let seconds = (unix_us.div_euclid(1_000_000) + NTP_TO_UNIX).rem_euclid(1 << 32);
    let fraction = (unix_us.rem_euclid(1_000_000) << 32) / 1_000_000;
    ((seconds << 32) as u64 | fraction as u64).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_3_and_4_of_a_client_are_answered_and_nothing_else() {
        for (first, answered) in
            [(0x1b, true), (0x23, true), (0x13, false), (0x1c, false), (0x00, false), (0xff, false)]
        {
            let mut request = [7u8; 48];
            request[0] = first;
            assert_eq!(answer(&request, 0).is_some(), answered, "{first:#x}");
            assert!(answer(&request[..47], 0).is_none());
        }
        assert!(answer(&[], 0).is_none());
    }

    #[test]
    fn reply_tells_the_lab_time_and_echoes_the_clients() {
        let mut request = [0u8; 48];
        request[0] = 0x1b;
        request[40..48].copy_from_slice(&[1, 2, 3, 4, 5, 6, 7, 8]);
        let reply = answer(&request, 1_767_225_600_500_000).unwrap();
        assert_eq!(reply[0], 0x1c);
        let seconds = u32::from_be_bytes(reply[40..44].try_into().unwrap());
        assert_eq!(i64::from(seconds) - NTP_TO_UNIX, 1_767_225_600);
        assert_eq!(reply[44], 0x80);
        assert_eq!(reply[24..32], request[40..48]);
    }
}
