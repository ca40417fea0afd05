use serde_json::json;

use super::*;

const MESSAGE: Uuid = Uuid::from_u128(7);

fn account() -> Account {
    Account {
        id: "AC1".to_owned(),
        sender: Some("+15005550006".to_owned()),
        secret: "token".to_owned(),
        reports: Some("https://crm.example/hooks/twilio/x".to_owned()),
    }
}

fn answer(status: u16, body: &serde_json::Value) -> Answer {
    Answer { status, retry_after: None, text: Some(body.to_string()) }
}

#[test]
fn twilio_takes_a_form_with_the_accounts_login() {
    let call = twilio::call("https://api", &account(), MESSAGE, "+4420", "Hi & bye");
    assert_eq!(call.url, "https://api/2010-04-01/Accounts/AC1/Messages.json");
    assert_eq!(
        call.body,
        "To=%2B4420&Body=Hi+%26+bye&From=%2B15005550006&StatusCallback=https%3A%2F%2Fcrm.example\
         %2Fhooks%2Ftwilio%2Fx%3Fmessage%3D00000000-0000-0000-0000-000000000007"
    );
    assert_eq!(call.headers["authorization"], "Basic QUMxOnRva2Vu");
    assert!(call.headers["authorization"].is_sensitive());
    assert_eq!(call.headers["content-type"], "application/x-www-form-urlencoded");
}

#[test]
fn whatsapp_takes_json_with_a_bearer_token() {
    let call = whatsapp::call("https://graph/v23.0", &account(), MESSAGE, "+4420", "Hi");
    assert_eq!(call.url, "https://graph/v23.0/AC1/messages");
    let body: serde_json::Value = serde_json::from_str(&call.body).unwrap();
    assert_eq!((&body["to"], &body["text"]["body"]), (&json!("+4420"), &json!("Hi")));
    assert_eq!(body["biz_opaque_callback_data"], json!(MESSAGE));
    assert_eq!(call.headers["authorization"], "Bearer token");
}

#[test]
fn what_a_provider_answers_says_whether_to_try_again() {
    let sid = json!({ "sid": "SM1", "status": "queued" });
    assert_eq!(judged(Provider::Twilio, &answer(201, &sid)), Handed::Taken(Some("SM1".to_owned())));
    let id = json!({ "messages": [{ "id": "wamid.1" }] });
    assert_eq!(
        judged(Provider::Whatsapp, &answer(200, &id)),
        Handed::Taken(Some("wamid.1".to_owned()))
    );

    let invalid = json!({ "code": 21211, "message": "Invalid 'To' Phone Number", "status": 400 });
    let reason = "Twilio: Invalid 'To' Phone Number (error 21211)".to_owned();
    assert_eq!(
        judged(Provider::Twilio, &answer(400, &invalid)),
        Handed::Refused(Trouble::Lasting(reason))
    );
    let error = json!({ "error": { "message": "(#131030)", "code": 131_030,
        "error_data": { "details": "Recipient phone number not in allowed list" } } });
    let reason = "WhatsApp: Recipient phone number not in allowed list (error 131030)".to_owned();
    assert_eq!(
        judged(Provider::Whatsapp, &answer(400, &error)),
        Handed::Refused(Trouble::Lasting(reason))
    );

    for status in [429, 500, 503] {
        let tried_again = judged(Provider::Twilio, &answer(status, &json!({})));
        let reason = format!("twilio answered {status}");
        assert_eq!(tried_again, Handed::Refused(Trouble::Passing(reason)));
    }
    let moved = judged(Provider::Whatsapp, &answer(302, &json!({})));
    assert_eq!(moved, Handed::Refused(Trouble::Lasting("whatsapp answered 302".to_owned())));
}
