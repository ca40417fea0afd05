//! Who set which value of a customer's field, and when: from the log, by the fold that feeds the
//! read model, shown as the customer is shown.

use domain::access::{FieldGroup, Scope};
use eventstore::Store;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::customer_360::{View, customer_of, fold_history, history, names_of, within_reach};
use crate::error::Error;
use crate::item::Item;
use crate::past::{Change, fields};
use crate::read_model::Unfoldable;
use crate::reader::{Ids, today};

/// The members of a customer that have a history, and the group that shows them.
const FIELDS: &[(&str, FieldGroup)] = &[
    ("type", FieldGroup::Basic),
    ("display_name", FieldGroup::Basic),
    ("first_name", FieldGroup::Basic),
    ("last_name", FieldGroup::Basic),
    ("company_name", FieldGroup::Basic),
    ("emails", FieldGroup::Contact),
    ("phones", FieldGroup::Contact),
    ("addresses", FieldGroup::Contact),
    ("lifecycle", FieldGroup::Basic),
    ("dormant", FieldGroup::Basic),
    ("status", FieldGroup::Basic),
    ("folder", FieldGroup::Basic),
    ("tags", FieldGroup::Basic),
    ("flag", FieldGroup::Basic),
    ("workers", FieldGroup::Basic),
    ("external_ids", FieldGroup::Basic),
    ("source", FieldGroup::Basic),
    ("archived_at", FieldGroup::Basic),
];

/// Sections, of which each member is a field: `counters.notes`, `finance.EUR.gross`.
const SECTIONS: &[(&str, FieldGroup)] = &[
    ("counters", FieldGroup::Basic),
    ("finance", FieldGroup::Financial),
    ("risk", FieldGroup::Risk),
];

/// The fields that the reader can ask for; what is hidden is not among them.
pub fn names(scope: &Scope) -> Vec<&'static str> {
    FIELDS.iter().filter(|(_, group)| scope.shows(*group)).map(|(name, _)| *name).collect()
}

/// Whether the reader can ask for this field.
pub fn is_known(scope: &Scope, field: &str) -> bool {
    let section = field.split_once('.').map(|(section, _)| section);
    let shown = |list: &[(&str, FieldGroup)], name: &str| {
        list.iter().any(|(known, group)| *known == name && scope.shows(*group))
    };
    shown(FIELDS, field) || section.is_some_and(|section| shown(SECTIONS, section))
}

/// Every change of the field, oldest first. `None` where the customer is out of reach.
pub async fn field_history(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    field: &str,
) -> Result<Option<Vec<Change>>, Error> {
    let items = history(store, scope.organisation(), customer).await?;
    let now = customer_of(fold_history(&items)?);
    if !now.is_some_and(|now| within_reach(&now, scope)) {
        return Ok(None);
    }
    let mut ids = Ids::default();
    let mut view = None;
    for item in &items {
        step(&mut view, item)?;
        view.iter().for_each(|view| names_of(view, &mut ids));
        ids.actor(&item.metadata.actor);
    }
    let names = ids.names(store, scope.organisation()).await?;
    let today = today(store, scope.organisation(), Timestamp::now()).await?;
    let mut changes = Vec::new();
    let (mut view, mut from) = (None, Value::Null);
    for item in &items {
        step(&mut view, item)?;
        let to = fields(view.as_ref(), scope, &names, today).remove(field).unwrap_or_default();
        if to != from {
            changes.push(Change {
                field: field.to_owned(),
                from: std::mem::replace(&mut from, to.clone()),
                to,
                event_id: item.event_id,
                actor: names.actor(&item.metadata.actor),
                at: item.recorded_at,
            });
        }
    }
    Ok(Some(changes))
}

fn step(view: &mut Option<View>, item: &Item) -> Result<(), Unfoldable> {
    match view {
        Some(view) => view.apply(item),
        None => {
            *view = View::begun_by(item)?;
            Ok(())
        }
    }
}
