//! Decisions on flags: the free one that everybody sees, and risk flags for senior roles.

use super::Error;
use super::commands::{ClearRiskFlag, Flag, RaiseRiskFlag};
use super::event::Event;
use super::state::State;
use crate::personal::Personal;

/// Another reason replaces the one that stands.
pub(super) fn flag(state: &State, flag: Flag) -> Vec<Event> {
    let reason = Personal::Known(flag.reason.into());
    if state.flag.as_ref() == Some(&reason) {
        return Vec::new();
    }
    vec![Event::Flagged { reason }]
}

pub(super) fn unflag(state: &State) -> Vec<Event> {
    if state.flag.is_some() { vec![Event::Unflagged {}] } else { Vec::new() }
}

pub(super) fn raise_risk_flag(state: &State, raise: RaiseRiskFlag) -> Vec<Event> {
    // One that was cleared is raised again where the clearing is undone.
    if state.risk_flags.get(&raise.flag_id).is_some_and(|flag| flag.open) {
        return Vec::new();
    }
    vec![Event::RiskFlagRaised {
        flag_id: raise.flag_id,
        flag_type: raise.flag_type,
        reason: Personal::Known(raise.reason.into()),
    }]
}

pub(super) fn clear_risk_flag(state: &State, clear: ClearRiskFlag) -> Result<Vec<Event>, Error> {
    let flag = state.risk_flags.get(&clear.flag_id).ok_or(Error::RiskFlagNotFound)?;
    if !flag.open {
        return Ok(Vec::new());
    }
    Ok(vec![Event::RiskFlagCleared {
        flag_id: clear.flag_id,
        flag_type: flag.flag_type,
        reason: clear.reason.map(|reason| Personal::Known(reason.into())),
    }])
}
