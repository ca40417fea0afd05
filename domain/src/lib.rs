//! The business of customer management as pure functions: what may happen (deciders), what has
//! happened (events), who may do and see what (access). No I/O, no clock, no random ids.

pub mod access;
pub mod account;
pub mod claim;
pub mod command;
pub mod condition;
pub mod customer;
pub mod decider;
pub mod envelope;
pub mod event;
pub mod file;
pub mod folder;
pub mod invitation;
pub mod member;
pub mod message;
pub mod notification;
pub mod order;
pub mod organisation;
pub mod personal;
pub mod quote;
pub mod refusal;
pub mod role;
pub mod rule;
pub mod rule_run;
mod sentence;
pub mod service_entry;
pub mod task;
pub mod team;
pub mod template;
pub mod undo;
pub mod unmatched;
pub mod user;
pub mod value;
pub mod webhook;

#[cfg(test)]
mod stored;
#[cfg(test)]
mod testing;

pub use command::Command;
pub use decider::Decider;
pub use envelope::{Actor, Metadata, Recorded, RuleRef, Source};
pub use event::Event;
pub use personal::Personal;
pub use refusal::Refusal;
