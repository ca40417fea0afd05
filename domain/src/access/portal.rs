//! What a customer may read of themselves in the portal.

use jiff::civil::Date;
use uuid::Uuid;

use crate::customer::{Presence, State};

/// The right of one customer to their name and to the notes of the scope `customer`. It is no
/// [`Scope`](super::Scope): what takes that cannot be asked with it. Only [`visit`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    organisation: Uuid,
    customer: Uuid,
}

impl Visit {
    pub fn organisation(&self) -> Uuid {
        self.organisation
    }

    pub fn customer(&self) -> Uuid {
        self.customer
    }
}

/// Lets a customer in who has come by this link on this day, as long as it is the one that counts.
pub fn visit(
    organisation: Uuid,
    (customer, state): (Uuid, &State),
    link_id: Uuid,
    today: Date,
) -> Option<Visit> {
    let access = state.portal.filter(|_| state.presence == Presence::Present)?;
    let is_open = access.link_id == link_id && today <= access.until;
    is_open.then_some(Visit { organisation, customer })
}
