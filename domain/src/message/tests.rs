use serde_json::{Value, json};

use super::*;
use crate::access::{Principal, PrincipalKind};
use crate::claim::{ClaimChange, ClaimKind};
use crate::testing::{
    ADA, ANNA, ARCHIVED, DORMANT, ERASED, Given, OLD_THANKS, OPTED_OUT, THANKS, THANKS_BY_SMS,
    UNWANTED, WITHOUT_ADDRESS, When, given, id,
};

fn known(text: &str) -> Personal<String> {
    Personal::Known(text.to_owned())
}

fn mail(customer: Uuid, asked_by: &str) -> Value {
    json!({"customer": customer, "subject": "Hello", "text": "Dear Ada", "asked_by": asked_by})
}

fn ask(data: Value) -> When<Message> {
    given::<Message>([]).when("message.request", data)
}

fn requested() -> Given<Message> {
    given::<Message>([]).after("message.request", mail(ADA, "person"))
}

fn received() -> Value {
    json!({
        "customer": ADA, "channel": "whatsapp", "from": "+442079460958", "text": "Hi\u{0} there",
        "provider_id": "wamid.1", "sent_at": "2026-11-20T10:00:00Z", "attachments": ["a.pdf"],
    })
}

#[test]
fn a_message_goes_to_the_primary_address_under_the_customers_key() {
    let event = Event::Requested(Box::new(Requested {
        customer: ADA,
        channel: Channel::Email,
        template: None,
        template_version: None,
        to: known("ada@example.com"),
        subject: Some(known("Hello")),
        text: known("Dear Ada"),
        html: None,
        asked_by: AskedBy::Person,
    }));
    assert_eq!((event.customer_id(id(1)), event.key_id(id(1))), (Some(ADA), Some(ADA)));
    assert_eq!(event.sentence(), "wrote an e-mail: \"Hello\"");
    ask(mail(ADA, "person")).then([event]);
}

#[test]
fn an_automatic_message_is_withheld_with_the_reason() {
    let reasons = [
        (DORMANT, WithheldReason::Dormant),
        (OPTED_OUT, WithheldReason::OptedOut),
        (UNWANTED, WithheldReason::DoNotWorkWith),
        (WITHOUT_ADDRESS, WithheldReason::NoAddress),
        (ARCHIVED, WithheldReason::Archived),
        (ERASED, WithheldReason::Erased),
    ];
    for (customer, reason) in reasons {
        let subject = Some(known("Hello"));
        let withheld = Event::Withheld { customer, channel: Channel::Email, reason, subject };
        ask(mail(customer, "automatic")).then([withheld]);
    }
}

#[test]
fn what_a_person_writes_is_refused_only_where_nobody_may_or_can_write() {
    for customer in [DORMANT, UNWANTED] {
        assert_eq!(ask(mail(customer, "person")).events().len(), 1);
    }
    ask(mail(OPTED_OUT, "person")).then_refused("recipient_opted_out", "/channel");
    ask(mail(WITHOUT_ADDRESS, "person")).then_refused("recipient_without_address", "/to");
    ask(mail(ARCHIVED, "person")).then_refused("customer_archived", "/customer");
    ask(mail(ERASED, "person")).then_refused("customer_erased", "/customer");
    ask(mail(id(7), "person")).then_refused("customer_not_found", "/customer");
}

#[test]
fn a_message_is_whole_and_its_address_is_one() {
    ask(json!({"customer": ADA, "text": "Hi"})).then_refused("missing_field", "/subject");
    ask(json!({"customer": ADA, "subject": "Hi"})).then_refused("missing_field", "/text");
    let with = |field: &str, value: &str| {
        let mut data = mail(ADA, "person");
        data[field] = json!(value);
        ask(data)
    };
    with("to", "nobody").then_refused("invalid_email", "/to");
    with("subject", "Hi\r\nBcc: all@example.com").then_refused("invalid_subject", "/subject");
    with("channel", "sms").then_refused("invalid_field", "/subject");
    with("channel", "pigeon").then_refused("invalid_field", "/channel");
}

#[test]
fn placeholders_are_filled_where_they_are_wanted_and_escaped_in_html() {
    let with = |text: &str, placeholders: bool| {
        ask(json!({"customer": ADA, "subject": "For {customer.first_name}", "text": text,
            "html": "<b>{customer.first_name}</b>", "placeholders": placeholders}))
    };
    let events = with("Dear {customer.first_name}", true).events();
    let [Event::Requested(message)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(message.subject, Some(known("For Ada <3")));
    assert_eq!(message.text, known("Dear Ada <3"));
    assert_eq!(message.html, Some(known("<b>Ada &lt;3</b>")));
    let events = with("Dear {customer.first_name}", false).events();
    let [Event::Requested(message)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(message.text, known("Dear {customer.first_name}"));
    with("{customer.shoe_size}", true).then_refused("invalid_placeholder", "/text");
    with("{customer.first_name", true).then_refused("invalid_placeholder", "/text");
    with("{customer.last_name}", true).then_refused("placeholder_without_value", "/text");
}

#[test]
fn an_sms_goes_to_a_number_and_has_its_length() {
    let sms = |to: &str, text: &str| {
        ask(json!({"customer": ADA, "channel": "sms", "to": to, "text": text}))
    };
    let events = sms("+44 20 7946 0958", "Hi").events();
    let [Event::Requested(message)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((message.channel, &message.to), (Channel::Sms, &known("+442079460958")));
    sms("+44 20 7946 0958", &"x".repeat(1_601)).then_refused("message_too_long", "/text");
    sms("nobody", "Hi").then_refused("invalid_phone", "/to");
    let without = json!({"customer": ADA, "channel": "whatsapp", "text": "Hi"});
    ask(without).then_refused("recipient_without_address", "/to");
}

#[test]
fn a_template_says_it_in_the_customers_words_and_is_named_with_its_version() {
    let by = |template: Uuid| json!({"customer": ADA, "template": template});
    let events = ask(by(THANKS)).events();
    let [Event::Requested(message)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((message.template, message.template_version), (Some(THANKS), Some(3)));
    assert_eq!(message.subject, Some(known("Thank you, Ada <3")));
    assert_eq!(message.html, Some(known("<p>Dear Ada &lt;3</p>")));
    ask(by(OLD_THANKS)).then_refused("template_archived", "/template");
    ask(by(id(7))).then_refused("template_not_found", "/template");
    ask(by(THANKS_BY_SMS)).then_refused("template_of_another_channel", "/channel");
    let mut both = by(THANKS);
    both["text"] = json!("Hi");
    ask(both).then_refused("invalid_field", "/text");
}

#[test]
fn what_a_rule_sends_is_automatic_whatever_it_says() {
    let request = || crate::Command::parse("message.request", None, mail(ADA, "person")).unwrap();
    let mut principal = Principal::user(id(1), ANNA, []);
    for (kind, asked_by) in
        [(PrincipalKind::User, AskedBy::Person), (PrincipalKind::Automation, AskedBy::Automatic)]
    {
        principal.kind = kind;
        let mut command = request();
        command.sign(&principal);
        let crate::Command::Message { id: _, command: Command::Request(signed) } = command else {
            panic!("{command:?}")
        };
        assert_eq!(signed.asked_by, asked_by);
    }
}

#[test]
fn what_becomes_of_a_message_is_told_once() {
    let sent = || requested().after("message.record_sent", json!({"provider_id": "1@example.com"}));
    sent().when("message.record_sent", json!({})).then_nothing();
    let delivered = Event::Delivered { customer: ADA };
    requested().when("message.record_delivered", json!({})).then([delivered.clone()]);
    sent().when("message.record_delivered", json!({})).then([delivered]);
    let opened = sent().after("message.record_opened", json!({}));
    opened.when("message.record_opened", json!({})).then_nothing();
    requested().when("message.request", mail(ADA, "person")).then_refused("message_exists", "");
    let unknown = given::<Message>([]).when("message.record_sent", json!({}));
    unknown.then_refused("message_not_found", "");
}

#[test]
fn a_failure_that_goes_on_is_told_once_and_its_end_again() {
    let fail = |is_final: bool| json!({"reason": "421 try later", "final": is_final});
    let failing = || requested().after("message.record_failed", fail(false));
    failing().when("message.record_failed", fail(false)).then_nothing();
    let reason = known("421 try later");
    let given_up = Event::Failed { customer: ADA, reason, is_final: true };
    assert_eq!(given_up.sentence(), "could not send a message: \"421 try later\"");
    failing().when("message.record_failed", fail(true)).then([given_up]);
    let bounced = failing().after("message.record_sent", json!({}));
    assert_eq!(bounced.when("message.record_failed", fail(true)).events().len(), 1);
}

#[test]
fn a_message_can_be_withheld_until_it_is_sent() {
    let withhold = || json!({"reason": "opted_out"});
    let event = Event::Withheld {
        customer: ADA,
        channel: Channel::Email,
        reason: WithheldReason::OptedOut,
        subject: None,
    };
    assert_eq!(event.sentence(), "withheld an e-mail: the customer opted out");
    requested().when("message.withhold", withhold()).then([event]);
    let withheld = || requested().after("message.withhold", withhold());
    withheld().when("message.withhold", withhold()).then_nothing();
    withheld().when("message.record_sent", json!({})).then_refused("message_not_outgoing", "");
    let sent = requested().after("message.record_sent", json!({}));
    sent.when("message.withhold", withhold()).then_refused("message_settled", "");
}

#[test]
fn a_received_message_is_found_by_its_carriers_id_and_counts_once() {
    let events = given::<Message>([]).when("message.receive", received()).events();
    let [event @ Event::Received(message)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(message.text, Some(known("Hi there")));
    assert_eq!(event.sentence(), "received a WhatsApp message: \"Hi there\"");
    let value = provider_claim(Channel::Whatsapp, "wamid.1");
    assert_eq!(event.claims(), [ClaimChange::take(ClaimKind::ProviderMessage, value)]);
    let again = given::<Message>([]).after("message.receive", received());
    again.when("message.receive", received()).then_nothing();
    let again = given::<Message>([]).after("message.receive", received());
    again.when("message.record_opened", json!({})).then_refused("message_not_outgoing", "");
}

#[test]
fn a_message_from_somebody_erased_or_unknown_is_refused() {
    let from = |customer: Uuid| {
        let mut data = received();
        data["customer"] = json!(customer);
        given::<Message>([]).when("message.receive", data)
    };
    from(ERASED).then_refused("customer_erased", "/customer");
    from(id(7)).then_refused("customer_not_found", "/customer");
    assert_eq!(from(ARCHIVED).events().len(), 1);
}
