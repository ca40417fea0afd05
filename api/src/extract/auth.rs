//! Who asks: a bearer token, or a session's cookie, becomes a principal with the rights of its person.

use std::collections::BTreeSet;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName};
use domain::access::{Principal, PrincipalKind, Role};
use eventstore::state::session;
use eventstore::state::token::{self, Token, TokenKind};
use eventstore::{Absent, Acting};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::cookies::Cookie;
use crate::INSTALLATION;
use crate::problem::{Code, Problem};
use crate::server::App;

const ORGANISATION: HeaderName = HeaderName::from_static("dossier-organization");

const TOUCH_EVERY_SECONDS: i64 = 60;

/// Who came in, and how.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) principal: Principal,
    /// The session by whose cookie they came.
    pub(crate) session: Option<Uuid>,
}

/// What somebody comes in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pass {
    Token(Uuid),
    Session(Uuid),
}

/// Whether what happens in streams of this kind may change what somebody may do or see.
pub(crate) fn changes_rights(kind: &str) -> bool {
    matches!(kind, "member" | "user" | "role" | "team" | "folder")
}

/// The person behind the request's bearer token, or behind its cookie where it has none.
pub(crate) async fn authenticate(app: &App, headers: &HeaderMap) -> Result<Visitor, Problem> {
    let wanted = organisation(headers)?;
    let secret = match headers.contains_key(AUTHORIZATION) {
        true => Secret::Token(bearer(headers)?),
        false => Secret::Session(cookie(app, headers)?),
    };
    let (Secret::Token(text) | Secret::Session(text)) = secret;
    let key = (Sha256::digest(text.as_bytes()).into(), wanted);
    if let Some(visitor) = app.sessions().get(&key) {
        return Ok(visitor);
    }
    let moment = app.sessions().moment();
    let visitor = match secret {
        Secret::Token(secret) => by_token(app, secret, wanted).await?,
        Secret::Session(secret) => by_session(app, secret, wanted).await?,
    };
    app.sessions().put(key, moment, visitor.clone());
    Ok(visitor)
}

enum Secret<'a> {
    Token(&'a str),
    Session(&'a str),
}

async fn by_token(app: &App, secret: &str, wanted: Option<Uuid>) -> Result<Visitor, Problem> {
    let client = app.store().app().get().await?;
    let token = token::find(&client, secret).await?;
    let token = token.ok_or_else(|| Problem::new(Code::InvalidToken))?;
    valid(&token)?;
    if token.last_used_at.is_none_or(is_a_while_ago) {
        token::touch(&client, token.token_id).await?;
    }
    drop(client);
    Ok(Visitor { principal: admitted(app, &Comer::with(&token), wanted).await?, session: None })
}

async fn by_session(app: &App, secret: &str, wanted: Option<Uuid>) -> Result<Visitor, Problem> {
    let client = app.store().app().get().await?;
    let session = session::find(&client, secret).await?;
    let session = session.filter(|session| session.is_valid(Timestamp::now()));
    let session = session.ok_or_else(|| Problem::new(Code::SessionEnded))?;
    if is_a_while_ago(session.last_used_at) {
        session::touch(&client, session.session_id).await?;
    }
    drop(client);
    let comer = Comer::in_person(session.user_id, session.organisation);
    let principal = admitted(app, &comer, wanted).await?;
    Ok(Visitor { principal, session: Some(session.session_id) })
}

fn is_a_while_ago(used: Timestamp) -> bool {
    Timestamp::now().as_second() - used.as_second() >= TOUCH_EVERY_SECONDS
}

fn cookie<'a>(app: &App, headers: &'a HeaderMap) -> Result<&'a str, Problem> {
    Cookie::Session.read(app, headers).ok_or_else(|| Problem::new(Code::Unauthenticated))
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let missing = || Problem::new(Code::Unauthenticated);
    let text = headers.get(AUTHORIZATION).ok_or_else(missing)?;
    let text = text.to_str().map_err(|_| Problem::new(Code::InvalidToken))?;
    let (scheme, secret) = text.split_once(' ').ok_or_else(missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(missing());
    }
    let secret = secret.trim();
    if token::is_well_formed(secret) { Ok(secret) } else { Err(Problem::new(Code::InvalidToken)) }
}

fn organisation(headers: &HeaderMap) -> Result<Option<Uuid>, Problem> {
    let Some(value) = headers.get(&ORGANISATION) else { return Ok(None) };
    let id = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    id.map(Some)
        .ok_or_else(|| Problem::header(&ORGANISATION, "Dossier-Organization must be a UUID"))
}

fn valid(token: &Token) -> Result<(), Problem> {
    if token.revoked_at.is_some() {
        return Err(Problem::new(Code::TokenRevoked));
    }
    if token.is_valid(Timestamp::now()) { Ok(()) } else { Err(Problem::new(Code::TokenExpired)) }
}

/// A person who has shown who they are, in an organisation of theirs.
pub(crate) async fn principal(
    app: &App,
    user: Uuid,
    organisation: Uuid,
) -> Result<Principal, Problem> {
    admitted(app, &Comer::in_person(user, organisation), None).await
}

/// Whoever showed a token or session that is good.
struct Comer {
    user: Uuid,
    /// The organisation that it opens where none is asked for.
    home: Uuid,
    kind: PrincipalKind,
    token: Option<Uuid>,
    /// Whether it opens no other organisation.
    bound: bool,
    /// They may do no more than these roles would let them.
    at_most: Option<BTreeSet<Role>>,
}

impl Comer {
    fn in_person(user: Uuid, home: Uuid) -> Self {
        Self { user, home, kind: PrincipalKind::User, token: None, bound: false, at_most: None }
    }

    fn with(token: &Token) -> Self {
        let kind = match token.kind {
            TokenKind::Personal => PrincipalKind::User,
            TokenKind::Service => PrincipalKind::Service,
        };
        Self {
            user: token.user_id,
            home: token.organisation,
            kind,
            token: Some(token.token_id),
            bound: !token.opens_all,
            at_most: token.role.as_ref().map(|role| role.parse().into_iter().collect()),
        }
    }
}

/// The person's rights now, in the organisation that is asked for. A token opens its own one, and
/// each of its person's where they made it themselves.
async fn admitted(app: &App, comer: &Comer, wanted: Option<Uuid>) -> Result<Principal, Problem> {
    let organisation = wanted.unwrap_or(comer.home);
    let foreign = organisation != comer.home;
    let nowhere = || Problem::new(Code::NotFound).detail("you are in no organisation of this id");
    let closed = comer.bound || organisation == INSTALLATION;
    if foreign && (closed || app.store().lane_of(organisation).await.is_err()) {
        return Err(nowhere());
    }
    let Comer { user, kind, token, .. } = *comer;
    let acting = Acting { organisation, user, kind, token, at_most: comer.at_most.as_ref() };
    app.store().principal(acting).await?.map_err(|absent| match absent {
        Absent::NoMember if foreign => nowhere(),
        Absent::NoMember | Absent::Blocked => Problem::new(Code::AccountBlocked),
    })
}
