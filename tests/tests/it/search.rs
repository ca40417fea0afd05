//! One search over customers, orders, quotes, invoices and tasks.

use serde_json::{Value, json};

use crate::app::{Person, TestApp, column};

async fn search(person: &Person, query: &str) -> Value {
    person.get_fresh(&format!("/v1/search?q={query}")).await.expect(200)["data"].clone()
}

fn numbers(found: &Value, kind: &str) -> Vec<String> {
    column(found[kind]["data"].as_array().unwrap(), "number")
}

async fn invoice(app: &TestApp, customer: &str, number: &str) {
    let lines = json!([{ "quantity": 1, "unit_price": 100 }]);
    let body = json!({ "number": number, "currency": "EUR", "lines": lines });
    app.created(&format!("/v1/customers/{customer}/invoices"), body).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_search_finds_records_of_every_kind() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let ben = app.person("Ben", "Adams").await;
    let lines = json!([{ "quantity": 1, "unit_price": 100 }]);
    let path = |what: &str| format!("/v1/customers/{ada}/{what}");
    for number in ["A-1", "a-10", "B-1"] {
        let order = json!({ "customer": ada, "source": "shop", "number": number,
            "currency": "EUR", "lines": lines });
        app.post("/v1/orders", order).await.expect(201);
        invoice(&app, &ben, number).await;
        let quote = json!({ "number": number, "currency": "EUR", "lines": lines,
            "valid_until": "2099-12-31" });
        app.post(&path("quotes"), quote).await.expect(201);
    }
    for title in ["Call Ada", "Measure 100 % of the roof", "Measure 1000 roofs"] {
        app.post("/v1/tasks", json!({ "title": title })).await.expect(201);
    }
    let found = search(&app, "ADA").await;
    let names = column(found["customers"]["data"].as_array().unwrap(), "display_name");
    assert_eq!(names.len(), 2, "{names:?}");
    let titles = column(found["tasks"]["data"].as_array().unwrap(), "title");
    assert_eq!(titles, ["Call Ada"]);
    assert_eq!(found["orders"], json!({ "data": [], "has_more": false }));

    // The number itself comes before those that go on.
    let found = search(&app, "a-1").await;
    for kind in ["orders", "quotes", "invoices"] {
        assert_eq!(numbers(&found, kind), ["A-1", "a-10"], "{kind}");
    }
    assert_eq!(found["orders"]["data"][0]["customer"], ada);
    let found = search(&app, "a-1&limit=1&kinds=orders,tasks").await;
    assert_eq!(numbers(&found, "orders"), ["A-1"]);
    assert_eq!(found["orders"]["has_more"], true);
    assert_eq!(found.as_object().unwrap().len(), 2, "{found:#}");

    // What was typed is meant as it stands.
    let found = search(&app, "100%20%25").await;
    let titles = column(found["tasks"]["data"].as_array().unwrap(), "title");
    assert_eq!(titles, ["Measure 100 % of the roof"]);

    let task = found["tasks"]["data"][0]["id"].as_str().unwrap().to_owned();
    app.post(&format!("/v1/tasks/{task}/complete"), json!({})).await.expect(200);
    assert_eq!(search(&app, "100%20%25").await["tasks"]["data"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_over_all_shows_nobody_more_than_they_may_see() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    invoice(&app, &ada, "Ada-1").await;
    let sales = app.user(&["sales"]).await;
    let found = search(&sales, "ada").await;
    assert_eq!(found["customers"]["data"][0]["id"], ada);
    assert!(found.get("invoices").is_none(), "{found:#}");
    let finance = app.user(&["finance"]).await;
    assert_eq!(numbers(&search(&finance, "ada").await, "invoices"), ["Ada-1"]);
    let abroad = search(&app.abroad().await, "ada").await;
    for (kind, found) in abroad.as_object().unwrap() {
        assert_eq!(found["data"], json!([]), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_over_all_says_what_it_needs() {
    let app = TestApp::start().await;
    for path in ["/v1/search", "/v1/search?q=%20"] {
        let problem = app.get(path).await.refused(400, "invalid_parameter");
        assert_eq!(problem["errors"][0]["parameter"], "q");
    }
    let problem = app.get("/v1/search?q=ada&kinds=order").await.refused(400, "invalid_parameter");
    assert_eq!(problem["detail"], "nothing called \"order\" is searched; did you mean orders?");
    assert_eq!(problem["errors"][0]["allowed"][4], "tasks");
    app.get("/v1/search?q=ada&limit=21").await.refused(400, "invalid_parameter");
    app.get("/v1/search?q=ada&sort=name").await.refused(400, "unknown_parameter");
}
