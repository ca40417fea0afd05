//! `raise_flag`: flags the customer for everybody, with a reason.

use domain::customer::{Command, Flag};
use domain::rule::RaiseFlag;

use super::{Cause, Reaction, on_customer};

pub(super) fn react(step: &RaiseFlag, cause: &Cause) -> Reaction {
    on_customer(cause, Command::Flag(Flag { reason: step.reason.clone() }))
}
