//! The directory built anew from a long log.

use std::time::{Duration, Instant};

use super::filling::{Organisation, installation};
use super::report::{Goal, Report, Unit, float, ratio};
use super::server::Server;
use super::text::say;
use super::{Error, cpu};

/// Events of a customer.
const EACH: u64 = 10;
const MODEL: &str = "directory";
const RUNS: u32 = 3;

pub(super) async fn measure(server: &Server, events: u64) -> Result<Report, Error> {
    let store = server.store().await?;
    installation(&store).await?;
    let organisation = Organisation::create(&store).await?;
    say(&format!("appending about {events} events by commands, {EACH} to a customer"));
    let began = Instant::now();
    let (customers, appended) = organisation.fill(&store, events / EACH, EACH - 1).await?;
    let filled = began.elapsed();
    server.client().await?.batch_execute("VACUUM (ANALYZE) es.event").await?;

    let (server_cpu, own_cpu) = (server.cpu()?, cpu::of_this_process()?);
    let mut rates = Vec::new();
    let mut rebuilt = projections::rebuild(&store, MODEL).await?;
    rates.push(ratio(float(rebuilt.events), rebuilt.took.as_secs_f64()));
    for _ in 1..RUNS {
        say(&format!("{:.0} events/s", rates.last().copied().unwrap_or_default()));
        rebuilt = projections::rebuild(&store, MODEL).await?;
        rates.push(ratio(float(rebuilt.events), rebuilt.took.as_secs_f64()));
    }
    let server_cpu = server.cpu()?.saturating_sub(server_cpu);
    let own_cpu = cpu::of_this_process()?.saturating_sub(own_cpu);
    rates.sort_by(f64::total_cmp);
    let middle = rates.get(rates.len() / 2).copied().unwrap_or_default();
    let mut report = Report::new("rebuild");
    report.judge("events folded", middle, Unit::PerSecond, Goal::AtLeast(80_000.0));
    report.add("slowest run", rates.first().copied().unwrap_or_default(), Unit::PerSecond);
    report.add("fastest run", rates.last().copied().unwrap_or_default(), Unit::PerSecond);
    let folded = float(rebuilt.events * u64::from(RUNS));
    let each = |time: Duration| ratio(time.as_secs_f64() * 1e6, folded);
    report.add("CPU of the database, each event", each(server_cpu), Unit::Microseconds);
    report.add("CPU of this process, each event", each(own_cpu), Unit::Microseconds);
    report.add("events", float(rebuilt.events), Unit::Count);
    report.add("customers", float(rebuilt.rows), Unit::Count);
    report.add("parked", float(rebuilt.parked), Unit::Count);
    report.add(
        "appending them, ten in a command",
        ratio(float(appended), filled.as_secs_f64()),
        Unit::PerSecond,
    );
    report.note(format!(
        "{} customers of one organisation, {appended} events made by commands through the store; from \
         the first event read to the swap, with indexes and VACUUM; the middle one of {RUNS} runs",
        customers.len()
    ));
    Ok(report)
}
