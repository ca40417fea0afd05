//! The queue of runs: written by the matcher, claimed and ended by runners.

use std::collections::BTreeSet;
use std::time::Duration;

use deadpool_postgres::{Client, GenericClient, Transaction};
use domain::Recorded;
use domain::rule_run::StepResult;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::Error;
use crate::guard::Chain;
use crate::runs::State;

const INSERT: &str = include_str!("queue/sql/insert.sql");
const LINES: &str = include_str!("queue/sql/lines.sql");
const CLAIM: &str = include_str!("queue/sql/claim.sql");
const RENEW: &str = include_str!("queue/sql/renew.sql");
const LOCK: &str = include_str!("queue/sql/lock.sql");
const FINISH: &str = include_str!("queue/sql/finish.sql");
const POSTPONE: &str = include_str!("queue/sql/postpone.sql");
const HOLD: &str = include_str!("queue/sql/hold.sql");
const SETTLE: &str = include_str!("queue/sql/settle.sql");
const PROGRESS: &str = include_str!("queue/sql/progress.sql");
const LENGTH: &str = include_str!("queue/sql/length.sql");

/// A run as the matcher writes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct NewRun {
    pub(crate) organisation: Uuid,
    pub(crate) run_id: Uuid,
    pub(crate) lane: i16,
    pub(crate) rule: Uuid,
    pub(crate) rule_version: i64,
    pub(crate) trigger_event: Uuid,
    pub(crate) trigger_type: String,
    pub(crate) trigger_recorded_at: Timestamp,
    pub(crate) position: i64,
    pub(crate) sequence: i64,
    pub(crate) ordinal: i16,
    pub(crate) customer: Uuid,
    pub(crate) correlation_id: Uuid,
    pub(crate) chain: Chain,
    pub(crate) state: State,
    pub(crate) reason: Option<String>,
}

impl NewRun {
    /// A run of a rule, id and version, that an event about the customer sets off.
    pub(crate) fn of(
        recorded: &Recorded,
        run_id: Uuid,
        (rule, rule_version): (Uuid, i64),
        customer: Uuid,
    ) -> Self {
        let metadata = &recorded.metadata;
        Self {
            organisation: recorded.organisation,
            run_id,
            lane: recorded.lane,
            rule,
            rule_version,
            trigger_event: recorded.event_id,
            trigger_type: recorded.type_name.clone(),
            trigger_recorded_at: recorded.recorded_at,
            position: recorded.position,
            sequence: recorded.sequence,
            ordinal: 0,
            customer,
            correlation_id: metadata.correlation_id,
            chain: metadata.rule.as_ref().map(|rule| rule.chain.clone()).unwrap_or_default(),
            state: State::Waiting,
            reason: None,
        }
    }
}

/// A customer whose open runs a runner has to itself for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) organisation: Uuid,
    pub(crate) customer: Uuid,
    claim: i64,
}

/// The run of a claimed line that is due.
#[derive(Debug, Clone)]
pub(crate) struct Claimed {
    pub(crate) line: Line,
    pub(crate) run_id: Uuid,
    pub(crate) rule: Uuid,
    pub(crate) rule_version: i64,
    pub(crate) trigger_event: Uuid,
    pub(crate) trigger_type: String,
    pub(crate) trigger_recorded_at: Timestamp,
    pub(crate) correlation_id: Uuid,
    pub(crate) chain: Chain,
    pub(crate) state: State,
    /// Index of the step that is next.
    pub(crate) step: i16,
    pub(crate) steps: Vec<StepResult>,
    pub(crate) attempts: i16,
    pub(crate) reason: Option<String>,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) resumed: i16,
    /// When it was claimed, by the clock of the database.
    pub(crate) now: Timestamp,
}

impl Claimed {
    fn from_row(line: Line, run_id: Uuid, row: &Row) -> Result<Self, Error> {
        let broken = |error| Error::Run(run_id, error);
        let chain: Value = row.try_get("chain")?;
        let steps: Value = row.try_get("steps")?;
        let state: String = row.try_get("state")?;
        Ok(Self {
            line,
            run_id,
            rule: row.try_get("rule")?,
            rule_version: row.try_get("rule_version")?,
            trigger_event: row.try_get("trigger_event")?,
            trigger_type: row.try_get("trigger_type")?,
            trigger_recorded_at: row.try_get("trigger_recorded_at")?,
            correlation_id: row.try_get("correlation_id")?,
            chain: serde_json::from_value(chain).map_err(broken)?,
            state: serde_json::from_value(state.into()).map_err(broken)?,
            step: row.try_get("step")?,
            steps: serde_json::from_value(steps).map_err(broken)?,
            attempts: row.try_get("attempts")?,
            reason: row.try_get("reason")?,
            started_at: row.try_get("started_at")?,
            resumed: row.try_get("resumed")?,
            now: row.try_get("now")?,
        })
    }
}

/// What becomes of a run that was worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// It has ended.
    Finish,
    /// It is tried again after this time; the customer's other runs wait behind it.
    Postpone(Duration),
    /// A limit or a step has it wait until then; the others go on.
    Hold(Timestamp),
}

/// Writes runs; those that are there already stay as they are.
pub(crate) async fn insert(tx: &Transaction<'_>, runs: &[NewRun]) -> Result<(), Error> {
    let customers: BTreeSet<_> = runs.iter().map(|run| (run.organisation, run.customer)).collect();
    let runs = serde_json::to_value(runs).map_err(Error::Encode)?;
    let statement = tx.prepare_cached(INSERT).await?;
    tx.execute(&statement, &[&runs]).await?;
    line_up(tx, customers).await
}

/// Has the runs of these customers looked at.
pub(crate) async fn line_up(
    tx: &Transaction<'_>,
    customers: impl IntoIterator<Item = (Uuid, Uuid)>,
) -> Result<(), Error> {
    let (organisations, customers): (Vec<_>, Vec<_>) = customers.into_iter().unzip();
    let statement = tx.prepare_cached(LINES).await?;
    tx.execute(&statement, &[&organisations, &customers]).await?;
    Ok(())
}

/// Takes up to `limit` customers with due runs for `time`. One without a run only has to be
/// settled.
pub(crate) async fn claim(
    client: &impl GenericClient,
    limit: usize,
    time: Duration,
) -> Result<Vec<(Line, Option<Result<Claimed, Error>>)>, Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let statement = client.prepare_cached(CLAIM).await?;
    let rows = client.query(&statement, &[&limit, &time.as_secs_f64()]).await?;
    rows.iter()
        .map(|row| {
            let line = Line {
                organisation: row.try_get("organisation")?,
                customer: row.try_get("customer")?,
                claim: row.try_get("claim")?,
            };
            let run_id: Option<Uuid> = row.try_get("run_id")?;
            Ok((line, run_id.map(|run_id| Claimed::from_row(line, run_id, row))))
        })
        .collect()
}

/// Holds on to a claim; `false` where it was lost.
pub(crate) async fn renew(
    client: &impl GenericClient,
    run: &Claimed,
    time: Duration,
) -> Result<bool, Error> {
    let Line { organisation, customer, claim } = run.line;
    let time = time.as_secs_f64();
    let statement = client.prepare_cached(RENEW).await?;
    let renewed =
        client.execute(&statement, &[&organisation, &customer, &claim, &run.run_id, &time]).await?;
    Ok(renewed == 1)
}

/// Keeps what the run has come to so far; `false` where the claim was lost.
pub(crate) async fn progress(client: &impl GenericClient, run: &Claimed) -> Result<bool, Error> {
    let Line { organisation, customer, claim } = run.line;
    let steps = serde_json::to_value(&run.steps).map_err(Error::Encode)?;
    let statement = client.prepare_cached(PROGRESS).await?;
    let kept = client
        .execute(&statement, &[&organisation, &customer, &claim, &run.run_id, &run.step, &steps])
        .await?;
    Ok(kept == 1)
}

/// Writes what became of a run, and when its customer is due next; `false` where the claim was
/// lost, and nothing is written.
pub(crate) async fn put_back(
    client: &mut Client,
    line: Line,
    run: Option<(&Claimed, Next)>,
) -> Result<bool, Error> {
    let Line { organisation, customer, claim } = line;
    let tx = client.transaction().await?;
    let statement = tx.prepare_cached(LOCK).await?;
    if tx.query_opt(&statement, &[&organisation, &customer, &claim]).await?.is_none() {
        return Ok(false);
    }
    if let Some((run, next)) = run {
        write(&tx, run, next).await?;
    }
    let statement = tx.prepare_cached(SETTLE).await?;
    tx.execute(&statement, &[&organisation, &customer]).await?;
    tx.commit().await?;
    Ok(true)
}

async fn write(tx: &Transaction<'_>, run: &Claimed, next: Next) -> Result<(), Error> {
    let organisation = run.line.organisation;
    let steps = serde_json::to_value(&run.steps).map_err(Error::Encode)?;
    let state = run.state.name();
    match next {
        Next::Finish => {
            let statement = tx.prepare_cached(FINISH).await?;
            let Claimed { run_id, step, attempts, reason, .. } = run;
            tx.execute(
                &statement,
                &[&organisation, run_id, &state, step, &steps, attempts, reason],
            )
            .await?;
        }
        Next::Postpone(time) => {
            let statement = tx.prepare_cached(POSTPONE).await?;
            let Claimed { run_id, step, attempts, reason, .. } = run;
            let time = time.as_secs_f64();
            tx.execute(
                &statement,
                &[&organisation, run_id, &state, step, &steps, attempts, reason, &time],
            )
            .await?;
        }
        Next::Hold(until) => {
            let statement = tx.prepare_cached(HOLD).await?;
            let Claimed { run_id, step, reason, .. } = run;
            tx.execute(&statement, &[&organisation, run_id, &state, step, &steps, reason, &until])
                .await?;
        }
    }
    Ok(())
}

/// How many runs are not ended yet.
pub(crate) async fn length(client: &impl GenericClient) -> Result<i64, Error> {
    let statement = client.prepare_cached(LENGTH).await?;
    Ok(client.query_one(&statement, &[]).await?.try_get(0)?)
}
