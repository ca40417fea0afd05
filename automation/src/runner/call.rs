//! A step that calls a webhook: the call goes out by the outbox, and the run waits for what comes of
//! it, as it waits for a time.

use domain::access::{self, Action, Facts, Principal};
use domain::webhook::{Status, Webhook};
use eventstore::Store;
use jiff::SignedDuration;
use uuid::Uuid;

use super::step::Who;
use super::work::Trouble;
use crate::error::Error;
use crate::outbox::calls::{Standing, standing};
use crate::outbox::effects::{self, NewEffect};
use crate::queue::Claimed;
use crate::runs::State;

/// Between two looks at what came of a call: no less, and, where its next try is far off, no more.
const LOOK: SignedDuration = SignedDuration::from_secs(1);
const LONGEST_LOOK: SignedDuration = SignedDuration::from_mins(1);

/// The status with which the webhook took it, or why it may not be called.
pub(super) async fn call(
    store: &Store,
    run: &Claimed,
    who: &Who,
    (webhook, effect): (Uuid, Uuid),
) -> Result<Result<i16, String>, Trouble> {
    let until = match standing(store, run.line.organisation, effect).await? {
        Some(Standing::Delivered(status)) => return Ok(Ok(status)),
        Some(Standing::Failed(reason)) => {
            return Err(Trouble::Lasting(format!("the webhook was not told: {reason}")));
        }
        Some(Standing::Pending(due_at)) => due_at.clamp(run.now + LOOK, run.now + LONGEST_LOOK),
        None => {
            if let Some(denied) = denied(store, &who.owner, who.requester.as_ref(), webhook).await?
            {
                return Ok(Err(denied));
            }
            ask(store, run, (webhook, effect)).await?;
            run.now + LOOK
        }
    };
    let reason = "it waits for the answer of a webhook".to_owned();
    Err(Trouble::Held { until, state: State::Waiting, reason })
}

/// Why the webhook may not be called, if so: by the rights of the rule's owner, and of whoever has it
/// run by hand.
pub(crate) async fn denied(
    store: &Store,
    owner: &Principal,
    requester: Option<&Principal>,
    webhook: Uuid,
) -> Result<Option<String>, Error> {
    let of = |principal| access::decide(principal, Action::WebhookAdmin, &Facts::default());
    if !of(owner).allowed {
        return Ok(Some("the owner of the rule may not call webhooks".to_owned()));
    }
    if requester.is_some_and(|requester| !of(requester).allowed) {
        return Ok(Some("who has the rule run may not call webhooks".to_owned()));
    }
    let (_, state) = store.load::<Webhook>(owner.organisation, webhook).await?;
    Ok(match state.status {
        Status::Active => None,
        Status::Disabled => Some("the webhook is switched off".to_owned()),
        Status::Absent | Status::Deleted => Some("there is no such webhook".to_owned()),
    })
}

async fn ask(store: &Store, run: &Claimed, (webhook, effect): (Uuid, Uuid)) -> Result<(), Trouble> {
    let trigger = store.read_event(run.line.organisation, run.trigger_event).await;
    let Some(trigger) = trigger.map_err(Error::from)? else {
        return Err(Trouble::Lasting("the event that set the rule off is not there".to_owned()));
    };
    let call = NewEffect::of_step(&trigger, webhook, effect, (run.rule, run.rule_version));
    let mut client = store.worker().get().await.map_err(Error::from)?;
    let tx = client.transaction().await.map_err(Error::from)?;
    effects::insert(&tx, &[call]).await?;
    tx.commit().await.map_err(Error::from)?;
    Ok(())
}
