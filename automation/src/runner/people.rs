//! Whom a step reaches.

use std::collections::BTreeSet;

use domain::rule::NotifyTarget;
use eventstore::Store;
use uuid::Uuid;

use crate::error::Error;
use crate::members;

/// The members who are meant, of whom some may be the customer's workers; who has left the
/// organisation is not.
pub(crate) async fn people(
    store: &Store,
    organisation: Uuid,
    owner: Uuid,
    target: NotifyTarget,
    workers: &BTreeSet<Uuid>,
) -> Result<Vec<Uuid>, Error> {
    let users = match target {
        NotifyTarget::Owner => vec![owner],
        NotifyTarget::User(user) => vec![user],
        NotifyTarget::Workers => workers.iter().copied().collect(),
        NotifyTarget::Role(role) => {
            let client = store.worker().get().await?;
            return members::with_role(&client, organisation, role).await;
        }
    };
    if users.is_empty() {
        return Ok(users);
    }
    let client = store.worker().get().await?;
    members::among(&client, organisation, &users).await
}
