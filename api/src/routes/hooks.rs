//! Where providers deliver: an address that nobody can guess, and a signature over what they send.

use axum::Json;
use axum::body::{Bytes, to_bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request as HttpRequest, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Principal;
use eventstore::state::connection::{self, Connection};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::endpoint::{Answer, Endpoint, Guard, Kind, Parameter, Request, Verb};
use crate::inbound::record::Recorder;
use crate::inbound::signature::{self, Forged};
use crate::inbound::{Item, Outcome, stripe, twilio, whatsapp};
use crate::problem::{Code, Problem};
use crate::server::App;

/// The most that a provider delivers at once: WhatsApp bundles up to 3 MB.
const LARGEST: usize = 4 * 1024 * 1024;

const HANDSHAKE: &[Parameter] = &[
    Parameter::new("hub.mode", Kind::Text(20), "`subscribe`"),
    Parameter::new("hub.verify_token", Kind::Text(200), "The connection's verify_token"),
    Parameter::new("hub.challenge", Kind::Text(200), "What is answered"),
];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Post,
        path: "/hooks/stripe/{connection}",
        id: "hooks_stripe",
        tag: "Inbound",
        summary: "Takes the events that Stripe delivers, signed by Stripe-Signature",
        guard: Guard::Public,
        parameters: &[],
        request: Request::Bytes,
        answer: Answer::Json(200, "Taken"),
        handler: |verb| on(verb, stripe),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/hooks/whatsapp/{connection}",
        id: "hooks_whatsapp_handshake",
        tag: "Inbound",
        summary: "Answers the handshake with which WhatsApp begins",
        guard: Guard::Public,
        parameters: &[HANDSHAKE],
        request: Request::None,
        answer: Answer::Other(200, "text/plain"),
        handler: |verb| on(verb, handshake),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/hooks/whatsapp/{connection}",
        id: "hooks_whatsapp",
        tag: "Inbound",
        summary: "Takes what the WhatsApp Cloud API delivers, signed by X-Hub-Signature-256",
        guard: Guard::Public,
        parameters: &[],
        request: Request::Bytes,
        answer: Answer::Json(200, "Taken"),
        handler: |verb| on(verb, whatsapp),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/hooks/twilio/{connection}",
        id: "hooks_twilio",
        tag: "Inbound",
        summary: "Takes what Twilio delivers, signed by X-Twilio-Signature",
        guard: Guard::Public,
        parameters: &[],
        request: Request::Bytes,
        answer: Answer::Other(200, "text/xml"),
        handler: |verb| on(verb, twilio),
    },
];

/// A delivery whose address is known; its signature is not judged yet.
struct Delivery {
    app: App,
    connection: Connection,
    secret: Vec<u8>,
    headers: HeaderMap,
    /// The path and query as they were called.
    called: String,
    body: Bytes,
}

impl Delivery {
    async fn open(
        app: App,
        provider: &str,
        address: &str,
        request: HttpRequest,
    ) -> Result<Self, Problem> {
        let connection = known(&app, provider, address).await?;
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, LARGEST).await.map_err(|_| Problem::new(Code::BodyTooLarge))?;
        let (organisation, id) = (connection.organisation, connection.connection_id);
        let secret = app.store().open_secret(organisation, id, &connection.secret).await?.to_vec();
        let called = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        Ok(Self { app, connection, secret, headers: parts.headers, called, body })
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A parameter of the address as it was called.
    fn parameter(&self, name: &str) -> Option<String> {
        let (_, query) = self.called.split_once('?')?;
        let mut parameters = form_urlencoded::parse(query.as_bytes());
        parameters.find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
    }

    /// The JSON that was signed. What cannot be kept of it is dropped later, not refused: a
    /// provider would deliver it again and again.
    fn json(&self) -> Result<Value, Problem> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Problem::new(Code::MalformedJson).detail(error.to_string()))
    }

    /// Writes what was delivered; counts what came of it.
    async fn record(&self, items: Vec<Item>) -> Result<Value, Problem> {
        let store = self.app.store();
        let principal = Principal::system(self.connection.organisation);
        let recorder = Recorder::new(store, principal);
        let (mut recorded, mut unmatched, mut ignored) = (0, 0, 0);
        for item in items {
            match recorder.item(item).await? {
                Outcome::Recorded { .. } => recorded += 1,
                Outcome::Unmatched { .. } => unmatched += 1,
                Outcome::Ignored => ignored += 1,
            }
        }
        let client = store.app().get().await?;
        connection::touch(&client, self.connection.connection_id).await?;
        Ok(json!({ "recorded": recorded, "unmatched": unmatched, "ignored": ignored }))
    }
}

async fn known(app: &App, provider: &str, address: &str) -> Result<Connection, Problem> {
    let client = app.store().app().get().await?;
    let found = connection::find(&client, provider, address).await?;
    found.ok_or_else(|| Problem::new(Code::NotFound))
}

impl From<Forged> for Problem {
    fn from(forged: Forged) -> Self {
        let code = match forged {
            Forged::Missing(_) | Forged::Wrong => Code::InvalidSignature,
            Forged::Stale => Code::StaleSignature,
        };
        Self::new(code).detail(forged.to_string())
    }
}

/// The words of the handshake.
#[derive(Debug, Deserialize)]
struct Handshake {
    #[serde(rename = "hub.mode")]
    mode: String,
    #[serde(rename = "hub.verify_token")]
    verify_token: String,
    #[serde(rename = "hub.challenge")]
    challenge: String,
}

async fn handshake(
    State(app): State<App>,
    Path(address): Path<String>,
    words: Result<Query<Handshake>, QueryRejection>,
) -> Result<Response, Problem> {
    let connection = known(&app, "whatsapp", &address).await?;
    let forged = || Problem::new(Code::InvalidSignature);
    let Query(words) = words.map_err(|_| forged())?;
    if words.mode != "subscribe" || !connection.is_verified_by(&words.verify_token) {
        return Err(forged().detail("hub.verify_token is not that of this connection"));
    }
    Ok(([(CONTENT_TYPE, "text/plain")], words.challenge).into_response())
}

async fn stripe(
    State(app): State<App>,
    Path(address): Path<String>,
    request: HttpRequest,
) -> Result<Response, Problem> {
    let delivery = Delivery::open(app, "stripe", &address, request).await?;
    let header = delivery.header("stripe-signature");
    signature::stripe(&delivery.secret, header, &delivery.body, Timestamp::now())?;
    let item = stripe::item(&delivery.json()?);
    Ok(Json(delivery.record(vec![item]).await?).into_response())
}

async fn whatsapp(
    State(app): State<App>,
    Path(address): Path<String>,
    request: HttpRequest,
) -> Result<Response, Problem> {
    let delivery = Delivery::open(app, "whatsapp", &address, request).await?;
    let header = delivery.header("x-hub-signature-256");
    signature::whatsapp(&delivery.secret, header, &delivery.body)?;
    let items = whatsapp::items(&delivery.json()?);
    Ok(Json(delivery.record(items).await?).into_response())
}

async fn twilio(
    State(app): State<App>,
    Path(address): Path<String>,
    request: HttpRequest,
) -> Result<Response, Problem> {
    let delivery = Delivery::open(app, "twilio", &address, request).await?;
    let parameters = twilio::parameters(&delivery.body);
    let base = delivery.connection.base_url.as_deref().unwrap_or_default();
    let called = format!("{base}{}", delivery.called);
    let header = delivery.header("x-twilio-signature");
    signature::twilio(&delivery.secret, header, &called, &parameters)?;
    let own = delivery.parameter("message").and_then(|own| own.parse().ok());
    delivery.record(vec![twilio::item(&parameters, own)]).await?;
    // An answer in TwiML that asks for nothing.
    Ok(([(CONTENT_TYPE, "text/xml")], "<Response/>").into_response())
}
