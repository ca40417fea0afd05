//! The bodies that outside clients rely on, whole: more members may be added, none renamed.

use insta::{Settings, assert_json_snapshot};
use serde_json::{Value, json};

use crate::app::{TestApp, rows};

/// Ids, times and hashes differ from run to run.
fn redacted() -> Settings {
    let mut settings = Settings::clone_current();
    for (pattern, word) in [
        ("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[id]"),
        (r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", "[time]"),
        ("req_[0-9a-f]{32}", "[request]"),
        (r#"("position"|"sequence"): "\d+""#, "$1: \"[number]\""),
    ] {
        settings.add_filter(pattern, word);
    }
    settings.set_omit_expression(true);
    settings
}

fn shape(name: &str, body: &Value) {
    redacted().bind(|| assert_json_snapshot!(name, body));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_a_receipt_an_event_and_a_problem_keep_their_shape() {
    let app = TestApp::start().await;
    let folder = app.folder("Leads", &["prospect", "won"]).await;
    let body = json!({
        "type": "person", "first_name": "Ada", "last_name": "Byron", "company_name": null,
        "emails": [{ "address": "ada@example.com" }], "phones": [{ "number": "+44 20 7946 0958" }],
        "addresses": [{ "line1": "12 St James's Square", "city": "London", "postcode": "SW1Y 4JH",
            "country": "GB" }],
        "folder": folder, "status": "prospect", "tags": ["vip"], "external_ids": { "shop": "17850" },
    });
    let created = app.post("/v1/customers", body.clone()).await.expect(201);
    shape("receipt", &created);
    let id = created["id"].as_str().unwrap();
    let path = |what: &str| format!("/v1/customers/{id}/{what}");
    let risk = json!({ "type": "manual_flag", "reason": "Pays late" });
    app.post(&path("risk-flags"), risk).await.expect(201);
    app.post(&path("flags"), json!({ "reason": "Call before noon" })).await.expect(200);
    app.post(&path("dormant"), json!({ "reason": "Moved" })).await.expect(200);
    app.post(&path("notes"), json!({ "text": "Likes tea" })).await.expect(201);
    app.post(&path("interactions"), json!({ "type": "call", "note": "About tea" }))
        .await
        .expect(201);
    app.post(&path("tasks"), json!({ "title": "Call", "due_on": "2026-12-24" })).await.expect(201);
    let order = json!({ "customer": id, "source": "shop", "number": "1", "currency": "EUR",
        "placed_at": "2026-02-03T10:00:00Z",
        "lines": [{ "item_code": "A", "description": "Lantern", "quantity": "2", "unit_price": "1.25" }] });
    app.post("/v1/orders", order).await.expect(201);
    // The owner's name comes from another organisation, of which no position tells.
    app.until("/v1/users", |users| users["data"][0]["name"].is_string()).await;
    shape("customer", &app.get_fresh(&format!("/v1/customers/{id}")).await.expect(200));
    let first = async |path: String| rows(&app.get_fresh(&path).await)[0].clone();
    shape("row", &first("/v1/customers".to_owned()).await);
    for part in ["notes", "interactions", "tasks", "orders", "risk-flags"] {
        shape(part, &first(path(part)).await);
    }
    shape("folder", &first("/v1/folders".to_owned()).await);
    shape("event", &app.events_of(id, "customer.created").await[0]);
    shape("problem", &app.post("/v1/customers", body).await.expect(409));
    let wrong = json!({ "type": "person", "first_nam": "Ada" });
    shape("wrong_field", &app.post("/v1/customers", wrong).await.expect(422));
}
