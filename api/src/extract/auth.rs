//! Who asks: a bearer token becomes a principal with the roles of its person.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName};
use domain::access::{Principal, PrincipalKind};
use eventstore::state::token::{self, Token, TokenKind};
use eventstore::{Absent, Acting};
use jiff::Timestamp;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use uuid::Uuid;

use crate::problem::{Code, Problem};
use crate::server::App;

const ORGANISATION: HeaderName = HeaderName::from_static("dossier-organization");

/// How long an answer of the database about a token is believed: a revocation by another process
/// is felt after this time, one by this process at once.
const BELIEVED: Duration = Duration::from_secs(1);
const MOST: usize = 10_000;
const TOUCH_EVERY_SECONDS: i64 = 60;

type Key = ([u8; 32], Option<Uuid>);

/// The tokens seen in the last moment. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sessions(Arc<Known>);

#[derive(Debug, Default)]
struct Known {
    seen: Mutex<HashMap<Key, (Instant, Principal)>>,
    changed: watch::Sender<()>,
}

impl Sessions {
    /// Forgets everybody, so that what changed counts from now on.
    pub(crate) fn forget(&self) {
        self.0.seen.lock().clear();
        self.0.changed.send_replace(());
    }

    /// Word that somebody's rights may have changed.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.0.changed.subscribe()
    }

    fn get(&self, key: &Key) -> Option<Principal> {
        let sessions = self.0.seen.lock();
        let (since, principal) = sessions.get(key)?;
        (since.elapsed() < BELIEVED).then(|| principal.clone())
    }

    fn put(&self, key: Key, principal: Principal) {
        let mut sessions = self.0.seen.lock();
        if sessions.len() >= MOST {
            sessions.retain(|_, (since, _)| since.elapsed() < BELIEVED);
        }
        if sessions.len() < MOST {
            sessions.insert(key, (Instant::now(), principal));
        }
    }
}

/// Whether what happens in streams of this kind may change what somebody may do or see.
pub(crate) fn changes_rights(kind: &str) -> bool {
    matches!(kind, "member" | "user" | "role" | "team" | "folder")
}

/// The principal behind the request's bearer token.
pub(crate) async fn authenticate(app: &App, headers: &HeaderMap) -> Result<Principal, Problem> {
    let secret = bearer(headers)?;
    let wanted = organisation(headers)?;
    let key = (Sha256::digest(secret.as_bytes()).into(), wanted);
    if let Some(principal) = app.sessions().get(&key) {
        return Ok(principal);
    }
    let client = app.store().app().get().await?;
    let token = token::find(&client, secret).await?;
    let token = token.ok_or_else(|| Problem::new(Code::InvalidToken))?;
    valid(&token)?;
    let now = Timestamp::now();
    let used = token.last_used_at;
    if used.is_none_or(|used| now.as_second() - used.as_second() >= TOUCH_EVERY_SECONDS) {
        token::touch(&client, token.token_id).await?;
    }
    drop(client);
    let principal = principal(app, &token, wanted).await?;
    app.sessions().put(key, principal.clone());
    Ok(principal)
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
    let ours = secret.starts_with("dsr_pat_") || secret.starts_with("dsr_svc_");
    if ours && secret.len() <= 200 { Ok(secret) } else { Err(Problem::new(Code::InvalidToken)) }
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

/// The person's roles now, in the organisation that is asked for. A service token opens only its
/// own organisation; a person's opens each of which the person is a member.
async fn principal(app: &App, token: &Token, wanted: Option<Uuid>) -> Result<Principal, Problem> {
    let organisation = wanted.unwrap_or(token.organisation);
    let foreign = organisation != token.organisation;
    let (kind, bound) = match token.kind {
        TokenKind::Personal => (PrincipalKind::User, false),
        TokenKind::Service => (PrincipalKind::Service, true),
    };
    if foreign && (bound || app.store().lane_of(organisation).await.is_err()) {
        return Err(Problem::new(Code::NotFound).detail("you are in no organisation of this id"));
    }
    let user = token.user_id;
    let acting = Acting { organisation, user, kind, token: Some(token.token_id), at_most: None };
    app.store().principal(acting).await?.map_err(|absent| match absent {
        Absent::NoMember if foreign => {
            Problem::new(Code::NotFound).detail("you are in no organisation of this id")
        }
        Absent::NoMember | Absent::Blocked => Problem::new(Code::AccountBlocked),
    })
}
