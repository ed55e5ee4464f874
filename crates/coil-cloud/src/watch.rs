//! What the process that runs a cloud may see of it, without a key: devices with their last values, the values of a stream, the newest
//! calls.

use serde::Serialize;
use serde_json::Value;

use crate::app::Cloud;
use crate::error::{ApiError, Error};
use crate::store::devices::{self, DeviceRef};
use crate::store::values::Range;
use crate::store::{log, streams, values};

/// Devices that are told at most: those that were active last.
const DEVICES_MAX: i64 = 200;
/// Values that are told at most.
const VALUES_MAX: i64 = 10_000;
/// Calls that are told at most.
const CALLS_MAX: i64 = 200;

/// A device.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeviceSeen {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When a value of it came last, in milliseconds of Unix time.
    pub seen: Option<i64>,
    /// Its streams, oldest first.
    pub streams: Vec<StreamSeen>,
}

/// A stream of values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StreamSeen {
    /// Its name.
    pub name: String,
    /// The sign of its unit, such as `°C`.
    pub unit: Option<String>,
    /// The last value: a number or a text.
    pub value: Value,
    /// When that was, in milliseconds of Unix time.
    pub at: Option<i64>,
}

/// A call, as the request log has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CallSeen {
    /// Its number: later ones have higher numbers.
    pub n: i64,
    /// When it came, in milliseconds of Unix time.
    pub at: i64,
    /// Its method.
    pub method: String,
    /// What it was for.
    pub path: String,
    /// What it was answered with.
    pub status: i64,
    /// The name of the device that it was about.
    pub device: Option<String>,
    /// Why it was refused, in words.
    pub why: Option<String>,
    /// What was sent.
    pub sent: String,
    /// The answer's content.
    pub answer: String,
}

impl Cloud {
    /// The devices, the one whose value came last first; those without values after them.
    ///
    /// # Errors
    /// The storage fails.
    pub async fn devices(&self) -> Result<Vec<DeviceSeen>, Error> {
        let read = self.app().store.read(|tx| {
            let order = "d.last_activity DESC, d.seq LIMIT ?1";
            let devices = devices::select(tx, "1 = 1", order, &[DEVICES_MAX.into()])?;
            let seen = devices.into_iter().map(|device| {
                let streams: Vec<_> =
                    streams::list(tx, device.seq)?.into_iter().map(StreamSeen::from).collect();
                let seen = streams.iter().filter_map(|s| s.at).max();
                Ok(DeviceSeen { id: device.id, name: device.name, seen, streams })
            });
            seen.collect::<Result<Vec<_>, ApiError>>()
        });
        let mut devices = read.await?;
        devices.sort_by_key(|device| std::cmp::Reverse(device.seen));
        Ok(devices)
    }

    /// The newest values of a stream, oldest first, each with its moment in milliseconds of Unix time; nothing if there is no such stream.
    ///
    /// # Errors
    /// The storage fails.
    pub async fn values(
        &self,
        device: &str,
        stream: &str,
        limit: i64,
    ) -> Result<Option<Vec<(i64, Value)>>, Error> {
        let (device, stream) = (DeviceRef::Id(device.to_owned()), stream.to_owned());
        let limit = limit.clamp(1, VALUES_MAX);
        let read = self.app().store.read(move |tx| {
            let Some(device) = devices::seq_of(tx, &device)? else { return Ok(None) };
            let Some(stream) = streams::find(tx, device, &stream)? else { return Ok(None) };
            let points = values::list(tx, stream.seq, Range::ALL, limit)?;
            let told = points.iter().rev();
            let told = told.map(|p| (p.at.millis(), values::to_json(stream.kind, &p.text)));
            Ok(Some(told.collect()))
        });
        Ok(read.await?)
    }

    /// The newest calls that came after the one of a number, newest last.
    ///
    /// # Errors
    /// The storage fails.
    pub async fn calls(&self, after: i64) -> Result<Vec<CallSeen>, Error> {
        // Through the writer's queue, so that the calls answered so far are all there.
        let read = self.app().store.write(move |tx| Ok(log::after(tx, after, CALLS_MAX)?));
        let told = |noted: log::Noted| CallSeen {
            n: noted.seq,
            at: noted.entry.at.millis(),
            method: noted.entry.method,
            path: noted.entry.path,
            status: noted.entry.status,
            device: noted.device,
            why: noted.entry.reason,
            sent: noted.entry.request,
            answer: noted.entry.answer,
        };
        Ok(read.await?.into_iter().map(told).collect())
    }
}

impl From<streams::Stream> for StreamSeen {
    fn from(stream: streams::Stream) -> Self {
        let value = stream.value.as_deref().map(|text| values::to_json(stream.kind, text));
        Self {
            name: stream.name,
            unit: stream.unit_symbol,
            value: value.unwrap_or_default(),
            at: stream.latest_value_at.map(|at| at.millis()),
        }
    }
}
