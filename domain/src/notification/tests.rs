use serde_json::json;

use super::*;
use crate::testing::{ADA, ANNA, BEN, given, id, repeats_are_harmless};

#[test]
fn each_member_is_notified_once_under_the_customers_key() {
    let data = json!({"to": [ANNA, BEN, ANNA], "customer": ADA, "text": "Won", "rule": id(80)});
    let event = Event::Sent {
        to: vec![ANNA, BEN],
        customer: Some(ADA),
        text: Personal::Known("Won".to_owned()),
        rule: Some(id(80)),
    };
    assert_eq!(event.key_id(id(1)), Some(ADA));
    assert_eq!(event.sentence(), "notified 2 members: \"Won\"");
    given::<Notification>([]).when("notification.send", data).then([event]);
}

#[test]
fn somebody_has_to_be_notified_of_something() {
    let send = |data| given::<Notification>([]).when("notification.send", data);
    send(json!({"to": [], "text": "Won"})).then_refused("invalid_field", "/to");
    send(json!({"to": [ANNA], "text": " "})).then_refused("invalid_text", "/text");
    send(json!({"to": [ANNA]})).then_refused("missing_field", "/text");
}

#[test]
fn a_repeated_command_changes_nothing() {
    let send = ("notification.send", json!({"to": [ANNA], "text": "Won"}));
    let (_, events) = repeats_are_harmless::<Notification>([send.clone(), send]);
    assert_eq!(events.len(), 1);
}
