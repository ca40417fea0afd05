//! The rights with which a rule acts: those that its owner has now, and, where a person has it run
//! by hand, no more than theirs.

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
    let gone = "the owner of the rule is no member any more";
    acting(store, (organisation, owner), gone, "the owner of the rule is blocked").await
}

/// Who has a rule run by hand, or why they cannot any more.
pub(crate) async fn requester(
    store: &Store,
    organisation: Uuid,
    user: Uuid,
) -> Result<Result<Principal, &'static str>, Error> {
    let gone = "who had the rule run is no member any more";
    acting(store, (organisation, user), gone, "who had the rule run is blocked").await
}

async fn acting(
    store: &Store,
    (organisation, user): (Uuid, Uuid),
    gone: &'static str,
    blocked: &'static str,
) -> Result<Result<Principal, &'static str>, Error> {
    let (member, known) = tokio::try_join!(
        folded::<Member>(store, organisation, user),
        folded::<User>(store, INSTALLATION, user)
    )?;
    if !member.present {
        return Ok(Err(gone));
    }
    if known.blocked {
        return Ok(Err(blocked));
    }
    let kind = PrincipalKind::Automation;
    Ok(Ok(Principal { organisation, user, roles: member.roles, kind, token: None }))
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
