//! One client alone, in turn with one client of `pgbench`: how long a command takes.

use std::time::{Duration, Instant};

use super::append::writer;
use super::report::{Goal, Report, Times, Unit, ratio};
use super::server::Server;
use super::{Error, raw};

const ROUND: Duration = Duration::from_secs(3);

pub(super) async fn measure(server: &Server, time: Duration) -> Result<Report, Error> {
    let store = server.store().await?;
    let mut raw = raw::Raw::prepare(server).await?;
    let mut writers = writer::writers(&store, 1).await?;
    let (mut bare, mut ours) = (Times::default(), Times::default());
    for round in 0..=time.as_secs().div_ceil(ROUND.as_secs()) {
        let inserted = raw.round(1, ROUND, true).await?.times;
        let began = Instant::now();
        let mut appended = Times::default();
        while began.elapsed() < ROUND {
            for writer in &mut writers {
                let asked = Instant::now();
                writer.append(&store).await?;
                appended.push(asked.elapsed());
            }
        }
        // The first one warms up.
        if round > 0 {
            bare.extend(inserted);
            ours.extend(appended);
        }
    }
    let mut report = Report::new("single");
    report.add("bare insert, p50", bare.percentile_ms(50), Unit::Milliseconds);
    report.add("append, p50", ours.percentile_ms(50), Unit::Milliseconds);
    let times = ratio(ours.percentile_ms(50), bare.percentile_ms(50));
    report.judge("append to insert, p50", times, Unit::Times, Goal::AtMost(2.0));
    report.add("bare insert, p99", bare.percentile_ms(99), Unit::Milliseconds);
    report.add("append, p99", ours.percentile_ms(99), Unit::Milliseconds);
    report.note(format!("{} inserts and {} appends", bare.count(), ours.count()));
    Ok(report)
}
