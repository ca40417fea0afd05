//! Money on accounts: payments, credit, what they are set against, and the ledger.

use axum::response::Response;
use axum::routing::on;
use domain::access::Action;
use projections::ledger::{self, FundsKind};
use uuid::Uuid;

use super::history::known_customer;
use super::tasks::record;
use crate::commands::run_for;
use crate::endpoint::{
    Answer, CommandRoute, DRY_RUN, Endpoint, Guard, PAGE, PAST, READ, Request, Target, Verb,
};
use crate::extract::{Ask, Body};
use crate::page;
use crate::past;
use crate::problem::{Code, Problem};

const CUSTOMER: &[(&str, &str)] = &[("customer_id", "customer")];

const PAYMENTS: &[FundsKind] = &[FundsKind::Payment];
const CREDITS: &[FundsKind] = &[FundsKind::Credit, FundsKind::CreditNote];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/payments",
        id: "customers_payments",
        tag: "Finance",
        summary: "List a customer's payments, the last first",
        guard: Guard::Action(Action::FinanceRead),
        parameters: &[PAST, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Funds"),
        handler: |verb| on(verb, payments),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/payments/{payment_id}",
        id: "payments_get",
        tag: "Finance",
        summary: "Read a payment, and what it was set against",
        guard: Guard::Action(Action::FinanceRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Funds"),
        handler: |verb| on(verb, payment),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/account-credits",
        id: "customers_account_credits",
        tag: "Finance",
        summary: "List a customer's credit and credit notes, the last first",
        guard: Guard::Action(Action::FinanceRead),
        parameters: &[PAST, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Funds"),
        handler: |verb| on(verb, credits),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/account-credits/{credit_id}",
        id: "account_credits_get",
        tag: "Finance",
        summary: "Read credit or a credit note, and what it was set against",
        guard: Guard::Action(Action::FinanceRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Funds"),
        handler: |verb| on(verb, credit),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/ledger",
        id: "customers_ledger",
        tag: "Finance",
        summary: "A customer's ledger with its running balance, the last entry first",
        guard: Guard::Action(Action::FinanceRead),
        parameters: &[PAST, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("LedgerEntry"),
        handler: |verb| on(verb, entries),
    },
    Endpoint::command(
        Verb::Post,
        "/v1/customers/{customer_id}/payments",
        "account.receive_payment",
        Target::New,
        CUSTOMER,
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/customers/{customer_id}/account-credits",
        "account.add_credit",
        Target::New,
        CUSTOMER,
    ),
    on_funds(
        Verb::Post,
        "/v1/payments/{payment_id}/allocations",
        "account.allocate_payment",
        &[("payment_id", "payment")],
    ),
    on_funds(
        Verb::Delete,
        "/v1/payments/{payment_id}/allocations/{allocation_id}",
        "account.reverse_allocation",
        &[("payment_id", "funds"), ("allocation_id", "allocation")],
    ),
    on_funds(
        Verb::Post,
        "/v1/payments/{payment_id}/refunds",
        "account.refund_credit",
        &[("payment_id", "credit")],
    ),
    on_funds(
        Verb::Post,
        "/v1/account-credits/{credit_id}/allocations",
        "account.allocate_credit",
        &[("credit_id", "credit")],
    ),
    on_funds(
        Verb::Delete,
        "/v1/account-credits/{credit_id}/allocations/{credit_allocation_id}",
        "account.reverse_allocation",
        &[("credit_id", "funds"), ("credit_allocation_id", "allocation")],
    ),
    on_funds(
        Verb::Post,
        "/v1/account-credits/{credit_id}/refunds",
        "account.refund_credit",
        &[("credit_id", "credit")],
    ),
];

/// A command on a payment or on credit: the books know whose account it is on.
const fn on_funds(
    verb: Verb,
    path: &'static str,
    name: &'static str,
    fields: &'static [(&'static str, &'static str)],
) -> Endpoint {
    Endpoint {
        verb,
        path,
        id: "",
        tag: "",
        summary: "",
        guard: Guard::Command(CommandRoute { name, target: Target::New, fields }),
        parameters: &[DRY_RUN],
        request: Request::Command,
        answer: Answer::Command,
        handler: |verb| on(verb, run_on_funds),
    }
}

async fn run_on_funds(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    let scope = ask.scope(Action::FinanceWrite)?;
    let (id, missing) = match ask.path("payment_id") {
        Some(_) => (ask.id("payment_id")?, Code::PaymentNotFound),
        None => (ask.id("credit_id")?, Code::CreditNotFound),
    };
    let store = ask.app.store();
    let mut customer = ledger::owner_of_funds(store, &scope, id).await?;
    if customer.is_none() {
        page::settle(&ask, "ledger").await?;
        customer = ledger::owner_of_funds(store, &scope, id).await?;
    }
    let customer = customer.ok_or_else(|| Problem::new(missing))?;
    run_for(ask, body, Some(customer)).await
}

async fn payments(ask: Ask) -> Result<Response, Problem> {
    list(ask, PAYMENTS).await
}

async fn credits(ask: Ask) -> Result<Response, Problem> {
    list(ask, CREDITS).await
}

async fn list(ask: Ask, kinds: &[FundsKind]) -> Result<Response, Problem> {
    let scope = ask.scope(Action::FinanceRead)?;
    let customer = known_customer(&ask, &scope).await?;
    let standing = page::of_view(&ask, "ledger").await?;
    let query = page::query(&ask)?;
    let found = match past::asked(&ask, &scope, Some(customer)).await? {
        Some(past) => ledger::list_funds_as_of(&past, kinds, &query)?,
        None => ledger::list_funds(ask.app.store(), &scope, customer, kinds, &query).await?,
    };
    Ok(page::of(&ask, found, standing))
}

async fn payment(ask: Ask) -> Result<Response, Problem> {
    let id = ask.id("payment_id")?;
    get(ask, id, PAYMENTS, Code::PaymentNotFound).await
}

async fn credit(ask: Ask) -> Result<Response, Problem> {
    let id = ask.id("credit_id")?;
    get(ask, id, CREDITS, Code::CreditNotFound).await
}

async fn get(ask: Ask, id: Uuid, kinds: &[FundsKind], missing: Code) -> Result<Response, Problem> {
    let scope = ask.scope(Action::FinanceRead)?;
    let standing = page::of_view(&ask, "ledger").await?;
    let store = ask.app.store();
    let (mut found, mut position) = ledger::funds(store, &scope, id, kinds).await?;
    if found.is_none() {
        page::settle(&ask, "ledger").await?;
        (found, position) = ledger::funds(store, &scope, id, kinds).await?;
    }
    let found = found.ok_or_else(|| Problem::new(missing))?;
    let standing = page::Standing { position: standing.position.max(position), ..standing };
    Ok(record(&ask, found, standing))
}

async fn entries(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::FinanceRead)?;
    let customer = known_customer(&ask, &scope).await?;
    let standing = page::of_view(&ask, "ledger").await?;
    let query = page::query(&ask)?;
    let found = match past::asked(&ask, &scope, Some(customer)).await? {
        Some(past) => ledger::entries_as_of(&past, &query)?,
        None => ledger::entries(ask.app.store(), &scope, customer, &query).await?,
    };
    Ok(page::of(&ask, found, standing))
}
