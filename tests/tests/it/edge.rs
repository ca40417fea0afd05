//! The edge: what every answer says to browsers, and how much of anything is taken in.

use std::collections::BTreeSet;

use api::openapi::operations;
use api::server::{Door, Rates};
use reqwest::Method;
use serde_json::json;

use crate::app::{Answer, DataDir, Person, TestApp, send};
use crate::process::tool;

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
    let app = TestApp::start_behind(Door { https: true, ..Door::default() }).await;
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
        let nonce = format!(" nonce=\"{nonce}\"");
        assert!(first.text.contains(&nonce), "{path}");
        // With or without the page in the program: nothing runs that stands in the text.
        for (_, rest) in first.text.match_indices('<').map(|(at, _)| first.text.split_at(at)) {
            let tag = rest.split('>').next().unwrap();
            assert!(!tag.starts_with("<script") || tag.contains(" src=\""), "{path}: {tag}");
            assert!(!tag.starts_with("<style") || tag.ends_with(&nonce), "{path}: {tag}");
            assert!(!tag.contains(" style="), "{path}: {tag}");
        }
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

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_too_long_too_deep_or_too_much_is_refused_with_its_limit() {
    let app = TestApp::start().await;
    let get = |path: String| app.request(Method::GET, &path);
    let with_header =
        |size: usize| app.request(Method::GET, "/v1/customers").header("x-long", "x".repeat(size));
    let body = |text: String| {
        let request = app.request(Method::POST, "/v1/customers");
        request.header("content-type", "application/json").body(text)
    };
    let nested = |depth: usize| format!("{{\"x\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
    let filters = |count: usize| {
        let one = |index: usize| format!("filter%5Bstatus%5D={index}");
        let all: Vec<String> = (0..count).map(one).collect();
        format!("/v1/customers?{}", all.join("&"))
    };
    for (request, status, code) in [
        (get(format!("/v1/customers?q={}", "x".repeat(8_200))), 414, "address_too_long"),
        (get(format!("/v1/customers/{}", "x".repeat(8_200))), 414, "address_too_long"),
        (get(format!("/v1/customers?after={}", "x".repeat(7_000))), 400, "invalid_parameter"),
        (get(filters(101)), 400, "too_many_parameters"),
        (get("/v1/customers?limit=201".to_owned()), 400, "invalid_parameter"),
        (with_header(17 * 1024), 431, "headers_too_large"),
        (body(nested(32)), 400, "json_too_deep"),
        (body(nested(31)), 422, "unknown_field"),
        (body(nested(5_000)), 400, "json_too_deep"),
        (body(format!("\"{}\"", "x".repeat(1024 * 1024))), 413, "body_too_large"),
    ] {
        let answer = send(request).await;
        assert_eq!(answer.status, status, "{code}: {}", answer.text);
        let problem = answer.json();
        let codes = [&problem["code"], &problem["errors"][0]["code"]];
        assert!(codes.contains(&&json!(code)), "{}", answer.text);
        is_safe(&answer, code);
    }
    send(with_header(15 * 1024)).await.expect(200);
    // Beyond what is read at once the server's library answers, without a body.
    assert_eq!(send(with_header(100 * 1024)).await.status, 431);
    app.get("/v1/customers").await.expect(200);
}

fn rates(reads: u32, writes: u32, burst: u32) -> Door {
    Door { rates: Some(Rates { reads: Some(reads), writes: Some(writes), burst }), https: false }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_too_fast_is_told_when_to_come_back_and_others_are_not_held_up() {
    let app = TestApp::start().await;
    let token = app.user(&["sales"]).await.token;
    app.get_fresh("/v1/customers").await.expect(200);
    // So slow that nothing comes in while the test runs.
    let app = app.restart_behind(rates(1, 1, 6)).await;
    let colleague = app.with_token(&json!(token));
    let spent = |answer: &Answer| {
        let text = answer.header("ratelimit").to_owned();
        let (name, rest) = text.split_once(";r=").unwrap();
        (name.to_owned(), rest.split(';').next().unwrap().parse::<u32>().unwrap())
    };
    let first = colleague.get("/v1/customers").await;
    first.expect(200);
    assert_eq!(first.header("ratelimit-policy"), "\"reads\";q=6;w=6");
    assert_eq!(spent(&first), ("\"reads\"".to_owned(), 5));
    let tag = first.header("etag").to_owned();
    // What is known already costs nothing.
    for _ in 0..20 {
        let request = colleague.request(Method::GET, "/v1/customers");
        let answer = send(request.header("if-none-match", &tag)).await;
        assert_eq!(answer.status, 304);
        assert!(spent(&answer).1 >= 5);
    }
    // A search costs two.
    let before = spent(&colleague.get("/v1/me").await).1;
    let search = colleague.get("/v1/search?q=ada").await;
    search.expect(200);
    assert!(spent(&search).1 < before, "{before}");
    let mut late = None;
    for _ in 0..20 {
        let answer = colleague.get("/v1/customers").await;
        if answer.status == 429 {
            late = Some(answer);
            break;
        }
    }
    let late = late.unwrap();
    let problem = late.refused(429, "rate_limited");
    assert!(problem["retry_after_ms"].as_u64().unwrap() > 0);
    assert!(late.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert_eq!(spent(&late).1, 0);
    is_safe(&late, "429");
    // Writes have a bucket of their own, and everybody has theirs.
    let body = json!({ "type": "person", "last_name": "Byron" });
    let written = colleague.post("/v1/customers", body).await;
    written.expect(201);
    assert!(spent(&written).0.contains("writes"));
    app.get("/v1/customers").await.expect(200);
    // Who is not known has no bucket, and what needs no token costs nothing.
    let stranger = app.with_token(&json!("dsr_pat_nobodys"));
    for _ in 0..10 {
        assert_eq!(stranger.get("/v1/customers").await.status, 401);
        colleague.get("/healthz").await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_limited_where_no_limit_is_set() {
    let app = TestApp::start().await;
    for _ in 0..50 {
        let answer = app.get("/v1/me").await;
        answer.expect(200);
        assert!(!answer.headers.contains_key("ratelimit"));
    }
}

#[tokio::test]
async fn the_program_does_not_serve_others_by_plain_http_unawares() {
    let data_dir = DataDir::make();
    let mut command = tool(&["serve", "--listen", "0.0.0.0:0"], "host=/nowhere", &data_dir);
    let output = command.output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--allow-http") && said.contains("DOSSIER_PUBLIC_URL"), "{said}");
}
