//! How often a rule may run: what is over waits, nothing is dropped.

use domain::rule::Limits;
use jiff::Timestamp;

use crate::Shared;
use crate::error::Error;
use crate::queue::Claimed;

const LOCK_RULE: &str = include_str!("sql/lock_rule.sql");
const PLACES: &str = include_str!("sql/places.sql");
const START: &str = include_str!("sql/start.sql");
const HOLD: &str = include_str!("sql/hold.sql");

/// Whether the run may begin now; if not, it is put off until there is a place.
pub(super) async fn may_begin(
    shared: &Shared,
    run: &Claimed,
    limits: Option<&Limits>,
) -> Result<bool, Error> {
    let Some(limits) = limits else { return Ok(true) };
    if run.started_at.is_some() {
        return Ok(true);
    }
    let (hour, day) = (limits.runs_per_hour, limits.runs_per_customer_per_day);
    let mut client = shared.store.worker().get().await?;
    let tx = client.transaction().await?;
    let statement = tx.prepare_cached(LOCK_RULE).await?;
    tx.execute(&statement, &[&run.organisation.to_string(), &run.rule.to_string()]).await?;
    // No limit is one that is never reached.
    let (hour, day) = (hour.map_or(i64::MAX, i64::from), day.map_or(i64::MAX, i64::from));
    let statement = tx.prepare_cached(PLACES).await?;
    let row = tx
        .query_one(&statement, &[&run.organisation, &run.rule, &run.customer, &hour, &day])
        .await?;
    let free_at: Option<Timestamp> = row.try_get("free_at")?;
    match free_at {
        None => {
            let statement = tx.prepare_cached(START).await?;
            tx.execute(&statement, &[&run.organisation, &run.run_id, &run.claim]).await?;
        }
        Some(free_at) => {
            let reason = "the rule has run as often as its limits allow; it waits for its turn";
            let statement = tx.prepare_cached(HOLD).await?;
            tx.execute(
                &statement,
                &[&run.organisation, &run.run_id, &run.claim, &reason, &free_at],
            )
            .await?;
        }
    }
    tx.commit().await?;
    Ok(free_at.is_none())
}
