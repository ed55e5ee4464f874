//! Names of programs: paths below the folder, and nothing else.

use super::Error;

/// Bytes of a part, as file systems have it, and of all.
const PART_MAX: usize = 255;
const NAME_MAX: usize = 1024;
/// Folders inside folders at most, with the file.
pub(super) const DEPTH_MAX: usize = 8;

/// A path that leads nowhere but down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name(String);

impl Name {
    pub(super) fn new(text: &str) -> Result<Self, Error> {
        let parts = || text.split('/');
        if text.len() > NAME_MAX || parts().count() > DEPTH_MAX || !parts().all(is_part) {
            return Err(Error::Name(text.chars().take(100).collect()));
        }
        Ok(Self(text.to_owned()))
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// The folders on the way, and the file.
    pub(super) fn parts(&self) -> (Vec<&str>, &str) {
        let mut parts: Vec<&str> = self.0.split('/').collect();
        let last = parts.pop().unwrap_or_default();
        (parts, last)
    }
}

/// Whether it may be the name of a file or folder. Hidden ones are ours, and other tools'.
pub(super) fn is_part(part: &str) -> bool {
    (1..=PART_MAX).contains(&part.len())
        && !part.starts_with('.')
        && !part.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_down_and_nowhere_else() {
        for good in ["a.py", "sub/a.py", "ä b.py", "a..py", "1/2/3/4/5/6/7/8"] {
            assert_eq!(Name::new(good).expect(good).text(), good);
        }
        let long = "x".repeat(PART_MAX + 1);
        let far = "x/".repeat(NAME_MAX);
        for bad in [
            "",
            "/",
            "/etc/passwd",
            "..",
            "../a",
            "a/../b",
            "a/./b",
            ".",
            ".history/a",
            "a/.b",
            "a//b",
            "a/",
            "a\0b",
            "a\nb",
            "a\\b",
            &long,
            &far,
            "1/2/3/4/5/6/7/8/9",
        ] {
            assert!(matches!(Name::new(bad), Err(Error::Name(_))), "{bad:?}");
        }
    }
}
