//! Mail that comes in, and what came in and belongs to nobody yet.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::Request as HttpRequest;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::{Action, Principal};
use domain::unmatched::{Content, Message, Payment, State, Unmatched};
use domain::value::Channel;
use domain::{Command, Personal};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::commands::{Manner, Wish, invalid, issue};
use crate::endpoint::{Answer, DRY_RUN, Endpoint, Guard, PAGE, READ, Request, Target, Verb};
use crate::extract::{Ask, Body};
use crate::inbound::record::{Recorder, message_id, payment_id};
use crate::inbound::{LONGEST_REFERENCE, Outcome, line, mail};
use crate::openapi::samples;
use crate::page;
use crate::problem::{Code, Problem};

/// The largest mail: what the large mail services take themselves.
const LARGEST_MAIL: usize = 25 * 1024 * 1024;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Post,
        path: "/v1/inbound/mail",
        id: "inbound_mail",
        tag: "Inbound",
        summary: "Take in a mail: its bytes (RFC 5322) are the body; the same one again changes nothing",
        guard: Guard::Action(Action::MessageReceive),
        parameters: &[],
        request: Request::Bytes,
        answer: Answer::Json(200, "InboundMail"),
        handler: |verb| on(verb, take_mail),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/inbound/unmatched",
        id: "inbound_unmatched",
        tag: "Inbound",
        summary: "List what came in and belongs to nobody yet, newest first",
        guard: Guard::Action(Action::UnmatchedRead),
        parameters: &[PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Unmatched"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/v1/inbound/unmatched/{unmatched_id}/attach",
        id: "inbound_attach",
        tag: "Inbound",
        summary: "Say which customer it is of: it goes on the customer's record",
        guard: Guard::Action(Action::UnmatchedWrite),
        parameters: &[DRY_RUN],
        request: Request::Json {
            schema: "Attach",
            example: || json!({ "customer": samples::CUSTOMER }),
            wrong: || (json!({ "customer": "Ada" }), "invalid_field"),
        },
        answer: Answer::Json(200, "Done"),
        handler: |verb| on(verb, attach),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/v1/inbound/unmatched/{unmatched_id}/create-customer",
        id: "inbound_create_customer",
        tag: "Inbound",
        summary: "Make a customer of its sender; the body may say more than is known of them",
        guard: Guard::Action(Action::UnmatchedWrite),
        parameters: &[DRY_RUN],
        request: Request::Json {
            schema: "customer.create",
            example: || json!({ "type": "person", "first_name": "Eve", "last_name": "Example" }),
            wrong: || (json!({ "type": "ghost" }), "invalid_field"),
        },
        answer: Answer::Json(201, "Done"),
        handler: |verb| on(verb, create_customer),
    },
    Endpoint::command(
        Verb::Post,
        "/v1/inbound/unmatched/{unmatched_id}/dismiss",
        "unmatched.dismiss",
        Target::Path("unmatched_id"),
        &[],
    ),
];

async fn take_mail(ask: Ask, request: HttpRequest) -> Result<Response, Problem> {
    let body = to_bytes(request.into_body(), LARGEST_MAIL).await;
    let body = body.map_err(|_| Problem::new(Code::BodyTooLarge))?;
    let unreadable =
        |error: mail::Unreadable| Problem::new(Code::MailUnreadable).detail(error.to_string());
    let store = ask.app.store();
    let outcome = match mail::read(&body).map_err(unreadable)? {
        mail::Mail::Letter(letter) => {
            Recorder::new(store, ask.principal.clone()).message(*letter).await?
        }
        mail::Mail::Report(notices) => {
            // What becomes of messages is recorded by the service itself.
            let recorder = Recorder::new(store, Principal::system(ask.organisation()));
            let mut outcome = Outcome::Ignored;
            for notice in notices {
                outcome = recorder.notice(notice).await?;
            }
            outcome
        }
    };
    let (id, customer) = match outcome {
        Outcome::Recorded { id, customer } => (Some(id), Some(customer)),
        Outcome::Unmatched { id } => (Some(id), None),
        Outcome::Ignored => (None, None),
    };
    let body = json!({ "outcome": outcome.name(), "id": id, "customer": customer });
    Ok(Json(body).into_response())
}

async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::UnmatchedRead)?;
    let standing = page::of_view(&ask, "unmatched").await?;
    let query = page::query(&ask)?;
    let found = projections::unmatched::list(ask.app.store(), &scope, &query).await?;
    Ok(page::of(&ask, found, standing))
}

/// The body of `attach`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Attach {
    customer: Uuid,
}

async fn attach(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    let manner = Manner::of(&ask)?;
    let id = ask.id("unmatched_id")?;
    let body = Value::Object(body);
    let wanted: Attach = domain::command::read(body.clone()).map_err(invalid)?;
    let found = find(&ask, id).await?;
    let commands = settle(&ask, id, wanted.customer, found.content.as_ref())?;
    let wish = Wish {
        name: "unmatched.attach",
        target: Some(id),
        commands,
        body,
        occurred_at: found.at,
        expected_version: None,
    };
    issue(&ask, manner, wish).await
}

async fn create_customer(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    let manner = Manner::of(&ask)?;
    let id = ask.id("unmatched_id")?;
    let found = find(&ask, id).await?;
    let customer = Uuid::now_v7();
    let asked = Value::Object(body.clone());
    let mut commands = Vec::new();
    // Once it is settled there is nobody to be made a customer; attaching it says so.
    if let Some(content) = &found.content {
        let data = with_sender(body, content);
        commands.push(Command::parse("customer.create", Some(customer), data).map_err(invalid)?);
    }
    commands.extend(settle(&ask, id, customer, found.content.as_ref())?);
    let wish = Wish {
        name: "unmatched.create_customer",
        target: Some(id),
        commands,
        body: asked,
        occurred_at: None,
        expected_version: None,
    };
    issue(&ask, manner, wish).await
}

/// What came in, where it still waits, and when it did.
struct Found {
    content: Option<Content>,
    at: Option<Timestamp>,
}

async fn find(ask: &Ask, id: Uuid) -> Result<Found, Problem> {
    let store = ask.app.store();
    let (_, state) = store.load::<Unmatched>(ask.organisation(), id).await?;
    let content = match &*state {
        State::Absent => return Err(Problem::new(Code::UnmatchedNotFound)),
        State::Open(content) => Some(content.clone()),
        State::Attached(_) | State::Dismissed => None,
    };
    let first = store.read_stream(ask.organisation(), id, 0).await?.into_iter().next();
    Ok(Found { content, at: first.map(|event| event.effective_at()) })
}

/// Attaches it; the record of it goes along in the same append. Of what is settled nothing is left
/// to go along, and the decider says so.
fn settle(
    ask: &Ask,
    id: Uuid,
    customer: Uuid,
    content: Option<&Content>,
) -> Result<Vec<Command>, Problem> {
    let attach = Command::parse("unmatched.attach", Some(id), json!({ "customer": customer }));
    let mut commands = vec![attach.map_err(invalid)?];
    let record = match content {
        Some(Content::Message(message)) => {
            let provider_id = message.provider_id.known().map_or("", String::as_str);
            let stream = message_id(ask.organisation(), message.channel, provider_id);
            Command::parse("message.receive", Some(stream), received(message, customer))
        }
        Some(Content::Payment(payment)) => {
            let id = payment_id(ask.organisation(), &payment.provider, &payment.provider_id);
            Command::parse("account.receive_payment", None, paid(payment, customer, id))
        }
        None => return Ok(commands),
    };
    commands.push(record.map_err(invalid)?);
    Ok(commands)
}

fn paid(payment: &Payment, customer: Uuid, id: Uuid) -> Value {
    let reference = payment.reference.as_ref().and_then(Personal::known);
    json!({
        "customer": customer,
        "payment_id": id,
        "amount": { "amount": payment.amount.to_string(), "currency": payment.currency },
        "method": payment.provider,
        "received_on": payment.received_on,
        "reference": reference.and_then(|text| line(text, LONGEST_REFERENCE)),
    })
}

fn received(message: &Message, customer: Uuid) -> Value {
    let known = |text: &Option<Personal<String>>| text.as_ref().and_then(Personal::known).cloned();
    let attachments: Vec<&String> =
        message.attachments.iter().filter_map(Personal::known).collect();
    json!({
        "customer": customer,
        "channel": message.channel,
        "from": message.from.known(),
        "to": known(&message.to),
        "subject": known(&message.subject),
        "text": known(&message.text),
        "thread": known(&message.thread),
        "provider_id": message.provider_id.known(),
        "attachments": attachments,
    })
}

/// The data of the new customer: what the body says, and where it is silent what is known.
fn with_sender(mut body: Map<String, Value>, content: &Content) -> Value {
    let known = |text: &Option<Personal<String>>| text.as_ref().and_then(Personal::known).cloned();
    let (name, email, phone, source) = match content {
        Content::Message(message) => {
            let from = message.from.known().cloned();
            let source = message.channel.name().to_owned();
            match message.channel {
                Channel::Email => (known(&message.name), from, None, source),
                Channel::Sms | Channel::Whatsapp => (known(&message.name), None, from, source),
            }
        }
        Content::Payment(payment) => (
            known(&payment.payer_name),
            known(&payment.payer_email),
            known(&payment.payer_phone),
            payment.provider.clone(),
        ),
    };
    let fallback = email.clone().or_else(|| phone.clone());
    let named = ["first_name", "last_name", "company_name"]
        .into_iter()
        .any(|field| body.get(field).is_some_and(|value| !value.is_null()));
    let mut put = |field: &str, value: Value| {
        body.entry(field).or_insert(value);
    };
    put("type", "person".into());
    put("source", source.into());
    if let Some(email) = email {
        put("emails", json!([email]));
    }
    if let Some(phone) = phone {
        put("phones", json!([phone]));
    }
    if !named {
        // Two words are a first and a last name; of anything else we do not know which is which.
        let name = name.or(fallback).unwrap_or_default();
        if body.get("type").is_some_and(|kind| kind != "person") {
            body.insert("company_name".to_owned(), name.into());
            return Value::Object(body);
        }
        let mut put = |field: &str, value: Value| {
            body.entry(field).or_insert(value);
        };
        match name.split_whitespace().collect::<Vec<_>>().as_slice() {
            [first, last] => {
                put("first_name", (*first).into());
                put("last_name", (*last).into());
            }
            _ => put("last_name", name.into()),
        }
    }
    Value::Object(body)
}
