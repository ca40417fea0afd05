//! Whether a rule fires for an event: pure.

use std::cell::OnceCell;

use domain::Source;
use domain::condition::Facts;
use domain::{Event, Metadata, message};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::customers::Known;
use crate::guard;
use crate::rules::Active;

/// An event about a customer, with the customer before and after it.
pub(crate) struct Moment<'a> {
    event: Value,
    before: &'a Known,
    after: &'a Known,
    before_facts: OnceCell<Value>,
    after_facts: OnceCell<Value>,
}

impl<'a> Moment<'a> {
    /// `event` is its body as people see it.
    pub(crate) fn new(event: Value, before: &'a Known, after: &'a Known) -> Self {
        Self { event, before, after, before_facts: OnceCell::new(), after_facts: OnceCell::new() }
    }
}

impl Facts for Moment<'_> {
    fn value(&self, path: &str) -> Option<Value> {
        let (side, path) = path.split_once('.')?;
        match side {
            "event" => self.event.value(path),
            "before" => self.before_facts.get_or_init(|| self.before.facts()).value(path),
            "after" => self.after_facts.get_or_init(|| self.after.facts()).value(path),
            _ => None,
        }
    }
}

/// What comes of an event for a rule that it triggers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Out of scope, or the condition does not hold.
    No,
    Fires,
    /// The loop guard keeps it back, and why.
    Withheld(String),
    /// It cannot be judged, and why.
    Unreadable(String),
}

/// Judges one rule. `chain` is how the event came about, `now` the moment for conditions that look
/// back: the event's own, so that judging again gives the same answer.
pub(crate) fn judge(
    rule: &Active,
    moment: &Moment<'_>,
    customer: Uuid,
    chain: &[(Uuid, Uuid)],
    now: Timestamp,
) -> Verdict {
    if !rule.definition.scope.covers(&moment.after.customer) {
        return Verdict::No;
    }
    match &rule.condition {
        Err(detail) => {
            Verdict::Unreadable(format!("the condition of the rule cannot be read: {detail}"))
        }
        Ok(condition) if !condition.matches(moment, now).holds => Verdict::No,
        Ok(_) => match guard::withheld(chain, customer, rule.rule) {
            Some(reason) => Verdict::Withheld(reason),
            None => Verdict::Fires,
        },
    }
}

/// Whether an event sets rules off, by the door through which it came. What is imported happened
/// long ago or elsewhere, and many records at once are tidied up more often than not; rules that write
/// or notify over it would surprise, unless whoever did it asked for them.
pub(crate) fn triggers(metadata: &Metadata) -> bool {
    // What is undone is as it was before: a rule had its say about that then.
    !metadata.undoes
        && match metadata.source {
            Source::Import | Source::Bulk => metadata.runs_rules,
            Source::Api | Source::Page | Source::Automation | Source::Cli | Source::System => true,
        }
}

/// Whether a machine wrote it. Rules answer people: two machines would answer each other for ever.
pub(crate) fn of_a_machine(event: &Event) -> bool {
    matches!(event, Event::Message(message::Event::Received(received)) if received.automatic)
}

#[cfg(test)]
mod tests;
