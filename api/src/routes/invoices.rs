//! Invoices and credit notes: what customers owe.

use axum::response::Response;
use axum::routing::on;
use domain::access::Action;
use projections::ledger::{self, InvoiceState, Invoices};
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
    "`filter[state]=open|overdue|unpaid|paid`, `filter[customer]=…`",
)];

const CUSTOMER: &[(&str, &str)] = &[("customer_id", "customer")];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/invoices",
        id: "invoices_list",
        tag: "Finance",
        summary: "List invoices, the last issued first",
        guard: Guard::Action(Action::FinanceRead),
        parameters: &[FILTER, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Invoice"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/invoices",
        id: "customers_invoices",
        tag: "Finance",
        summary: "List a customer's invoices, the last issued first",
        guard: Guard::Action(Action::FinanceRead),
        parameters: &[PAST, FILTER, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Invoice"),
        handler: |verb| on(verb, of_customer),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/invoices/{invoice_id}",
        id: "invoices_get",
        tag: "Finance",
        summary: "Read an invoice, and what was set against it",
        guard: Guard::Action(Action::FinanceRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Invoice"),
        handler: |verb| on(verb, get),
    },
    Endpoint::command(
        Verb::Post,
        "/v1/customers/{customer_id}/invoices",
        "account.issue_invoice",
        Target::New,
        CUSTOMER,
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/customers/{customer_id}/credit-notes",
        "account.issue_credit_note",
        Target::New,
        CUSTOMER,
    ),
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let filters = Filters::read(&ask, &["state", "customer"])?;
    let customer = filters.id("customer")?;
    page(ask, &filters, customer).await
}

async fn of_customer(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::FinanceRead)?;
    let customer = known_customer(&ask, &scope).await?;
    let filters = Filters::read(&ask, &["state"])?;
    page(ask, &filters, Some(customer)).await
}

async fn page(ask: Ask, filters: &Filters, customer: Option<Uuid>) -> Result<Response, Problem> {
    let scope = ask.scope(Action::FinanceRead)?;
    let state = filters.word("state", &["open", "overdue", "unpaid", "paid"])?;
    let state = state.map(|state| match state {
        "open" => InvoiceState::Open,
        "overdue" => InvoiceState::Overdue,
        "unpaid" => InvoiceState::Unpaid,
        _ => InvoiceState::Paid,
    });
    let standing = page::of_view(&ask, "ledger").await?;
    let query = page::query(&ask)?;
    let wanted = Invoices { customer, state };
    let found = match past::asked(&ask, &scope, customer).await? {
        Some(past) => ledger::invoices_as_of(&past, &wanted, &query)?,
        None => ledger::invoices(ask.app.store(), &scope, &wanted, &query).await?,
    };
    Ok(page::of(&ask, found, standing))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::FinanceRead)?;
    let id = ask.id("invoice_id")?;
    let standing = page::of_view(&ask, "ledger").await?;
    let (mut invoice, mut position) = ledger::invoice(ask.app.store(), &scope, id).await?;
    if invoice.is_none() {
        page::settle(&ask, "ledger").await?;
        (invoice, position) = ledger::invoice(ask.app.store(), &scope, id).await?;
    }
    let invoice = invoice.ok_or_else(|| Problem::new(Code::InvoiceNotFound))?;
    let standing = page::Standing { position: standing.position.max(position), ..standing };
    Ok(record(&ask, invoice, standing))
}
