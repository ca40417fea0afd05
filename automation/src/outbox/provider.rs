//! SMS and WhatsApp: handed to the provider that the organisation has a connection with, in the
//! provider's own format.

use domain::message::Requested;
use domain::value::Channel;
use eventstore::Store;
use eventstore::state::connection::{self, Connection};
use hyper::HeaderMap;
use hyper::header::HeaderValue;
use uuid::Uuid;

use super::Handed;
use super::effects::Effect;
use super::smtp::Trouble;
use crate::egress::{Answer, Egress};
use crate::error::Error;
use crate::matcher::causes;

mod twilio;
mod whatsapp;

/// Where the interfaces of the providers are.
#[derive(Debug, Clone)]
pub struct Providers {
    pub twilio: String,
    pub whatsapp: String,
}

impl Default for Providers {
    fn default() -> Self {
        Self {
            twilio: "https://api.twilio.com".to_owned(),
            whatsapp: "https://graph.facebook.com/v23.0".to_owned(),
        }
    }
}

/// Whose format a message goes out in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Provider {
    Twilio,
    Whatsapp,
}

impl Provider {
    /// The one of a channel; an e-mail needs none.
    pub(super) fn of(channel: Channel) -> Option<Self> {
        match channel {
            Channel::Email => None,
            Channel::Sms => Some(Self::Twilio),
            Channel::Whatsapp => Some(Self::Whatsapp),
        }
    }

    /// As connections name it.
    fn name(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::Whatsapp => "whatsapp",
        }
    }
}

/// An account that sends, with its secrets in the open.
struct Account {
    id: String,
    sender: Option<String>,
    secret: String,
    /// Where the provider tells what becomes of messages.
    reports: Option<String>,
}

/// A message as a provider takes it.
struct Call {
    url: String,
    headers: HeaderMap,
    body: String,
}

/// Hands a message over.
pub(super) async fn send(
    provider: Provider,
    store: &Store,
    (egress, providers): (&Egress, &Providers),
    effect: &Effect,
    requested: &Requested,
) -> Result<Handed, Error> {
    let client = store.worker().get().await?;
    let found = connection::sending(&client, effect.organisation, provider.name()).await?;
    drop(client);
    let Some(connection) = found else {
        return Ok(Handed::Waits("its organisation has no connection that sends by this channel"));
    };
    let account = open(store, &connection).await?;
    let (Some(to), Some(text)) = (requested.to.known(), requested.text.known()) else {
        let reason = "the customer's data was erased".to_owned();
        return Ok(Handed::Refused(Trouble::Lasting(reason)));
    };
    let call = match provider {
        Provider::Twilio => twilio::call(&providers.twilio, &account, effect.message, to, text),
        Provider::Whatsapp => {
            whatsapp::call(&providers.whatsapp, &account, effect.message, to, text)
        }
    };
    let called = egress.post(&call.url, call.headers, call.body).await;
    Ok(match called.answer {
        Ok(answer) => judged(provider, &answer),
        Err(error) => Handed::Refused(Trouble::Passing(causes(&error))),
    })
}

async fn open(store: &Store, connection: &Connection) -> Result<Account, Error> {
    let (organisation, id) = (connection.organisation, connection.connection_id);
    let text = async |sealed: &[u8]| -> Result<String, Error> {
        let opened = store.open_secret(organisation, id, sealed).await?;
        Ok(String::from_utf8_lossy(&opened).into_owned())
    };
    let secret = connection.access_token.as_ref().unwrap_or(&connection.secret);
    let reports = match (&connection.base_url, &connection.address) {
        (Some(base), Some(address)) => {
            Some(format!("{base}/hooks/{}/{}", connection.provider, text(address).await?))
        }
        (Some(_) | None, _) => None,
    };
    Ok(Account {
        id: connection.account.clone().unwrap_or_default(),
        sender: connection.sender.clone(),
        secret: text(secret).await?,
        reports,
    })
}

/// What it would refuse again is given up; what is too much or fails there is tried again.
fn judged(provider: Provider, answer: &Answer) -> Handed {
    let body = answer.text.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let body = body.unwrap_or(serde_json::Value::Null);
    let (id, words) = match provider {
        Provider::Twilio => (twilio::id(&body), twilio::refusal(&body)),
        Provider::Whatsapp => (whatsapp::id(&body), whatsapp::refusal(&body)),
    };
    let reason =
        || words.unwrap_or_else(|| format!("{} answered {}", provider.name(), answer.status));
    match answer.status {
        200..=299 => Handed::Taken(id),
        429 | 500..=599 => Handed::Refused(Trouble::Passing(reason())),
        _ => Handed::Refused(Trouble::Lasting(reason())),
    }
}

/// A header that is not shown.
fn secret_header(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The parameter by which a provider names our message in its reports.
fn naming(reports: &str, message: Uuid) -> String {
    format!("{reports}?message={message}")
}

#[cfg(test)]
mod tests;
