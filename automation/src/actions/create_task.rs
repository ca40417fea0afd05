//! `create_task`: adds a task for the customer.

use domain::Command;
use domain::rule::CreateTask;
use domain::task::{self, Add};

use super::{Cause, Reaction};

pub(super) fn react(step: &CreateTask, cause: &Cause) -> Reaction {
    let day = cause.triggered_at.to_zoned(cause.zone.clone()).date();
    let add = Add {
        customer: Some(cause.customer),
        title: step.title.clone(),
        due_on: step.due_in.as_ref().and_then(|period| period.after(day)),
        assignee: step.assignee,
        note: None,
        customer_fact: None,
        assignee_is_member: false,
    };
    let command = Command::Task { id: cause.effect, command: task::Command::Add(add) };
    Reaction::Do(Box::new(command))
}
