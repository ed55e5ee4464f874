//! What goes over the air, as Wireshark's own dissectors read it.

use crate::support::{COIL, Lab, coil, run_tool, text, tool};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What Wireshark's program for terminals says of a file; nothing where it is not installed.
fn tshark(file: &Path, args: &[&str]) -> Option<String> {
    let mut all = vec!["-n", "-r", file.to_str().expect("plain")];
    all.extend(args);
    Command::new("tshark")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    let out = run_tool(Path::new("tshark"), &all);
    assert!(out.status.success(), "{}", text(&out.stderr));
    assert!(!text(&out.stderr).contains("cut short"), "{}", text(&out.stderr));
    Some(text(&out.stdout))
}

/// A capture that runs, once it does.
fn start(lab: &Lab, args: &[&str], file: &Path) -> Child {
    let dir = lab.dir.path().to_str().expect("plain");
    let child = Command::new(COIL)
        .args(["capture", "--dir", dir, "-o", file.to_str().expect("plain")])
        .args(args)
        .stderr(Stdio::null())
        .spawn()
        .expect("coil starts");
    // Its head comes at once.
    let began = Instant::now();
    while std::fs::metadata(file).map_or(0, |m| m.len()) == 0 {
        assert!(began.elapsed() < Duration::from_secs(10), "no capture");
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

fn stop(mut child: Child) {
    std::thread::sleep(Duration::from_millis(300));
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().expect("it runs").success());
    assert!(child.wait().expect("it ends").success());
}

const REQUESTS: &str = "
import requests
requests.get('https://my-json-server.typicode.com/workshop/course/posts/device00').close()
requests.get('http://api-m2x.att.com/v2/status').close()
";

/// A board's name for itself is in its question for an address, so that its start is in the file.
#[test]
fn wireshark_reads_what_boards_say_from_the_first_frame_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let [all, own, other, secret] =
        ["all", "own", "other", "secret"].map(|n| dir.path().join(format!("{n}.pcapng")));
    let path = all.to_str().expect("plain");
    let lab = Lab::start(&["--boards", "2", "--capture", path, "--capture-keys"]);
    let Some(mpremote) = tool("mpremote") else { return };
    let tty = lab.tty();
    let tty = tty.to_str().expect("plain");
    let exec = |source: &str| {
        let out = run_tool(&mpremote, &["connect", tty, "exec", source]);
        assert!(out.status.success(), "{}", text(&out.stderr));
    };
    exec("import network; print(network.WLAN(0).isconnected())");
    let running = [
        start(&lab, &["--board", "board0", "--keys"], &own),
        start(&lab, &["--board", "board1"], &other),
        start(&lab, &["--board", "board0"], &secret),
    ];
    exec(REQUESTS);
    running.into_iter().for_each(stop);
    for mac in ["24:0a:c4:00:00:01", "24:0a:c4:00:00:05"] {
        let own = format!("dhcp.hw.mac_addr == {mac}");
        let steps = tshark(&all, &["-Y", &own, "-T", "fields", "-e", "dhcp.option.dhcp"]);
        let Some(steps) = steps else { return };
        assert_eq!(steps, "1\n2\n3\n5\n", "discover, offer, request, acknowledge");
    }
    let ntp = ["-Y", "ntp.flags.mode == 4", "-T", "fields", "-e", "ip.dst"];
    let asked: std::collections::BTreeSet<String> =
        tshark(&all, &ntp).expect("as before").lines().map(str::to_owned).collect();
    assert_eq!(asked.len(), 2, "both boards set their clocks: {asked:?}");
    // Moments are those that the boards' clocks have.
    let when =
        tshark(&all, &["-c", "1", "-T", "fields", "-e", "frame.time_epoch"]).expect("as before");
    let when: f64 = when.trim().parse().expect("a number");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("later");
    assert!((0.0..120.0).contains(&(now.as_secs_f64() - when)), "{when}");
    // What is said by TLS can be read with the secrets, and not without.
    let http = ["-Y", "http.request", "-T", "fields", "-e", "http.host", "-e", "http.request.uri"];
    let plain = "api-m2x.att.com\t/v2/status\n";
    let secured = "my-json-server.typicode.com\t/workshop/course/posts/device00\n";
    assert_eq!(tshark(&own, &http).expect("as before"), format!("{secured}{plain}"));
    assert_eq!(tshark(&secret, &http).expect("as before"), plain);
    assert_eq!(tshark(&other, &["-Y", "tcp"]).expect("as before"), "", "another board's");
    let sent = ["-Y", "frame.packet_flags_direction == 2 && eth.src != 24:0a:c4:00:00:01"];
    assert_eq!(tshark(&own, &sent).expect("as before"), "");
    let broken = [
        "-Y",
        "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0",
        "-o",
        "ip.check_checksum:TRUE",
        "-o",
        "tcp.check_checksum:TRUE",
    ];
    assert_eq!(tshark(&all, &broken).expect("as before"), "");
}

#[test]
fn what_cannot_be_captured_is_said() {
    let lab = Lab::start(&[]);
    let dir = lab.dir.path().to_str().expect("plain");
    let file = lab.dir.path().join("x.pcapng");
    let file = file.to_str().expect("plain");
    let refused = coil(&["capture", "--dir", dir, "-o", file, "--board", "board7"]);
    let said = text(&refused.stderr);
    assert!(
        !refused.status.success() && said.contains("no board `board7`; there are: board0"),
        "{said}"
    );
    let nowhere = coil(&["capture", "--dir", "/nowhere", "-o", file]);
    assert!(text(&nowhere.stderr).contains("no lab is running in `/nowhere`"));
    let other = tempfile::tempdir().expect("a folder");
    let other = other.path().to_str().expect("plain");
    let unwritable = coil(&["up", other, "--port", "0", "--capture", "/nowhere/x.pcapng"]);
    let said = text(&unwritable.stderr);
    assert!(said.contains("cannot write `/nowhere/x.pcapng`: No such file"), "{said}");
}
