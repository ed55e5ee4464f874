//! Lines of events, as recordings have them.

use coil_board::outside::event::Record;

/// Pieces of such lines.
pub(crate) const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"t\"",
    "\"board\"",
    "\"event\"",
    "\"gpio\"",
    "\"hex\"",
    "\"text\"",
    "\"action\"",
    "\"reset\"",
    "\"write\"",
    "\"value\"",
    "null",
    "true",
    "-1",
    "1e400",
    "255",
    "256",
    "18446744073709551615",
    "\"\\ud800\"",
    "\"0\"",
    "\"fF\"",
    "\"part\"",
    "\"levels\"",
];

/// Refused, or an event that is the same once it was written and read again.
pub(crate) fn run(input: &[u8]) {
    for line in input.split(|&b| b == b'\n') {
        let Ok(record) = serde_json::from_slice::<Record<'_>>(line) else { continue };
        let text = serde_json::to_string(&record).expect("an event is plain data");
        let again: Record<'_> = serde_json::from_str(&text).expect("what was written is read");
        assert_eq!(again, record, "{text}");
        let _ = record.event.is_on(2);
    }
}
