use serde_json::json;

use super::*;
use crate::testing::{Given, given, id, repeats_are_harmless};

fn anna() -> Given<User> {
    let data = json!({"email": "Anna@example.com", "name": "Anna Kern"});
    given::<User>([]).after("user.register", data)
}

#[test]
fn a_user_is_registered_with_an_email_to_sign_in_with() {
    let event = Event::Registered {
        email: Personal::Known("Anna@example.com".to_owned()),
        name: Personal::Known("Anna Kern".to_owned()),
    };
    assert_eq!(event.claims(), [ClaimChange::take(ClaimKind::SignIn, "anna@example.com")]);
    assert_eq!(event.key_id(id(5)), Some(id(5)));
    let data = json!({"email": "Anna@example.com", "name": "Anna Kern"});
    given::<User>([]).when("user.register", data.clone()).then([event]);
    anna().when("user.register", data).then_refused("user_exists", "");
    let wrong = given::<User>([]).when("user.register", json!({"email": "anna", "name": "A"}));
    wrong.then_refused("invalid_email", "/email");
}

#[test]
fn a_user_is_blocked_and_let_in_again_each_once() {
    anna().when("user.block", json!({})).then([Event::Blocked {}]);
    anna().when("user.unblock", json!({})).then_nothing();
    let blocked = || anna().after("user.block", json!({}));
    blocked().when("user.block", json!({})).then_nothing();
    blocked().when("user.unblock", json!({})).then([Event::Unblocked {}]);
    for command in ["user.block", "user.unblock"] {
        given::<User>([]).when(command, json!({})).then_refused("user_not_found", "");
    }
}

#[test]
fn the_installation_is_administered_by_whom_it_was_granted() {
    anna().when("user.revoke_admin", json!({})).then_nothing();
    anna().when("user.grant_admin", json!({})).then([Event::AdminGranted {}]);
    let admin = || anna().after("user.grant_admin", json!({}));
    admin().when("user.grant_admin", json!({})).then_nothing();
    admin().when("user.revoke_admin", json!({})).then([Event::AdminRevoked {}]);
    for command in ["user.grant_admin", "user.revoke_admin"] {
        given::<User>([]).when(command, json!({})).then_refused("user_not_found", "");
    }
}

#[test]
fn a_repeated_command_changes_nothing() {
    repeats_are_harmless::<User>([
        ("user.register", json!({"email": "a@b.example", "name": "A"})),
        ("user.block", json!({})),
        ("user.unblock", json!({})),
        ("user.grant_admin", json!({})),
        ("user.revoke_admin", json!({})),
    ]);
}
