use domain::Personal;
use domain::value::Channel;

use super::*;

fn requested(html: Option<&str>) -> Requested {
    let known = |text: &str| Personal::Known(text.to_owned());
    Requested {
        customer: Uuid::from_u128(1),
        channel: Channel::Email,
        template: None,
        template_version: None,
        to: known("ada@example.com"),
        subject: Some(known("Grüße")),
        text: known("Dear Ada"),
        html: html.map(known),
        asked_by: AskedBy::Automatic,
    }
}

fn written(requested: &Requested, link: Option<&str>) -> String {
    let sender = Sender { name: "Acme".to_owned(), address: "office@acme.example".to_owned() };
    let message = compose(Uuid::from_u128(7), requested, &sender, link).unwrap();
    String::from_utf8(message.formatted()).unwrap()
}

#[test]
fn the_message_id_follows_from_the_effect() {
    let text = written(&requested(None), None);
    let id = "Message-ID: <00000000-0000-0000-0000-000000000007@acme.example>";
    assert!(text.contains(id), "{text}");
    assert!(text.contains("From: Acme <office@acme.example>"), "{text}");
    assert!(text.contains("Auto-Submitted: auto-generated"), "{text}");
    assert!(!text.contains("List-Unsubscribe"), "{text}");
    assert_eq!(text.matches("Dear Ada").count(), 1);
}

#[test]
fn the_link_to_unsubscribe_works_with_one_click() {
    let text = written(&requested(None), Some("https://crm.example/unsubscribe/x"));
    assert!(text.contains("List-Unsubscribe: <https://crm.example/unsubscribe/x>"), "{text}");
    assert!(text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{text}");
}

#[test]
fn html_comes_beside_the_plain_text() {
    let text = written(&requested(Some("<p>Dear Ada</p>")), None);
    assert!(text.contains("multipart/alternative"), "{text}");
    assert!(text.contains("text/plain") && text.contains("<p>Dear Ada</p>"), "{text}");
}

#[test]
fn what_was_erased_is_not_sent() {
    let mut erased = requested(None);
    erased.to = Personal::Erased;
    let sender = Sender { name: "Acme".to_owned(), address: "office@acme.example".to_owned() };
    let message = compose(Uuid::from_u128(7), &erased, &sender, None);
    assert!(matches!(message, Err(Error::Erased)));
}
