//! Runs of rules: what each did, or why it did not.

use automation::runs::{self, Outcome, Query, Retried, Run};
use automation::{Condition, Explained, Preview};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use domain::command::read;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::commands::invalid;
use crate::endpoint::{Answer, Endpoint, Guard, Kind, PAGE, Parameter, Request, Verb};
use crate::extract::{Ask, Body};
use crate::page::{self, Filters, Page};
use crate::problem::{Code, FieldError, Problem};
use crate::view::time;

const OUTCOMES: [(&str, Outcome); 7] = [
    ("waiting", Outcome::Waiting),
    ("queued", Outcome::Queued),
    ("done", Outcome::Done),
    ("skipped", Outcome::Skipped),
    ("blocked", Outcome::Blocked),
    ("withheld", Outcome::Withheld),
    ("failed", Outcome::Failed),
];

const FILTER: &[Parameter] = &[Parameter::new(
    "filter",
    Kind::Filter,
    "`filter[rule]=…`, `filter[customer]=…`, \
     `filter[outcome]=waiting|queued|done|skipped|blocked|withheld|failed`",
)];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/automation/runs",
        id: "runs_list",
        tag: "Rules",
        summary: "List runs of rules, newest first",
        guard: Guard::Action(Action::RuleRead),
        parameters: &[FILTER, PAGE],
        request: Request::None,
        answer: Answer::Page("Run"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/automation/runs/{run_id}",
        id: "runs_get",
        tag: "Rules",
        summary: "Read a run",
        guard: Guard::Action(Action::RuleRead),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "Run"),
        handler: |verb| on(verb, get),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/v1/automation/runs/{run_id}/retry",
        id: "runs_retry",
        tag: "Rules",
        summary: "Have a failed run go on, at the step that failed if not said otherwise",
        guard: Guard::Action(Action::RuleAdmin),
        parameters: &[],
        request: Request::Json {
            schema: "Retry",
            example: || json!({ "from_step": "2" }),
            wrong: || (json!({ "from": "2" }), "unknown_field"),
        },
        answer: Answer::Json(202, "Run"),
        handler: |verb| on(verb, retry),
    },
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::RuleRead)?;
    let filters = Filters::read(&ask, &["rule", "customer", "outcome"])?;
    let words = OUTCOMES.map(|(word, _)| word);
    let outcome = filters.word("outcome", &words)?;
    let query = Query {
        rule: filters.id("rule")?,
        customer: filters.id("customer")?,
        outcome: OUTCOMES.iter().find(|(word, _)| Some(*word) == outcome).map(|(_, one)| *one),
        page: page::query(&ask)?,
    };
    let standing = page::of_log(&ask).await?;
    let found = runs::list(ask.app.store(), &scope, &query).await?;
    let rows = found.runs.iter().map(row).collect();
    Ok(Page::new(rows, found.turns).answer(&ask, standing))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::RuleRead)?;
    let run = runs::get(ask.app.store(), &scope, ask.id("run_id")?).await?;
    let run = run.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(Json(row(&run)).into_response())
}

/// Where a run goes on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Retry {
    #[serde(default)]
    from_step: Option<String>,
}

async fn retry(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    let Retry { from_step } = read(body.into()).map_err(invalid)?;
    let scope = ask.scope(Action::RuleAdmin)?;
    match runs::retry(ask.app.store(), &scope, ask.id("run_id")?, from_step.as_deref()).await? {
        Retried::GoesOn(run) => Ok((StatusCode::ACCEPTED, Json(row(&run))).into_response()),
        Retried::NotFailed(state) => {
            Err(Problem::new(Code::RunNotFailed).with("state", state.name()))
        }
        Retried::NoSuchStep(open) => {
            let detail = "the run cannot go on from this step";
            let error = FieldError::at("/from_step", Code::InvalidField.name(), detail);
            Err(Problem::field(error.allowing(Some(open))))
        }
        Retried::NotFound => Err(Problem::new(Code::NotFound)),
    }
}

/// A run as Why tells it: what the rule asked, and what it met.
pub(super) fn explained(told: &Explained) -> Value {
    let Explained { run, rule_name, conditions } = told;
    json!({
        "id": run.id,
        "rule": { "id": run.rule, "name": rule_name, "version": run.rule_version },
        "outcome": run.state.outcome(),
        "reason": run.reason,
        "next_attempt_at": run.next_attempt_at.map(time),
        "steps": run.steps,
        "conditions": met(conditions),
    })
}

/// What a run by hand would come to.
pub(crate) fn foreseen(preview: &Preview) -> Value {
    let Preview { rule_version, ending, conditions } = preview;
    json!({
        "rule_version": rule_version,
        "outcome": ending.outcome,
        "reason": ending.reason,
        "steps": ending.steps,
        "conditions": met(conditions),
    })
}

fn met(conditions: &[Condition]) -> Vec<Value> {
    let met = conditions.iter().map(|leaf| {
        json!({
            "pointer": leaf.pointer,
            "field": leaf.field,
            "op": leaf.op,
            "value": leaf.value,
            "found": leaf.found,
            "hidden": leaf.hidden,
            "holds": leaf.holds,
        })
    });
    met.collect()
}

fn row(run: &Run) -> Value {
    json!({
        "id": run.id,
        "rule": run.rule,
        "rule_version": run.rule_version,
        "trigger_event": run.trigger_event,
        "trigger_type": run.trigger_type,
        "customer": run.customer,
        "state": run.state,
        "outcome": run.state.outcome(),
        "reason": run.reason,
        "steps": run.steps,
        "attempts": run.attempts,
        "next_attempt_at": run.next_attempt_at.map(time),
        "correlation_id": run.correlation_id,
        "created_at": time(run.created_at),
        "finished_at": run.finished_at.map(time),
        "position": run.sequence.to_string(),
    })
}
