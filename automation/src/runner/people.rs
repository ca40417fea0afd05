//! Whom a step reaches.

use domain::customer::Customer;
use domain::rule::NotifyTarget;
use uuid::Uuid;

use crate::error::Error;
use crate::queue::{Claimed, Line};
use crate::{Shared, members};

/// The members who are meant; who has left the organisation is not.
pub(super) async fn people(
    shared: &Shared,
    run: &Claimed,
    owner: Uuid,
    target: NotifyTarget,
) -> Result<Vec<Uuid>, Error> {
    let Line { organisation, customer, .. } = run.line;
    let users = match target {
        NotifyTarget::Owner => vec![owner],
        NotifyTarget::User(user) => vec![user],
        NotifyTarget::Workers => {
            let (_, customer) = shared.store.load::<Customer>(organisation, customer).await?;
            customer.workers.iter().copied().collect()
        }
        NotifyTarget::Role(role) => {
            let client = shared.store.worker().get().await?;
            return members::with_role(&client, organisation, role).await;
        }
    };
    if users.is_empty() {
        return Ok(users);
    }
    let client = shared.store.worker().get().await?;
    members::among(&client, organisation, &users).await
}
