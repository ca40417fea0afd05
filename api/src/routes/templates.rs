//! Kept templates of messages.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::Refusal;
use domain::access::{self, Action, Facts};
use domain::customer::Customer;
use domain::template::Template;
use domain::value::Channel;
use projections::templates::{self, Filter};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::tasks::record;
use crate::commands::invalid;
use crate::endpoint::{
    Answer, Endpoint, Guard, Kind, PAGE, Parameter, READ, Request, Target, Verb,
};
use crate::extract::{Ask, Body};
use crate::openapi::samples;
use crate::page::{self, Filters};
use crate::problem::{Code, FieldError, Problem};

const LISTED: &[Parameter] = &[
    Parameter::new("filter", Kind::Filter, "`filter[channel]=email|sms|whatsapp`"),
    Parameter::new("archived", Kind::Flag, "Those in the archive in place of those in use"),
];

const TEMPLATE: Target = Target::Path("template_id");

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/templates",
        id: "templates_list",
        tag: "Templates",
        summary: "List kept templates, newest first",
        guard: Guard::Action(Action::TemplateRead),
        parameters: &[LISTED, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("Template"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/templates/{template_id}",
        id: "templates_get",
        tag: "Templates",
        summary: "Read a template",
        guard: Guard::Action(Action::TemplateRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Template"),
        handler: |verb| on(verb, get),
    },
    Endpoint::command(Verb::Post, "/v1/templates", "template.create", Target::New, &[]),
    Endpoint::command(Verb::Put, "/v1/templates/{template_id}", "template.change", TEMPLATE, &[]),
    Endpoint::command(
        Verb::Post,
        "/v1/templates/{template_id}/archive",
        "template.archive",
        TEMPLATE,
        &[],
    ),
    Endpoint {
        verb: Verb::Post,
        path: "/v1/templates/{template_id}/preview",
        id: "templates_preview",
        tag: "Templates",
        summary: "Show what a template says to a customer; nothing is sent",
        guard: Guard::Action(Action::TemplateRead),
        parameters: &[],
        request: Request::Json {
            schema: "TemplatePreview",
            example: || json!({ "customer": samples::CUSTOMER }),
            wrong: || (json!({ "customer": "Ada" }), "invalid_field"),
        },
        answer: Answer::Json(200, "PreviewedTemplate"),
        handler: |verb| on(verb, preview),
    },
];

async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::TemplateRead)?;
    let channels: Vec<&str> = Channel::ALL.iter().map(|channel| channel.name()).collect();
    let filters = Filters::read(&ask, &["channel"])?;
    let channel = filters.word("channel", &channels)?.and_then(|word| word.parse().ok());
    let filter = Filter { channel, archived: ask.query.flag("archived") };
    let standing = page::of_view(&ask, "templates").await?;
    let query = page::query(&ask)?;
    let found = templates::list(ask.app.store(), &scope, filter, &query).await?;
    Ok(page::of(&ask, found, standing))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::TemplateRead)?;
    let id = ask.id("template_id")?;
    let standing = page::of_view(&ask, "templates").await?;
    let (mut template, _) = templates::get(ask.app.store(), &scope, id).await?;
    if template.is_none() {
        page::settle(&ask, "templates").await?;
        (template, _) = templates::get(ask.app.store(), &scope, id).await?;
    }
    let template = template.ok_or_else(|| Problem::new(Code::TemplateNotFound))?;
    Ok(record(&ask, template, standing))
}

/// For whom a template is shown.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Preview {
    customer: Uuid,
}

/// Folded from the log, so that it shows what would be sent now.
async fn preview(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    let Preview { customer } = domain::command::read(body.into()).map_err(invalid)?;
    let id = ask.id("template_id")?;
    let (store, organisation) = (ask.app.store(), ask.organisation());
    let (_, template) = store.load::<Template>(organisation, id).await?;
    let template = Option::as_ref(&template).ok_or_else(|| Problem::new(Code::TemplateNotFound))?;
    let (_, state) = store.load::<Customer>(organisation, customer).await?;
    let placement = state.fact().as_ref().map(Into::into);
    let facts = Facts { customer: placement, ..Facts::default() };
    let within_reach = access::decide(&ask.principal, Action::CustomerRead, &facts).allowed;
    let recipient = state.recipient().filter(|recipient| within_reach && !recipient.erased());
    let recipient = recipient.ok_or_else(|| {
        let detail = "there is no such customer";
        Problem::field(FieldError::at("/customer", Code::CustomerNotFound.name(), detail))
    })?;
    let filled = template.wording.content.filled(&recipient.words);
    let filled = filled.map_err(|unfillable| Problem::from(&unfillable as &dyn Refusal))?;
    Ok(Json(json!({
        "template_version": template.wording.template_version,
        "channel": template.wording.channel,
        "subject": filled.subject,
        "text": filled.text,
        "html": filled.html,
    }))
    .into_response())
}

/// The template as it is after a command of this position.
pub(crate) async fn after(ask: &Ask, id: Uuid, position: i64) -> Result<Option<Value>, Problem> {
    let scope = ask.scope(Action::TemplateRead)?;
    if !page::caught_up(ask, "templates", position).await? {
        return Ok(None);
    }
    Ok(templates::get(ask.app.store(), &scope, id).await?.0)
}
