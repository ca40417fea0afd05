//! A notification to members, sent by a rule or by one of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::ClaimChange;
use crate::command::{Data, Invalid};
use crate::decider::Decider;
use crate::personal::Personal;
use crate::refusal::{Refusal, RefusalKind};
use crate::sentence::{count, quoted};
use crate::value::Text;

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Notification;

/// What can be asked of a notification.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Send(Send),
}

/// Notifies members.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = notification::Send)]
pub struct Send {
    /// The users, each once.
    #[schema(min_items = 1)]
    pub to: Vec<Uuid>,
    /// The customer that it is about.
    pub customer: Option<Uuid>,
    pub text: Text,
    /// The rule that asked for it.
    pub rule: Option<Uuid>,
}

impl Data for Send {
    fn check(&mut self) -> Result<(), Invalid> {
        let mut seen = std::collections::BTreeSet::new();
        self.to.retain(|user| seen.insert(*user));
        if self.to.is_empty() {
            return Err(Invalid::new("/to", "invalid_field", "somebody has to be notified"));
        }
        Ok(())
    }
}

/// A notification's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "notification.sent")]
    Sent {
        to: Vec<Uuid>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<Uuid>,
        text: Personal<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<Uuid>,
    },
}

/// A notification as its decider sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub sent: bool,
}

/// A notification is never refused by its decider; a second one with its id is no change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match *self {}
    }

    fn kind(&self) -> RefusalKind {
        match *self {}
    }
}

impl Decider for Notification {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "notification";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match (state.sent, command) {
            (true, Command::Send(_)) => Ok(Vec::new()),
            (false, Command::Send(send)) => Ok(vec![Event::Sent {
                to: send.to,
                customer: send.customer,
                text: Personal::Known(send.text.into()),
                rule: send.rule,
            }]),
        }
    }

    fn evolve(_state: State, event: &Event) -> State {
        match event {
            Event::Sent { .. } => State { sent: true },
        }
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &["notification.sent"];

    pub fn claims(&self) -> Vec<ClaimChange> {
        Vec::new()
    }

    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        match self {
            Self::Sent { customer, .. } => *customer,
        }
    }

    /// The customer's key; one about nobody has a key of its own.
    pub fn key_id(&self, stream_id: Uuid) -> Option<Uuid> {
        self.customer_id(stream_id).or(Some(stream_id))
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::Sent { to, text, .. } => {
                format!("notified {}: {}", count(to.len(), "member", "members"), quoted(text))
            }
        }
    }
}

#[cfg(test)]
mod tests;
