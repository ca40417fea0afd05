use serde_json::{Value, json};

use super::*;
use crate::testing::{Given, given, repeats_are_harmless};

fn written() -> Value {
    json!({ "name": "Thanks", "channel": "email", "subject": "Thank you, {customer.first_name}",
        "text": "Dear {customer.first_name}", "html": "<p>Dear {customer.first_name}</p>" })
}

fn with(field: &str, value: Value) -> Value {
    let mut data = written();
    data[field] = value;
    data
}

fn thanks() -> Given<Template> {
    given::<Template>([]).after("template.create", written())
}

fn wording(template_version: i64, text: &str) -> Box<Wording> {
    Box::new(Wording {
        template_version,
        name: "Thanks".to_owned(),
        channel: Channel::Sms,
        content: Content { text: text.to_owned(), ..Content::default() },
    })
}

#[test]
fn a_template_keeps_each_wording_as_a_version() {
    let sms = |text: &str| json!({ "name": "Thanks", "channel": "sms", "text": text });
    let change = |text: &str| json!({ "name": "Thanks", "text": text });
    given::<Template>([])
        .when("template.create", sms("Thank you"))
        .then([Event::Created(wording(1, "Thank you"))]);
    let kept = || given::<Template>([]).after("template.create", sms("Thank you"));
    kept()
        .when("template.change", change("Many thanks"))
        .then([Event::Changed(wording(2, "Many thanks"))]);
    kept().when("template.change", change("Thank you")).then_nothing();
    kept().when("template.archive", json!({})).then([Event::Archived {}]);
    let sentence = Event::Changed(wording(2, "Many thanks")).sentence();
    assert_eq!(sentence, "changed the template Thanks, now version 2");
}

#[test]
fn an_archived_template_says_nothing_more() {
    let archived = || thanks().after("template.archive", json!({}));
    archived().when("template.archive", json!({})).then_nothing();
    let change = json!({ "name": "Thanks", "subject": "x", "text": "y" });
    archived().when("template.change", change.clone()).then_refused("template_archived", "");
    thanks().when("template.create", written()).then_refused("template_exists", "");
    given::<Template>([]).when("template.change", change).then_refused("template_not_found", "");
    given::<Template>([])
        .when("template.archive", json!({}))
        .then_refused("template_not_found", "");
}

#[test]
fn what_is_not_known_of_a_customer_is_refused_when_it_is_written() {
    for field in ["subject", "text", "html"] {
        let refused = given::<Template>([])
            .when("template.create", with(field, json!("Hi {customer.shoe_size}")))
            .then_refused("invalid_placeholder", &format!("/{field}"));
        assert!(refused.allowed.unwrap().contains(&"customer.first_name".to_owned()));
    }
    let change = json!({ "name": "Thanks", "subject": "x", "text": "{customer.first_name" });
    thanks().when("template.change", change).then_refused("invalid_placeholder", "/text");
}

#[test]
fn only_an_email_has_a_subject_and_html() {
    let create = |data| given::<Template>([]).when("template.create", data);
    create(with("subject", Value::Null)).then_refused("missing_field", "/subject");
    let mut data = with("channel", json!("sms"));
    create(data.clone()).then_refused("invalid_field", "/subject");
    data["subject"] = Value::Null;
    create(data).then_refused("invalid_field", "/html");
    create(with("channel", json!("pigeon"))).then_refused("invalid_field", "/channel");
}

#[test]
fn every_command_can_be_repeated() {
    let change = json!({ "name": "Many thanks", "subject": "x", "text": "y" });
    let (state, _) = repeats_are_harmless::<Template>([
        ("template.create", written()),
        ("template.change", change),
        ("template.archive", json!({})),
    ]);
    assert!(state.unwrap().archived);
}
