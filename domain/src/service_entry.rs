//! A service entry: a delivery, an installation or a service case of a customer.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
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
use crate::sentence::{quoted, reason};
use crate::value::{Name, Text, words};

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct ServiceEntry;

/// What can be asked of a service entry.
#[expect(clippy::large_enum_variant, reason = "a command is moved once or twice")]
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Add(Add),
    Reschedule(Reschedule),
    Complete(Nothing),
    Cancel(Cancel),
    Reopen(Nothing),
}

words! {
    /// What is done for the customer.
    ServiceKind {
        Delivery = "delivery",
        Installation = "installation",
        ServiceCase = "service_case",
    }
}

words! {
    /// Where a service entry stands.
    ServiceState {
        Scheduled = "scheduled",
        Completed = "completed",
        Cancelled = "cancelled",
    }
}

/// A day, or a moment of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum When {
    Day(Date),
    Moment(Timestamp),
}

/// Why something is neither a day nor a moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither a day such as 2026-12-01 nor a moment such as 2026-12-01T09:30:00Z")]
pub struct NoTime(String);

impl When {
    /// The moment by which entries are sorted: a day counts from its beginning in UTC.
    pub fn sorted(self) -> Timestamp {
        match self {
            Self::Day(day) => {
                day.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |start| start.timestamp())
            }
            Self::Moment(moment) => moment,
        }
    }
}

impl TryFrom<String> for When {
    type Error = NoTime;

    fn try_from(text: String) -> Result<Self, NoTime> {
        if let Ok(moment) = text.parse() {
            return Ok(Self::Moment(moment));
        }
        // A time of day without an offset would be lost here.
        let day = text.parse().ok().filter(|day: &Date| day.to_string() == text);
        day.map(Self::Day).ok_or(NoTime(text))
    }
}

impl From<When> for String {
    fn from(when: When) -> Self {
        match when {
            When::Day(day) => day.to_string(),
            When::Moment(moment) => moment.to_string(),
        }
    }
}

impl std::fmt::Display for When {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&String::from(*self))
    }
}

/// Puts an entry on the customer's service timeline.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = service_entry::Add)]
pub struct Add {
    pub customer: Uuid,
    pub kind: ServiceKind,
    pub title: Name,
    /// A day, or a moment.
    #[schema(value_type = String, example = "2026-12-01")]
    pub scheduled_for: When,
    /// Left out: scheduled.
    #[serde(default = "scheduled")]
    pub state: ServiceState,
    #[serde(skip)]
    pub customer_fact: Option<CustomerFact>,
}

fn scheduled() -> ServiceState {
    ServiceState::Scheduled
}

impl Data for Add {
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

/// Moves an entry to another time.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = service_entry::Reschedule)]
pub struct Reschedule {
    /// A day, or a moment.
    #[schema(value_type = String, example = "2026-12-03")]
    pub scheduled_for: When,
}

/// Calls an entry off.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = service_entry::Cancel)]
pub struct Cancel {
    pub reason: Option<Text>,
}

plain!(Reschedule, Cancel);

/// What an entry is about, in each of its events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Subject {
    pub customer: Uuid,
    pub kind: ServiceKind,
    pub title: Personal<String>,
}

/// A service entry's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "service_entry.added")]
    Added {
        #[serde(flatten)]
        subject: Subject,
        #[schema(value_type = String)]
        scheduled_for: When,
        state: ServiceState,
    },
    #[serde(rename = "service_entry.rescheduled")]
    Rescheduled {
        #[serde(flatten)]
        subject: Subject,
        #[schema(value_type = String)]
        from: When,
        #[schema(value_type = String)]
        to: When,
    },
    #[serde(rename = "service_entry.completed")]
    Completed {
        #[serde(flatten)]
        subject: Subject,
    },
    #[serde(rename = "service_entry.cancelled")]
    Cancelled {
        #[serde(flatten)]
        subject: Subject,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    /// It is scheduled again.
    #[serde(rename = "service_entry.reopened")]
    Reopened {
        #[serde(flatten)]
        subject: Subject,
        from: ServiceState,
    },
}

/// An entry as its decider sees it; none before it was added.
pub type State = Option<Known>;

/// An entry that is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    pub subject: Subject,
    pub scheduled_for: When,
    pub state: ServiceState,
}

/// Why a service entry's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such service entry")]
    NotFound,
    #[error("this service entry exists already")]
    Exists,
    #[error("the service entry is {state}; reopen it first")]
    Closed { state: ServiceState },
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
            Self::NotFound => "service_entry_not_found",
            Self::Exists => "service_entry_exists",
            Self::Closed { .. } => "service_entry_closed",
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
            Self::NotFound | Self::Exists | Self::Closed { .. } => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
            Self::Closed { .. }
            | Self::CustomerNotFound
            | Self::CustomerArchived
            | Self::CustomerErased => RefusalKind::Rule,
        }
    }
}

impl Decider for ServiceEntry {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "service_entry";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        use ServiceState::{Cancelled, Completed, Scheduled};
        let Some(entry) = state else {
            return match command {
                Command::Add(add) => self::add(add),
                Command::Reschedule(_)
                | Command::Complete(_)
                | Command::Cancel(_)
                | Command::Reopen(_) => Err(Error::NotFound),
            };
        };
        let (state, subject) = (entry.state, entry.subject.clone());
        match (state, command) {
            (_, Command::Add(_)) => Err(Error::Exists),
            (Scheduled, Command::Reschedule(to)) => Ok(reschedule(entry, &to)),
            (Scheduled, Command::Complete(_)) => Ok(vec![Event::Completed { subject }]),
            (Scheduled, Command::Cancel(cancel)) => {
                let reason = cancel.reason.map(|reason| Personal::Known(reason.into()));
                Ok(vec![Event::Cancelled { subject, reason }])
            }
            (Completed, Command::Complete(_))
            | (Cancelled, Command::Cancel(_))
            | (Scheduled, Command::Reopen(_)) => Ok(Vec::new()),
            (Completed | Cancelled, Command::Reopen(_)) => {
                Ok(vec![Event::Reopened { subject, from: state }])
            }
            (Completed | Cancelled, _) => Err(Error::Closed { state }),
        }
    }

    fn evolve(state: State, event: &Event) -> State {
        let now = |state: State, new| state.map(|entry| Known { state: new, ..entry });
        match event {
            Event::Added { subject, scheduled_for, state } => Some(Known {
                subject: subject.clone(),
                scheduled_for: *scheduled_for,
                state: *state,
            }),
            Event::Rescheduled { subject: _, from: _, to } => {
                state.map(|entry| Known { scheduled_for: *to, ..entry })
            }
            Event::Completed { subject: _ } => now(state, ServiceState::Completed),
            Event::Cancelled { subject: _, reason: _ } => now(state, ServiceState::Cancelled),
            Event::Reopened { subject: _, from: _ } => now(state, ServiceState::Scheduled),
        }
    }
}

fn add(add: Add) -> Result<Vec<Event>, Error> {
    match &add.customer_fact {
        None => return Err(Error::CustomerNotFound),
        Some(customer) if customer.erased => return Err(Error::CustomerErased),
        Some(customer) if customer.archived => return Err(Error::CustomerArchived),
        Some(_) => {}
    }
    let title = Personal::Known(add.title.into());
    let subject = Subject { customer: add.customer, kind: add.kind, title };
    Ok(vec![Event::Added { subject, scheduled_for: add.scheduled_for, state: add.state }])
}

fn reschedule(entry: &Known, to: &Reschedule) -> Vec<Event> {
    if entry.scheduled_for == to.scheduled_for {
        return Vec::new();
    }
    let (subject, from) = (entry.subject.clone(), entry.scheduled_for);
    vec![Event::Rescheduled { subject, from, to: to.scheduled_for }]
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &[
        "service_entry.added",
        "service_entry.rescheduled",
        "service_entry.completed",
        "service_entry.cancelled",
        "service_entry.reopened",
    ];

    fn subject(&self) -> &Subject {
        match self {
            Self::Added { subject, .. }
            | Self::Rescheduled { subject, .. }
            | Self::Completed { subject }
            | Self::Cancelled { subject, .. }
            | Self::Reopened { subject, .. } => subject,
        }
    }

    pub fn claims(&self) -> Vec<ClaimChange> {
        Vec::new()
    }

    /// The customer for whom it is done.
    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        Some(self.subject().customer)
    }

    pub fn key_id(&self, stream_id: Uuid) -> Option<Uuid> {
        self.customer_id(stream_id)
    }

    pub fn sentence(&self) -> String {
        let Subject { kind, title, .. } = self.subject();
        let entry = format!("the {} {}", kind.name().replace('_', " "), quoted(title));
        match self {
            Self::Added { scheduled_for, state: ServiceState::Scheduled, .. } => {
                format!("scheduled {entry} for {scheduled_for}")
            }
            Self::Added { scheduled_for, state, .. } => {
                format!("added {entry} of {scheduled_for}, {state}")
            }
            Self::Rescheduled { from, to, .. } => format!("moved {entry} from {from} to {to}"),
            Self::Completed { .. } => format!("completed {entry}"),
            Self::Cancelled { reason: why, .. } => {
                format!("cancelled {entry}{}", reason(why.as_ref()))
            }
            Self::Reopened { from, .. } => format!("reopened {entry}, which was {from}"),
        }
    }
}

#[cfg(test)]
mod tests;
