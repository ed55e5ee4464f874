//! The table of host names: which names the lab answers for, on which virtual address, with which ports. Data only; it serves nothing.

use crate::error::AirError;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// The table that comes with the crate.
const BUILT_IN: &str = include_str!("../data/names.toml");

/// Virtual addresses come from the range that RFC 2544 keeps for benches, so none is ever a host of the classroom.
const FIRST_ADDRESS: u32 = 0xc612_0001;

/// What is behind a host name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceKind {
    /// TCP ports that are open.
    #[serde(default)]
    pub ports: Vec<ServicePort>,
    /// Whether it answers NTP.
    #[serde(default)]
    pub ntp: bool,
}

/// One open TCP port of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServicePort {
    /// The port.
    pub port: u16,
    /// Whether the air ends TLS there.
    #[serde(default)]
    pub tls: bool,
}

/// A host that the lab answers for.
#[derive(Debug, Clone)]
pub struct Host {
    /// Its name, or `*.` and the domain all of whose subdomains it stands for.
    pub name: Arc<str>,
    /// Its address on the air.
    pub address: Ipv4Addr,
    /// The name of its kind in the table (`http`, `mqtt`, `ntp`, …).
    pub kind_name: Arc<str>,
    /// What is behind it.
    pub kind: ServiceKind,
}

/// All hosts, by name and by address.
#[derive(Debug, Clone)]
pub struct Names {
    hosts: Vec<Host>,
    by_name: HashMap<Arc<str>, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kinds: BTreeMap<String, ServiceKind>,
    hosts: BTreeMap<String, String>,
}

impl Names {
    /// The table that comes with Coil.
    pub fn built_in() -> Result<Self, AirError> {
        Self::parse(BUILT_IN)
    }

    /// A table from text in the format of `data/names.toml`.
    pub fn parse(text: &str) -> Result<Self, AirError> {
        let file: File = toml::from_str(text)?;
        let mut names = Self { hosts: Vec::new(), by_name: HashMap::new() };
        for (host, kind) in file.hosts {
            let Some(service) = file.kinds.get(&kind) else {
                return Err(AirError::UnknownKind { host, kind });
            };
            names.add(&host, &kind, service.clone());
        }
        Ok(names)
    }

    /// Adds one host, or replaces the one of that name; answers its address.
    pub fn add(&mut self, name: &str, kind_name: &str, kind: ServiceKind) -> Ipv4Addr {
        let name: Arc<str> = name.to_ascii_lowercase().into();
        if let Some(&index) = self.by_name.get(&name) {
            let host = &mut self.hosts[index];
            host.kind = kind;
            host.kind_name = kind_name.into();
            return host.address;
        }
        let index = self.hosts.len();
        let address =
            Ipv4Addr::from(FIRST_ADDRESS.wrapping_add(u32::try_from(index).unwrap_or(u32::MAX)));
        self.by_name.insert(name.clone(), index);
        self.hosts.push(Host { name, address, kind_name: kind_name.into(), kind });
        address
    }

    /// The host that answers for `name`: itself, or a wildcard of one of its parent domains.
    pub fn find(&self, name: &str) -> Option<&Host> {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        if let Some(&index) = self.by_name.get(name.as_str()) {
            return self.hosts.get(index);
        }
        let mut rest = name.as_str();
        while let Some((_, parent)) = rest.split_once('.') {
            if let Some(&index) = self.by_name.get(format!("*.{parent}").as_str()) {
                return self.hosts.get(index);
            }
            rest = parent;
        }
        None
    }

    /// The host at a virtual address.
    pub fn at(&self, address: Ipv4Addr) -> Option<&Host> {
        let index = u32::from(address).checked_sub(FIRST_ADDRESS)?;
        self.hosts.get(usize::try_from(index).ok()?)
    }

    /// All hosts.
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_table_answers_for_the_names_of_course_code() {
        let names = Names::built_in().unwrap();
        for (name, kind) in [
            ("api-m2x.att.com", "m2x"),
            ("API-M2X.att.com.", "m2x"),
            ("my-json-server.typicode.com", "http"),
            ("pool.ntp.org", "ntp"),
            ("0.pool.ntp.org", "ntp"),
            ("nl.pool.ntp.org", "ntp"),
            ("fra1.blynk.cloud", "blynk"),
            ("test.mosquitto.org", "broker"),
        ] {
            let host = names.find(name).unwrap();
            assert_eq!(&*host.kind_name, kind, "{name}");
            assert_eq!(names.at(host.address).unwrap().name, host.name);
        }
        assert!(names.find("example.com").is_none());
        assert!(names.find("com").is_none());
        assert!(names.at(Ipv4Addr::new(8, 8, 8, 8)).is_none());
    }

    #[test]
    fn host_of_an_undefined_kind_is_refused() {
        let text = "[kinds]\n[hosts]\n\"a.example\" = \"gopher\"\n";
        assert!(matches!(Names::parse(text), Err(AirError::UnknownKind { .. })));
    }
}
