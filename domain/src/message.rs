//! A message to or from a customer: asked for, sent or withheld, delivered, opened, received.

use uuid::Uuid;

pub use crate::command::Nothing;
use crate::decider::Decider;
use crate::personal::Personal;
use crate::refusal::{Refusal, RefusalKind};
use crate::value::{AskedBy, Channel, WithheldReason};

mod commands;
mod content;
mod event;
pub mod placeholder;
mod recipient;

pub(crate) use commands::Parts;
pub use commands::{Receive, RecordFailed, RecordSent, Request, Withhold};
pub use content::{Content, Unfillable};
pub use event::{Event, Received, Requested, provider_claim};
pub use recipient::Recipient;

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Message;

/// What can be asked of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Request(Box<Request>),
    Receive(Box<Receive>),
    Withhold(Withhold),
    RecordSent(RecordSent),
    RecordFailed(RecordFailed),
    RecordDelivered(Nothing),
    RecordOpened(Nothing),
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stage {
    #[default]
    Absent,
    Requested,
    Sent,
    Failed,
    Withheld,
    Received,
}

/// A message as its decider sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub stage: Stage,
    pub customer: Option<Uuid>,
    pub channel: Option<Channel>,
    pub delivered: bool,
    pub opened: bool,
    /// Why the last try failed.
    pub failure: Option<Personal<String>>,
}

/// Why a message's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such message")]
    NotFound,
    #[error("this message exists already")]
    Exists,
    #[error("there is no such customer")]
    CustomerNotFound,
    #[error("the customer is archived; restore it first")]
    CustomerArchived,
    #[error("the customer was erased")]
    CustomerErased,
    #[error("the customer does not want messages by {0}; ask them to opt in again first")]
    OptedOut(Channel),
    #[error("the customer has no address for {0}; add one, or say where to send it")]
    NoAddress(Channel),
    #[error("a message by {channel} has at most {most} characters, not {found}")]
    TextTooLong { channel: Channel, most: usize, found: usize },
    #[error(transparent)]
    Unfillable(#[from] Unfillable),
    #[error("there is no such template")]
    TemplateNotFound,
    #[error("the template is archived; take another one")]
    TemplateArchived,
    #[error("the template is for {0}; say so as the channel, or take another one")]
    TemplateOfChannel(Channel),
    #[error("the message was sent already")]
    Settled,
    #[error("only a message on its way out can be sent, delivered or opened")]
    NotOutgoing,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "message_not_found",
            Self::Exists => "message_exists",
            Self::CustomerNotFound => "customer_not_found",
            Self::CustomerArchived => "customer_archived",
            Self::CustomerErased => "customer_erased",
            Self::OptedOut(_) => "recipient_opted_out",
            Self::NoAddress(_) => "recipient_without_address",
            Self::TextTooLong { .. } => "message_too_long",
            Self::Unfillable(unfillable) => unfillable.code(),
            Self::TemplateNotFound => "template_not_found",
            Self::TemplateArchived => "template_archived",
            Self::TemplateOfChannel(_) => "template_of_another_channel",
            Self::Settled => "message_settled",
            Self::NotOutgoing => "message_not_outgoing",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::CustomerNotFound | Self::CustomerArchived | Self::CustomerErased => {
                Some("/customer")
            }
            Self::NoAddress(_) => Some("/to"),
            Self::TextTooLong { .. } => Some("/text"),
            Self::Unfillable(unfillable) => unfillable.pointer(),
            Self::TemplateNotFound | Self::TemplateArchived => Some("/template"),
            Self::OptedOut(_) | Self::TemplateOfChannel(_) => Some("/channel"),
            Self::NotFound | Self::Exists | Self::Settled | Self::NotOutgoing => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
            Self::CustomerNotFound
            | Self::CustomerArchived
            | Self::CustomerErased
            | Self::OptedOut(_)
            | Self::NoAddress(_)
            | Self::TextTooLong { .. }
            | Self::Unfillable(_)
            | Self::TemplateNotFound
            | Self::TemplateArchived
            | Self::TemplateOfChannel(_)
            | Self::Settled
            | Self::NotOutgoing => RefusalKind::Rule,
        }
    }
}

impl Decider for Message {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "message";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        let Some(customer) = state.customer else {
            return match command {
                Command::Request(request) => self::request(&request),
                Command::Receive(receive) => self::receive(*receive),
                Command::Withhold(_)
                | Command::RecordSent(_)
                | Command::RecordFailed(_)
                | Command::RecordDelivered(_)
                | Command::RecordOpened(_) => Err(Error::NotFound),
            };
        };
        match (state.stage, command) {
            (Stage::Received, Command::Receive(_))
            | (Stage::Withheld, Command::Withhold(_))
            | (Stage::Sent, Command::RecordSent(_))
            | (Stage::Failed, Command::RecordFailed(_)) => Ok(Vec::new()),
            (_, Command::Request(_) | Command::Receive(_)) => Err(Error::Exists),
            (Stage::Absent | Stage::Received | Stage::Withheld, _) => Err(Error::NotOutgoing),
            (Stage::Requested, Command::Withhold(withhold)) => {
                Ok(vec![withheld_later(state, customer, withhold.reason)])
            }
            (Stage::Sent | Stage::Failed, Command::Withhold(_)) => Err(Error::Settled),
            (Stage::Requested | Stage::Failed, Command::RecordSent(sent)) => {
                Ok(vec![Event::Sent {
                    customer,
                    channel: state.channel.unwrap_or(Channel::Email),
                    provider_id: sent.provider_id.map(|id| Personal::Known(id.into())),
                }])
            }
            (Stage::Requested | Stage::Sent, Command::RecordFailed(failed)) => {
                Ok(self::failed(state, customer, failed))
            }
            (Stage::Requested | Stage::Sent | Stage::Failed, Command::RecordDelivered(_)) => {
                Ok(if state.delivered { Vec::new() } else { vec![Event::Delivered { customer }] })
            }
            (Stage::Requested | Stage::Sent | Stage::Failed, Command::RecordOpened(_)) => {
                Ok(if state.opened { Vec::new() } else { vec![Event::Opened { customer }] })
            }
        }
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match event {
            Event::Requested(requested) => {
                state.stage = Stage::Requested;
                state.customer = Some(requested.customer);
                state.channel = Some(requested.channel);
            }
            Event::Received(received) => {
                state.stage = Stage::Received;
                state.customer = Some(received.customer);
                state.channel = Some(received.channel);
            }
            Event::Withheld { customer, channel, .. } => {
                state.stage = Stage::Withheld;
                state.customer = Some(*customer);
                state.channel = Some(*channel);
            }
            Event::Sent { .. } => state.stage = Stage::Sent,
            Event::Failed { reason, is_final, .. } => {
                state.failure = Some(reason.clone());
                if *is_final {
                    state.stage = Stage::Failed;
                }
            }
            Event::Delivered { .. } => state.delivered = true,
            Event::Opened { .. } => state.opened = true,
        }
        state
    }
}

/// What somebody writes goes out unless the address is closed to us; what is automatic is
/// withheld for any of the reasons, which is an outcome and no refusal.
fn request(request: &Request) -> Result<Vec<Event>, Error> {
    let (customer, channel) = (request.customer, request.channel);
    let recipient = request.recipient.as_ref().ok_or(Error::CustomerNotFound)?;
    let said = Said::by(request)?;
    let to = request.to.clone().map(String::from).or_else(|| recipient.address(channel));
    let reason = recipient.withholds(channel).or(to.is_none().then_some(WithheldReason::NoAddress));
    match (reason, request.asked_by, to) {
        (None, _, Some(to)) => Ok(vec![requested(request, said, to)?]),
        (Some(reason), AskedBy::Automatic, _) => Ok(vec![Event::Withheld {
            customer,
            channel,
            reason,
            subject: said.content.subject.map(Personal::Known),
        }]),
        (
            Some(WithheldReason::Dormant | WithheldReason::DoNotWorkWith),
            AskedBy::Person,
            Some(to),
        ) => Ok(vec![requested(request, said, to)?]),
        (Some(WithheldReason::Erased), AskedBy::Person, _) => Err(Error::CustomerErased),
        (Some(WithheldReason::Archived), AskedBy::Person, _) => Err(Error::CustomerArchived),
        (Some(WithheldReason::OptedOut), AskedBy::Person, _) => Err(Error::OptedOut(channel)),
        (_, _, _) => Err(Error::NoAddress(channel)),
    }
}

/// What a message says before it is filled.
struct Said {
    template_version: Option<i64>,
    placeholders: bool,
    content: Content,
}

impl Said {
    fn by(request: &Request) -> Result<Self, Error> {
        if request.template.is_none() {
            let content = request.own_content();
            let placeholders = request.placeholders;
            return Ok(Self { template_version: None, placeholders, content });
        }
        let known = request.kept.as_ref().ok_or(Error::TemplateNotFound)?;
        let wording = &known.wording;
        if known.archived {
            return Err(Error::TemplateArchived);
        }
        if wording.channel != request.channel {
            return Err(Error::TemplateOfChannel(wording.channel));
        }
        let (version, content) = (wording.template_version, wording.content.clone());
        Ok(Self { template_version: Some(version), placeholders: true, content })
    }
}

fn requested(request: &Request, said: Said, to: String) -> Result<Event, Error> {
    let words = request.recipient.as_ref().filter(|_| said.placeholders);
    let Content { subject, text, html } = match words {
        Some(recipient) => said.content.filled(&recipient.words)?,
        None => said.content,
    };
    let (most, found) = (longest(request.channel), text.chars().count());
    if found > most {
        return Err(Error::TextTooLong { channel: request.channel, most, found });
    }
    Ok(Event::Requested(Box::new(Requested {
        customer: request.customer,
        channel: request.channel,
        template: request.template,
        template_version: said.template_version,
        to: Personal::Known(to),
        subject: subject.map(Personal::Known),
        text: Personal::Known(text),
        html: html.map(Personal::Known),
        asked_by: request.asked_by,
    })))
}

/// The most that the carriers of a channel take.
fn longest(channel: Channel) -> usize {
    match channel {
        Channel::Email => usize::MAX,
        Channel::Sms => 1_600,
        Channel::Whatsapp => 4_096,
    }
}

fn receive(receive: Receive) -> Result<Vec<Event>, Error> {
    let recipient = receive.recipient.as_ref().ok_or(Error::CustomerNotFound)?;
    if recipient.erased() {
        return Err(Error::CustomerErased);
    }
    let known = |text: String| Personal::Known(text);
    Ok(vec![Event::Received(Box::new(Received {
        customer: receive.customer,
        channel: receive.channel,
        from: known(receive.from.into()),
        to: receive.to.map(|to| known(to.into())),
        subject: receive.subject.map(|subject| known(subject.into())),
        text: receive.text.map(|text| known(text.into())),
        thread: receive.thread.map(|thread| known(thread.into())),
        in_reply_to: receive.in_reply_to,
        provider_id: known(receive.provider_id.into()),
        attachments: receive.attachments.into_iter().map(|name| known(name.into())).collect(),
        automatic: receive.automatic,
    }))])
}

/// A failure that goes on being the same one is told once.
fn failed(state: &State, customer: Uuid, failed: RecordFailed) -> Vec<Event> {
    let reason = Personal::Known(failed.reason.into());
    let told = state.stage == Stage::Sent || state.failure.as_ref() == Some(&reason);
    if told && !failed.is_final {
        return Vec::new();
    }
    vec![Event::Failed { customer, reason, is_final: failed.is_final }]
}

fn withheld_later(state: &State, customer: Uuid, reason: WithheldReason) -> Event {
    let channel = state.channel.unwrap_or(Channel::Email);
    Event::Withheld { customer, channel, reason, subject: None }
}

#[cfg(test)]
mod tests;
