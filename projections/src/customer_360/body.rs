//! A customer as the API shows it: what the reader's role hides is absent, and named.

use std::collections::BTreeMap;

use domain::access::{Action, FieldGroup, Scope};
use domain::value::{Lifecycle, NoteScope};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::view::{AddressEntry, RiskFlag, View};
use crate::reader::Names;
use crate::shown::Shown;

/// A moment as the API writes it: UTC with microseconds.
pub(crate) fn time(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// The complete customer (API.md section 3, "one customer"), as far as the scope goes. What is
/// overdue is so on the day given.
pub fn body(view: &View, scope: &Scope, names: &Names, today: Date) -> Value {
    let mut body = header(view, scope, names);
    let mut put = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    put("counters", counters(view, scope));
    if let Some(until) = view.portal_until {
        put("portal", json!({ "until": until }));
    }
    if scope.shows(FieldGroup::Financial) {
        put("finance", finance(view, today));
    }
    if scope.shows(FieldGroup::Risk) {
        let flags: Vec<Value> = view.risk_flags.iter().map(|flag| risk(flag, names)).collect();
        put("risk", json!({ "flags": flags }));
    }
    finish(body, view, scope, &[FieldGroup::Financial, FieldGroup::Risk])
}

/// The row of a list: the customer without its sections.
pub fn row(view: &View, scope: &Scope, names: &Names) -> Value {
    finish(header(view, scope, names), view, scope, &[])
}

fn header(view: &View, scope: &Scope, names: &Names) -> Map<String, Value> {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    put("id", json!(view.id));
    put("type", json!(view.customer_type));
    put("display_name", json!(view.display_name()));
    put("first_name", json!(view.first_name));
    put("last_name", json!(view.last_name));
    put("company_name", json!(view.company_name));
    if scope.shows(FieldGroup::Contact) {
        put("emails", json!(view.emails));
        put("phones", json!(view.phones));
        put("addresses", view.addresses.iter().map(address).collect());
    }
    put("lifecycle", json!(view.lifecycle));
    if let Some(dormant) = &view.dormant {
        put("dormant", json!({ "since": time(dormant.since), "reason": dormant.reason }));
    }
    put("status", json!(view.status));
    put("folder", view.folder.map_or(Value::Null, |folder| names.folder(folder)));
    put("tags", json!(view.tags.values().collect::<Vec<_>>()));
    put("badges", json!(badges(view, scope)));
    if let Some(flag) = &view.flag {
        let (by, at) = (names.actor(&flag.by), time(flag.at));
        put("flag", json!({ "reason": flag.reason, "by": by, "at": at }));
    }
    if !view.opted_out.is_empty() {
        put("opted_out", json!(view.opted_out));
    }
    if let Some(reason) = &view.do_not_work_with {
        put("do_not_work_with", json!({ "reason": reason }));
    }
    put("workers", view.workers.iter().map(|user| names.user(*user)).collect());
    put("external_ids", json!(view.external_ids));
    put("source", json!(view.source));
    body
}

fn finish(
    mut body: Map<String, Value>,
    view: &View,
    scope: &Scope,
    sections: &[FieldGroup],
) -> Value {
    let mark = view.mark(scope);
    let mut put = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    if let Some(at) = view.archived_at {
        put("archived_at", json!(time(at)));
    }
    put("version", json!(view.version));
    put("position", json!(mark.position.to_string()));
    put("created_at", json!(time(view.created_at)));
    put("updated_at", json!(time(mark.updated_at)));
    put("last_activity_at", json!(time(mark.last_activity_at)));
    put("_redacted", json!(redacted(scope, sections)));
    Value::Object(body)
}

/// The names of what the role hides: they depend on the role only, never on data.
fn redacted(scope: &Scope, sections: &[FieldGroup]) -> Vec<&'static str> {
    let mut names = Vec::new();
    if !scope.shows(FieldGroup::Contact) {
        names.extend(["emails", "phones", "addresses"]);
    }
    for group in sections.iter().filter(|group| !scope.shows(**group)) {
        names.extend(match group {
            FieldGroup::Financial => Some("finance"),
            FieldGroup::Risk => Some("risk"),
            FieldGroup::Basic
            | FieldGroup::Contact
            | FieldGroup::Personal
            | FieldGroup::Insight
            | FieldGroup::Access
            | FieldGroup::Custom => None,
        });
    }
    names
}

fn badges(view: &View, scope: &Scope) -> Vec<&'static str> {
    let under_review = !view.risk_flags.is_empty() && scope.shows(FieldGroup::Risk);
    [
        ("vip", view.is_vip()),
        ("dormant", view.lifecycle == Lifecycle::Dormant),
        ("under_review", under_review),
        ("flagged", view.flag.is_some()),
    ]
    .into_iter()
    .filter_map(|(badge, is)| is.then_some(badge))
    .collect()
}

fn address(entry: &AddressEntry) -> Value {
    let mut body = Map::new();
    body.insert("id".to_owned(), json!(entry.id));
    match entry.address.known() {
        Some(address) => {
            for (name, part) in [
                ("line1", Some(&address.line1)),
                ("line2", address.line2.as_ref()),
                ("city", address.city.as_ref()),
                ("postcode", address.postcode.as_ref()),
                ("region", address.region.as_ref()),
                ("country", address.country.as_ref()),
            ] {
                body.insert(name.to_owned(), json!(part));
            }
        }
        None => {
            body.insert("erased".to_owned(), json!(true));
        }
    }
    body.insert("label".to_owned(), json!(entry.label));
    body.insert("primary".to_owned(), json!(entry.primary));
    Value::Object(body)
}

/// Notes and files count as far as their scopes are read. There are no projects yet, so none of them
/// is open.
fn counters(view: &View, scope: &Scope) -> Value {
    let readable = |counts: &BTreeMap<NoteScope, u32>| -> u32 {
        let counts = counts.iter().filter(|(of, _)| scope.note_scopes().contains(of));
        counts.map(|(_, count)| count).sum()
    };
    let files = if scope.may(Action::FileRead) { readable(&view.files) } else { 0 };
    json!({
        "open_projects": 0,
        "files": files,
        "open_tasks": view.open_tasks.len(),
        "notes": readable(&view.notes),
        "interactions": view.interactions,
        "messages": view.messages,
    })
}

fn finance(view: &View, today: Date) -> Value {
    let by_currency: Vec<Value> =
        view.finance.iter().map(|(currency, finance)| finance.body(currency, today)).collect();
    json!({ "by_currency": by_currency })
}

fn risk(flag: &RiskFlag, names: &Names) -> Value {
    let reason: &Shown<String> = &flag.reason;
    json!({
        "id": flag.id,
        "type": flag.flag_type,
        "reason": reason,
        "raised_by": names.actor(&flag.raised_by),
        "raised_at": time(flag.raised_at),
    })
}
