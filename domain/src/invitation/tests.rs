use serde_json::json;

use super::*;
use crate::testing::{ANNA, BEN, Given, given, id, repeats_are_harmless};

fn made() -> Given<Invitation> {
    let data = json!({"email": "eve@example.com", "name": "Eve Hall", "roles": ["sales"]});
    given::<Invitation>([]).after("invitation.make", data)
}

#[test]
fn an_invitation_says_what_the_inviting_person_said() {
    let event = Event::Made {
        email: Personal::Known("eve@example.com".to_owned()),
        name: Personal::Known("Eve Hall".to_owned()),
        roles: [Role::Sales].into(),
    };
    assert_eq!((event.claims(), event.key_id(id(5))), (Vec::new(), Some(id(5))));
    let data = json!({"email": "eve@example.com", "name": "Eve Hall", "roles": ["sales"]});
    given::<Invitation>([]).when("invitation.make", data).then([event]);
    let nobody = json!({"email": "eve@example.com", "name": "Eve Hall", "roles": []});
    given::<Invitation>([]).when("invitation.make", nobody).then_refused("invalid_field", "/roles");
}

#[test]
fn an_open_invitation_is_sent_again_withdrawn_or_accepted() {
    let accept = json!({"user": ANNA});
    made().when("invitation.renew", json!({})).then([Event::Renewed {}]);
    made().when("invitation.withdraw", json!({})).then([Event::Withdrawn {}]);
    made().when("invitation.accept", accept.clone()).then([Event::Accepted { user: ANNA }]);
    for (command, data) in [
        ("invitation.renew", json!({})),
        ("invitation.withdraw", json!({})),
        ("invitation.accept", accept),
    ] {
        given::<Invitation>([]).when(command, data).then_refused("invitation_not_found", "");
    }
}

#[test]
fn what_was_accepted_or_withdrawn_stays_so() {
    let accepted = || made().after("invitation.accept", json!({"user": ANNA}));
    accepted().when("invitation.accept", json!({"user": ANNA})).then_nothing();
    let withdrawn = || made().after("invitation.withdraw", json!({}));
    withdrawn().when("invitation.withdraw", json!({})).then_nothing();
    for (command, data) in
        [("invitation.renew", json!({})), ("invitation.accept", json!({"user": BEN}))]
    {
        accepted().when(command, data.clone()).then_refused("invitation_closed", "");
        withdrawn().when(command, data).then_refused("invitation_closed", "");
    }
    accepted().when("invitation.withdraw", json!({})).then_refused("invitation_closed", "");
    assert!(Event::Withdrawn {}.settles() && Event::Accepted { user: ANNA }.settles());
}

#[test]
fn a_repeated_command_changes_nothing() {
    let make = json!({"email": "eve@example.com", "name": "Eve Hall", "roles": ["sales"]});
    repeats_are_harmless::<Invitation>([
        ("invitation.make", make.clone()),
        ("invitation.accept", json!({"user": ANNA})),
    ]);
    repeats_are_harmless::<Invitation>([
        ("invitation.make", make),
        ("invitation.withdraw", json!({})),
    ]);
}
