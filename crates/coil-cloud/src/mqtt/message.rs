//! One message, as it waits and as it is kept. It must not know connections.

use std::sync::Arc;
use std::time::Instant;

use mqtt_protocol_core::mqtt::packet::{MessageExpiryInterval, Property, Qos, v5_0};

use super::session::lower;
use super::topic;
use super::wire::of_5;

/// A message.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) topic: String,
    pub(super) payload: Vec<u8>,
    pub(super) qos: Qos,
    pub(super) retain: bool,
    /// What goes on with it to who speaks version 5, its expiry apart.
    pub(super) properties: Vec<Property>,
    pub(super) expires_at: Option<Instant>,
}

impl Message {
    /// One of the cloud's own.
    pub(super) fn own(topic: String, payload: Vec<u8>) -> Arc<Self> {
        let (properties, expires_at) = (Vec::new(), None);
        Arc::new(Self {
            topic,
            payload,
            qos: Qos::AtMostOnce,
            retain: false,
            properties,
            expires_at,
        })
    }

    pub(super) fn is_over(&self) -> bool {
        self.expires_at.is_some_and(|at| at <= Instant::now())
    }

    /// The properties for a client, with what is left of its time.
    pub(super) fn properties(&self) -> Vec<Property> {
        let mut all = self.properties.clone();
        if let Some(at) = self.expires_at {
            let left = at.saturating_duration_since(Instant::now()).as_secs();
            let left = MessageExpiryInterval::new(u32::try_from(left).unwrap_or(u32::MAX));
            all.extend(left.ok().map(Property::from));
        }
        all
    }

    /// As it is kept: a packet of version 5, without the word `retain`.
    pub(super) fn to_bytes(&self) -> Option<Vec<u8>> {
        let packet = v5_0::Publish::builder()
            .topic_name(self.topic.as_str())
            .ok()?
            .payload(self.payload.as_slice())
            .props(self.properties())
            .build()
            .ok()?;
        Some(packet.to_continuous_buffer())
    }

    /// One that was kept so.
    pub(super) fn from_bytes(bytes: &[u8], qos: u8) -> Option<Self> {
        // After the packet's type comes its length, in bytes of seven bits.
        let (flags, rest) = bytes.split_first()?;
        let length = rest.iter().position(|byte| byte & 0x80 == 0)? + 1;
        let body: Arc<[u8]> = rest.get(length..)?.into();
        let (packet, _) = v5_0::Publish::parse(flags & 0x0f, body).ok()?;
        let qos = lower(Qos::ExactlyOnce, qos);
        Some(Self { qos, retain: true, ..of_5(&packet) }).filter(|it| topic::is_topic(&it.topic))
    }
}
