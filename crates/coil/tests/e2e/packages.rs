//! Packages of the workshop's own, installed by boards of every firmware.

use crate::support::{Lab, run_tool, text, tool};

/// Waits for the network, which a new board joins by itself.
const ONLINE: &str = "
import network, time
w = network.WLAN(network.STA_IF)
while not w.isconnected(): time.sleep_ms(20)
";

/// A workshop with two packages, one of which needs the other.
fn workshop(firmware: &str) -> Lab {
    let lab = Lab::start(&["--firmware", firmware]);
    let folder = lab.dir.path().join("packages");
    for (path, content) in [
        ("beep.py", "def beep():\n    return 'beep'\n"),
        (
            "lamp/package.json",
            r#"{ "version": "1.2", "urls": [["lamp/__init__.py", "lamp.py"]], "deps": [["beep", "latest"]] }"#,
        ),
        ("lamp/lamp.py", "import beep\ndef on():\n    return 'on, ' + beep.beep()\n"),
    ] {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, content).expect("written");
    }
    lab
}

/// What a board prints after it has installed something.
fn installed(firmware: &str, install: &str) -> Option<String> {
    let mpremote = tool("mpremote")?;
    let lab = workshop(firmware);
    let program = format!("{ONLINE}{install}import lamp\nprint(lamp.on(), lamp.__file__)\n");
    let tty = lab.tty();
    let args = ["connect", tty.to_str().expect("plain"), "exec", &program];
    let out = run_tool(&mpremote, &args);
    Some(text(&out.stdout) + &text(&out.stderr))
}

#[test]
fn mip_installs_into_the_flash_what_is_imported_from_there() {
    let install = "import mip\nmip.install('lamp')\nmip.install('none')\n";
    let Some(told) = installed("current", install) else { return };
    let wanted = "Installing lamp (latest) from https://micropython.org/pi/v2 to /lib
Copying: /lib/lamp/__init__.py
Installing beep (latest) from https://micropython.org/pi/v2 to /lib
Copying: /lib/beep.py
Done
Installing none (latest) from https://micropython.org/pi/v2 to /lib
Package not found: https://micropython.org/pi/v2/package/6/none/latest.json
Package may be partially installed
on, beep /lib/lamp/__init__.py
";
    assert_eq!(told, wanted);
}

#[test]
fn upip_of_older_firmware_installs_the_same() {
    for firmware in ["1.11", "1.19.1"] {
        let install = "import upip\nupip.install('micropython-lamp')\n";
        let Some(told) = installed(firmware, install) else { return };
        for line in [
            "Installing micropython-lamp 1.2 from https://micropython.org/pi/archive/lamp-1.2.tar.gz",
            "Installing beep 0.0 from https://micropython.org/pi/archive/beep-0.0.tar.gz",
            "on, beep /lib/lamp/__init__.py",
        ] {
            assert!(told.lines().any(|told| told == line), "{firmware}: {line}: {told}");
        }
    }
}

#[test]
fn mpremote_installs_from_the_same_index() {
    let Some(mpremote) = tool("mpremote") else { return };
    let lab = workshop("current");
    let index = format!("{}/pi/v2", lab.status()["cloud"]["url"].as_str().expect("a text"));
    let tty = lab.tty();
    let connect = ["connect", tty.to_str().expect("plain")];
    let install = ["mip", "install", "--index", &index, "lamp"];
    let out = run_tool(&mpremote, &[&connect[..], &install].concat());
    assert!(out.status.success(), "{}{}", text(&out.stdout), text(&out.stderr));
    let out =
        run_tool(&mpremote, &[&connect[..], &["exec", "import lamp; print(lamp.on())"]].concat());
    assert_eq!(text(&out.stdout), "on, beep\n");
}
