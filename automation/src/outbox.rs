//! What goes out: messages that the log asks for, and what webhooks are told of events.
//!
//! The matcher writes an effect for each, in the transaction of its checkpoint: so none is lost and
//! none is written twice. A deliverer claims it, sends it and records the outcome: that of a message
//! by a command, that of a call in rows beside it. If the process dies between sending and recording,
//! it is sent again under the same Message-ID or webhook-id: at least once, with a stable id.

use std::time::Duration;

use eventstore::Store;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::Handle;
use crate::egress::Egress;
use calls::Calls;
use deliver::Deliverer;

pub(crate) mod calls;
mod compose;
mod deliver;
pub(crate) mod effects;
mod letter;
mod line;
mod provider;
mod smtp;
pub mod unsubscribe;
pub mod webhooks;

pub use calls::Settings as CallSettings;
pub use letter::{Letter, NotSent};
pub use provider::Providers;
pub use smtp::{InvalidSmtp, Smtp};

use smtp::Trouble;

/// What became of a message that was to be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Handed {
    /// Its carrier has it, and knows it by this id.
    Taken(Option<String>),
    /// There is nobody yet to hand it to, and who is missing.
    Waits(&'static str),
    Refused(Trouble),
}

/// How messages and calls go out.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Without a server e-mails wait as they were asked for.
    pub smtp: Option<Smtp>,
    /// Where SMS and WhatsApp messages are handed over.
    pub providers: Providers,
    /// Where customers reach this service: the links in messages begin with it.
    pub public_url: Option<String>,
    /// How long a message waits before it is looked whether its organisation has a sender now.
    pub no_sender: Duration,
    /// How long a deliverer keeps a message to itself without a sign of life.
    pub claim: Duration,
    /// How long a message waits before each further try; after the last one it is given up.
    pub backoff: Vec<Duration>,
    /// How many messages are on their way at the same time.
    pub concurrency: usize,
    /// How endpoints outside are called.
    pub calls: CallSettings,
}

impl Default for Settings {
    fn default() -> Self {
        let seconds = |count| Duration::from_secs(count);
        Self {
            smtp: None,
            providers: Providers::default(),
            public_url: None,
            no_sender: seconds(60),
            claim: seconds(10),
            backoff: [5, 60, 300, 1_800, 7_200, 18_000, 36_000, 86_400]
                .into_iter()
                .map(seconds)
                .collect(),
            concurrency: 8,
            calls: CallSettings::default(),
        }
    }
}

/// Starts sending messages and calls.
pub fn start(store: Store, egress: Egress, settings: Settings) -> Handle {
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let calls = Calls::new(store.clone(), settings.calls.clone(), egress.clone());
    tasks.spawn(line::run(calls, stopped.clone()));
    if settings.smtp.is_none() {
        tracing::info!("no SMTP server is set: e-mails wait until there is one");
    }
    tasks.spawn(line::run(Deliverer::new(store, egress, settings), stopped));
    Handle { stop, tasks }
}
