//! What an append asks for and what it is answered with.

use jiff::Timestamp;
use uuid::Uuid;

use crate::crypto::short_digest;
use crate::proof::{Content, Hash};

/// All that one command writes, in any number of streams of one organisation: all or nothing.
#[derive(Debug, Clone)]
pub struct Append {
    pub organisation: Uuid,
    pub command: Option<CommandId>,
    pub streams: Vec<StreamAppend>,
    pub claims: Vec<ClaimRow>,
    pub new_keys: Vec<NewKey>,
    pub destroyed_keys: Vec<Uuid>,
    pub numbers: Vec<NumberUse>,
}

impl Append {
    /// An append that changes nothing yet.
    pub fn new(organisation: Uuid) -> Self {
        Self {
            organisation,
            command: None,
            streams: Vec::new(),
            claims: Vec::new(),
            new_keys: Vec::new(),
            destroyed_keys: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// Bytes that it adds to a batch, roughly.
    pub(crate) fn size(&self) -> usize {
        let events = self.streams.iter().flat_map(|stream| &stream.events);
        events.map(|event| 200 + event.data.len() + event.meta.len() + event.private_len()).sum()
    }
}

/// Identity of a command, given by its sender: done once, whatever happens (API.md row 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CommandId {
    /// Hash of principal and key.
    pub id: Uuid,
    /// Hash of what was asked for; the same key with another body is refused.
    pub fingerprint: Uuid,
}

impl CommandId {
    pub fn new(principal: Uuid, key: &[u8], parts: &[&[u8]]) -> Self {
        Self { id: short_digest(&[principal.as_bytes(), key]), fingerprint: short_digest(parts) }
    }
}

/// New events of one stream.
#[derive(Debug, Clone)]
pub struct StreamAppend {
    pub stream_id: Uuid,
    pub expected: Expected,
    pub events: Vec<NewEvent>,
}

/// What the stream's version must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Exactly this; 0 is a stream that does not exist yet.
    Version(i64),
    Any,
}

/// An event ready to be stored; personal values are sealed.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub event_id: Uuid,
    pub type_name: String,
    pub schema_version: i16,
    pub customer_id: Option<Uuid>,
    pub key_id: Option<Uuid>,
    pub meta: Vec<u8>,
    pub data: Vec<u8>,
    pub private: Option<Vec<u8>>,
}

impl NewEvent {
    pub(crate) fn content(&self, organisation: Uuid, stream_id: Uuid) -> Hash {
        Content {
            organisation,
            stream_id,
            event_id: self.event_id,
            type_name: &self.type_name,
            schema_version: self.schema_version,
            customer_id: self.customer_id,
            key_id: self.key_id,
            meta: &self.meta,
            data: &self.data,
            private: self.private.as_deref(),
        }
        .hash()
    }

    fn private_len(&self) -> usize {
        self.private.as_ref().map_or(0, Vec::len)
    }
}

/// A claim to take or let go of; the value is the HMAC.
#[derive(Debug, Clone, Copy)]
pub struct ClaimRow {
    pub kind: i16,
    pub value: Uuid,
    pub stream_id: Uuid,
    pub take: bool,
}

/// A person's key, made for the first event that needs it.
#[derive(Debug, Clone)]
pub struct NewKey {
    pub key_id: Uuid,
    pub wrapped: Vec<u8>,
}

/// A number of the organisation's own gapless series, written into an event's plain body.
#[derive(Debug, Clone)]
pub struct NumberUse {
    /// The name of the series: what its numbers begin with.
    pub series: String,
    /// Index of the stream in [`Append::streams`] and of the event in it.
    pub stream: usize,
    pub event: usize,
    /// Member of the event's body that takes the number.
    pub member: String,
}

/// What an append became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    pub first_sequence: i64,
    /// One less than `first_sequence` where nothing was written.
    pub last_sequence: i64,
    /// The version of each of its streams afterwards; empty for a replay.
    pub versions: Vec<i64>,
    /// The numbers that were given, in the order of [`Append::numbers`]; empty for a replay.
    pub numbers: Vec<String>,
    pub recorded_at: Timestamp,
    /// The command was known: these are the events of the first time.
    pub replayed: bool,
}

/// Why an append was not written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    #[error("the stream is at version {current}, not where it was expected")]
    Conflict { stream_id: Uuid, current: i64 },
    #[error("a value that must be unique is taken by another record")]
    ClaimTaken { kind: i16, holder: Uuid },
    #[error("the command's key was used for another command")]
    KeyReused,
    #[error("the organisation does not exist")]
    UnknownOrganisation,
    #[error("the person's key was made meanwhile")]
    KeyExists,
    #[error("the person's key was destroyed")]
    KeyDestroyed,
    #[error("nothing is written at present")]
    ReadOnly,
    #[error("too many appends are waiting")]
    Overloaded,
    #[error("the connection was lost and it is not known whether the command was done")]
    OutcomeUnknown,
    #[error("the log cannot be reached")]
    Unavailable,
    #[error("the append was refused by the database: {0}")]
    Refused(String),
}
