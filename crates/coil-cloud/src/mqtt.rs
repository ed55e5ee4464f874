//! MQTT 3.1.1 and 5: a broker for boards at large, and M2X on the same data. The packets and their rules are the library's
//! (`mqtt-protocol-core`); who may say and hear what, and who hears it, is decided here.

mod access;
mod broker;
mod connection;
mod m2x;
mod message;
mod session;
mod topic;
mod wire;

pub(crate) use broker::Broker;
pub(crate) use connection::serve;
