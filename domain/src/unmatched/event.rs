//! Its events. Until it is settled its personal values lie under a key of its own, since nobody
//! knows whose they are; settling it destroys that key. What is attached lives on in the event of
//! the customer that is recorded with it.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ReceiveMessage, ReceivePayment};
use crate::claim::ClaimChange;
use crate::personal::Personal;
use crate::sentence::{quoted, shown};
use crate::value::Channel;

/// What happened to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "unmatched.message_received")]
    MessageReceived(Box<Message>),
    #[serde(rename = "unmatched.payment_received")]
    PaymentReceived(Box<Payment>),
    #[serde(rename = "unmatched.attached")]
    Attached { customer: Uuid },
    #[serde(rename = "unmatched.dismissed")]
    Dismissed {},
}

/// A message whose sender is no customer, or more than one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    pub channel: Channel,
    pub from: Personal<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Personal<String>>,
    pub provider_id: Personal<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Personal<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Uuid>,
}

/// A payment that names no customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Payment {
    pub provider: String,
    pub provider_id: String,
    pub amount: Decimal,
    pub currency: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_name: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_email: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_phone: Option<Personal<String>>,
    pub received_on: Date,
}

impl From<ReceiveMessage> for Event {
    fn from(message: ReceiveMessage) -> Self {
        let attachments = message.attachments.into_iter();
        Self::MessageReceived(Box::new(Message {
            channel: message.channel,
            from: Personal::Known(message.from.into()),
            to: message.to.map(personal),
            name: message.name.map(personal),
            subject: message.subject.map(personal),
            text: message.text.map(personal),
            provider_id: personal(message.provider_id),
            thread: message.thread.map(personal),
            attachments: attachments.map(personal).collect(),
            candidates: message.candidates,
        }))
    }
}

impl From<ReceivePayment> for Event {
    fn from(payment: ReceivePayment) -> Self {
        Self::PaymentReceived(Box::new(Payment {
            provider: payment.provider.into(),
            provider_id: payment.provider_id.into(),
            amount: payment.amount.amount.value(),
            currency: payment.amount.currency.into(),
            reference: payment.reference.map(personal),
            payer_name: payment.payer_name.map(personal),
            payer_email: payment.payer_email.map(personal),
            payer_phone: payment.payer_phone.map(personal),
            received_on: payment.received_on,
        }))
    }
}

fn personal(text: impl Into<String>) -> Personal<String> {
    Personal::Known(text.into())
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &[
        "unmatched.message_received",
        "unmatched.payment_received",
        "unmatched.attached",
        "unmatched.dismissed",
    ];

    pub fn claims(&self) -> Vec<ClaimChange> {
        Vec::new()
    }

    /// None: what the customer sees of it is the message or payment that is recorded with it.
    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    /// A key of its own.
    pub fn key_id(&self, stream_id: Uuid) -> Option<Uuid> {
        Some(stream_id)
    }

    /// Whether its content is gone from here on.
    pub fn settles(&self) -> bool {
        match self {
            Self::Attached { .. } | Self::Dismissed {} => true,
            Self::MessageReceived(_) | Self::PaymentReceived(_) => false,
        }
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::MessageReceived(message) => {
                let about = message.subject.as_ref().or(message.text.as_ref());
                let about = about.map(|text| format!(": {}", quoted(text))).unwrap_or_default();
                format!(
                    "received {} from {}, who is not known{about}",
                    carried(message.channel),
                    shown(&message.from)
                )
            }
            Self::PaymentReceived(payment) => {
                let Payment { amount, currency, provider, .. } = &**payment;
                format!("received {amount} {currency} by {provider} from nobody known")
            }
            Self::Attached { .. } => "attached what came in to a customer".to_owned(),
            Self::Dismissed {} => "dismissed what came in".to_owned(),
        }
    }
}

fn carried(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "an e-mail",
        Channel::Sms => "an SMS",
        Channel::Whatsapp => "a WhatsApp message",
    }
}
