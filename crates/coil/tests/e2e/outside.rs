//! From boards to servers of this machine, and from this machine to servers of boards: with a real broker and a real client.

use crate::support::{Lab, Prompt, has, run_tool, text};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A port of the loopback address that nobody has.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A program that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn broker(port: u16) -> Server {
    let child = Command::new("mosquitto")
        .args(["-p", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("mosquitto starts");
    let start = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(start.elapsed() < Duration::from_secs(20), "mosquitto does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    Server(child)
}

const MQTT: &str = "
from umqtt.robust import MQTTClient
got = []
c = MQTTClient('board', 'host.workshop', PORT)
c.set_callback(lambda topic, message: got.append((topic, message)))
c.set_last_will(b'board/state', b'gone', retain=True)
c.connect()
c.subscribe(b'to/board', qos=1)
c.publish(b'board/state', b'here', retain=True, qos=1)
print('subscribed')
while not got: c.wait_msg()

print('got', got)
c.sock.close()
print('cut')
";

#[test]
fn a_board_and_the_clients_of_a_real_broker_on_this_machine_hear_each_other() {
    if !has("mosquitto") || !has("mosquitto_pub") {
        return;
    }
    let port = free_port();
    let _broker = broker(port);
    let allow = format!("127.0.0.1:{port}");
    let lab = Lab::start(&["--allow", &allow]);
    let mut board = Prompt::joined(&lab);
    let port = port.to_string();
    let program = MQTT.replace("PORT", &port);
    let (subscribing, ending) = program.split_once("\n\n").expect("two parts");
    let (first, waiting) = subscribing.rsplit_once('\n').expect("a last line");
    board.paste(first, "subscribed");
    board.send(&format!("{waiting}\r\r"));
    let client = |name: &str, args: &[&str]| {
        let all = [&["-p", &port][..], args].concat();
        let out = run_tool(Path::new(name), &all);
        assert!(out.status.success(), "{}", text(&out.stderr));
        text(&out.stdout)
    };
    let state = ["-t", "board/state", "-C", "1", "-W", "20"];
    assert_eq!(client("mosquitto_sub", &state), "here\n");
    client("mosquitto_pub", &["-t", "to/board", "-m", "hello", "-q", "1"]);
    board.until(">>> ");
    board.paste(ending.trim(), "cut");
    // The broker notices that the connection was cut, and says the board's last word.
    let start = Instant::now();
    while client("mosquitto_sub", &state) != "gone\n" {
        assert!(start.elapsed() < Duration::from_secs(20), "no will");
    }
}

const SERVER: &str = "
import socket
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('', 80))
s.listen(2)
def serve(n):
    for _ in range(n):
        c, peer = s.accept()
        while c.readline() not in (b'', b'\\r\\n'): pass
        c.write(b'HTTP/1.0 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n<h1>' + str(led) + '</h1>')
        c.close()

led = 'is on'
print('serves')
";

#[test]
fn a_server_on_a_board_is_reached_from_this_machine_in_the_workshop_and_behind_the_boards_own_access_point()
 {
    if !has("curl") {
        return;
    }
    let lab = Lab::start(&["--forward", "8080"]);
    let ports = lab.status()["boards"][0]["ports"].clone();
    let url = format!("http://{}/led", ports["80"].as_str().expect("an address"));
    assert!(ports["8080"].is_string(), "{ports}");
    let curl = |url: &str| {
        let out = run_tool(Path::new("curl"), &["-sS", "-m", "30", "-w", " %{http_code}", url]);
        assert!(out.status.success(), "{}", text(&out.stderr));
        text(&out.stdout)
    };
    let mut board = Prompt::joined(&lab);
    assert!(curl(&url).contains("nothing on board0 listens on port 80"), "{}", curl(&url));
    board.paste(SERVER.trim(), "serves");
    board.send("serve(2)\r");
    assert_eq!(curl(&url), "<h1>is on</h1> 200");
    assert_eq!(curl(&url), "<h1>is on</h1> 200");
    board.until(">>> ");
    let alone = "led = 'is off'\nwlan.disconnect()\nwlan.active(False)\nap = network.WLAN(network.AP_IF)\nap.active(True)\nap.config(ssid='mine', password='secret of mine', authmode=3)\nprint('alone')";
    board.paste(alone, "alone");
    board.send("serve(2)\r");
    assert_eq!(curl(&url), "<h1>is off</h1> 200");
    assert_eq!(curl(&url), "<h1>is off</h1> 200");
    board.until(">>> ");
    board.say("len(ap.status('stations'))\r", "1\r\n");
}
