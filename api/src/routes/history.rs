//! A customer's history: every event about them, as pages or as one stream.

use std::collections::VecDeque;

use axum::Json;
use axum::body::{Body as HttpBody, Bytes};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::{Action, Scope};
use domain::customer::{Customer, Presence};
use domain::{Actor, Recorded};
use eventstore::HistoryQuery;
use futures_util::stream::{self, Stream};
use projections::{PageQuery, envelope, field_history, past, timeline};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::events::{self, Rows, TYPES};
use crate::endpoint::{Answer, Endpoint, Guard, Kind, PAGE, PAST, Parameter, READ, Request, Verb};
use crate::extract::Ask;
use crate::page::{self, Page};
use crate::problem::{Code, Problem, chain, nearest};

const CHUNK: i64 = 500;
const NDJSON: &str = "application/x-ndjson";

const HISTORY: &[Parameter] = &[
    TYPES,
    Parameter::new("actor", Kind::Id, "Only what this user did"),
    Parameter::new("order", Kind::Word(&["asc", "desc"]), "Oldest first, if not said"),
    Parameter::new("format", Kind::Word(&["json", "ndjson"]), "As the Accept header"),
];

const BETWEEN: &[Parameter] = &[
    Parameter::new("from", Kind::Integer(0, i64::MAX), "The version to begin with"),
    Parameter::new(
        "to",
        Kind::Integer(0, i64::MAX),
        "The version to end with; the present one if not said",
    ),
];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/history",
        id: "customers_history",
        tag: "History",
        summary: "Every event about a customer; as NDJSON all of them in one stream, with a digest",
        guard: Guard::Action(Action::AuditRead),
        parameters: &[HISTORY, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Event"),
        handler: |verb| on(verb, history),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/timeline",
        id: "customers_timeline",
        tag: "History",
        summary: "What happened to a customer, a sentence each, the latest first",
        guard: Guard::Action(Action::AuditRead),
        parameters: &[PAST, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Entry"),
        handler: |verb| on(verb, timeline),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/diff",
        id: "customers_diff",
        tag: "History",
        summary: "What differs between two versions of a customer, and who changed it",
        guard: Guard::Action(Action::AuditRead),
        parameters: &[BETWEEN, READ],
        request: Request::None,
        answer: Answer::Json(200, "ChangeList"),
        handler: |verb| on(verb, diff),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/fields/{field}/history",
        id: "customers_field_history",
        tag: "History",
        summary: "Who set which value of a field, and when",
        guard: Guard::Action(Action::AuditRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "ChangeList"),
        handler: |verb| on(verb, field_history),
    },
];

/// Which events are wanted, beside who may see them.
struct Wanted {
    customer: Uuid,
    types: Vec<String>,
    actor: Option<Uuid>,
    descending: bool,
}

impl Wanted {
    fn query(&self, after: Option<i64>) -> HistoryQuery {
        HistoryQuery { after, limit: CHUNK, descending: self.descending, types: self.types.clone() }
    }

    fn fits(&self, event: &Recorded) -> bool {
        let Some(actor) = self.actor else { return true };
        match &event.metadata.actor {
            Actor::User { id } | Actor::Service { id } => {
                *id == actor || event.metadata.on_behalf_of == Some(actor)
            }
            Actor::Automation { .. } => event.metadata.on_behalf_of == Some(actor),
            Actor::System => false,
        }
    }
}

/// 404 for a customer that is not there or out of reach.
pub(super) async fn known_customer(ask: &Ask, scope: &Scope) -> Result<Uuid, Problem> {
    let customer = ask.id("customer_id")?;
    let (_, state) = ask.app.store().load::<Customer>(ask.organisation(), customer).await?;
    let reached = envelope::reaches(ask.app.store(), scope, Some(customer)).await?;
    if state.presence == Presence::Absent || !reached {
        return Err(Problem::new(Code::CustomerNotFound));
    }
    Ok(customer)
}

async fn history(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::AuditRead)?;
    let standing = page::of_log(&ask).await?;
    let customer = known_customer(&ask, &scope).await?;
    let query = page::query(&ask)?;
    let wanted = Wanted {
        customer,
        types: events::types(&ask)?,
        actor: ask.query.id("actor"),
        descending: events::descends(&ask, &query),
    };
    let after = events::place(&query)?;
    if wants_ndjson(&ask) {
        if query.is_backwards() {
            let detail = "a stream goes forward only; leave out before";
            return Err(Problem::parameter("before", detail, None));
        }
        let body = HttpBody::from_stream(lines(ask, scope, wanted, after));
        return Ok(standing.stamp(([(CONTENT_TYPE, NDJSON)], body).into_response()));
    }
    let page = pages(&ask, &scope, &wanted, &query, after).await?;
    Ok(page.answer(&ask, standing))
}

async fn timeline(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::AuditRead)?;
    let standing = page::of_log(&ask).await?;
    let customer = known_customer(&ask, &scope).await?;
    let query = page::query(&ask)?;
    let store = ask.app.store();
    if let Some(past) = crate::past::asked(&ask, &scope, Some(customer)).await? {
        let found = timeline::timeline_as_of(store, &scope, past, &query).await?;
        return Ok(page::of(&ask, found, standing));
    }
    let found = timeline::timeline(store, &scope, customer, &query).await?;
    let found = found.ok_or_else(|| Problem::new(Code::CustomerNotFound))?;
    Ok(page::of(&ask, found, standing))
}

async fn diff(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::AuditRead)?;
    let standing = page::of_log(&ask).await?;
    let customer = known_customer(&ask, &scope).await?;
    let from = ask.query.integer("from").unwrap_or_default();
    let to = ask.query.integer("to").unwrap_or(i64::MAX);
    let changes = past::diff(ask.app.store(), &scope, customer, from, to).await?;
    let changes = changes.ok_or_else(|| Problem::new(Code::CustomerNotFound))?;
    let changes: Vec<Value> = changes.iter().map(past::Change::body).collect();
    let body = json!({ "data": changes, "position": standing.position.to_string() });
    Ok(standing.stamp(Json(body).into_response()))
}

/// A field that the role hides is as unknown as one that there is not.
async fn field_history(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::AuditRead)?;
    let standing = page::of_log(&ask).await?;
    let customer = known_customer(&ask, &scope).await?;
    let field = ask.path("field").unwrap_or_default();
    if !field_history::is_known(&scope, field) {
        let names = field_history::names(&scope);
        let near = nearest(field, names.iter().copied());
        let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        let problem = Problem::new(Code::FieldNotFound);
        let problem = problem.detail(format!("a customer has no field {field:?}{hint}"));
        return Err(problem.with("allowed_values", json!(names)));
    }
    let store = ask.app.store();
    let changes = field_history::field_history(store, &scope, customer, field).await?;
    let changes = changes.ok_or_else(|| Problem::new(Code::CustomerNotFound))?;
    let changes: Vec<Value> = changes.iter().map(past::Change::body).collect();
    let body = json!({ "data": changes, "position": standing.position.to_string() });
    Ok(standing.stamp(Json(body).into_response()))
}

fn wants_ndjson(ask: &Ask) -> bool {
    let accepts = |headers: &HeaderMap| {
        let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        accept.split(',').any(|kind| kind.trim().starts_with(NDJSON))
    };
    match ask.query.text("format") {
        Some(format) => format == "ndjson",
        None => accepts(&ask.headers),
    }
}

async fn pages(
    ask: &Ask,
    scope: &Scope,
    wanted: &Wanted,
    asked: &PageQuery,
    mut after: Option<i64>,
) -> Result<Page, Problem> {
    let limit = usize::from(asked.limit);
    let mut rows = Rows::default();
    loop {
        let query = wanted.query(after);
        let store = ask.app.store();
        let events = store.read_customer(ask.organisation(), wanted.customer, &query).await?;
        let ended = i64::try_from(events.len()).unwrap_or_default() < CHUNK;
        for event in events {
            after = Some(event.sequence);
            if !wanted.fits(&event) {
                continue;
            }
            let Some(row) = envelope::told(store, scope, &event).await? else { continue };
            if rows.len() == limit {
                let onward = rows.last();
                return Ok(rows.page(asked, onward));
            }
            rows.push(event.sequence, row);
        }
        if ended {
            return Ok(rows.page(asked, None));
        }
    }
}

/// What is being streamed.
struct Streamed {
    ask: Ask,
    scope: Scope,
    wanted: Wanted,
    after: Option<i64>,
    lines: VecDeque<String>,
    hash: Sha256,
    count: u64,
    last: Option<i64>,
    ended: bool,
    closed: bool,
}

/// One line for each event, and a last one with the SHA-256 of all bytes before it.
fn lines(
    ask: Ask,
    scope: Scope,
    wanted: Wanted,
    after: Option<i64>,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
    let start = Streamed {
        ask,
        scope,
        wanted,
        after,
        lines: VecDeque::new(),
        hash: Sha256::new(),
        count: 0,
        last: None,
        ended: false,
        closed: false,
    };
    stream::try_unfold(start, |mut streamed| async move {
        let next = streamed.next().await?;
        Ok(next.map(|bytes| (bytes, streamed)))
    })
}

impl Streamed {
    async fn next(&mut self) -> Result<Option<Bytes>, std::io::Error> {
        while self.lines.is_empty() && !self.ended {
            self.fill().await.map_err(|error| {
                tracing::error!(error = %chain(&error), "a history broke off");
                std::io::Error::other("the history broke off")
            })?;
        }
        if !self.lines.is_empty() {
            let text: String = self.lines.drain(..).collect();
            self.hash.update(text.as_bytes());
            return Ok(Some(text.into()));
        }
        if self.closed {
            return Ok(None);
        }
        self.closed = true;
        let digest = json!({ "digest": {
            "algorithm": "sha-256",
            "value": hex::encode(self.hash.finalize_reset()),
            "events": self.count,
            "last_position": self.last.map(|sequence| sequence.to_string()),
        } });
        Ok(Some(format!("{digest}\n").into()))
    }

    async fn fill(&mut self) -> Result<(), eventstore::Error> {
        let query = self.wanted.query(self.after);
        let (store, organisation) = (self.ask.app.store(), self.ask.organisation());
        let events = store.read_customer(organisation, self.wanted.customer, &query).await?;
        self.ended = i64::try_from(events.len()).unwrap_or_default() < CHUNK;
        for event in events {
            self.after = Some(event.sequence);
            if !self.wanted.fits(&event) {
                continue;
            }
            if let Some(row) = envelope::told(store, &self.scope, &event).await? {
                self.lines.push_back(format!("{row}\n"));
                self.count += 1;
                self.last = Some(event.sequence);
            }
        }
        Ok(())
    }
}
