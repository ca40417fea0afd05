//! Notes of a customer, as far as their scopes are read.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use projections::{Page, PageQuery, customer_360};
use uuid::Uuid;

use super::customers::command;
use crate::endpoint::{Answer, Endpoint, Guard, PAGE, PAST, READ, Request, Verb};
use crate::extract::Ask;
use crate::page;
use crate::past;
use crate::problem::{Code, Problem};

const NOTE: &[(&str, &str)] = &[("note_id", "note_id")];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/notes",
        id: "customers_notes",
        tag: "Customers",
        summary: "List a customer's notes, newest first",
        guard: Guard::Action(Action::NoteRead),
        parameters: &[PAST, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Note"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/notes/{note_id}",
        id: "customers_note",
        tag: "Customers",
        summary: "Read a note",
        guard: Guard::Action(Action::NoteRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Note"),
        handler: |verb| on(verb, get),
    },
    command(Verb::Post, "/v1/customers/{customer_id}/notes", "customer.add_note", &[]),
    command(Verb::Patch, "/v1/customers/{customer_id}/notes/{note_id}", "customer.edit_note", NOTE),
    command(
        Verb::Delete,
        "/v1/customers/{customer_id}/notes/{note_id}",
        "customer.delete_note",
        NOTE,
    ),
    command(
        Verb::Post,
        "/v1/customers/{customer_id}/notes/{note_id}/pin",
        "customer.pin_note",
        NOTE,
    ),
    command(
        Verb::Delete,
        "/v1/customers/{customer_id}/notes/{note_id}/pin",
        "customer.unpin_note",
        NOTE,
    ),
];

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::NoteRead)?;
    let (customer, id) = (ask.id("customer_id")?, ask.id("note_id")?);
    let standing = page::of_view(&ask, "customer_360").await?;
    page::settle(&ask, "customer_360").await?;
    let store = ask.app.store();
    let mut query = page::first();
    loop {
        let notes = customer_360::notes(store, &scope, customer, &query).await?;
        let notes = notes.ok_or_else(|| Problem::new(Code::CustomerNotFound))?;
        if let Some(note) = page::find(notes.data, id) {
            return Ok(standing.stamp(Json(note).into_response()));
        }
        query.after = Some(notes.turns.next.ok_or_else(|| Problem::new(Code::NoteNotFound))?);
    }
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let customer = ask.id("customer_id")?;
    let standing = page::of_view(&ask, "customer_360").await?;
    let notes = rows(&ask, customer, &page::query(&ask)?).await?;
    let notes = notes.ok_or_else(|| Problem::new(Code::CustomerNotFound))?;
    Ok(page::of(&ask, notes, standing))
}

/// As they are or as they were; `None` where the customer is out of reach.
pub(super) async fn rows(
    ask: &Ask,
    customer: Uuid,
    query: &PageQuery,
) -> Result<Option<Page>, Problem> {
    let scope = ask.scope(Action::NoteRead)?;
    let store = ask.app.store();
    Ok(match past::asked(ask, &scope, Some(customer)).await? {
        Some(past) => customer_360::notes_as_of(store, &scope, &past, query).await?,
        None => customer_360::notes(store, &scope, customer, query).await?,
    })
}
