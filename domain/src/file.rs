//! A file of a customer: what is known of it. Its bytes lie outside the log, under the customer's key.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::ClaimChange;
pub use crate::command::Nothing;
use crate::command::{Data, Fact, Need, plain};
use crate::customer::CustomerFact;
use crate::decider::Decider;
use crate::personal::Personal;
use crate::refusal::{Refusal, RefusalKind};
use crate::sentence::quoted;
use crate::value::{FileName, NoteScope};

/// How long a removed file can be brought back; then its bytes go.
pub const RESTORABLE_DAYS: i64 = 30;

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct File;

/// What can be asked of a file.
#[expect(clippy::large_enum_variant, reason = "a command is moved once or twice")]
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Upload(Upload),
    Rename(Rename),
    Remove(Nothing),
    Restore(Restore),
}

/// Says that a file is there whose bytes have been kept.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = file::Upload)]
pub struct Upload {
    pub customer: Uuid,
    pub name: FileName,
    /// Who may read it. Left out: internal.
    #[serde(default = "internal")]
    pub scope: NoteScope,
    pub size_bytes: u64,
    /// In hexadecimal digits.
    pub sha256: String,
    /// What its first bytes tell.
    pub media_type: String,
    #[serde(skip)]
    pub customer_fact: Option<CustomerFact>,
}

fn internal() -> NoteScope {
    NoteScope::Internal
}

impl Data for Upload {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Customer(self.customer)]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::Customer { id, customer } = fact
            && *id == self.customer
        {
            self.customer_fact.clone_from(customer);
        }
    }
}

/// Gives a file another name.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = file::Rename)]
pub struct Rename {
    pub name: FileName,
}

plain!(Rename);

/// Brings a removed file back.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = file::Restore)]
pub struct Restore {
    /// How long ago it was removed; nothing where that was decided only now.
    #[serde(skip)]
    pub removed_for: Option<SignedDuration>,
}

impl Data for Restore {
    fn needs(&self) -> Vec<Need> {
        vec![Need::RemovedFor]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::RemovedFor(time) = fact {
            self.removed_for = *time;
        }
    }
}

/// Whose file it is, and who may read it, in each of its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Subject {
    pub customer: Uuid,
    pub scope: NoteScope,
    pub name: Personal<String>,
}

/// A file's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "file.uploaded")]
    Uploaded {
        #[serde(flatten)]
        subject: Subject,
        size_bytes: u64,
        /// Whoever has the same file would know it again by this.
        sha256: Personal<String>,
        media_type: String,
    },
    #[serde(rename = "file.renamed")]
    Renamed {
        #[serde(flatten)]
        subject: Subject,
        from: Personal<String>,
    },
    #[serde(rename = "file.removed")]
    Removed {
        #[serde(flatten)]
        subject: Subject,
    },
    #[serde(rename = "file.restored")]
    Restored {
        #[serde(flatten)]
        subject: Subject,
    },
}

/// A file as its decider sees it; none before it was uploaded.
pub type State = Option<Known>;

/// A file that is or was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub subject: Subject,
    pub size_bytes: u64,
    pub media_type: String,
    pub removed: bool,
}

/// Why a file's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such file")]
    NotFound,
    #[error("this file exists already")]
    Exists,
    #[error("the file was removed; restore it first")]
    Removed,
    #[error(
        "the file was removed more than {RESTORABLE_DAYS} days ago, and its bytes are gone; \
         upload it again"
    )]
    RestoreTooLate,
    #[error("there is no such customer")]
    CustomerNotFound,
    #[error("the customer is archived; restore it first")]
    CustomerArchived,
    #[error("the customer was erased")]
    CustomerErased,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "file_not_found",
            Self::Exists => "file_exists",
            Self::Removed => "file_removed",
            Self::RestoreTooLate => "file_gone",
            Self::CustomerNotFound => "customer_not_found",
            Self::CustomerArchived => "customer_archived",
            Self::CustomerErased => "customer_erased",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::CustomerNotFound | Self::CustomerArchived | Self::CustomerErased => {
                Some("/customer")
            }
            Self::NotFound | Self::Exists | Self::Removed | Self::RestoreTooLate => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
            Self::Removed
            | Self::RestoreTooLate
            | Self::CustomerNotFound
            | Self::CustomerArchived
            | Self::CustomerErased => RefusalKind::Rule,
        }
    }
}

impl Decider for File {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "file";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        let Some(file) = state else {
            return match command {
                Command::Upload(upload) => self::upload(upload),
                Command::Rename(_) | Command::Remove(_) | Command::Restore(_) => {
                    Err(Error::NotFound)
                }
            };
        };
        let subject = file.subject.clone();
        match (file.removed, command) {
            (_, Command::Upload(_)) => Err(Error::Exists),
            (false, Command::Rename(rename)) => Ok(self::rename(subject, rename)),
            (false, Command::Remove(_)) => Ok(vec![Event::Removed { subject }]),
            (true, Command::Restore(restore)) => self::restore(subject, &restore),
            (false, Command::Restore(_)) | (true, Command::Remove(_)) => Ok(Vec::new()),
            (true, Command::Rename(_)) => Err(Error::Removed),
        }
    }

    fn evolve(state: State, event: &Event) -> State {
        let removed = |state: State, removed| state.map(|file| Known { removed, ..file });
        match event {
            Event::Uploaded { subject, size_bytes, sha256: _, media_type } => Some(Known {
                subject: subject.clone(),
                size_bytes: *size_bytes,
                media_type: media_type.clone(),
                removed: false,
            }),
            Event::Renamed { subject, from: _ } => {
                state.map(|file| Known { subject: subject.clone(), ..file })
            }
            Event::Removed { subject: _ } => removed(state, true),
            Event::Restored { subject: _ } => removed(state, false),
        }
    }
}

fn upload(upload: Upload) -> Result<Vec<Event>, Error> {
    match &upload.customer_fact {
        None => return Err(Error::CustomerNotFound),
        Some(customer) if customer.erased => return Err(Error::CustomerErased),
        Some(customer) if customer.archived => return Err(Error::CustomerArchived),
        Some(_) => {}
    }
    let name = Personal::Known(upload.name.into());
    Ok(vec![Event::Uploaded {
        subject: Subject { customer: upload.customer, scope: upload.scope, name },
        size_bytes: upload.size_bytes,
        sha256: Personal::Known(upload.sha256),
        media_type: upload.media_type,
    }])
}

fn rename(subject: Subject, rename: Rename) -> Vec<Event> {
    let name = Personal::Known(rename.name.into());
    if subject.name == name {
        return Vec::new();
    }
    let from = subject.name.clone();
    vec![Event::Renamed { subject: Subject { name, ..subject }, from }]
}

fn restore(subject: Subject, restore: &Restore) -> Result<Vec<Event>, Error> {
    let restorable = SignedDuration::from_hours(24 * RESTORABLE_DAYS);
    if restore.removed_for.is_some_and(|time| time > restorable) {
        return Err(Error::RestoreTooLate);
    }
    Ok(vec![Event::Restored { subject }])
}

impl Command {
    /// Whether it writes a file that is not there yet: a scope out of reach is no secret then.
    pub fn is_upload(&self) -> bool {
        matches!(self, Self::Upload(_))
    }

    /// The scope of the file that it writes or touches.
    pub fn scope(&self, state: &State) -> Option<NoteScope> {
        match self {
            Self::Upload(upload) => Some(upload.scope),
            Self::Rename(_) | Self::Remove(_) | Self::Restore(_) => {
                state.as_ref().map(|file| file.subject.scope)
            }
        }
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] =
        &["file.uploaded", "file.renamed", "file.removed", "file.restored"];

    pub fn subject(&self) -> &Subject {
        match self {
            Self::Uploaded { subject, .. }
            | Self::Renamed { subject, .. }
            | Self::Removed { subject }
            | Self::Restored { subject } => subject,
        }
    }

    pub fn claims(&self) -> Vec<ClaimChange> {
        Vec::new()
    }

    /// The customer whose file it is.
    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        Some(self.subject().customer)
    }

    pub fn key_id(&self, stream_id: Uuid) -> Option<Uuid> {
        self.customer_id(stream_id)
    }

    pub fn sentence(&self) -> String {
        let Subject { scope, name, .. } = self.subject();
        match self {
            Self::Uploaded { .. } => format!("uploaded the file {} ({scope})", quoted(name)),
            Self::Renamed { from, .. } => {
                format!("renamed the file {} to {} ({scope})", quoted(from), quoted(name))
            }
            Self::Removed { .. } => format!("removed the file {} ({scope})", quoted(name)),
            Self::Restored { .. } => {
                format!("brought the file {} back ({scope})", quoted(name))
            }
        }
    }
}

#[cfg(test)]
mod tests;
