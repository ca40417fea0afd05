//! The shape of every aggregate: data and two pure functions.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::refusal::Refusal;

/// An aggregate. `decide` judges a command, `evolve` folds an event; neither does anything else.
pub trait Decider: 'static {
    type Command: Debug + Clone + Send;
    type Event: Debug + Clone + Send + Sync + Serialize + DeserializeOwned + crate::event::Part;
    type State: Debug + Clone + Default + PartialEq + Send + Sync + 'static;
    type Error: Refusal;

    /// The kind of its streams, as stored: `customer`, `task`…
    const KIND: &'static str;

    /// The events that follow from the command; none when it would change nothing.
    fn decide(state: &Self::State, command: Self::Command)
    -> Result<Vec<Self::Event>, Self::Error>;

    /// The state after the event. It never fails and never judges.
    fn evolve(state: Self::State, event: &Self::Event) -> Self::State;
}
