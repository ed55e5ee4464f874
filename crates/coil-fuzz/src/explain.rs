//! What a board prints, to those who explain it.

use coil_explain::explain;

/// Pieces of what boards print.
pub(crate) const WORDS: &[&str] = &[
    "Traceback (most recent call last):\n",
    "  File \"main.py\", line 1, in <module>\n",
    "  File \"urequests.py\", line 4294967296\n",
    "OSError: ",
    "[Errno 5] EIO",
    "IndexError: list index out of range\n",
    "NameError: name '",
    "' isn't defined\n",
    "mbedtls_ssl_handshake error: -4290\r\n",
    "Guru Meditation Error: (",
    "rst:0xc (SW_CPU_RESET)\r\n",
    ": ",
    "\r\n",
    "{name}",
    "\u{1b}[31m",
    "\u{202e}",
];

/// What is found is where it is said to be, and told in a few lines that a terminal can show.
pub(crate) fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Some(found) = explain(&text) else { return };
    assert_eq!(text[found.bytes.clone()], found.said);
    let told = found.to_string();
    assert!(told.len() < 4096 && told.chars().all(|c| c == '\n' || !c.is_control()), "{told}");
}
