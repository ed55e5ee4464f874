//! Reports as JUnit's XML, which servers for continuous integration read.

use crate::report::{FileReport, Verdict};
use std::fmt::Write;
use std::time::Duration;

/// Bytes of a test's output that go into the report at most.
const OUTPUT_MAX: usize = 64 * 1024;

/// The report.
pub fn xml(files: &[FileReport], took: Duration) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all: Vec<_> = files.iter().flat_map(|f| &f.tests).collect();
    // Into a text nothing fails.
    let _ = writeln!(
        text,
        "<testsuites name=\"coil test\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3}\">",
        all.len(),
        count(all.iter().map(|t| &t.verdict), "failure"),
        count(all.iter().map(|t| &t.verdict), "error"),
        took.as_secs_f64()
    );
    files.iter().filter(|f| !f.tests.is_empty()).for_each(|f| suite(f, &mut text));
    text += "</testsuites>\n";
    text
}

/// The element that a verdict has.
fn element(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "",
        Verdict::Skipped(_) | Verdict::ExpectedFailure(_) => "skipped",
        Verdict::Failed(_) => "failure",
        Verdict::Error(_) => "error",
    }
}

fn count<'a>(verdicts: impl Iterator<Item = &'a Verdict>, kind: &str) -> usize {
    verdicts.filter(|v| element(v) == kind).count()
}

fn suite(file: &FileReport, text: &mut String) {
    let name = escaped(&file.path.display().to_string());
    let of = |kind| count(file.tests.iter().map(|t| &t.verdict), kind);
    let time: Duration = file.tests.iter().map(|t| t.host).sum();
    let _ = writeln!(
        text,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3}\">",
        file.tests.len(),
        of("failure"),
        of("error"),
        of("skipped"),
        time.as_secs_f64()
    );
    for test in &file.tests {
        let (class, method) = match test.name.rsplit_once("::") {
            Some((class, method)) => (format!("{name}.{}", escaped(class)), method),
            None => (name.clone(), test.name.as_str()),
        };
        let _ = writeln!(
            text,
            "    <testcase classname=\"{class}\" name=\"{}\" time=\"{:.3}\">",
            escaped(method),
            test.host.as_secs_f64()
        );
        match &test.verdict {
            Verdict::Passed => {}
            Verdict::Skipped(why) | Verdict::ExpectedFailure(why) => {
                let _ = writeln!(text, "      <skipped message=\"{}\"/>", escaped(why));
            }
            Verdict::Failed(why) | Verdict::Error(why) => {
                let kind = element(&test.verdict);
                // A traceback says what happened in its last line, an expectation in its first.
                let first = why.lines().find(|l| l.starts_with("expected:"));
                let message = first.or_else(|| why.trim_end().lines().last()).unwrap_or_default();
                let _ = writeln!(
                    text,
                    "      <{kind} message=\"{}\" type=\"{kind}\">{}</{kind}>",
                    escaped(message),
                    escaped(why)
                );
            }
        }
        if !test.output.is_empty() {
            let from = test.output.len().saturating_sub(OUTPUT_MAX);
            let from = (from..=test.output.len()).find(|i| test.output.is_char_boundary(*i));
            let output = &test.output[from.unwrap_or(0)..];
            let _ = writeln!(text, "      <system-out>{}</system-out>", escaped(output));
        }
        text.push_str("    </testcase>\n");
    }
    text.push_str("  </testsuite>\n");
}

/// A text as XML may have it: control characters have no form there.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\n' => out += "&#10;",
            '\t' => out.push('\t'),
            c if u32::from(c) < 32
                || matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}') =>
            {
                out.push('\u{fffd}');
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::TestReport;

    #[test]
    fn a_report_has_every_test_and_no_character_that_xml_has_not() {
        let failed = Verdict::Failed("expected: a < \"b\" & c\n    seen: \x1b\x00".into());
        let test = TestReport {
            name: "Case::test_x".into(),
            verdict: failed,
            host: Duration::from_millis(1500),
            board_ns: 0,
            output: "<out>\r\n".into(),
        };
        let good = TestReport { verdict: Verdict::Passed, output: String::new(), ..test.clone() };
        let file =
            FileReport { path: "a/test_b.py".into(), tests: vec![test, good], is_broken: false };
        let xml = xml(&[file], Duration::from_secs(2));
        for part in [
            "<testsuites name=\"coil test\" tests=\"2\" failures=\"1\" errors=\"0\" time=\"2.000\">",
            "<testcase classname=\"a/test_b.py.Case\" name=\"test_x\" time=\"1.500\">",
            "message=\"expected: a &lt; &quot;b&quot; &amp; c\"",
            "<system-out>&lt;out&gt;\u{fffd}&#10;</system-out>",
        ] {
            assert!(xml.contains(part), "{part} in {xml}");
        }
        assert!(!xml.chars().any(|c| c.is_control() && c != '\n'));
    }
}
