//! The radio and the IP network that virtual boards join.
//!
//! An [`Air`] has access points, a segment behind them and a gateway with the services every network has (addresses, names, time)
//! and a door to named services: a board's connection to `api-m2x.att.com` comes out as a [`ServiceStream`]. Each board is a
//! [`Station`]: a radio with the chip's timings, an IP stack of its own and sockets with the chip's limits.
//!
//! ```
//! use coil_air::{AccessPoint, Air, AirConfig, Station, StationStatus};
//!
//! fn is_shared<T: Send + Sync>(_: &T) {}
//! fn goes_to_its_thread<T: Send>(_: &T) {}
//!
//! let air = Air::new(AirConfig::new(AccessPoint::wpa2("workshop", "blinkenlights"))?)?;
//! is_shared(&air);
//! let mut board: Station = air.attach([0x30, 0xae, 0xa4, 0, 0, 1]);
//! goes_to_its_thread(&board);
//! board.connect("workshop", "blinkenlights", 0);
//! let mut now_us = 0;
//! while board.status() != StationStatus::GotIp {
//!     board.poll(now_us);
//!     air.poll(now_us);
//!     now_us += 1_000;
//! }
//! assert!((2_000_000..3_000_000).contains(&now_us), "as long as the chip takes");
//! # Ok::<(), coil_air::AirError>(())
//! ```
//!
//! Who runs a board calls [`Station::poll`] after each of its turns, when [`Station::next_deadline`] is reached and when the waker
//! given to [`Station::set_waker`] is called; who runs the lab does the same with [`Air`], or lets [`bridge::run`] do it.
//!
//! Nothing here waits, starts a thread or looks at a clock: everything is polled, with the time as an argument, so that a lab in
//! virtual time runs as one in real time does. Only [`bridge`] touches the host, and only to hand streams to its tasks.

mod access_point;
mod access_points;
mod air;
pub mod bridge;
mod called;
mod cell;
mod config;
mod dns_message;
mod error;
mod ether;
mod event;
mod faults;
mod frame;
mod gateway;
mod guest;
mod names;
mod outside;
mod owners;
mod radio;
mod rng;
mod segment;
mod services;
mod socket;
mod speech;
mod stack;
mod station;
mod summary;
mod taps;
pub mod tls;
mod visitor;

pub use access_point::{AccessPoint, AccessPointError, AccessPointForm, Security};
pub use access_points::ScanResult;
pub use air::Air;
pub use config::{AirConfig, Driver, IpConfig, Span, StationLimits, Timings};
pub use error::{AirError, SocketError};
pub use ether::{NowFrame, NowKeys, NowSent};
pub use event::{Event, EventKind, LinkState, Reason};
pub use faults::{Dhcp, FAULTS, Fault, FaultError, FaultKind, FaultStep, Faults, ServiceFault};
pub use frame::Mac;
pub use guest::{GUESTS_MAX, Guest, GuestSeat, JoinError, LinkNews};
pub use names::{Host, Names, ServiceKind, ServicePort};
pub use outside::{Listed, ListedError, Outside};
pub use owners::Owners;
pub use radio::{Reconnect, Wanted};
pub use segment::Waker;
pub use services::tcp::ServiceStream;
pub use socket::{Readiness, SocketId, SocketOption};
pub use speech::Speech;
pub use station::{Client, Mdns, Resolution, ResolveId, SoftApSettings, Station, StationStatus};
pub use summary::Summary;
pub use taps::{Tap, TapId};
