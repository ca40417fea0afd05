//! `change_status`: gives the customer another status of its folder's list.

use domain::customer::{self, Command};
use domain::rule::ChangeStatus;

use super::{Cause, Reaction, on_customer};

pub(super) fn react(step: &ChangeStatus, cause: &Cause) -> Reaction {
    let status = step.status.clone();
    let change = customer::ChangeStatus { status, reason: None, customers_folder: None };
    on_customer(cause, Command::ChangeStatus(change))
}
