//! Notes: written in a scope, read by the roles of that scope, absent everywhere for others.

use serde_json::{Value, json};

use crate::app::{Person, TestApp, column, rows};

const SCOPES: [&str; 8] =
    ["internal", "sales", "branch", "support", "finance", "fulfillment", "restricted", "customer"];

/// FEATURES decision 25.
const READ: [(&str, &[&str]); 9] = [
    ("owner", &SCOPES),
    ("admin", &SCOPES),
    ("manager", &SCOPES),
    ("executive", &SCOPES),
    ("support", &["internal", "support", "fulfillment", "restricted", "customer"]),
    ("finance", &["internal", "finance", "restricted", "customer"]),
    ("sales", &["internal", "sales", "customer"]),
    ("field", &["internal", "branch", "fulfillment", "customer"]),
    ("viewer", &["customer"]),
];

/// A customer with one note in each scope, whose text names it.
async fn with_notes(app: &TestApp) -> String {
    let id = app.person("Ada", "Byron").await;
    for scope in SCOPES {
        let note = json!({ "text": format!("canary-{scope}"), "scope": scope });
        app.post(&format!("/v1/customers/{id}/notes"), note).await.expect(201);
    }
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn f059_a_note_is_written_in_a_scope_chosen_at_that_moment() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let notes = format!("/v1/customers/{id}/notes");
    let written = app.post(&notes, json!({ "text": "Prefers\ntea" })).await;
    let note = written.expect(201)["note_id"].as_str().unwrap().to_owned();
    assert_eq!(written.header("location"), format!("{notes}/{note}"));
    app.post(&notes, json!({ "text": "Pays late", "scope": "finance" })).await.expect(201);
    let found = rows(&app.get_fresh(&notes).await);
    assert_eq!(column(&found, "scope"), ["finance", "internal"]);
    assert_eq!(column(&found, "text"), ["Pays late", "Prefers\ntea"]);
    let everybody = json!({ "text": "x", "scope": "everybody" });
    let error = app.post(&notes, everybody).await.wrong_field("/scope", "invalid_field");
    assert_eq!(error["allowed"], json!(SCOPES));
    app.post(&notes, json!({ "text": " " })).await.wrong_field("/text", "invalid_text");
    let long = "x".repeat(20_001);
    app.post(&notes, json!({ "text": long })).await.wrong_field("/text", "invalid_text");
}

#[tokio::test(flavor = "multi_thread")]
async fn f060_there_are_eight_scopes_and_nobody_writes_where_they_cannot_read() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let notes = format!("/v1/customers/{id}/notes");
    for (role, read) in READ.into_iter().filter(|(role, _)| *role != "viewer") {
        let somebody = app.user(&[role]).await;
        for scope in SCOPES {
            let answer = somebody.post(&notes, json!({ "text": "x", "scope": scope })).await;
            if read.contains(&scope) {
                answer.expect(201);
            } else {
                answer.denied("note.write");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f061_a_note_out_of_scope_is_absent_everywhere() {
    let app = TestApp::start().await;
    let id = with_notes(&app).await;
    for (role, read) in READ {
        let somebody = app.user(&[role]).await;
        let found = rows(&somebody.get_fresh(&format!("/v1/customers/{id}/notes")).await);
        let mut scopes = column(&found, "scope");
        scopes.reverse();
        assert_eq!(scopes, read, "{role}");
        let customer = somebody.get_fresh(&format!("/v1/customers/{id}")).await.expect(200);
        assert_eq!(customer["counters"]["notes"], read.len(), "{role}");
        assert_eq!(somebody.strong(&id).await["counters"]["notes"], read.len(), "{role}");
        let texts = everything(&somebody, &id).await;
        for scope in SCOPES {
            let canary = format!("canary-{scope}");
            let seen = texts.iter().filter(|(_, text)| text.contains(&canary));
            let seen: Vec<&str> = seen.map(|(path, _)| path.as_str()).collect();
            assert_eq!(!seen.is_empty(), read.contains(&scope), "{role} {scope}: {seen:?}");
        }
    }
}

/// All that a person can read about a customer, by its address.
async fn everything(person: &Person, id: &str) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for path in [
        format!("/v1/customers/{id}/notes"),
        format!("/v1/customers/{id}?include=notes"),
        format!("/v1/customers/{id}?consistency=strong&include=notes"),
        format!("/v1/customers/{id}/history"),
        format!("/v1/customers/{id}/history?format=ndjson"),
        "/v1/events?limit=200".to_owned(),
        "/v1/customers?q=canary".to_owned(),
    ] {
        let answer = person.get_fresh(&path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        texts.push((path, answer.text));
    }
    texts
}

/// An event of a note that is out of scope answers like one that is not there.
#[tokio::test(flavor = "multi_thread")]
async fn f062_events_and_causes_of_hidden_notes_are_not_there() {
    let app = TestApp::start().await;
    let id = with_notes(&app).await;
    let viewer = app.user(&["viewer"]).await;
    let events = app.events_of(&id, "customer.note_added").await;
    for event in events {
        let path = format!("/v1/events/{}", event["id"].as_str().unwrap());
        if event["data"]["scope"] == "customer" {
            viewer.get(&path).await.expect(200);
        } else {
            viewer.get(&path).await.refused(404, "not_found");
            viewer.get(&format!("{path}/why")).await.refused(404, "not_found");
        }
    }
    let seen = viewer.events_of(&id, "customer.note_added").await;
    assert_eq!(seen.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn f063_a_note_shows_who_wrote_what_and_when() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let notes = format!("/v1/customers/{id}/notes");
    let sales = app.user(&["sales"]).await;
    let body = json!({ "text": "Likes tea", "occurred_at": "2026-02-03T09:30:00Z" });
    sales.post(&notes, body).await.expect(201);
    let note = &rows(&app.get_fresh(&notes).await)[0];
    assert_eq!(note["text"], "Likes tea");
    assert_eq!(note["written_by"], json!({ "type": "user", "id": sales.id, "name": "sales" }));
    assert_eq!(note["written_at"], "2026-02-03T09:30:00.000000Z");
    assert_eq!((&note["edited_at"], &note["pinned"]), (&Value::Null, &json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn f064_a_note_is_edited_and_deleted_and_history_keeps_its_text() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let notes = format!("/v1/customers/{id}/notes");
    let body = json!({ "text": "Likes tea", "scope": "support" });
    let added = app.post(&notes, body).await.expect(201);
    let note = format!("{notes}/{}", added["note_id"].as_str().unwrap());
    app.patch(&note, json!({ "text": "Likes coffee" })).await.expect(200);
    let row = &rows(&app.get_fresh(&notes).await)[0];
    assert_eq!(row["text"], "Likes coffee");
    assert!(row["edited_at"].is_string());
    // Nobody changes what they cannot read; it answers as if it were not there.
    let sales = app.user(&["sales"]).await;
    let missing = sales.patch(&format!("{notes}/{}", app.id), json!({ "text": "x" })).await;
    let missing = missing.refused(404, "note_not_found");
    let hidden = sales.patch(&note, json!({ "text": "x" })).await.refused(404, "note_not_found");
    for member in ["detail", "errors", "title"] {
        assert_eq!(hidden[member], missing[member], "{member}");
    }
    sales.delete(&note).await.refused(404, "note_not_found");
    sales.post(&format!("{note}/pin"), json!({})).await.refused(404, "note_not_found");

    app.delete(&note).await.expect(200);
    assert_eq!(rows(&app.get_fresh(&notes).await), [Value::Null; 0]);
    assert_eq!(app.strong(&id).await["counters"]["notes"], 0);
    assert_eq!(app.delete(&note).await.expect(200)["changed"], false);
    app.patch(&note, json!({ "text": "x" })).await.refused(404, "note_not_found");
    let edited = &app.events_of(&id, "customer.note_edited").await[0]["data"];
    assert_eq!((&edited["from"], &edited["to"]), (&json!("Likes tea"), &json!("Likes coffee")));
    assert_eq!(sales.events_of(&id, "customer.note_*").await, [Value::Null; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f066_an_important_note_is_pinned() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let notes = format!("/v1/customers/{id}/notes");
    let added = app.post(&notes, json!({ "text": "Important" })).await.expect(201);
    let pin = format!("{notes}/{}/pin", added["note_id"].as_str().unwrap());
    let pinned = async || rows(&app.get_fresh(&notes).await)[0]["pinned"].clone();
    app.post(&pin, json!({})).await.expect(200);
    assert_eq!(app.post(&pin, json!({})).await.expect(200)["changed"], false);
    assert_eq!(pinned().await, true);
    app.delete(&pin).await.expect(200);
    assert_eq!(pinned().await, false);
}
