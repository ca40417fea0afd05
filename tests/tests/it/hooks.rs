//! What providers deliver: WhatsApp's Cloud API and Twilio, in their own formats and signatures.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;

use crate::app::{Answer, Person, TestApp, column, rows, send};
use crate::inbound::UNMATCHED;
use crate::stripe::stripe;

pub(crate) const SECRET: &str = "app-secret-of-the-provider";

/// A connection as it was made, with what was shown once.
pub(crate) struct Connection {
    pub(crate) id: String,
    pub(crate) path: String,
    verify_token: Value,
}

pub(crate) async fn connect(app: &Person, provider: &str) -> Connection {
    connected(app, json!({ "provider": provider })).await
}

/// A connection with these fields beside the usual ones.
pub(crate) async fn connected(app: &Person, mut body: Value) -> Connection {
    body["name"] = body["provider"].clone();
    body["secret"] = json!(SECRET);
    if body["provider"] == "twilio" {
        body["base_url"] = json!("https://crm.example.com/");
    }
    let made = app.post("/v1/connections", body).await.expect(201);
    Connection {
        id: made["id"].as_str().unwrap().to_owned(),
        path: made["path"].as_str().unwrap().to_owned(),
        verify_token: made["verify_token"].clone(),
    }
}

fn signed_by_whatsapp(body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// Posts without a token, as a provider does.
pub(crate) async fn deliver(
    app: &Person,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Answer {
    let request = Client::new().post(app.url(path)).body(body);
    send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

async fn whatsapp(app: &Person, to: &Connection, delivery: &str) -> Answer {
    let signature = signed_by_whatsapp(delivery.as_bytes());
    let headers = [("X-Hub-Signature-256", signature.as_str())];
    deliver(app, &to.path, &headers, delivery.into()).await
}

fn signed_by_twilio(path: &str, fields: &[(&str, &str)]) -> String {
    let mut signed = format!("https://crm.example.com{path}");
    for (name, value) in fields.iter().copied().collect::<BTreeMap<_, _>>() {
        signed.push_str(name);
        signed.push_str(value);
    }
    let mut mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes()
}

async fn twilio(app: &Person, to: &Connection, fields: &[(&str, &str)]) -> Answer {
    let signature = signed_by_twilio(&to.path, fields);
    let headers = [("X-Twilio-Signature", signature.as_str())];
    deliver(app, &to.path, &headers, form(fields)).await
}

/// What Twilio tells of a message of ours, at the address that was given along.
pub(crate) async fn twilio_report(app: &Person, path: &str, fields: &[(&str, &str)]) {
    let signature = signed_by_twilio(path, fields);
    let headers = [("X-Twilio-Signature", signature.as_str())];
    deliver(app, path, &headers, form(fields)).await;
}

/// The same of WhatsApp.
pub(crate) async fn whatsapp_report(app: &Person, to: &Connection, status: &Value) {
    let value = json!({ "messaging_product": "whatsapp", "statuses": [status] });
    let change = json!({ "field": "messages", "value": value });
    let delivery = json!({ "entry": [{ "id": "1", "changes": [change] }] });
    whatsapp(app, to, &delivery.to_string()).await.expect(200);
}

/// A delivery that is taken, to the door of this operation.
pub(crate) async fn example(app: &Person, operation: &str) -> Answer {
    let provider = operation.split('_').nth(1).unwrap();
    let connection = connect(app, provider).await;
    match operation {
        "hooks_whatsapp" => whatsapp(app, &connection, "{}").await,
        "hooks_whatsapp_handshake" => {
            let word = connection.verify_token.as_str().unwrap();
            let query = format!("hub.mode=subscribe&hub.challenge=1&hub.verify_token={word}");
            send(Client::new().get(app.url(&format!("{}?{query}", connection.path)))).await
        }
        "hooks_stripe" => stripe(app, &connection, &json!({})).await,
        "hooks_twilio" => twilio(app, &connection, &[("MessageSid", "SM0")]).await,
        other => panic!("no example for {other}"),
    }
}

async fn with_phone(app: &TestApp, first: &str, number: &str) -> String {
    let body = json!({ "type": "person", "first_name": first, "phones": [number] });
    app.customer(body).await
}

async fn received(app: &TestApp, customer: &str) -> Vec<Value> {
    app.events_of(customer, "message.received").await
}

/// The samples of a file, by name; each with ids of its own, as real deliveries have.
fn samples(file: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(format!("data/inbound/whatsapp/{file}.json")).unwrap();
    let samples: Value = serde_json::from_str(&text).unwrap();
    let own = |(name, delivery): (&String, &Value)| {
        let delivery = delivery.to_string().replace("\"wamid.", &format!("\"wamid.{name}."));
        (name.clone(), delivery)
    };
    samples.as_object().unwrap().iter().map(own).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn f189_every_kind_of_whatsapp_message_lands_on_the_record_of_its_sender() {
    let app = TestApp::start().await;
    let id = with_phone(&app, "Ada", "00972 98 765 43 21").await;
    let connection = connect(&app, "whatsapp").await;
    let said = [
        ("text", "Body Text"),
        ("image", "[image]"),
        ("media_with_url", "[image]"),
        ("video", "caption"),
        ("document", "caption"),
        ("audio", "[audio]"),
        ("voice", "[audio]"),
        ("static_sticker", "[sticker]"),
        ("animated_sticker", "[sticker]"),
        ("reaction", "\u{1f62e}"),
        ("unreaction_empty", "[reaction]"),
        ("unreaction_no_emoji", "[reaction]"),
        ("current_location", "12.25089, 43.90539"),
        ("chosen_location", "Facebook HQ"),
        ("contacts", "Chandler Bing, +1 555-555-5555"),
        ("order", "3 x HAMBURGER at 30 ILS"),
        ("unsupported", "Message type unknown"),
        ("unsupported_with_type", "Message type unknown"),
        ("reply", "replied text"),
        ("forwarded", "forwarded text"),
        ("forwarded_many_times", "text forwarded many times"),
        ("interactive_message_with_err", "[interactive]"),
        ("referral", "BODY"),
        ("callback", "title"),
        ("description", "title\ndescription"),
        ("accept", "accept"),
        ("reject", "reject"),
    ];
    let files = ["message", "callback_selection", "call_permission_update"];
    let deliveries: Vec<_> = files.into_iter().flat_map(samples).collect();
    assert_eq!(deliveries.len(), said.len());
    for (name, delivery) in deliveries {
        let taken = whatsapp(&app, &connection, &delivery).await.expect(200);
        assert_eq!(taken, json!({ "recorded": 1, "unmatched": 0, "ignored": 0 }), "{name}");
        let event = received(&app, &id).await.pop().unwrap();
        let text = event["data"]["text"].as_str().unwrap();
        let (_, expected) = said.iter().find(|(known, _)| *known == name).unwrap();
        assert!(text.contains(expected), "{name}: {text}");
        // Again, as WhatsApp does where an answer was lost.
        whatsapp(&app, &connection, &delivery).await.expect(200);
    }
    let events = received(&app, &id).await;
    assert_eq!(events.len(), said.len());
    assert_eq!(events[0]["data"]["from"], "+972987654321");
    assert_eq!(events[0]["occurredat"], "2023-10-11T16:53:43.000000Z");
    let document = events.iter().find(|event| event["data"]["attachments"][0] == "filename.pdf");
    assert!(document.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_whatsapp_tells_beside_messages_is_taken_and_passed_over() {
    let app = TestApp::start().await;
    let connection = connect(&app, "whatsapp").await;
    let files = [
        "account_update",
        "call_terminate",
        "outgoing_message",
        "template_category_update",
        "template_quality_update",
        "user_marketing_preferences",
    ];
    for (name, delivery) in files.into_iter().flat_map(samples) {
        let taken = whatsapp(&app, &connection, &delivery).await.expect(200);
        assert_eq!(taken, json!({ "recorded": 0, "unmatched": 0, "ignored": 1 }), "{name}");
    }
    let (_, edited) = samples("edited_message").remove(0);
    assert_eq!(whatsapp(&app, &connection, &edited).await.expect(200)["unmatched"], 1);
    // What became of messages that others sent through the same number.
    let statuses: Vec<Value> = ["sent", "delivered", "read", "failed", "deleted"]
        .iter()
        .map(|status| json!({ "id": "wamid.other", "status": status, "timestamp": "1697043223" }))
        .collect();
    let delivery = json!({ "object": "whatsapp_business_account", "entry": [{ "changes": [
        { "field": "messages", "value": { "statuses": statuses } }] }] });
    let taken = whatsapp(&app, &connection, &delivery.to_string()).await.expect(200);
    assert_eq!(taken["ignored"], 5);
    for odd in ["{}", "[]", "null", r#"{"entry":[{"changes":[{"field":"messages","value":1}]}]}"#] {
        assert_eq!(whatsapp(&app, &connection, odd).await.expect(200)["recorded"], 0, "{odd}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatsapp_introduces_itself_by_the_word_that_was_agreed_on() {
    let app = TestApp::start().await;
    let connection = connect(&app, "whatsapp").await;
    let word = connection.verify_token.as_str().unwrap();
    let ask = async |word: &str| {
        let query = format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={word}");
        send(Client::new().get(app.url(&format!("{}?{query}", connection.path)))).await
    };
    let answer = ask(word).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "1158201444"));
    ask("another").await.refused(401, "invalid_signature");
    send(Client::new().get(app.url(&connection.path))).await.refused(401, "invalid_signature");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_signed_by_the_provider_is_not_taken() {
    let app = TestApp::start().await;
    let whatsapp_door = connect(&app, "whatsapp").await;
    let twilio_door = connect(&app, "twilio").await;
    let (_, delivery) = samples("message").remove(0);
    let good = signed_by_whatsapp(delivery.as_bytes());
    let forged = delivery.replace("Body Text", "Pay to another account");
    let header = "X-Hub-Signature-256";
    for (headers, body) in [
        (vec![(header, good.as_str())], forged.as_str()),
        (vec![(header, "sha256=00")], &delivery),
        (vec![("X-Hub-Signature", good.as_str())], &delivery),
        (vec![], &delivery),
    ] {
        let answer = deliver(&app, &whatsapp_door.path, &headers, body.into()).await;
        answer.refused(401, "invalid_signature");
    }
    let fields = [("MessageSid", "SM1"), ("From", "+442079460958"), ("Body", "Hello")];
    let good = signed_by_twilio(&twilio_door.path, &fields);
    let header = [("X-Twilio-Signature", good.as_str())];
    let other = form(&[("MessageSid", "SM1"), ("From", "+442079460958"), ("Body", "Other")]);
    deliver(&app, &twilio_door.path, &header, other).await.refused(401, "invalid_signature");
    // The signature covers the address too, its query included.
    let elsewhere = format!("{}?x=1", twilio_door.path);
    deliver(&app, &elsewhere, &header, form(&fields)).await.refused(401, "invalid_signature");
    let unknown = format!("/hooks/whatsapp/{}", "0".repeat(64));
    deliver(&app, &unknown, &[], delivery.clone().into()).await.refused(404, "not_found");
    // A door of one provider is none of another.
    let crossed = whatsapp_door.path.replace("whatsapp", "twilio");
    deliver(&app, &crossed, &[], form(&fields)).await.refused(404, "not_found");
    let broken = "{\"entry\":";
    whatsapp(&app, &whatsapp_door, broken).await.refused(400, "malformed_json");
    let huge = vec![b' '; 5 * 1024 * 1024];
    deliver(&app, &whatsapp_door.path, &[], huge).await.refused(413, "body_too_large");
    assert!(rows(&app.get_fresh(UNMATCHED).await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_shown_once_and_end_when_they_are_deleted() {
    let app = TestApp::start().await;
    let connection = connect(&app, "whatsapp").await;
    connect(&app, "twilio").await;
    let listed = app.get("/v1/connections").await;
    assert_eq!(column(&rows(&listed), "provider"), ["whatsapp", "twilio"]);
    let secret = connection.path.rsplit('/').next().unwrap();
    assert!(!listed.text.contains(secret) && !listed.text.contains(SECRET), "{}", listed.text);
    // What lies in the database opens nothing.
    let stored = "SELECT string_agg(row_to_json(c)::text, '') FROM state.connection c";
    let stored: String = app.superuser().await.query_one(stored, &[]).await.unwrap().get(0);
    assert!(!stored.contains(secret) && !stored.contains(&hex::encode(SECRET)), "{stored}");
    for (wrong, pointer, code) in [
        (
            json!({ "provider": "pigeon", "name": "x", "secret": SECRET }),
            "/provider",
            "invalid_field",
        ),
        (
            json!({ "provider": "whatsapp", "name": "x", "secret": "short" }),
            "/secret",
            "invalid_field",
        ),
        (
            json!({ "provider": "twilio", "name": "x", "secret": SECRET }),
            "/base_url",
            "missing_field",
        ),
        (
            json!({ "provider": "twilio", "name": "x", "secret": SECRET, "base_url": "crm" }),
            "/base_url",
            "invalid_field",
        ),
    ] {
        app.post("/v1/connections", wrong).await.wrong_field(pointer, code);
    }
    let manager = app.user(&["manager"]).await;
    manager.get("/v1/connections").await.denied("connection.admin");
    let body = json!({ "provider": "whatsapp", "name": "x", "secret": SECRET });
    manager.post("/v1/connections", body).await.denied("connection.admin");
    let place = format!("/v1/connections/{}", connection.id);
    manager.delete(&place).await.denied("connection.admin");
    let elsewhere = app.abroad().await;
    assert!(rows(&elsewhere.get("/v1/connections").await).is_empty());
    elsewhere.delete(&place).await.refused(404, "not_found");
    assert_eq!(app.delete(&place).await.status, 204);
    app.delete(&place).await.refused(404, "not_found");
    whatsapp(&app, &connection, "{}").await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn f189_a_number_is_known_in_any_writing() {
    let app = TestApp::start().await;
    let connection = connect(&app, "twilio").await;
    let writings = [
        ("+44 20 7946 0958", "+442079460958"),
        ("0044 (0)20-7946 0959", "+442079460959"),
        ("020 7946 0960", "+442079460960"),
        ("tel. 020/7946.0961", "+442079460961"),
    ];
    for (number, (typed, carried)) in writings.into_iter().enumerate() {
        let id = with_phone(&app, "Ada", typed).await;
        for (prefix, channel) in [("", "sms"), ("whatsapp:", "whatsapp")] {
            let from = format!("{prefix}{carried}");
            let sid = format!("SM{number}{channel}");
            let to = format!("{prefix}+442079460000");
            let fields = [
                ("MessageSid", sid.as_str()),
                ("From", &from),
                ("To", &to),
                ("Body", "Hello & bye"),
            ];
            let answer = twilio(&app, &connection, &fields).await;
            assert_eq!((answer.status, answer.text.as_str()), (200, "<Response/>"));
            let event = received(&app, &id).await.pop().unwrap_or_else(|| panic!("{typed}"));
            assert_eq!(event["data"]["channel"], channel);
            assert_eq!(event["data"]["text"], "Hello & bye");
            assert_eq!(event["data"]["to"], "+442079460000");
        }
    }
    // What Twilio tells of messages that others sent by it.
    for status in ["queued", "sent", "delivered", "undelivered", "read"] {
        let fields = [("MessageSid", "SM9"), ("MessageStatus", status), ("To", "+442079460958")];
        assert_eq!(twilio(&app, &connection, &fields).await.status, 200, "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f189_a_number_that_several_have_waits_for_somebody_to_choose() {
    let app = TestApp::start().await;
    let connection = connect(&app, "twilio").await;
    let mut both = vec![
        with_phone(&app, "Ada", "+44 20 7946 0958").await,
        with_phone(&app, "Ben", "020 7946 0958").await,
    ];
    both.sort();
    let fields = [
        ("MessageSid", "MM1"),
        ("From", "+442079460958"),
        ("Body", "Hello"),
        ("NumMedia", "1"),
        ("MediaContentType0", "image/jpeg"),
    ];
    // Delivered four times at once.
    let times = tokio::join!(
        twilio(&app, &connection, &fields),
        twilio(&app, &connection, &fields),
        twilio(&app, &connection, &fields),
        twilio(&app, &connection, &fields),
    );
    for answer in [times.0, times.1, times.2, times.3] {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    let waiting = rows(&app.get_fresh(UNMATCHED).await);
    assert_eq!(waiting.len(), 1);
    let mut candidates: Vec<String> = waiting[0]["candidates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect();
    candidates.sort();
    assert_eq!(candidates, both);
    assert_eq!(waiting[0]["attachments"], json!(["image/jpeg"]));
    // Once one of them is in the archive, the other one is meant.
    app.post(&format!("/v1/customers/{}/archive", both[0]), json!({})).await.expect(200);
    let fields = [("MessageSid", "SM2"), ("From", "+442079460958"), ("Body", "Again")];
    twilio(&app, &connection, &fields).await;
    assert_eq!(received(&app, &both[1]).await.len(), 1);
    let request = app.request(Method::GET, UNMATCHED);
    assert_eq!(rows(&app.fresh(request).await).len(), 1);
}
