//! Puts scope and filters together for the search functions.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Filters, Query, Scope, terms};

/// What remains visible.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Restriction {
    /// Nothing can be found.
    Nobody,
    /// Nothing is held back.
    Everybody,
    /// As the type `directory_search.filter`.
    Some(Value),
}

pub(super) fn restriction(query: &Query) -> Restriction {
    let Query { scope, filters, .. } = query;
    let Filters { statuses, kinds, workers, .. } = filters;
    let (folders, scope) = match scope {
        Scope::All => (filters.folders.clone(), None),
        Scope::Within { folders, workers } if workers.is_empty() => {
            (both(&filters.folders, folders), None)
        }
        Scope::Within { folders, workers } => (filters.folders.clone(), Some((folders, workers))),
    };
    let finds_nothing = folders.as_ref().is_some_and(Vec::is_empty)
        || statuses.as_ref().is_some_and(Vec::is_empty)
        || kinds.as_ref().is_some_and(Vec::is_empty)
        || workers.as_ref().is_some_and(Vec::is_empty);
    if finds_nothing {
        return Restriction::Nobody;
    }
    let mut parts = filter_parts(filters);
    let mut fields = filter_fields(filters);
    match (&folders, statuses) {
        // Where both are asked for, the customers that have both are a set of their own.
        (Some(folders), Some(statuses)) => {
            parts.push(json!({ "folders": folders, "statuses": statuses }));
        }
        (Some(folders), None) => parts.push(json!({ "folders": folders })),
        (None, Some(statuses)) => parts.push(json!({ "statuses": statuses })),
        (None, None) => {}
    }
    if let Some(folders) = folders {
        fields.insert("folders".to_owned(), json!(folders));
    }
    if let Some((folders, workers)) = scope {
        let terms: Vec<String> = workers.iter().map(terms::worker).collect();
        parts.push(json!({ "terms": terms, "folders": folders }));
        fields.insert("scope_folders".to_owned(), json!(folders));
        fields.insert("scope_workers".to_owned(), json!(workers));
    }
    if fields.is_empty() {
        return Restriction::Everybody;
    }
    fields.insert("sets".to_owned(), Value::Array(parts));
    Restriction::Some(Value::Object(fields))
}

fn both(asked: &Option<Vec<Uuid>>, allowed: &[Uuid]) -> Option<Vec<Uuid>> {
    Some(match asked {
        Some(asked) => asked.iter().filter(|f| allowed.contains(f)).copied().collect(),
        None => allowed.to_vec(),
    })
}

/// The conditions that a customer's row is checked for.
fn filter_fields(filters: &Filters) -> Map<String, Value> {
    let Filters {
        folders: _,
        statuses,
        kinds,
        lifecycle,
        tags,
        workers,
        external_id,
        under_review,
    } = filters;
    let mut fields = Map::new();
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    };
    add("statuses", statuses.as_ref().map(|s| json!(s)));
    add("kinds", kinds.as_ref().map(|k| json!(k)));
    add("lifecycle", lifecycle.as_ref().map(|l| json!(l)));
    add("tags", (!tags.is_empty()).then(|| json!(tags)));
    add("workers", workers.as_ref().map(|w| json!(w)));
    add("under_review", under_review.map(Value::Bool));
    add(
        "external_id",
        external_id.as_ref().map(|(source, id)| json!(terms::external_key(source, id))),
    );
    fields
}

/// The sets of customers that the filters lie in, where there is an index to read the set from.
fn filter_parts(filters: &Filters) -> Vec<Value> {
    let mut parts: Vec<Value> = Vec::new();
    let mut add = |terms: Vec<String>| parts.push(json!({ "terms": terms }));
    if let Some((source, id)) = &filters.external_id {
        add(vec![terms::external_id(source, id)]);
    }
    if filters.under_review == Some(true) {
        add(vec![terms::UNDER_REVIEW.to_owned()]);
    }
    if let Some(workers) = &filters.workers {
        add(workers.iter().map(terms::worker).collect());
    }
    for tag in &filters.tags {
        add(vec![terms::tag(tag)]);
    }
    if let Some(term) = filters.lifecycle.as_deref().and_then(terms::lifecycle) {
        add(vec![term]);
    }
    let kinds = filters.kinds.as_ref();
    if let Some(terms) = kinds.and_then(|kinds| kinds.iter().map(|k| terms::kind(k)).collect()) {
        add(terms);
    }
    parts
}
