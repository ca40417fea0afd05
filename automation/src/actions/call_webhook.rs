//! `call_webhook`: tells a webhook of the event that set the rule off.

use domain::rule::CallWebhook;

use super::Reaction;

pub(super) fn react(step: &CallWebhook) -> Reaction {
    Reaction::Call(step.webhook)
}
