//! What has happened to a message. Each event names the customer, whose key covers the texts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::{ClaimChange, ClaimKind};
use crate::personal::Personal;
use crate::sentence::quoted;
use crate::value::{AskedBy, Channel, WithheldReason};

/// A message's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "message.requested")]
    Requested(Box<Requested>),
    #[serde(rename = "message.withheld")]
    Withheld {
        customer: Uuid,
        channel: Channel,
        reason: WithheldReason,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<Personal<String>>,
    },
    #[serde(rename = "message.sent")]
    Sent {
        customer: Uuid,
        channel: Channel,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider_id: Option<Personal<String>>,
    },
    #[serde(rename = "message.failed")]
    Failed {
        customer: Uuid,
        reason: Personal<String>,
        /// Whether it was given up.
        #[serde(rename = "final")]
        is_final: bool,
    },
    #[serde(rename = "message.delivered")]
    Delivered { customer: Uuid },
    #[serde(rename = "message.opened")]
    Opened { customer: Uuid },
    #[serde(rename = "message.received")]
    Received(Box<Received>),
}

/// A message that shall go out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Requested {
    pub customer: Uuid,
    pub channel: Channel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_version: Option<i64>,
    pub to: Personal<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Personal<String>>,
    pub text: Personal<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<Personal<String>>,
    pub asked_by: AskedBy,
}

/// A message that came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Received {
    pub customer: Uuid,
    pub channel: Channel,
    pub from: Personal<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Personal<String>>,
    /// The message of ours that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<Uuid>,
    pub provider_id: Personal<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Personal<String>>,
    /// Sent by a machine.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
}

/// The value under which a message is claimed by its carrier's id, so that it is found by it.
pub fn provider_claim(channel: Channel, provider_id: &str) -> String {
    format!("{channel}\0{provider_id}")
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &[
        "message.requested",
        "message.withheld",
        "message.sent",
        "message.failed",
        "message.delivered",
        "message.opened",
        "message.received",
    ];

    /// A message is found by the id that its carrier knows.
    pub fn claims(&self) -> Vec<ClaimChange> {
        let (channel, id) = match self {
            Self::Sent { channel, provider_id: Some(id), .. } => (*channel, id),
            Self::Received(received) => (received.channel, &received.provider_id),
            Self::Requested(_)
            | Self::Withheld { .. }
            | Self::Sent { provider_id: None, .. }
            | Self::Failed { .. }
            | Self::Delivered { .. }
            | Self::Opened { .. } => return Vec::new(),
        };
        let value = id.known().map(|id| provider_claim(channel, id));
        let take = |value| ClaimChange::take(ClaimKind::ProviderMessage, value);
        value.map(take).into_iter().collect()
    }

    /// The customer to or from whom it is.
    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        match self {
            Self::Requested(requested) => Some(requested.customer),
            Self::Received(received) => Some(received.customer),
            Self::Withheld { customer, .. }
            | Self::Sent { customer, .. }
            | Self::Failed { customer, .. }
            | Self::Delivered { customer }
            | Self::Opened { customer } => Some(*customer),
        }
    }

    /// The customer's key.
    pub fn key_id(&self, stream_id: Uuid) -> Option<Uuid> {
        self.customer_id(stream_id)
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::Requested(requested) => {
                let text = requested.subject.as_ref().unwrap_or(&requested.text);
                format!("wrote {}: {}", a_message(requested.channel), quoted(text))
            }
            Self::Withheld { channel, reason, subject, .. } => {
                let subject = subject.as_ref().map(|subject| format!(" {}", quoted(subject)));
                let subject = subject.unwrap_or_default();
                format!("withheld {}{subject}: {}", a_message(*channel), because(*reason))
            }
            Self::Sent { channel, .. } => format!("sent {}", a_message(*channel)),
            Self::Failed { reason, is_final: true, .. } => {
                format!("could not send a message: {}", quoted(reason))
            }
            Self::Failed { reason, is_final: false, .. } => {
                format!("could not send a message yet: {}", quoted(reason))
            }
            Self::Delivered { .. } => "delivered a message".to_owned(),
            Self::Opened { .. } => "saw that a message was opened".to_owned(),
            Self::Received(received) => received_sentence(received),
        }
    }
}

fn received_sentence(received: &Received) -> String {
    let mut sentence = format!("received {}", a_message(received.channel));
    if received.automatic {
        sentence.push_str(" that a machine sent");
    }
    if let Some(text) = received.subject.as_ref().or(received.text.as_ref()) {
        sentence.push_str(&format!(": {}", quoted(text)));
    }
    sentence
}

fn a_message(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "an e-mail",
        Channel::Sms => "an SMS",
        Channel::Whatsapp => "a WhatsApp message",
    }
}

fn because(reason: WithheldReason) -> &'static str {
    match reason {
        WithheldReason::Dormant => "the customer is dormant",
        WithheldReason::OptedOut => "the customer opted out",
        WithheldReason::DoNotWorkWith => "we do not work with the customer any more",
        WithheldReason::Archived => "the customer is archived",
        WithheldReason::Erased => "the customer was erased",
        WithheldReason::NoAddress => "the customer has no address",
    }
}
