//! Time travel: a customer as it was, folded by the code that feeds the read model. Today's
//! rights apply to the past.

use std::collections::BTreeMap;

use domain::access::Scope;
use eventstore::Store;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::customer_360::{
    Found, View, answer, body, customer_of, fold_history, history, names_for, time, within_reach,
};
use crate::error::Error;
use crate::item::Item;
use crate::reader::{Names, today};

/// Which of the two times a moment is meant in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Time {
    /// When we learned it.
    #[default]
    Recorded,
    /// When it happened in the world.
    Effective,
}

/// The customer as it was at a moment.
pub async fn as_of(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    at: Timestamp,
    time: Time,
) -> Result<Found, Error> {
    let items = history(store, scope.organisation(), customer).await?;
    let until = match time {
        Time::Recorded => items.iter().filter(|item| item.recorded_at <= at).collect(),
        Time::Effective => effective(&items, customer, at),
    };
    shown(store, scope, &items, until, at).await
}

/// The customer as it was when its own stream came to this version.
pub async fn at_version(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    version: i64,
) -> Result<Found, Error> {
    let items = history(store, scope.organisation(), customer).await?;
    let until = up_to_version(&items, customer, version);
    let at = until.last().map_or_else(Timestamp::now, |item| item.recorded_at);
    shown(store, scope, &items, until, at).await
}

/// By the moment at which things happened, then by sequence. What is known to have happened
/// before the record began (an imported history) belongs to it all the same: the beginning comes
/// first whatever its time, and is as old as the oldest of the others.
fn effective(items: &[Item], customer: Uuid, at: Timestamp) -> Vec<&Item> {
    let mut happened: Vec<&Item> = items.iter().filter(|item| item.effective_at() <= at).collect();
    let first = items.iter().find(|item| item.stream_id == customer && item.version == 1);
    if let Some(first) = first
        && !happened.is_empty()
        && !happened.iter().any(|item| item.event_id == first.event_id)
    {
        happened.push(first);
    }
    happened.sort_by_key(|item| {
        let begins = item.stream_id == customer && item.version == 1;
        (!begins, item.effective_at(), item.sequence)
    });
    happened
}

fn up_to_version(items: &[Item], customer: Uuid, version: i64) -> Vec<&Item> {
    let own = items.iter().filter(|item| item.stream_id == customer && item.version <= version);
    let last = own.map(|item| item.sequence).max().unwrap_or_default();
    items.iter().filter(|item| item.sequence <= last).collect()
}

/// Whether somebody may see the past depends on where the customer is now. Overdue is what was so
/// on the day of the moment.
async fn shown(
    store: &Store,
    scope: &Scope,
    items: &[Item],
    until: Vec<&Item>,
    at: Timestamp,
) -> Result<Found, Error> {
    let position = items.last().map_or(0, |item| item.sequence);
    let now = customer_of(fold_history(items)?);
    if !now.is_some_and(|now| within_reach(&now, scope)) {
        return Ok(Found::Nothing { position });
    }
    match customer_of(fold_history(until)?) {
        Some(then) => {
            let day = today(store, scope.organisation(), at).await?;
            answer(store, scope, then, position, day).await
        }
        None => Ok(Found::Nothing { position }),
    }
}

/// A field that changed between two versions.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub field: String,
    pub from: Value,
    pub to: Value,
    /// The last event that changed it.
    pub event_id: Uuid,
    pub actor: Value,
    pub at: Timestamp,
}

impl Change {
    /// As the API shows it.
    pub fn body(&self) -> Value {
        json!({
            "field": self.field,
            "from": self.from,
            "to": self.to,
            "event_id": self.event_id,
            "actor": self.actor,
            "at": time(self.at),
        })
    }
}

/// What differs between two versions of the customer, field by field, with the event that changed
/// it last. `None` where the customer is out of reach.
pub async fn diff(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    from: i64,
    to: i64,
) -> Result<Option<Vec<Change>>, Error> {
    let items = history(store, scope.organisation(), customer).await?;
    let now = customer_of(fold_history(&items)?);
    if !now.is_some_and(|now| within_reach(&now, scope)) {
        return Ok(None);
    }
    let before = up_to_version(&items, customer, from.min(to));
    let after = up_to_version(&items, customer, from.max(to));
    let between = after.get(before.len()..).unwrap_or_default();
    let start = customer_of(fold_history(before)?);
    let end = customer_of(fold_history(after.iter().copied())?);
    let mut ids = names_for(start.iter().chain(&end));
    between.iter().for_each(|item| ids.actor(&item.metadata.actor));
    let names = ids.names(store, scope.organisation()).await?;

    let today = today(store, scope.organisation(), Timestamp::now()).await?;
    let fields = |view: Option<&View>| fields(view, scope, &names, today);
    let first = fields(start.as_ref());
    let mut last_change: BTreeMap<String, &Item> = BTreeMap::new();
    let (mut view, mut known) = (start, first.clone());
    for item in between {
        match &mut view {
            Some(view) => view.apply(item)?,
            None => view = View::begun_by(item)?,
        }
        let next = fields(view.as_ref());
        for field in known.keys().chain(next.keys()) {
            if known.get(field) != next.get(field) {
                last_change.insert(field.clone(), item);
            }
        }
        known = next;
    }
    let value = |fields: &BTreeMap<String, Value>, field: &str| {
        fields.get(field).cloned().unwrap_or_default()
    };
    let changed = last_change.into_iter().map(|(field, item)| {
        let (start, end) = (value(&first, &field), value(&known, &field));
        let (from, to) = if from <= to { (start, end) } else { (end, start) };
        let actor = names.actor(&item.metadata.actor);
        Change { field, from, to, event_id: item.event_id, actor, at: item.recorded_at }
    });
    Ok(Some(changed.filter(|change| change.from != change.to).collect()))
}

/// The fields of a body, one level deep in its sections; what follows from others is left out.
pub(crate) fn fields(
    view: Option<&View>,
    scope: &Scope,
    names: &Names,
    today: Date,
) -> BTreeMap<String, Value> {
    let mut fields = BTreeMap::new();
    let Some(view) = view else { return fields };
    let Value::Object(body) = body(view, scope, names, today) else { return fields };
    for (name, value) in body {
        match (name.as_str(), value) {
            (
                "id" | "badges" | "version" | "position" | "created_at" | "updated_at"
                | "last_activity_at" | "_redacted",
                _,
            ) => {}
            ("finance", Value::Object(mut finance)) => {
                if let Some(Value::Array(currencies)) = finance.shift_remove("by_currency") {
                    let currencies = currencies.into_iter().filter_map(into_object);
                    for mut currency in currencies {
                        let code = currency.shift_remove("currency").unwrap_or_default();
                        let code = code.as_str().unwrap_or_default();
                        nest(&mut fields, &format!("finance.{code}"), currency);
                    }
                }
            }
            ("counters" | "risk", Value::Object(section)) => nest(&mut fields, &name, section),
            (_, value) => {
                fields.insert(name, value);
            }
        }
    }
    fields
}

fn into_object(value: Value) -> Option<Map<String, Value>> {
    if let Value::Object(map) = value { Some(map) } else { None }
}

fn nest(fields: &mut BTreeMap<String, Value>, under: &str, section: Map<String, Value>) {
    fields.extend(section.into_iter().map(|(name, value)| (format!("{under}.{name}"), value)));
}
