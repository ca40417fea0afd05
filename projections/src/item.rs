//! An event on its way into the read models: decoded once, however many of them look at it.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use domain::{Event, Recorded};
use eventstore::Read;
use uuid::Uuid;

/// Why an event cannot be understood; the text of the whole chain of causes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(Arc<str>);

impl Unreadable {
    pub(crate) fn new(error: &dyn std::error::Error) -> Self {
        Self(chain(error).into())
    }
}

/// The error and its causes in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// An event of the log with its typed form, made when it is first asked for.
pub struct Item {
    recorded: Recorded,
    event: OnceLock<Result<Event, Unreadable>>,
    broken: bool,
}

impl Item {
    /// What happened, typed.
    pub fn event(&self) -> Result<&Event, &Unreadable> {
        let decode = || self.recorded.event().map_err(|error| Unreadable::new(&error));
        self.event.get_or_init(decode).as_ref()
    }

    /// The unit that is folded, parked and rebuilt as one: the customer that the event is about,
    /// else its own stream.
    pub fn subject(&self) -> Uuid {
        self.recorded.customer_id.unwrap_or(self.recorded.stream_id)
    }

    /// Whether its bytes could not be opened: there is no body.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// Whether its kind or its name is among these.
    pub fn is_one_of(&self, names: &[&str]) -> bool {
        names.contains(&self.type_name.as_str()) || names.contains(&self.kind())
    }

    /// The kind of its stream: the part of its name before the dot.
    pub fn kind(&self) -> &str {
        self.recorded.type_name.split('.').next().unwrap_or_default()
    }
}

impl Deref for Item {
    type Target = Recorded;

    fn deref(&self) -> &Recorded {
        &self.recorded
    }
}

impl From<Recorded> for Item {
    fn from(recorded: Recorded) -> Self {
        Self { recorded, event: OnceLock::new(), broken: false }
    }
}

impl From<Read> for Item {
    fn from(read: Read) -> Self {
        let broken = read.broken.is_some();
        let event = match read.broken {
            Some(error) => OnceLock::from(Err(Unreadable::new(&error))),
            None => OnceLock::new(),
        };
        Self { recorded: read.recorded, event, broken }
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Recorded { type_name, lane, position, sequence, .. } = &self.recorded;
        write!(formatter, "{type_name} (lane {lane}, position {position}, sequence {sequence})")
    }
}
