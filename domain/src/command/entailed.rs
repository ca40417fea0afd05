//! What an event entails in other streams: done in the same append, or not at all.

use uuid::Uuid;

use super::Command;
use crate::customer::{self, Referral};
use crate::event::Event;
use crate::{order, quote};

impl Event {
    /// The commands that have to be done together with it, given the id of its stream.
    pub fn entails(&self, stream_id: Uuid) -> Vec<Command> {
        if let Self::Quote(quote::Event::Accepted(accepted)) = self {
            let place = order::PlaceQuoted {
                customer: accepted.customer,
                quote: stream_id,
                currency: accepted.currency.clone(),
                total: accepted.total,
                lines: accepted.lines.clone(),
                customer_fact: None,
            };
            let command = order::Command::PlaceQuoted(place);
            return vec![Command::Order { id: accepted.order, command }];
        }
        if let Self::Customer(event) = self {
            return referrals(event, stream_id);
        }
        Vec::new()
    }
}

/// A referral is a fact between two customers: an event in the stream of each.
fn referrals(event: &customer::Event, referred: Uuid) -> Vec<Command> {
    let referral = Referral { referred };
    let taken = |id| Command::Customer { id, command: customer::Command::RemoveReferral(referral) };
    let made = |id| Command::Customer { id, command: customer::Command::RecordReferral(referral) };
    if let customer::Event::ReferrerSet { from, to } = event {
        return from.map(taken).into_iter().chain([made(*to)]).collect();
    }
    if let customer::Event::ReferrerRemoved { from } = event {
        return vec![taken(*from)];
    }
    Vec::new()
}
