//! `wait_until`: the run waits for a time of day or for a date.

use domain::condition::Facts;
use domain::rule::WaitUntil;

use super::{Cause, Reaction};

pub(super) fn react(step: &WaitUntil, cause: &Cause) -> Reaction {
    let value = step.field.as_ref().and_then(|field| cause.facts.value(field));
    match step.until(cause.reached, &cause.zone, value.as_ref()) {
        Some(until) if until > cause.reached => Reaction::Wait(until),
        Some(_) => Reaction::Nothing("the moment to wait for has passed"),
        None => Reaction::Stop("there is no date to wait for"),
    }
}
