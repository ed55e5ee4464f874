//! The two versions of the protocol as one: what a packet says, and the packet that says something.

use std::time::{Duration, Instant};

use mqtt_protocol_core::mqtt::Version;
use mqtt_protocol_core::mqtt::packet::{
    AssignedClientIdentifier, Packet, Property, Qos, SubEntry, SubscriptionIdentifier,
    TopicAliasMaximum, v3_1_1, v5_0,
};
use mqtt_protocol_core::mqtt::result_code::{
    ConnectReasonCode, ConnectReturnCode, DisconnectReasonCode, MqttError, PubackReasonCode,
    PubrecReasonCode, SubackReasonCode, SubackReturnCode, UnsubackReasonCode,
};

use super::message::Message;
use super::session::Delivery;

/// What a client says when it connects.
#[derive(Debug)]
pub(super) struct Hello {
    pub(super) client: String,
    pub(super) clean: bool,
    pub(super) user: Option<String>,
    /// How long its session is to stay.
    pub(super) stays: Duration,
    pub(super) will: Option<Will>,
}

/// What is said for a client that is lost.
#[derive(Debug)]
pub(super) struct Will {
    pub(super) message: Message,
    pub(super) delay: Duration,
}

/// What a client wants.
#[derive(Debug)]
pub(super) enum Wish {
    Connect(Hello),
    Publish {
        message: Message,
        id: Option<u16>,
    },
    Subscribe {
        id: u16,
        entries: Vec<SubEntry>,
        number: Option<u32>,
    },
    Unsubscribe {
        id: u16,
        filters: Vec<String>,
    },
    /// The sender of a message lets go of it.
    Release {
        id: u16,
    },
    /// The receiver of a message has it.
    Received {
        id: u16,
    },
    Ping,
    /// The end; whether the will is to be said all the same, and how long the session stays if that is another time now.
    Disconnect {
        says_will: bool,
        stays: Option<Duration>,
    },
    /// Nothing to do.
    Nothing,
}

/// Why something is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    NotAuthorized,
    BadName,
    TooMany,
}

fn seconds(property: &Property) -> Option<Duration> {
    match property {
        Property::SessionExpiryInterval(it) => Some(Duration::from_secs(it.val().into())),
        _ => None,
    }
}

/// What goes on with a message, and when it is over.
fn passed(properties: &[Property]) -> (Vec<Property>, Option<Instant>) {
    let expires_at = properties.iter().find_map(|property| match property {
        Property::MessageExpiryInterval(it) => {
            Instant::now().checked_add(Duration::from_secs(it.val().into()))
        }
        _ => None,
    });
    let goes_on = |property: &&Property| {
        matches!(
            property,
            Property::PayloadFormatIndicator(_)
                | Property::ContentType(_)
                | Property::ResponseTopic(_)
                | Property::CorrelationData(_)
                | Property::UserProperty(_)
        )
    };
    (properties.iter().filter(goes_on).cloned().collect(), expires_at)
}

impl Wish {
    /// What a packet says. `stays_at_most` bounds how long a session stays.
    pub(super) fn of(packet: Packet, stays_at_most: Duration) -> Self {
        match packet {
            Packet::V3_1_1Connect(it) => Self::Connect(Hello::of_3(&it, stays_at_most)),
            Packet::V5_0Connect(it) => Self::Connect(Hello::of_5(&it, stays_at_most)),
            Packet::V3_1_1Publish(it) => Self::Publish {
                message: Message {
                    topic: it.topic_name().to_owned(),
                    payload: it.payload().as_slice().to_vec(),
                    qos: it.qos(),
                    retain: it.retain(),
                    properties: Vec::new(),
                    expires_at: None,
                },
                id: it.packet_id(),
            },
            Packet::V5_0Publish(it) => Self::Publish { id: it.packet_id(), message: of_5(&it) },
            Packet::V3_1_1Subscribe(it) => {
                Self::Subscribe { id: it.packet_id(), entries: it.entries().clone(), number: None }
            }
            Packet::V5_0Subscribe(it) => Self::Subscribe {
                id: it.packet_id(),
                entries: it.entries().clone(),
                number: it.props().iter().find_map(|property| match property {
                    Property::SubscriptionIdentifier(it) => Some(it.val()),
                    _ => None,
                }),
            },
            Packet::V3_1_1Unsubscribe(it) => Self::Unsubscribe {
                id: it.packet_id(),
                filters: it.entries().iter().map(|text| text.as_str().to_owned()).collect(),
            },
            Packet::V5_0Unsubscribe(it) => Self::Unsubscribe {
                id: it.packet_id(),
                filters: it.entries().iter().map(|text| text.as_str().to_owned()).collect(),
            },
            Packet::V3_1_1Pubrel(it) => Self::Release { id: it.packet_id() },
            Packet::V5_0Pubrel(it) => Self::Release { id: it.packet_id() },
            Packet::V3_1_1Pubrec(it) => Self::Received { id: it.packet_id() },
            Packet::V5_0Pubrec(it) if it.reason_code().is_none_or(|code| code.is_success()) => {
                Self::Received { id: it.packet_id() }
            }
            Packet::V3_1_1Pingreq(_) | Packet::V5_0Pingreq(_) => Self::Ping,
            Packet::V3_1_1Disconnect(_) => Self::Disconnect { says_will: false, stays: None },
            Packet::V5_0Disconnect(it) => Self::Disconnect {
                says_will: it.reason_code()
                    == Some(DisconnectReasonCode::DisconnectWithWillMessage),
                stays: it
                    .props()
                    .iter()
                    .flatten()
                    .find_map(seconds)
                    .map(|stays| stays.min(stays_at_most)),
            },
            _ => Self::Nothing,
        }
    }
}

/// A message as a packet of version 5 has it.
pub(super) fn of_5(it: &v5_0::Publish) -> Message {
    let (properties, expires_at) = passed(it.props());
    Message {
        topic: it.topic_name().to_owned(),
        payload: it.payload().as_slice().to_vec(),
        qos: it.qos(),
        retain: it.retain(),
        properties,
        expires_at,
    }
}

impl Hello {
    fn of_3(it: &v3_1_1::Connect, stays_at_most: Duration) -> Self {
        let clean = it.clean_session();
        let will = it.will_topic().map(|topic| Will {
            message: Message {
                topic: topic.to_owned(),
                payload: it.will_payload().unwrap_or_default().to_vec(),
                qos: it.will_qos(),
                retain: it.will_retain(),
                properties: Vec::new(),
                expires_at: None,
            },
            delay: Duration::ZERO,
        });
        Self {
            client: it.client_id().to_owned(),
            clean,
            user: it.user_name().map(str::to_owned),
            stays: if clean { Duration::ZERO } else { stays_at_most },
            will,
        }
    }

    fn of_5(it: &v5_0::Connect, stays_at_most: Duration) -> Self {
        let stays = it.props().iter().find_map(seconds).unwrap_or_default().min(stays_at_most);
        let will = it.will_topic().map(|topic| {
            let (properties, expires_at) = passed(&it.will_props);
            let delay = it.will_props.iter().find_map(|property| match property {
                Property::WillDelayInterval(it) => Some(Duration::from_secs(it.val().into())),
                _ => None,
            });
            Will {
                message: Message {
                    topic: topic.to_owned(),
                    payload: it.will_payload().unwrap_or_default().to_vec(),
                    qos: it.will_qos(),
                    retain: it.will_retain(),
                    properties,
                    expires_at,
                },
                // A session that is over says it at once.
                delay: delay.unwrap_or_default().min(stays),
            }
        });
        Self {
            client: it.client_id().to_owned(),
            clean: it.clean_start(),
            user: it.user_name().map(str::to_owned),
            stays,
            will,
        }
    }
}

/// Topics that a client of version 5 may call by a number.
const ALIASES: u16 = 32;

/// What is said to one client, in its version. An error means that it cannot be said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Voice(pub(super) Version);

impl Voice {
    pub(super) fn is_5(self) -> bool {
        self.0 == Version::V5_0
    }

    pub(super) fn welcome(self, is_known: bool, name: Option<&str>) -> Result<Packet, MqttError> {
        if !self.is_5() {
            let welcome = v3_1_1::Connack::builder()
                .session_present(is_known)
                .return_code(ConnectReturnCode::Accepted);
            return Ok(welcome.build()?.into());
        }
        let mut properties = vec![TopicAliasMaximum::new(ALIASES)?.into()];
        if let Some(name) = name {
            properties.push(AssignedClientIdentifier::new(name)?.into());
        }
        let welcome = v5_0::Connack::builder()
            .session_present(is_known)
            .reason_code(ConnectReasonCode::Success)
            .props(properties);
        Ok(welcome.build()?.into())
    }

    pub(super) fn refuse(self, why: Refusal) -> Result<Packet, MqttError> {
        let (code, reason) = match why {
            Refusal::NotAuthorized => {
                (ConnectReturnCode::NotAuthorized, ConnectReasonCode::NotAuthorized)
            }
            Refusal::BadName => {
                (ConnectReturnCode::IdentifierRejected, ConnectReasonCode::ClientIdentifierNotValid)
            }
            Refusal::TooMany => {
                (ConnectReturnCode::ServerUnavailable, ConnectReasonCode::ServerBusy)
            }
        };
        Ok(if self.is_5() {
            v5_0::Connack::builder().session_present(false).reason_code(reason).build()?.into()
        } else {
            v3_1_1::Connack::builder().session_present(false).return_code(code).build()?.into()
        })
    }

    /// The first answer to a message of the client's.
    pub(super) fn acknowledge(
        self,
        qos: Qos,
        id: u16,
        refused: Option<Refusal>,
    ) -> Result<Packet, MqttError> {
        Ok(match (qos, self.is_5()) {
            (Qos::ExactlyOnce, false) => v3_1_1::Pubrec::builder().packet_id(id).build()?.into(),
            (_, false) => v3_1_1::Puback::builder().packet_id(id).build()?.into(),
            (Qos::ExactlyOnce, true) => {
                let code = match refused {
                    None => PubrecReasonCode::Success,
                    Some(Refusal::NotAuthorized) => PubrecReasonCode::NotAuthorized,
                    Some(Refusal::BadName) => PubrecReasonCode::TopicNameInvalid,
                    Some(Refusal::TooMany) => PubrecReasonCode::QuotaExceeded,
                };
                v5_0::Pubrec::builder().packet_id(id).reason_code(code).build()?.into()
            }
            (_, true) => {
                let code = match refused {
                    None => PubackReasonCode::Success,
                    Some(Refusal::NotAuthorized) => PubackReasonCode::NotAuthorized,
                    Some(Refusal::BadName) => PubackReasonCode::TopicNameInvalid,
                    Some(Refusal::TooMany) => PubackReasonCode::QuotaExceeded,
                };
                v5_0::Puback::builder().packet_id(id).reason_code(code).build()?.into()
            }
        })
    }

    pub(super) fn complete(self, id: u16) -> Result<Packet, MqttError> {
        Ok(if self.is_5() {
            v5_0::Pubcomp::builder().packet_id(id).build()?.into()
        } else {
            v3_1_1::Pubcomp::builder().packet_id(id).build()?.into()
        })
    }

    pub(super) fn release(self, id: u16) -> Result<Packet, MqttError> {
        Ok(if self.is_5() {
            v5_0::Pubrel::builder().packet_id(id).build()?.into()
        } else {
            v3_1_1::Pubrel::builder().packet_id(id).build()?.into()
        })
    }

    pub(super) fn subscribed(
        self,
        id: u16,
        outcomes: &[Result<Qos, Refusal>],
    ) -> Result<Packet, MqttError> {
        if self.is_5() {
            let codes = outcomes.iter().map(|outcome| match outcome {
                Ok(Qos::AtMostOnce) => SubackReasonCode::GrantedQos0,
                Ok(Qos::AtLeastOnce) => SubackReasonCode::GrantedQos1,
                Ok(Qos::ExactlyOnce) => SubackReasonCode::GrantedQos2,
                Err(Refusal::NotAuthorized) => SubackReasonCode::NotAuthorized,
                Err(Refusal::BadName) => SubackReasonCode::TopicFilterInvalid,
                Err(Refusal::TooMany) => SubackReasonCode::QuotaExceeded,
            });
            let answer = v5_0::Suback::builder().packet_id(id).reason_codes(codes.collect());
            return Ok(answer.build()?.into());
        }
        let codes = outcomes.iter().map(|outcome| match outcome {
            Ok(Qos::AtMostOnce) => SubackReturnCode::SuccessMaximumQos0,
            Ok(Qos::AtLeastOnce) => SubackReturnCode::SuccessMaximumQos1,
            Ok(Qos::ExactlyOnce) => SubackReturnCode::SuccessMaximumQos2,
            Err(_) => SubackReturnCode::Failure,
        });
        Ok(v3_1_1::Suback::builder().packet_id(id).return_codes(codes.collect()).build()?.into())
    }

    pub(super) fn unsubscribed(self, id: u16, had: &[bool]) -> Result<Packet, MqttError> {
        if !self.is_5() {
            return Ok(v3_1_1::Unsuback::builder().packet_id(id).build()?.into());
        }
        let codes = had.iter().map(|had| match had {
            true => UnsubackReasonCode::Success,
            false => UnsubackReasonCode::NoSubscriptionExisted,
        });
        Ok(v5_0::Unsuback::builder().packet_id(id).reason_codes(codes.collect()).build()?.into())
    }

    pub(super) fn pong(self) -> Result<Packet, MqttError> {
        Ok(if self.is_5() {
            v5_0::Pingresp::builder().build()?.into()
        } else {
            v3_1_1::Pingresp::builder().build()?.into()
        })
    }

    /// The end, where the version has a word for it.
    pub(super) fn goodbye(self, why: DisconnectReasonCode) -> Option<Packet> {
        let goodbye = || v5_0::Disconnect::builder().reason_code(why).build().ok();
        if self.is_5() { goodbye().map(Packet::from) } else { None }
    }

    pub(super) fn publish(self, it: &Delivery, id: Option<u16>) -> Result<Packet, MqttError> {
        let (topic, payload) = (it.message.topic.as_str(), it.message.payload.as_slice());
        if !self.is_5() {
            let mut packet =
                v3_1_1::Publish::builder().topic_name(topic)?.qos(it.qos).retain(it.retain);
            if let Some(id) = id {
                packet = packet.packet_id(id);
            }
            return Ok(packet.payload(payload).build()?.into());
        }
        let mut properties = it.message.properties();
        for number in &it.numbers {
            properties.push(SubscriptionIdentifier::new(*number)?.into());
        }
        let mut packet = v5_0::Publish::builder().topic_name(topic)?.qos(it.qos).retain(it.retain);
        if let Some(id) = id {
            packet = packet.packet_id(id);
        }
        Ok(packet.payload(payload).props(properties).build()?.into())
    }
}
