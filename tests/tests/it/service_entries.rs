//! Deliveries, installations and service cases.

use serde_json::{Value, json};

use crate::app::{TestApp, column, rows};

#[tokio::test(flavor = "multi_thread")]
async fn f072_deliveries_installations_and_service_cases_are_one_timeline() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/service-entries");
    let entry =
        |kind: &str, day: &str| json!({ "kind": kind, "title": kind, "scheduled_for": day });
    let delivery = app.created(&path, entry("delivery", "2026-12-02")).await;
    app.created(&path, entry("service_case", "2026-12-03T08:00:00+01:00")).await;
    let mut done = entry("installation", "2026-11-01");
    done["state"] = json!("completed");
    app.created(&path, done).await;
    let kinds =
        async |query: &str| column(&rows(&app.get_fresh(&format!("{path}?{query}")).await), "kind");
    assert_eq!(kinds("").await, ["service_case", "delivery", "installation"]);
    assert_eq!(kinds("filter[kind]=delivery").await, ["delivery"]);
    assert_eq!(kinds("filter[state]=completed").await, ["installation"]);

    // It keeps its place and shows its new state, who closed it and when.
    let one = format!("/v1/service-entries/{delivery}");
    app.post(&format!("{one}/complete"), json!({})).await.expect(200);
    assert_eq!(kinds("").await, ["service_case", "delivery", "installation"]);
    let shown = app.get_fresh(&one).await.expect(200);
    assert_eq!((&shown["state"], &shown["closed_by"]["id"]), (&json!("completed"), &json!(app.id)));
    assert_eq!(shown["scheduled_for"], "2026-12-02");
    app.post(&format!("{one}/cancel"), json!({})).await.refused(422, "service_entry_closed");
    app.post(&format!("{one}/reopen"), json!({})).await.expect(200);
    let moved = json!({ "scheduled_for": "2026-12-04" });
    app.post(&format!("{one}/reschedule"), moved).await.expect(200);
    assert_eq!(kinds("").await, ["delivery", "service_case", "installation"]);
    app.post(&format!("{one}/cancel"), json!({ "reason": "No lift" })).await.expect(200);
    let shown = app.get_fresh(&one).await.expect(200);
    assert_eq!(
        (&shown["state"], &shown["cancelled_because"]),
        (&json!("cancelled"), &json!("No lift"))
    );
    let summaries =
        column(&rows(&app.get(&format!("/v1/customers/{id}/timeline")).await), "summary");
    assert_eq!(
        summaries[..3],
        [
            "cancelled the delivery \"delivery\": \"No lift\"",
            "moved the delivery \"delivery\" from 2026-12-02 to 2026-12-04",
            "reopened the delivery \"delivery\", which was completed",
        ]
    );

    app.post(&path, entry("repair", "2026-12-02")).await.wrong_field("/kind", "invalid_field");
    app.post(&path, entry("delivery", "soon")).await.wrong_field("/scheduled_for", "invalid_field");
    app.get(&format!("/v1/service-entries/{id}")).await.refused(404, "service_entry_not_found");
    app.get(&format!("{path}?filter[kind]=repair")).await.refused(400, "invalid_parameter");
    let viewer = app.user(&["viewer"]).await;
    viewer.post(&path, entry("delivery", "2026-12-02")).await.denied("service.write");
    assert_eq!(rows(&viewer.get(&path).await).len(), 3);

    // What an entry says goes with the customer's personal data, also where it is rebuilt.
    let (key, seen) = (("Idempotency-Key", "erase-ada"), ("If-Match", "\"1\""));
    let erase = format!("/v1/customers/{id}/erase");
    app.post_with(&erase, &[key, seen], json!({ "confirm": "erase" })).await.expect(200);
    let shown = app.get_fresh(&one).await.expect(200);
    assert_eq!(
        (&shown["title"], &shown["cancelled_because"]),
        (&json!({ "erased": true }), &Value::Null)
    );
    app.rebuilt_equals_live().await;
}
