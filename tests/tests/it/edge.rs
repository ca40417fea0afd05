//! The edge: what every answer says to browsers, and how much of anything is taken in.

use std::collections::BTreeSet;

use api::openapi::operations;
use api::server::Door;
use reqwest::Method;
use serde_json::json;

use crate::app::{Answer, Person, TestApp, send};

const POLICY_OF_DATA: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[track_caller]
fn is_safe(answer: &Answer, what: &str) {
    assert!(answer.header("dossier-request-id").starts_with("req_"), "{what}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{what}");
    }
    assert!(answer.header("permissions-policy").contains("camera=()"), "{what}");
    assert!(answer.header("cache-control").contains("no-"), "{what}");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'"), "{what}: {policy}");
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"));
    assert!(!policy.contains("script-src 'unsafe") && !policy.contains("unsafe-eval"), "{policy}");
    assert!(!answer.headers.contains_key("access-control-allow-origin"), "{what}");
    assert!(!answer.headers.contains_key("server"), "{what}");
}

/// A call of every operation with the ids of the reference, which name nothing here.
async fn call_all(person: &Person) -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    for operation in operations() {
        // A feed does not come to its end.
        if operation.id == "events_stream" {
            continue;
        }
        let mut path = operation.path.to_owned();
        for (name, value) in operation.path_values {
            path = path.replace(&format!("{{{name}}}"), &value);
        }
        let method = Method::from_bytes(operation.method.to_uppercase().as_bytes()).unwrap();
        let mut request = person.request(method, &path);
        if let Some(body) = operation.body {
            request = request.json(&body);
        }
        answers.push((format!("{} {path}", operation.method), send(request).await));
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_with_safe_headers_whoever_asks() {
    let app = TestApp::start().await;
    let stranger = app.with_token(&json!("dsr_pat_nobodys"));
    let mut seen = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for person in [&*app, &stranger] {
        for (what, answer) in call_all(person).await {
            is_safe(&answer, &what);
            seen.insert(answer.status);
            assert!(ids.insert(answer.header("dossier-request-id").to_owned()), "{what}");
            assert!(!answer.headers.contains_key("strict-transport-security"), "{what}");
            assert_ne!(answer.status, 500, "{what}: {}", answer.text);
        }
    }
    assert!([200, 201, 401, 404, 422].iter().all(|status| seen.contains(status)), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_every_kind_have_safe_headers() {
    let app = TestApp::start().await;
    let json = |body: &'static str| {
        let request = app.request(Method::POST, "/v1/customers");
        request.header("content-type", "application/json").body(body)
    };
    for (status, request) in [
        (404, app.request(Method::GET, "/nowhere")),
        (404, app.request(Method::GET, "/docs/nothing.css")),
        (405, app.request(Method::DELETE, "/healthz")),
        (400, app.request(Method::GET, "/v1/customers?nothing=1")),
        (400, json("{")),
        (422, json("[]")),
        (415, app.request(Method::POST, "/v1/customers").body("x")),
        (413, app.request(Method::POST, "/v1/customers").body(vec![b' '; 1024 * 1024 + 1])),
    ] {
        let answer = send(request).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        is_safe(&answer, &answer.text);
        assert_eq!(answer.header("content-security-policy"), POLICY_OF_DATA);
    }
}

/// By http on this machine there is nothing to enforce; by https there is, on every answer.
#[tokio::test(flavor = "multi_thread")]
async fn by_https_browsers_are_told_to_come_no_other_way() {
    let app = TestApp::start_behind(Door { https: true }).await;
    for path in ["/", "/v1/customers", "/nowhere", "/docs/", "/v1/customers?nothing=1"] {
        let answer = app.get(path).await;
        let told = answer.header("strict-transport-security");
        assert_eq!(told, "max-age=63072000; includeSubDomains", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_name_the_nonce_of_this_very_answer() {
    let app = TestApp::start().await;
    for path in ["/", "/docs/errors", "/docs/errors/not_found"] {
        let (first, second) = (app.get(path).await, app.get(path).await);
        let (policy, other) =
            (first.header("content-security-policy"), second.header("content-security-policy"));
        assert_ne!(policy, other, "{path}");
        let (_, nonce) = policy.split_once("'nonce-").unwrap();
        let (nonce, _) = nonce.split_once('\'').unwrap();
        assert!(first.text.contains(&format!("<style nonce=\"{nonce}\">")), "{path}");
        assert!(!first.text.contains("<script") && !first.text.contains(" style="), "{path}");
    }
    // The reader of the reference has a policy of its own, and every file of it goes by that.
    let index = app.get("/docs/").await;
    let policy = index.header("content-security-policy");
    assert!(policy.contains("script-src 'self'; style-src 'self' 'unsafe-inline'"), "{policy}");
    assert!(index.text.contains("<script src=") && !index.text.contains("<script>"));
}

const CARD: &str = "4111 1111 1111 1111";

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_a_card_is_refused_wherever_somebody_writes_it() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let text = format!("She paid with {CARD}, valid until 12/27");
    let events = app.history(&id).await;
    let of_customer = |path: &str| format!("/v1/customers/{id}/{path}");
    for (path, body, pointer) in [
        (of_customer("notes"), json!({ "text": text, "scope": "internal" }), "/text"),
        (of_customer("interactions"), json!({ "type": "call", "note": text }), "/note"),
        (of_customer("tags"), json!({ "tag": "4111-1111-1111-1111" }), "/tag"),
        (of_customer("risk-flags"), json!({ "type": "fraud", "reason": text }), "/reason"),
        (of_customer("phones"), json!({ "number": "5555555555554444" }), "/number"),
        (of_customer("dormant"), json!({ "reason": text }), "/reason"),
        ("/v1/customers".to_owned(), json!({ "type": "person", "last_name": text }), "/last_name"),
        ("/v1/tasks".to_owned(), json!({ "title": text }), "/title"),
        ("/v1/tasks".to_owned(), json!({ "title": "x", "note": text }), "/note"),
        ("/v1/folders".to_owned(), json!({ "name": text, "statuses": ["a"] }), "/name"),
        ("/v1/tokens".to_owned(), json!({ "name": text }), "/name"),
        (
            of_customer("messages"),
            json!({ "channel": "email", "subject": text, "text": "Hello" }),
            "/subject",
        ),
        (
            of_customer("messages"),
            json!({ "channel": "email", "subject": "Hello", "text": text }),
            "/text",
        ),
        (
            "/v1/automation/rules".to_owned(),
            json!({ "name": "x", "trigger": { "events": ["customer.tagged"] },
                "then": [{ "action": "create_task", "title": text }] }),
            "/then/0/title",
        ),
        (
            "/v1/orders".to_owned(),
            json!({ "customer": id, "source": "shop", "number": "1", "currency": "EUR",
                "placed_at": "2026-11-20T10:00:00Z", "lines": [{ "item_code": "a",
                "description": text, "quantity": "1", "unit_price": "1" }] }),
            "/lines/0/description",
        ),
    ] {
        let answer = app.post(&path, body).await;
        let problem = answer.refused(422, "card_number_refused");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{path}: {}", answer.text);
        assert_eq!(problem["errors"][0]["code"], "card_number_refused");
        assert!(problem["detail"].as_str().unwrap().contains("of a payment card"));
        assert!(!answer.text.contains("4111") && !answer.text.contains("5555"), "{}", answer.text);
    }
    let patch = app.patch(&format!("/v1/customers/{id}"), json!({ "last_name": text })).await;
    patch.refused(422, "card_number_refused");
    let command = json!({ "type": "task.add", "data": { "title": text } });
    let problem = app.post("/v1/commands", command).await.refused(422, "card_number_refused");
    assert_eq!(problem["errors"][0]["pointer"], "/data/title");
    let cause = [("Dossier-Causation-Id", CARD)];
    let caused = app.post_with(&of_customer("tags"), &cause, json!({ "tag": "vip" })).await;
    caused.refused(400, "invalid_header");
    assert_eq!(app.history(&id).await, events);
    // What others number their things by is no text.
    let number = json!({ "source": "shop", "id": "4111111111111111" });
    app.post(&of_customer("external-ids"), number).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_with_the_number_of_a_card_is_reported_without_it() {
    let app = TestApp::start().await;
    let file = "external_id,first_name,last_name,email\n\
        1,Ada,Byron,ada@example.com\n\
        2,Grace,4111-1111-1111-1111,grace@example.com\n\
        3,5555 5555 5555 4444,Hopper,5555555555554444@\n";
    let job = app.import("kind=customers&source=shop", file.into()).await;
    assert_eq!(job["created"], 1, "{job}");
    assert_eq!(job["failed"], 2, "{job}");
    let report = app.get(&format!("/v1/jobs/{}/report", job["id"].as_str().unwrap())).await;
    let text = &report.text;
    assert_eq!(text.matches("card_number_refused").count(), 2, "{text}");
    assert!(!text.contains("4111") && !text.contains("5555"), "{text}");
}

/// What comes from outside is not lost for the number of a card in it, and the number is not kept.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_card_in_a_mail_from_outside_the_last_four_digits_are_kept() {
    let app = TestApp::start().await;
    let id = app
        .customer(json!({ "type": "person", "last_name": "Byron", "emails": ["ada@example.com"] }))
        .await;
    let mail = format!(
        "From: Ada <ada@example.com>\r\nTo: us@example.com\r\nMessage-ID: <1@example.com>\r\n\
         Subject: My card {CARD}\r\nContent-Type: text/plain\r\n\r\nTake 5555-5555-5555-4444 please\r\n"
    );
    let request = app.request(Method::POST, "/v1/inbound/mail");
    send(request.header("content-type", "message/rfc822").body(mail)).await.expect(200);
    let events = app.events_of(&id, "message.received").await;
    let event = events.first().unwrap().to_string();
    assert!(event.contains("My card **** **** **** 1111"), "{event}");
    assert!(event.contains("Take ****-****-****-4444 please"), "{event}");
}
