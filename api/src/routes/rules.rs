//! Rules of automation.

use automation::Rehearsal;
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use domain::command::read;
use domain::rule::{Clock, Rule, Status};
use jiff::Timestamp;
use projections::rules::{self, State};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::jobs;
use super::tasks::record;
use crate::commands::invalid;
use crate::endpoint::{
    Answer, Endpoint, Guard, Kind, PAGE, Parameter, READ, Request, Target, Verb,
};
use crate::extract::{Ask, Body};
use crate::page::{self, Filters};
use crate::problem::{Code, FieldError, Problem};
use crate::rehearsals;

const RULE: Target = Target::Path("rule_id");

const FILTER: &[Parameter] = &[Parameter::new(
    "filter",
    Kind::Filter,
    "`filter[state]=draft|active|archived`; without it the archived ones are left out",
)];

/// What is to be rehearsed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Period {
    from: Timestamp,
    to: Timestamp,
    #[serde(default)]
    time: Option<Clock>,
}

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/automation/rules",
        id: "rules_list",
        tag: "Rules",
        summary: "List rules, newest first",
        guard: Guard::Action(Action::RuleRead),
        parameters: &[FILTER, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Rule"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/automation/rules/{rule_id}",
        id: "rules_get",
        tag: "Rules",
        summary: "Read a rule",
        guard: Guard::Action(Action::RuleRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Rule"),
        handler: |verb| on(verb, get),
    },
    Endpoint::command(Verb::Post, "/v1/automation/rules", "rule.create", Target::New, &[]),
    Endpoint::command(Verb::Put, "/v1/automation/rules/{rule_id}", "rule.change", RULE, &[]),
    Endpoint {
        verb: Verb::Post,
        path: "/v1/automation/rules/{rule_id}/rehearse",
        id: "rules_rehearse",
        tag: "Rules",
        summary: "Try a rule on what has happened, without effects; the answer names the job",
        guard: Guard::Action(Action::RuleAdmin),
        parameters: &[],
        request: Request::Json {
            schema: "Rehearsal",
            example: || {
                json!({ "from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z",
                    "time": "effective" })
            },
            wrong: || {
                (json!({ "from": "yesterday", "to": "2026-11-01T00:00:00Z" }), "invalid_field")
            },
        },
        answer: Answer::Json(202, "Job"),
        handler: |verb| on(verb, rehearse),
    },
    Endpoint::command(
        Verb::Post,
        "/v1/automation/rules/{rule_id}/run",
        "rule_run.request",
        Target::New,
        &[("rule_id", "rule")],
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/automation/rules/{rule_id}/activate",
        "rule.activate",
        RULE,
        &[],
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/automation/rules/{rule_id}/deactivate",
        "rule.deactivate",
        RULE,
        &[],
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/automation/rules/{rule_id}/archive",
        "rule.archive",
        RULE,
        &[],
    ),
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::RuleRead)?;
    let filters = Filters::read(&ask, &["state"])?;
    let state = match filters.word("state", &["draft", "active", "archived"])? {
        Some("draft") => Some(State::Draft),
        Some("active") => Some(State::Active),
        Some(_) => Some(State::Archived),
        None => None,
    };
    let standing = page::of_view(&ask, "rules").await?;
    let query = page::query(&ask)?;
    let found = rules::list(ask.app.store(), &scope, state, &query).await?;
    Ok(page::of(&ask, found, standing))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::RuleRead)?;
    let id = ask.id("rule_id")?;
    let standing = page::of_view(&ask, "rules").await?;
    let (mut rule, _) = rules::get(ask.app.store(), &scope, id).await?;
    if rule.is_none() {
        page::settle(&ask, "rules").await?;
        (rule, _) = rules::get(ask.app.store(), &scope, id).await?;
    }
    let rule = rule.ok_or_else(|| Problem::new(Code::RuleNotFound))?;
    Ok(record(&ask, rule, standing))
}

async fn rehearse(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    let Period { from, to, time } = read(body.into()).map_err(invalid)?;
    if from >= to {
        let detail = "the period ends before it begins";
        return Err(Problem::field(FieldError::at("/to", Code::InvalidField.name(), detail)));
    }
    let rule = ask.id("rule_id")?;
    let (_, state) = ask.app.store().load::<Rule>(ask.organisation(), rule).await?;
    match state.status {
        Status::Absent => return Err(Problem::new(Code::RuleNotFound)),
        Status::Archived => return Err(Problem::new(Code::RuleArchived)),
        Status::Draft | Status::Active => {}
    }
    let time = time.unwrap_or(Clock::Effective);
    let rehearsal = Rehearsal { rule, from, to, time };
    let jobs = ask.app.jobs();
    let job_id = rehearsals::create(jobs, &ask.principal, &rehearsal).await?;
    let job = jobs::find(&ask, job_id).await?;
    let body = jobs::row(&job, &ask).await?;
    rehearsals::spawn(jobs, job);
    let address = [(LOCATION, format!("/v1/jobs/{job_id}"))];
    Ok((StatusCode::ACCEPTED, address, Json(body)).into_response())
}

/// The rule as it is after a command of this position.
pub(crate) async fn after(ask: &Ask, id: Uuid, position: i64) -> Result<Option<Value>, Problem> {
    let scope = ask.scope(Action::RuleRead)?;
    if !page::caught_up(ask, "rules", position).await? {
        return Ok(None);
    }
    let (rule, _) = rules::get(ask.app.store(), &scope, id).await?;
    Ok(rule)
}
