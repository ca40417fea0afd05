//! What the steps of rules do: each action decides on a command, purely; the runner issues it.
//! A new action is a file here and a line in [`react`].

use domain::Command;
use domain::rule::{NotifyTarget, Step};
use jiff::Timestamp;
use uuid::Uuid;

mod add_tag;
mod change_status;
mod create_task;
mod move_folder;
mod notify;
mod raise_flag;
mod remove_tag;

/// What a step is for, and what it may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) rule: Uuid,
    pub(crate) customer: Uuid,
    /// When the event that set the rule off was recorded.
    pub(crate) triggered_at: Timestamp,
    /// The id of whatever the step makes: it follows from rule, event and step.
    pub(crate) effect: Uuid,
    /// Whom the step is meant to reach, if it asks for people.
    pub(crate) people: Vec<Uuid>,
}

/// What a step comes to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reaction {
    Do(Box<Command>),
    /// There is nothing to do, and why.
    Nothing(&'static str),
}

/// The table of actions.
pub(crate) fn react(step: &Step, cause: &Cause) -> Reaction {
    match step {
        Step::AddTag(step) => add_tag::react(step, cause),
        Step::ChangeStatus(step) => change_status::react(step, cause),
        Step::CreateTask(step) => create_task::react(step, cause),
        Step::MoveFolder(step) => move_folder::react(step, cause),
        Step::Notify(step) => notify::react(step, cause),
        Step::RaiseFlag(step) => raise_flag::react(step, cause),
        Step::RemoveTag(step) => remove_tag::react(step, cause),
    }
}

/// The people whom a step asks for.
pub(crate) fn asks_for(step: &Step) -> Option<NotifyTarget> {
    match step {
        Step::Notify(step) => Some(step.to),
        Step::AddTag(_)
        | Step::ChangeStatus(_)
        | Step::CreateTask(_)
        | Step::MoveFolder(_)
        | Step::RaiseFlag(_)
        | Step::RemoveTag(_) => None,
    }
}

/// A command for the customer.
fn on_customer(cause: &Cause, command: domain::customer::Command) -> Reaction {
    Reaction::Do(Box::new(Command::Customer { id: cause.customer, command }))
}

#[cfg(test)]
mod tests;
