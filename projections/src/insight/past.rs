//! A customer's lifetime value and risk flags as they were.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::access::{Action, FieldGroup, Scope};
use domain::value::exact_sum;
use eventstore::Store;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::document::{Document, DocumentKind};
use super::query::{FLAGS_SHOWN, Flags};
use super::{Insight, Row};
use crate::error::Error;
use crate::page::{Page, PageQuery, page_of};
use crate::past::Past;
use crate::read_model::Unfoldable;

/// What was known of the customer then, and the position of the record. Nothing is expected of the
/// past: the models know what everybody bought since.
pub async fn insight_as_of(
    store: &Store,
    scope: &Scope,
    past: &Past,
) -> Result<(Value, i64), Error> {
    let rows = past.rows::<Insight>()?;
    let mut body = Map::new();
    let mut redacted = Vec::new();
    if scope.shows(FieldGroup::Insight) {
        let value = lifetime_value(&documents(rows.clone()))?;
        body.insert("lifetime_value".to_owned(), value);
    } else {
        redacted.extend(["lifetime_value", "repurchase"]);
    }
    if scope.shows(FieldGroup::Risk) && scope.may(Action::RiskRead) {
        body.insert("risk".to_owned(), flags(rows).body(store, scope).await?);
    } else {
        redacted.push("risk");
    }
    body.insert("_redacted".to_owned(), json!(redacted));
    Ok((Value::Object(body), past.position))
}

/// The documents that made the lifetime value then, newest first.
pub fn documents_as_of(
    past: &Past,
    currency: Option<&str>,
    query: &PageQuery,
) -> Result<Page, Error> {
    let mut rows = documents(past.rows::<Insight>()?);
    rows.retain(|row| currency.is_none_or(|currency| currency == row.currency));
    let (rows, turns) = page_of(rows, query, |row| Reverse((row.on.to_string(), row.sequence)))?;
    let data = rows.iter().map(Document::body).collect();
    Ok(Page { data, turns, position: past.position })
}

fn documents(rows: Vec<Row>) -> Vec<Document> {
    let document = |row| if let Row::Document(document) = row { Some(*document) } else { None };
    let documents = rows.into_iter().filter_map(document);
    documents.filter(|document| document.kind != DocumentKind::PlacedOrder).collect()
}

fn lifetime_value(documents: &[Document]) -> Result<Value, Unfoldable> {
    let mut currencies: BTreeMap<&str, BTreeMap<&str, Vec<Decimal>>> = BTreeMap::new();
    for Document { currency, kind, amount, .. } in documents {
        let parts = currencies.entry(currency).or_default();
        parts.entry(kind.name()).or_default().push(*amount);
    }
    let sum = |amounts: &[Decimal]| exact_sum(amounts.iter().copied()).ok_or(Unfoldable::Sum);
    let value = |(currency, parts): (&str, BTreeMap<&str, Vec<Decimal>>)| {
        let whole = sum(&parts.values().flatten().copied().collect::<Vec<_>>())?;
        let part = |(kind, amounts): (&&str, &Vec<Decimal>)| {
            Ok(json!({ "kind": kind, "count": amounts.len(), "amount": sum(amounts)? }))
        };
        let parts = parts.iter().map(part).collect::<Result<Vec<Value>, Unfoldable>>()?;
        Ok(json!({ "currency": currency, "amount": whole, "parts": parts }))
    };
    currencies.into_iter().map(value).collect()
}

/// Open ones first, then those cleared last.
fn flags(rows: Vec<Row>) -> Flags {
    let flag = |row| if let Row::RiskFlag(flag) = row { Some(*flag) } else { None };
    let mut flags: Vec<_> = rows.into_iter().filter_map(flag).collect();
    flags.sort_by_key(|flag| {
        let cleared = flag.cleared_us.unwrap_or(i64::MAX);
        Reverse((cleared, flag.raised_us, flag.sequence))
    });
    let count = |flags: usize| i64::try_from(flags).unwrap_or(i64::MAX);
    let open = count(flags.iter().filter(|flag| flag.cleared_us.is_none()).count());
    let all = count(flags.len());
    flags.truncate(FLAGS_SHOWN);
    Flags { shown: flags, all, open }
}
