//! `delay`: the run waits for a while.

use domain::rule::Delay;

use super::{Cause, Reaction};

pub(super) fn react(step: &Delay, cause: &Cause) -> Reaction {
    match step.until(cause.reached, &cause.zone) {
        Some(until) => Reaction::Wait(until),
        None => Reaction::Stop("the calendar does not reach so far"),
    }
}
