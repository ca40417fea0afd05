//! Writing rules: what is refused, which version counts, and who may.

use serde_json::{Value, json};

use crate::app::{TestApp, rows};

#[tokio::test(flavor = "multi_thread")]
async fn only_what_happens_while_a_rule_is_active_counts_by_the_version_of_then() {
    let app = TestApp::start().await;
    let body = |tag: &str, state: &str| {
        json!({ "name": "Rule", "trigger": { "events": ["customer.flagged"] }, "state": state,
            "then": [{ "action": "add_tag", "tag": tag }] })
    };
    let rule = app.created("/v1/automation/rules", body("first", "draft")).await;
    let path = format!("/v1/automation/rules/{rule}");
    let mut people = Vec::new();
    for name in ["draft", "first", "off", "second", "archived"] {
        people.push(app.person(name, "Byron").await);
    }
    let flag = async |id: &str| {
        let reason = json!({ "reason": "Look" });
        app.post(&format!("/v1/customers/{id}/flags"), reason).await.expect(200);
    };
    flag(&people[0]).await;
    app.post(&format!("{path}/activate"), json!({})).await.expect(200);
    flag(&people[1]).await;
    app.post(&format!("{path}/deactivate"), json!({})).await.expect(200);
    flag(&people[2]).await;
    app.put(&path, body("second", "active")).await.expect(200);
    flag(&people[3]).await;
    app.post(&format!("{path}/archive"), json!({})).await.expect(200);
    flag(&people[4]).await;
    app.settled().await;
    for (id, tags) in
        people.iter().zip([json!([]), json!(["first"]), json!([]), json!(["second"]), json!([])])
    {
        let customer = app.strong(id).await;
        assert_eq!(customer["tags"], tags, "{}", customer["first_name"]);
    }
    let shown = app.get_fresh(&path).await.expect(200);
    assert_eq!((&shown["state"], &shown["rule_version"]), (&json!("archived"), &json!(2)));
    assert_eq!(shown["owner"]["id"], app.id);
    assert_eq!(rows(&app.get("/v1/automation/rules").await), [Value::Null; 0]);
    assert_eq!(rows(&app.get("/v1/automation/rules?filter[state]=archived").await).len(), 1);
    app.post(&format!("{path}/activate"), json!({})).await.refused(422, "rule_archived");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_rule_says_where_and_what_would_be_right() {
    let app = TestApp::start().await;
    let good = json!({ "name": "Rule", "trigger": { "events": ["customer.tagged"] },
        "then": [{ "action": "add_tag", "tag": "x" }] });
    let with = |pointer: &str, value: Value| {
        let mut rule = good.clone();
        *rule.pointer_mut(pointer).unwrap() = value;
        rule
    };
    for (rule, pointer, code) in [
        (
            with("/trigger/events", json!(["customer.exploded"])),
            "/trigger/events/0",
            "unknown_event",
        ),
        (with("/trigger/events", json!([])), "/trigger/events", "unknown_event"),
        (with("/then", json!([])), "/then", "invalid_field"),
        (with("/then/0/action", json!("send_pigeon")), "/then/0/action", "invalid_field"),
        (with("/then/0/tag", json!("")), "/then/0/tag", "invalid_tag"),
        (
            with("/then/0", json!({ "action": "create_task", "title": "x", "due_in": "2 days" })),
            "/then/0/due_in",
            "invalid_period",
        ),
        (
            with("/then/0", json!({ "action": "add_tag", "tag": "x", "tga": "y" })),
            "/then/0/tga",
            "unknown_field",
        ),
        (
            with("/then/0", json!({ "action": "notify", "to": "everybody", "text": "x" })),
            "/then/0/to",
            "invalid_field",
        ),
        (with("/name", json!("")), "/name", "invalid_name"),
    ] {
        app.post("/v1/automation/rules", rule).await.wrong_field(pointer, code);
    }
    let mut rule = good.clone();
    rule["when"] = json!({ "field": "after.colour", "op": "eq", "value": "red" });
    let problem =
        app.post("/v1/automation/rules", rule.clone()).await.refused(422, "invalid_condition");
    assert!(problem["errors"][0]["pointer"].as_str().unwrap().starts_with("/when"), "{problem}");
    rule["when"] = json!({ "cel": "true" });
    app.post("/v1/automation/rules", rule).await.refused(422, "cel_not_supported");
    let nowhere = with("/then/0", json!({ "action": "move_folder", "folder": app.id }));
    let refused = app.post("/v1/automation/rules", nowhere).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_written_by_who_manages_and_not_read_by_viewers() {
    let app = TestApp::start().await;
    let body = json!({ "name": "Rule", "trigger": { "events": ["customer.tagged"] },
        "then": [{ "action": "add_tag", "tag": "x" }] });
    let rule = app.created("/v1/automation/rules", body.clone()).await;
    let path = format!("/v1/automation/rules/{rule}");
    for role in ["executive", "support", "finance", "sales", "field"] {
        let somebody = app.user(&[role]).await;
        somebody.post("/v1/automation/rules", body.clone()).await.denied("rule.admin");
        somebody.put(&path, body.clone()).await.denied("rule.admin");
        for what in ["activate", "deactivate", "archive"] {
            somebody.post(&format!("{path}/{what}"), json!({})).await.denied("rule.admin");
        }
        let retry = format!("/v1/automation/runs/{rule}/retry");
        somebody.post(&retry, json!({})).await.denied("rule.admin");
        assert_eq!(rows(&somebody.get_fresh("/v1/automation/rules").await).len(), 1);
    }
    let viewer = app.user(&["viewer"]).await;
    for path in ["/v1/automation/rules", "/v1/automation/runs", &path] {
        viewer.get(path).await.denied("rule.read");
    }
}
