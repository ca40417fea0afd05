//! The queue of runs: written by the matcher, claimed and ended by runners.

use std::time::Duration;

use deadpool_postgres::GenericClient;
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
const CLAIM: &str = include_str!("queue/sql/claim.sql");
const RENEW: &str = include_str!("queue/sql/renew.sql");
const FINISH: &str = include_str!("queue/sql/finish.sql");
const POSTPONE: &str = include_str!("queue/sql/postpone.sql");
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

/// A run that a runner has to itself for a while.
#[derive(Debug, Clone)]
pub(crate) struct Claimed {
    pub(crate) organisation: Uuid,
    pub(crate) run_id: Uuid,
    pub(crate) rule: Uuid,
    pub(crate) rule_version: i64,
    pub(crate) trigger_event: Uuid,
    pub(crate) trigger_recorded_at: Timestamp,
    pub(crate) customer: Uuid,
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
    pub(crate) claim: i64,
}

impl Claimed {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let run_id = row.try_get("run_id")?;
        let broken = |error| Error::Run(run_id, error);
        let chain: Value = row.try_get("chain")?;
        let steps: Value = row.try_get("steps")?;
        let state: String = row.try_get("state")?;
        Ok(Self {
            organisation: row.try_get("organisation")?,
            run_id,
            rule: row.try_get("rule")?,
            rule_version: row.try_get("rule_version")?,
            trigger_event: row.try_get("trigger_event")?,
            trigger_recorded_at: row.try_get("trigger_recorded_at")?,
            customer: row.try_get("customer")?,
            correlation_id: row.try_get("correlation_id")?,
            chain: serde_json::from_value(chain).map_err(broken)?,
            state: serde_json::from_value(state.into()).map_err(broken)?,
            step: row.try_get("step")?,
            steps: serde_json::from_value(steps).map_err(broken)?,
            attempts: row.try_get("attempts")?,
            reason: row.try_get("reason")?,
            started_at: row.try_get("started_at")?,
            resumed: row.try_get("resumed")?,
            claim: row.try_get("claim")?,
        })
    }
}

/// Writes runs; those that are there already stay as they are.
pub(crate) async fn insert(client: &impl GenericClient, runs: &[NewRun]) -> Result<(), Error> {
    let runs = serde_json::to_value(runs).map_err(Error::Encode)?;
    let statement = client.prepare_cached(INSERT).await?;
    client.execute(&statement, &[&runs]).await?;
    Ok(())
}

/// Takes up to `limit` due runs, at most one of each customer, for `time`.
pub(crate) async fn claim(
    client: &impl GenericClient,
    limit: usize,
    time: Duration,
) -> Result<Vec<Claimed>, Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let statement = client.prepare_cached(CLAIM).await?;
    let rows = client.query(&statement, &[&limit, &time.as_secs_f64()]).await?;
    rows.iter().map(Claimed::from_row).collect()
}

/// Holds on to a claim; `false` where it was lost.
pub(crate) async fn renew(
    client: &impl GenericClient,
    run: &Claimed,
    time: Duration,
) -> Result<bool, Error> {
    let statement = client.prepare_cached(RENEW).await?;
    let renewed = client
        .execute(&statement, &[&run.organisation, &run.run_id, &run.claim, &time.as_secs_f64()])
        .await?;
    Ok(renewed == 1)
}

/// Ends a run; `false` where the claim was lost.
pub(crate) async fn finish(client: &impl GenericClient, run: &Claimed) -> Result<bool, Error> {
    let steps = serde_json::to_value(&run.steps).map_err(Error::Encode)?;
    let statement = client.prepare_cached(FINISH).await?;
    let finished = client
        .execute(
            &statement,
            &[
                &run.organisation,
                &run.run_id,
                &run.claim,
                &run.state.name(),
                &run.step,
                &steps,
                &run.attempts,
                &run.reason,
            ],
        )
        .await?;
    Ok(finished == 1)
}

/// Puts a run off for `time`; `false` where the claim was lost.
pub(crate) async fn postpone(
    client: &impl GenericClient,
    run: &Claimed,
    time: Duration,
) -> Result<bool, Error> {
    let steps = serde_json::to_value(&run.steps).map_err(Error::Encode)?;
    let statement = client.prepare_cached(POSTPONE).await?;
    let postponed = client
        .execute(
            &statement,
            &[
                &run.organisation,
                &run.run_id,
                &run.claim,
                &run.state.name(),
                &run.step,
                &steps,
                &run.attempts,
                &run.reason,
                &time.as_secs_f64(),
            ],
        )
        .await?;
    Ok(postponed == 1)
}

/// How many runs are not ended yet.
pub(crate) async fn length(client: &impl GenericClient) -> Result<i64, Error> {
    let statement = client.prepare_cached(LENGTH).await?;
    Ok(client.query_one(&statement, &[]).await?.try_get(0)?)
}
