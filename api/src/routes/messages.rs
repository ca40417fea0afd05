//! Messages to and from customers.

use axum::response::Response;
use axum::routing::on;
use domain::access::Action;
use projections::messages;

use super::history::known_customer;
use super::tasks::record;
use crate::endpoint::{Answer, Endpoint, Guard, PAGE, READ, Request, Target, Verb};
use crate::extract::Ask;
use crate::page;
use crate::problem::{Code, Problem};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/messages",
        id: "customers_messages",
        tag: "Messages",
        summary: "List the messages to and from a customer, newest first",
        guard: Guard::Action(Action::MessageRead),
        parameters: &[PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Message"),
        handler: |verb| on(verb, of_customer),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/messages/{message_id}",
        id: "messages_get",
        tag: "Messages",
        summary: "Read a message",
        guard: Guard::Action(Action::MessageRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Message"),
        handler: |verb| on(verb, get),
    },
    Endpoint::command(
        Verb::Post,
        "/v1/customers/{customer_id}/messages",
        "message.request",
        Target::New,
        &[("customer_id", "customer")],
    ),
];

async fn of_customer(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::MessageRead)?;
    let customer = known_customer(&ask, &scope).await?;
    let standing = page::of_view(&ask, "messages").await?;
    let query = page::query(&ask)?;
    let found = messages::list(ask.app.store(), &scope, customer, &query).await?;
    Ok(page::of(&ask, found, standing))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::MessageRead)?;
    let id = ask.id("message_id")?;
    let standing = page::of_view(&ask, "messages").await?;
    let (mut message, mut position) = messages::get(ask.app.store(), &scope, id).await?;
    if message.is_none() {
        page::settle(&ask, "messages").await?;
        (message, position) = messages::get(ask.app.store(), &scope, id).await?;
    }
    let message = message.ok_or_else(|| Problem::new(Code::MessageNotFound))?;
    let standing = page::Standing { position: standing.position.max(position), ..standing };
    Ok(record(&ask, message, standing))
}
