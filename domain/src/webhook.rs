//! A webhook: an address outside that is told of events as they happen. What it is signed with is
//! a row and never an event.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::ClaimChange;
use crate::command::Invalid;
pub use crate::command::Nothing;
use crate::condition::{Condition, catalogue_events};
use crate::decider::Decider;
use crate::event::pattern;
use crate::refusal::{Refusal, RefusalKind};
use crate::value::words;

mod commands;

pub use commands::{Change, Create, Suspend};

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Webhook;

words! {
    /// How much of an event is sent.
    Payload {
        /// All that the owner may see.
        Full = "full",
        /// That it happened and to whom, without its data: who receives it asks for the rest.
        Thin = "thin",
    }
}

words! {
    /// In which order events are delivered.
    Order {
        /// None waits for another.
        Any = "any",
        /// What is about one customer, or one other record, goes one after the other.
        Subject = "subject",
    }
}

words! {
    /// Why a webhook is switched off.
    Reason {
        /// Somebody wanted it.
        Asked = "asked",
        /// Its address answered that it is gone for good.
        Gone = "gone",
        /// Nothing got through for as long as it is tried.
        Failing = "failing",
        /// Whoever owns it is no member any more, or blocked.
        OwnerLeft = "owner_left",
    }
}

/// What a webhook is told, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = webhook::Definition)]
pub struct Definition {
    /// Only owners are told of it: it may hold a secret.
    #[schema(required = false)]
    pub url: String,
    /// Names of events, or their beginnings with a star; none means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
    /// The condition tree, as it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub filter: Option<Value>,
    #[schema(inline)]
    pub payload: Payload,
    #[schema(inline)]
    pub order: Order,
}

impl Definition {
    /// Whether events of this name are asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.types.is_empty() || self.types.iter().any(|wanted| pattern::matches(wanted, name))
    }

    /// The condition, against the fields of the events that are asked for.
    pub fn condition(&self) -> Result<Option<Condition>, Invalid> {
        let Some(tree) = &self.filter else { return Ok(None) };
        let names = crate::Event::type_names().iter().copied().filter(|name| self.wants(name));
        let condition = Condition::parse(tree, &catalogue_events(names));
        condition.map(Some).map_err(|invalid| invalid.under("/filter"))
    }

    /// The host that its address names: the rest may be somebody's secret.
    fn host(&self) -> &str {
        let rest = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }

    fn summary(&self) -> String {
        let types =
            if self.types.is_empty() { "all events".to_owned() } else { self.types.join(", ") };
        format!("{}: {types}", self.host())
    }
}

/// What can be asked of a webhook.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Create(Box<Create>),
    Change(Box<Change>),
    Enable(Nothing),
    Disable(Nothing),
    Suspend(Suspend),
    RotateSecret(Nothing),
    Delete(Nothing),
}

/// A webhook's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "webhook.created")]
    Created {
        /// Whose rights decide what is sent.
        owner: Uuid,
        definition: Box<Definition>,
    },
    #[serde(rename = "webhook.changed")]
    Changed { definition: Box<Definition> },
    #[serde(rename = "webhook.enabled")]
    Enabled {},
    #[serde(rename = "webhook.disabled")]
    Disabled { reason: Reason },
    #[serde(rename = "webhook.secret_rotated")]
    SecretRotated {},
    #[serde(rename = "webhook.deleted")]
    Deleted {},
}

/// Where a webhook stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Absent,
    Active,
    Disabled,
    Deleted,
}

/// A webhook as its decider, and whoever delivers, see it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    pub status: Status,
    pub owner: Uuid,
    pub definition: Option<Definition>,
    /// Why it is switched off, if it is.
    pub reason: Option<Reason>,
}

/// Why a webhook's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such webhook")]
    NotFound,
    #[error("this webhook exists already")]
    Exists,
    #[error(transparent)]
    Filter(#[from] Invalid),
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "webhook_not_found",
            Self::Exists => "webhook_exists",
            Self::Filter(invalid) => invalid.code,
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::Filter(invalid) => invalid.pointer(),
            Self::NotFound | Self::Exists => None,
        }
    }

    fn allowed(&self) -> Option<Vec<String>> {
        match self {
            Self::Filter(invalid) => invalid.allowed(),
            Self::NotFound | Self::Exists => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
            Self::Filter(_) => RefusalKind::Rule,
        }
    }
}

impl Decider for Webhook {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "webhook";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match (state.status, command) {
            (Status::Absent, Command::Create(create)) => commands::create(*create),
            (Status::Deleted, Command::Delete(_)) => Ok(Vec::new()),
            (Status::Absent | Status::Deleted, _) => Err(Error::NotFound),
            (_, Command::Create(_)) => Err(Error::Exists),
            (_, Command::Change(change)) => commands::change(state, *change),
            (_, Command::RotateSecret(_)) => Ok(vec![Event::SecretRotated {}]),
            (_, Command::Delete(_)) => Ok(vec![Event::Deleted {}]),
            (Status::Disabled, Command::Enable(_)) => Ok(vec![Event::Enabled {}]),
            (Status::Active, Command::Disable(_)) => {
                Ok(vec![Event::Disabled { reason: Reason::Asked }])
            }
            (Status::Active, Command::Suspend(Suspend { reason })) => {
                Ok(vec![Event::Disabled { reason }])
            }
            (Status::Active, Command::Enable(_))
            | (Status::Disabled, Command::Disable(_) | Command::Suspend(_)) => Ok(Vec::new()),
        }
    }

    fn evolve(state: State, event: &Event) -> State {
        match event {
            Event::Created { owner, definition } => State {
                status: Status::Active,
                owner: *owner,
                definition: Some(definition.as_ref().clone()),
                reason: None,
            },
            Event::Changed { definition } => {
                State { definition: Some(definition.as_ref().clone()), ..state }
            }
            Event::Enabled {} => State { status: Status::Active, reason: None, ..state },
            Event::Disabled { reason } => {
                State { status: Status::Disabled, reason: Some(*reason), ..state }
            }
            Event::SecretRotated {} => state,
            Event::Deleted {} => State { status: Status::Deleted, ..state },
        }
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &[
        "webhook.created",
        "webhook.changed",
        "webhook.enabled",
        "webhook.disabled",
        "webhook.secret_rotated",
        "webhook.deleted",
    ];

    pub fn claims(&self) -> Vec<ClaimChange> {
        Vec::new()
    }

    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    /// It holds nothing personal.
    pub fn key_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::Created { definition, .. } => {
                format!("set up a webhook to {}", definition.summary())
            }
            Self::Changed { definition } => {
                format!("changed a webhook to {}", definition.summary())
            }
            Self::Enabled {} => "switched a webhook on".to_owned(),
            Self::Disabled { reason } => match reason {
                Reason::Asked => "switched a webhook off".to_owned(),
                Reason::Gone => "switched a webhook off, as its address is gone".to_owned(),
                Reason::Failing => "switched a webhook off, as nothing gets through".to_owned(),
                Reason::OwnerLeft => "switched a webhook off, as its owner has left".to_owned(),
            },
            Self::SecretRotated {} => "gave a webhook another secret".to_owned(),
            Self::Deleted {} => "deleted a webhook".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
