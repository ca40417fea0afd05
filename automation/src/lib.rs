//! Rules react to events: the matcher follows the log and writes a run for each match, the runner
//! does the runs' steps as commands, with the rights of the rule's owner.

use std::sync::Arc;
use std::time::Duration;

use eventstore::source::EventSource;
use eventstore::{LANES, Store};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use uuid::Uuid;

mod actions;
mod by_hand;
mod customers;
pub mod egress;
mod error;
mod explain;
mod guard;
mod ids;
mod matcher;
mod matching;
mod members;
mod meters;
pub mod outbox;
mod preview;
mod queue;
mod rehearse;
mod rules;
mod runner;
pub mod runs;
pub mod standing;
mod timers;
mod webhooks;

pub use by_hand::{Preview, preview_by_hand};
pub use error::Error;
pub use explain::{Condition, Explained, explain, rule_name};
pub use guard::DEPTH;
pub use preview::{WouldTrigger, preview};
pub use rehearse::{Compared, Ending, Found, Rehearsal, Row, Stopped, rehearse};

/// How patient automation is.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long a matcher keeps a lane to itself without a sign of life.
    pub lease: Duration,
    /// How long a runner keeps a run to itself without a sign of life.
    pub claim: Duration,
    /// How long a failing step waits before each further try; after the last one it is dead.
    pub backoff: Vec<Duration>,
    /// How many runs are worked on at the same time.
    pub concurrency: usize,
}

impl Default for Settings {
    fn default() -> Self {
        let seconds = |count| Duration::from_secs(count);
        Self {
            lease: seconds(5),
            claim: seconds(15),
            backoff: [1, 5, 30, 120, 600].into_iter().map(seconds).collect(),
            concurrency: 16,
        }
    }
}

/// What all parts of one automation share.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    pub(crate) store: Store,
    /// Where the matchers get the events from.
    pub(crate) source: Arc<dyn EventSource>,
    pub(crate) settings: Arc<Settings>,
    /// This automation among all that run: the owner of its leases.
    pub(crate) owner: Uuid,
    /// There may be runs to do.
    pub(crate) work: Arc<Notify>,
    /// Versions of rules that were read lately; they never change.
    pub(crate) versions: Arc<rules::Versions>,
}

/// A running automation. Dropping it ends it at once, which loses nothing; [`Handle::stop`] lets
/// it finish what it has begun.
#[derive(Debug)]
pub struct Handle {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Handle {
    /// Stops: what is being worked on is finished, nothing new is begun.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Starts matching and running.
pub fn start(store: Store, source: Arc<dyn EventSource>) -> Handle {
    start_with(store, source, Settings::default())
}

/// Starts matching and running, as patient as `settings` say.
pub fn start_with(store: Store, source: Arc<dyn EventSource>, settings: Settings) -> Handle {
    let shared = Shared {
        store,
        source,
        settings: Arc::new(settings),
        owner: Uuid::now_v7(),
        work: Arc::new(Notify::new()),
        versions: Arc::default(),
    };
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for lane in 0..LANES {
        tasks.spawn(matcher::follow(shared.clone(), lane, stopped.clone()));
    }
    tasks.spawn(timers::run_timers(shared.clone(), stopped.clone()));
    tasks.spawn(runner::run(shared, stopped));
    Handle { stop, tasks }
}

/// Ends when automation is to stop.
pub(crate) async fn told_to_stop(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone is a stop as well.
    drop(stop.wait_for(|stop| *stop).await);
}
