//! The rows of what shall go out.

use std::time::Duration;

use deadpool_postgres::{GenericClient, Transaction};
use domain::Recorded;
use uuid::Uuid;

use crate::error::Error;
use crate::ids;

const INSERT: &str = include_str!("sql/insert.sql");
const CLAIM: &str = include_str!("sql/claim.sql");
const RENEW: &str = include_str!("sql/renew.sql");
const FINISH: &str = include_str!("sql/finish.sql");
const POSTPONE: &str = include_str!("sql/postpone.sql");

/// Something that shall go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewEffect {
    organisation: Uuid,
    effect_id: Uuid,
    message: Uuid,
    event_id: Uuid,
}

/// What follows from an event; the event itself need not be readable.
pub(crate) fn of(recorded: &Recorded) -> Option<NewEffect> {
    (recorded.type_name == "message.requested").then(|| NewEffect {
        organisation: recorded.organisation,
        effect_id: ids::effect(recorded.event_id),
        message: recorded.stream_id,
        event_id: recorded.event_id,
    })
}

pub(crate) async fn insert(tx: &Transaction<'_>, effects: &[NewEffect]) -> Result<(), Error> {
    if effects.is_empty() {
        return Ok(());
    }
    let column = |of: fn(&NewEffect) -> Uuid| effects.iter().map(of).collect::<Vec<_>>();
    let statement = tx.prepare_cached(INSERT).await?;
    tx.execute(
        &statement,
        &[
            &column(|effect| effect.organisation),
            &column(|effect| effect.effect_id),
            &column(|effect| effect.message),
            &column(|effect| effect.event_id),
        ],
    )
    .await?;
    Ok(())
}

/// An effect that is ours for a while.
#[derive(Debug, Clone)]
pub(super) struct Effect {
    pub(super) organisation: Uuid,
    pub(super) effect_id: Uuid,
    pub(super) message: Uuid,
    pub(super) event_id: Uuid,
    pub(super) attempts: i16,
    claim: i64,
}

/// How it goes on with an effect. What a server says may name the customer, so that the reason
/// kept here is ours; the log has the other, under the customer's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    Finish,
    Postpone(Duration, &'static str),
}

/// Takes effects that are due.
pub(super) async fn claim(
    client: &impl GenericClient,
    limit: usize,
    time: Duration,
) -> Result<Vec<Effect>, Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let statement = client.prepare_cached(CLAIM).await?;
    let rows = client.query(&statement, &[&limit, &time.as_secs_f64()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Effect {
                organisation: row.try_get("organisation")?,
                effect_id: row.try_get("effect_id")?,
                message: row.try_get("message")?,
                event_id: row.try_get("event_id")?,
                attempts: row.try_get("attempts")?,
                claim: row.try_get("claim")?,
            })
        })
        .collect()
}

/// Keeps an effect for a while longer.
pub(super) async fn renew(
    client: &impl GenericClient,
    effect: &Effect,
    time: Duration,
) -> Result<(), Error> {
    let Effect { organisation, effect_id, claim, .. } = effect;
    let statement = client.prepare_cached(RENEW).await?;
    client.execute(&statement, &[organisation, effect_id, claim, &time.as_secs_f64()]).await?;
    Ok(())
}

/// Writes down how it goes on; nothing where somebody else has taken the effect since.
pub(super) async fn settle(
    client: &impl GenericClient,
    effect: &Effect,
    next: &Next,
) -> Result<(), Error> {
    let Effect { organisation, effect_id, claim, .. } = effect;
    match next {
        Next::Finish => {
            let statement = client.prepare_cached(FINISH).await?;
            client.execute(&statement, &[organisation, effect_id, claim]).await?;
        }
        Next::Postpone(pause, reason) => {
            let statement = client.prepare_cached(POSTPONE).await?;
            let pause = pause.as_secs_f64();
            client.execute(&statement, &[organisation, effect_id, claim, &pause, reason]).await?;
        }
    }
    Ok(())
}
