//! The organisation's events: listed, streamed, read one by one, and explained.

mod list;
mod stream;
mod undo;

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::Recorded;
use domain::access::{Action, Scope};
use domain::event::pattern::{Pattern, UnknownEvent};
use projections::envelope;
use serde_json::{Value, json};
use uuid::Uuid;

use super::runs;
use crate::commands::actor_name;
use crate::endpoint::{
    Answer, DRY_RUN, Endpoint, Guard, Kind, PAGE, Parameter, READ, Request, Verb,
};
use crate::extract::Ask;
use crate::page;
use crate::problem::{Code, Problem};
use crate::server::App;
use crate::view;

pub(super) use list::{Rows, descends, place};

/// Nodes that an explanation has at most.
const NODES: usize = 500;
const EFFECTS_OF_ONE: i64 = 100;

pub(super) const TYPES: Parameter = Parameter::new(
    "types",
    Kind::Words,
    "Only these events, such as `customer.tagged,customer.note_*`",
);

const WAIT: Parameter = Parameter::new(
    "wait",
    Kind::Integer(0, 30),
    "Seconds to wait for an event beyond `after`; 204 where none comes. Go on from the sequence \
     of the last event, or from the position of the answer",
);

const SUBJECT: Parameter = Parameter::new(
    "subject",
    Kind::Words,
    "Only what is about these records, such as `customers/0199…c1`",
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
                WAIT,
            ],
        ],
        request: Request::None,
        answer: Answer::Page("Event"),
        handler: |verb| on(verb, list::list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/events/stream",
        id: "events_stream",
        tag: "Events",
        summary: "Follow the organisation's events as they happen (server-sent events)",
        guard: Guard::Action(Action::EventRead),
        parameters: &[&[
            TYPES,
            SUBJECT,
            Parameter::new(
                "after",
                Kind::Text(20),
                "The id of the last frame seen; from now on, if not said. Last-Event-ID goes before",
            ),
        ]],
        request: Request::None,
        answer: Answer::Other(200, "text/event-stream"),
        handler: |verb| on(verb, stream::stream),
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
    Endpoint {
        verb: Verb::Post,
        path: "/v1/events/{event_id}/undo",
        id: "events_undo",
        tag: "Events",
        summary: "Take back what you changed in the last 30 days, as long as nothing rests on it",
        guard: Guard::AnyCommand,
        parameters: &[DRY_RUN],
        request: Request::None,
        answer: Answer::Command,
        handler: |verb| on(verb, undo::undo),
    },
];

/// The envelope of an event as the caller may see it; nothing where they may not.
pub(crate) async fn shown(
    app: &App,
    scope: &Scope,
    event: &Recorded,
) -> Result<Option<Value>, Problem> {
    Ok(envelope::told(app.store(), scope, event).await?)
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
    let mut wanted = Vec::new();
    for word in ask.query.words("types") {
        let pattern: Pattern = word.parse().map_err(|error| unknown_event(&error))?;
        wanted.extend(pattern.names().map(str::to_owned));
    }
    wanted.sort_unstable();
    wanted.dedup();
    Ok(wanted)
}

fn unknown_event(error: &UnknownEvent) -> Problem {
    Problem::parameter("types", error.to_string(), None)
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
    let node = node(&ask, &event).await?;
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
        found.push(node(ask, &event).await?);
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
        let mut row = node(ask, &effect).await?;
        if let Value::Object(row) = &mut row {
            row.insert("effects".to_owned(), further.into());
        }
        found.push(row);
    }
    Ok(found)
}

/// The runs that an event set off, also those that wait or were withheld, with the conditions that
/// they met; for whoever may read rules.
async fn runs_of(ask: &Ask, event: &Recorded) -> Result<Vec<Value>, Problem> {
    let Ok(scope) = ask.scope(Action::RuleRead) else { return Ok(Vec::new()) };
    let store = ask.app.store();
    let mut rows = Vec::new();
    for run in automation::runs::of_event(store, &scope, event.event_id).await? {
        let told = automation::explain(store, &scope, event, run).await?;
        rows.extend(told.as_ref().map(runs::explained));
    }
    Ok(rows)
}

/// The rule by which an event came about.
async fn rule_of(ask: &Ask, event: &Recorded) -> Result<Option<Value>, Problem> {
    let Some(rule) = &event.metadata.rule else { return Ok(None) };
    let name = match ask.scope(Action::RuleRead) {
        Ok(scope) => {
            automation::rule_name(ask.app.store(), &scope, rule.rule, rule.version).await?
        }
        Err(_) => None,
    };
    Ok(Some(json!({
        "id": rule.rule,
        "name": name,
        "version": rule.version,
        "run": rule.run,
        "step": rule.step,
    })))
}

/// An event in an explanation: what, who, when, by which rule, and which rules it set off.
async fn node(ask: &Ask, event: &Recorded) -> Result<Value, Problem> {
    let store = ask.app.store();
    let actor = actor_name(store, ask.organisation(), &event.metadata.actor).await;
    let summary = event.event().map(|event| event.sentence()).unwrap_or_default();
    Ok(json!({
        "id": event.event_id,
        "type": event.type_name,
        "stream_id": event.stream_id,
        "customer": event.customer_id,
        "summary": summary,
        "actor": actor,
        "recorded_at": view::time(event.recorded_at),
        "external_cause": event.metadata.external_cause,
        "undoes": event.undone(),
        "rule": rule_of(ask, event).await?,
        "runs": runs_of(ask, event).await?,
    }))
}
