//! A rule rehearsed over a long history: how long it takes, and how much memory it needs.

use std::convert::Infallible;
use std::fs;
use std::time::{Duration, Instant};

use automation::{Found, Rehearsal};
use domain::access::{self, Action, Scope};
use domain::rule::Clock;
use eventstore::Store;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Error;
use super::filling::{Organisation, installation, issue};
use super::report::{Report, Unit, float, ratio};
use super::server::Server;
use super::text::say;

/// Events of a customer.
const EACH: u64 = 10;
const STATUS: &str = "/proc/self/status";
/// Written to it, the most memory of the process is counted anew.
const FORGET: &str = "/proc/self/clear_refs";
const MEBIBYTE: f64 = 1_048_576.0;

pub(super) async fn measure(server: &Server, events: u64) -> Result<Report, Error> {
    let store = server.store().await?;
    installation(&store).await?;
    let mut report = Report::new("rehearse");
    for (events, name) in [(events / 10, "a tenth"), (events, "all")] {
        let organisation = Organisation::create(&store).await?;
        let issued = issue(&store, &organisation.owner, "rule.create", None, rule()).await?;
        let scope = access::scope(&organisation.owner, Action::RuleAdmin)
            .map_err(|denied| Error::Service(denied.to_string()))?;
        say(&format!("appending about {events} events by commands, {EACH} to a customer"));
        organisation.fill(&store, events / EACH, EACH - 1).await?;
        server.client().await?.batch_execute("VACUUM (ANALYZE) es.event").await?;
        let (found, took, grown) = rehearsed(&store, &scope, issued.stream_id).await?;
        let total = store.head_sequence(organisation.id()).await?;
        let total = float(u64::try_from(total).unwrap_or_default());
        let rate = ratio(total, took.as_secs_f64());
        let runs = u64::try_from(found.counts.values().sum::<i64>()).unwrap_or_default();
        report.add(format!("{name}: events of history"), total, Unit::Count);
        report.add(format!("{name}: seconds"), took.as_secs_f64(), Unit::Count);
        report.add(format!("{name}: events gone through"), rate, Unit::PerSecond);
        report.add(format!("{name}: runs"), float(runs), Unit::Count);
        report.add(format!("{name}: memory beyond that before it, MiB"), grown, Unit::Count);
    }
    report.note(
        "two organisations, ten events to a customer made by commands through the store; a rule with \
         two steps over a change of status; memory is the most that the process had during the \
         rehearsal, less what it had before it, with the filling's caches in both",
    );
    Ok(report)
}

fn rule() -> Value {
    json!({
        "name": "Won", "trigger": { "events": ["customer.status_changed"] },
        "when": { "field": "after.status", "op": "eq", "value": "won" },
        "then": [{ "action": "add_tag", "tag": "client" },
            { "action": "create_task", "title": "Send the welcome pack", "due_in": "P2D" }],
    })
}

async fn rehearsed(
    store: &Store,
    scope: &Scope,
    rule: Uuid,
) -> Result<(Found, Duration, f64), Error> {
    let (from, to) = (Timestamp::UNIX_EPOCH, Timestamp::now() + 1.hour());
    let rehearsal = Rehearsal { rule, from, to, time: Clock::Effective };
    fs::write(FORGET, "5").map_err(|source| Error::File { path: FORGET.into(), source })?;
    let (before, began) = (memory("VmRSS:")?, Instant::now());
    let tell = |_| Ok::<_, Infallible>(());
    let found = automation::rehearse(store, scope, &rehearsal, tell, |_| async {}).await?;
    let took = began.elapsed();
    let grown = memory("VmHWM:")?.saturating_sub(before);
    Ok((found, took, float(grown) / MEBIBYTE))
}

/// Bytes, of a line in kB.
fn memory(label: &str) -> Result<u64, Error> {
    let text =
        fs::read_to_string(STATUS).map_err(|source| Error::File { path: STATUS.into(), source })?;
    let line = text.lines().find_map(|line| line.strip_prefix(label));
    let value = line.and_then(|line| line.split_ascii_whitespace().next()?.parse::<u64>().ok());
    let value = value.ok_or_else(|| Error::Service(format!("{STATUS} has no {label}")))?;
    Ok(value * 1024)
}
