use domain::value::Channel;
use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn what_cannot_be_kept_is_dropped_and_what_is_too_long_is_cut() {
    assert_eq!(text("a\0b\u{7}c\r\nd\te", 100).as_deref(), Some("abc\nd\te"));
    assert_eq!(text("Grüße", 3).as_deref(), Some("Grü"));
    assert_eq!(line(" a\r\n b\0\tc ", 100).as_deref(), Some("a b c"));
    for empty in ["", " ", "\0", "\r\n"] {
        assert_eq!((text(empty, 9), line(empty, 9)), (None, None), "{empty:?}");
    }
}

fn form(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn twilio_tells_a_message_from_the_status_of_one() {
    let item = |fields: &[(&str, &str)]| twilio::item(&form(fields), None);
    let incoming =
        [("MessageSid", "SM1"), ("SmsStatus", "received"), ("From", "+1"), ("Body", "Hi")];
    assert!(
        matches!(item(&incoming), Item::Message(message) if message.text.as_deref() == Some("Hi"))
    );
    let notice = |word: &str, to: &str| {
        item(&[("MessageSid", "SM1"), ("MessageStatus", word), ("From", "+1"), ("To", to)])
    };
    let failed = || Status::Failed {
        reason: "Twilio could not deliver the message".to_owned(),
        is_final: true,
    };
    for (word, status) in [
        ("sent", Status::Sent),
        ("delivered", Status::Delivered),
        ("read", Status::Opened),
        ("undelivered", failed()),
        ("failed", failed()),
    ] {
        for (to, channel) in [("+2", Channel::Sms), ("whatsapp:+2", Channel::Whatsapp)] {
            let provider_id = "SM1".to_owned();
            let expected =
                Notice { channel, message: None, provider_id, status: status.clone(), at: None };
            assert_eq!(notice(word, to), Item::Notice(expected));
        }
    }
    for other in [notice("queued", "+2"), notice("sending", "+2"), item(&[("From", "+1")])] {
        assert_eq!(other, Item::Other);
    }
}

#[test]
fn whatsapp_tells_what_became_of_a_message() {
    let status = |status: Value| {
        let value = json!({ "statuses": [status] });
        let change = json!({ "field": "messages", "value": value });
        whatsapp::items(&json!({ "entry": [{ "changes": [change] }] })).remove(0)
    };
    let at = Timestamp::from_second(1_697_043_223).unwrap();
    let told = |word: &str| status(json!({ "id": "w", "status": word, "timestamp": "1697043223" }));
    for (word, expected) in
        [("sent", Status::Sent), ("delivered", Status::Delivered), ("read", Status::Opened)]
    {
        let (channel, provider_id) = (Channel::Whatsapp, "w".to_owned());
        let notice = Notice { channel, message: None, provider_id, status: expected, at: Some(at) };
        assert_eq!(told(word), Item::Notice(notice));
    }
    let errors = json!([{ "title": "Undeliverable", "error_data": { "details": "No account" } }]);
    let failed = status(json!({ "id": "w", "status": "failed", "errors": errors }));
    let expected = Status::Failed { reason: "No account".to_owned(), is_final: true };
    assert!(matches!(failed, Item::Notice(notice) if notice.status == expected));
}

#[test]
fn a_mail_knows_machines_and_its_place_in_a_conversation() {
    let read = |headers: &str| {
        let bytes = format!("From: ada@example.com\r\n{headers}\r\nHello\r\n");
        let mail::Mail::Letter(letter) = mail::read(bytes.as_bytes()).unwrap() else {
            panic!("a letter")
        };
        *letter
    };
    for (headers, automatic) in [
        ("", false),
        ("Auto-Submitted: no\r\n", false),
        ("Auto-Submitted: auto-generated\r\n", true),
        ("Precedence: bulk\r\n", true),
        ("Precedence: first-class\r\n", false),
        ("X-Autoreply: yes\r\n", true),
        ("X-Auto-Response-Suppress: All\r\n", true),
        ("Return-Path: <>\r\n", true),
        ("Return-Path: <ada@example.com>\r\n", false),
    ] {
        assert_eq!(read(headers).automatic, automatic, "{headers}");
    }
    let letter = read("References: <a@x> <b@x>\r\nIn-Reply-To: <b@x>\r\n");
    assert_eq!(letter.refers_to, ["b@x", "a@x"]);
    // Without a Message-ID the same bytes are the same mail, others are not.
    assert_eq!(read("").provider_id, read("").provider_id);
    assert_ne!(read("").provider_id, read("Subject: x\r\n").provider_id);
    let own = "0199a1b2-0000-7000-8000-0000000000c1";
    assert_eq!(mail::own_id(&format!("<{own}@crm.example.org>")), own.parse().ok());
    assert_eq!(mail::own_id("68001B29@example.com"), None);
}

proptest! {
    #[test]
    fn no_bytes_make_the_readers_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = mail::read(&bytes);
        let _ = twilio::item(&twilio::parameters(&bytes), None);
        if let Ok(value) = serde_json::from_slice::<Value>(&bytes) {
            let _ = whatsapp::items(&value);
        }
    }

    #[test]
    fn no_mail_makes_the_reader_panic(
        headers in prop::collection::vec("(From|To|Date|Content-Type|Content-Transfer-Encoding|\
            References|Message-ID|Subject): [ -~]{0,60}", 0..12),
        body in "(--[a-z]{0,3}\r\n|[ -~]{0,40}\r\n|\\PC{0,20}){0,12}",
    ) {
        let bytes = format!("{}\r\n\r\n{body}", headers.join("\r\n"));
        if let Ok(mail::Mail::Letter(letter)) = mail::read(bytes.as_bytes()) {
            let cleaned = letter.cleaned();
            prop_assert!(cleaned.from.chars().count() <= LONGEST_NAME);
            prop_assert!(!cleaned.text.unwrap_or_default().contains('\0'));
        }
    }
}
