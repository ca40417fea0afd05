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
