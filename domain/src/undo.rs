//! Taking a change back (FEATURES decision 22): by which commands, and why it cannot be done.
//!
//! What one can do one can take back as long as nothing rests on it: nobody changed the same part
//! of the record since. What takes a change back is a change like every other, so it can be taken
//! back as well.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::access::{self, Action, Facts, Principal};
use crate::event::DecodeError;
use crate::refusal::{Refusal, RefusalKind};
use crate::{Actor, Command, Event, Metadata, Personal, Recorded};

mod customer;
mod file;
mod instead;
mod service_entry;
mod task;

/// For how long a change can be undone.
const UNDOABLE_DAYS: i64 = 30;

/// An event of a record, as far as undoing needs to know it.
#[derive(Debug, Clone)]
pub struct Change {
    pub id: Uuid,
    pub type_name: String,
    pub event: Event,
    pub metadata: Metadata,
    pub recorded_at: Timestamp,
}

/// Why a change cannot be undone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the record has no such change")]
    NotFound,
    #[error("you can undo what you did yourself; somebody else did this")]
    NotOwn,
    #[error("a change can be undone for {UNDOABLE_DAYS} days, and this one is older")]
    TooOld,
    #[error("this cannot be undone: {instead}")]
    NoInverse { instead: &'static str },
    #[error("this was undone before")]
    UndoneBefore { by: Uuid },
    #[error("the same was changed again since, by {type_name}; undo that first")]
    ChangedSince { event: Uuid, type_name: String },
    #[error("what stood there before does not fit any more: {0}")]
    DoesNotFit(String),
    #[error("the person was erased")]
    Erased,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NotOwn => "not_your_change",
            Self::TooOld => "undo_too_late",
            Self::NoInverse { .. } | Self::DoesNotFit(_) => "not_undoable",
            Self::UndoneBefore { .. } => "undone_before",
            Self::ChangedSince { .. } => "changed_since",
            Self::Erased => "customer_erased",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::UndoneBefore { .. } | Self::ChangedSince { .. } => RefusalKind::Conflict,
            Self::Erased => RefusalKind::Gone,
            Self::NotOwn | Self::TooOld | Self::NoInverse { .. } | Self::DoesNotFit(_) => {
                RefusalKind::Rule
            }
        }
    }

    fn extras(&self) -> Map<String, Value> {
        let mut extras = Map::new();
        if let Self::UndoneBefore { by: event } | Self::ChangedSince { event, .. } = self {
            extras.insert("event".to_owned(), event.to_string().into());
        }
        extras
    }
}

impl Change {
    /// The change that an event of the log is.
    pub fn of(recorded: &Recorded) -> Result<Self, DecodeError> {
        Ok(Self {
            id: recorded.event_id,
            type_name: recorded.type_name.clone(),
            event: recorded.event()?,
            metadata: recorded.metadata.clone(),
            recorded_at: recorded.recorded_at,
        })
    }

    /// The event that it takes back, if it does so.
    fn undone(&self) -> Option<Uuid> {
        self.metadata.causation_id.filter(|_| self.metadata.undoes)
    }

    /// Whether both came about by one command.
    fn is_one_with(&self, other: &Self) -> bool {
        self.metadata.correlation_id == other.metadata.correlation_id
            && self.recorded_at == other.recorded_at
    }
}

/// Whether somebody may undo what is done by an actor: their own, also what an app or a rule did
/// in their name. Who administers the organisation undoes everybody's.
fn may_undo(principal: &Principal, metadata: &Metadata) -> bool {
    let own = match metadata.actor {
        Actor::User { id } => id == principal.user,
        Actor::Service { .. } | Actor::Automation { .. } => {
            metadata.on_behalf_of == Some(principal.user)
        }
        Actor::System => false,
    };
    own || access::decide(principal, Action::OrganisationAdmin, &Facts::default()).allowed
}

/// The commands that take back an event, given all events of its record in order: whoever may not
/// issue them may not undo it either.
pub fn inverse(record: &[Change], stream_id: Uuid, event_id: Uuid) -> Result<Vec<Command>, Error> {
    Past::of(record, event_id)?.inverse(stream_id)
}

/// Whether somebody may undo the event now.
pub fn check(
    record: &[Change],
    event_id: Uuid,
    principal: &Principal,
    now: Timestamp,
) -> Result<(), Error> {
    let past = Past::of(record, event_id)?;
    if !may_undo(principal, &past.change.metadata) {
        return Err(Error::NotOwn);
    }
    let age = now.duration_since(past.change.recorded_at);
    if age > SignedDuration::from_hours(24 * UNDOABLE_DAYS) {
        return Err(Error::TooOld);
    }
    past.is_last_word()
}

/// A part of a record that an event is about: a field, or one of many under a field.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part(&'static str, String);

/// All of the record.
const ALL: &str = "*";

fn field(name: &'static str) -> Part {
    Part(name, String::new())
}

fn one_of(name: &'static str, which: impl ToString) -> Part {
    Part(name, which.to_string())
}

fn meet(left: &[Part], right: &[Part]) -> bool {
    let all = |parts: &[Part]| parts.iter().any(|part| part.0 == ALL);
    all(left) || all(right) || left.iter().any(|part| right.contains(part))
}

fn parts_of(event: &Event) -> Vec<Part> {
    if let Event::Customer(event) = event {
        return customer::parts(event);
    }
    if let Event::Task(event) = event {
        return task::parts(event);
    }
    if let Event::ServiceEntry(event) = event {
        return service_entry::parts(event);
    }
    if let Event::File(event) = event {
        return file::parts(event);
    }
    vec![field(ALL)]
}

/// A change of one record, with what came before and after it.
struct Past<'a> {
    earlier: &'a [Change],
    change: &'a Change,
    /// What followed of the same command.
    together: &'a [Change],
    later: &'a [Change],
}

impl<'a> Past<'a> {
    fn of(record: &'a [Change], event_id: Uuid) -> Result<Self, Error> {
        let place = record.iter().position(|change| change.id == event_id);
        let (earlier, rest) = record.split_at(place.ok_or(Error::NotFound)?);
        let (change, rest) = rest.split_first().ok_or(Error::NotFound)?;
        let count = rest.iter().take_while(|other| other.is_one_with(change)).count();
        let (together, later) = rest.split_at(count);
        Ok(Self { earlier, change, together, later })
    }

    fn inverse(&self, id: Uuid) -> Result<Vec<Command>, Error> {
        if let Event::Customer(event) = &self.change.event {
            let commands = customer::inverse(self, event)?;
            let commands = commands.into_iter();
            return Ok(commands.map(|command| Command::Customer { id, command }).collect());
        }
        if let Event::Task(event) = &self.change.event {
            return Ok(vec![Command::Task { id, command: task::inverse(event)? }]);
        }
        if let Event::ServiceEntry(event) = &self.change.event {
            let command = service_entry::inverse(self, event)?;
            return Ok(vec![Command::ServiceEntry { id, command }]);
        }
        if let Event::File(event) = &self.change.event {
            return Ok(vec![Command::File { id, command: file::inverse(event)? }]);
        }
        Err(Error::NoInverse { instead: instead::of(&self.change.event) })
    }

    /// What must not have been changed since.
    fn parts(&self) -> Vec<Part> {
        let mut parts = parts_of(&self.change.event);
        if let Event::Customer(crate::customer::Event::FolderMoved { .. }) = self.change.event {
            // The status that the move brought along goes back with it.
            parts.extend(self.together.iter().flat_map(|change| parts_of(&change.event)));
        }
        parts
    }

    /// Whether nothing that happened later rests on the change.
    fn is_last_word(&self) -> Result<(), Error> {
        let parts = self.parts();
        let concerns = |other: &&Change| meet(&parts, &parts_of(&other.event));
        let mut standing: Vec<Vec<&Change>> = Vec::new();
        for other in self.later.iter().filter(concerns) {
            match standing.last_mut() {
                Some(group) if group.iter().any(|one| one.is_one_with(other)) => group.push(other),
                Some(_) | None => standing.push(vec![other]),
            }
        }
        let mut left: Vec<Vec<&Change>> = Vec::new();
        for group in standing {
            let undone = group.iter().find_map(|other| other.undone());
            let is_it = |kept: &Vec<&Change>| kept.iter().any(|one| Some(one.id) == undone);
            match left.iter().position(is_it) {
                // What was done and undone since leaves things as they were.
                Some(place) => drop(left.remove(place)),
                None => left.push(group),
            }
        }
        let Some(first) = left.first().and_then(|group| group.first()) else { return Ok(()) };
        let mut own = [self.change].into_iter().chain(self.together);
        if first.undone().is_some_and(|undone| own.any(|change| change.id == undone)) {
            return Err(Error::UndoneBefore { by: first.id });
        }
        Err(Error::ChangedSince { event: first.id, type_name: first.type_name.clone() })
    }
}

/// A value of before, checked as one that comes in.
fn again<T, E>(value: impl Into<String>) -> Result<T, Error>
where
    T: TryFrom<String, Error = E>,
    E: std::fmt::Display,
{
    T::try_from(value.into()).map_err(|error| Error::DoesNotFit(error.to_string()))
}

/// A personal value of before.
fn known<T: Clone>(value: &Personal<T>) -> Result<T, Error> {
    value.known().cloned().ok_or(Error::Erased)
}

/// A personal text of before.
fn text<T, E>(value: &Personal<String>) -> Result<T, Error>
where
    T: TryFrom<String, Error = E>,
    E: std::fmt::Display,
{
    again(known(value)?)
}

/// The same where it need not be there.
fn maybe<T, E>(value: Option<&Personal<String>>) -> Result<Option<T>, Error>
where
    T: TryFrom<String, Error = E>,
    E: std::fmt::Display,
{
    value.map(text).transpose()
}

#[cfg(test)]
mod tests;
