//! Rules that a person has run for a customer, whatever they wait for: what would come of it, and
//! the run that follows from the wish.

use domain::access::{Principal, Scope};
use domain::rule::{Clock, Rule};
use domain::rule_run::Event as RunEvent;
use domain::{Actor, Command, Event, Recorded};
use eventstore::{Refused, Store};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::customers::{Known, Unknown};
use crate::error::Error;
use crate::explain::{Condition, conditions};
use crate::queue::{Claimed, NewRun};
use crate::rehearse::Ending;
use crate::rehearse::trial::{Met, Trial};
use crate::runner::owner;

/// The event by which a person has a rule run.
pub(crate) const REQUESTED: &str = "rule_run.requested";

/// What a run by hand would come to.
#[derive(Debug, Clone)]
pub struct Preview {
    pub rule_version: i64,
    pub ending: Ending,
    /// What the rule asks of its events, and what it would find: a run by hand goes on anyway.
    pub conditions: Vec<Condition>,
}

/// Foresees a run of a rule for a customer, with the rights of its owner and of whoever asks.
/// Nothing where there is no such rule.
pub async fn preview_by_hand(
    store: &Store,
    scope: &Scope,
    requester: &Principal,
    (rule, customer): (Uuid, Uuid),
) -> Result<Option<Preview>, Error> {
    let organisation = scope.organisation();
    let (_, state) = store.load::<Rule>(organisation, rule).await?;
    let Some(definition) = state.definition.clone() else { return Ok(None) };
    let named = (organisation, rule, state.owner);
    let trial = Trial::of(store, named, (state.version, definition)).await?.asked_by(requester);
    let now = Known::now(store, organisation, customer).await?;
    let met = Met {
        customer,
        event: Value::Null,
        at: Timestamp::now(),
        chain: &[],
        before: &now,
        after: &now,
        clock: Clock::Recorded,
        later: &[],
    };
    let conditions = conditions(trial.rule(), scope.field_groups(), &met.moment(), met.at);
    let ending = trial.ending(&met).await?;
    Ok(Some(Preview { rule_version: state.version, ending, conditions }))
}

/// The run that a person asked for; its id is the wish's.
pub(crate) fn run(recorded: &Recorded) -> Result<Option<NewRun>, Unknown> {
    let event = recorded.event().map_err(|error| Unknown::Unreadable(error.to_string()))?;
    let Event::RuleRun(RunEvent::Requested { rule, rule_version, customer }) = event else {
        return Ok(None);
    };
    Ok(Some(NewRun::of(recorded, recorded.stream_id, (rule, rule_version), customer)))
}

/// Who had the rule run, if a person did; or why they cannot any more.
pub(crate) async fn requester(
    store: &Store,
    run: &Claimed,
) -> Result<Option<Result<Principal, &'static str>>, Error> {
    if run.trigger_type != REQUESTED {
        return Ok(None);
    }
    let organisation = run.line.organisation;
    let Some(wish) = store.read_event(organisation, run.trigger_event).await? else {
        return Ok(Some(Err("the wish to have the rule run is not there")));
    };
    let user = match wish.metadata.actor {
        Actor::User { id } => id,
        Actor::Service { .. } | Actor::Automation { .. } | Actor::System => {
            wish.metadata.on_behalf_of.unwrap_or_default()
        }
    };
    owner::requester(store, organisation, user).await.map(Some)
}

/// Why somebody may not do what a step says, if so.
pub(crate) async fn denied(
    store: &Store,
    requester: &Principal,
    command: &Command,
) -> Result<Option<String>, Refused> {
    match store.permits(requester, command).await {
        Ok(()) => Ok(None),
        Err(Refused::Denied(denied)) => {
            Ok(Some(format!("who has the rule run may not do this: {denied}")))
        }
        Err(Refused::NotFound) => {
            Ok(Some("the customer is out of reach of who has the rule run".to_owned()))
        }
        Err(refused) => Err(refused),
    }
}
