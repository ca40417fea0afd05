//! The directory with one very large organisation beside fifty of common size.

mod changes;
mod kinds;
mod lists;
mod sizes;

use std::time::{Duration, Instant};

use deadpool_postgres::Object;
use eventstore::Store;
use projections::directory::sample::Sample;
use projections::directory::{self, Entry, Hit, Query, Sort};
use uuid::Uuid;

use self::kinds::Kind;
use super::Error;
use super::report::{Goal, Report, Times, Unit, float};
use super::server::Server;
use super::text::say;

const SMALL_ORGANISATIONS: u64 = 50;
const SMALL: u64 = 4_000;
/// Queries of each kind, and as many before them that are not counted.
const QUERIES: u64 = 60;
const WARM_UP: u64 = 15;
const PAGE: u16 = 20;

/// As the role that folds; settings as a rebuild has them.
const BEGIN: &str = "DROP SCHEMA directory CASCADE; CREATE SCHEMA directory;
    SET search_path TO directory, public; SET synchronous_commit = off; SET jit = off;
    SET maintenance_work_mem = '192MB'; SET work_mem = '64MB'";

/// What 60 queries of a kind took, and how many of them found the customer whom they were made of.
#[derive(Debug, Default)]
struct Asked {
    times: Times,
    found: u64,
}

pub(super) async fn measure(
    server: &Server,
    customers: u64,
    time: Duration,
) -> Result<Report, Error> {
    let store = server.store().await?;
    let large = Sample::new(Uuid::from_u128(0xa), 1, customers);
    let small: Vec<Sample> = (0..SMALL_ORGANISATIONS)
        .map(|number| Sample::new(Uuid::from_u128(0xb00 + u128::from(number)), 1, SMALL))
        .collect();
    let mut report = Report::new("directory");
    load(&mut report, server, &store, &large, &small).await?;

    let client = store.worker().get().await?;
    for kind in kinds::all() {
        let asked = ask(&client, &large, customers, &kind).await?;
        add(&mut report, &kind, &asked);
    }
    lists::measure(&mut report, &client, &large).await?;
    add_small(&mut report, &client, &small).await?;
    changes::measure(&mut report, &store, &large, customers, time).await?;
    report.note(format!(
        "{customers} customers of one organisation beside {SMALL_ORGANISATIONS} with {SMALL}, generated; \
         vacuumed and analysed; {QUERIES} queries of each kind, pages of {PAGE}, with the time of the client"
    ));
    Ok(report)
}

async fn load(
    report: &mut Report,
    server: &Server,
    store: &Store,
    large: &Sample,
    small: &[Sample],
) -> Result<(), Error> {
    say("loading the directory");
    let began = Instant::now();
    let mut client = store.worker().get().await?;
    client.batch_execute(BEGIN).await?;
    client.batch_execute(directory::TABLES).await?;
    let tx = client.transaction().await?;
    let everybody = large.entries().chain(small.iter().flat_map(Sample::entries));
    let copied = directory::copy_in(&tx, everybody).await?;
    tx.commit().await?;
    say(&format!("{copied} customers copied; making indexes"));
    client.batch_execute(directory::INDEXES).await?;
    client.batch_execute("VACUUM (ANALYZE)").await?;
    report.add("customers", float(copied), Unit::Count);
    report.add("loading, with indexes and VACUUM", began.elapsed().as_secs_f64(), Unit::Seconds);
    drop(client);
    sizes::add_to(report, server, copied).await
}

async fn ask(
    client: &Object,
    sample: &Sample,
    customers: u64,
    kind: &Kind,
) -> Result<Asked, Error> {
    let mut asked = Asked::default();
    let mut tried = 0;
    for number in 0..WARM_UP + QUERIES {
        let (entry, text) = subject(sample, customers, kind, number);
        let query = Query { text, ..query(sample, &entry, kind) };
        let began = Instant::now();
        let page = directory::search(client, &query).await?;
        let took = began.elapsed();
        let meant = page.hits.iter().any(|hit| hit.customer == entry.customer);
        if kind.must_find && !meant {
            return Err(Error::NotFound { text: query.text, found: page.hits.len() });
        }
        tried += 1;
        if tried > WARM_UP {
            asked.times.push(took);
            let name = |hit: &Hit| hit.document.get("display_name").cloned().unwrap_or_default();
            let alike = page.hits.iter().any(|hit| name(hit) == *entry.display_name);
            asked.found += u64::from(meant || alike);
        }
    }
    Ok(asked)
}

/// A customer of whom a text of this kind can be made; others each time, the same in each run.
fn subject(sample: &Sample, customers: u64, kind: &Kind, number: u64) -> (Entry, String) {
    let mut at = (number * 7_919_993 + 13) % customers;
    loop {
        let entry = sample.entry(at);
        let wanted = !entry.archived && kind.scope.covers(sample, &entry);
        if let Some(text) = wanted.then(|| (kind.text)(&entry)).flatten() {
            return (entry, text);
        }
        at = (at + 1) % customers;
    }
}

fn query(sample: &Sample, entry: &Entry, kind: &Kind) -> Query {
    Query {
        organisation: entry.organisation,
        archived: false,
        by_contact: true,
        text: String::new(),
        scope: kind.scope.of(sample),
        filters: kind.scope.filters(sample, entry),
        sort: Sort::Name,
        audiences: None,
        after: None,
        backwards: false,
        limit: PAGE,
    }
}

fn add(report: &mut Report, kind: &Kind, asked: &Asked) {
    let (middle, longest) = (asked.times.percentile_ms(50), asked.times.percentile_ms(100));
    let (middle_goal, longest_goal) = kind.goal.bounds();
    let name = kind.name;
    let unit = Unit::Milliseconds;
    match middle_goal {
        Some(most) => report.judge(format!("{name}, p50"), middle, unit, Goal::AtMost(most)),
        None => report.add(format!("{name}, p50"), middle, unit),
    }
    report.judge(format!("{name}, longest"), longest, unit, Goal::AtMost(longest_goal));
    if let Some(least) = kind.recall {
        let found = float(asked.found);
        let goal = Goal::AtLeast(float(least));
        report.judge(format!("{name}, right name of {QUERIES}"), found, Unit::Count, goal);
    }
}

/// All kinds in the organisations of common size, the slowest of them told.
async fn add_small(report: &mut Report, client: &Object, small: &[Sample]) -> Result<(), Error> {
    let Some(sample) = small.first() else { return Ok(()) };
    let mut worst = (0.0, "");
    let mut longest = (0.0, "");
    for kind in kinds::all() {
        let asked = ask(client, sample, SMALL, &kind).await?;
        let figures = (asked.times.percentile_ms(50), asked.times.percentile_ms(100));
        if figures.0 > worst.0 {
            worst = (figures.0, kind.name);
        }
        if figures.1 > longest.0 {
            longest = (figures.1, kind.name);
        }
    }
    let unit = Unit::Milliseconds;
    report.add(format!("{SMALL} customers: slowest p50 ({})", worst.1), worst.0, unit);
    report.add(format!("{SMALL} customers: longest ({})", longest.1), longest.0, unit);
    Ok(())
}
