//! Service entries: deliveries, installations and service cases on one timeline.

use axum::response::Response;
use axum::routing::on;
use domain::access::Action;
use projections::service_entries::{self, Filter};
use serde_json::Value;
use uuid::Uuid;

use super::history::known_customer;
use super::tasks::record;
use crate::endpoint::{
    Answer, Endpoint, Guard, Kind, PAGE, PAST, Parameter, READ, Request, Target, Verb,
};
use crate::extract::Ask;
use crate::page::{self, Filters};
use crate::past;
use crate::problem::{Code, Problem};

const FILTER: &[Parameter] = &[Parameter::new(
    "filter",
    Kind::Filter,
    "`filter[kind]=delivery|installation|service_case`, \
     `filter[state]=scheduled|completed|cancelled`",
)];

const KINDS: &[&str] = &["delivery", "installation", "service_case"];
const STATES: &[&str] = &["scheduled", "completed", "cancelled"];

const ENTRY: Target = Target::Path("entry_id");

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/service-entries",
        id: "customers_service_entries",
        tag: "Service",
        summary: "A customer's deliveries, installations and service cases, the latest first",
        guard: Guard::Action(Action::ServiceRead),
        parameters: &[PAST, FILTER, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("ServiceEntry"),
        handler: |verb| on(verb, of_customer),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/service-entries/{entry_id}",
        id: "service_entries_get",
        tag: "Service",
        summary: "Read a service entry",
        guard: Guard::Action(Action::ServiceRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "ServiceEntry"),
        handler: |verb| on(verb, get),
    },
    Endpoint::command(
        Verb::Post,
        "/v1/customers/{customer_id}/service-entries",
        "service_entry.add",
        Target::New,
        &[("customer_id", "customer")],
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/service-entries/{entry_id}/reschedule",
        "service_entry.reschedule",
        ENTRY,
        &[],
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/service-entries/{entry_id}/complete",
        "service_entry.complete",
        ENTRY,
        &[],
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/service-entries/{entry_id}/cancel",
        "service_entry.cancel",
        ENTRY,
        &[],
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/service-entries/{entry_id}/reopen",
        "service_entry.reopen",
        ENTRY,
        &[],
    ),
];

async fn of_customer(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::ServiceRead)?;
    let customer = known_customer(&ask, &scope).await?;
    let filters = Filters::read(&ask, &["kind", "state"])?;
    let filter = Filter {
        customer: Some(customer),
        kind: filters.word("kind", KINDS)?.map(str::to_owned),
        state: filters.word("state", STATES)?.map(str::to_owned),
    };
    let standing = page::of_view(&ask, "service_entries").await?;
    let query = page::query(&ask)?;
    let store = ask.app.store();
    let found = match past::asked(&ask, &scope, Some(customer)).await? {
        Some(past) => service_entries::list_as_of(store, &scope, &past, &filter, &query).await?,
        None => service_entries::list(store, &scope, &filter, &query).await?,
    };
    Ok(page::of(&ask, found, standing))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::ServiceRead)?;
    let id = ask.id("entry_id")?;
    let standing = page::of_view(&ask, "service_entries").await?;
    let (mut entry, mut position) = service_entries::get(ask.app.store(), &scope, id).await?;
    if entry.is_none() {
        page::settle(&ask, "service_entries").await?;
        (entry, position) = service_entries::get(ask.app.store(), &scope, id).await?;
    }
    let entry = entry.ok_or_else(|| Problem::new(Code::ServiceEntryNotFound))?;
    let standing = page::Standing { position: standing.position.max(position), ..standing };
    Ok(record(&ask, entry, standing))
}

/// The entry as it is after a command of this position.
pub(crate) async fn after(ask: &Ask, id: Uuid, position: i64) -> Result<Option<Value>, Problem> {
    let scope = ask.scope(Action::ServiceRead)?;
    if !page::caught_up(ask, "service_entries", position).await? {
        return Ok(None);
    }
    let (entry, _) = service_entries::get(ask.app.store(), &scope, id).await?;
    Ok(entry)
}
