//! What can be said of kinds of parts, for those who show them: pages, and other programs.

use crate::part::{Kind, Pin, Rail, Role, Setting, Sort};
use alloc::vec::Vec;
use serde::{Serialize, Serializer};

/// A kind, as it is told.
#[derive(Debug, Serialize)]
pub struct Described {
    kind: &'static str,
    title: &'static str,
    text: &'static str,
    pins: Vec<DescribedPin>,
    settings: Vec<DescribedSetting>,
    shows: Vec<Shown>,
}

#[derive(Debug, Serialize)]
struct DescribedPin {
    name: &'static str,
    role: Role,
    /// The supply that it is on by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    rail: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct DescribedSetting {
    name: &'static str,
    fixed: bool,
    text: &'static str,
    #[serde(flatten)]
    sort: Sort,
}

#[derive(Debug, Serialize)]
struct Shown {
    name: &'static str,
    text: &'static str,
}

impl From<&'static Kind> for Described {
    fn from(of: &'static Kind) -> Self {
        let Kind { name, title, text, pins, settings, shows, .. } = *of;
        let setting = |&Setting { name, is_fixed, sort, text }: &Setting| DescribedSetting {
            name,
            fixed: is_fixed,
            text,
            sort,
        };
        Self {
            kind: name,
            title,
            text,
            pins: pins.iter().map(DescribedPin::of).collect(),
            settings: settings.iter().map(setting).collect(),
            shows: shows.iter().map(|&(name, text)| Shown { name, text }).collect(),
        }
    }
}

impl DescribedPin {
    fn of(&Pin { name, role }: &Pin) -> Self {
        let rail = match role {
            Role::Power(Rail::V3) => Some("3V3"),
            Role::Power(Rail::V5) => Some("5V"),
            _ => None,
        };
        Self { name, role, rail }
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(match self {
            Self::Power(_) => "power",
            Self::Ground => "ground",
            Self::Input => "input",
            Self::Passive => "passive",
            Self::Scl => "scl",
            Self::Sda => "sda",
            Self::Sck => "sck",
            Self::Mosi => "mosi",
            Self::Miso => "miso",
            Self::Select => "select",
        })
    }
}

/// A sort, in words that a page can tell apart.
#[derive(Serialize)]
#[serde(tag = "sort", rename_all = "snake_case")]
enum Told {
    Flag { usual: bool },
    Int { least: i64, most: i64, usual: i64 },
    Number { least: f64, most: f64, usual: f64 },
    Choice { choices: &'static [&'static str], usual: &'static str },
}

impl Serialize for Sort {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Flag(usual) => Told::Flag { usual },
            Self::Int(least, most, usual) => Told::Int { least, most, usual },
            Self::Number(least, most, usual) => Told::Number { least, most, usual },
            Self::Choice(choices) => {
                Told::Choice { choices, usual: choices.first().copied().unwrap_or_default() }
            }
        }
        .serialize(to)
    }
}
