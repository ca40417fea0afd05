//! One run of a rule: begun by a person or by the clock where no event set it off, and
//! recorded when it has ended.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::ClaimChange;
use crate::command::{Data, Fact, Need, plain};
use crate::customer::Presence;
use crate::decider::Decider;
use crate::refusal::{Refusal, RefusalKind};
use crate::rule::Way;
use crate::sentence::count;
use crate::value::Outcome;

/// The aggregate. The matcher makes the id, from the rule and the event; of a run that a person asks
/// for, the shell does; of one that came due, it follows from rule, record and moment.
#[derive(Debug, Clone, Copy)]
pub struct RuleRun;

/// What can be asked of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Request(Request),
    ComeDue(ComeDue),
    Finish(Finish),
}

/// Has a rule run for a customer now, whatever it waits for and asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule_run::Request)]
pub struct Request {
    pub rule: Uuid,
    pub customer: Uuid,
    /// What was found of the two.
    #[serde(skip)]
    pub found: Option<RuleFact>,
}

/// Records that the moment has come at which a rule is to run for a customer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule_run::ComeDue)]
pub struct ComeDue {
    pub rule: Uuid,
    pub rule_version: i64,
    pub customer: Uuid,
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// The date that it is counted from, and what has that date.
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    pub record: Option<Uuid>,
}

plain!(ComeDue);

/// What a run by hand must know of its rule and of the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleFact {
    pub rule_version: i64,
    pub active: bool,
    pub archived: bool,
    pub presence: Presence,
    /// Whether the rule is for this customer.
    pub covers: bool,
}

impl Data for Request {
    fn needs(&self) -> Vec<Need> {
        vec![Need::RuleFor { rule: self.rule, customer: self.customer }]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::RuleFor(found) = fact {
            self.found = *found;
        }
    }
}

/// Records how a run ended. A failed one may be recorded again, with what came of it later.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule_run::Finish)]
pub struct Finish {
    pub rule: Uuid,
    pub rule_version: i64,
    /// The event that began it.
    pub trigger_event: Uuid,
    /// The customer that it ran for.
    pub customer: Option<Uuid>,
    pub outcome: Outcome,
    /// Why, in words that name nobody.
    pub reason: Option<String>,
    #[serde(default)]
    pub steps: Vec<StepResult>,
}

plain!(Finish);

/// How one step ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = rule_run::StepResult)]
pub struct StepResult {
    /// The step's id in its rule: "1", "2", "2.then.1"…
    pub step: String,
    pub action: String,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The way that a branch took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took: Option<Way>,
    /// The events that it made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Uuid>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Finished {
    pub rule: Uuid,
    pub rule_version: i64,
    pub trigger_event: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Uuid>,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepResult>,
}

impl From<Finish> for Finished {
    fn from(finish: Finish) -> Self {
        let Finish { rule, rule_version, trigger_event, customer, outcome, reason, steps } = finish;
        Self { rule, rule_version, trigger_event, customer, outcome, reason, steps }
    }
}

/// A run's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    /// By hand.
    #[serde(rename = "rule_run.requested")]
    Requested { rule: Uuid, rule_version: i64, customer: Uuid },
    /// By the clock.
    #[serde(rename = "rule_run.came_due")]
    CameDue {
        rule: Uuid,
        rule_version: i64,
        customer: Uuid,
        due_at: Timestamp,
        /// The date that it is counted from, and what has that date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<Date>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        record: Option<Uuid>,
    },
    #[serde(rename = "rule_run.finished")]
    Finished(Finished),
}

/// A run as its decider sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// By a person or by the clock.
    pub begun: bool,
    pub finished: Option<Outcome>,
}

/// Why a run's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is a run of this id already")]
    Exists,
    #[error("there is no such rule")]
    RuleNotFound,
    #[error("the rule is archived")]
    RuleArchived,
    #[error("the rule is switched off; switch it on before it is run by hand")]
    RuleNotActive,
    #[error("there is no such customer")]
    CustomerNotFound,
    #[error("the customer is archived; restore it first")]
    CustomerArchived,
    #[error("the customer was erased")]
    CustomerErased,
    #[error("the rule is not for this customer: its folders, types or tags leave it out")]
    OutsideScope,
    #[error("this run was recorded as {0} before")]
    Finished(Outcome),
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Exists => "rule_run_exists",
            Self::RuleNotFound => "rule_not_found",
            Self::RuleArchived => "rule_archived",
            Self::RuleNotActive => "rule_not_active",
            Self::CustomerNotFound => "customer_not_found",
            Self::CustomerArchived => "customer_archived",
            Self::CustomerErased => "customer_erased",
            Self::OutsideScope => "outside_rule_scope",
            Self::Finished(_) => "rule_run_finished",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::RuleNotFound | Self::RuleArchived | Self::RuleNotActive => Some("/rule"),
            Self::CustomerNotFound
            | Self::CustomerArchived
            | Self::CustomerErased
            | Self::OutsideScope => Some("/customer"),
            Self::Exists | Self::Finished(_) => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::Exists | Self::Finished(_) => RefusalKind::Conflict,
            Self::RuleNotFound | Self::CustomerNotFound => RefusalKind::NotFound,
            Self::RuleArchived
            | Self::RuleNotActive
            | Self::CustomerArchived
            | Self::CustomerErased
            | Self::OutsideScope => RefusalKind::Rule,
        }
    }
}

impl Decider for RuleRun {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "rule_run";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match (state.finished, command) {
            (None, Command::Request(request)) if !state.begun => requested(&request),
            (_, Command::Request(_)) => Err(Error::Exists),
            (None, Command::ComeDue(due)) if !state.begun => Ok(vec![due.into()]),
            (_, Command::ComeDue(_)) => Ok(Vec::new()),
            (Some(before), Command::Finish(finish)) if before == finish.outcome => Ok(Vec::new()),
            (None | Some(Outcome::Failed), Command::Finish(finish)) => {
                Ok(vec![Event::Finished(finish.into())])
            }
            (Some(before), Command::Finish(_)) => Err(Error::Finished(before)),
        }
    }

    fn evolve(state: State, event: &Event) -> State {
        match event {
            Event::Requested { .. } | Event::CameDue { .. } => State { begun: true, ..state },
            Event::Finished(finish) => State { finished: Some(finish.outcome), ..state },
        }
    }
}

fn requested(request: &Request) -> Result<Vec<Event>, Error> {
    let RuleFact { rule_version, active, archived, presence, covers } =
        request.found.ok_or(Error::RuleNotFound)?;
    match presence {
        Presence::Absent => return Err(Error::CustomerNotFound),
        Presence::Archived => return Err(Error::CustomerArchived),
        Presence::Erased => return Err(Error::CustomerErased),
        Presence::Present if archived => return Err(Error::RuleArchived),
        Presence::Present if !active => return Err(Error::RuleNotActive),
        Presence::Present if !covers => return Err(Error::OutsideScope),
        Presence::Present => {}
    }
    let (rule, customer) = (request.rule, request.customer);
    Ok(vec![Event::Requested { rule, rule_version, customer }])
}

impl From<ComeDue> for Event {
    fn from(due: ComeDue) -> Self {
        let ComeDue { rule, rule_version, customer, due_at, on, record } = due;
        Self::CameDue { rule, rule_version, customer, due_at, on, record }
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] =
        &["rule_run.requested", "rule_run.came_due", "rule_run.finished"];

    pub fn claims(&self) -> Vec<ClaimChange> {
        Vec::new()
    }

    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        match self {
            Self::Requested { customer, .. } | Self::CameDue { customer, .. } => Some(*customer),
            Self::Finished(finish) => finish.customer,
        }
    }

    /// It holds nothing personal.
    pub fn key_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    pub fn sentence(&self) -> String {
        let finish = match self {
            Self::Requested { .. } => return "had a rule run for the customer".to_owned(),
            Self::CameDue { due_at, .. } => {
                return format!("found a rule due for the customer at {due_at}");
            }
            Self::Finished(finish) => finish,
        };
        let steps = count(finish.steps.len(), "step", "steps");
        let reason = finish.reason.as_ref().map(|reason| format!(": {reason}"));
        let (outcome, reason) = (finish.outcome, reason.unwrap_or_default());
        format!("ran a rule for the customer, {steps}, {outcome}{reason}")
    }
}

#[cfg(test)]
mod tests;
