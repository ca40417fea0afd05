//! What the steps of rules do: each action decides on a command or a call, purely; the runner issues
//! it.
//! A new action is a file here and a line in [`react`].

use domain::Command;
use domain::rule::{NotifyTarget, Step, Trigger, Way};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use uuid::Uuid;

mod add_tag;
mod branch;
mod call_webhook;
mod change_status;
mod create_task;
mod delay;
mod move_folder;
mod notify;
mod raise_flag;
mod remove_tag;
mod send_email;
mod wait_until;

/// What a step is for, and what it may know.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cause {
    pub(crate) rule: Uuid,
    pub(crate) trigger: Trigger,
    /// The time zone of the rule.
    pub(crate) zone: TimeZone,
    pub(crate) customer: Uuid,
    /// When the event that set the rule off was recorded.
    pub(crate) triggered_at: Timestamp,
    /// The id of whatever the step makes: it follows from rule, event and step.
    pub(crate) effect: Uuid,
    /// Whom the step is meant to reach, if it asks for people.
    pub(crate) people: Vec<Uuid>,
    /// When the run has come to the step.
    pub(crate) reached: Timestamp,
    /// `event`, and the customer `before` it, `after` it and `now`, if the step asks for facts.
    pub(crate) facts: Value,
}

/// What a step comes to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reaction {
    Do(Box<Command>),
    /// This webhook is told of the event.
    Call(Uuid),
    /// There is nothing to do, and why.
    Nothing(&'static str),
    /// The run goes this way.
    Take(Way),
    /// The run goes on then.
    Wait(Timestamp),
    /// Neither this step nor the rest can be done, and why.
    Stop(&'static str),
    /// This program cannot read the step, and why.
    Unreadable(String),
}

/// The table of actions.
pub(crate) fn react(step: &Step, cause: &Cause) -> Reaction {
    match step {
        Step::AddTag(step) => add_tag::react(step, cause),
        Step::Branch(step) => branch::react(step, cause),
        Step::CallWebhook(step) => call_webhook::react(step),
        Step::ChangeStatus(step) => change_status::react(step, cause),
        Step::CreateTask(step) => create_task::react(step, cause),
        Step::Delay(step) => delay::react(step, cause),
        Step::MoveFolder(step) => move_folder::react(step, cause),
        Step::Notify(step) => notify::react(step, cause),
        Step::RaiseFlag(step) => raise_flag::react(step, cause),
        Step::RemoveTag(step) => remove_tag::react(step, cause),
        Step::SendEmail(step) => send_email::react(step, cause),
        Step::WaitUntil(step) => wait_until::react(step, cause),
    }
}

/// The people whom a step asks for.
pub(crate) fn asks_for(step: &Step) -> Option<NotifyTarget> {
    match step {
        Step::Notify(step) => Some(step.to),
        Step::AddTag(_)
        | Step::Branch(_)
        | Step::CallWebhook(_)
        | Step::ChangeStatus(_)
        | Step::CreateTask(_)
        | Step::Delay(_)
        | Step::MoveFolder(_)
        | Step::RaiseFlag(_)
        | Step::RemoveTag(_)
        | Step::SendEmail(_)
        | Step::WaitUntil(_) => None,
    }
}

/// Whether a step asks what is known of the event and the customer.
pub(crate) fn asks_for_facts(step: &Step) -> bool {
    match step {
        Step::Branch(_) => true,
        Step::WaitUntil(step) => step.field.is_some(),
        Step::AddTag(_)
        | Step::CallWebhook(_)
        | Step::ChangeStatus(_)
        | Step::CreateTask(_)
        | Step::Delay(_)
        | Step::MoveFolder(_)
        | Step::Notify(_)
        | Step::RaiseFlag(_)
        | Step::RemoveTag(_)
        | Step::SendEmail(_) => false,
    }
}

/// A command for the customer.
fn on_customer(cause: &Cause, command: domain::customer::Command) -> Reaction {
    Reaction::Do(Box::new(Command::Customer { id: cause.customer, command }))
}

#[cfg(test)]
mod tests;
