use serde_json::json;

use super::*;
use crate::testing::{Given, given};

const URL: &str = "https://hooks.example.com/in?key=s3cret";

fn definition() -> Definition {
    Definition {
        url: URL.to_owned(),
        types: vec!["customer.*".to_owned()],
        filter: None,
        payload: Payload::Full,
        order: Order::Any,
    }
}

fn active() -> Given<Webhook> {
    given::<Webhook>([Event::Created { owner: Uuid::nil(), definition: Box::new(definition()) }])
}

fn disabled(reason: Reason) -> Given<Webhook> {
    let created = Event::Created { owner: Uuid::nil(), definition: Box::new(definition()) };
    given::<Webhook>([created, Event::Disabled { reason }])
}

#[test]
fn a_webhook_begins_with_an_address_and_is_told_of_everything_if_not_said_otherwise() {
    let event = Event::Created {
        owner: Uuid::nil(),
        definition: Box::new(Definition { types: Vec::new(), ..definition() }),
    };
    assert_eq!(event.sentence(), "set up a webhook to hooks.example.com: all events");
    given::<Webhook>([]).when("webhook.create", json!({ "url": URL })).then([event]);
    let again = json!({ "url": URL });
    active().when("webhook.create", again).then_refused("webhook_exists", "");
}

#[test]
fn an_address_is_one_of_the_web_without_a_name_and_a_password() {
    for url in ["", "ftp://a.example", "https://", "https://me:pass@a.example/", "a.example"] {
        let when = given::<Webhook>([]).when("webhook.create", json!({ "url": url }));
        when.then_refused("invalid_url", "/url");
    }
}

#[test]
fn types_are_events_that_there_are_and_a_filter_asks_for_their_fields() {
    let create = |types: Value, filter: Value| {
        let data = json!({ "url": URL, "types": types, "filter": filter });
        given::<Webhook>([]).when("webhook.create", data)
    };
    let unknown = create(json!(["customer.taged"]), Value::Null);
    unknown.then_refused("invalid_field", "/types/0");
    let filter = json!({ "field": "event.tag", "op": "eq", "value": "vip" });
    let wrong = create(json!(["customer.flagged"]), filter.clone());
    wrong.then_refused("invalid_condition", "/filter/field");
    let event = Event::Created {
        owner: Uuid::nil(),
        definition: Box::new(Definition {
            types: vec!["customer.tagged".to_owned()],
            filter: Some(filter.clone()),
            ..definition()
        }),
    };
    create(json!(["customer.tagged"]), filter).then([event]);
}

#[test]
fn what_a_change_leaves_out_stays() {
    let thin = Definition { payload: Payload::Thin, ..definition() };
    let changed = Event::Changed { definition: Box::new(thin) };
    active().when("webhook.change", json!({ "payload": "thin" })).then([changed]);
    active().when("webhook.change", json!({ "url": URL })).then([]);
    let filter = json!({ "filter": { "field": "event.colour", "op": "is_set" } });
    active().when("webhook.change", filter).then_refused("invalid_condition", "/filter/field");
}

#[test]
fn it_is_switched_off_and_on_again() {
    let off = |reason| [Event::Disabled { reason }];
    active().when("webhook.disable", json!({})).then(off(Reason::Asked));
    active().when("webhook.suspend", json!({ "reason": "gone" })).then(off(Reason::Gone));
    active().when("webhook.enable", json!({})).then([]);
    disabled(Reason::Gone).when("webhook.enable", json!({})).then([Event::Enabled {}]);
    disabled(Reason::Asked).when("webhook.disable", json!({})).then([]);
    disabled(Reason::Asked).when("webhook.suspend", json!({ "reason": "failing" })).then([]);
    let state = disabled(Reason::Gone).state;
    assert_eq!((state.status, state.reason), (Status::Disabled, Some(Reason::Gone)));
}

#[test]
fn the_secret_is_no_part_of_what_is_told() {
    let rotated = Event::SecretRotated {};
    active().when("webhook.rotate_secret", json!({})).then([rotated.clone()]);
    assert_eq!(serde_json::to_value(rotated).unwrap()["data"], json!({}));
}

#[test]
fn a_deleted_webhook_is_gone() {
    active().when("webhook.delete", json!({})).then([Event::Deleted {}]);
    let deleted = || active().after("webhook.delete", json!({}));
    deleted().when("webhook.delete", json!({})).then([]);
    deleted().when("webhook.enable", json!({})).then_refused("webhook_not_found", "");
    let nothing = given::<Webhook>([]).when("webhook.delete", json!({}));
    nothing.then_refused("webhook_not_found", "");
}
