//! Which rules would fire for events that a dry run would write.

use std::collections::HashMap;

use eventstore::{Receipt, Store};
use serde::Serialize;
use uuid::Uuid;

use crate::customers::Known;
use crate::error::Error;
use crate::matching::{Moment, Verdict, judge, of_a_machine};
use crate::rules;

/// A rule that would fire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WouldTrigger {
    pub rule: Uuid,
    pub rule_version: i64,
    pub name: String,
    /// The event that would set it off.
    pub event: String,
    pub customer: Uuid,
    /// What it would do, in this order.
    pub actions: Vec<&'static str>,
}

/// The active rules that these events would set off, as of the matcher's checkpoint. What those
/// rules would set off in turn is not foreseen.
pub async fn preview(
    store: &Store,
    organisation: Uuid,
    events: &[Receipt],
) -> Result<Vec<WouldTrigger>, Error> {
    let client = store.worker().get().await?;
    let rules = rules::active(&client, organisation).await?;
    drop(client);
    let mut customers: HashMap<Uuid, Known> = HashMap::new();
    let mut would = Vec::new();
    if rules.is_empty() {
        return Ok(would);
    }
    for receipt in events {
        let about = receipt.event.customer_id(receipt.stream_id);
        let Some(id) = about.filter(|_| !of_a_machine(&receipt.event)) else { continue };
        let before = match customers.get(&id) {
            Some(known) => known.clone(),
            None => Known::now(store, organisation, id).await?,
        };
        let after = before.after(&receipt.event);
        let moment = Moment::new(receipt.body.clone(), &before, &after);
        for rule in rules.iter().filter(|rule| rule.is_triggered_by(&receipt.type_name)) {
            if judge(rule, &moment, id, &[], receipt.recorded_at) == Verdict::Fires {
                would.push(WouldTrigger {
                    rule: rule.rule,
                    rule_version: rule.version,
                    name: rule.definition.name.clone(),
                    event: receipt.type_name.clone(),
                    customer: id,
                    actions: rule.definition.then.iter().map(domain::rule::Step::action).collect(),
                });
            }
        }
        customers.insert(id, after);
    }
    Ok(would)
}
