//! The rights with which a rule acts: those that its owner has now, and, where a person has it run
//! by hand, no more than theirs.

use domain::access::{Principal, PrincipalKind};
use eventstore::{Absent, Acting, Store};
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
    let kind = PrincipalKind::Automation;
    let acting = Acting { organisation, user, kind, token: None, at_most: None };
    Ok(store.principal(acting).await?.map_err(|absent| match absent {
        Absent::NoMember => gone,
        Absent::Blocked => blocked,
    }))
}
