//! The data of a message's commands, as they come over the wire.

use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Content, Recipient, placeholder};
use crate::command::{Data, Fact, Invalid, Need, plain};
use crate::template;
use crate::value::{
    AskedBy, Channel, Email, MessageAddress, MessageText, Name, Phone, ProviderId, Subject, Text,
    WithheldReason,
};

/// Sends a message to a customer.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = message::Request)]
pub struct Request {
    pub customer: Uuid,
    #[serde(default = "email")]
    #[schema(default = "email")]
    pub channel: Channel,
    /// Left out, the customer's primary address.
    pub to: Option<MessageAddress>,
    /// Says subject, text and HTML in their place, with the customer's words.
    pub template: Option<Uuid>,
    pub subject: Option<Subject>,
    pub text: Option<MessageText>,
    pub html: Option<MessageText>,
    /// Whether words such as `{customer.first_name}` stand for the customer's.
    #[serde(default)]
    pub placeholders: bool,
    /// What an app sends by itself says `automatic`; what a rule sends always is.
    #[serde(default = "person")]
    #[schema(default = "person")]
    pub asked_by: AskedBy,
    #[serde(skip)]
    pub recipient: Option<Recipient>,
    /// The template.
    #[serde(skip)]
    pub kept: template::State,
}

impl Request {
    /// What it says itself.
    pub(super) fn own_content(&self) -> Content {
        Content {
            subject: self.subject.as_ref().map(ToString::to_string),
            text: self.text.as_ref().map(ToString::to_string).unwrap_or_default(),
            html: self.html.as_ref().map(ToString::to_string),
        }
    }
}

/// The parts of a message's own words, as far as they are given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts<'a> {
    subject: Option<&'a str>,
    text: Option<&'a str>,
    html: Option<&'a str>,
}

impl<'a> Parts<'a> {
    pub(crate) fn of(
        subject: Option<&'a Subject>,
        text: Option<&'a MessageText>,
        html: Option<&'a MessageText>,
    ) -> Self {
        let subject = subject.map(Subject::as_str);
        Self { subject, text: text.map(MessageText::as_str), html: html.map(MessageText::as_str) }
    }

    fn given(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let parts = [("/subject", self.subject), ("/text", self.text), ("/html", self.html)];
        parts.into_iter().filter_map(|(pointer, text)| Some((pointer, text?)))
    }

    /// A message says something itself, or a template says all of it.
    pub(crate) fn check(&self, by_template: bool, channel: Channel) -> Result<(), Invalid> {
        if by_template {
            let detail = "the template says this; leave it out, or the template";
            return match self.given().next() {
                Some((pointer, _)) => Err(Invalid::new(pointer, "invalid_field", detail)),
                None => Ok(()),
            };
        }
        let of_email = [("/subject", self.subject), ("/html", self.html)];
        let extra = of_email.into_iter().find(|(_, given)| given.is_some());
        if let Some((pointer, _)) = extra.filter(|_| channel != Channel::Email) {
            let detail = "only an e-mail has this; leave it out";
            return Err(Invalid::new(pointer, "invalid_field", detail));
        }
        if channel == Channel::Email && self.subject.is_none() {
            return Err(Invalid::new("/subject", "missing_field", "an e-mail has a subject"));
        }
        if self.text.is_none() {
            return Err(Invalid::new("/text", "missing_field", "a message has a text"));
        }
        Ok(())
    }

    /// A placeholder that there is not is refused when it is written, not when it is sent.
    pub(crate) fn check_placeholders(&self) -> Result<(), Invalid> {
        for (pointer, text) in self.given() {
            placeholder::check(text).map_err(|error| {
                let invalid = Invalid::new(pointer, "invalid_placeholder", error.to_string());
                invalid.allowing(placeholder::NAMES.iter().copied())
            })?;
        }
        Ok(())
    }
}

fn email() -> Channel {
    Channel::Email
}

fn person() -> AskedBy {
    AskedBy::Person
}

impl Data for Request {
    fn check(&mut self) -> Result<(), Invalid> {
        let parts = Parts::of(self.subject.as_ref(), self.text.as_ref(), self.html.as_ref());
        parts.check(self.template.is_some(), self.channel)?;
        self.to = self.to.take().map(|to| address(self.channel, to)).transpose()?;
        Ok(())
    }

    fn needs(&self) -> Vec<Need> {
        let template = self.template.map(Need::Template);
        [Need::Recipient(self.customer)].into_iter().chain(template).collect()
    }

    fn supply(&mut self, fact: &Fact) {
        take_recipient(self.customer, &mut self.recipient, fact);
        if let Fact::Template { id, template } = fact
            && Some(*id) == self.template
        {
            self.kept.clone_from(template);
        }
    }
}

/// The address in the form that the channel asks for.
fn address(channel: Channel, to: MessageAddress) -> Result<MessageAddress, Invalid> {
    let invalid = |error| Invalid::value("/to", &error);
    match channel {
        Channel::Email => Email::try_from(String::from(to))
            .and_then(|email| MessageAddress::try_from(String::from(email)))
            .map_err(invalid),
        Channel::Sms | Channel::Whatsapp => {
            let phone = Phone::try_from(String::from(to.clone())).map_err(invalid)?;
            match phone.e164(None) {
                Some(e164) => MessageAddress::try_from(e164).map_err(invalid),
                None => Ok(to),
            }
        }
    }
}

fn take_recipient(customer: Uuid, taken: &mut Option<Recipient>, fact: &Fact) {
    if let Fact::Recipient { id, recipient } = fact
        && *id == customer
    {
        taken.clone_from(recipient);
    }
}

/// Takes in a message that a customer sent. The same id again changes nothing.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = message::Receive)]
pub struct Receive {
    pub customer: Uuid,
    pub channel: Channel,
    /// The sender's address or number, as it came.
    pub from: MessageAddress,
    /// The address or number of ours that it came to.
    pub to: Option<MessageAddress>,
    pub subject: Option<Subject>,
    /// None where it holds only other things, such as a picture.
    pub text: Option<MessageText>,
    /// What holds a conversation together.
    pub thread: Option<ProviderId>,
    /// The message of ours that it answers.
    pub in_reply_to: Option<Uuid>,
    pub provider_id: ProviderId,
    /// The names of what came with it; the contents are not kept.
    #[serde(default)]
    pub attachments: Vec<Name>,
    /// Sent by a machine: an absence note, a bounce.
    #[serde(default)]
    pub automatic: bool,
    /// When it was sent, as far as its sender says so.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sent_at: Option<Timestamp>,
    #[serde(skip)]
    pub recipient: Option<Recipient>,
}

impl Data for Receive {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Recipient(self.customer)]
    }

    fn supply(&mut self, fact: &Fact) {
        take_recipient(self.customer, &mut self.recipient, fact);
    }
}

/// Records that an automatic message was not sent after all.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = message::Withhold)]
pub struct Withhold {
    pub reason: WithheldReason,
}

/// Records that the carrier took a message.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = message::RecordSent)]
pub struct RecordSent {
    pub provider_id: Option<ProviderId>,
}

/// Records that a message could not be sent, for now or for good.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = message::RecordFailed)]
pub struct RecordFailed {
    pub reason: Text,
    /// Whether it is given up.
    #[serde(rename = "final")]
    pub is_final: bool,
}

plain!(Withhold, RecordSent, RecordFailed);
