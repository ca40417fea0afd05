//! Risk flags: of eight types, with a reason, for six roles.

use serde_json::{Value, json};

use crate::app::{TestApp, column, rows};

const TYPES: [&str; 8] = [
    "overdue_payment",
    "frequent_refunds",
    "discount_dependency",
    "frequent_claims",
    "delivery_failures",
    "abusive_behavior",
    "cancellation_pattern",
    "manual_flag",
];
const SENIOR: [&str; 6] = ["admin", "owner", "manager", "executive", "support", "finance"];
const OTHERS: [&str; 3] = ["sales", "field", "viewer"];

#[tokio::test(flavor = "multi_thread")]
async fn f074_risk_flags_are_of_eight_types_and_no_other() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/risk-flags");
    for kind in TYPES {
        let body = json!({ "type": kind, "reason": format!("because of {kind}") });
        let answer = app.post(&path, body).await;
        let flag = answer.expect(201)["flag_id"].as_str().unwrap().to_owned();
        assert_eq!(answer.header("location"), format!("{path}/{flag}"));
    }
    assert_eq!(column(&rows(&app.get_fresh(&path).await), "type"), TYPES);
    let mood = json!({ "type": "bad_mood", "reason": "Shouted" });
    let error = app.post(&path, mood).await.wrong_field("/type", "invalid_field");
    assert_eq!(error["allowed"], json!(TYPES));
}

#[tokio::test(flavor = "multi_thread")]
async fn f075_a_risk_flag_needs_a_reason_shows_in_the_360_and_is_cleared() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/risk-flags");
    let bare = json!({ "type": "manual_flag" });
    app.post(&path, bare).await.wrong_field("/reason", "missing_field");
    let body = json!({ "type": "overdue_payment", "reason": "Two invoices are overdue" });
    let flag = app.post(&path, body).await.expect(201)["flag_id"].clone();
    let customer = app.get_fresh(&format!("/v1/customers/{id}")).await.expect(200);
    assert_eq!(customer["badges"], json!(["under_review"]));
    let shown = &customer["risk"]["flags"][0];
    assert_eq!(shown["id"], flag);
    assert_eq!(shown["reason"], "Two invoices are overdue");
    assert_eq!(shown["raised_by"]["id"], app.id);
    let cleared = format!("{path}/{}", flag.as_str().unwrap());
    app.delete(&cleared).await.expect(200);
    assert_eq!(app.delete(&cleared).await.expect(200)["changed"], false);
    let customer = app.get_fresh(&format!("/v1/customers/{id}")).await.expect(200);
    assert_eq!((&customer["badges"], &customer["risk"]), (&json!([]), &json!({ "flags": [] })));
    let missing = format!("{path}/{}", app.id);
    app.delete(&missing).await.refused(404, "risk_flag_not_found");
    let kinds = app.history(&id).await;
    assert_eq!(kinds[1..], ["customer.risk_flag_raised", "customer.risk_flag_cleared"]);
}

/// Hidden means absent: in the badge, the 360, the search, the filter, the past and the history.
#[tokio::test(flavor = "multi_thread")]
async fn f076_risk_and_financial_figures_are_for_six_roles_only() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/risk-flags");
    let order = json!({ "customer": id, "source": "shop", "number": "1", "currency": "EUR",
        "lines": [{ "quantity": 1, "unit_price": "12.50" }] });
    app.post("/v1/orders", order).await.expect(201);
    app.post(&path, json!({ "type": "manual_flag", "reason": "canary-risk" })).await.expect(201);
    for role in SENIOR {
        let somebody = app.user(&[role]).await;
        let customer = somebody.get_fresh(&format!("/v1/customers/{id}")).await.expect(200);
        assert_eq!(customer["badges"], json!(["under_review"]), "{role}");
        assert_eq!(customer["finance"]["by_currency"][0]["gross"], "12.50", "{role}");
        assert_eq!(customer["_redacted"], json!([]), "{role}");
        let body = json!({ "type": "manual_flag", "reason": "again" });
        let flag = somebody.post(&path, body).await.expect(201)["flag_id"].clone();
        somebody.delete(&format!("{path}/{}", flag.as_str().unwrap())).await.expect(200);
    }
    for role in OTHERS {
        let somebody = app.user(&[role]).await;
        let body = json!({ "type": "manual_flag", "reason": "mine" });
        somebody.post(&path, body).await.denied("risk.write");
        somebody.delete(&format!("{path}/{}", app.id)).await.denied("risk.write");
        somebody.get(&path).await.denied("risk.read");
        for view in ["", "?consistency=strong", "?at_version=3"] {
            let customer =
                somebody.get_fresh(&format!("/v1/customers/{id}{view}")).await.expect(200);
            assert_eq!((customer.get("risk"), customer.get("finance")), (None, None), "{role}");
            assert_eq!(customer["badges"], json!([]), "{role}");
            assert_eq!(customer["_redacted"], json!(["finance", "risk"]), "{role}");
        }
        assert_eq!(rows(&somebody.get("/v1/customers").await)[0]["badges"], json!([]));
        assert_eq!(somebody.events_of(&id, "customer.risk_*").await, [Value::Null; 0]);
        let diff = somebody.get(&format!("/v1/customers/{id}/diff?from=1&to=2")).await;
        assert_eq!(rows(&diff), [Value::Null; 0], "{role}");
        for filter in ["under_review", "risk_flags", "gross", "order_count", "lifetime_value"] {
            let answer = somebody.get(&format!("/v1/customers?filter[{filter}]=true")).await;
            answer.refused(400, "unknown_parameter");
            let leaf = json!({ "field": filter, "op": "is_set" });
            somebody.search(leaf).await.refused(422, "invalid_condition");
        }
        let names = rows(&somebody.get("/v1/fields").await);
        assert!(column(&names, "field").iter().all(|name| !name.contains("risk")), "{role}");
        // Amounts on a single order are shown to all.
        let orders = rows(&somebody.get_fresh(&format!("/v1/customers/{id}/orders")).await);
        assert_eq!(orders[0]["gross"]["amount"], "12.50", "{role}");
    }
}
