//! From a commit to its being visible in the directory, at a steady rate of commands.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use domain::{Command, Source};
use eventstore::{Caller, Options, Store};
use parking_lot::Mutex;
use uuid::Uuid;

use super::filling::{Organisation, installation, wait_for_views};
use super::report::{Goal, Report, Times, Unit, float, ratio};
use super::server::Server;
use super::text::say;
use super::{Error, cpu};

const PER_SECOND: u64 = 2_000;
const CUSTOMERS: u64 = 20_000;
/// Commands are sent in groups, so often.
const TICK: Duration = Duration::from_millis(5);
/// How often it is looked how far the directory is; an error of this size is in the figures.
const LOOK: Duration = Duration::from_millis(1);
const MODEL: &str = "directory";
/// At the start not everything is warm.
const WARM_UP: Duration = Duration::from_secs(2);
const GIVE_UP: Duration = Duration::from_secs(30);

/// Commits that are not visible yet: sequence, and when the command was answered.
type Pending = Arc<Mutex<VecDeque<(i64, Instant)>>>;

pub(super) async fn measure(server: &Server, time: Duration) -> Result<Report, Error> {
    let store = server.store().await?;
    installation(&store).await?;
    let organisation = Organisation::create(&store).await?;
    say(&format!("making {CUSTOMERS} customers"));
    let (customers, _) = organisation.fill(&store, CUSTOMERS, 2).await?;
    server.client().await?.batch_execute("VACUUM (ANALYZE)").await?;
    let projections = projections::start(store.clone());
    wait_for_views(&store, &[organisation.id()]).await?;

    say(&format!("{PER_SECOND} commands/s for {} s, every read model following", time.as_secs()));
    let pending = Pending::default();
    let sending = Arc::new(AtomicBool::new(true));
    let watching = tokio::spawn(watch(
        store.clone(),
        organisation.id(),
        Arc::clone(&pending),
        Arc::clone(&sending),
    ));
    let (server_cpu, own_cpu) = (server.cpu()?, cpu::of_this_process()?);
    let (sent, late, took) = send(&store, &organisation, &customers, &pending, time).await?;
    sending.store(false, Ordering::Release);
    let lags = watching.await??;
    let server_cpu = server.cpu()?.saturating_sub(server_cpu);
    let own_cpu = cpu::of_this_process()?.saturating_sub(own_cpu);
    projections.stop().await;

    let mut report = Report::new("lag");
    report.add("commands", ratio(float(sent), took.as_secs_f64()), Unit::PerSecond);
    report.add("commit to visible, p50", lags.percentile_ms(50), Unit::Milliseconds);
    let p99 = lags.percentile_ms(99);
    report.judge("commit to visible, p99", p99, Unit::Milliseconds, Goal::AtMost(50.0));
    report.add("commit to visible, longest", lags.percentile_ms(100), Unit::Milliseconds);
    report.add("groups sent late", float(late), Unit::Count);
    let each = |time: Duration| ratio(time.as_secs_f64() * 1e6, float(sent));
    report.add("CPU of the database, each command", each(server_cpu), Unit::Microseconds);
    report.add("CPU of this process, each command", each(own_cpu), Unit::Microseconds);
    report.note(format!(
        "{} commits; one in ten begins a customer, the others change one of {CUSTOMERS}",
        lags.count()
    ));
    Ok(report)
}

/// Sends commands at the rate, whether or not they are answered in time.
async fn send(
    store: &Store,
    organisation: &Organisation,
    customers: &[Uuid],
    pending: &Pending,
    time: Duration,
) -> Result<(u64, u64, Duration), Error> {
    let began = Instant::now();
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    let mut tasks = tokio::task::JoinSet::new();
    let (mut sent, mut late) = (0, 0);
    while began.elapsed() < time + WARM_UP {
        let due = tick.tick().await;
        late += u64::from(due.elapsed() > TICK);
        for _ in 0..(PER_SECOND * TICK.as_millis().try_into().unwrap_or(1)) / 1_000 {
            let command = command(organisation, customers, sent)?;
            sent += 1;
            let counts = began.elapsed() > WARM_UP;
            tasks.spawn(issue(
                store.clone(),
                Caller::new(organisation.owner.clone(), Source::Api),
                command,
                counts.then(|| Arc::clone(pending)),
            ));
        }
        while let Some(ended) = tasks.try_join_next() {
            ended??;
        }
    }
    let took = began.elapsed();
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok((sent, late, took))
}

fn command(organisation: &Organisation, customers: &[Uuid], number: u64) -> Result<Command, Error> {
    if number.is_multiple_of(10) {
        return organisation.begin(Uuid::now_v7(), CUSTOMERS + number);
    }
    // A prime, so that the same customer comes again only much later.
    let at = usize::try_from(number * 7_919).unwrap_or_default() % customers.len().max(1);
    let id = customers.get(at).copied().unwrap_or_default();
    organisation.go_on(id, number, number + number / 9)
}

async fn issue(
    store: Store,
    caller: Caller,
    command: Command,
    pending: Option<Pending>,
) -> Result<(), Error> {
    let done = store.execute(&caller, command, &Options::default()).await?;
    if let (true, Some(pending)) = (done.changed, pending) {
        pending.lock().push_back((done.sequence, Instant::now()));
    }
    Ok(())
}

/// Looks again and again how far the directory is, and notes when each commit came in sight.
async fn watch(
    store: Store,
    organisation: Uuid,
    pending: Pending,
    sending: Arc<AtomicBool>,
) -> Result<Times, Error> {
    let mut lags = Times::default();
    let mut ended: Option<Instant> = None;
    loop {
        let reached = projections::progress(&store, MODEL, organisation).await?;
        let now = Instant::now();
        let left = {
            let mut pending = pending.lock();
            pending.retain(|(sequence, answered)| {
                let visible = *sequence <= reached;
                if visible {
                    lags.push(now.saturating_duration_since(*answered));
                }
                !visible
            });
            pending.len()
        };
        if !sending.load(Ordering::Acquire) {
            let ended = *ended.get_or_insert(now);
            if left == 0 && now > ended + LOOK * 100 || now > ended + GIVE_UP {
                return Ok(lags);
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}
