//! `branch`: the run goes one of two ways.

use domain::rule::{Branch, Way};

use super::{Cause, Reaction};

pub(super) fn react(step: &Branch, cause: &Cause) -> Reaction {
    match step.condition(&cause.trigger) {
        Ok(condition) if condition.matches(&cause.facts, cause.reached).holds => {
            Reaction::Take(Way::Then)
        }
        Ok(_) => Reaction::Take(Way::Else),
        Err(invalid) => {
            Reaction::Unreadable(format!("the condition cannot be read: {}", invalid.detail))
        }
    }
}
