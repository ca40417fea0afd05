//! How often a rule may run: what is over waits, nothing is dropped.

use domain::rule::Limits;
use jiff::Timestamp;

use crate::Shared;
use crate::error::Error;
use crate::queue::{Claimed, Line};

const LOCK_RULE: &str = include_str!("sql/lock_rule.sql");
const PLACES: &str = include_str!("sql/places.sql");
const START: &str = include_str!("sql/start.sql");

/// Why a run is held.
pub(super) const REASON: &str =
    "the rule has run as often as its limits allow; it waits for its turn";

/// When the run may begin; `None` is now, and it counts from now on.
pub(super) async fn free_at(
    shared: &Shared,
    run: &Claimed,
    limits: Option<&Limits>,
) -> Result<Option<Timestamp>, Error> {
    let Some(limits) = limits.filter(|_| run.started_at.is_none()) else { return Ok(None) };
    let Line { organisation, customer, .. } = run.line;
    // No limit is one that is never reached.
    let limit = |limit: Option<u32>| limit.map_or(i64::MAX, i64::from);
    let (hour, day) = (limit(limits.runs_per_hour), limit(limits.runs_per_customer_per_day));
    let mut client = shared.store.worker().get().await?;
    let tx = client.transaction().await?;
    let statement = tx.prepare_cached(LOCK_RULE).await?;
    tx.execute(&statement, &[&organisation.to_string(), &run.rule.to_string()]).await?;
    let statement = tx.prepare_cached(PLACES).await?;
    let row = tx.query_one(&statement, &[&organisation, &run.rule, &customer, &hour, &day]).await?;
    let free_at: Option<Timestamp> = row.try_get("free_at")?;
    if free_at.is_none() {
        let statement = tx.prepare_cached(START).await?;
        tx.execute(&statement, &[&organisation, &run.run_id]).await?;
    }
    tx.commit().await?;
    Ok(free_at)
}
