//! Programs of this machine on a workshop's air: clients and servers that know nothing of it, and boards that talk to them.

mod peers;

use crate::support::{COIL, Lab, coil, has, run_tool, text, tool};
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a command on the air of a lab, if this system lets us: its code and what it said.
pub(crate) fn joined(lab: &Lab, options: &[&str], command: &[&str]) -> Option<(i32, String)> {
    let mut args = vec!["join", "--dir", lab.dir.path().to_str().expect("plain")];
    args.extend(options);
    args.extend(command);
    let out = run_tool(Path::new(COIL), &args);
    let said = text(&out.stdout) + &text(&out.stderr);
    if ["gives no network of one's own", "/dev/net/tun"].iter().any(|why| said.contains(why)) {
        assert!(!out.status.success());
        return None;
    }
    Some((out.status.code().expect("a code"), said))
}

/// Runs a program on the first board, which stays as it is then; what it printed.
fn on_board(lab: &Lab, mpremote: &Path, source: &str) -> String {
    let tty = lab.tty();
    let args = ["connect", tty.to_str().expect("plain"), "exec", source];
    let out = run_tool(mpremote, &args);
    assert!(out.status.success(), "{}", text(&out.stderr));
    text(&out.stdout).trim_end().to_owned()
}

/// Puts a board on both networks, with a server that tells who came.
const SERVER: &str = "
import network, socket, time, _thread
w = network.WLAN(network.STA_IF)
while not w.isconnected(): time.sleep_ms(20)
ap = network.WLAN(network.AP_IF)
ap.active(True)
ap.config(ssid='den', password='through the roof', security=3)
s = socket.socket()
s.bind(('0.0.0.0', 80))
s.listen(4)
def serve():
    while True:
        c, a = s.accept()
        c.recv(1000)
        c.send(b'HTTP/1.0 200 OK\\r\\n\\r\\n%s %d\\n' % (a[0], len(ap.status('stations'))))
        c.close()
_thread.start_new_thread(serve, ())
print(w.ifconfig()[0])
";

#[test]
fn a_board_s_server_answers_curl_in_both_networks_that_it_is_in() {
    let Some(mpremote) = tool("mpremote") else { return };
    if !has("curl") {
        return;
    }
    let lab = Lab::start(&[]);
    let board = on_board(&lab, &mpremote, SERVER);
    let get = |options: &[&str], address: &str| {
        joined(&lab, options, &["curl", "-sS", "-m", "10", &format!("http://{address}/")])
    };
    let Some(said) = get(&[], &board) else { return };
    assert_eq!(said, (0, "192.168.1.101 0\n".into()), "the second address of the network");
    assert_eq!(get(&[], "board0.workshop"), Some(said), "by its name as well");
    let den = ["--ssid", "den", "--password", "through the roof"];
    assert_eq!(get(&den, "192.168.4.1"), Some((0, "192.168.4.2 1\n".into())));
    let wrong = get(&["--ssid", "den", "--password", "through the door"], "192.168.4.1");
    let (code, said) = wrong.expect("as before");
    assert_eq!((code, &*said), (1, "coil: cannot join: the password of `den` is another one\n"));
    // A host that pings has its answers from the board's own stack.
    if has("ping") {
        for (options, address) in [(&[][..], &*board), (&den, "192.168.4.1")] {
            let ping = ["ping", "-n", "-c", "3", "-i", "0.2", "-W", "5", address];
            let (code, said) = joined(&lab, options, &ping).expect("as before");
            assert!(code == 0 && said.contains("3 received, 0% packet loss"), "{said}");
        }
    }
}

#[test]
fn services_are_found_by_name_and_believed_and_nothing_else_is_in_reach() {
    let lab = Lab::start(&[]);
    if !has("curl") {
        return;
    }
    let curl = |args: &[&str]| {
        let all = [&["curl", "-sS", "-m", "10"], args].concat();
        joined(&lab, &[], &all)
    };
    let status = "https://api-m2x.att.com/v2/status";
    let Some(said) = curl(&[status]) else { return };
    assert_eq!(said, (0, r#"{"api":"OK","triggers":"OK"}"#.into()));
    // By the name that it asked for, and by the workshop's authority.
    let (code, said) =
        curl(&["--connect-to", "::api-m2x.att.com:", "https://example.org/"]).expect("as before");
    assert!(code != 0 && said.contains("SSL"), "{said}");
    let (code, _) = curl(&["--cacert", "/dev/null", status]).expect("as before");
    assert!(code != 0, "whom nobody vouches for is not believed");
    // The cloud's port on this machine, which is not the workshop's.
    let url = lab.status()["cloud"]["url"].as_str().expect("a text").to_owned();
    let (code, said) = curl(&[&url]).expect("as before");
    assert_eq!(code, 7, "{said}");
    let before = std::fs::read("/etc/resolv.conf").expect("there");
    let (_, said) = joined(&lab, &[], &["cat", "/etc/resolv.conf"]).expect("as before");
    assert_eq!(said, "nameserver 192.168.1.1\n");
    assert_eq!(std::fs::read("/etc/resolv.conf").expect("there"), before);
    let (_, said) = joined(&lab, &[], &["cat", "/proc/net/dev"]).expect("as before");
    let names: Vec<_> =
        said.lines().filter_map(|l| l.split_once(':')).map(|l| l.0.trim()).collect();
    assert_eq!(names, ["lo", "wlan0"]);
}

#[test]
fn a_command_gets_its_arguments_and_gives_its_end_and_what_is_wrong_is_one_line() {
    let lab = Lab::start(&[]);
    let Some(ended) = joined(&lab, &[], &["sh", "-c", "exit $#", "sh", "--dir", "x"]) else {
        return;
    };
    assert_eq!(ended, (2, String::new()));
    let says = |options: &[&str], why: &str| {
        let (code, said) = joined(&lab, options, &["true"]).expect("as before");
        assert_eq!((code, said), (1, format!("coil: cannot join: {why}\n")));
    };
    says(&["--password", "not the password"], "the password of `workshop` is another one");
    says(&["--ssid", "workshop"], "`workshop` has a password, and none was given");
    says(&["--ssid", "attic"], "there is no network `attic` in reach; there are: workshop");
    let nowhere = coil(&["join", "--dir", "/nowhere", "true"]);
    assert!(text(&nowhere.stderr).contains("no lab is running in `/nowhere`"));
}

#[test]
fn what_runs_is_told_when_the_workshop_ends() {
    let lab = Lab::start(&[]);
    let dir = lab.dir.path().to_str().expect("plain").to_owned();
    if joined(&lab, &[], &["true"]).is_none() {
        return;
    }
    let ready = lab.dir.path().join("ready");
    // Until the way out is gone.
    let script = format!(
        "touch {}; while grep -q wlan0 /proc/net/route; do sleep 0.1; done; echo over",
        ready.display()
    );
    let child = Command::new(COIL)
        .args(["join", "--dir", &dir, "sh", "-c", &script])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("coil starts");
    while !ready.exists() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let Lab { dir: _folder, coil } = lab;
    assert!(coil.stop().success());
    let out = child.wait_with_output().expect("output");
    assert_eq!(
        (text(&out.stdout), text(&out.stderr)),
        ("over\n".into(), "coil: the workshop has ended\n".into())
    );
}

/// Counts what comes by connections and as a datagram.
const COUNTER: &str = "
import network, socket, time, _thread
w = network.WLAN(network.STA_IF)
while not w.isconnected(): time.sleep_ms(20)
heard = [0, b'']
s = socket.socket()
s.bind(('0.0.0.0', 5000))
s.listen(1)
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(('0.0.0.0', 5001))
def count():
    c = s.accept()[0]
    while data := c.recv(1000): heard[0] += len(data)
    c.close()
def hear():
    heard[1] = u.recv(100)
_thread.start_new_thread(count, ())
_thread.start_new_thread(hear, ())
print(w.ifconfig()[0])
";

#[test]
fn what_a_command_said_last_is_heard_though_it_has_ended() {
    let Some(mpremote) = tool("mpremote") else { return };
    if !has("python3") {
        return;
    }
    // A way on which a board takes half a second for it.
    let lab = Lab::start(&["--fault", "latency=50ms"]);
    let board = on_board(&lab, &mpremote, COUNTER);
    // All of it is the kernel's when the program ends, and more than a board takes at once.
    let say = format!(
        "import socket; c = socket.create_connection(('{board}', 5000)); c.sendall(bytes(20000)); c.close(); \
         socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'bye', ('{board}', 5001))"
    );
    let Some(said) = joined(&lab, &[], &["python3", "-c", &say]) else { return };
    assert_eq!(said, (0, String::new()));
    let tty = lab.tty();
    let asked = "time.sleep_ms(500); print(heard)";
    let args = ["connect", tty.to_str().expect("plain"), "resume", "exec", asked];
    assert_eq!(text(&run_tool(&mpremote, &args).stdout), "[20000, b'bye']\n");
}

/// What an ordinary user's workshop is joined with. The driver may be root's alone here, so that there is one for everybody in its place.
const ORDINARY: &str = "
set -e
cd \"$1\"
rm -f tun up.log
chown -R nobody .
mknod tun c 10 200
chmod \"$3\" tun
mount --bind tun /dev/net/tun
exec setpriv --reuid nobody --regid nogroup --clear-groups sh -c '
\"$0\" up lab --port 0 > up.log & up=$!
while ! grep -sq Next up.log; do sleep 0.1; done
\"$0\" join sh -c \"id -un; cat /etc/resolv.conf; ping -n -q -c 1 192.168.1.1 | grep loss; $1\" && echo done
kill -INT $up; wait $up' \"$2\" \"$4\"
";

#[test]
fn an_ordinary_user_joins_as_well_and_may_do_there_what_root_may() {
    let able = ["setpriv", "unshare", "ping", "python3"];
    let lab = Lab::start(&[]);
    if joined(&lab, &[], &["true"]).is_none() || !able.into_iter().all(has) {
        return;
    }
    drop(lab);
    let id = Command::new("id").arg("-u").output().expect("it runs");
    if text(&id.stdout) != "0\n" {
        return;
    }
    let folder = tempfile::tempdir_in("/tmp").expect("a folder");
    let own = folder.path().join("coil");
    std::fs::copy(COIL, &own).expect("copied");
    let run = |mode: &str| {
        let listens = "python3 -c 'import socket; socket.create_server((str(), 80)); print(80)'";
        let place = [folder.path(), &own].map(|p| p.to_str().expect("plain"));
        let args = ["-m", "sh", "-c", ORDINARY, "sh", place[0], place[1], mode, listens];
        let out = run_tool(Path::new("unshare"), &args);
        text(&out.stdout) + &text(&out.stderr)
    };
    let ping = "1 packets transmitted, 1 received, 0% packet loss, time 0ms";
    let said = run("666");
    if said.contains("Operation not permitted") {
        // No user namespaces here, or no device files.
        return;
    }
    assert_eq!(said, format!("nobody\nnameserver 192.168.1.1\n{ping}\n80\ndone\n"));
    let said = run("600");
    assert!(said.starts_with("coil: `/dev/net/tun` may not be used (Permission denied"), "{said}");
}
