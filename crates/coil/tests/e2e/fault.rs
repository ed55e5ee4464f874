//! `coil fault`: the air of a running workshop fails on purpose, and boards meet it.

use crate::support::{Lab, coil, run_tool, text, tool};

/// What `coil fault` says when it is told that.
fn told(lab: &Lab, faults: &[&str]) -> (bool, String) {
    let mut args = vec!["fault", "--dir", lab.dir.path().to_str().expect("plain")];
    args.extend(faults);
    let out = coil(&args);
    (out.status.success(), text(&out.stdout) + &text(&out.stderr))
}

#[test]
fn what_goes_wrong_is_met_at_once_and_until_it_is_ended() {
    let lab = Lab::start(&["--fault", "latency=1ms"]);
    assert_eq!(told(&lab, &[]), (true, "latency=1ms\n".into()));
    let Some(mpremote) = tool("mpremote") else { return };
    let tty = lab.tty();
    let asks = "import socket\ntry: print(socket.getaddrinfo('api-m2x.att.com', 80)[0][4])\nexcept OSError as e: print(e)";
    let board = || {
        let args = ["connect", tty.to_str().expect("plain"), "resume", "exec", asks];
        text(&run_tool(&mpremote, &args).stdout)
    };
    let online = "import network, time\nwhile not network.WLAN(0).isconnected(): time.sleep_ms(20)";
    let args = ["connect", tty.to_str().expect("plain"), "exec", online];
    assert!(run_tool(&mpremote, &args).status.success());
    assert_eq!(board(), "('198.18.0.7', 80)\n");
    let all = (true, "loss=0.01% latency=1ms dns=dead\n".to_owned());
    assert_eq!(told(&lab, &["dns=dead", "loss=0.01%"]), all);
    assert_eq!(board(), "-202\n");
    assert_eq!(told(&lab, &["none"]), (true, "Nothing goes wrong on purpose.\n".into()));
    assert_eq!(board(), "('198.18.0.7', 80)\n");
}

#[test]
fn what_is_no_fault_is_said_to_be_none_and_nothing_is_done() {
    let lab = Lab::start(&[]);
    for (given, words) in [
        (["dns=dead", "x=1"], "there is no fault `x`; there are: loss, latency"),
        (["dns=dead", "loss=5"], "`loss` cannot be `5`: it is 0% to 100%"),
        (["dns=dead", "loss"], "write it as in `loss=5%`"),
    ] {
        let (ok, said) = told(&lab, &given);
        assert!(!ok && said.contains(words), "{said}");
    }
    assert_eq!(told(&lab, &[]), (true, "Nothing goes wrong on purpose.\n".into()));
    let refused = coil(&["up", "/nowhere", "--fault", "ntp=slow"]);
    assert!(text(&refused.stderr).contains("`ntp` cannot be `slow`: it is ok or dead"));
    let file = lab.dir.path().join("f.toml");
    std::fs::write(&file, "[[fault]]\nat = \"soon\"\nset = []\n").expect("written");
    let other = tempfile::tempdir().expect("a folder");
    let args = ["up", other.path().to_str().expect("plain"), "--port", "0", "--faults"];
    let refused = coil(&[&args[..], &[file.to_str().expect("plain")]].concat());
    assert!(text(&refused.stderr).contains("`soon` is no moment"), "{}", text(&refused.stderr));
    let list = coil(&["fault", "--list"]);
    assert_eq!(text(&list.stdout).lines().count(), 24);
}
