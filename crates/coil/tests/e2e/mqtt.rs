//! The cloud's broker, with clients of others: mosquitto's, and boards' own.

use crate::join::joined;
use crate::support::{Lab, Prompt, Running, has, run_tool, text, tool_of};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The clients' versions of the protocol.
const VERSIONS: [&str; 2] = ["mqttv311", "mqttv5"];

/// The broker of a workshop, for mosquitto's clients.
struct Broker {
    port: String,
}

impl Broker {
    /// Nothing where this machine has no such clients.
    fn of(lab: &Lab) -> Option<Self> {
        if !has("mosquitto_pub") {
            return None;
        }
        let url = lab.status()["cloud"]["mqtt"].as_str().expect("a URL").to_owned();
        let (_, port) = url.rsplit_once(':').expect("a port");
        Some(Self { port: port.to_owned() })
    }

    fn client(&self, name: &str, args: &[&str]) -> Output {
        run_tool(Path::new(name), &[&["-p", &self.port][..], args].concat())
    }

    fn says(&self, args: &[&str]) {
        let out = self.client("mosquitto_pub", args);
        assert!(out.status.success(), "{}", text(&out.stderr));
    }

    fn hears(&self, args: &[&str]) -> String {
        let out = self.client("mosquitto_sub", &[&["-W", "20"][..], args].concat());
        assert!(out.status.success(), "{}", text(&out.stderr));
        text(&out.stdout)
    }

    /// One who listens in the background; what it hears comes when it has heard so much.
    fn listens(&self, args: &[&str]) -> impl FnOnce() -> String + use<> {
        let port = self.port.clone();
        let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
        // Into a pipe it would say all at its end.
        let mut child = Command::new("stdbuf")
            .args(["-oL", "mosquitto_sub", "-p", &port, "-W", "20", "-d"])
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        // It tells when it is subscribed, among what it hears.
        let mut lines = std::io::BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        while !line.contains("Subscribed") {
            line.clear();
            assert!(std::io::BufRead::read_line(&mut lines, &mut line).expect("text") > 0);
        }
        move || {
            let mut rest = String::new();
            std::io::Read::read_to_string(&mut lines, &mut rest).expect("text");
            child.wait().expect("it ends");
            let said =
                |line: &&str| !line.starts_with("Client ") && !line.starts_with("Subscribed");
            rest.lines().filter(said).collect::<Vec<_>>().join("\n")
        }
    }
}

#[test]
fn messages_of_every_quality_reach_who_asked_and_those_that_stay_who_comes_later() {
    let lab = Lab::start(&[]);
    let Some(broker) = Broker::of(&lab) else { return };
    for version in VERSIONS {
        for qos in ["0", "1", "2"] {
            let heard =
                broker.listens(&["-V", version, "-t", "room/+/light", "-q", qos, "-C", "2", "-v"]);
            let about = ["-V", version, "-q", qos];
            broker.says(&[&about[..], &["-t", "room/1/door", "-m", "open"]].concat());
            broker.says(&[&about[..], &["-t", "room/1/light", "-m", "on"]].concat());
            broker.says(&[&about[..], &["-t", "room/2/light", "-m", "off", "-r"]].concat());
            assert_eq!(heard(), "room/1/light on\nroom/2/light off", "{version} {qos}");
            let stays = ["-V", version, "-t", "room/#", "-C", "1", "-v"];
            assert_eq!(broker.hears(&stays), "room/2/light off\n");
            broker.says(&["-V", version, "-t", "room/2/light", "-r", "-n"]);
        }
        let nothing = broker.client("mosquitto_sub", &["-V", version, "-t", "room/#", "-W", "1"]);
        assert_eq!(text(&nothing.stdout), "", "{version}");
    }
}

#[test]
fn what_waits_for_a_client_that_keeps_its_session_comes_when_it_is_back() {
    let lab = Lab::start(&[]);
    let Some(broker) = Broker::of(&lab) else { return };
    for (version, keeps) in [("mqttv311", &[][..]), ("mqttv5", &["-x", "600"][..])] {
        let me = [&["-V", version, "-i", "me", "-c", "-q", "1", "-t", "to/me"][..], keeps].concat();
        broker.hears(&[&me[..], &["-E"]].concat());
        broker.says(&["-q", "1", "-t", "to/me", "-m", "while you were out"]);
        broker.says(&["-q", "0", "-t", "to/me", "-m", "of no worth"]);
        assert_eq!(broker.hears(&[&me[..], &["-C", "1"]].concat()), "while you were out\n");
        // Another one who comes without that finds nothing.
        let other = ["-V", version, "-i", "me", "-t", "to/me", "-E"];
        assert_eq!(broker.hears(&other), "");
    }
}

#[test]
fn what_stays_is_there_after_the_workshop_was_killed() {
    let lab = Lab::start(&[]);
    let Some(broker) = Broker::of(&lab) else { return };
    broker.says(&[
        "-V",
        "mqttv5",
        "-q",
        "1",
        "-t",
        "kept/one",
        "-m",
        "1",
        "-r",
        "-D",
        "publish",
        "content-type",
        "text/plain",
    ]);
    broker.says(&["-q", "1", "-t", "kept/two", "-m", "2", "-r"]);
    broker.says(&["-q", "1", "-t", "kept/two", "-r", "-n"]);
    let Lab { dir, coil } = lab;
    coil.kill();
    let path = dir.path().to_str().expect("plain").to_owned();
    let coil = Running::start(&["up", &path, "--port", "0"], 5);
    let lab = Lab { dir, coil };
    let broker = Broker::of(&lab).expect("as before");
    let all = ["-V", "mqttv5", "-t", "kept/#", "-C", "1", "-F", "%t %p %q %C"];
    assert_eq!(broker.hears(&all), "kept/one 1 0 text/plain\n");
}

#[test]
fn a_key_opens_what_is_its_own_and_nothing_of_others() {
    let lab = Lab::start(&[]);
    let Some(broker) = Broker::of(&lab) else { return };
    let md5 = |name: &str| {
        let out = lab.get(&format!("/user/repo/posts/{name}"), "");
        let (_, key) = out.split_once("\"key\": \"").expect("a key");
        key.split('"').next().expect("its end").to_owned()
    };
    let (mine, other) = (md5("device00"), md5("device01"));
    let refused = broker.client("mosquitto_pub", &["-u", "no key", "-t", "a", "-m", "b"]);
    assert!(!refused.status.success());
    assert!(text(&refused.stderr).contains("not authorised"), "{}", text(&refused.stderr));
    // Wildcards do not leak, whoever asks by whichever way.
    let spying = broker.listens(&["-u", &other, "-t", "#", "-t", "+/+/responses", "-W", "2"]);
    let nobody = broker.listens(&["-t", "#", "-W", "2"]);
    let answers = format!("m2x/{mine}/responses");
    let heard = broker.listens(&["-u", &mine, "-t", &answers, "-C", "2"]);
    let asks = format!("m2x/{mine}/requests");
    let put = format!(
        r#"{{"id":"1","method":"PUT","resource":"/v2/devices/{mine}/streams/light/value","body":{{"value":7}}}}"#
    );
    broker.says(&["-u", &mine, "-t", &asks, "-m", &put]);
    let forbidden = format!(r#"{{"id":"2","method":"GET","resource":"/v2/devices/{other}"}}"#);
    broker.says(&["-u", &mine, "-t", &asks, "-m", &forbidden]);
    let heard = heard();
    let mut lines: Vec<serde_json::Value> =
        heard.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    // What is refused need not wait for the disk.
    lines.sort_by_key(|line| line["id"].to_string());
    assert_eq!((&lines[0]["id"], &lines[0]["status"]), (&"1".into(), &202.into()), "{heard}");
    assert_eq!((&lines[1]["id"], &lines[1]["status"]), (&"2".into(), &403.into()), "{heard}");
    assert_eq!((spying(), nobody()), (String::new(), String::new()));
    for (user, topic) in [(&other, &answers), (&mine, &"m2x/+/responses".to_owned())] {
        let out = broker.client("mosquitto_sub", &["-u", user, "-t", topic, "-W", "5"]);
        assert!(text(&out.stderr).contains("denied"), "{}", text(&out.stderr));
    }
}

#[test]
fn a_key_that_is_revoked_hears_nothing_more() {
    let lab = Lab::start(&[]);
    let Some(broker) = Broker::of(&lab) else { return };
    if !has("curl") {
        return;
    }
    let status = lab.status();
    let said = |name: &str| status["cloud"][name].as_str().expect("a text").to_owned();
    let (url, master) = (said("url"), format!("X-M2X-KEY: {}", said("master_key")));
    let call = |method: &str, path: &str, body: &str| {
        let url = format!("{url}/v2/{path}");
        let args = [
            "-sS",
            "-X",
            method,
            "-H",
            &master,
            "-H",
            "Content-Type: application/json",
            "-d",
            body,
            &url,
        ];
        text(&run_tool(Path::new("curl"), &args).stdout)
    };
    let made = call("POST", "keys", r#"{"name":"projector","permissions":["GET"]}"#);
    let made: serde_json::Value = serde_json::from_str(&made).expect("JSON");
    let key = made["key"].as_str().expect("a key");
    // It hears, and may not say.
    let heard = broker.listens(&["-V", "mqttv5", "-u", key, "-t", "news"]);
    broker.says(&["-t", "news", "-m", "one"]);
    broker.client("mosquitto_pub", &["-u", key, "-t", "news", "-m", "of my own"]);
    assert_eq!(call("DELETE", &format!("keys/{key}"), ""), "");
    let start = Instant::now();
    let all = heard();
    // The client comes back by itself, and is refused.
    assert_eq!(all.lines().next(), Some("one"), "{all}");
    assert!(!all.contains("of my own"), "{all}");
    assert!(start.elapsed() < Duration::from_secs(15), "it heard on");
}

const BOARD: &str = "
from umqtt.robust import MQTTClient
got = []
c = MQTTClient('board', 'test.mosquitto.org')
c.set_callback(lambda topic, message: got.append((topic, message)))
c.connect()
c.subscribe(b'to/board', qos=1)
c.publish(b'from/board', b'here', retain=True, qos=1)
print('subscribed')
";

#[test]
fn a_board_at_a_public_broker_s_name_talks_with_clients_of_the_host() {
    let lab = Lab::start(&[]);
    let Some(broker) = Broker::of(&lab) else { return };
    let mut board = Prompt::joined(&lab);
    board.paste(BOARD.trim(), "subscribed");
    assert_eq!(broker.hears(&["-t", "from/+", "-C", "1"]), "here\n");
    board.send("while not got: c.wait_msg()\r\r\r");
    broker.says(&["-V", "mqttv5", "-t", "to/board", "-m", "hello", "-q", "2"]);
    board.until(">>> ");
    board.say("got\r", "[(b'to/board', b'hello')]\r\n");
    let start = Instant::now();
    let secured = "import tls\nx = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)\nx.verify_mode = tls.CERT_NONE\n\
        c = MQTTClient('s', 'broker.hivemq.com', ssl=x)\nc.connect()\nc.publish(b'from/tls', b'secret')\n\
        c.disconnect()\nprint('sent')";
    let heard = broker.listens(&["-t", "from/tls", "-C", "1"]);
    board.paste(secured, "sent");
    assert_eq!(heard(), "secret");
    assert!(start.elapsed() < Duration::from_secs(60));
}

/// All that the client has, at the host and port that it knows; what it does is told line by line.
const M2X_MQTT: &str = "
import json, sys, time, datetime, urllib.request
from m2x_mqtt.client import M2XClient
master = sys.argv[1]
m2x = M2XClient(key=master, timeout=100)
def says(*what): print(*what, m2x.last_response.status)
device = m2x.create_device(name='mq', visibility='private')
says(device.name)
stream = device.create_stream('light', type='numeric')
says(stream.name)
now = datetime.datetime.utcnow
stream.add_value(7)
says('value')
stream.post_values([{'timestamp': now(), 'value': 8}])
says('values')
device.post_updates(values={'light': [{'timestamp': now(), 'value': 9}]})
says('updates')
device.post_device_update(data={'values': {'light': 10}})
says('update')
device.update_location(latitude=1, longitude=2)
says('location')
own = M2XClient(key=device.key, timeout=100)
print(list(own.device(device.id).commands()))
command = {'name': 'SAY', 'data': {'a': 1}, 'targets': {'devices': [device.id]}}
head = {'X-M2X-KEY': master, 'Content-Type': 'application/json'}
urllib.request.urlopen(urllib.request.Request('http://api-m2x.att.com/v2/commands', json.dumps(command).encode(), head))
for _ in range(100):
    for told in own.receive_commands():
        print(told.name, told.data['data'])
        told.process(answer='yes')
        print(own.last_response.status)
        sys.exit()
    time.sleep(.1)
";

#[test]
fn m2x_s_own_client_for_mqtt_works_at_the_address_that_it_knows() {
    let Some(python) = tool_of("COIL_M2X_MQTT", "python") else { return };
    let lab = Lab::start(&[]);
    let master = lab.status()["cloud"]["master_key"].as_str().expect("a key").to_owned();
    let python = python.to_str().expect("plain");
    let done = joined(&lab, &[], &[python, "-W", "ignore", "-c", M2X_MQTT, &master]);
    let Some((code, said)) = done else { return };
    let wanted = "mq 201\nlight 201\nvalue 202\nvalues 202\nupdates 202\nupdate 202\nlocation 202\n[]\nSAY {'a': 1}\n204\n";
    assert_eq!((code, said.as_str()), (0, wanted));
}
