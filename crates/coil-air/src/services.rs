//! The services that the gateway itself gives the boards of its segment.

pub(crate) mod answer;
pub(crate) mod dhcp;
pub(crate) mod dns;
pub(crate) mod ntp;
pub(crate) mod tcp;
