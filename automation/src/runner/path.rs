//! The way of a run through the steps of its rule; what runs and rehearsals have in common.

use domain::Command;
use domain::rule::{Definition, Step, Way};
use domain::rule_run::StepResult;
use domain::value::Outcome;
use jiff::Timestamp;
use uuid::Uuid;

use crate::actions::Reaction;
use crate::runs::State;

/// How a step ended, and what comes after it.
pub(crate) struct Came {
    pub(crate) result: StepResult,
    pub(crate) next: Onward,
}

impl From<StepResult> for Came {
    fn from(result: StepResult) -> Self {
        Self { result, next: Onward::Rest }
    }
}

/// What comes after a step.
pub(crate) enum Onward {
    Rest,
    /// The rest, but not before then.
    Later(Timestamp),
    Nothing,
}

/// What a reaction asks of the run.
pub(crate) enum Turn {
    Came(Came),
    Issue(Box<Command>),
    /// This webhook is told.
    Call(Uuid),
    Unreadable(String),
}

/// What a step's reaction means for the run.
pub(crate) fn turn(id: &str, step: &Step, reaction: Reaction) -> Turn {
    let came = |outcome, reason: String, next| {
        Turn::Came(Came { result: result(id, step, outcome, Some(reason)), next })
    };
    match reaction {
        Reaction::Do(command) => Turn::Issue(command),
        Reaction::Call(webhook) => Turn::Call(webhook),
        Reaction::Nothing(reason) => came(Outcome::Skipped, reason.to_owned(), Onward::Rest),
        Reaction::Stop(reason) => came(Outcome::Skipped, reason.to_owned(), Onward::Nothing),
        Reaction::Wait(until) => {
            came(Outcome::Done, format!("until {until}"), Onward::Later(until))
        }
        Reaction::Take(way) => {
            let reason = match way {
                Way::Then => "the condition holds",
                Way::Else => "the condition does not hold",
            };
            let result = result(id, step, Outcome::Done, Some(reason.to_owned()));
            Turn::Came(StepResult { took: Some(way), ..result }.into())
        }
        Reaction::Unreadable(reason) => Turn::Unreadable(reason),
    }
}

/// The step that comes after these.
pub(crate) fn next<'a>(
    definition: &'a Definition,
    done: &[StepResult],
) -> Option<(String, &'a Step)> {
    let took = |id: &str| done.iter().find(|result| result.step == id)?.took;
    definition.path(took).into_iter().nth(done.len())
}

/// What is left is not done: it was meant to come after what went before.
pub(crate) fn skip_rest(done: &mut Vec<StepResult>, definition: &Definition, reason: &str) {
    while let Some((id, step)) = next(definition, done) {
        done.push(result(&id, step, Outcome::Skipped, Some(reason.to_owned())));
    }
}

/// A step's result without events.
pub(crate) fn result(
    id: &str,
    step: &Step,
    outcome: Outcome,
    reason: Option<String>,
) -> StepResult {
    let (step, action) = (id.to_owned(), step.action().to_owned());
    StepResult { step, action, outcome, reason, took: None, events: Vec::new() }
}

/// A run ends like that of its steps which most wants a person's eye.
pub(crate) fn ending(steps: &[StepResult]) -> (State, Option<String>) {
    let order = [
        (Outcome::Failed, State::Failed),
        (Outcome::Blocked, State::Blocked),
        (Outcome::Withheld, State::Withheld),
        (Outcome::Done, State::Done),
    ];
    let acts = |step: &&StepResult| !Step::STEERING.contains(&step.action.as_str());
    for (outcome, state) in order {
        let mut found = steps.iter().filter(|step| step.outcome == outcome);
        let found = if outcome == Outcome::Done { found.find(acts) } else { found.next() };
        if let Some(step) = found {
            return (state, step.reason.clone());
        }
    }
    let skipped = steps.iter().find(|step| step.outcome == Outcome::Skipped);
    (State::Skipped, skipped.or_else(|| steps.first()).and_then(|step| step.reason.clone()))
}

#[cfg(test)]
mod tests;
