//! `docs/circuit.md` says of parts what their table says.

use coil_circuit::parts::ALL;
use coil_circuit::{Kind, Rail, Role, Sort};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// What comes before the parts in the file.
const MARK: &str = "UPDATE_EXPECT=1 rewrites it -->\n";

fn role(role: Role) -> &'static str {
    match role {
        Role::Power(Rail::V3) => " (3V3)",
        Role::Power(Rail::V5) => " (5V)",
        Role::Ground => " (GND)",
        _ => "",
    }
}

fn range(sort: &Sort) -> String {
    match *sort {
        Sort::Flag(usual) => format!("`{usual}`, or `{}`", !usual),
        Sort::Int(least, most, usual) => format!("{usual}, a whole number from {least} to {most}"),
        Sort::Number(least, most, usual) => format!("{usual}, a number from {least} to {most}"),
        Sort::Choice(of) => {
            let words: Vec<_> = of.iter().map(|w| format!("`{w}`")).collect();
            words.join(", or ")
        }
    }
}

fn describe(kind: &Kind, into: &mut String) -> std::fmt::Result {
    writeln!(into, "\n### `{}`: {}\n{}\n", kind.name, kind.title, kind.text)?;
    let pins: Vec<_> = kind.pins.iter().map(|p| format!("`{}`{}", p.name, role(p.role))).collect();
    writeln!(into, "Pins: {}.", pins.join(", "))?;
    if !kind.settings.is_empty() {
        writeln!(into, "\n| setting | usually, and what it can be | meaning |\n|---|---|---|")?;
    }
    for s in kind.settings {
        let fixed = if s.is_fixed { " Fixed." } else { "" };
        writeln!(into, "| `{}` | {} | {}{fixed} |", s.name, range(&s.sort), s.text)?;
    }
    if !kind.shows.is_empty() {
        writeln!(into, "\n| shows | meaning |\n|---|---|")?;
    }
    for (name, text) in kind.shows {
        writeln!(into, "| `{name}` | {text} |")?;
    }
    Ok(())
}

#[test]
fn the_file_describes_every_part_as_its_table_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/circuit.md");
    let text = std::fs::read_to_string(&path).expect("the file is there");
    let (head, described) = text.split_once(MARK).expect("the file has its mark");
    let mut expected = String::new();
    for kind in ALL {
        describe(kind, &mut expected).expect("memory is enough");
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, format!("{head}{MARK}{expected}")).expect("the file can be written");
    } else {
        assert!(described == expected, "docs/circuit.md is old; UPDATE_EXPECT=1 rewrites it");
    }
}

#[test]
fn every_part_is_whole_and_names_nothing_twice() {
    let mut names = BTreeSet::new();
    for kind in ALL {
        assert!(names.insert(kind.name), "{} is there twice", kind.name);
        assert!(!kind.title.is_empty() && kind.text.ends_with('.') && !kind.picture.is_empty());
        let unique = |all: Vec<&str>| all.iter().collect::<BTreeSet<_>>().len() == all.len();
        assert!(unique(kind.pins.iter().map(|p| p.name).collect()), "{}: pins", kind.name);
        assert!(unique(kind.settings.iter().map(|s| s.name).collect()), "{}: settings", kind.name);
        assert!(unique(kind.shows.iter().map(|s| s.0).collect()), "{}: shows", kind.name);
        for s in kind.settings {
            let usual = s.sort.usual();
            assert_eq!(s.sort.accept(&usual), Some(usual), "{}.{}", kind.name, s.name);
            assert!(s.name != "kind" && s.name != "pins" && s.text.ends_with('.'));
        }
    }
    assert!(names.iter().is_sorted() && names.len() == ALL.len());
}
