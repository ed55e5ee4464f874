//! Python's ssl, an NTP client and a broker of MQTT on a workshop's air, each of them with boards.

use super::joined;
use crate::support::{Lab, has, tool};

/// Runs one of our Python programs on the air, if there are tools and this system lets us; what it said.
fn python(lab: &Lab, program: &str) -> Option<String> {
    let [python, mpremote] =
        ["python", "mpremote"].map(|name| Some(tool(name)?.display().to_string()));
    let (python, mpremote) = (python?, mpremote?);
    let tty = lab.tty().display().to_string();
    let (code, said) = joined(lab, &[], &[&python, "-c", program, &mpremote, &tty])?;
    assert_eq!(code, 0, "{said}");
    Some(said)
}

#[test]
fn python_and_a_board_speak_tls_as_client_and_as_server() {
    let lab = Lab::start(&[]);
    let Some(said) = python(&lab, include_str!("tls.py")) else { return };
    let expected = "\
        the board serves\n\
        trusted: TLSv1.2 board heard python\n\
        trusted, TLS 1.2: TLSv1.2 board heard python\n\
        another name: Hostname mismatch, certificate is not valid for 'other.test'.\n\
        the workshop's authority alone: self-signed certificate\n\
        not verified: TLSv1.2 board heard python\n\
        trusted: b'host heard board\\n'\n\
        another name: The certificate Common Name (CN) does not match with the expected CN\n\
        another authority: The certificate is not correctly signed by the trusted CA\n\
        not verified: b'host heard board\\n'\n\
        ['thing.test', 'other.test', 'thing.test', None]\n";
    assert_eq!(said.replace("\n\n", "\n"), expected);
}

#[test]
fn an_ntp_client_sets_a_clock_by_the_workshop_s_time() {
    let lab = Lab::start(&[]);
    let Some(said) = python(&lab, include_str!("ntp.py")) else { return };
    assert_eq!(said, "2 4 3 0 True True\n");
}

#[test]
fn a_broker_serves_a_board_and_its_own_clients_alike() {
    if !has("mosquitto_pub") {
        return;
    }
    let lab = Lab::start(&[]);
    let Some(said) = python(&lab, include_str!("mqtt.py")) else { return };
    let expected = "\
        b'to/kept' b'kept for later'\n\
        None\n\
        0\n\
        b'to/robust' b'said meanwhile'\n\
        from/plain at least once\n\
        from/plain/gone without a word\n\
        from/robust xxxxxxxxxxxxxxxxxxxxxxxxxxxx\n";
    assert_eq!(said, expected);
}
