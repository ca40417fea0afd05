use serde_json::{Value, json};

use super::*;
use crate::testing::{ADA, ARCHIVED, ERASED, given, id, repeats_are_harmless};

fn message() -> (&'static str, Value) {
    let data = json!({
        "channel": "email", "from": "eve@example.org", "name": "Eve", "subject": "Hello",
        "text": "Do you deliver?", "provider_id": "<1@example.org>",
    });
    ("unmatched.receive_message", data)
}

fn payment() -> (&'static str, Value) {
    let data = json!({
        "provider": "stripe", "provider_id": "pi_1", "received_on": "2026-11-22",
        "amount": { "amount": "12.50", "currency": "EUR" }, "payer_email": "eve@example.org",
    });
    ("unmatched.receive_payment", data)
}

fn received((name, data): (&'static str, Value)) -> Event {
    let (_, events) = repeats_are_harmless::<Unmatched>([(name, data)]);
    events.into_iter().next().expect("it is received")
}

fn attach(customer: Uuid) -> Value {
    json!({ "customer": customer })
}

#[test]
fn a_message_of_nobody_is_kept_under_a_key_of_its_own() {
    let event = received(message());
    assert_eq!((event.customer_id(id(9)), event.key_id(id(9))), (None, Some(id(9))));
    assert_eq!(
        event.sentence(),
        "received an e-mail from eve@example.org, who is not known: \"Hello\""
    );
}

#[test]
fn a_payment_of_nobody_keeps_its_amount_as_it_was() {
    let event = received(payment());
    assert_eq!(event.sentence(), "received 12.50 EUR by stripe from nobody known");
}

#[test]
fn what_came_in_is_attached_once_and_its_own_copy_goes() {
    let attached = Event::Attached { customer: ADA };
    assert!(attached.settles());
    given::<Unmatched>([received(message())])
        .when("unmatched.attach", attach(ADA))
        .then([attached.clone()]);
    let settled = || given::<Unmatched>([received(message()), attached.clone()]);
    settled().when("unmatched.attach", attach(ADA)).then([]);
    settled().when("unmatched.attach", attach(ARCHIVED)).then_refused("unmatched_settled", "");
    settled().when("unmatched.dismiss", json!({})).then_refused("unmatched_settled", "");
}

#[test]
fn it_is_attached_only_to_a_customer_that_there_is() {
    let open = || given::<Unmatched>([received(message())]);
    open().when("unmatched.attach", attach(id(1))).then_refused("customer_not_found", "/customer");
    open().when("unmatched.attach", attach(ERASED)).then_refused("customer_erased", "/customer");
    open()
        .when("unmatched.attach", attach(ARCHIVED))
        .then([Event::Attached { customer: ARCHIVED }]);
}

#[test]
fn what_is_dismissed_is_gone() {
    given::<Unmatched>([received(message())])
        .when("unmatched.dismiss", json!({}))
        .then([Event::Dismissed {}]);
    let dismissed = || given::<Unmatched>([received(message()), Event::Dismissed {}]);
    dismissed().when("unmatched.dismiss", json!({})).then([]);
    dismissed().when("unmatched.attach", attach(ADA)).then_refused("unmatched_settled", "");
}

#[test]
fn nothing_can_be_done_with_what_never_came_in() {
    for (name, data) in [("unmatched.attach", attach(ADA)), ("unmatched.dismiss", json!({}))] {
        given::<Unmatched>([]).when(name, data).then_refused("unmatched_not_found", "");
    }
}

#[test]
fn what_a_provider_delivers_again_changes_nothing() {
    let (_, events) = repeats_are_harmless::<Unmatched>([message(), message()]);
    assert_eq!(events.len(), 1);
    let (_, events) = repeats_are_harmless::<Unmatched>([payment(), payment()]);
    assert_eq!(events.len(), 1);
}
