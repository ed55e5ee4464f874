//! The radio and the IP network that virtual boards join.
//!
//! An [`Air`] has access points, a segment behind them and a gateway with the services every network has (addresses, names, time)
//! and a door to named services: a board's connection to `api-m2x.att.com` comes out as a [`ServiceStream`]. Each board is a
//! [`Station`]: a radio with the chip's timings, an IP stack of its own and sockets with the chip's limits.
//!
//! Nothing here waits, starts a thread or looks at a clock: everything is polled, with the time as an argument, so that a lab in
//! virtual time runs as one in real time does. Only [`bridge`] touches the host, and only to hand streams to its tasks.

mod air;
pub mod bridge;
mod config;
mod error;
mod event;
mod faults;
mod frame;
mod gateway;
mod names;
mod radio;
mod rng;
mod segment;
mod services;
mod socket;
mod stack;
mod station;
pub mod tls;

pub use air::Air;
pub use config::{AccessPoint, AirConfig, IpConfig, Security, Span, StationLimits, Timings};
pub use error::{AirError, SocketError};
pub use event::{Event, EventKind, LinkState, Reason};
pub use faults::Faults;
pub use frame::Mac;
pub use names::{Host, Names, ServiceKind, ServicePort};
pub use radio::{Reconnect, ScanResult};
pub use segment::Waker;
pub use services::tcp::ServiceStream;
pub use socket::{Readiness, SocketId, SocketOption};
pub use station::{Resolution, ResolveId, Station, StationStatus};
