//! The organisation's events: listed, read one by one, and explained.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::{Action, RowScope, Scope};
use domain::customer::Customer;
use domain::{Command, Recorded};
use eventstore::Store;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::commands::actor_name;
use crate::endpoint::{Answer, Endpoint, Guard, Kind, PAGE, Parameter, READ, Request, Verb};
use crate::extract::Ask;
use crate::page::{self, Page};
use crate::problem::{Code, Problem, nearest};
use crate::server::App;
use crate::view;

/// Events read at once; more are read where many of them are not for the caller.
const CHUNK: i64 = 500;
/// So often a page reads on where few events are for the caller, or of the types asked for.
const STRETCHES: usize = 40;
/// Nodes that an explanation has at most.
const NODES: usize = 500;
const EFFECTS_OF_ONE: i64 = 100;

pub(super) const TYPES: Parameter = Parameter::new(
    "types",
    Kind::Words,
    "Only these events, such as `customer.tagged,customer.note_*`",
);

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/events",
        id: "events_list",
        tag: "Events",
        summary: "List the organisation's events",
        guard: Guard::Action(Action::EventRead),
        parameters: &[
            PAGE,
            READ,
            &[
                TYPES,
                Parameter::new("order", Kind::Word(&["asc", "desc"]), "Oldest first, if not said"),
            ],
        ],
        request: Request::None,
        answer: Answer::Page("Event"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/events/{event_id}",
        id: "events_get",
        tag: "Events",
        summary: "Read one event",
        guard: Guard::Action(Action::EventRead),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "Event"),
        handler: |verb| on(verb, get),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/events/{event_id}/why",
        id: "events_why",
        tag: "Events",
        summary: "What led to an event, and what came of it",
        guard: Guard::Action(Action::EventRead),
        parameters: &[&[Parameter::new("depth", Kind::Integer(1, 20), "How far, 8 if not said")]],
        request: Request::None,
        answer: Answer::Json(200, "Why"),
        handler: |verb| on(verb, why),
    },
];

/// Whether the customer that an event is about is within reach.
pub(crate) async fn reaches(
    store: &Store,
    scope: &Scope,
    customer: Option<Uuid>,
) -> Result<bool, Problem> {
    let Some(customer) = customer else { return Ok(true) };
    match scope.row_scope() {
        RowScope::All => Ok(true),
        RowScope::None => Ok(false),
        rows @ (RowScope::Folders(_) | RowScope::Assigned(_)) => {
            let (_, state) = store.load::<Customer>(scope.organisation(), customer).await?;
            Ok(rows.covers(state.folder, &state.workers))
        }
    }
}

/// The envelope of an event as the caller may see it; nothing where they may not.
pub(crate) async fn shown(
    app: &App,
    scope: &Scope,
    event: &Recorded,
) -> Result<Option<Value>, Problem> {
    if !reaches(app.store(), scope, event.customer_id).await? {
        return Ok(None);
    }
    Ok(view::envelope(scope, event))
}

/// The event of this id, where the caller may see it.
pub(crate) async fn visible(
    app: &App,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Recorded>, Problem> {
    let Some(event) = app.store().read_event(scope.organisation(), id).await? else {
        return Ok(None);
    };
    let shown = shown(app, scope, &event).await?;
    Ok(shown.map(|_| event))
}

/// The names of the events that were asked for; `customer.note_*` stands for all that begin so.
pub(super) fn types(ask: &Ask) -> Result<Vec<String>, Problem> {
    let known = || Command::specs().iter().flat_map(|spec| spec.emits).copied();
    let mut wanted = Vec::new();
    for word in ask.query.words("types") {
        let matching: Vec<&str> = match word.strip_suffix('*') {
            Some(start) => known().filter(|name| name.starts_with(start)).collect(),
            None => known().filter(|name| *name == word).take(1).collect(),
        };
        if matching.is_empty() {
            let near = nearest(&word, known());
            let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            let detail = format!("there is no event {word:?}{hint}");
            return Err(Problem::parameter("types", detail, None));
        }
        wanted.extend(matching.into_iter().map(str::to_owned));
    }
    wanted.sort_unstable();
    wanted.dedup();
    Ok(wanted)
}

/// A cursor of a list of events is the sequence of its last row.
pub(super) fn cursor(ask: &Ask, name: &str) -> Result<Option<i64>, Problem> {
    let Some(text) = ask.query.text(name) else { return Ok(None) };
    let wrong = || Problem::parameter(name, format!("{name} is no cursor of this list"), None);
    text.parse().ok().filter(|sequence| *sequence >= 0).map(Some).ok_or_else(wrong)
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::EventRead)?;
    let standing = page::of_log(&ask).await?;
    let limit = usize::try_from(ask.query.limit()).unwrap_or_default();
    let descending = ask.query.text("order") == Some("desc");
    let types = types(&ask)?;
    let after = cursor(&ask, "after")?;
    let mut rows = Vec::new();
    let mut last = None;
    let mut seen = after;
    for (count, (from, to)) in Window::new(after, standing.position, descending).enumerate() {
        if count == STRETCHES {
            // A page may be short, or empty, and yet not the last.
            let next = seen.map(|sequence| sequence.to_string());
            return Ok(Page::forward(rows, next).answer(&ask, standing));
        }
        seen = Some(if descending { from + 1 } else { to });
        let mut events =
            ask.app.store().read_organisation(ask.organisation(), from, to, CHUNK).await?;
        if descending {
            events.reverse();
        }
        for event in events {
            if rows.len() == limit {
                let next = last.map(|sequence: i64| sequence.to_string());
                return Ok(Page::forward(rows, next).answer(&ask, standing));
            }
            let wanted = types.is_empty() || types.contains(&event.type_name);
            if wanted && let Some(row) = shown(&ask.app, &scope, &event).await? {
                rows.push(row);
                last = Some(event.sequence);
            }
        }
    }
    Ok(Page::forward(rows, None).answer(&ask, standing))
}

/// The stretches of the log that are read one after the other: beyond the first number, up to and
/// with the second. Sequences are dense, so that a stretch has as many events as it is long.
struct Window {
    low: i64,
    high: i64,
    descending: bool,
}

impl Window {
    fn new(after: Option<i64>, head: i64, descending: bool) -> Self {
        if descending {
            let high = after.map_or(head, |after| (after - 1).min(head));
            Self { low: 0, high, descending }
        } else {
            Self { low: after.unwrap_or_default(), high: head, descending }
        }
    }
}

impl Iterator for Window {
    type Item = (i64, i64);

    fn next(&mut self) -> Option<(i64, i64)> {
        if self.low >= self.high {
            return None;
        }
        if self.descending {
            let from = (self.high - CHUNK).max(self.low);
            let stretch = (from, self.high);
            self.high = from;
            Some(stretch)
        } else {
            let to = (self.low + CHUNK).min(self.high);
            let stretch = (self.low, to);
            self.low = to;
            Some(stretch)
        }
    }
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::EventRead)?;
    let standing = page::of_log(&ask).await?;
    let id = ask.id("event_id")?;
    let missing = || Problem::new(Code::NotFound);
    let event = ask.app.store().read_event(ask.organisation(), id).await?.ok_or_else(missing)?;
    let shown = shown(&ask.app, &scope, &event).await?.ok_or_else(missing)?;
    Ok(standing.stamp(Json(shown).into_response()))
}

async fn why(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::EventRead)?;
    let standing = page::of_log(&ask).await?;
    let depth = usize::try_from(ask.query.integer("depth").unwrap_or(8)).unwrap_or(8);
    let id = ask.id("event_id")?;
    let event = visible(&ask.app, &scope, id).await?;
    let event = event.ok_or_else(|| Problem::new(Code::NotFound))?;
    let causes = causes(&ask, &scope, &event, depth).await?;
    let mut left = NODES;
    let effects = effects(&ask, &scope, &event, depth, &mut left).await?;
    let node = node(&ask, &event).await;
    let body = json!({
        "event": node,
        "causes": causes,
        "effects": effects,
        "complete": left > 0,
    });
    Ok(standing.stamp(Json(body).into_response()))
}

/// What led to the event, the nearest first. It ends where the caller may see no further.
async fn causes(
    ask: &Ask,
    scope: &Scope,
    event: &Recorded,
    depth: usize,
) -> Result<Vec<Value>, Problem> {
    let mut found = Vec::new();
    let mut cause = event.metadata.causation_id;
    while let Some(id) = cause.filter(|_| found.len() < depth) {
        let Some(event) = visible(&ask.app, scope, id).await? else { break };
        cause = event.metadata.causation_id;
        found.push(node(ask, &event).await);
    }
    Ok(found)
}

/// What came of the event, as a tree.
async fn effects(
    ask: &Ask,
    scope: &Scope,
    event: &Recorded,
    depth: usize,
    left: &mut usize,
) -> Result<Vec<Value>, Problem> {
    let mut found = Vec::new();
    if depth == 0 {
        return Ok(found);
    }
    for effect in ask.app.store().read_effects(event, EFFECTS_OF_ONE).await? {
        if *left == 0 {
            break;
        }
        if shown(&ask.app, scope, &effect).await?.is_none() {
            continue;
        }
        *left -= 1;
        let further = Box::pin(effects(ask, scope, &effect, depth - 1, left)).await?;
        let mut row = node(ask, &effect).await;
        if let Value::Object(row) = &mut row {
            row.insert("effects".to_owned(), further.into());
        }
        found.push(row);
    }
    Ok(found)
}

/// An event in an explanation: what, who, when, and by which rule.
async fn node(ask: &Ask, event: &Recorded) -> Value {
    let store = ask.app.store();
    let actor = actor_name(store, ask.organisation(), &event.metadata.actor).await;
    let summary = event.event().map(|event| event.sentence()).unwrap_or_default();
    json!({
        "id": event.event_id,
        "type": event.type_name,
        "stream_id": event.stream_id,
        "customer": event.customer_id,
        "summary": summary,
        "actor": actor,
        "recorded_at": view::time(event.recorded_at),
        "external_cause": event.metadata.external_cause,
        "rule": event.metadata.rule.as_ref().map(|rule| json!({
            "id": rule.rule,
            "version": rule.version,
            "run": rule.run,
            "step": rule.step,
        })),
    })
}
