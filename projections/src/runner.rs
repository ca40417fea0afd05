//! Runs the read models: each in a task of its own, in whichever process holds its lease.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eventstore::Store;
use jiff::Timestamp;
use metrics::{counter, gauge, histogram};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::error::Error;
use crate::feed::Feed;
use crate::follow::{Follower, Step};
use crate::item::chain;
use crate::lease::Held;
use crate::models::each_model;
use crate::read_model::ReadModel;
use crate::rebuild;
use crate::round::Writer;
use crate::{park, schema, session};

/// While events keep coming, this long is waited for more of them, so that pages are worth their
/// commit.
const LINGER: Duration = Duration::from_millis(10);
/// How often a process asks for a lease that another one holds.
const CANDIDATE: Duration = Duration::from_secs(2);
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
const IDLE: Duration = Duration::from_secs(1);
const MEASURED_EVERY: Duration = Duration::from_secs(1);
/// From so many events behind the head a read model that has nothing yet is built, not followed.
const WORTH_BUILDING: i64 = 20_000;

/// The runners of this process.
#[derive(Debug)]
pub struct Handle {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    statuses: Statuses,
}

type Statuses = Arc<Mutex<HashMap<&'static str, Status>>>;

/// How a read model is doing in this process.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// Whether this process folds it; else another one does.
    pub leading: bool,
    /// Events between it and the head.
    pub behind: i64,
    /// Why it has stopped for good, if it has.
    pub halted: Option<String>,
}

/// What a runner works with.
#[derive(Debug, Clone)]
struct Context {
    feed: Arc<Feed>,
    owner: Uuid,
    stop: watch::Receiver<bool>,
    statuses: Statuses,
}

/// Starts following for every read model. [`crate::install`] must have run.
pub fn start(store: Store) -> Handle {
    let (stop, stopped) = watch::channel(false);
    let statuses = Statuses::default();
    let context = Context {
        feed: Arc::new(Feed::new(store)),
        owner: Uuid::new_v4(),
        stop: stopped,
        statuses: Arc::clone(&statuses),
    };
    let context = &context;
    let mut tasks = JoinSet::new();
    each_model!(M => {
        context.statuses.lock().insert(M::NAME, Status::default());
        tasks.spawn(run::<M>(context.clone()));
    });
    Handle { stop, tasks, statuses }
}

impl Handle {
    /// Ends after the page under way; leases are let go.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }

    /// How the read models are doing, by name.
    pub fn statuses(&self) -> Vec<(&'static str, Status)> {
        let mut statuses: Vec<_> =
            self.statuses.lock().iter().map(|(name, status)| (*name, status.clone())).collect();
        statuses.sort_unstable_by_key(|(name, _)| *name);
        statuses
    }
}

impl Context {
    fn store(&self) -> &Store {
        self.feed.store()
    }

    fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Sleeps, or less long when the runners are stopped.
    async fn pause(&mut self, time: Duration) {
        let stopped = self.stop.wait_for(|stop| *stop);
        let _ = tokio::time::timeout(time, stopped).await;
    }

    fn report(&self, name: &'static str, change: impl FnOnce(&mut Status)) {
        change(self.statuses.lock().entry(name).or_default());
    }
}

async fn run<M: ReadModel>(mut context: Context) {
    let mut pause = SHORTEST_PAUSE;
    while !context.is_stopped() {
        let led = lead::<M>(&mut context).await;
        context.report(M::NAME, |status| status.leading = false);
        match led {
            Ok(true) => pause = SHORTEST_PAUSE,
            Ok(false) => {}
            Err(error @ (Error::Gap { .. } | Error::OtherVersion { .. })) => {
                return halt::<M>(&context, &error);
            }
            Err(error) => {
                tracing::warn!(
                    projection.model = M::NAME,
                    error = chain(&error),
                    "following was interrupted and begins again"
                );
                context.pause(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
                continue;
            }
        }
        context.pause(CANDIDATE).await;
    }
}

/// Going on would make the read model wrong: it stays as it is until somebody looks.
fn halt<M: ReadModel>(context: &Context, error: &Error) {
    let error = chain(error);
    tracing::error!(projection.model = M::NAME, error, "the read model has stopped following");
    gauge!("dossier_projection_halted", "model" => M::NAME).set(1.0);
    context.report(M::NAME, |status| status.halted = Some(error));
}

/// Follows for as long as the lease is held; `false` if somebody else holds it.
async fn lead<M: ReadModel>(context: &mut Context) -> Result<bool, Error> {
    let name = format!("projection:{}", M::NAME);
    let Some(held) = Held::try_take(context.store(), &name, context.owner).await? else {
        return Ok(false);
    };
    let followed = follow::<M>(context, &held).await;
    held.release().await?;
    followed.map(|()| true)
}

async fn follow<M: ReadModel>(context: &mut Context, held: &Held) -> Result<(), Error> {
    let mut heads = context.store().heads().watch();
    let mut follower = ready::<M>(context, held).await?;
    context.report(M::NAME, |status| status.leading = true);
    park::subjects(&**follower.client(), M::NAME).await?;
    let mut measured = Instant::now();
    while !context.is_stopped() {
        if held.is_lost() {
            return Err(Error::LeaseLost);
        }
        let now = heads.borrow_and_update().clone();
        let behind = follower.behind(&now);
        measure::<M>(context, &follower, behind, &mut measured);
        if behind == 0 {
            let idle = follower.passing_for().unwrap_or(IDLE);
            let _ = tokio::time::timeout(idle, async {
                tokio::select! {
                    _ = heads.changed() => {}
                    _ = context.stop.changed() => {}
                }
            })
            .await;
            if follower.passing_for() == Some(Duration::ZERO) {
                follower.write::<M>().await?;
            }
            continue;
        }
        let step = follower.step::<M>(&now).await?;
        count::<M>(&step);
        if heads.has_changed().unwrap_or(false) {
            context.pause(LINGER).await;
        }
    }
    Ok(())
}

/// A follower on tables of this program's version; they are built where they are not.
async fn ready<M: ReadModel>(context: &Context, held: &Held) -> Result<Follower, Error> {
    let store = context.store();
    let found = schema::version::<M>(&**store.worker().get().await?).await?;
    if let Some(found) = found
        && found > M::VERSION
    {
        return Err(Error::OtherVersion { name: M::NAME, found, known: M::VERSION });
    }
    if found == Some(M::VERSION) {
        let follower = follower::<M>(context, held).await?;
        let heads = store.heads().watch().borrow().clone();
        let empty = follower.positions().values().all(|position| *position == 0);
        if !empty || follower.behind(&heads) < WORTH_BUILDING {
            return Ok(follower);
        }
    }
    rebuild::rebuild_model::<M>(store).await?;
    follower::<M>(context, held).await
}

async fn follower<M: ReadModel>(context: &Context, held: &Held) -> Result<Follower, Error> {
    let client = session::folding(context.store(), M::NAME).await?;
    let writer = Writer { follower: M::NAME.to_owned(), epoch: held.epoch() };
    Follower::new(Arc::clone(&context.feed), client, writer).await
}

/// At most once a second while busy: gauges are looked at less often than pages are folded.
#[expect(clippy::cast_precision_loss, reason = "gauges are floats; counts of events fit")]
fn measure<M: ReadModel>(context: &Context, follower: &Follower, behind: i64, last: &mut Instant) {
    context.report(M::NAME, |status| status.behind = behind);
    if behind > 0 && last.elapsed() < MEASURED_EVERY {
        return;
    }
    *last = Instant::now();
    gauge!("dossier_projection_behind_events", "model" => M::NAME).set(behind as f64);
    for (lane, position) in follower.positions() {
        gauge!("dossier_projection_position", "model" => M::NAME, "lane" => lane.to_string())
            .set(*position as f64);
    }
}

fn count<M: ReadModel>(step: &Step) {
    let events = u64::try_from(step.events).unwrap_or_default();
    counter!("dossier_projection_events_total", "model" => M::NAME).increment(events);
    if let Some(last) = &step.last {
        let delay = Timestamp::now().duration_since(last.recorded_at).as_secs_f64();
        histogram!("dossier_projection_delay_seconds", "model" => M::NAME).record(delay.max(0.0));
    }
}
