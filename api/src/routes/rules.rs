//! Rules of automation.

use axum::response::Response;
use axum::routing::on;
use domain::access::Action;
use projections::rules::{self, State};
use serde_json::Value;
use uuid::Uuid;

use super::tasks::record;
use crate::endpoint::{
    Answer, Endpoint, Guard, Kind, PAGE, Parameter, READ, Request, Target, Verb,
};
use crate::extract::Ask;
use crate::page::{self, Filters};
use crate::problem::{Code, Problem};

const RULE: Target = Target::Path("rule_id");

const FILTER: &[Parameter] = &[Parameter::new(
    "filter",
    Kind::Filter,
    "`filter[state]=draft|active|archived`; without it the archived ones are left out",
)];

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

/// The rule as it is after a command of this position.
pub(crate) async fn after(ask: &Ask, id: Uuid, position: i64) -> Result<Option<Value>, Problem> {
    let scope = ask.scope(Action::RuleRead)?;
    if !page::caught_up(ask, "rules", position).await? {
        return Ok(None);
    }
    let (rule, _) = rules::get(ask.app.store(), &scope, id).await?;
    Ok(rule)
}
