//! For whom an event of a customer is. What a customer's row tells of time is kept for each
//! audience, so that a reader's row moves only with what the reader sees.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use domain::Recorded;
use domain::access::{Action, FieldGroup, RowScope, Scope};
use domain::value::NoteScope;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::read_model::Unfoldable;

/// Readers who see the same events of a customer that they see. What it says of an event is what
/// [`is_visible`](crate::redaction::is_visible) says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Audience {
    Everybody,
    Contact,
    Financial,
    Risk,
    /// Who reaches every customer, and so the other end of a link too.
    Links,
    /// Who reads notes of this scope.
    Notes(NoteScope),
    /// Who reads files of this scope.
    Files(NoteScope),
}

/// How far the events of a customer have come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The last sequence of the organisation.
    pub position: i64,
    pub updated_at: Timestamp,
    /// The latest moment in the world of which an event tells.
    pub last_activity_at: Timestamp,
}

/// The marks of each audience that an event was for.
pub type Marks = BTreeMap<Audience, Mark>;

impl Audience {
    /// By the event's name, since some events are only counted and never decoded.
    pub(crate) fn of(type_name: &str, body: &Value) -> Result<Self, Unfoldable> {
        let scope = || {
            let word = body.get("scope").and_then(Value::as_str);
            word.and_then(|word| word.parse().ok()).ok_or(Unfoldable::Field("scope"))
        };
        let (kind, name) = type_name.split_once('.').unwrap_or_default();
        Ok(match (kind, name.split('_').next().unwrap_or_default()) {
            ("account", _) => Self::Financial,
            ("file", _) => Self::Files(scope()?),
            ("customer", "note") => Self::Notes(scope()?),
            ("customer", "risk") => Self::Risk,
            ("customer", "email" | "phone" | "address") => Self::Contact,
            ("customer", "referrer" | "referral") => Self::Links,
            _ => Self::Everybody,
        })
    }

    /// Whether the reader belongs to it.
    pub fn includes(self, scope: &Scope) -> bool {
        match self {
            Self::Everybody => true,
            Self::Contact => scope.shows(FieldGroup::Contact),
            Self::Financial => scope.shows(FieldGroup::Financial),
            Self::Risk => scope.shows(FieldGroup::Risk),
            Self::Links => *scope.row_scope() == RowScope::All,
            Self::Notes(note) => scope.note_scopes().contains(&note),
            Self::Files(file) => scope.may(Action::FileRead) && scope.note_scopes().contains(&file),
        }
    }

    /// Those that the reader belongs to, unless that is all of them.
    pub fn limits(scope: &Scope) -> Option<Vec<Self>> {
        let mut limited = false;
        let own = Self::all().filter(|audience| {
            let includes = audience.includes(scope);
            limited |= !includes;
            includes
        });
        let own: Vec<Self> = own.collect();
        limited.then_some(own)
    }

    fn all() -> impl Iterator<Item = Self> {
        let scopes = NoteScope::ALL.iter().copied();
        [Self::Everybody, Self::Contact, Self::Financial, Self::Risk, Self::Links]
            .into_iter()
            .chain(scopes.clone().map(Self::Notes))
            .chain(scopes.map(Self::Files))
    }
}

impl Mark {
    pub(crate) fn of(item: &Recorded) -> Self {
        Self {
            position: item.sequence,
            updated_at: item.recorded_at,
            last_activity_at: item.effective_at(),
        }
    }

    /// Each as far as the one of the two that came further.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            position: self.position.max(other.position),
            updated_at: self.updated_at.max(other.updated_at),
            last_activity_at: self.last_activity_at.max(other.last_activity_at),
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everybody => formatter.write_str("everybody"),
            Self::Contact => formatter.write_str("contact"),
            Self::Financial => formatter.write_str("financial"),
            Self::Risk => formatter.write_str("risk"),
            Self::Links => formatter.write_str("links"),
            Self::Notes(scope) => write!(formatter, "notes.{scope}"),
            Self::Files(scope) => write!(formatter, "files.{scope}"),
        }
    }
}

/// A text that names no audience.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no audience")]
pub struct UnknownAudience(String);

impl FromStr for Audience {
    type Err = UnknownAudience;

    fn from_str(text: &str) -> Result<Self, UnknownAudience> {
        let unknown = || UnknownAudience(text.to_owned());
        let scope = |word: &str| word.parse().map_err(|_| unknown());
        match text.split_once('.').unwrap_or((text, "")) {
            ("everybody", "") => Ok(Self::Everybody),
            ("contact", "") => Ok(Self::Contact),
            ("financial", "") => Ok(Self::Financial),
            ("risk", "") => Ok(Self::Risk),
            ("links", "") => Ok(Self::Links),
            ("notes", word) => scope(word).map(Self::Notes),
            ("files", word) => scope(word).map(Self::Files),
            _ => Err(unknown()),
        }
    }
}

impl From<Audience> for String {
    fn from(audience: Audience) -> Self {
        audience.to_string()
    }
}

impl TryFrom<String> for Audience {
    type Error = UnknownAudience;

    fn try_from(text: String) -> Result<Self, UnknownAudience> {
        text.parse()
    }
}

#[cfg(test)]
mod tests;
