use domain::access::{Action, Denied};
use domain::refusal::Refusal;

use super::*;

#[derive(Debug, thiserror::Error)]
#[error("the customer is archived; restore it first")]
struct Archived;

impl Refusal for Archived {
    fn code(&self) -> &'static str {
        "customer_archived"
    }
}

fn done(changed: bool) -> Done {
    Done {
        stream_id: Uuid::nil(),
        version: 1,
        sequence: 1,
        changed,
        replayed: false,
        correlation_id: Uuid::nil(),
        events: Vec::new(),
    }
}

#[test]
fn what_changed_is_done_and_what_did_not_is_skipped() {
    assert_eq!(judged(Ok(done(true))).unwrap().0, Outcome::Done);
    assert_eq!(judged(Ok(done(false))).unwrap().0, Outcome::Skipped);
}

#[test]
fn a_refusal_blocks_with_its_sentence() {
    let (outcome, reason, _) = judged(Err(Refused::Rejected(Box::new(Archived)))).unwrap();
    assert_eq!(outcome, Outcome::Blocked);
    assert_eq!(reason.as_deref(), Some("the customer is archived; restore it first"));
    let denied = Denied { action: Action::TaskWrite, reason: "your role does not allow it" };
    for refused in [Refused::Denied(denied), Refused::NotFound, Refused::Erased] {
        assert_eq!(judged(Err(refused)).unwrap().0, Outcome::Blocked);
    }
}

#[test]
fn what_may_go_better_later_is_tried_again_and_the_rest_is_not() {
    for refused in [
        Refused::Conflict,
        Refused::ReadOnly,
        Refused::Overloaded,
        Refused::OutcomeUnknown,
        Refused::Unavailable,
    ] {
        assert!(matches!(judged(Err(refused)), Err(Trouble::Passing(_))));
    }
    let unknown = eventstore::Error::UnknownOrganisation(Uuid::nil());
    assert!(matches!(judged(Err(Refused::Failed(unknown))), Err(Trouble::Passing(_))));
    assert!(matches!(judged(Err(Refused::KeyReused)), Err(Trouble::Lasting(_))));
}
