//! The rights with which a rule acts: those that its owner has now.

use domain::access::{Principal, PrincipalKind};
use domain::member::Member;
use domain::{Decider, Event, member};
use eventstore::Store;
use uuid::Uuid;

use crate::error::Error;

/// The owner as the one who acts; `None` where the owner is no member any more. Read from the log
/// each time, since another process may have changed it.
pub(super) async fn principal(
    store: &Store,
    organisation: Uuid,
    owner: Uuid,
) -> Result<Option<Principal>, Error> {
    let mut state = member::State::default();
    for recorded in store.read_stream(organisation, owner, 0).await? {
        if let Event::Member(event) = recorded.event()? {
            state = Member::evolve(state, &event);
        }
    }
    Ok(state.is_member().then(|| Principal {
        organisation,
        user: owner,
        roles: state.roles,
        kind: PrincipalKind::Automation,
        token: None,
    }))
}
