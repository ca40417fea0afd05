//! The rows of what endpoints are told, and of what they answered.

use std::time::Duration;

use deadpool_postgres::{Client, GenericClient};
use eventstore::state::webhook as secrets;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::egress::Called;
use crate::error::Error;
use crate::matcher::causes;

const CLAIM: &str = include_str!("sql/claim.sql");
const RENEW: &str = include_str!("sql/renew.sql");
const SETTLE: &str = include_str!("sql/settle.sql");
const DROP: &str = include_str!("sql/drop.sql");
const INSERT_ATTEMPT: &str = include_str!("sql/insert_attempt.sql");
const PRUNE: &str = include_str!("sql/prune.sql");

/// How much of an answer is kept, in characters.
const MOST_KEPT: usize = 1024;

/// A call that is ours for a while.
#[derive(Debug, Clone)]
pub(in crate::outbox) struct Call {
    pub(super) organisation: Uuid,
    pub(super) endpoint: Uuid,
    pub(super) event_id: Uuid,
    pub(super) attempts: i16,
    pub(super) created_at: Timestamp,
    pub(super) effect_id: Uuid,
    /// The version of a rule whose step asks for it.
    pub(super) rule: Option<(Uuid, i64)>,
    claim: i64,
}

/// How it goes on with a call.
#[derive(Debug)]
pub(super) enum Next {
    /// There was nothing to tell, or nobody.
    Drop,
    /// It was not made, and is looked at later.
    Later(Duration, &'static str),
    /// It was not made, and will not be.
    GiveUp(&'static str),
    Tried(Box<Tried>),
}

/// A call that was made.
#[derive(Debug)]
pub(super) struct Tried {
    at: Timestamp,
    took_ms: i32,
    body_sha256: Vec<u8>,
    status: Option<i16>,
    error: Option<String>,
    response: Option<String>,
    outcome: Outcome,
}

/// What follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Delivered,
    Postponed(Duration),
    Failed,
}

impl Tried {
    pub(super) fn new(body: &str, called: &Called, outcome: Outcome) -> Self {
        let Called { at, took, answer } = called;
        let (answer, error) = match answer {
            Ok(answer) => (Some(answer), None),
            Err(error) => (None, Some(causes(error))),
        };
        Self {
            at: *at,
            took_ms: i32::try_from(took.as_millis()).unwrap_or(i32::MAX),
            body_sha256: Sha256::digest(body).to_vec(),
            status: answer.and_then(|answer| i16::try_from(answer.status).ok()),
            error,
            response: answer.and_then(|answer| answer.text.as_deref()).map(beginning),
            outcome,
        }
    }
}

/// How an answer begins: what is kept of it.
fn beginning(text: &str) -> String {
    text.chars().take(MOST_KEPT).collect()
}

/// Takes calls that are due: so many in all, and so many that one endpoint has no more under way.
pub(super) async fn claim(
    client: &impl GenericClient,
    (limit, per_endpoint): (usize, usize),
    time: Duration,
) -> Result<Vec<Call>, Error> {
    let count = |limit| i64::try_from(limit).unwrap_or(i64::MAX);
    let statement = client.prepare_cached(CLAIM).await?;
    let parameters = (count(limit), time.as_secs_f64(), count(per_endpoint));
    let rows = client.query(&statement, &[&parameters.0, &parameters.1, &parameters.2]).await?;
    rows.iter()
        .map(|row| {
            let rule: Option<Uuid> = row.try_get("rule")?;
            Ok(Call {
                organisation: row.try_get("organisation")?,
                endpoint: row.try_get("endpoint")?,
                event_id: row.try_get("event_id")?,
                attempts: row.try_get("attempts")?,
                created_at: row.try_get("created_at")?,
                effect_id: row.try_get("effect_id")?,
                rule: rule.zip(row.try_get("rule_version")?),
                claim: row.try_get("claim")?,
            })
        })
        .collect()
}

/// Keeps a call for a while longer.
pub(super) async fn renew(
    client: &impl GenericClient,
    call: &Call,
    time: Duration,
) -> Result<(), Error> {
    let Call { organisation, effect_id, claim, .. } = call;
    let statement = client.prepare_cached(RENEW).await?;
    client.execute(&statement, &[organisation, effect_id, claim, &time.as_secs_f64()]).await?;
    Ok(())
}

/// Writes down how it goes on; nothing where somebody else has taken the call since, but a try that
/// was made is kept.
pub(super) async fn settle(client: &mut Client, call: &Call, next: &Next) -> Result<(), Error> {
    let Call { organisation, effect_id, claim, .. } = call;
    let tx = client.transaction().await?;
    let (made, pause, reason, outcome) = match next {
        Next::Drop => {
            let statement = tx.prepare_cached(DROP).await?;
            tx.execute(&statement, &[organisation, effect_id, claim]).await?;
            tx.commit().await?;
            return Ok(());
        }
        Next::Later(pause, reason) => (0_i16, *pause, Some(*reason), None),
        Next::GiveUp(reason) => (0, Duration::ZERO, Some(*reason), Some("failed")),
        Next::Tried(tried) => {
            insert_attempt(&tx, call, tried).await?;
            let went_well = tried.outcome == Outcome::Delivered;
            secrets::touch(&tx, *organisation, call.endpoint, went_well).await?;
            match tried.outcome {
                Outcome::Delivered => (1, Duration::ZERO, None, Some("delivered")),
                Outcome::Postponed(pause) => (1, pause, Some("it did not take it"), None),
                Outcome::Failed => (1, Duration::ZERO, Some("it did not take it"), Some("failed")),
            }
        }
    };
    let statement = tx.prepare_cached(SETTLE).await?;
    let pause = pause.as_secs_f64();
    tx.execute(&statement, &[organisation, effect_id, claim, &made, &pause, &reason, &outcome])
        .await?;
    tx.commit().await?;
    Ok(())
}

async fn insert_attempt(
    client: &impl GenericClient,
    call: &Call,
    tried: &Tried,
) -> Result<(), Error> {
    let Call { organisation, effect_id, .. } = call;
    let Tried { at, took_ms, body_sha256, status, error, response, outcome: _ } = tried;
    let statement = client.prepare_cached(INSERT_ATTEMPT).await?;
    client
        .execute(
            &statement,
            &[organisation, effect_id, at, took_ms, body_sha256, status, error, response],
        )
        .await?;
    Ok(())
}

/// Forgets what ended so long ago.
pub(super) async fn prune(client: &impl GenericClient, kept: Duration) -> Result<(), Error> {
    let statement = client.prepare_cached(PRUNE).await?;
    client.execute(&statement, &[&kept.as_secs_f64()]).await?;
    Ok(())
}
