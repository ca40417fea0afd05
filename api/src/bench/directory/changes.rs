//! Changes at a steady rate, and searches beside them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use eventstore::Store;
use projections::directory::sample::Sample;
use projections::directory::{self, Entry};

use super::{QUERIES, ask, kinds};
use crate::bench::Error;
use crate::bench::report::{Goal, Report, Times, Unit, float, ratio};
use crate::bench::text::say;

const PER_SECOND: u64 = 2_000;
const BATCH: u64 = 100;
const TICK: Duration = Duration::from_millis(1_000 * BATCH / PER_SECOND);
/// As the role that folds has them.
const SETTINGS: &str = "SET search_path TO directory, public; SET synchronous_commit = off;
    SET jit = off; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";
/// What is searched meanwhile.
const BESIDE: [&str; 4] = ["3 letters", "two words, 3 and 4 letters", "full name", "e-mail"];

pub(super) async fn measure(
    report: &mut Report,
    store: &Store,
    sample: &Sample,
    customers: u64,
    time: Duration,
) -> Result<(), Error> {
    say(&format!("{PER_SECOND} changes/s for {} s, searches beside them", time.as_secs()));
    let writing = Arc::new(AtomicBool::new(true));
    let searching =
        tokio::spawn(search(store.clone(), sample.clone(), customers, Arc::clone(&writing)));
    let written = write(store, sample, customers, time).await;
    writing.store(false, Ordering::Release);
    let searched = searching.await??;
    let (changed, late, took) = written?;

    let rate = ratio(float(changed), took.as_secs_f64());
    report.judge("changes", rate, Unit::PerSecond, Goal::AtLeast(0.99 * float(PER_SECOND)));
    report.add(format!("groups of {BATCH} begun late"), float(late), Unit::Count);
    for (name, times) in searched {
        let unit = Unit::Milliseconds;
        report.add(format!("beside: {name}, p50"), times.percentile_ms(50), unit);
        report.add(format!("beside: {name}, longest"), times.percentile_ms(100), unit);
    }
    report.note(
        "of the changes one in ten is a new customer, two change the tags, the others the status",
    );
    Ok(())
}

/// Writes batches when they are due, each in a transaction.
async fn write(
    store: &Store,
    sample: &Sample,
    customers: u64,
    time: Duration,
) -> Result<(u64, u64, Duration), Error> {
    let mut client = store.worker().get().await?;
    client.batch_execute(SETTINGS).await?;
    let began = Instant::now();
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    let (mut changed, mut late) = (0, 0);
    while began.elapsed() < time {
        let due = tick.tick().await;
        late += u64::from(due.elapsed() > TICK);
        let entries: Vec<Entry> =
            (changed..changed + BATCH).map(|number| change(sample, customers, number)).collect();
        let tx = client.transaction().await?;
        directory::put(&tx, &entries).await?;
        tx.commit().await?;
        changed += BATCH;
    }
    Ok((changed, late, began.elapsed()))
}

fn change(sample: &Sample, customers: u64, number: u64) -> Entry {
    let known = (number * 7_919) % customers;
    let mut entry = match number % 10 {
        // Numbers beyond the sample's own are customers whom the directory does not have yet.
        0 => sample.entry(customers + number),
        1 | 2 => {
            let mut entry = sample.entry(known);
            entry.tags = vec![Sample::tag(usize::try_from(number % 40).unwrap_or_default())];
            entry
        }
        _ => {
            let mut entry = sample.entry(known);
            entry.status = Some(if number.is_multiple_of(2) { "won" } else { "lost" }.to_owned());
            entry
        }
    };
    entry.version += 1;
    entry
}

async fn search(
    store: Store,
    sample: Sample,
    customers: u64,
    writing: Arc<AtomicBool>,
) -> Result<Vec<(&'static str, Times)>, Error> {
    let client = store.worker().get().await?;
    let kinds = kinds::all().into_iter().filter(|kind| BESIDE.contains(&kind.name));
    let mut kinds: Vec<_> = kinds.map(|kind| (kind, Times::default())).collect();
    while writing.load(Ordering::Acquire) {
        for (kind, times) in &mut kinds {
            times.extend(ask(&client, &sample, customers, kind).await?.times);
        }
        // Somebody at work, not a load test of its own.
        tokio::time::sleep(Duration::from_millis(5 * QUERIES)).await;
    }
    Ok(kinds.into_iter().map(|(kind, times)| (kind.name, times)).collect())
}
