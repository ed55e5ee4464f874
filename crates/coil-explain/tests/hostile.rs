//! Whatever a board prints: nothing ends the search, and nothing makes it slow.

use coil_explain::{TEXT_MAX, all, explain};
use std::time::{Duration, Instant};

/// Numbers that look like chance, the same every time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize
    }
}

fn is_sound(text: &str) {
    let Some(found) = explain(text) else { return };
    assert_eq!(&text[found.bytes.clone()], found.said);
    assert!(found.line <= text.lines().count().max(1));
    let shown = found.to_string();
    let is_plain = shown.chars().all(|c| c == '\n' || (!c.is_control() && c != '\u{202e}'));
    assert!(shown.len() < 4096 && is_plain, "{shown:?}");
}

#[test]
fn random_bytes_are_no_trouble() {
    let mut chance = Chance(1);
    for _ in 0..2000 {
        let length = chance.next() % 300;
        let bytes: Vec<u8> = (0..length).map(|_| chance.next() as u8).collect();
        is_sound(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn pieces_of_real_texts_in_any_order_are_no_trouble() {
    let samples: Vec<_> = all().iter().flat_map(|e| e.sample.iter().map(|s| &*s.text)).collect();
    let mut chance = Chance(2);
    for _ in 0..3000 {
        let mut text = String::new();
        for _ in 0..chance.next() % 8 {
            let sample = samples[chance.next() % samples.len()];
            let cut = (0..=sample.len() - chance.next() % sample.len()).rev();
            let end = cut.into_iter().find(|at| sample.is_char_boundary(*at)).unwrap_or(0);
            text.push_str(&sample[..end]);
            text.push_str(
                ["\n", "\r\n", "'", "\x1b[31m", "\u{202e}", " ", "\0", ""][chance.next() % 8],
            );
        }
        is_sound(&text);
    }
}

#[test]
fn long_garbage_is_fast() {
    let frame = "  File \"urequests.py\", line 60, in request\n";
    let long = |piece: &str| piece.repeat(4 * TEXT_MAX / piece.len());
    let texts = [
        long("x"),
        long("\n"),
        long("a'b: \n"),
        long("[Errno 5] "),
        long(frame),
        // What is compared with everything above it each time, and does not have it.
        long(&format!("{}robot\n", frame.repeat(3))),
        long("rst:0xc (SW_CPU_RESET)\n"),
        long("NameError: name '"),
        long("Error"),
        long("Robot: \n"),
        long("ä\u{202e}'"),
    ];
    // The first look reads the file.
    explain("hello");
    for text in texts {
        let start = Instant::now();
        is_sound(&text);
        let took = start.elapsed();
        assert!(
            took < Duration::from_secs(2),
            "{took:?} for {:?}…",
            &text.chars().take(20).collect::<String>()
        );
    }
}
