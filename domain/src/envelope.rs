//! What surrounds an event in the log: where it stands, who caused it, why and when.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::event::{DecodeError, Event};

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Actor {
    /// A person, signed in or by a token of theirs.
    User { id: Uuid },
    /// An app, by a service token.
    Service { id: Uuid },
    /// A rule, on behalf of its owner (FEATURES decision 10).
    Automation { rule: Uuid, version: i64 },
    /// The service itself (bootstrap).
    System,
}

/// The rule, run and step that issued a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRef {
    pub rule: Uuid,
    pub version: i64,
    pub run: Uuid,
    pub step: String,
    /// The customers and rules on the way here, oldest first; the loop guard reads it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<(Uuid, Uuid)>,
}

/// The door through which a command came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Api,
    Page,
    Import,
    /// One command for many records, as a job.
    Bulk,
    Automation,
    Cli,
    System,
}

/// Who, why and when of an event; stored beside it, never inside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    pub actor: Actor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Uuid>,
    /// One id for all that follows from one wish of a person.
    pub correlation_id: Uuid,
    /// The event that caused this one, in the same organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation_id: Option<Uuid>,
    /// A cause named from outside that is no event of this organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_cause: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleRef>,
    pub source: Source,
    /// Whether an import or a bulk command sets rules off, as whoever asked for it chose.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub runs_rules: bool,
    /// Whether it takes back what its cause did.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undoes: bool,
    /// When it happened in the world, if not when it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Timestamp>,
}

/// An event as read from the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    pub lane: i16,
    /// Number in the lane: dense, in commit order, internal.
    pub position: i64,
    pub organisation: Uuid,
    /// Number in the organisation: dense, in commit order, public.
    pub sequence: i64,
    pub stream_id: Uuid,
    /// Number in the stream, from 1.
    pub version: i64,
    pub event_id: Uuid,
    /// `customer.created`…
    pub type_name: String,
    pub schema_version: i16,
    /// The one customer that it is about, whatever its stream.
    pub customer_id: Option<Uuid>,
    /// The person whose key covers its personal values.
    pub key_id: Option<Uuid>,
    pub metadata: Metadata,
    pub recorded_at: Timestamp,
    /// The body, unsealed: personal values stand as `{"$personal": …}` or `{"$erased": true}`.
    pub body: Value,
}

impl Recorded {
    /// The event that it takes back, if it does so.
    pub fn undone(&self) -> Option<Uuid> {
        self.metadata.causation_id.filter(|_| self.metadata.undoes)
    }

    /// When it happened: as said by the command, else when it was recorded.
    pub fn effective_at(&self) -> Timestamp {
        self.metadata.occurred_at.unwrap_or(self.recorded_at)
    }

    /// The typed event; an unknown type or a newer version is an error, never skipped.
    pub fn event(&self) -> Result<Event, DecodeError> {
        Event::decode(&self.type_name, self.schema_version, &self.body)
    }

    /// The body as people and apps see it.
    pub fn public_body(&self) -> Value {
        let mut body = self.body.clone();
        crate::personal::reveal(&mut body);
        body
    }
}
