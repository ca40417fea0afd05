//! Touchpoints: of nine kinds, each with its moment and its author.

use serde_json::json;

use crate::app::{TestApp, column, rows};

const TYPES: [&str; 9] =
    ["call", "visit", "email", "sms", "showroom_visit", "meeting", "demo", "follow_up", "other"];

#[tokio::test(flavor = "multi_thread")]
async fn f069_touchpoints_are_of_nine_kinds_and_no_other() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/interactions");
    for kind in TYPES {
        let body = json!({ "type": kind, "note": format!("a {kind}") });
        app.post(&path, body).await.expect(201);
    }
    let found = rows(&app.get_fresh(&path).await);
    let mut kinds = column(&found, "type");
    kinds.reverse();
    assert_eq!(kinds, TYPES);
    assert_eq!(app.strong(&id).await["counters"]["interactions"], 9);
    let pigeon = app.post(&path, json!({ "type": "carrier_pigeon" })).await;
    assert_eq!(pigeon.wrong_field("/type", "invalid_field")["allowed"], json!(TYPES));
    app.post(&path, json!({ "note": "x" })).await.wrong_field("/type", "missing_field");
}

#[tokio::test(flavor = "multi_thread")]
async fn f070_who_logged_a_touchpoint_comes_from_the_token_and_cannot_be_forged() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/interactions");
    let field = app.user(&["field"]).await;
    for forged in ["actor", "logged_by", "user"] {
        let body = json!({ "type": "visit", forged: app.id });
        field.post(&path, body).await.wrong_field(&format!("/{forged}"), "unknown_field");
    }
    let body = json!({ "type": "visit", "occurred_at": "2026-05-04T08:00:00Z" });
    field.post(&path, body).await.expect(201);
    let row = &rows(&app.get_fresh(&path).await)[0];
    assert_eq!(row["logged_by"]["id"], field.id);
    assert_eq!(row["occurred_at"], "2026-05-04T08:00:00.000000Z");
    assert!(row["recorded_at"].as_str().unwrap() > "2026-05-04");
    let event = &app.events_of(&id, "customer.interaction_logged").await[0];
    assert_eq!((&event["actorid"], &event["actortype"]), (&json!(field.id), &json!("user")));
    assert_eq!(event["occurredat"], "2026-05-04T08:00:00.000000Z");
    let tomorrow = json!({ "type": "visit", "occurred_at": "2999-01-01T00:00:00Z" });
    field.post(&path, tomorrow).await.wrong_field("/occurred_at", "invalid_field");
}

#[tokio::test(flavor = "multi_thread")]
async fn f071_interactions_are_listed_page_by_page() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/interactions");
    for number in 0..7 {
        let body = json!({ "type": "call", "note": number.to_string() });
        app.post(&path, body).await.expect(201);
    }
    let (mut seen, mut next) = (Vec::new(), format!("{path}?limit=3"));
    let mut pages = 0;
    loop {
        let answer = app.get_fresh(&next).await;
        seen.extend(column(&rows(&answer), "note"));
        pages += 1;
        let page = answer.json()["page"].clone();
        assert_eq!(page["has_more"], !page["next"].is_null());
        let Some(after) = page["next"].as_str() else { break };
        next = format!("{path}?limit=3&after={after}");
    }
    assert_eq!((pages, seen.join("")), (3, "6543210".to_owned()));
}
