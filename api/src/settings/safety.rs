//! What a careful operator would not want: settings that are each right and together unsafe.

use std::net::SocketAddr;

use super::{MasterKey, Role, Settings};

/// What stands in examples, and in lists of what is tried first.
const GUESSED: &[&str] = &[
    "123456",
    "admin",
    "change-me",
    "change_me",
    "changeme",
    "dossier",
    "example",
    "password",
    "postgres",
    "root",
    "secret",
    "test",
];
/// A key of chance has more different bytes than this.
const FEWEST_LETTERS: usize = 6;

/// Why the service does not start with these settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsafe {
    #[error(
        "{0} is reached from other machines, and by plain http whoever is on the way reads tokens \
         and records; put a proxy with https before it and name its address in \
         DOSSIER_PUBLIC_URL=https://…, or start with --allow-http on a network that you trust"
    )]
    OpenHttp(SocketAddr),
    #[error(
        "public_url begins with http://, so tokens and records would go over the net in the open; \
         name an address that begins with https://, or start with --allow-http"
    )]
    PublicHttp,
    #[error(
        "allow_loopback_calls is for development: with it, whoever may set up a webhook reaches \
         what else listens on this machine; leave it out where public_url is https"
    )]
    LoopbackCalls,
    #[error("the password in {0} is one that everybody tries first; choose another")]
    GuessedPassword(&'static str),
    #[error("DOSSIER_MASTER_KEY is no key of chance; leave it out and one is made")]
    GuessedKey,
}

impl Settings {
    /// Whether others may be served like this.
    ///
    /// # Errors
    /// The first thing that is in the way.
    pub fn check_safety(&self) -> Result<(), Unsafe> {
        let serves = self.roles.value.contains(&Role::Api);
        let is_open = serves && !self.listen.value.ip().is_loopback();
        if is_open && !self.is_https() && !self.allow_http.value {
            return Err(Unsafe::OpenHttp(self.listen.value));
        }
        let public = self.public_url.value.as_deref();
        let is_public = public.is_some_and(|url| !is_loopback(url));
        if is_public && !self.is_https() && !self.allow_http.value {
            return Err(Unsafe::PublicHttp);
        }
        if is_public && self.allow_loopback_calls.value && self.is_https() {
            return Err(Unsafe::LoopbackCalls);
        }
        if self.serves_others() { self.check_secrets() } else { Ok(()) }
    }

    /// Whether others than this machine reach the service. On a machine of one's own nobody has
    /// to be kept out.
    pub fn serves_others(&self) -> bool {
        let is_open =
            self.roles.value.contains(&Role::Api) && !self.listen.value.ip().is_loopback();
        is_open || self.public_url.value.as_deref().is_some_and(|url| !is_loopback(url))
    }

    fn check_secrets(&self) -> Result<(), Unsafe> {
        let urls = [
            ("database_url", &self.database_url.value),
            ("nats_url", &self.nats_url.value),
            ("smtp_url", &self.smtp_url.value),
        ];
        for (name, url) in urls {
            let password = url.as_ref().and_then(|url| password(url.expose()));
            if password.is_some_and(|password| is_guessed(&password)) {
                return Err(Unsafe::GuessedPassword(name));
            }
        }
        match &self.master_key.value {
            MasterKey::Given(key) if has_few_letters(key.expose()) => Err(Unsafe::GuessedKey),
            MasterKey::Given(_) | MasterKey::File(_) => Ok(()),
        }
    }
}

fn is_loopback(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let is_this = |host: &str| {
        authority.strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    };
    ["localhost", "127.0.0.1", "[::1]"].into_iter().any(is_this)
}

/// The password in an address, or in a connection string of PostgreSQL.
fn password(url: &str) -> Option<String> {
    if let Ok(config) = url.parse::<tokio_postgres::Config>() {
        let password = config.get_password()?;
        return Some(String::from_utf8_lossy(password).into_owned());
    }
    let (_, rest) = url.split_once("://")?;
    let (user, _) = rest.split(['/', '?']).next()?.rsplit_once('@')?;
    user.split_once(':').map(|(_, password)| password.to_owned())
}

fn is_guessed(password: &str) -> bool {
    GUESSED.contains(&password.to_lowercase().as_str())
}

fn has_few_letters(key: &str) -> bool {
    let mut letters: Vec<u8> = key.bytes().collect();
    letters.sort_unstable();
    letters.dedup();
    letters.len() < FEWEST_LETTERS
}
