//! Many clients append to the log at once, in turn with bare inserts on the same server.

mod sizes;
pub(super) mod writer;

use std::time::{Duration, Instant};

use eventstore::Store;

use self::writer::Writer;
use super::report::{Goal, Report, Unit, float, ratio};
use super::server::Server;
use super::text::say;
use super::{Error, cpu, raw};
use crate::server::Metrics;

/// Others may disturb a round: many short ones hit both sides alike.
const ROUND: Duration = Duration::from_secs(5);
/// Until the committer knows the organisations, and the tables have some pages.
const WARM_UP: Duration = Duration::from_secs(3);
const COMMITS: &str = "dossier_commits_total";

/// What our side did, in one round or in all.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    done: u64,
    took: Duration,
    server_cpu: Duration,
    client_cpu: Duration,
}

pub(super) async fn measure(
    server: &Server,
    clients: usize,
    time: Duration,
) -> Result<Report, Error> {
    let metrics = Metrics::of_process();
    let store = server.store().await?;
    let mut raw = raw::Raw::prepare(server).await?;
    let raw_clients = raw.best().await?;
    let mut writers = writer::writers(&store, clients).await?;
    say(&format!("{clients} appending clients, in turn with {raw_clients} inserting ones"));
    (writers, _) = round(server, &store, writers, WARM_UP).await?;

    let commits = Commits::of(&metrics);
    let (mut ours, mut bare) = (Sum::default(), Sum::default());
    let mut ratios = Vec::new();
    for _ in 0..time.as_secs().div_ceil(ROUND.as_secs()) {
        let inserted = raw.round(raw_clients, ROUND, false).await?;
        bare.done += inserted.done;
        bare.took += Duration::from_secs_f64(ratio(float(inserted.done), inserted.per_second));
        bare.server_cpu += inserted.server_cpu;
        bare.client_cpu += inserted.client_cpu;
        let (back, appended) = round(server, &store, writers, ROUND).await?;
        writers = back;
        ours.add(appended);
        ratios.push(ratio(appended.per_second(), inserted.per_second));
        say(&format!("{:.0}/s against {:.0}/s", appended.per_second(), inserted.per_second));
    }
    let mut report = Report::new("append");
    add_rates(&mut report, &bare, &ours);
    commits.until(&metrics).add_to(&mut report, ours.done);
    sizes::add_to(&mut report, server, &raw).await?;
    report.note(format!(
        "{clients} clients on {} organisations against {raw_clients} of pgbench, the best of 4 to 128; \
         ratio of each round: {}",
        writer::ORGANISATIONS,
        ratios.iter().map(|ratio| format!("{ratio:.2}")).collect::<Vec<_>>().join(", ")
    ));
    Ok(report)
}

/// Lets every writer append until the time is over.
async fn round(
    server: &Server,
    store: &Store,
    writers: Vec<Writer>,
    time: Duration,
) -> Result<(Vec<Writer>, Sum), Error> {
    let (server_cpu, own_cpu) = (server.cpu()?, cpu::of_this_process()?);
    let began = Instant::now();
    let tasks: Vec<_> = writers
        .into_iter()
        .map(|mut writer| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut done = 0;
                while began.elapsed() < time {
                    writer.append(&store).await?;
                    done += 1;
                }
                Ok::<_, Error>((writer, done))
            })
        })
        .collect();
    let mut sum = Sum::default();
    let mut writers = Vec::with_capacity(tasks.len());
    for task in tasks {
        let (writer, done) = task.await??;
        writers.push(writer);
        sum.done += done;
    }
    sum.took = began.elapsed();
    sum.server_cpu = server.cpu()?.saturating_sub(server_cpu);
    sum.client_cpu = cpu::of_this_process()?.saturating_sub(own_cpu);
    Ok((writers, sum))
}

fn add_rates(report: &mut Report, bare: &Sum, ours: &Sum) {
    let (theirs_cpu, ours_cpu) =
        (bare.micros_each(bare.server_cpu), ours.micros_each(ours.server_cpu));
    report.add("bare inserts", bare.per_second(), Unit::PerSecond);
    report.add("appends", ours.per_second(), Unit::PerSecond);
    let times = ratio(ours.per_second(), bare.per_second());
    report.judge("appends to inserts", times, Unit::Times, Goal::AtLeast(2.0));
    report.add("server CPU of an insert", theirs_cpu, Unit::Microseconds);
    report.add("server CPU of an append", ours_cpu, Unit::Microseconds);
    let share = ratio(ours_cpu, theirs_cpu);
    report.judge("server CPU, append to insert", share, Unit::Times, Goal::AtMost(0.25));
    let (pgbench, own) = (bare.micros_each(bare.client_cpu), ours.micros_each(ours.client_cpu));
    report.add("client's CPU of an insert", pgbench, Unit::Microseconds);
    report.add("client's CPU of an append", own, Unit::Microseconds);
    let all = ratio(theirs_cpu + pgbench, ours_cpu + own);
    report.add("appends to inserts, by CPU of server and client", all, Unit::Times);
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.done += other.done;
        self.took += other.took;
        self.server_cpu += other.server_cpu;
        self.client_cpu += other.client_cpu;
    }

    fn per_second(&self) -> f64 {
        ratio(float(self.done), self.took.as_secs_f64())
    }

    fn micros_each(&self, time: Duration) -> f64 {
        ratio(time.as_secs_f64() * 1e6, float(self.done))
    }
}

/// Commits of the log, by the path that they took.
#[derive(Debug, Clone, Copy)]
struct Commits {
    fast: u64,
    slow: u64,
}

impl Commits {
    fn of(metrics: &Metrics) -> Self {
        let text = metrics.render();
        let count = |path: &str| {
            let label = format!("{COMMITS}{{path=\"{path}\"}} ");
            let value = text.lines().find_map(|line| line.strip_prefix(&label));
            value.and_then(|value| value.parse().ok()).unwrap_or(0)
        };
        Self { fast: count("fast"), slow: count("slow") }
    }

    fn until(self, metrics: &Metrics) -> Self {
        let now = Self::of(metrics);
        Self { fast: now.fast - self.fast, slow: now.slow - self.slow }
    }

    fn add_to(self, report: &mut Report, appends: u64) {
        let all = float(self.fast + self.slow);
        report.add("appends of a commit", ratio(float(appends), all), Unit::Count);
        report.add("commits on the fast path", ratio(100.0 * float(self.fast), all), Unit::Percent);
    }
}
