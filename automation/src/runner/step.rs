//! One step of a run: what it comes to.

use domain::access::Principal;
use domain::customer::Customer;
use domain::organisation::Organisation;
use domain::rule::{Definition, Step};
use domain::rule_run::StepResult;
use domain::value::Outcome;
use eventstore::{Done, Refused};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use uuid::Uuid;

use super::call;
use super::path::{Came, Turn, result, turn};
use super::people::people;
pub(crate) use super::work::Trouble;
use super::work::{caller, options};
use crate::actions::{self, Cause, react};
use crate::customers::{Known, Unknown, at_event};
use crate::error::Error;
use crate::matcher::causes;
use crate::queue::{Claimed, Line};
use crate::{Shared, by_hand, ids};

/// Those whose rights a run has.
pub(super) struct Who {
    pub(super) owner: Principal,
    /// Who has it run by hand: it does nothing that they may not do themselves.
    pub(super) requester: Option<Principal>,
}

/// Does a step, and says what came of it.
pub(super) async fn do_step(
    shared: &Shared,
    run: &Claimed,
    (who, definition): (&Who, &Definition),
    (id, step): (&str, &Step),
) -> Result<Came, Trouble> {
    let command_id = ids::step(run.rule, run.trigger_event, id);
    let people = match actions::asks_for(step) {
        Some(target) => {
            let Line { organisation, customer, .. } = run.line;
            let (_, state) =
                shared.store.load::<Customer>(organisation, customer).await.map_err(Error::from)?;
            people(&shared.store, organisation, who.owner.user, target, &state.workers).await?
        }
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
    match turn(id, step, react(step, &cause)) {
        Turn::Came(came) => Ok(came),
        Turn::Unreadable(reason) => Err(Trouble::Lasting(reason)),
        Turn::Call(webhook) => {
            let answer = call::call(&shared.store, run, who, (webhook, command_id.id)).await?;
            Ok(match answer {
                Ok(status) => {
                    let reason = Some(format!("the webhook answered {status}"));
                    result(id, step, Outcome::Done, reason).into()
                }
                Err(denied) => result(id, step, Outcome::Blocked, Some(denied)).into(),
            })
        }
        Turn::Issue(command) => {
            if let Some(requester) = &who.requester {
                let denied = match by_hand::denied(&shared.store, requester, &command).await {
                    Ok(denied) => denied,
                    Err(error) => Some(refused(error)?),
                };
                if denied.is_some() {
                    return Ok(result(id, step, Outcome::Blocked, denied).into());
                }
            }
            let caller = caller(run, who.owner.clone(), id);
            let answer = shared.store.execute(&caller, *command, &options(command_id)).await;
            let (outcome, reason, events) = judged(answer)?;
            Ok(StepResult { events, ..result(id, step, outcome, reason) }.into())
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
    let now = Known::now(store, organisation, customer).await.map_err(Error::from)?;
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
        Err(error) => Ok((Outcome::Blocked, Some(refused(error)?), Vec::new())),
    }
}

/// Why a command was refused for good; else what the trouble is.
pub(crate) fn refused(refused: Refused) -> Result<String, Trouble> {
    match refused {
        Refused::Denied(_)
        | Refused::NotFound
        | Refused::Erased
        | Refused::Rejected(_)
        | Refused::ClaimTaken { .. }
        | Refused::VersionConflict { .. } => Ok(refused.to_string()),
        Refused::Conflict
        | Refused::ReadOnly
        | Refused::Overloaded
        | Refused::OutcomeUnknown
        | Refused::Unavailable => Err(Trouble::Passing(refused.to_string())),
        Refused::KeyReused => Err(Trouble::Lasting(refused.to_string())),
        Refused::Failed(error) => {
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
