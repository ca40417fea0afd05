//! What a webhook is told of an event: as much as its owner may see at this moment, if the event
//! passes its filter or a rule's step asks for it.

use domain::Recorded;
use domain::access::{self, Action};
use domain::webhook::{Definition, Payload, State};
use eventstore::Store;
use projections::envelope;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::customers::{Known, Unknown, at_event};
use crate::error::Error;
use crate::matching::Moment;
use crate::rules;
use crate::runner::owner;

/// What there is to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::outbox) enum Told {
    Body(String),
    /// The owner does not see the event, or it does not pass the filter.
    Nothing,
    Unreadable,
    OwnerLeft,
}

/// What a webhook is told of an event, perhaps by a step of this version of a rule.
pub(in crate::outbox) async fn told(
    store: &Store,
    webhook: &State,
    event: &Recorded,
    rule: Option<(Uuid, i64)>,
) -> Result<Told, Error> {
    let Some(definition) = &webhook.definition else { return Ok(Told::Nothing) };
    let Ok(owner) = owner::principal(store, event.organisation, webhook.owner).await? else {
        return Ok(Told::OwnerLeft);
    };
    let Ok(scope) = access::scope(&owner, Action::EventRead) else { return Ok(Told::Nothing) };
    if event.event().is_err() {
        return Ok(Told::Unreadable);
    }
    let Some(envelope) = envelope::told(store, &scope, event).await? else {
        return Ok(Told::Nothing);
    };
    if let Some((rule, version)) = rule {
        let known = rules::version(store, (event.organisation, rule, version)).await?;
        let name = known.map(|known| known.definition.name);
        let envelope = by_rule(envelope, (rule, version, name));
        return Ok(Told::Body(body(definition, envelope)));
    }
    match passes(store, definition, event).await {
        Ok(true) => Ok(Told::Body(body(definition, envelope))),
        Ok(false) => Ok(Told::Nothing),
        Err(Unknown::Unreadable(_)) => Ok(Told::Unreadable),
        Err(Unknown::Failed(error)) => Err(error),
    }
}

/// The envelope with the rule that has it sent, as extensions of `CloudEvents`.
fn by_rule(mut envelope: Value, (rule, version, name): (Uuid, i64, Option<String>)) -> Value {
    if let Value::Object(members) = &mut envelope {
        members.insert("ruleid".to_owned(), json!(rule));
        members.insert("ruleversion".to_owned(), json!(version));
        members.extend(name.map(|name| ("rulename".to_owned(), name.into())));
    }
    envelope
}

pub(super) fn body(definition: &Definition, mut envelope: Value) -> String {
    if definition.payload == Payload::Thin
        && let Value::Object(members) = &mut envelope
    {
        // The sentence may quote the data.
        for member in ["summary", "data"] {
            members.shift_remove(member);
        }
    }
    envelope.to_string()
}

async fn passes(store: &Store, definition: &Definition, event: &Recorded) -> Result<bool, Unknown> {
    let condition = match definition.condition() {
        Ok(None) => return Ok(true),
        Ok(Some(condition)) => condition,
        Err(invalid) => return Err(Unknown::Unreadable(invalid.detail)),
    };
    let (before, after) = match event.customer_id {
        Some(customer) => at_event(store, event, customer).await?,
        None => (Known::default(), Known::default()),
    };
    let moment = Moment::new(event.public_body(), &before, &after);
    Ok(condition.matches(&moment, event.recorded_at).holds)
}
