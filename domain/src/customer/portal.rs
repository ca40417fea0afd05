//! Decisions on the portal, where a customer reads what is written for them.

use jiff::ToSpan;

use super::Error;
use super::commands::GrantPortalAccess;
use super::event::Event;
use super::state::{PortalAccess, State};
use crate::personal::Personal;
use crate::value::Channel;

/// For so many days a link leads to the portal.
pub const PORTAL_DAYS: i64 = 30;

/// Each link takes the place of the one before it.
pub(super) fn grant(state: &State, grant: GrantPortalAccess) -> Result<Vec<Event>, Error> {
    if state.portal.as_ref().is_some_and(|access| access.link_id == grant.link_id) {
        return Ok(Vec::new());
    }
    let sent_to = if grant.send { Some(address(state)?) } else { None };
    let until = grant.today.saturating_add(PORTAL_DAYS.days());
    Ok(vec![Event::PortalAccessGranted { link_id: grant.link_id, until, sent_to }])
}

fn address(state: &State) -> Result<Personal<String>, Error> {
    if state.opted_out.contains(&Channel::Email) {
        return Err(Error::PortalOptedOut);
    }
    let primary = state.emails.iter().find(|email| email.primary);
    primary.map(|email| email.address.clone()).ok_or(Error::PortalNoAddress)
}

pub(super) fn revoke(state: &State) -> Vec<Event> {
    let access: Option<&PortalAccess> = state.portal.as_ref();
    if access.is_some() { vec![Event::PortalAccessRevoked {}] } else { Vec::new() }
}
