//! The portal: the link that lets a customer in, and the page that they read there.

use axum::extract::{Path, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use domain::{Command, customer};
use serde_json::{Value, json};

use crate::commands::{self, Manner, Wish, invalid, take_occurred_at};
use crate::endpoint::{Answer, Endpoint, Guard, Request, Target, Verb};
use crate::extract::{Ask, Body, Cookie, are_safe, not_foreign};
use crate::portal::{self, Words};
use crate::problem::{Code, Problem};
use crate::server::App;

const ACCESS: &str = "/v1/customers/{customer_id}/portal-access";
const CUSTOMER: Target = Target::Path("customer_id");

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        handler: |verb| on(verb, grant),
        ..Endpoint::command(Verb::Post, ACCESS, "customer.grant_portal_access", CUSTOMER, &[])
    },
    Endpoint::command(Verb::Delete, ACCESS, "customer.revoke_portal_access", CUSTOMER, &[]),
    Endpoint {
        verb: Verb::Get,
        path: "/portal/{secret}",
        id: "portal_door",
        tag: "Portal",
        summary: "Where a customer's link leads; reading it changes nothing",
        guard: Guard::Public,
        parameters: &[],
        request: Request::None,
        answer: Answer::Other(200, "text/html"),
        handler: |verb| on(verb, door),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/portal/{secret}",
        id: "portal_enter",
        tag: "Portal",
        summary: "Enter the portal by a link: a cookie for twelve hours",
        guard: Guard::Public,
        parameters: &[],
        request: Request::None,
        answer: Answer::Empty(303),
        handler: |verb| on(verb, enter),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/portal",
        id: "portal_page",
        tag: "Portal",
        summary: "What is written for the customer who has entered, as a page",
        guard: Guard::Public,
        parameters: &[],
        request: Request::None,
        answer: Answer::Other(200, "text/html"),
        handler: |verb| on(verb, page),
    },
];

async fn grant(ask: Ask, Body(mut body): Body) -> Result<Response, Problem> {
    ask.scope(Action::CustomerEdit)?;
    let manner = Manner::of(&ask)?;
    let customer = ask.id("customer_id")?;
    let occurred_at = take_occurred_at(&mut body)?;
    let body = Value::Object(body);
    const NAME: &str = "customer.grant_portal_access";
    let command = Command::parse(NAME, Some(customer), body.clone()).map_err(invalid)?;
    let wish = Wish {
        name: NAME,
        target: Some(customer),
        commands: vec![command],
        body,
        occurred_at,
        expected_version: None,
    };
    let done = commands::execute(&ask, &manner, &wish).await?;
    if manner.is_dry_run() {
        return commands::answered(&ask, manner, &wish, done, &[]).await;
    }
    let sends = matches!(
        wish.commands.first(),
        Some(Command::Customer {
            id: _,
            command: customer::Command::GrantPortalAccess(customer::GrantPortalAccess {
                send: true,
                ..
            }),
        })
    );
    let issued = portal::issue(&ask, customer, sends).await?;
    let shown =
        [("url", json!(issued.url)), ("until", json!(issued.until)), ("sent", json!(issued.sent))];
    commands::answered(&ask, manner, &wish, done, &shown).await
}

/// Programs that look at links in advance do not enter: that takes the button.
async fn door(
    State(app): State<App>,
    Path(secret): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let words = Words::of(&headers);
    Ok(match portal::by_link(&app, &secret).await? {
        Some(_) => portal::door(words),
        None => portal::closed(words),
    })
}

async fn enter(
    State(app): State<App>,
    Path(secret): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    not_foreign(&app, &headers)?;
    if !are_safe(&app, &headers) {
        return Err(Problem::new(Code::HttpsRequired));
    }
    let to = |place: &str| (StatusCode::SEE_OTHER, [(LOCATION, place)]).into_response();
    let Some(session) = portal::enter(&app, &secret).await? else {
        // The door says that it leads nowhere.
        return Ok(to(uri.path()));
    };
    let mut answer = to("/portal");
    if let Some(cookie) = Cookie::Portal.keep(&app, &session) {
        answer.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(answer)
}

async fn page(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let words = Words::of(&headers);
    let Some(secret) = Cookie::Portal.read(&app, &headers) else {
        return Ok(portal::closed(words));
    };
    let mut answer = match portal::read(&app, secret).await? {
        Some(read) => portal::page(words, &read),
        None => portal::closed(words),
    };
    answer.headers_mut().insert("cache-control", HeaderValue::from_static("private, no-store"));
    Ok(answer)
}
