//! Faults as people write them: a name and a value, such as `loss` and `5%`.

use super::{Dhcp, Fault, Faults, ServiceFault};
use std::fmt;

/// Something that can go wrong, for people who choose.
#[derive(Debug, Clone, Copy)]
pub struct FaultKind {
    /// Its name.
    pub name: &'static str,
    /// What values there are, in words.
    pub form: &'static str,
    /// What it means.
    pub text: &'static str,
    /// Values to choose from, the usual one first. Where the form says so there are others.
    pub choices: &'static [&'static str],
}

const fn kind(
    name: &'static str,
    form: &'static str,
    text: &'static str,
    choices: &'static [&'static str],
) -> FaultKind {
    FaultKind { name, form, text, choices }
}

/// What can go wrong, in the order of [`Faults::all`].
pub const FAULTS: [FaultKind; 12] = [
    kind("loss", "0% to 100%", "frames that get lost", &["0%", "1%", "5%", "20%", "50%"]),
    kind(
        "latency",
        "0 or a time such as 200ms",
        "how long every frame is on its way",
        &["0", "50ms", "200ms", "1s"],
    ),
    kind(
        "bandwidth",
        "all, or bits per second such as 64k or 1M",
        "what the air carries",
        &["all", "1M", "64k", "8k"],
    ),
    kind(
        "dhcp",
        "ok, silent, or a time such as 5s",
        "the address server answers, does not, or late",
        &["ok", "5s", "silent"],
    ),
    kind("dns", "ok or dead", "the name server", &["ok", "dead"]),
    kind("ntp", "ok or dead", "the time servers", &["ok", "dead"]),
    kind(
        "services",
        "ok, dead, or a status from 500 to 599",
        "the services behind names: they refuse connections, or answer with an error",
        &["ok", "dead", "500", "503"],
    ),
    kind("certificates", "ok or expired", "what services show for TLS", &["ok", "expired"]),
    kind(
        "portal",
        "off or on",
        "a portal answers for all names and all plain HTTP, as in hotels",
        &["off", "on"],
    ),
    kind("access-point", "ok or gone", "the access points", &["ok", "gone"]),
    kind(
        "signal",
        "ok, or dBm such as -85",
        "how strong the access points are; weaker than -75 frames get lost, weaker than -92 all is",
        &["ok", "-70", "-80", "-85", "-92", "-95"],
    ),
    kind(
        "password",
        "ok or other",
        "the access points' password: another one than boards know",
        &["ok", "other"],
    ),
];

/// Why a fault cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// No such fault.
    #[error("there is no fault `{0}`; there are: {names}", names = FAULTS.map(|f| f.name).join(", "))]
    Unknown(String),
    /// No such value.
    #[error("`{name}` cannot be `{value}`: it is {form}")]
    Value {
        /// The fault.
        name: String,
        /// What was given.
        value: String,
        /// What there is.
        form: &'static str,
    },
    /// A moment that is none.
    #[error("`{0}` is no moment: it is a time since the start such as 10s")]
    Moment(String),
    /// A file of faults that is none.
    #[error("{0}")]
    File(String),
    /// More steps than a plan can have.
    #[error("{0} steps are too many; a plan has 10000 at most")]
    TooMany(usize),
    /// No `=`.
    #[error("`{0}` is no fault: write it as in `loss=5%`")]
    Form(String),
}

/// The longest time that a fault can have: an hour.
const TIME_MAX_US: u64 = 3_600_000_000;

impl Fault {
    /// From a name and a value.
    ///
    /// # Errors
    /// If there is none of that name, or it has no such value.
    pub fn parse(name: &str, value: &str) -> Result<Self, FaultError> {
        let Some(FaultKind { form, .. }) = FAULTS.iter().find(|f| f.name == name) else {
            return Err(FaultError::Unknown(name.into()));
        };
        let one_of = |well: &str, ill: &str| match value {
            v if v == well => Some(false),
            v if v == ill => Some(true),
            _ => None,
        };
        let fault = match name {
            "loss" => share(value).map(Self::Loss),
            "latency" => time_us(value).map(Self::Latency),
            "bandwidth" if value == "all" => Some(Self::Bandwidth(None)),
            "bandwidth" => bits(value).map(|b| Self::Bandwidth(Some(b))),
            "dhcp" => match value {
                "ok" => Some(Self::Dhcp(Dhcp::Well)),
                "silent" => Some(Self::Dhcp(Dhcp::Silent)),
                _ => time_us(value).map(|us| Self::Dhcp(Dhcp::Slow(us))),
            },
            "dns" => one_of("ok", "dead").map(Self::DnsDead),
            "ntp" => one_of("ok", "dead").map(Self::NtpDead),
            "services" => match value {
                "ok" => Some(Self::Services(ServiceFault::None)),
                "dead" => Some(Self::Services(ServiceFault::Dead)),
                _ => {
                    let status = value.parse().ok().filter(|s| (500..600).contains(s));
                    status.map(|s| Self::Services(ServiceFault::Status(s)))
                }
            },
            "certificates" => one_of("ok", "expired").map(Self::Expired),
            "portal" => one_of("off", "on").map(Self::Portal),
            "access-point" => one_of("ok", "gone").map(Self::NoAccessPoint),
            "signal" if value == "ok" => Some(Self::Signal(None)),
            "signal" => {
                let dbm = value.parse().ok().filter(|dbm| (-120..=-10).contains(dbm));
                dbm.map(|dbm| Self::Signal(Some(dbm)))
            }
            _ => one_of("ok", "other").map(Self::OtherPassword),
        };
        fault.ok_or_else(|| FaultError::Value { name: name.into(), value: value.into(), form })
    }

    /// From `loss=5%`.
    ///
    /// # Errors
    /// As [`Fault::parse`].
    pub fn read(text: &str) -> Result<Self, FaultError> {
        let (name, value) = text.split_once('=').ok_or_else(|| FaultError::Form(text.into()))?;
        Self::parse(name.trim(), value.trim())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pick = |is_so: bool, well: &'static str, ill| if is_so { ill } else { well };
        match self {
            Self::Loss(ppm) => write!(f, "loss={}%", f64::from(*ppm) / 10_000.0),
            Self::Latency(us) => write!(f, "latency={}ms", *us as f64 / 1000.0),
            Self::Bandwidth(None) => write!(f, "bandwidth=all"),
            Self::Bandwidth(Some(bits)) => write!(f, "bandwidth={bits}"),
            Self::Dhcp(Dhcp::Well) => write!(f, "dhcp=ok"),
            Self::Dhcp(Dhcp::Silent) => write!(f, "dhcp=silent"),
            Self::Dhcp(Dhcp::Slow(us)) => write!(f, "dhcp={}ms", *us as f64 / 1000.0),
            Self::DnsDead(is_so) => write!(f, "dns={}", pick(*is_so, "ok", "dead")),
            Self::NtpDead(is_so) => write!(f, "ntp={}", pick(*is_so, "ok", "dead")),
            Self::Services(ServiceFault::None) => write!(f, "services=ok"),
            Self::Services(ServiceFault::Dead) => write!(f, "services=dead"),
            Self::Services(ServiceFault::Status(status)) => write!(f, "services={status}"),
            Self::Expired(is_so) => write!(f, "certificates={}", pick(*is_so, "ok", "expired")),
            Self::Portal(is_so) => write!(f, "portal={}", pick(*is_so, "off", "on")),
            Self::NoAccessPoint(is_so) => write!(f, "access-point={}", pick(*is_so, "ok", "gone")),
            Self::Signal(None) => write!(f, "signal=ok"),
            Self::Signal(Some(dbm)) => write!(f, "signal={dbm}"),
            Self::OtherPassword(is_so) => write!(f, "password={}", pick(*is_so, "ok", "other")),
        }
    }
}

impl fmt::Display for Faults {
    /// What goes wrong, in a line; nothing if nothing does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let well = Self::default().all();
        let ill = self.all().into_iter().filter(|fault| !well.contains(fault));
        let words: Vec<String> = ill.map(|fault| fault.to_string()).collect();
        f.write_str(&words.join(" "))
    }
}

/// A number that is not negative, before a unit.
fn number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.parse().ok().filter(|_| is_plain)
}

fn share(text: &str) -> Option<u32> {
    let percent = number(text.strip_suffix('%')?)?;
    (percent <= 100.0).then_some((percent * 10_000.0).round() as u32)
}

pub(super) fn time_us(text: &str) -> Option<u64> {
    const UNITS: [(&str, f64); 3] = [("ms", 1e3), ("us", 1.0), ("s", 1e6)];
    if text == "0" {
        return Some(0);
    }
    let (rest, factor) = UNITS.iter().find_map(|(unit, f)| Some((text.strip_suffix(unit)?, f)))?;
    let us = number(rest)? * factor;
    (us <= TIME_MAX_US as f64).then_some(us.round() as u64)
}

fn bits(text: &str) -> Option<u64> {
    let (rest, factor) = match text.as_bytes().last()? {
        b'k' => (&text[..text.len() - 1], 1e3),
        b'M' => (&text[..text.len() - 1], 1e6),
        _ => (text, 1.0),
    };
    let bits = (number(rest)? * factor).round();
    // A thousand: less would be no air at all.
    (1e3..=1e12).contains(&bits).then_some(bits as u64)
}

#[cfg(test)]
mod tests {
    use super::super::FaultStep;
    use super::*;

    #[test]
    fn what_can_be_chosen_is_read_and_the_first_choice_is_all_being_well() {
        for (kind, well) in FAULTS.iter().zip(Faults::default().all()) {
            let read = |choice: &&str| Fault::parse(kind.name, choice).expect(choice);
            let choices: Vec<Fault> = kind.choices.iter().map(read).collect();
            assert_eq!(choices.first(), Some(&well), "{}", kind.name);
            assert!(choices.len() > 1, "{}", kind.name);
        }
    }

    #[test]
    fn what_is_written_is_read_and_written_again() {
        let cases = [
            ("loss=5%", Fault::Loss(50_000)),
            ("loss=0.25%", Fault::Loss(2500)),
            ("latency=200ms", Fault::Latency(200_000)),
            ("bandwidth=all", Fault::Bandwidth(None)),
            ("bandwidth=64000", Fault::Bandwidth(Some(64_000))),
            ("dhcp=silent", Fault::Dhcp(Dhcp::Silent)),
            ("dhcp=5000ms", Fault::Dhcp(Dhcp::Slow(5_000_000))),
            ("dns=dead", Fault::DnsDead(true)),
            ("services=503", Fault::Services(ServiceFault::Status(503))),
            ("certificates=expired", Fault::Expired(true)),
            ("portal=on", Fault::Portal(true)),
            ("access-point=gone", Fault::NoAccessPoint(true)),
            ("signal=-85", Fault::Signal(Some(-85))),
            ("password=other", Fault::OtherPassword(true)),
        ];
        for (text, fault) in cases {
            assert_eq!(Fault::read(text).as_ref(), Ok(&fault));
            assert_eq!(fault.to_string(), text);
        }
        for (text, same) in [
            ("bandwidth=64k", "bandwidth=64000"),
            ("dhcp=5s", "dhcp=5000ms"),
            ("latency=0", "latency=0ms"),
            (" loss = 5% ", "loss=5%"),
        ] {
            assert_eq!(Fault::read(text).expect(text).to_string(), same);
        }
        for fault in Faults::default().all() {
            assert_eq!(Fault::read(&fault.to_string()), Ok(fault));
        }
        let ill = Faults::default().with(Fault::Loss(10_000)).with(Fault::Signal(Some(-80)));
        assert_eq!(ill.to_string(), "loss=1% signal=-80");
        assert_eq!(Faults::default().to_string(), "");
    }

    #[test]
    fn a_plan_is_read_from_a_file() {
        let text = "[[fault]]\nat = \"2s\"\nset = [\"dns=dead\", \"loss=1%\"]\n[[fault]]\nat = \"500ms\"\nset = []\n";
        let plan = FaultStep::read_all(text).expect("well-formed");
        assert_eq!(plan, [(2_000_000, Fault::DnsDead(true)), (2_000_000, Fault::Loss(10_000))]);
        assert_eq!(FaultStep::read_all(""), Ok(Vec::new()));
        for (bad, said) in [
            ("[[fault]]\nat = \"soon\"\nset = []", "`soon` is no moment"),
            ("[[fault]]\nat = \"1s\"\nset = [\"x=1\"]", "there is no fault `x`"),
            ("[[fault]]\nat = \"1s\"\nwhat = 1", "unknown field"),
            ("[[faults]]", "unknown field"),
        ] {
            let error = FaultStep::read_all(bad).expect_err(bad).to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused_with_what_can() {
        for text in [
            "loss=5",
            "loss=101%",
            "loss=-1%",
            "loss=nan%",
            "loss=1e2%",
            "latency=5",
            "latency=9999s",
            "bandwidth=1",
            "bandwidth=",
            "bandwidth=é",
            "dhcp=dead",
            "dns=",
            "services=404",
            "services=6000",
            "portal=ok",
            "signal=5",
            "signal=-200",
            "password=",
            "access-point=dead",
        ] {
            let error = Fault::read(text).expect_err(text).to_string();
            assert!(error.contains("cannot be"), "{error}");
        }
        assert!(
            Fault::read("lost=5%")
                .expect_err("none")
                .to_string()
                .contains("there are: loss, latency")
        );
        assert!(Fault::read("loss").expect_err("none").to_string().contains("`loss=5%`"));
    }
}
