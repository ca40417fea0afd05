//! What comes in from outside: mail, messages of providers, payments. Each reader turns a
//! provider's own format into an [`Incoming`] or [`Notice`]; [`record`] makes commands of them.

pub(crate) mod mail;
pub(crate) mod record;
pub(crate) mod sender;
pub(crate) mod signature;
pub(crate) mod stripe;
pub(crate) mod twilio;
pub(crate) mod whatsapp;

use domain::value::{Channel, mask_card_numbers};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

/// The most that a text may hold; what is longer is cut.
const LONGEST_TEXT: usize = 200_000;
/// The most that a line may hold: a subject, an id.
const LONGEST_LINE: usize = 500;
/// The most that a name or an address may hold.
const LONGEST_NAME: usize = 200;
/// The most that the reference of a payment may hold.
pub(crate) const LONGEST_REFERENCE: usize = 64;
/// The most things that are named of what came with a message.
const MOST_ATTACHMENTS: usize = 100;

/// A message that somebody sent to us.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Incoming {
    pub(crate) channel: Channel,
    /// The sender's address, or number in E.164.
    pub(crate) from: String,
    pub(crate) name: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) text: Option<String>,
    /// The messages that it refers to, by their carrier's ids, the nearest first.
    pub(crate) refers_to: Vec<String>,
    /// As its carrier knows it.
    pub(crate) provider_id: String,
    pub(crate) attachments: Vec<String>,
    /// Sent by a machine.
    pub(crate) automatic: bool,
    pub(crate) sent_at: Option<Timestamp>,
}

/// What a carrier tells of a message of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) channel: Channel,
    /// Our message, where its carrier tells us our own id of it.
    pub(crate) message: Option<Uuid>,
    /// Our message, as its carrier knows it.
    pub(crate) provider_id: String,
    pub(crate) status: Status,
    pub(crate) at: Option<Timestamp>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Status {
    Sent,
    Delivered,
    Opened,
    Failed { reason: String, is_final: bool },
}

/// A payment that a provider took for us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IncomingPayment {
    pub(crate) provider: &'static str,
    /// The payment as the provider knows it.
    pub(crate) provider_id: String,
    pub(crate) amount: Decimal,
    pub(crate) currency: String,
    pub(crate) reference: Option<String>,
    /// Our id of the customer, where whoever asked for the payment wrote it there.
    pub(crate) customer: Option<String>,
    /// The number or id of the invoice that it is for, written there likewise.
    pub(crate) invoice: Option<String>,
    /// The provider's own id of its customer.
    pub(crate) provider_customer: Option<String>,
    pub(crate) payer_name: Option<String>,
    pub(crate) payer_email: Option<String>,
    pub(crate) payer_phone: Option<String>,
    pub(crate) paid_at: Option<Timestamp>,
    pub(crate) paid_back: Option<PaidBack>,
}

/// What was paid back of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PaidBack {
    /// What tells it from others of the same payment.
    pub(crate) key: String,
    pub(crate) amount: Decimal,
    pub(crate) at: Option<Timestamp>,
}

/// One thing that a delivery of a provider holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Message(Box<Incoming>),
    Notice(Notice),
    Payment(Box<IncomingPayment>),
    /// Known and of no concern here, or not known.
    Other,
}

/// What came of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// On a customer's record: the message or payment, and the customer.
    Recorded { id: Uuid, customer: Uuid },
    /// In the list of what waits for a customer.
    Unmatched { id: Uuid },
    /// Nothing to be kept.
    Ignored,
}

impl Outcome {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Recorded { .. } => "recorded",
            Self::Unmatched { .. } => "unmatched",
            Self::Ignored => "ignored",
        }
    }
}

/// A text as it can be kept: without control characters, cut to so many characters; nothing where
/// nothing is left.
pub(crate) fn text(raw: &str, most: usize) -> Option<String> {
    let plain = raw.replace("\r\n", "\n").replace('\r', "\n");
    let plain = plain.chars().filter(|c| !c.is_control() || *c == '\n' || *c == '\t');
    let cut: String = plain.take(most).collect();
    let trimmed = cut.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// The same on one line.
pub(crate) fn line(raw: &str, most: usize) -> Option<String> {
    let joined = raw.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = joined.filter(|word| !word.is_empty()).collect();
    text(&words.join(" "), most)
}

/// What somebody says, on one line. What comes from outside is not refused, since nobody would mend
/// it: of a card's number the last four digits are kept.
pub(crate) fn said(raw: &str, most: usize) -> Option<String> {
    line(&mask_card_numbers(raw), most)
}

/// A member of JSON as text.
pub(crate) fn member<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}

impl Incoming {
    /// The message as it can be kept, whatever its sender wrote.
    pub(crate) fn cleaned(mut self) -> Self {
        self.from = line(&self.from, LONGEST_NAME).unwrap_or_default();
        self.name = self.name.and_then(|name| said(&name, LONGEST_NAME));
        self.to = self.to.and_then(|to| line(&to, LONGEST_NAME));
        self.subject = self.subject.and_then(|subject| said(&subject, LONGEST_LINE));
        self.text = self.text.and_then(|text| self::text(&mask_card_numbers(&text), LONGEST_TEXT));
        self.provider_id = line(&self.provider_id, LONGEST_LINE).unwrap_or_default();
        let attachments = self.attachments.iter().filter_map(|name| said(name, LONGEST_NAME));
        self.attachments = attachments.take(MOST_ATTACHMENTS).collect();
        self
    }
}

#[cfg(test)]
mod tests;
