//! The services that workshop boards talk to, and their storage.
//!
//! One router answers for all of them: AT&T M2X under `/v2`, the workshop's `db.json` as
//! my-json-server shows it under `/<user>/<repo>` and as json-server does under `/json`, the
//! services of later workshops (`/devices`, `/external/api`), ThingSpeak (`/update`, `/channels`), packages for boards (`/pi`), and a page for people at `/`. A broker
//! speaks MQTT, for boards at large and with M2X. Data is on disk before a write is answered.

mod api;
mod app;
mod attserver;
mod auth;
mod blynk;
mod chart;
mod client;
mod conditions;
mod config;
mod error;
mod ids;
mod input;
mod jsonserver;
mod limits;
mod mqtt;
mod overheard;
mod packages;
mod page;
mod pictures;
mod routes;
mod seats;
mod store;
mod thingspeak;
mod time;
mod triggers;
mod watch;

pub use app::{Cloud, DeviceInfo, DeviceKey, Peer, Spoken};
pub use client::{Client, ClientError};
pub use config::{CloudConfig, Limits};
pub use error::{ApiError, Error, MigrationError};
pub use input::encode as encode_segment;
pub use store::sql::SqlError;
pub use triggers::callback::{Opening, Outward, Stream};
pub use watch::{CallSeen, DeviceSeen, StreamSeen};
