//! Recorded sessions.

use coil_lab::recording::Recording;

/// Pieces of their lines.
pub(crate) const WORDS: &[&str] = &[
    "{\"recording\":2,\"device\":\"x\",\"firmware\":\"x\",\"float\":32,\"heap\":null,\"seed\":0,\"circuit\":null,\
     \"program\":null,\"jumpers\":[],\"flash\":[]}\n",
    "{\"t_us\":0,\"looks\":0,\"what\":\"power_off\"}\n",
    "{\"t_us\":1,\"looks\":0,\"what\":{\"keys\":[3,255]}}\n",
    "{\"t_us\":2,\"looks\":9,\"what\":{\"deed\":{\"part\":\"a\",\"setting\":\"b\",\"value\":1.5}}}\n",
    "{\"t_us\":3,\"looks\":9,\"what\":\"wake\"}\n",
    "{\"t_us\":3,\"looks\":9,\"what\":{\"answer\":{\"asked\":\"recv\",\"of\":1,\"nth\":2,\"was\":{\"Ok\":\"00ff\"}}}}\n",
    "{\"t_us\":3,\"looks\":9,\"what\":{\"lines\":{\"dtr\":true,\"rts\":false}}}\n",
    "{\"t_us\":3,\"looks\":9,\"what\":{\"speed\":{\"baud\":57600}}}\n",
    "{\"t_us\":4,\"looks\":9,\"what\":\"hung_up\"}\n",
    "\"flash\":[[4096,\"ff\"]]",
    "18446744073709551615",
    "256",
    "-1",
    "1e400",
    "null",
    "\n",
];

/// Refused, or lines that are the same once they were written and read again.
pub(crate) fn run(input: &[u8]) {
    let Ok(recording) = Recording::read(input) else { return };
    let mut text = serde_json::to_string(&recording.start).expect("plain data") + "\n";
    for entry in &recording.entries {
        text += &(serde_json::to_string(entry).expect("plain data") + "\n");
    }
    let again = Recording::read(text.as_bytes()).expect("what was written is read");
    assert_eq!(again, recording);
}
