//! Signing in by e-mail and password: slower with every failure, the same for whom nobody knows,
//! and never shut for good.

use std::net::IpAddr;
use std::time::Duration;

use axum::http::header::{HeaderValue, SET_COOKIE, USER_AGENT};
use axum::response::Response;
use domain::claim::ClaimKind;
use domain::member::Member;
use domain::user::User;
use domain::value::normalise_email;
use eventstore::state::credential::{self, Credential, Maker};
use eventstore::state::session::{self, NewSession};
use eventstore::state::sign_in_attempt::{self as attempt, Patience};
use jiff::Timestamp;
use uuid::Uuid;

use crate::INSTALLATION;
use crate::extract::{Cookie, Newcomer};
use crate::passwords::{self, Turn};
use crate::problem::{Code, FieldError, Problem};
use crate::server::App;

/// So long a device is known that somebody has signed in from.
const DEVICE_SECONDS: i64 = 180 * 24 * 3600;
const LONGEST_USER_AGENT: usize = 200;

/// What a try is counted by.
#[derive(Debug, Clone, Copy)]
enum Counted {
    /// An account, or a device that is known.
    Person(Uuid),
    /// A network, behind which there may be many people.
    Network(Uuid),
}

impl Counted {
    fn subject(self) -> Uuid {
        match self {
            Self::Person(subject) | Self::Network(subject) => subject,
        }
    }

    fn patience(self) -> Patience {
        match self {
            Self::Person(_) => Patience { failures: 5, longest_wait_seconds: 900.0 },
            Self::Network(_) => Patience { failures: 50, longest_wait_seconds: 60.0 },
        }
    }
}

/// The user with this e-mail and password. Every try counts, also one that others make meanwhile.
pub(crate) async fn check(
    newcomer: &Newcomer,
    email: &str,
    password: String,
) -> Result<Uuid, Problem> {
    let app = &newcomer.app;
    let store = app.store();
    let email = normalise_email(email);
    let user = store.holder(INSTALLATION, ClaimKind::SignIn, &email).await?;
    let credential = match user {
        Some(user) => credential::get(&store.app().get().await?, user).await?,
        None => None,
    };
    let counted = counted(newcomer, &email, user.zip(credential.as_ref())).await?;
    let turn = turn(app).await?;
    admit(app, &counted).await?;
    let hash = credential.map(|credential| credential.hash);
    let right = turn.verify(password.clone(), hash.clone()).await;
    let Some((user, hash)) = user.zip(hash).filter(|_| right) else {
        tracing::info!(user.id = user.map(tracing::field::display), "a sign-in failed");
        return Err(Problem::new(Code::InvalidCredentials));
    };
    forget_failures(app, &counted).await?;
    renew(app, user, password, &hash).await;
    let (_, state) = store.load::<User>(INSTALLATION, user).await?;
    if state.blocked { Err(Problem::new(Code::AccountBlocked)) } else { Ok(user) }
}

/// A turn to have a password hashed, or word that too many want one.
pub(crate) async fn turn(app: &App) -> Result<Turn, Problem> {
    let turn = app.desk().turn().await;
    turn.ok_or_else(|| Problem::new(Code::TooManySignIns).retry_after_ms(2000))
}

/// Gives a user a password, and signs them out everywhere.
pub(crate) async fn set_password(app: &App, user: Uuid, password: String) -> Result<(), Problem> {
    let hash = turn(app).await?.hash(password).await;
    let hash = hash.map_err(|error| Problem::internal(&error))?;
    let client = app.store().app().get().await?;
    credential::set(&client, user, &hash, Maker::Person).await?;
    session::end_of_user(&client, user).await?;
    app.sessions().forget();
    Ok(())
}

/// Refuses what is no password to take.
pub(crate) fn fit(pointer: &str, password: &str) -> Result<(), Problem> {
    passwords::check(password).map_err(|unfit| {
        Problem::field(FieldError::at(pointer, "invalid_password", unfit.to_string()))
    })
}

/// The organisation in which somebody begins: the one they ask for, else the first of theirs.
pub(crate) async fn home(app: &App, user: Uuid, wanted: Option<Uuid>) -> Result<Uuid, Problem> {
    let mut organisations = organisations(app, user).await?;
    organisations.retain(|organisation| wanted.is_none_or(|wanted| wanted == *organisation));
    match (organisations.first(), wanted) {
        (Some(home), _) => Ok(*home),
        (None, Some(_)) => {
            Err(Problem::new(Code::NotFound).detail("you are in no organisation of this id"))
        }
        (None, None) => Err(Problem::new(Code::AccountBlocked)),
    }
}

/// The organisations of which somebody is a member now.
pub(crate) async fn organisations(app: &App, user: Uuid) -> Result<Vec<Uuid>, Problem> {
    let mut present = Vec::new();
    for organisation in app.store().organisations_of(user).await? {
        let (_, member) = app.store().load::<Member>(organisation, user).await?;
        if member.present {
            present.push(organisation);
        }
    }
    Ok(present)
}

/// Signs somebody in who has shown who they are. The answer's cookies are for [`with_cookies`].
pub(crate) async fn begin(
    newcomer: &Newcomer,
    user: Uuid,
    organisation: Uuid,
) -> Result<(session::Session, Vec<HeaderValue>), Problem> {
    let Newcomer { app, headers, address: _ } = newcomer;
    let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
    let user_agent: Option<String> =
        user_agent.map(|text| text.chars().take(LONGEST_USER_AGENT).collect());
    let new = NewSession { user_id: user, organisation, user_agent: user_agent.as_deref() };
    let client = app.store().app().get().await?;
    let (session, secret) = session::begin(&client, &new).await?;
    let credential = credential::get(&client, user).await?;
    drop(client);
    tracing::info!(user.id = %user, session.id = %session.session_id, "signed in");
    let mut cookies = Vec::from_iter(Cookie::Session.keep(app, &secret));
    if let Some(credential) = credential {
        let device = device(app, user, &credential, Timestamp::now().as_second()).await?;
        cookies.extend(Cookie::Device.keep(app, &device));
    }
    Ok((session, cookies))
}

/// An answer that sets cookies.
pub(crate) fn with_cookies(mut answer: Response, cookies: Vec<HeaderValue>) -> Response {
    for cookie in cookies {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

/// A device from which this person has signed in before is counted for itself, so that strangers
/// who guess do not keep the person out.
async fn counted(
    newcomer: &Newcomer,
    email: &str,
    known: Option<(Uuid, &Credential)>,
) -> Result<Vec<Counted>, Problem> {
    let Newcomer { app, headers, address } = newcomer;
    let subject = async |text: String| {
        app.store().signature(INSTALLATION, "sign-in attempt", text.as_bytes()).await
    };
    if let (Some((user, credential)), Some(cookie)) = (known, Cookie::Device.read(app, headers))
        && is_device(app, user, credential, cookie).await?
    {
        return Ok(vec![Counted::Person(subject(format!("device {cookie}")).await?)]);
    }
    let mut counted = Vec::new();
    if let Some(address) = address {
        let network = format!("network {}", network(*address));
        counted.push(Counted::Network(subject(network).await?));
    }
    counted.push(Counted::Person(subject(format!("account {email}")).await?));
    Ok(counted)
}

/// The neighbourhood of an address, which is easily changed within it.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}")
        }
        IpAddr::V6(address) => format!("{:x}", address.to_bits() >> 64),
    }
}

async fn admit(app: &App, counted: &[Counted]) -> Result<(), Problem> {
    let client = app.store().app().get().await?;
    for counted in counted {
        if let Err(seconds) = attempt::admit(&client, counted.subject(), counted.patience()).await?
        {
            let wait = Duration::from_secs_f64(seconds).as_millis();
            let wait = u64::try_from(wait).unwrap_or(u64::MAX).max(1000);
            return Err(Problem::new(Code::TooManyAttempts).retry_after_ms(wait));
        }
    }
    Ok(())
}

/// Who signs in clears their own failures, not those of their neighbours.
async fn forget_failures(app: &App, counted: &[Counted]) -> Result<(), Problem> {
    let client = app.store().app().get().await?;
    for counted in counted {
        match counted {
            Counted::Person(subject) => attempt::clear(&client, *subject).await?,
            Counted::Network(subject) => attempt::forgive(&client, *subject).await?,
        }
    }
    Ok(())
}

/// Hashes the password again where today's parameters are others. Next time will do as well.
async fn renew(app: &App, user: Uuid, password: String, hash: &str) {
    if !passwords::is_outdated(hash) {
        return;
    }
    let renewed = async {
        let new = turn(app).await?.hash(password).await;
        let new = new.map_err(|error| Problem::internal(&error))?;
        let client = app.store().app().get().await?;
        Ok::<_, Problem>(credential::rehash(&client, user, hash, &new).await?)
    };
    if let Err(problem) = renewed.await {
        tracing::info!(code = problem.code().name(), "a password was not hashed again");
    }
}

/// What the cookie of a known device holds: when it became known, and our signature. Another
/// password makes all devices unknown.
async fn device(
    app: &App,
    user: Uuid,
    credential: &Credential,
    since: i64,
) -> Result<String, Problem> {
    let text = format!("{user} {} {since}", credential.changed_at);
    let signature = app.store().signature(INSTALLATION, "known device", text.as_bytes()).await?;
    Ok(format!("{since}.{}", signature.simple()))
}

async fn is_device(
    app: &App,
    user: Uuid,
    credential: &Credential,
    cookie: &str,
) -> Result<bool, Problem> {
    let since = cookie.split_once('.').and_then(|(since, _)| since.parse::<i64>().ok());
    let Some(since) = since else { return Ok(false) };
    let age = Timestamp::now().as_second().saturating_sub(since);
    Ok((0..DEVICE_SECONDS).contains(&age) && device(app, user, credential, since).await? == cookie)
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn neighbours_are_one_network() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("10.1.2.3"), of("10.1.2.250"));
        assert_eq!(of("10.1.2.3"), of("::ffff:10.1.2.9"));
        assert_ne!(of("10.1.2.3"), of("10.1.3.3"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
    }
}
