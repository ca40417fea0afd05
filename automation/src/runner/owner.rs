//! The rights with which a rule acts: those that its owner has now.

use domain::Decider;
use domain::access::{Principal, PrincipalKind};
use domain::event::Part;
use domain::member::Member;
use domain::user::{INSTALLATION, User};
use eventstore::Store;
use uuid::Uuid;

use crate::error::Error;

/// The owner as the one who acts, or why the owner cannot.
pub(crate) async fn principal(
    store: &Store,
    organisation: Uuid,
    owner: Uuid,
) -> Result<Result<Principal, &'static str>, Error> {
    let (member, user) = tokio::try_join!(
        folded::<Member>(store, organisation, owner),
        folded::<User>(store, INSTALLATION, owner)
    )?;
    if !member.present {
        return Ok(Err("the owner of the rule is no member any more"));
    }
    if user.blocked {
        return Ok(Err("the owner of the rule is blocked"));
    }
    let kind = PrincipalKind::Automation;
    Ok(Ok(Principal { organisation, user: owner, roles: member.roles, kind, token: None }))
}

/// Read from the log each time: another process may have changed it, and these streams are short.
async fn folded<D: Decider>(
    store: &Store,
    organisation: Uuid,
    stream: Uuid,
) -> Result<D::State, Error> {
    let mut state = D::State::default();
    for recorded in store.read_stream(organisation, stream, 0).await? {
        let event = recorded.event()?;
        if let Some(event) = D::Event::of(&event) {
            state = D::evolve(state, event);
        }
    }
    Ok(state)
}
