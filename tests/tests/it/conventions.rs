//! The manners of the whole API: repeated commands, versions, dry runs, errors that teach.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, rows, send};

const KEY: &str = "Idempotency-Key";

/// Where the organisation's log stands.
async fn head(person: &Person) -> String {
    person.get("/v1/events?limit=1").await.expect(200)["position"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_repeated_with_its_key_is_done_once_and_answers_the_same() {
    let app = TestApp::start().await;
    let body = json!({ "type": "person", "last_name": "Byron", "emails": ["ada@example.com"] });
    let key = [(KEY, "6f0c2f0e")];
    let first = app.post_with("/v1/customers", &key, body.clone()).await;
    let created = first.expect(201);
    assert!(first.headers.get("idempotency-replayed").is_none());
    let before = head(&app).await;
    for _ in 0..3 {
        let again = app.post_with("/v1/customers", &key, body.clone()).await;
        assert_eq!(again.expect(201), created);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.header("location"), first.header("location"));
    }
    assert_eq!(head(&app).await, before);

    let other = json!({ "type": "person", "last_name": "Lovelace" });
    app.post_with("/v1/customers", &key, other).await.refused(422, "idempotency_key_reused");
    let tag = json!({ "tag": "vip" });
    let tags = format!("/v1/customers/{}/tags", created["id"].as_str().unwrap());
    app.post_with(&tags, &key, tag.clone()).await.refused(422, "idempotency_key_reused");
    // A key is of its person: a rotated token keeps it, another person has their own.
    let token = app.post("/v1/tokens", json!({ "name": "new" })).await.expect(201);
    let rotated = app.with_token(&token["token"]);
    let again = rotated.post_with("/v1/customers", &key, body.clone()).await;
    assert_eq!(again.expect(201), created);
    let sales = app.user(&["sales"]).await;
    sales.post_with("/v1/customers", &key, body).await.refused(409, "duplicate_customer");
    sales.post_with(&tags, &key, tag).await.expect(200);

    for wrong in ["", &"x".repeat(256)] {
        let eve = json!({ "type": "person", "last_name": "Eve" });
        app.post_with("/v1/customers", &[(KEY, wrong)], eve).await.refused(400, "invalid_header");
    }
}

/// What changed nothing stays so under its key; what was refused may be tried again.
#[tokio::test(flavor = "multi_thread")]
async fn a_no_op_is_kept_under_its_key_and_a_refusal_is_not() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let tags = format!("/v1/customers/{id}/tags");
    let key = [(KEY, "again")];
    let untag = async || {
        send(app.request(Method::DELETE, &format!("{tags}/vip")).header(KEY, "again")).await
    };
    assert_eq!(untag().await.expect(200)["changed"], false);
    app.post(&tags, json!({ "tag": "vip" })).await.expect(200);
    let again = untag().await;
    assert_eq!(
        (&again.expect(200)["changed"], again.header("idempotency-replayed")),
        (&json!(false), "true")
    );
    assert_eq!(app.strong(&id).await["tags"], json!(["vip"]));
    assert_eq!(again.json()["id"], id);

    let status = json!({ "status": "won" });
    let path = format!("/v1/customers/{id}/status");
    let other = [(KEY, "status")];
    app.post_with(&path, &other, status.clone()).await.refused(422, "status_not_in_folder");
    let folder = app.folder("Leads", &["prospect", "won"]).await;
    app.post(&format!("/v1/customers/{id}/folder"), json!({ "folder": folder })).await.expect(200);
    assert_eq!(app.post_with(&path, &other, status).await.expect(200)["changed"], true);
    app.post_with(&tags, &key, json!({ "tag": "x" })).await.refused(422, "idempotency_key_reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_that_run_at_the_same_time_are_one() {
    let app = TestApp::start().await;
    for round in 0..5 {
        let body = json!({ "type": "person", "last_name": format!("Byron {round}") });
        let key = format!("twin {round}");
        let twins: Vec<_> = (0..8)
            .map(|_| {
                let (person, body, key) = ((*app).clone(), body.clone(), key.clone());
                tokio::spawn(async move {
                    person.post_with("/v1/customers", &[(KEY, &key)], body).await.expect(201)
                })
            })
            .collect();
        let mut answers = Vec::new();
        for twin in twins {
            answers.push(twin.await.unwrap());
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    }
    assert_eq!(rows(&app.get_fresh("/v1/customers").await).len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn f166_the_second_writer_gets_a_conflict_that_names_the_other_change() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}");
    let sales = app.user(&["sales"]).await;
    sales.post(&format!("{path}/tags"), json!({ "tag": "vip" })).await.expect(200);
    let rename = json!({ "last_name": "Lovelace" });
    let seen = [("If-Match", "\"1\"")];
    let problem = app.post_with(&format!("{path}/name"), &seen, rename.clone()).await;
    let problem = problem.refused(412, "version_conflict");
    assert_eq!((&problem["current_version"], &problem["expected_version"]), (&json!(2), &json!(1)));
    let since = &problem["events_since"][0];
    assert_eq!((&since["type"], &since["actor"]), (&json!("customer.tagged"), &json!("sales")));
    assert_eq!(since["fields"], json!(["tags"]));
    assert_eq!(problem["mergeable"], true);
    assert!(problem["try"].as_str().unwrap().ends_with("\"2\""), "{problem}");
    assert_eq!(app.strong(&id).await["version"], 2);
    // As told, it goes; and the whole tag of a read does as well.
    let seen = [("If-Match", "\"2\"")];
    app.post_with(&format!("{path}/name"), &seen, rename).await.expect(200);
    let tag = app.get_fresh(&path).await.header("etag").to_owned();
    let seen = [("If-Match", tag.as_str())];
    app.post_with(&format!("{path}/name"), &seen, json!({ "first_name": "A." })).await.expect(200);
    let again = app.post_with(&format!("{path}/name"), &seen, json!({ "first_name": "B." })).await;
    assert_eq!(again.refused(412, "version_conflict")["mergeable"], false);
    // Without it, edits of different fields never conflict.
    app.post(&format!("{path}/tags"), json!({ "tag": "x" })).await.expect(200);
    let any =
        json!({ "type": "customer.tag", "id": id, "data": { "tag": "y" }, "expected_version": 3 });
    app.post("/v1/commands", any).await.refused(412, "version_conflict");
    let seen = [("If-Match", "seventeen")];
    app.post_with(&format!("{path}/tags"), &seen, json!({ "tag": "z" }))
        .await
        .refused(400, "invalid_header");
}

/// What somebody may not see is not told in a conflict either.
#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_does_not_tell_what_the_role_hides() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}");
    let risk = json!({ "type": "manual_flag", "reason": "canary" });
    app.post(&format!("{path}/risk-flags"), risk).await.expect(201);
    app.post(&format!("{path}/notes"), json!({ "text": "canary", "scope": "finance" }))
        .await
        .expect(201);
    let sales = app.user(&["sales"]).await;
    let seen = [("If-Match", "\"1\"")];
    let answer = sales.post_with(&format!("{path}/tags"), &seen, json!({ "tag": "vip" })).await;
    assert_eq!(answer.refused(412, "version_conflict")["events_since"], json!([]));
    assert!(!answer.text.contains("canary") && !answer.text.contains("risk"), "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_carry_a_tag_and_are_not_sent_again() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    app.folder("Leads", &["prospect"]).await;
    for path in [
        format!("/v1/customers/{id}"),
        format!("/v1/customers/{id}?fields=status"),
        "/v1/customers".to_owned(),
        "/v1/folders".to_owned(),
        format!("/v1/customers/{id}/history"),
    ] {
        let answer = app.get_fresh(&path).await;
        let tag = answer.header("etag").to_owned();
        let again = async |tag: &str| {
            send(app.request(Method::GET, &path).header("if-none-match", tag)).await
        };
        let same = again(&tag).await;
        assert_eq!(
            (same.status, same.text.as_str(), same.header("etag")),
            (304, "", tag.as_str()),
            "{path}"
        );
        assert!(same.headers.contains_key("dossier-position"), "{path}");
        assert_eq!(again("\"other\"").await.status, 200, "{path}");
        assert_eq!(again(&format!("\"other\", W/{tag}")).await.status, 304, "{path}");
    }
    let path = format!("/v1/customers/{id}");
    let (mine, whole) = (app.get(&path).await, app.get(&format!("{path}?include=notes")).await);
    assert_ne!(mine.header("etag"), whole.header("etag"));
    // It depends on the role, not on the token.
    let (one, two) = (app.user(&["sales"]).await, app.user(&["sales"]).await);
    let (one, two) = (one.get(&path).await, two.get(&path).await);
    assert_eq!(one.header("etag"), two.header("etag"));
    assert_ne!(one.header("etag"), mine.header("etag"));
    let tag = mine.header("etag").to_owned();
    assert!(tag.starts_with("\"1."), "{tag}");
    app.created(&format!("{path}/tasks"), json!({ "title": "Call" })).await;
    // A task has a stream of its own, and shows in the customer's counters.
    let touched = app.get_fresh(&path).await.header("etag").to_owned();
    assert!(touched.starts_with("\"1.") && touched != tag, "{touched}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_checks_everything_and_writes_nothing() {
    let app = TestApp::start().await;
    let folder = app.folder("Leads", &["prospect", "won"]).await;
    let id =
        app.customer(json!({ "type": "person", "last_name": "Byron", "folder": folder })).await;
    let path = format!("/v1/customers/{id}");
    let before = head(&app).await;
    let would = app.post(&format!("{path}/status?dry_run=true"), json!({ "status": "won" })).await;
    let would = would.expect(200);
    assert_eq!((&would["dry_run"], &would["events"]), (&json!(true), &json!([])));
    assert_eq!(would["would_emit"][0]["type"], "customer.status_changed");
    assert_eq!(would["would_emit"][0]["data"]["to"], "won");
    assert_eq!(would["would_trigger"], json!([]));
    // It is judged like the command itself.
    let unheard = json!({ "status": "unheard_of" });
    app.post(&format!("{path}/status?dry_run=true"), unheard)
        .await
        .refused(422, "status_not_in_folder");
    let viewer = app.user(&["viewer"]).await;
    let after_user = head(&app).await;
    viewer
        .post(&format!("{path}/tags?dry_run=true"), json!({ "tag": "x" }))
        .await
        .denied("customer.edit");
    for (target, body) in [
        ("/v1/customers?dry_run=true", json!({ "type": "person", "last_name": "Eve" })),
        ("/v1/folders?dry_run=true", json!({ "name": "New", "statuses": ["a"] })),
        ("/v1/tasks?dry_run=true", json!({ "title": "Call" })),
        (
            "/v1/commands?dry_run=true",
            json!({ "type": "customer.erase", "id": id, "data": { "confirm": "erase" } }),
        ),
    ] {
        let would = app.post(target, body).await.expect(200);
        assert!(!would["would_emit"].as_array().unwrap().is_empty(), "{target}");
    }
    assert_ne!(before, after_user);
    assert_eq!(head(&app).await, after_user);
    assert_eq!(app.strong(&id).await["status"], "prospect");
    app.post(&format!("{path}/tags?dry_run=yes"), json!({ "tag": "x" }))
        .await
        .refused(400, "invalid_parameter");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_answers_with_the_record_where_that_is_preferred() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let prefer = [("Prefer", "return=representation")];
    let tags = format!("/v1/customers/{id}/tags");
    let answer = app.post_with(&tags, &prefer, json!({ "tag": "vip" })).await;
    let body = answer.expect(200);
    assert_eq!(body["customer"]["tags"], json!(["vip"]));
    assert_eq!(body["customer"]["version"], body["version"]);
    assert_eq!(answer.header("preference-applied"), "return=representation");
    let minimal = app.post(&tags, json!({ "tag": "x" })).await.expect(200);
    assert_eq!(minimal.get("customer"), None);
    let task = app.post_with("/v1/tasks", &prefer, json!({ "title": "Call" })).await.expect(201);
    assert_eq!(task["task"]["title"], "Call");
    let folder = json!({ "name": "Leads", "statuses": ["a"] });
    let folder = app.post_with("/v1/folders", &prefer, folder).await.expect(201);
    assert_eq!(folder["folder"]["name"], "Leads");
}

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
    raw(&deep, json).await.refused(400, "malformed_json");
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
    let before = head(&app).await;
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
    assert_eq!(head(&app).await, before);
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

#[tokio::test(flavor = "multi_thread")]
async fn an_overtaken_reader_is_told_when_to_come_back() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}");
    app.get_fresh(&path).await.expect(200);
    // The view is held fast where it is.
    let superuser = app.superuser().await;
    superuser
        .batch_execute("BEGIN; LOCK TABLE customer_360.progress IN EXCLUSIVE MODE")
        .await
        .unwrap();
    let tagged = app.post(&format!("{path}/tags"), json!({ "tag": "vip" })).await.expect(200);
    let position = tagged["position"].as_str().unwrap();
    let read = async |prefer: &str| {
        let request = app.request(Method::GET, &format!("{path}?min_position={position}"));
        send(request.header("prefer", prefer)).await
    };
    let late = read("wait=0").await;
    let problem = late.refused(503, "projection_lagging");
    assert!(late.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert!(problem["retry_after_ms"].as_u64().unwrap() > 0);
    let stale = read("wait=0, handling=lenient").await;
    assert_eq!(stale.expect(200)["tags"], json!([]));
    assert_eq!(stale.header("dossier-stale"), "behind=1");
    // Folded now, it waits for nobody.
    assert_eq!(app.strong(&id).await["tags"], json!(["vip"]));
    superuser.batch_execute("ROLLBACK").await.unwrap();
    let fresh = app.get_fresh(&path).await;
    assert_eq!(fresh.expect(200)["tags"], json!(["vip"]));
    assert!(!fresh.headers.contains_key("dossier-stale"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_a_request_id_and_safe_headers() {
    let app = TestApp::start().await;
    let mut ids = BTreeSet::new();
    for path in [
        "/v1/customers",
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
        "/docs/",
        "/",
        "/nowhere",
    ] {
        let answer = app.get(path).await;
        let id = answer.header("dossier-request-id").to_owned();
        assert!(id.starts_with("req_") && ids.insert(id), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.headers.contains_key("content-security-policy"), "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
    }
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
async fn operators_find_health_readiness_and_figures_without_a_token() {
    let app = TestApp::start().await;
    let open = async |path: &str| reqwest::get(app.url(path)).await.unwrap();
    assert_eq!(open("/healthz").await.status(), 200);
    let ready: Value = app.until("/readyz", |ready| ready["status"] == "ready").await;
    assert_eq!(ready["database"], true);
    let views = ready["views"].as_object().unwrap();
    for view in ["directory", "customer_360", "orders", "tasks", "folders", "notifications"] {
        assert_eq!(views[view]["halted"], false, "{view}");
    }
    app.person("Ada", "Byron").await;
    let figures = open("/metrics").await.text().await.unwrap();
    assert!(figures.lines().any(|line| line.contains("/v1/customers")), "{figures}");
    assert!(!figures.contains("Byron"));
    for path in ["/v1/customers", "/v1/audit/verify", "/v1/me", "/v1/openapi"] {
        let answer = open(path).await;
        assert!([401, 404].contains(&answer.status().as_u16()), "{path}");
    }
}

/// The registry of commands is one door for all of them, with the same answers as the routes.
#[tokio::test(flavor = "multi_thread")]
async fn any_command_goes_through_the_generic_door() {
    let app = TestApp::start().await;
    let command = async |body: Value| app.post("/v1/commands", body).await;
    let data = json!({ "type": "person", "last_name": "Byron" });
    let created = command(json!({ "type": "customer.create", "data": data })).await.expect(201);
    let id = created["id"].clone();
    let tag = json!({ "type": "customer.tag", "id": id, "data": { "tag": "vip" }, "expected_version": 1 });
    assert_eq!(command(tag).await.expect(200)["events"][0]["type"], "customer.tagged");
    let wrong = json!({ "type": "customer.tag", "id": id, "data": { "tag": "" } });
    command(wrong).await.wrong_field("/data/tag", "invalid_tag");
    let bare = json!({ "type": "customer.tag", "data": { "tag": "x" } });
    command(bare).await.wrong_field("/id", "missing_field");
    command(json!({ "data": {} })).await.wrong_field("/type", "missing_field");
    command(json!({ "type": "customer.tag", "id": 17 })).await.wrong_field("/id", "invalid_field");
    for inner in ["user.block", "organisation.create", "rule_run.finish"] {
        command(json!({ "type": inner, "id": id, "data": {} }))
            .await
            .refused(422, "unknown_command");
    }
    let listed = rows(&app.get("/v1/commands").await);
    assert!(listed.len() > 40);
    assert!(
        listed
            .iter()
            .all(|command| command["schema"].is_object() && command["summary"].is_string())
    );
    let viewer = app.user(&["viewer"]).await;
    let tag = json!({ "type": "customer.tag", "id": id, "data": { "tag": "x" } });
    viewer.post("/v1/commands", tag).await.denied("customer.edit");
}
