//! The manners of the whole API: repeated commands, versions, dry runs, errors that teach.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{TestApp, rows, send};

const KEY: &str = "Idempotency-Key";

#[tokio::test(flavor = "multi_thread")]
async fn a_command_repeated_with_its_key_is_done_once_and_answers_the_same() {
    let app = TestApp::start().await;
    let body = json!({ "type": "person", "last_name": "Byron", "emails": ["ada@example.com"] });
    let key = [(KEY, "6f0c2f0e")];
    let first = app.post_with("/v1/customers", &key, body.clone()).await;
    let created = first.expect(201);
    assert!(first.headers.get("idempotency-replayed").is_none());
    let before = app.head().await;
    for _ in 0..3 {
        let again = app.post_with("/v1/customers", &key, body.clone()).await;
        assert_eq!(again.expect(201), created);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.header("location"), first.header("location"));
    }
    assert_eq!(app.head().await, before);

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
    let before = app.head().await;
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
    let after_user = app.head().await;
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
    assert_eq!(app.head().await, after_user);
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

/// Who names an id of their own may use it once, and hears so in the words of the record.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_made_once_under_an_id_of_the_callers_own() {
    let app = TestApp::start().await;
    let id = uuid::Uuid::now_v7().to_string();
    for (kind, code, data) in [
        ("customer.create", "customer_exists", json!({ "type": "other" })),
        ("folder.create", "folder_exists", json!({ "name": "Leads", "statuses": ["a"] })),
        ("task.add", "task_exists", json!({ "title": "Call" })),
        (
            "rule.create",
            "rule_exists",
            json!({ "name": "R", "trigger": { "events": ["customer.tagged"] },
            "then": [{ "action": "add_tag", "tag": "x" }] }),
        ),
    ] {
        let id = uuid::Uuid::now_v7();
        let command = json!({ "type": kind, "id": id, "data": data });
        let made = app.post("/v1/commands", command.clone()).await.expect(201);
        assert_eq!(made["id"], id.to_string(), "{kind}");
        app.post("/v1/commands", command).await.refused(409, code);
    }
    let member = json!({ "user": app.id, "roles": ["viewer"] });
    let command = json!({ "type": "member.add", "data": member });
    app.post("/v1/commands", command).await.refused(409, "member_exists");
    app.get(&format!("/v1/customers/{id}")).await.refused(404, "customer_not_found");
}
