//! Decisions on whether, and how, the customer wants to hear from us.

use super::commands::{OptIn, OptOut, SetDoNotWorkWith};
use super::event::Event;
use super::state::State;
use crate::personal::Personal;

pub(super) fn opt_out(state: &State, opt_out: OptOut) -> Vec<Event> {
    if state.opted_out.contains(&opt_out.channel) {
        return Vec::new();
    }
    let reason = opt_out.reason.map(|reason| Personal::Known(reason.into()));
    vec![Event::OptedOut { channel: opt_out.channel, reason }]
}

pub(super) fn opt_in(state: &State, opt_in: &OptIn) -> Vec<Event> {
    if state.opted_out.contains(&opt_in.channel) {
        vec![Event::OptedIn { channel: opt_in.channel }]
    } else {
        Vec::new()
    }
}

/// Another reason replaces the one that stands.
pub(super) fn set_do_not_work_with(state: &State, set: SetDoNotWorkWith) -> Vec<Event> {
    let reason = Personal::Known(set.reason.into());
    if state.do_not_work_with.as_ref() == Some(&reason) {
        return Vec::new();
    }
    vec![Event::DoNotWorkWithSet { reason }]
}

pub(super) fn clear_do_not_work_with(state: &State) -> Vec<Event> {
    if state.do_not_work_with.is_some() { vec![Event::DoNotWorkWithCleared {}] } else { Vec::new() }
}
