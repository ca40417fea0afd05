//! SMS and WhatsApp out: handed to the provider in its own format, and told of by its reports.

use std::time::Duration;

use automation::egress;
use automation::outbox::{self, CallSettings, Providers};
use serde_json::{Value, json};

use crate::app::{TestApp, column, rows};
use crate::hooks::{Connection, connected, twilio_report, whatsapp_report};
use crate::messages::{until_state, write};
use crate::provider::Provider;

/// A service that knows the providers under this address.
async fn sending(provider: &Provider) -> TestApp {
    let url = provider.url.clone();
    TestApp::start_sending(outbox::Settings {
        providers: Providers { twilio: url.clone(), whatsapp: url },
        calls: CallSettings {
            egress: egress::Settings { loopback: true, ..egress::Settings::default() },
            ..CallSettings::default()
        },
        backoff: vec![Duration::from_millis(50); 3],
        no_sender: Duration::from_millis(50),
        ..outbox::Settings::default()
    })
    .await
}

async fn ada(app: &TestApp) -> String {
    let phones = json!(["+44 20 7946 0958"]);
    app.customer(json!({ "type": "person", "first_name": "Ada", "phones": phones })).await
}

async fn by_twilio(app: &TestApp) -> Connection {
    connected(app, json!({ "provider": "twilio", "account_sid": "AC7", "from": "+15005550006" }))
        .await
}

async fn by_whatsapp(app: &TestApp) -> Connection {
    let fields = json!({ "provider": "whatsapp", "phone_number_id": "106540352242922",
        "access_token": "EAAG.token" });
    connected(app, fields).await
}

fn hello(channel: &str) -> Value {
    json!({ "channel": channel, "text": "Your order is ready" })
}

#[tokio::test(flavor = "multi_thread")]
async fn f148_an_sms_is_sent_by_twilio_and_its_reports_stand_on_the_timeline() {
    let taken = json!({ "account_sid": "AC7", "body": "x".repeat(1_500), "sid": "SM9",
        "status": "queued" });
    let provider = Provider::start(&[(201, taken)]).await;
    let app = sending(&provider).await;
    let (customer, connection) = (ada(&app).await, by_twilio(&app).await);
    let message = write(&app, &customer, hello("sms")).await;
    until_state(&app, &message, "sent").await;
    let asked = provider.asked(1).await;
    assert_eq!(asked[0].path, "/2010-04-01/Accounts/AC7/Messages.json");
    assert!(asked[0].authorization.starts_with("Basic "), "{:?}", asked[0]);
    let form: Vec<(String, String)> =
        form_urlencoded::parse(asked[0].body.as_bytes()).into_owned().collect();
    let field = |name: &str| form.iter().find(|(other, _)| other == name).unwrap().1.clone();
    assert_eq!((field("To"), field("From")), ("+442079460958".into(), "+15005550006".into()));
    assert_eq!(field("Body"), "Your order is ready");

    // Twilio calls the address that it was given with the message.
    let callback = field("StatusCallback");
    let path = callback.strip_prefix("https://crm.example.com").unwrap();
    assert!(path.starts_with(&connection.path), "{callback}");
    for status in ["sent", "delivered", "delivered"] {
        twilio_report(&app, path, &[("MessageSid", "SM9"), ("MessageStatus", status)]).await;
    }
    let told = app.events_of(&customer, "message.requested,message.sent,message.delivered").await;
    let told = column(&told, "type");
    assert_eq!(told, ["message.requested", "message.sent", "message.delivered"]);
    let read = app.get_fresh(&message).await.expect(200);
    assert!(read["delivered_at"].is_string(), "{read}");
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f148_a_whatsapp_message_is_sent_and_read() {
    let taken = json!({ "messaging_product": "whatsapp", "messages": [{ "id": "wamid.9" }] });
    let provider = Provider::start(&[(200, taken)]).await;
    let app = sending(&provider).await;
    let (customer, connection) = (ada(&app).await, by_whatsapp(&app).await);
    let message = write(&app, &customer, hello("whatsapp")).await;
    let asked = provider.asked(1).await;
    assert_eq!(asked[0].path, "/106540352242922/messages");
    assert_eq!(asked[0].authorization, "Bearer EAAG.token");
    let body: Value = serde_json::from_str(&asked[0].body).unwrap();
    assert_eq!((&body["type"], &body["to"]), (&json!("text"), &json!("+442079460958")));
    // A report that is there before the answer finds the message all the same.
    let own = &body["biz_opaque_callback_data"];
    for status in ["sent", "delivered", "read"] {
        let status = json!({ "id": "wamid.9", "status": status, "timestamp": "1700000000",
            "biz_opaque_callback_data": own });
        whatsapp_report(&app, &connection, &status).await;
    }
    let read = app.until(&message, |message| message["opened_at"].is_string()).await;
    assert!(read["delivered_at"].is_string() && read["state"] == "sent", "{read}");
    // An answer names the message by the provider's id.
    assert_eq!(app.events_of(&customer, "message.sent").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn f148_what_a_provider_refuses_is_given_up_with_its_words_and_the_rest_is_tried_again() {
    let refused = json!({ "code": 21211, "message": "Invalid 'To' Phone Number", "status": 400 });
    let busy = json!({ "code": 20429, "message": "Too Many Requests", "status": 429 });
    let taken = json!({ "sid": "SM1" });
    let provider =
        Provider::start(&[(400, refused), (429, busy), (503, json!({})), (201, taken)]).await;
    let app = sending(&provider).await;
    let customer = ada(&app).await;
    // Without a connection it waits.
    let first = write(&app, &customer, hello("sms")).await;
    by_twilio(&app).await;
    let failed = until_state(&app, &first, "failed").await;
    assert_eq!(failed["failure"], "Twilio: Invalid 'To' Phone Number (error 21211)");
    let second = write(&app, &customer, hello("sms")).await;
    until_state(&app, &second, "sent").await;
    assert_eq!(provider.asked(4).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn f160_automatic_messages_are_withheld_on_every_channel() {
    let provider = Provider::start(&[(201, json!({ "sid": "SM1" }))]).await;
    let app = sending(&provider).await;
    by_twilio(&app).await;
    for (what, reason) in [
        ("dormant", "dormant"),
        ("opt-outs/sms", "opted_out"),
        ("do-not-work-with", "do_not_work_with"),
    ] {
        let customer = ada(&app).await;
        let said = json!({ "reason": "They said so" });
        app.post(&format!("/v1/customers/{customer}/{what}"), said).await.expect(200);
        let mut message = hello("sms");
        message["asked_by"] = json!("automatic");
        let path = format!("/v1/customers/{customer}/messages");
        app.post(&path, message).await.expect(201);
        assert_eq!(column(&rows(&app.get_fresh(&path).await), "withheld"), [reason]);
    }
    let customer = ada(&app).await;
    let out = format!("/v1/customers/{customer}/opt-outs/whatsapp");
    app.post(&out, json!({ "reason": "They said so" })).await.expect(200);
    let path = format!("/v1/customers/{customer}/messages");
    app.post(&path, hello("whatsapp")).await.refused(422, "recipient_opted_out");
    let long = json!({ "channel": "sms", "text": "x".repeat(1_601) });
    app.post(&path, long).await.refused(422, "message_too_long");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_sends_with_all_that_its_provider_asks_for_and_shows_no_secret() {
    let app = TestApp::start().await;
    by_whatsapp(&app).await;
    let listed = app.get("/v1/connections").await;
    assert!(!listed.text.contains("EAAG"), "{}", listed.text);
    let row = &rows(&listed)[0];
    assert_eq!((&row["sends"], &row["phone_number_id"]), (&json!(true), &json!("106540352242922")));
    let wrong = async |fields: Value| {
        let mut body =
            json!({ "name": "x", "secret": "12345678", "base_url": "https://a.example" });
        for (field, value) in fields.as_object().unwrap() {
            body[field] = value.clone();
        }
        app.post("/v1/connections", body).await
    };
    let half = wrong(json!({ "provider": "twilio", "account_sid": "AC1" })).await;
    half.wrong_field("/from", "missing_field");
    let foreign = wrong(json!({ "provider": "stripe", "from": "+4420" })).await;
    foreign.wrong_field("/from", "invalid_field");
    let path = json!({ "provider": "twilio", "account_sid": "../x", "from": "+4420" });
    wrong(path).await.wrong_field("/account_sid", "invalid_field");
}
