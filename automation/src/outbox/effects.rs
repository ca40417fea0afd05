//! The rows of what shall go out: messages, and what endpoints are told.

use std::time::Duration;

use deadpool_postgres::{GenericClient, Transaction};
use domain::Recorded;
use uuid::Uuid;

use crate::error::Error;
use crate::ids;
use crate::webhooks::Webhooks;

const INSERT: &str = include_str!("sql/insert.sql");
const REOPEN: &str = include_str!("sql/reopen.sql");
const FORGET: &str = include_str!("sql/forget.sql");
const CLAIM: &str = include_str!("sql/claim.sql");
const RENEW: &str = include_str!("sql/renew.sql");
const FINISH: &str = include_str!("sql/finish.sql");
const POSTPONE: &str = include_str!("sql/postpone.sql");
const WAIT: &str = include_str!("sql/wait.sql");

/// Something that shall go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewEffect {
    organisation: Uuid,
    effect_id: Uuid,
    event_id: Uuid,
    /// The message, where it is one.
    message: Option<Uuid>,
    /// Else who is told of the event.
    endpoint: Option<Uuid>,
    type_name: String,
    sequence: i64,
    customer: Option<Uuid>,
    line: Option<Uuid>,
    /// The version of a rule whose step asks for it.
    rule: Option<(Uuid, i64)>,
}

impl NewEffect {
    fn message(recorded: &Recorded) -> Self {
        Self {
            organisation: recorded.organisation,
            effect_id: ids::effect(recorded.event_id),
            event_id: recorded.event_id,
            message: Some(recorded.stream_id),
            endpoint: None,
            type_name: recorded.type_name.clone(),
            sequence: recorded.sequence,
            customer: recorded.customer_id,
            line: None,
            rule: None,
        }
    }

    /// What a webhook is told of an event.
    pub(crate) fn call(recorded: &Recorded, webhook: Uuid, in_order: bool) -> Self {
        let subject = recorded.customer_id.unwrap_or(recorded.stream_id);
        Self {
            effect_id: ids::delivery(recorded.event_id, webhook),
            message: None,
            endpoint: Some(webhook),
            line: in_order.then_some(subject),
            ..Self::message(recorded)
        }
    }

    /// What a rule's step has a webhook told, under the id of the step.
    pub(crate) fn of_step(
        trigger: &Recorded,
        webhook: Uuid,
        step: Uuid,
        rule: (Uuid, i64),
    ) -> Self {
        Self { effect_id: step, rule: Some(rule), ..Self::call(trigger, webhook, false) }
    }
}

/// What follows from an event; the event itself need not be readable.
pub(crate) fn of(recorded: &Recorded, webhooks: &Webhooks) -> Vec<NewEffect> {
    let told = webhooks.told_of(recorded.organisation, &recorded.type_name);
    let mut effects: Vec<_> =
        told.map(|(webhook, in_order)| NewEffect::call(recorded, webhook, in_order)).collect();
    if recorded.type_name == "message.requested" {
        effects.push(NewEffect::message(recorded));
    }
    effects
}

/// Writes effects; those that are there already stay as they are.
pub(crate) async fn insert(tx: &Transaction<'_>, effects: &[NewEffect]) -> Result<(), Error> {
    write(tx, INSERT, effects).await
}

/// Writes effects; those that have ended begin anew.
pub(crate) async fn reopen(tx: &Transaction<'_>, effects: &[NewEffect]) -> Result<(), Error> {
    write(tx, REOPEN, effects).await
}

async fn write(tx: &Transaction<'_>, sql: &str, effects: &[NewEffect]) -> Result<(), Error> {
    if effects.is_empty() {
        return Ok(());
    }
    let column = |of: fn(&NewEffect) -> Uuid| effects.iter().map(of).collect::<Vec<_>>();
    let perhaps = |of: fn(&NewEffect) -> Option<Uuid>| effects.iter().map(of).collect::<Vec<_>>();
    let types: Vec<&str> = effects.iter().map(|effect| effect.type_name.as_str()).collect();
    let versions: Vec<Option<i64>> =
        effects.iter().map(|effect| effect.rule.map(|(_, version)| version)).collect();
    let sequences: Vec<i64> = effects.iter().map(|effect| effect.sequence).collect();
    let statement = tx.prepare_cached(sql).await?;
    tx.execute(
        &statement,
        &[
            &column(|effect| effect.organisation),
            &column(|effect| effect.effect_id),
            &column(|effect| effect.event_id),
            &perhaps(|effect| effect.message),
            &perhaps(|effect| effect.endpoint),
            &types,
            &sequences,
            &perhaps(|effect| effect.customer),
            &perhaps(|effect| effect.line),
            &perhaps(|effect| effect.rule.map(|(rule, _)| rule)),
            &versions,
        ],
    )
    .await?;
    Ok(())
}

/// Forgets what endpoints answered about people who are erased: it may repeat what they were told.
pub(crate) async fn forget(tx: &Transaction<'_>, erased: &[(Uuid, Uuid)]) -> Result<(), Error> {
    if erased.is_empty() {
        return Ok(());
    }
    let (organisations, customers): (Vec<Uuid>, Vec<Uuid>) = erased.iter().copied().unzip();
    let statement = tx.prepare_cached(FORGET).await?;
    tx.execute(&statement, &[&organisations, &customers]).await?;
    Ok(())
}

/// A message that is ours for a while.
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
    /// It was tried, and is tried again.
    Postpone(Duration, &'static str),
    /// There was nothing to try it by.
    Wait(Duration, &'static str),
}

/// Takes messages that are due.
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
        Next::Postpone(pause, reason) | Next::Wait(pause, reason) => {
            let sql = if matches!(next, Next::Wait(..)) { WAIT } else { POSTPONE };
            let statement = client.prepare_cached(sql).await?;
            let pause = pause.as_secs_f64();
            client.execute(&statement, &[organisation, effect_id, claim, &pause, reason]).await?;
        }
    }
    Ok(())
}
