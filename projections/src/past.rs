//! Time travel: a customer and all that belongs to it as it was, folded by the code that feeds the
//! read models. Today's rights apply to the past.

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
use crate::fold::rows_of;
use crate::item::Item;
use crate::read_model::{ReadModel, Unfoldable};
use crate::reader::{Names, today};

/// A moment of a customer's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// What we knew then.
    Recorded(Timestamp),
    /// What had happened by then, as far as we know today.
    Effective(Timestamp),
    /// When the customer's own stream came to this version.
    Version(i64),
}

/// A customer's history up to a moment.
#[derive(Debug)]
pub struct Past {
    /// What counts then, in the order of the record: so the last moment is the present.
    items: Vec<Item>,
    /// The customer then.
    pub(crate) view: View,
    /// The day of the moment where the organisation is: what was overdue was so then.
    pub(crate) day: Date,
    pub(crate) position: i64,
}

impl Past {
    /// Whether somebody may see the past depends on where the customer is now. `None` where that is
    /// out of reach, or where there was no such customer then.
    pub async fn of(
        store: &Store,
        scope: &Scope,
        customer: Uuid,
        moment: Moment,
    ) -> Result<Option<Self>, Error> {
        let organisation = scope.organisation();
        let mut items = history(store, organisation, customer).await?;
        let position = items.last().map_or(0, |item| item.sequence);
        let now = customer_of(fold_history(&items)?);
        if !now.is_some_and(|now| within_reach(&now, scope)) {
            return Ok(None);
        }
        cut(&mut items, customer, moment);
        let Some(view) = customer_of(fold_history(&items)?) else { return Ok(None) };
        let at = match moment {
            Moment::Recorded(at) | Moment::Effective(at) => at,
            Moment::Version(_) => items.last().map_or_else(Timestamp::now, |item| item.recorded_at),
        };
        let day = today(store, organisation, at).await?;
        Ok(Some(Self { items, view, day, position }))
    }

    /// The rows of a read model, by the fold that feeds it.
    pub(crate) fn rows<M: ReadModel>(&self) -> Result<Vec<M::Row>, Unfoldable> {
        Ok(rows_of::<M>(&self.items)?.into_iter().map(|(_, row)| row).collect())
    }

    /// What had happened.
    pub(crate) fn into_items(self) -> Vec<Item> {
        self.items
    }
}

/// Leaves what counts at a moment. What is known to have happened before the record began (an
/// imported history) belongs to the customer all the same: the beginning is as old as the oldest
/// of the others.
fn cut(items: &mut Vec<Item>, customer: Uuid, moment: Moment) {
    match moment {
        Moment::Recorded(at) => items.retain(|item| item.recorded_at <= at),
        Moment::Effective(at) => {
            let begins = |item: &Item| item.stream_id == customer && item.version == 1;
            items.retain(|item| item.effective_at() <= at || begins(item));
            if !items.iter().any(|item| item.effective_at() <= at) {
                items.clear();
            }
        }
        Moment::Version(version) => {
            let until = up_to_version(items, customer, version).len();
            items.truncate(until);
        }
    }
}

fn up_to_version(items: &[Item], customer: Uuid, version: i64) -> &[Item] {
    let own = items.iter().filter(|item| item.stream_id == customer && item.version <= version);
    let last = own.map(|item| item.sequence).max().unwrap_or_default();
    items.split_at(items.partition_point(|item| item.sequence <= last)).0
}

/// The customer as it was at a moment.
pub async fn get(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    moment: Moment,
) -> Result<Found, Error> {
    match Past::of(store, scope, customer, moment).await? {
        Some(Past { view, day, position, .. }) => answer(store, scope, view, position, day).await,
        None => Ok(Found::Nothing { position: 0 }),
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
    let end = customer_of(fold_history(after)?);
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
