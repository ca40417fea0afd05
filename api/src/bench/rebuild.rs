//! The directory built anew from a long log.

use std::time::Instant;

use super::Error;
use super::filling::{Organisation, installation};
use super::report::{Goal, Report, Unit, float, ratio};
use super::server::Server;
use super::text::say;

/// Events of a customer.
const EACH: u64 = 10;
const MODEL: &str = "directory";
const RUNS: usize = 3;

pub(super) async fn measure(server: &Server, events: u64) -> Result<Report, Error> {
    let store = server.store().await?;
    installation(&store).await?;
    let organisation = Organisation::create(&store).await?;
    say(&format!("appending about {events} events by commands, {EACH} to a customer"));
    let began = Instant::now();
    let (customers, appended) = organisation.fill(&store, events / EACH, EACH - 1).await?;
    let filled = began.elapsed();
    server.client().await?.batch_execute("VACUUM (ANALYZE) es.event").await?;

    let mut rates = Vec::new();
    let mut rebuilt = projections::rebuild(&store, MODEL).await?;
    rates.push(ratio(float(rebuilt.events), rebuilt.took.as_secs_f64()));
    for _ in 1..RUNS {
        say(&format!("{:.0} events/s", rates.last().copied().unwrap_or_default()));
        rebuilt = projections::rebuild(&store, MODEL).await?;
        rates.push(ratio(float(rebuilt.events), rebuilt.took.as_secs_f64()));
    }
    rates.sort_by(f64::total_cmp);
    let middle = rates.get(RUNS / 2).copied().unwrap_or_default();
    let mut report = Report::new("rebuild");
    report.judge("events folded", middle, Unit::PerSecond, Goal::AtLeast(80_000.0));
    report.add("slowest run", rates.first().copied().unwrap_or_default(), Unit::PerSecond);
    report.add("fastest run", rates.last().copied().unwrap_or_default(), Unit::PerSecond);
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
