//! The connection to NATS: which server it is, how our streams and subjects are named.
//!
//! What is in NATS is a copy that can be thrown away; without it everything works, only slower.

use std::sync::Arc;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::jetstream::{self, Context};
use async_nats::{Client, ConnectErrorKind, ConnectOptions, Event, ServerAddr};
use tokio::sync::watch;
use uuid::Uuid;

#[cfg(test)]
mod tests;

/// The oldest server that does what we ask for; older ones ignore some of it silently.
pub const OLDEST_SERVER: (u64, u64) = (2, 12);

/// How long to wait for an answer of the server.
const PATIENCE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How to reach NATS.
#[derive(Debug, Clone)]
pub struct NatsSettings {
    /// One address or several, with commas between them.
    pub url: String,
    /// What the names of our streams and subjects begin with.
    pub prefix: String,
    /// How many servers keep each stream.
    pub replicas: usize,
}

/// Why NATS cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NatsError {
    #[error("the address of NATS cannot be read: {0}")]
    Address(String),
    #[error("NATS refused the connection")]
    Refused(#[source] async_nats::ConnectError),
    #[error(
        "the NATS server {server} is version {version}, but 2.12 or later is needed: upgrade it, \
         or leave NATS_URL unset to work from the log alone"
    )]
    TooOld { server: String, version: String },
    #[error("the NATS server {0} has JetStream switched off: start it with -js")]
    NoJetStream(String),
}

/// A connection to NATS that comes back by itself. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Nats(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: Client,
    jetstream: Context,
    settings: NatsSettings,
    connects: watch::Receiver<u64>,
}

impl Nats {
    /// Connects. A server that cannot be reached now is not an error: it may come later.
    ///
    /// # Errors
    /// The address is none, or the server refuses us, is too old or has no JetStream.
    pub async fn connect(settings: NatsSettings) -> Result<Self, NatsError> {
        let address = |text: &str| text.trim().parse::<ServerAddr>();
        let addresses: Vec<ServerAddr> = settings
            .url
            .split(',')
            .map(address)
            .collect::<Result<_, _>>()
            .map_err(|error| NatsError::Address(error.to_string()))?;
        let (told, connects) = watch::channel(0);
        // The first try shows what is wrong; a server that is merely away is waited for.
        let client = match options(told.clone()).connect(&addresses).await {
            Err(error) if is_absence(error.kind()) => {
                tracing::warn!(error = %error, "NATS cannot be reached yet: going on without it");
                let waiting = options(told).retry_on_initial_connect().connect(&addresses);
                let client = waiting.await.map_err(NatsError::Refused)?;
                return Ok(Self::over(client, settings, connects));
            }
            connected => connected.map_err(NatsError::Refused)?,
        };
        let nats = Self::over(client, settings, connects);
        nats.suits()?;
        Ok(nats)
    }

    fn over(client: Client, settings: NatsSettings, connects: watch::Receiver<u64>) -> Self {
        let mut jetstream = jetstream::new(client.clone());
        jetstream.set_timeout(PATIENCE);
        Self(Arc::new(Inner { client, jetstream, settings, connects }))
    }

    /// Whether there is a connection just now.
    pub fn is_connected(&self) -> bool {
        self.0.client.connection_state() == State::Connected
    }

    /// The version of the server that we are connected to; empty before the first one.
    pub fn server_version(&self) -> String {
        self.0.client.server_info().version
    }

    /// Whether the server that we are connected to is one to work with.
    ///
    /// # Errors
    /// It is too old or has no JetStream.
    pub fn suits(&self) -> Result<(), NatsError> {
        let server = self.0.client.server_info();
        let address = format!("{}:{}", server.host, server.port);
        if !is_new_enough(&server.version) {
            return Err(NatsError::TooOld { server: address, version: server.version });
        }
        if server.jetstream { Ok(()) } else { Err(NatsError::NoJetStream(address)) }
    }

    /// How many times a connection was made so far; rises when one comes back.
    pub fn connects(&self) -> watch::Receiver<u64> {
        self.0.connects.clone()
    }

    /// The name of a lane's stream.
    pub fn stream(&self, lane: i16) -> String {
        format!("{}_{lane}", self.0.settings.prefix)
    }

    /// All subjects of a lane.
    pub(crate) fn subjects(&self, lane: i16) -> String {
        format!("{}.{lane}.>", self.0.settings.prefix)
    }

    /// The subject of an event.
    pub(crate) fn subject(&self, lane: i16, organisation: Uuid, type_name: &str) -> String {
        format!("{}.{lane}.{organisation}.{}", self.0.settings.prefix, in_subject(type_name))
    }

    /// The subject by which processes wake each other.
    pub(crate) fn wake_subject(&self) -> String {
        format!("{}.wake", self.0.settings.prefix)
    }

    pub(crate) fn client(&self) -> &Client {
        &self.0.client
    }

    pub(crate) fn jetstream(&self) -> &Context {
        &self.0.jetstream
    }

    pub(crate) fn replicas(&self) -> usize {
        self.0.settings.replicas.max(1)
    }
}

fn options(connects: watch::Sender<u64>) -> ConnectOptions {
    ConnectOptions::new()
        .name("dossier")
        .no_echo()
        .connection_timeout(PATIENCE)
        .request_timeout(Some(PATIENCE))
        .reconnect_delay_callback(|attempt| {
            let attempt = u32::try_from(attempt).unwrap_or(u32::MAX);
            (Duration::from_millis(20) * attempt).min(LONGEST_PAUSE)
        })
        .event_callback(move |event| {
            note(&connects, &event);
            std::future::ready(())
        })
}

fn note(connects: &watch::Sender<u64>, event: &Event) {
    match event {
        Event::Connected => {
            connects.send_modify(|connects| *connects += 1);
            tracing::info!("connected to NATS");
        }
        Event::Disconnected => {
            tracing::warn!("the connection to NATS is lost: going on from the log");
        }
        Event::LameDuckMode
        | Event::Draining
        | Event::Closed
        | Event::SlowConsumer(_)
        | Event::ServerError(_)
        | Event::ClientError(_) => tracing::debug!(event = %event, "NATS says something"),
    }
}

fn is_absence(kind: ConnectErrorKind) -> bool {
    matches!(kind, ConnectErrorKind::Dns | ConnectErrorKind::TimedOut | ConnectErrorKind::Io)
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.split('.').map(str::parse::<u64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= OLDEST_SERVER,
        _ => false,
    }
}

/// A type's name as the end of a subject; one from a broken row must not stop its lane.
fn in_subject(type_name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    let clean = |part: &str| -> String {
        part.chars().map(|letter| if plain(letter) { letter } else { '_' }).collect()
    };
    let parts = type_name.split('.').filter(|part| !part.is_empty()).map(clean);
    let name = parts.collect::<Vec<_>>().join(".");
    if name.is_empty() { "_".to_owned() } else { name }
}
