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
        Self { recorded, event: OnceLock::new() }
    }
}

impl From<Read> for Item {
    fn from(read: Read) -> Self {
        let event = OnceLock::new();
        if let Some(error) = read.broken {
            // The cell is empty, so this cannot fail.
            let _ = event.set(Err(Unreadable::new(&error)));
        }
        Self { recorded: read.recorded, event }
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Recorded { type_name, lane, position, sequence, .. } = &self.recorded;
        write!(formatter, "{type_name} (lane {lane}, position {position}, sequence {sequence})")
    }
}
