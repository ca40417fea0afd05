//! Rules that the clock sets off: a row for each with its next moment. When that has come, the
//! customers in question are gone through a page at a time, and for each whom the rule is for the
//! log learns that it came due, under an id made of rule, record and moment: so it does so once,
//! whatever happens to the process. The matcher makes a run of it.

use std::time::Duration;

use deadpool_postgres::GenericClient;
use domain::organisation::Organisation;
use domain::rule::Trigger;
use domain::rule_run::Event as RunEvent;
use domain::{Event, Recorded};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::customers::Unknown;
use crate::error::Error;
use crate::matcher::causes;
use crate::queue::NewRun;
use crate::{Shared, told_to_stop};

mod sweep;

pub(crate) use sweep::{Occasion, reading};

const PUT: &str = include_str!("timers/sql/put.sql");
const REMOVE: &str = include_str!("timers/sql/remove.sql");
const MOVE_ZONE: &str = include_str!("timers/sql/move_zone.sql");
const CLAIM: &str = include_str!("timers/sql/claim.sql");
const PROGRESS: &str = include_str!("timers/sql/progress.sql");
const SETTLE: &str = include_str!("timers/sql/settle.sql");

/// How often it is looked whether a moment has come.
const LOOK: Duration = Duration::from_millis(500);
/// How far back the dates of days on which no service ran are made up for.
const MADE_UP: SignedDuration = SignedDuration::from_hours(31 * 24);

/// What the matcher found out about timers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// This version of a rule waits for the clock from then on.
    Put {
        organisation: Uuid,
        rule: Uuid,
        rule_version: i64,
        since: Timestamp,
    },
    Remove {
        organisation: Uuid,
        rule: Uuid,
    },
    /// The days of the organisation begin at another time.
    MoveZone {
        organisation: Uuid,
    },
}

/// Writes changes, in the order in which they came about.
pub(crate) async fn put(client: &impl GenericClient, changes: &[Change]) -> Result<(), Error> {
    for change in changes {
        match change {
            Change::Put { organisation, rule, rule_version, since } => {
                let statement = client.prepare_cached(PUT).await?;
                client.execute(&statement, &[organisation, rule, rule_version, since]).await?;
            }
            Change::Remove { organisation, rule } => {
                let statement = client.prepare_cached(REMOVE).await?;
                client.execute(&statement, &[organisation, rule]).await?;
            }
            Change::MoveZone { organisation } => {
                let statement = client.prepare_cached(MOVE_ZONE).await?;
                client.execute(&statement, &[organisation]).await?;
            }
        }
    }
    Ok(())
}

/// The run of a rule that came due.
pub(crate) fn run(recorded: &Recorded) -> Result<Option<NewRun>, Unknown> {
    let event = recorded.event().map_err(|error| Unknown::Unreadable(error.to_string()))?;
    let Event::RuleRun(RunEvent::CameDue { rule, rule_version, customer, .. }) = event else {
        return Ok(None);
    };
    Ok(Some(NewRun::of(recorded, recorded.stream_id, (rule, rule_version), customer)))
}

/// A timer that is looked at.
#[derive(Debug, Clone)]
struct Timer {
    organisation: Uuid,
    rule: Uuid,
    rule_version: i64,
    since: Timestamp,
    due_at: Option<Timestamp>,
    after: Option<Uuid>,
    claim: i64,
    /// By the clock of the database.
    now: Timestamp,
}

impl Timer {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            organisation: row.try_get("organisation")?,
            rule: row.try_get("rule")?,
            rule_version: row.try_get("rule_version")?,
            since: row.try_get("since")?,
            due_at: row.try_get("due_at")?,
            after: row.try_get("after")?,
            claim: row.try_get("claim")?,
            now: row.try_get("now")?,
        })
    }

    /// After which moment the next one counts. What a schedule missed it does once, late; each day's
    /// dates are others, so they are made up for.
    fn passed(&self, trigger: &Trigger, due: Timestamp) -> Timestamp {
        match &trigger.date {
            Some(_) => due.max(self.now.checked_sub(MADE_UP).unwrap_or(due)),
            None => due.max(self.now),
        }
    }
}

/// Looks at the clock until told to stop.
pub(crate) async fn run_timers(shared: Shared, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match look(&shared, &stop).await {
            Ok(true) => {}
            Ok(false) => pause(&mut stop).await,
            Err(error) => {
                // The claim ends by itself, and whoever takes it next goes on from there.
                tracing::error!(error = %causes(&error), "a rule that came due must wait");
                pause(&mut stop).await;
            }
        }
    }
}

async fn pause(stop: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = told_to_stop(stop) => {}
        () = sleep(LOOK) => {}
    }
}

/// Deals with a timer that is due to be looked at; `false` where there is none.
async fn look(shared: &Shared, stop: &watch::Receiver<bool>) -> Result<bool, Error> {
    let claim = shared.settings.claim.as_secs_f64();
    let client = shared.store.worker().get().await?;
    let statement = client.prepare_cached(CLAIM).await?;
    let row = client.query_opt(&statement, &[&claim]).await?;
    drop(client);
    let Some(timer) = row.as_ref().map(Timer::from_row).transpose()? else { return Ok(false) };
    let key = (timer.organisation, timer.rule, timer.rule_version);
    // Written with the timer, so it is there.
    let Some(version) = shared.versions.get(&shared.store, key).await? else { return Ok(true) };
    let trigger = &version.definition.trigger;
    let zone = match version.definition.zone() {
        Some(zone) => zone,
        None => organisations_zone(shared, timer.organisation).await?,
    };
    match timer.due_at.filter(|due| *due <= timer.now) {
        None => {
            let next = trigger.next(timer.since, &zone);
            settle(shared, &timer, timer.since, next).await?;
        }
        Some(due) => {
            if sweep::sweep(shared, &timer, &version.definition, (due, &zone), stop).await? {
                let passed = timer.passed(trigger, due);
                settle(shared, &timer, passed, trigger.next(passed, &zone)).await?;
            }
        }
    }
    Ok(true)
}

async fn organisations_zone(shared: &Shared, organisation: Uuid) -> Result<TimeZone, Error> {
    let (_, state) = shared.store.load::<Organisation>(organisation, organisation).await?;
    Ok(state.time_zone())
}

/// Keeps how far the sweep has come; `false` where somebody else has the timer now.
async fn progress(shared: &Shared, timer: &Timer, after: Uuid) -> Result<bool, Error> {
    let Timer { organisation, rule, claim, .. } = timer;
    let time = shared.settings.claim.as_secs_f64();
    let client = shared.store.worker().get().await?;
    let statement = client.prepare_cached(PROGRESS).await?;
    let kept = client.execute(&statement, &[organisation, rule, claim, &after, &time]).await?;
    Ok(kept == 1)
}

async fn settle(
    shared: &Shared,
    timer: &Timer,
    since: Timestamp,
    due_at: Option<Timestamp>,
) -> Result<(), Error> {
    let Timer { organisation, rule, claim, .. } = timer;
    let client = shared.store.worker().get().await?;
    let statement = client.prepare_cached(SETTLE).await?;
    client.execute(&statement, &[organisation, rule, claim, &since, &due_at]).await?;
    Ok(())
}
