//! Connections: the doors through which providers bring messages and payments, and the accounts by
//! which messages go out.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use domain::value::Name;
use eventstore::state::connection::{self, Connection, NewConnection};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::commands::invalid;
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::extract::{Ask, Body};
use crate::problem::{Code, FieldError, Problem};
use crate::view::time;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/v1/connections",
        id: "connections_list",
        tag: "Inbound",
        summary: "List the connections of providers, without their secrets and addresses",
        guard: Guard::Action(Action::ConnectionAdmin),
        parameters: &[],
        request: Request::None,
        answer: Answer::Json(200, "ConnectionList"),
        handler: |verb| on(verb, list),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/v1/connections",
        id: "connections_create",
        tag: "Inbound",
        summary: "Connect a provider; the address for it is in this answer only",
        guard: Guard::Action(Action::ConnectionAdmin),
        parameters: &[],
        request: Request::Json {
            schema: "NewConnection",
            example: || {
                json!({
                    "provider": "whatsapp",
                    "name": "Our number for customers",
                    "secret": "9f2c1e7ab4d05368",
                })
            },
            wrong: || {
                (json!({ "provider": "pigeon", "secret": "x", "name": "x" }), "invalid_field")
            },
        },
        answer: Answer::Json(201, "CreatedConnection"),
        handler: |verb| on(verb, create),
    },
    Endpoint {
        verb: Verb::Delete,
        path: "/v1/connections/{connection_id}",
        id: "connections_delete",
        tag: "Inbound",
        summary: "End a connection; its address leads nowhere from now on",
        guard: Guard::Action(Action::ConnectionAdmin),
        parameters: &[],
        request: Request::None,
        answer: Answer::Empty(204),
        handler: |verb| on(verb, delete),
    },
];

/// Whose format a connection speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Provider {
    Stripe,
    Twilio,
    Whatsapp,
}

impl Provider {
    fn name(self) -> &'static str {
        match self {
            Self::Stripe => "stripe",
            Self::Twilio => "twilio",
            Self::Whatsapp => "whatsapp",
        }
    }
}

/// What a new connection is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    provider: Provider,
    name: Name,
    /// What the provider signs with.
    secret: String,
    base_url: Option<String>,
    /// Of Twilio.
    account_sid: Option<String>,
    /// The number from which Twilio sends.
    from: Option<String>,
    /// Of WhatsApp.
    phone_number_id: Option<String>,
    /// Of WhatsApp.
    access_token: Option<String>,
}

impl Wanted {
    /// Our account at the provider, where messages are to be sent by it.
    fn account(&self) -> Option<&str> {
        self.account_sid.as_deref().or(self.phone_number_id.as_deref())
    }

    /// The fields that sending by the provider needs, and those that only another one knows.
    fn sending(&self) -> (Vec<Given<'_>>, Vec<Given<'_>>) {
        let twilio =
            vec![("/account_sid", self.account_sid.as_deref()), ("/from", self.from.as_deref())];
        let whatsapp = vec![
            ("/phone_number_id", self.phone_number_id.as_deref()),
            ("/access_token", self.access_token.as_deref()),
        ];
        match self.provider {
            Provider::Stripe => (Vec::new(), [twilio, whatsapp].concat()),
            Provider::Twilio => (twilio, whatsapp),
            Provider::Whatsapp => (whatsapp, twilio),
        }
    }
}

/// A field and its value.
type Given<'a> = (&'static str, Option<&'a str>);

async fn list(ask: Ask) -> Result<Response, Problem> {
    let client = ask.app.store().app().get().await?;
    let connections = connection::list(&client, ask.organisation()).await?;
    let rows: Vec<Value> = connections.iter().map(row).collect();
    Ok(Json(json!({ "data": rows })).into_response())
}

async fn create(ask: Ask, Body(body): Body) -> Result<Response, Problem> {
    let wanted: Wanted = domain::command::read(Value::Object(body)).map_err(invalid)?;
    check(&wanted)?;
    let store = ask.app.store();
    let id = Uuid::now_v7();
    let seal = async |text: &str| store.seal_secret(ask.organisation(), id, text.as_bytes()).await;
    let secret = seal(&wanted.secret).await?;
    let access_token = match &wanted.access_token {
        Some(token) => Some(seal(token).await?),
        None => None,
    };
    let verify_token = (wanted.provider == Provider::Whatsapp).then(connection::unguessable);
    let address = connection::unguessable();
    let sealed_address = seal(&address).await?;
    let base_url = wanted.base_url.as_deref().map(|url| url.trim_end_matches('/'));
    let new = NewConnection {
        connection_id: id,
        organisation: ask.organisation(),
        provider: wanted.provider.name(),
        name: wanted.name.as_str(),
        secret: &secret,
        verify_token: verify_token.as_deref(),
        base_url,
        account: wanted.account(),
        sender: wanted.from.as_deref(),
        access_token: access_token.as_deref(),
        sealed_address: &sealed_address,
        created_by: ask.principal.user,
    };
    let client = store.app().get().await?;
    connection::create(&client, &new, &address).await?;
    let path = format!("/hooks/{}/{address}", new.provider);
    let body = json!({
        "id": id,
        "provider": new.provider,
        "name": new.name,
        "path": path,
        "url": base_url.map(|url| format!("{url}{path}")),
        "verify_token": verify_token,
    });
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

fn check(wanted: &Wanted) -> Result<(), Problem> {
    let wrong = |pointer: &str, code: &str, detail: &str| {
        Err(Problem::field(FieldError::at(pointer, code, detail)))
    };
    let visible = wanted.secret.bytes().all(|byte| byte.is_ascii_graphic());
    if !visible || !(8..=500).contains(&wanted.secret.len()) {
        let detail = "a secret has 8 to 500 visible ASCII characters: copy it from the provider";
        return wrong("/secret", "invalid_field", detail);
    }
    check_sending(wanted)?;
    match wanted.base_url.as_deref() {
        None if wanted.provider == Provider::Twilio => {
            let detail = "Twilio signs the address that it calls: say how it reaches this service";
            wrong("/base_url", "missing_field", detail)
        }
        Some(url) if !is_base(url) => {
            let detail = "base_url is http(s)://host, and a path if a proxy adds one";
            wrong("/base_url", "invalid_field", detail)
        }
        None | Some(_) => Ok(()),
    }
}

/// What sending needs is there as a whole or not at all.
fn check_sending(wanted: &Wanted) -> Result<(), Problem> {
    let wrong = |pointer: &str, code: &str, detail: &str| {
        Err(Problem::field(FieldError::at(pointer, code, detail)))
    };
    let (own, others) = wanted.sending();
    if let Some((pointer, _)) = others.iter().find(|(_, value)| value.is_some()) {
        return wrong(pointer, "invalid_field", "this provider knows no such thing; leave it out");
    }
    let sends = own.iter().any(|(_, value)| value.is_some());
    for (pointer, value) in own {
        match value {
            None if sends => {
                let detail = "to send by this provider all of its fields are needed";
                return wrong(pointer, "missing_field", detail);
            }
            Some(value) if !is_plain(pointer, value) => {
                let detail = "copy it from the provider as it is there";
                return wrong(pointer, "invalid_field", detail);
            }
            Some(_) | None => {}
        }
    }
    Ok(())
}

/// An account stands in an address, so that it has letters and digits only.
fn is_plain(pointer: &str, value: &str) -> bool {
    let (most, fits): (usize, fn(u8) -> bool) = match pointer {
        "/account_sid" | "/phone_number_id" => (64, |byte| byte.is_ascii_alphanumeric()),
        "/from" => (20, |byte| byte == b'+' || byte.is_ascii_alphanumeric()),
        _ => (1_000, |byte| byte.is_ascii_graphic()),
    };
    (1..=most).contains(&value.len()) && value.bytes().all(fits)
}

fn is_base(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let fits = |rest: &str| {
        !rest.is_empty()
            && rest.len() <= 300
            && !rest.starts_with('/')
            && rest.bytes().all(|byte| byte.is_ascii_graphic())
            && !rest.contains(['?', '#', '@'])
    };
    rest.is_some_and(fits)
}

async fn delete(ask: Ask) -> Result<Response, Problem> {
    let id = ask.id("connection_id")?;
    let client = ask.app.store().app().get().await?;
    if connection::delete(&client, ask.organisation(), id).await? {
        Ok(StatusCode::NO_CONTENT.into_response())
    } else {
        Err(Problem::new(Code::NotFound))
    }
}

fn row(connection: &Connection) -> Value {
    let account =
        |provider: &str| connection.account.as_ref().filter(|_| connection.provider == provider);
    json!({
        "id": connection.connection_id,
        "provider": connection.provider,
        "name": connection.name,
        "base_url": connection.base_url,
        "sends": connection.account.is_some(),
        "account_sid": account("twilio"),
        "from": connection.sender,
        "phone_number_id": account("whatsapp"),
        "created_by": connection.created_by,
        "created_at": time(connection.created_at),
        "last_used_at": connection.last_used_at.map(time),
    })
}
