//! Decisions on who referred whom. A referral is an event in each of the two customers' streams.

use uuid::Uuid;

use super::Error;
use super::commands::{Referral, SetReferrer};
use super::event::Event;
use super::state::State;

/// The referrers above somebody, as the shell found them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    /// The customer for whom it is asked.
    pub own: Uuid,
    /// Who referred the one to be named, who referred that one, and so on.
    pub above: Vec<Uuid>,
}

pub(super) fn set_referrer(state: &State, set: &SetReferrer) -> Result<Vec<Event>, Error> {
    let to = set.customer;
    if state.referrer == Some(to) {
        return Ok(Vec::new());
    }
    let referrer = set.customer_fact.as_ref().ok_or(Error::ReferrerNotFound)?;
    if referrer.erased {
        return Err(Error::ReferrerErased);
    }
    if referrer.archived {
        return Err(Error::ReferrerArchived);
    }
    if let Some(lineage) = &set.lineage {
        if lineage.own == to {
            return Err(Error::RefersItself);
        }
        if lineage.above.contains(&lineage.own) {
            return Err(Error::ReferralCircle);
        }
    }
    Ok(vec![Event::ReferrerSet { from: state.referrer, to }])
}

pub(super) fn remove_referrer(state: &State) -> Vec<Event> {
    state.referrer.map(|from| Event::ReferrerRemoved { from }).into_iter().collect()
}

pub(super) fn record_referral(state: &State, referral: Referral) -> Vec<Event> {
    let Referral { referred } = referral;
    if state.referred.contains(&referred) {
        return Vec::new();
    }
    vec![Event::ReferralRecorded { referred }]
}

/// Also of an archived or erased customer: the other end decides.
pub(super) fn remove_referral(state: &State, referral: Referral) -> Vec<Event> {
    let Referral { referred } = referral;
    if state.referred.contains(&referred) {
        vec![Event::ReferralRemoved { referred }]
    } else {
        Vec::new()
    }
}
