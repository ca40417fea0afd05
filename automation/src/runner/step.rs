//! One step of a run: what it comes to.

use domain::access::Principal;
use domain::customer::Customer;
use domain::organisation::Organisation;
use domain::rule::{Definition, Step, Way};
use domain::rule_run::StepResult;
use domain::value::Outcome;
use eventstore::{Done, Refused};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use uuid::Uuid;

use super::people::people;
use super::work::{Trouble, caller, options};
use crate::actions::{self, Cause, Reaction, react};
use crate::customers::{Unknown, at_event};
use crate::error::Error;
use crate::matcher::causes;
use crate::queue::{Claimed, Line};
use crate::{Shared, ids};

/// How a step ended, and what comes after it.
pub(super) struct Came {
    pub(super) result: StepResult,
    pub(super) next: Onward,
}

/// What comes after a step.
pub(super) enum Onward {
    Rest,
    /// The rest, but not before then.
    Later(Timestamp),
    Nothing,
}

/// Does a step, and says what came of it.
pub(super) async fn do_step(
    shared: &Shared,
    run: &Claimed,
    (principal, definition): (&Principal, &Definition),
    (id, step): (&str, &Step),
) -> Result<Came, Trouble> {
    let command_id = ids::step(run.rule, run.trigger_event, id);
    let people = match actions::asks_for(step) {
        Some(target) => people(shared, run, principal.user, target).await?,
        None => Vec::new(),
    };
    let facts = if actions::asks_for_facts(step) { facts(shared, run).await? } else { Value::Null };
    let cause = Cause {
        rule: run.rule,
        trigger: definition.trigger.clone(),
        zone: zone(shared, run, definition).await?,
        customer: run.line.customer,
        triggered_at: run.trigger_recorded_at,
        effect: command_id.id,
        people,
        reached: run.now,
        facts,
    };
    let ended = |outcome, reason: Option<String>, next| {
        Ok(Came { result: result(id, step, outcome, reason), next })
    };
    match react(step, &cause) {
        Reaction::Nothing(reason) => ended(Outcome::Skipped, Some(reason.to_owned()), Onward::Rest),
        Reaction::Stop(reason) => ended(Outcome::Skipped, Some(reason.to_owned()), Onward::Nothing),
        Reaction::Wait(until) => {
            ended(Outcome::Done, Some(format!("until {until}")), Onward::Later(until))
        }
        Reaction::Take(way) => {
            let reason = match way {
                Way::Then => "the condition holds",
                Way::Else => "the condition does not hold",
            };
            let mut result = result(id, step, Outcome::Done, Some(reason.to_owned()));
            result.took = Some(way);
            Ok(Came { result, next: Onward::Rest })
        }
        Reaction::Unreadable(reason) => Err(Trouble::Lasting(reason)),
        Reaction::Do(command) => {
            let caller = caller(run, principal.clone(), id);
            let answer = shared.store.execute(&caller, *command, &options(command_id)).await;
            let (outcome, reason, events) = judged(answer)?;
            let result = StepResult { events, ..result(id, step, outcome, reason) };
            Ok(Came { result, next: Onward::Rest })
        }
    }
}

/// Where the rule's clocks stand: at its own place, else at the organisation's.
async fn zone(
    shared: &Shared,
    run: &Claimed,
    definition: &Definition,
) -> Result<TimeZone, Trouble> {
    if let Some(zone) = definition.zone() {
        return Ok(zone);
    }
    let organisation = run.line.organisation;
    let loaded = shared.store.load::<Organisation>(organisation, organisation).await;
    Ok(loaded.map_err(Error::from)?.1.time_zone())
}

/// A step's result without events.
pub(super) fn result(
    id: &str,
    step: &Step,
    outcome: Outcome,
    reason: Option<String>,
) -> StepResult {
    let (step, action) = (id.to_owned(), step.action().to_owned());
    StepResult { step, action, outcome, reason, took: None, events: Vec::new() }
}

/// The event, and the customer before it, after it and now.
async fn facts(shared: &Shared, run: &Claimed) -> Result<Value, Trouble> {
    let Line { organisation, customer, .. } = run.line;
    let store = &shared.store;
    let trigger = store.read_event(organisation, run.trigger_event).await.map_err(Error::from)?;
    let Some(trigger) = trigger else {
        return Err(Trouble::Lasting("the event that set the rule off is not there".to_owned()));
    };
    let (before, after) =
        at_event(store, &trigger, customer).await.map_err(|error| match error {
            Unknown::Unreadable(reason) => Trouble::Lasting(reason),
            Unknown::Failed(error) => error.into(),
        })?;
    let now = store.load::<Customer>(organisation, customer).await;
    let (_, now) = now.map_err(Error::from)?;
    Ok(json!({
        "event": trigger.public_body(),
        "before": before.facts(),
        "after": after.facts(),
        "now": now.facts(),
    }))
}

type Judged = (Outcome, Option<String>, Vec<Uuid>);

/// What the answer to a step's command means for the step.
pub(super) fn judged(answer: Result<Done, Refused>) -> Result<Judged, Trouble> {
    match answer {
        Ok(done) if done.changed => {
            let withheld = done.events.iter().find(|event| event.type_name == "message.withheld");
            if let Some(withheld) = withheld {
                let reason = Some(withheld.event.sentence());
                return Ok((Outcome::Withheld, reason, vec![withheld.event_id]));
            }
            let events = done.events.iter().map(|receipt| receipt.event_id).collect();
            Ok((Outcome::Done, None, events))
        }
        Ok(_) => Ok((Outcome::Skipped, Some("there was nothing to change".to_owned()), Vec::new())),
        Err(
            refused @ (Refused::Denied(_)
            | Refused::NotFound
            | Refused::Erased
            | Refused::Rejected(_)
            | Refused::ClaimTaken { .. }
            | Refused::VersionConflict { .. }),
        ) => Ok((Outcome::Blocked, Some(refused.to_string()), Vec::new())),
        Err(
            refused @ (Refused::Conflict
            | Refused::Overloaded
            | Refused::OutcomeUnknown
            | Refused::Unavailable),
        ) => Err(Trouble::Passing(refused.to_string())),
        Err(refused @ Refused::KeyReused) => Err(Trouble::Lasting(refused.to_string())),
        Err(Refused::Failed(error)) => {
            tracing::warn!(error = %causes(&error), "a command of a rule failed");
            let lasting =
                matches!(error, eventstore::Error::Stored { .. } | eventstore::Error::Stream(..));
            let reason = format!("the command failed: {error}");
            Err(if lasting { Trouble::Lasting(reason) } else { Trouble::Passing(reason) })
        }
    }
}

#[cfg(test)]
mod tests;
