use domain::webhook::{Definition, Order, Payload};
use serde_json::json;

use super::*;

fn definition(payload: Payload) -> Definition {
    Definition {
        url: "https://hooks.example.com".to_owned(),
        types: Vec::new(),
        filter: None,
        payload,
        order: Order::Any,
    }
}

#[test]
fn the_schedule_is_that_of_standard_webhooks() {
    let hours: u64 = Settings::default().backoff.iter().map(Duration::as_secs).sum::<u64>() / 3_600;
    assert_eq!((Settings::default().backoff.len(), hours), (9, 75));
}

#[test]
fn a_thin_body_says_that_it_happened_and_not_what() {
    let envelope = json!({ "id": "1", "summary": "tagged as vip", "data": { "tag": "vip" } });
    let thin = told::body(&definition(Payload::Thin), envelope.clone());
    assert_eq!(thin, r#"{"id":"1"}"#);
    assert_eq!(told::body(&definition(Payload::Full), envelope.clone()), envelope.to_string());
}

/// The example of the specification.
#[test]
fn a_signature_is_that_of_the_specification() {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let webhook = standardwebhooks::Webhook::new(secret).unwrap();
    let body = br#"{"test": 2432232314}"#;
    let signature = webhook.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body).unwrap();
    assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn both_secrets_sign_what_is_sent() {
    let headers = sign::headers("1_2", "{}", &[sign::new_secret(), sign::new_secret()]).unwrap();
    let signature = headers.get("webhook-signature").unwrap().to_str().unwrap();
    assert_eq!(signature.split(' ').filter(|one| one.starts_with("v1,")).count(), 2);
    assert_eq!(headers.get("webhook-id").unwrap(), "1_2");
    assert!(sign::shown(&[0; 32]).starts_with("whsec_"));
}
