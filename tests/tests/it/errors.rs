//! Errors that teach: what is refused, where, and what would be right.

use reqwest::Method;
use serde_json::json;

use crate::app::{TestApp, rows, send};

#[tokio::test(flavor = "multi_thread")]
async fn unknown_fields_and_parameters_are_refused_with_what_was_meant() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let typo = json!({ "type": "person", "first_nam": "Ada" });
    let error = app.post("/v1/customers", typo).await.wrong_field("/first_nam", "unknown_field");
    assert!(error["detail"].as_str().unwrap().contains("did you mean first_name"), "{error}");
    for (path, body, pointer) in [
        (format!("/v1/customers/{id}/tags"), json!({ "tag": "x", "tga": 1 }), "/tga"),
        (format!("/v1/customers/{id}/emails"), json!({ "address": "a@b.de", "x": 1 }), "/x"),
        (
            "/v1/customers".to_owned(),
            json!({ "type": "person", "last_name": "B",
            "emails": [{ "adress": "a@b.de" }] }),
            "/emails/0/adress",
        ),
        (
            "/v1/folders".to_owned(),
            json!({ "name": "L", "statuses": ["a"], "colour": 1 }),
            "/colour",
        ),
        ("/v1/tasks".to_owned(), json!({ "title": "x", "titel": 1 }), "/titel"),
        ("/v1/tokens".to_owned(), json!({ "nam": "x" }), "/nam"),
        ("/v1/users".to_owned(), json!({ "e-mail": "x" }), "/e-mail"),
        ("/v1/commands".to_owned(), json!({ "type": "customer.tag", "target": 1 }), "/target"),
        (
            "/v1/automation/rules".to_owned(),
            json!({ "name": "x", "trigger": { "events": [], "if": 1 } }),
            "/trigger/if",
        ),
    ] {
        app.post(&path, body).await.wrong_field(pointer, "unknown_field");
    }
    let unknown = app.post("/v1/commands", json!({ "type": "customer.tagg" })).await;
    let problem = unknown.refused(422, "unknown_command");
    assert!(
        problem["detail"].as_str().unwrap().contains("did you mean customer.tag?"),
        "{problem}"
    );
    for (path, near) in [
        ("/v1/customers?limt=5", "limit"),
        ("/v1/tasks?affter=x", "after"),
        ("/v1/folders?archve=true", "archived"),
        ("/v1/events?type=x", "types"),
    ] {
        let problem = app.get(path).await.refused(400, "unknown_parameter");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.ends_with(&format!("did you mean {near}?")), "{detail}");
    }
    app.get("/v1/customers?limit=5&limit=6").await.refused(400, "invalid_parameter");
    app.post("/v1/customers?x=1", json!({})).await.refused(400, "unknown_parameter");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_json_are_refused_with_line_and_column() {
    let app = TestApp::start().await;
    let raw = async |body: &str, kind: &str| {
        let request = app.request(Method::POST, "/v1/customers").header("content-type", kind);
        send(request.body(body.to_owned())).await
    };
    let json = "application/json";
    let problem = raw("{\"type\":\n  \"person\",}", json).await.refused(400, "malformed_json");
    assert_eq!((&problem["line"], &problem["column"]), (&json!(2), &json!(12)));
    for broken in ["{", "[1", "nul", "{'type':1}", "{\"a\":1} x", "\u{feff}{}", "{\"a\":01}"] {
        raw(broken, json).await.refused(400, "malformed_json");
    }
    let deep = "[".repeat(10_000);
    raw(&deep, json).await.refused(400, "json_too_deep");
    for other in ["[]", "1", "\"text\"", "null", "true"] {
        raw(other, json).await.wrong_field("", "invalid_field");
    }
    raw("type=person", "application/x-www-form-urlencoded")
        .await
        .refused(415, "unsupported_media_type");
    raw("{}", "text/plain").await.refused(415, "unsupported_media_type");
    // Nothing at all is an empty object.
    send(app.request(Method::POST, "/v1/customers")).await.wrong_field("/type", "missing_field");
    let large = format!("{{\"type\":\"{}\"}}", "x".repeat(1024 * 1024));
    raw(&large, json).await.refused(413, "body_too_large");
}

/// PostgreSQL cannot keep these in JSON; each would be a 500 if it came so far (RELIABILITY X15).
#[tokio::test(flavor = "multi_thread")]
async fn values_that_nobody_can_keep_are_refused_at_the_edge() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let before = app.head().await;
    let long = "x".repeat(1024 * 1024 - 200);
    let places: [(&str, String, &str); 12] = [
        ("POST", "/v1/customers".into(), r#"{"type":"person","first_name":@}"#),
        ("POST", "/v1/customers".into(), r#"{"type":"person","last_name":"B","tags":[@]}"#),
        (
            "POST",
            "/v1/customers".into(),
            r#"{"type":"person","last_name":"B","external_ids":{"shop":@}}"#,
        ),
        ("POST", format!("/v1/customers/{id}/notes"), r#"{"text":@}"#),
        ("POST", format!("/v1/customers/{id}/tags"), r#"{"tag":@}"#),
        ("POST", format!("/v1/customers/{id}/flags"), r#"{"reason":@}"#),
        ("POST", format!("/v1/customers/{id}/interactions"), r#"{"type":"call","note":@}"#),
        ("PATCH", format!("/v1/customers/{id}"), r#"{"last_name":@}"#),
        ("POST", "/v1/tasks".into(), r#"{"title":@}"#),
        ("POST", "/v1/folders".into(), r#"{"name":@,"statuses":["a"]}"#),
        ("POST", "/v1/tokens".into(), r#"{"name":@}"#),
        (
            "POST",
            "/v1/automation/rules".into(),
            r#"{"name":"R","trigger":{"events":["customer.tagged"]},"then":[{"action":"add_tag","tag":@}]}"#,
        ),
    ];
    for (method, path, template) in &places {
        for value in [
            r#""a\u0000b""#,
            r#""\ud800""#,
            r#""\udc00x""#,
            r#""\ud83d\u0041""#,
            "1e400000",
            "-1e400000",
            &format!("\"{long}\""),
        ] {
            let request = app.request(method.parse().unwrap(), path);
            let body = template.replace('@', value);
            let answer = send(request.header("content-type", "application/json").body(body)).await;
            let value = value.chars().take(20).collect::<String>();
            assert_eq!(answer.status, 422, "{path} {value}: {}", answer.text);
            assert!(answer.json()["errors"][0]["pointer"].is_string(), "{}", answer.text);
        }
    }
    // Also in names, and where nothing is stored.
    for body in
        [r#"{"a\u0000":1}"#, r#"{"type":"person","last_name":"B","external_ids":{"a\u0000":"1"}}"#]
    {
        let request = app.request(Method::POST, "/v1/customers");
        send(request.header("content-type", "application/json").body(body)).await.expect(422);
    }
    let tree = r#"{"field":"status","op":"eq","value":"a\u0000b"}"#;
    let request = app.request(Method::POST, "/v1/customers/search");
    send(request.header("content-type", "application/json").body(tree)).await.expect(422);
    let number = r#"{"field":"order_count","op":"gt","value":1e400000}"#;
    let request = app.request(Method::POST, "/v1/customers/search");
    send(request.header("content-type", "application/json").body(number)).await.expect(422);
    for path in
        ["/v1/customers?q=a%00b", "/v1/customers?filter[status]=a%00b", "/v1/events?after=%00"]
    {
        app.get(path).await.refused(400, "invalid_parameter");
    }
    for path in ["/v1/customers/%00", "/v1/events/a%00b", "/docs/errors/%00", "/%00"] {
        assert_eq!(app.get(path).await.status, 404, "{path}");
    }
    let tag = app.delete(&format!("/v1/customers/{id}/tags/a%00b")).await;
    tag.wrong_field("/tag", "invalid_tag");
    assert_eq!(app.head().await, before);
    // What is merely unusual is kept as it is.
    let odd = json!({ "text": "𝄞 \u{1F600} \u{202E} ﷽ \u{FFFD}" });
    app.post(&format!("/v1/customers/{id}/notes"), odd.clone()).await.expect(201);
    let notes = rows(&app.get_fresh(&format!("/v1/customers/{id}/notes")).await);
    assert_eq!(notes[0]["text"], odd["text"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_answers_with_a_problem_document() {
    let app = TestApp::start().await;
    let nobody = "0199a1b2-0000-7000-8000-0000000000c1";
    app.get("/v1/custmers").await.refused(404, "route_not_found");
    app.get("/nowhere").await.refused(404, "route_not_found");
    app.delete("/v1/customers").await.refused(405, "method_not_allowed");
    app.put("/healthz", json!({})).await.refused(405, "method_not_allowed");
    app.get("/v1/customers/17").await.refused(404, "not_found");
    app.get(&format!("/v1/customers/{nobody}")).await.refused(404, "customer_not_found");
    for (kind, code) in [
        ("tasks", "task_not_found"),
        ("folders", "folder_not_found"),
        ("automation/rules", "rule_not_found"),
        ("automation/runs", "not_found"),
        ("jobs", "job_not_found"),
        ("events", "not_found"),
    ] {
        app.get(&format!("/v1/{kind}/{nobody}")).await.refused(404, code);
    }
    for what in ["notes", "interactions", "orders", "tasks", "history", "risk-flags"] {
        let answer = app.get(&format!("/v1/customers/{nobody}/{what}")).await;
        answer.refused(404, "customer_not_found");
    }
    let tag = json!({ "tag": "x" });
    app.post(&format!("/v1/customers/{nobody}/tags"), tag).await.refused(404, "customer_not_found");
    app.post(&format!("/v1/tasks/{nobody}/complete"), json!({}))
        .await
        .refused(404, "task_not_found");
}

/// Each code has a page, and the list of them links to each.
#[tokio::test(flavor = "multi_thread")]
async fn every_error_code_has_a_page() {
    let app = TestApp::start().await;
    let list = app.get("/docs/errors").await;
    assert_eq!(list.status, 200);
    assert!(api::problem::Code::ALL.len() > 40);
    for code in api::problem::Code::ALL {
        let path = format!("/docs/errors/{}", code.name());
        assert!(list.text.contains(&format!("href=\"{path}\"")), "{path}");
        let page = app.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text.contains(code.name()) && page.text.len() > 300, "{path}");
    }
    for (code, _) in api::problem::FIELD_CODES {
        assert!(list.text.contains(code), "{code}");
    }
    app.get("/docs/errors/unheard_of").await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_ids_numbers_and_currencies_have_codes_of_their_own() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let long = "x".repeat(201);
    let order = |number: &str, currency: &str| {
        json!({ "customer": id, "source": "shop", "number": number, "currency": currency,
            "lines": [{ "quantity": 1, "unit_price": 1 }] })
    };
    let path = |what: &str| format!("/v1/customers/{id}/{what}");
    for (path, body, pointer, code) in [
        (path("emails"), json!({ "address": "a@b.de", "label": "" }), "/label", "invalid_label"),
        (path("external-ids"), json!({ "source": "shop", "id": long }), "/id", "invalid_id"),
        ("/v1/orders".to_owned(), order("", "EUR"), "/number", "invalid_code"),
        ("/v1/orders".to_owned(), order("1", "DEM"), "/currency", "invalid_currency"),
    ] {
        app.post(&path, body).await.wrong_field(pointer, code);
    }
}
