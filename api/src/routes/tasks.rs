//! Tasks: what is to do, for customers and for nobody in particular.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use projections::tasks::{self, Filter};
use projections::{Page, PageQuery};
use serde_json::Value;
use uuid::Uuid;

use super::history::known_customer;
use crate::endpoint::{
    Answer, Endpoint, Guard, Kind, PAGE, PAST, Parameter, READ, Request, Target, Verb,
};
use crate::extract::Ask;
use crate::page::{self, Filters};
use crate::past;
use crate::problem::{Code, Problem};
use crate::view;

const FILTER: &[Parameter] = &[Parameter::new(
    "filter",
    Kind::Filter,
    "`filter[customer]=…`, `filter[assignee]=…`, `filter[state]=open|done`, \
     `filter[created_at][gte]=…`, `filter[due_on][lte]=…`",
)];

const TASK: Target = Target::Path("task_id");

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/tasks",
        id: "tasks_list",
        tag: "Tasks",
        summary: "List tasks by the day on which they are due",
        guard: Guard::Action(Action::TaskRead),
        parameters: &[FILTER, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Task"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/tasks",
        id: "customers_tasks",
        tag: "Tasks",
        summary: "List a customer's tasks",
        guard: Guard::Action(Action::TaskRead),
        parameters: &[PAST, FILTER, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Task"),
        handler: |verb| on(verb, of_customer),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/tasks/{task_id}",
        id: "tasks_get",
        tag: "Tasks",
        summary: "Read a task",
        guard: Guard::Action(Action::TaskRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Task"),
        handler: |verb| on(verb, get),
    },
    Endpoint::command(Verb::Post, "/v1/tasks", "task.add", Target::New, &[]),
    Endpoint::command(
        Verb::Post,
        "/v1/customers/{customer_id}/tasks",
        "task.add",
        Target::New,
        &[("customer_id", "customer")],
    ),
    Endpoint::command(Verb::Patch, "/v1/tasks/{task_id}", "task.edit", TASK, &[]),
    Endpoint::command(Verb::Post, "/v1/tasks/{task_id}/complete", "task.complete", TASK, &[]),
    Endpoint::command(Verb::Post, "/v1/tasks/{task_id}/reopen", "task.reopen", TASK, &[]),
    Endpoint::command(Verb::Delete, "/v1/tasks/{task_id}", "task.delete", TASK, &[]),
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let filters =
        Filters::read(&ask, &["customer", "assignee", "state", "created_at[gte]", "due_on[lte]"])?;
    let customer = filters.id("customer")?;
    page(ask, &filters, customer).await
}

async fn of_customer(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::TaskRead)?;
    let customer = known_customer(&ask, &scope).await?;
    let filters = Filters::read(&ask, &["assignee", "state", "created_at[gte]", "due_on[lte]"])?;
    page(ask, &filters, Some(customer)).await
}

async fn page(ask: Ask, filters: &Filters, customer: Option<Uuid>) -> Result<Response, Problem> {
    let filter = Filter {
        customer,
        assignee: filters.id("assignee")?,
        done: filters.word("state", &["open", "done"])?.map(|state| state == "done"),
        created_from: filters.parsed("created_at[gte]", "a moment such as 2026-11-20T00:00:00Z")?,
        due_until: filters.parsed("due_on[lte]", "a day such as 2026-11-20")?,
    };
    let standing = page::of_view(&ask, "tasks").await?;
    let found = rows(&ask, &filter, &page::query(&ask)?).await?;
    Ok(page::of(&ask, found, standing))
}

/// As they are or, of one customer, as they were.
pub(super) async fn rows(ask: &Ask, filter: &Filter, query: &PageQuery) -> Result<Page, Problem> {
    let scope = ask.scope(Action::TaskRead)?;
    let store = ask.app.store();
    Ok(match past::asked(ask, &scope, filter.customer).await? {
        Some(past) => tasks::list_as_of(store, &scope, &past, filter, query).await?,
        None => tasks::list(store, &scope, filter, query).await?,
    })
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::TaskRead)?;
    let id = ask.id("task_id")?;
    let standing = page::of_view(&ask, "tasks").await?;
    let (mut task, mut position) = tasks::get(ask.app.store(), &scope, id).await?;
    if task.is_none() {
        page::settle(&ask, "tasks").await?;
        (task, position) = tasks::get(ask.app.store(), &scope, id).await?;
    }
    let task = task.ok_or_else(|| Problem::new(Code::TaskNotFound))?;
    let standing = page::Standing { position: standing.position.max(position), ..standing };
    Ok(record(&ask, task, standing))
}

/// The task as it is after a command of this position.
pub(crate) async fn after(ask: &Ask, id: Uuid, position: i64) -> Result<Option<Value>, Problem> {
    let scope = ask.scope(Action::TaskRead)?;
    if !page::caught_up(ask, "tasks", position).await? {
        return Ok(None);
    }
    let (task, _) = tasks::get(ask.app.store(), &scope, id).await?;
    Ok(task)
}

/// A record that carries its version and position.
pub(super) fn record(ask: &Ask, record: Value, standing: page::Standing) -> Response {
    let version = record.get("version").and_then(Value::as_i64).unwrap_or_default();
    let touched = record.get("position").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let tag = view::tag(ask, version, touched.unwrap_or_default(), "");
    view::tagged(&ask.headers, &tag, standing.stamp(Json(record).into_response()))
}
