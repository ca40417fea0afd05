//! Reads what a customer is worth, when they are expected to buy again, and their risk flags.

use std::time::Duration;

use deadpool_postgres::Transaction;
use domain::access::{Action, FieldGroup, Scope};
use eventstore::Store;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::document::Document;
use super::forecast::{Fitted, Forecasts, REPEATING};
use super::history::{History, observed_until, of_customer};
use super::risk_flag::RiskFlag;
use super::{Insight, Row};
use crate::error::Error;
use crate::page::{Page, PageQuery, page, position};
use crate::read_model::ReadModel;
use crate::reader::{Ids, connection, reading, today};

const VALUE: &str = include_str!("value.sql");
const DOCUMENTS: &str = include_str!("documents.sql");
const FLAGS: &str = include_str!("flags.sql");

/// Sorts behind every date.
const LAST_DAY: &str = "9999-12-31";
/// Flags that stand in the answer itself; their number says if there are more.
pub(super) const FLAGS_SHOWN: usize = 100;
/// So far a statement looks ahead.
const WEEKS: i32 = 26;
/// A request waits so long for models that are not there yet.
const PATIENCE: Duration = Duration::from_secs(3);

/// A customer's lifetime value, expected purchases and risk flags, as far as the reader's role
/// shows them, and the position of the read model.
pub async fn insight(
    store: &Store,
    scope: &Scope,
    forecasts: &Forecasts,
    customer: Uuid,
) -> Result<(Value, i64), Error> {
    let organisation = scope.organisation();
    let now = Timestamp::now();
    // An order's day is that of UTC, which may be tomorrow where the organisation is.
    let utc = now.to_zoned(TimeZone::UTC).date();
    let today = today(store, organisation, now).await?.max(utc);
    let shows_risk = scope.shows(FieldGroup::Risk) && scope.may(Action::RiskRead);
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let mut body = Map::new();
    let mut redacted = Vec::new();
    let mut bought = None;
    if scope.shows(FieldGroup::Insight) {
        let value = lifetime_value(&tx, organisation, customer).await?;
        body.insert("lifetime_value".to_owned(), value);
        let until = observed_until(&tx, organisation, today).await?;
        bought = Some((of_customer(&tx, organisation, customer, today).await?, until));
    } else {
        redacted.extend(["lifetime_value", "repurchase"]);
    }
    let flags = if shows_risk { Some(flags(&tx, organisation, customer).await?) } else { None };
    let position = position(&tx, Insight::NAME, organisation).await?;
    drop(tx);
    drop(client);
    if let Some((history, until)) = bought {
        let statement = repurchase(store, scope, forecasts, &history, until, today).await?;
        body.insert("repurchase".to_owned(), statement);
    }
    match flags {
        Some(flags) => drop(body.insert("risk".to_owned(), flags.body(store, scope).await?)),
        None => redacted.push("risk"),
    }
    body.insert("_redacted".to_owned(), json!(redacted));
    Ok((Value::Object(body), position))
}

/// The documents that make a customer's lifetime value, newest first.
pub async fn documents(
    store: &Store,
    scope: &Scope,
    customer: Uuid,
    currency: Option<&str>,
    query: &PageQuery,
) -> Result<Page, Error> {
    let after: Option<(String, i64)> = query.key()?;
    let (day, sequence) = after.unwrap_or_else(|| (LAST_DAY.to_owned(), i64::MAX));
    let organisation = scope.organisation();
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(DOCUMENTS)).await?;
    let found = tx
        .query(&statement, &[&organisation, &customer, &currency, &day, &sequence, &query.rows()])
        .await?;
    let mut rows: Vec<Document> = Vec::with_capacity(found.len());
    for row in found {
        if let Json(Row::Document(document)) = row.try_get("body")? {
            rows.push(*document);
        }
    }
    let (rows, turns) = page(rows, query, |row| (row.on.to_string(), row.sequence));
    let position = position(&tx, Insight::NAME, organisation).await?;
    Ok(Page { data: rows.iter().map(Document::body).collect(), turns, position })
}

/// By currency, with the sums of its parts. Amounts stay as the database added them up.
async fn lifetime_value(
    tx: &Transaction<'_>,
    organisation: Uuid,
    customer: Uuid,
) -> Result<Value, Error> {
    let statement = tx.prepare_cached(VALUE).await?;
    let mut values: Vec<(Value, Vec<Value>)> = Vec::new();
    for row in tx.query(&statement, &[&organisation, &customer]).await? {
        let (count, amount): (i64, &str) = (row.try_get("documents")?, row.try_get("amount")?);
        match row.try_get::<_, Option<&str>>("kind")? {
            None => {
                let currency: &str = row.try_get("currency")?;
                values.push((json!({ "currency": currency, "amount": amount }), Vec::new()));
            }
            Some(kind) => {
                let part = json!({ "kind": kind, "count": count, "amount": amount });
                values
                    .iter_mut()
                    .last()
                    .into_iter()
                    .for_each(|(_, parts)| parts.push(part.clone()));
            }
        }
    }
    let whole = values.into_iter().map(|(mut value, parts)| {
        if let Value::Object(value) = &mut value {
            value.insert("parts".to_owned(), parts.into());
        }
        value
    });
    Ok(whole.collect())
}

/// A customer's risk flags.
pub(super) struct Flags {
    pub(super) shown: Vec<RiskFlag>,
    pub(super) all: i64,
    pub(super) open: i64,
}

async fn flags(tx: &Transaction<'_>, organisation: Uuid, customer: Uuid) -> Result<Flags, Error> {
    let statement = tx.prepare_cached(FLAGS).await?;
    let mut flags = Flags { shown: Vec::new(), all: 0, open: 0 };
    let shown = i64::try_from(FLAGS_SHOWN).unwrap_or(i64::MAX);
    for row in tx.query(&statement, &[&organisation, &customer, &shown]).await? {
        (flags.all, flags.open) = (row.try_get("flags")?, row.try_get("open")?);
        if let Json(Row::RiskFlag(flag)) = row.try_get("body")? {
            flags.shown.push(*flag);
        }
    }
    Ok(flags)
}

impl Flags {
    pub(super) async fn body(&self, store: &Store, scope: &Scope) -> Result<Value, Error> {
        let mut ids = Ids::default();
        self.shown.iter().for_each(|flag| flag.people(&mut ids));
        let names = ids.names(store, scope.organisation()).await?;
        let shown: Vec<Value> = self.shown.iter().map(|flag| flag.body(&names)).collect();
        Ok(json!({ "open": self.open, "cleared": self.all - self.open, "flags": shown }))
    }
}

async fn repurchase(
    store: &Store,
    scope: &Scope,
    forecasts: &Forecasts,
    history: &History,
    until: Option<Date>,
    today: Date,
) -> Result<Value, Error> {
    let stated = |state: &str| said(state, history, until);
    let known = history.purchases(until.unwrap_or(today)).zip(until);
    let Some((purchases, until)) = known else { return Ok(stated("no_orders")) };
    if purchases.repeats == 0 {
        return Ok(stated("too_early"));
    }
    let Some(fitted) = forecasts.fitted(store, scope, today, PATIENCE).await? else {
        return Ok(stated("fitting"));
    };
    let Some(model) = &fitted.buying else {
        let mut said = stated("too_little_history");
        put(&mut said, "customers_needed", json!(REPEATING));
        return Ok(said);
    };
    let expected = model.expected(&purchases, f64::from(WEEKS));
    let mut said = stated("model");
    put(&mut said, "expected_purchases", json!(rounded(expected, 100.0)));
    put(&mut said, "probability_alive", json!(rounded(model.alive(&purchases), 1_000.0)));
    put(&mut said, "expected_value", expected_value(&fitted, history, expected));
    put(&mut said, "until", json!(until.saturating_add(Span::new().weeks(WEEKS))));
    Ok(said)
}

/// What can be said of every customer; what only the models know is null.
fn said(state: &str, history: &History, until: Option<Date>) -> Value {
    json!({
        "state": state,
        "purchase_days": history.len(),
        "first_order": history.first(),
        "last_order": history.last(),
        "usual_gap_days": history.usual_gap(),
        "probability_alive": null,
        "expected_purchases": null,
        "expected_value": null,
        "until": null,
        "observed_until": until,
        "customers_needed": null,
    })
}

fn put(said: &mut Value, name: &str, value: Value) {
    if let Some(place) = said.get_mut(name) {
        *place = value;
    }
}

/// The expected purchases divided among the currencies of those that were repeated, each at what
/// the customer is expected to spend.
fn expected_value(fitted: &Fitted, history: &History, expected: f64) -> Value {
    let spending = history.spending();
    let repeats: f64 = spending.values().map(|spending| f64::from(spending.repeats)).sum();
    let values = spending.iter().filter_map(|(currency, spending)| {
        let each = fitted.spending.get(currency)?.expected(spending)?;
        let value = expected * each * f64::from(spending.repeats) / repeats;
        let mut amount = Decimal::try_from(value).ok()?.round_dp(2);
        amount.rescale(2);
        Some(json!({ "amount": amount, "currency": currency }))
    });
    values.collect()
}

fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}
