//! `notify`: tells members of the organisation, not the customer.

use domain::Command;
use domain::notification::{self, Send};
use domain::rule::Notify;

use super::{Cause, Reaction};

pub(super) fn react(step: &Notify, cause: &Cause) -> Reaction {
    if cause.people.is_empty() {
        return Reaction::Nothing("there is nobody to notify");
    }
    let send = Send {
        to: cause.people.clone(),
        customer: Some(cause.customer),
        text: step.text.clone(),
        rule: Some(cause.rule),
    };
    let command =
        Command::Notification { id: cause.effect, command: notification::Command::Send(send) };
    Reaction::Do(Box::new(command))
}
