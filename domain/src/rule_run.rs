//! One run of a rule, recorded when it has ended.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::ClaimChange;
use crate::command::plain;
use crate::decider::Decider;
use crate::refusal::{Refusal, RefusalKind};
use crate::rule::Way;
use crate::sentence::count;
use crate::value::Outcome;

/// The aggregate. The matcher makes the id, from the rule and the event.
#[derive(Debug, Clone, Copy)]
pub struct RuleRun;

/// What can be asked of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Finish(Finish),
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
    #[serde(rename = "rule_run.finished")]
    Finished(Finished),
}

/// A run as its decider sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub finished: Option<Outcome>,
}

/// Why a run's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("this run was recorded as {0} before")]
    Finished(Outcome),
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Finished(_) => "rule_run_finished",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::Finished(_) => RefusalKind::Conflict,
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
            (Some(before), Command::Finish(finish)) if before == finish.outcome => Ok(Vec::new()),
            (None | Some(Outcome::Failed), Command::Finish(finish)) => {
                Ok(vec![Event::Finished(finish.into())])
            }
            (Some(before), Command::Finish(_)) => Err(Error::Finished(before)),
        }
    }

    fn evolve(_state: State, event: &Event) -> State {
        match event {
            Event::Finished(finish) => State { finished: Some(finish.outcome) },
        }
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &["rule_run.finished"];

    pub fn claims(&self) -> Vec<ClaimChange> {
        Vec::new()
    }

    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        match self {
            Self::Finished(finish) => finish.customer,
        }
    }

    /// It holds nothing personal.
    pub fn key_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    pub fn sentence(&self) -> String {
        let Self::Finished(finish) = self;
        let steps = count(finish.steps.len(), "step", "steps");
        let reason = finish.reason.as_ref().map(|reason| format!(": {reason}"));
        let (outcome, reason) = (finish.outcome, reason.unwrap_or_default());
        format!("ran a rule for the customer, {steps}, {outcome}{reason}")
    }
}

#[cfg(test)]
mod tests;
