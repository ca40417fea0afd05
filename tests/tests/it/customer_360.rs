//! One customer, now and in the past.

use serde_json::{Value, json};

use crate::app::{TestApp, column, rows};

#[tokio::test(flavor = "multi_thread")]
async fn f043_the_360_shows_header_counters_and_first_rows_in_one_answer() {
    let app = TestApp::start().await;
    let folder = app.folder("Leads", &["prospect", "won"]).await;
    let body = json!({ "type": "person", "first_name": "Ada", "last_name": "Byron",
        "emails": ["ada@example.com"], "folder": folder });
    let id = app.customer(body).await;
    let path = format!("/v1/customers/{id}");
    for number in 0..3 {
        let note = json!({ "text": format!("note {number}") });
        app.post(&format!("{path}/notes"), note).await.expect(201);
        let task = json!({ "title": format!("task {number}") });
        app.post(&format!("{path}/tasks"), task).await.expect(201);
    }
    app.post(&format!("{path}/interactions"), json!({ "type": "call" })).await.expect(201);
    let answer = app.get_fresh(&format!("{path}?include=notes,interactions,tasks,orders")).await;
    let customer = answer.expect(200);
    assert_eq!(customer["display_name"], "Ada Byron");
    assert_eq!(customer["status"], "prospect");
    let counters = json!({ "open_projects": 0, "files": 0, "open_tasks": 3, "notes": 3,
        "interactions": 1, "messages": 0 });
    assert_eq!(customer["counters"], counters);
    let texts = column(customer["notes"]["data"].as_array().unwrap(), "text");
    assert_eq!(texts, ["note 2", "note 1", "note 0"]);
    assert_eq!(customer["tasks"]["data"].as_array().unwrap().len(), 3);
    assert_eq!(customer["orders"], json!({ "data": [], "has_more": false }));
    assert_eq!(customer["finance"], json!({ "by_currency": [] }));
    assert_eq!(customer["risk"], json!({ "flags": [] }));
    assert_eq!(customer["_redacted"], json!([]));
    for name in ["version", "position", "created_at", "updated_at", "last_activity_at", "workers"] {
        assert!(customer.get(name).is_some(), "{name}");
    }
    // The stream's own events; tasks have streams of their own.
    assert_eq!(customer["version"], 5);

    let task = rows(&app.get(&format!("{path}/tasks")).await)[0]["id"].as_str().unwrap().to_owned();
    app.post(&format!("/v1/tasks/{task}/complete"), json!({})).await.expect(200);
    let counters = &app.get_fresh(&path).await.expect(200)["counters"];
    assert_eq!(counters["open_tasks"], 2);

    let narrow = app.get(&format!("{path}?fields=display_name,status")).await.expect(200);
    let names: Vec<&String> = narrow.as_object().unwrap().keys().collect();
    assert_eq!(names, ["id", "display_name", "status", "_redacted"]);
    let wrong = app.get(&format!("{path}?fields=sattus")).await.refused(400, "invalid_parameter");
    assert!(wrong["detail"].as_str().unwrap().contains("did you mean status"), "{wrong}");
    app.get(&format!("{path}?include=files")).await.refused(400, "invalid_parameter");
}

fn order(customer: &str, number: &str, credited: bool, lines: Value) -> Value {
    json!({ "customer": customer, "source": "shop", "number": number, "credited": credited,
        "currency": "EUR", "placed_at": "2026-02-03T10:00:00Z", "lines": lines })
}

#[tokio::test(flavor = "multi_thread")]
async fn f077_orders_and_credit_notes_make_the_lifetime_value_by_currency() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let bought = json!([
        { "item_code": "A", "quantity": "6", "unit_price": "2.555" },
        { "item_code": "A", "quantity": "6", "unit_price": "2.555" },
    ]);
    app.post("/v1/orders", order(&id, "1", false, bought)).await.expect(201);
    let back = json!([{ "quantity": -2, "unit_price": "2.555" }]);
    app.post("/v1/orders", order(&id, "C1", true, back)).await.expect(201);
    let mut dollars = order(&id, "2", false, json!([{ "quantity": 1, "unit_price": 10 }]));
    dollars["currency"] = json!("USD");
    app.post("/v1/orders", dollars).await.expect(201);
    let finance =
        app.get_fresh(&format!("/v1/customers/{id}")).await.expect(200)["finance"].clone();
    let euros = &finance["by_currency"][0];
    assert_eq!(euros["currency"], "EUR");
    assert_eq!((&euros["order_count"], &euros["credit_note_count"]), (&json!(1), &json!(1)));
    let sums = (&euros["gross"], &euros["credits"], &euros["lifetime_value"]);
    assert_eq!(sums, (&json!("30.660"), &json!("5.110"), &json!("25.550")));
    // What was taken over from elsewhere is owed to nobody here (FEATURES decision 29).
    assert_eq!((&euros["balance"], &euros["open_invoices"]), (&json!("0"), &json!(0)));
    assert_eq!(finance["by_currency"][1]["gross"], "10");
    assert_eq!(app.strong(&id).await["finance"], finance);
}

#[tokio::test(flavor = "multi_thread")]
async fn f100_orders_are_listed_newest_first() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    for (number, day) in [("1", "2026-02-03"), ("3", "2026-02-05"), ("2", "2026-02-04")] {
        let mut body = order(&id, number, false, json!([{ "quantity": 1, "unit_price": "1.50" }]));
        body["placed_at"] = json!(format!("{day}T10:00:00Z"));
        app.post("/v1/orders", body).await.expect(201);
    }
    let list = rows(&app.get_fresh(&format!("/v1/customers/{id}/orders")).await);
    assert_eq!(column(&list, "number"), ["3", "2", "1"]);
    let other = app.person("Ben", "Jonson").await;
    let list = rows(&app.get_fresh(&format!("/v1/orders?filter[customer]={other}")).await);
    assert_eq!(list, [Value::Null; 0]);
    assert_eq!(rows(&app.get_fresh("/v1/orders").await).len(), 3);
}

/// The same document again is no change, another content under its number is refused.
#[tokio::test(flavor = "multi_thread")]
async fn f101_a_recorded_order_keeps_its_lines_and_never_changes() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let lines = json!([
        { "item_code": "85123A", "description": "Lantern", "quantity": "6", "unit_price": "2.555" },
        { "item_code": "85123A", "description": "Lantern", "quantity": "6", "unit_price": "2.555" },
    ]);
    let body = order(&id, "536365", false, lines);
    app.post("/v1/orders", body.clone()).await.expect(201);
    let again = app.post("/v1/orders", body.clone()).await.expect(200);
    assert_eq!(again["changed"], false);
    let mut other = body.clone();
    other["lines"][0]["quantity"] = json!("7");
    app.post("/v1/orders", other).await.refused(409, "document_differs");
    let list = rows(&app.get_fresh(&format!("/v1/customers/{id}/orders")).await);
    assert_eq!(list.len(), 1);
    let order = &list[0];
    assert_eq!((&order["kind"], &order["number"]), (&json!("order"), &json!("536365")));
    assert_eq!(order["gross"], json!({ "amount": "30.660", "currency": "EUR" }));
    assert_eq!(order["lines"].as_array().unwrap().len(), 2);
    assert_eq!(order["lines"][1]["total"], "15.330");
    assert_eq!(order["placed_at"], "2026-02-03T10:00:00.000000Z");

    let mut none = body.clone();
    (none["number"], none["lines"]) = (json!("2"), json!([]));
    app.post("/v1/orders", none).await.wrong_field("/lines", "invalid_field");
    let mut stranger = body.clone();
    (stranger["number"], stranger["customer"]) = (json!("3"), json!(app.id));
    let refused = app.post("/v1/orders", stranger).await;
    assert!(refused.status == 422 || refused.status == 404, "{}", refused.text);
    assert_eq!(refused.json()["code"], "customer_not_found");
    let mut price = body;
    price["lines"][0]["unit_price"] = json!("1e400000");
    app.post("/v1/orders", price).await.wrong_field("/lines/0/unit_price", "invalid_amount");
    let sales = app.user(&["sales"]).await;
    let mine = json!([{ "quantity": 1, "unit_price": 1 }]);
    sales.post("/v1/orders", self::order(&id, "9", false, mine)).await.denied("order.write");
}

/// What the past was, in either of the two times (FEATURES decision 28).
#[tokio::test(flavor = "multi_thread")]
async fn the_past_is_read_by_version_and_by_moment_in_both_times() {
    let app = TestApp::start().await;
    let created = app
        .post(
            "/v1/customers",
            json!({ "type": "person", "last_name": "Byron",
            "occurred_at": "2026-01-01T00:00:00Z" }),
        )
        .await
        .expect(201);
    let id = created["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/customers/{id}");
    let renamed =
        app.post(&format!("{path}/name"), json!({ "last_name": "Lovelace" })).await.expect(200);
    // Learnt later that it had happened earlier.
    let tagged = json!({ "tag": "vip", "occurred_at": "2026-01-02T00:00:00Z" });
    app.post(&format!("{path}/tags"), tagged).await.expect(200);
    let read = async |query: &str| {
        let customer = app.get(&format!("{path}?{query}")).await.expect(200);
        (customer["display_name"].clone(), customer["tags"].clone(), customer["version"].clone())
    };
    let is = |name: &str, tags: Value, version: i64| (json!(name), tags, json!(version));
    assert_eq!(read("at_version=1").await, is("Byron", json!([]), 1));
    assert_eq!(read("at_version=2").await, is("Lovelace", json!([]), 2));
    assert_eq!(read("at_version=99").await, is("Lovelace", json!(["vip"]), 3));
    let at = renamed["events"][0]["recorded_at"].as_str().unwrap();
    assert_eq!(read(&format!("as_of={at}")).await, is("Lovelace", json!([]), 2));
    let january = "as_of=2026-01-03T00:00:00Z&time=effective";
    let (name, tags, _) = read(january).await;
    assert_eq!((name, tags), (json!("Byron"), json!(["vip"])));
    let at = created["events"][0]["recorded_at"].as_str().unwrap();
    assert_eq!(read(&format!("as_of={at}")).await.0, "Byron");

    // Nothing was known then, and nothing had happened before that.
    let early = "as_of=2026-01-03T00:00:00Z";
    app.get(&format!("{path}?{early}")).await.refused(404, "customer_not_found");
    let before = "as_of=2025-12-31T00:00:00Z&time=effective";
    app.get(&format!("{path}?{before}")).await.refused(404, "customer_not_found");
    app.get(&format!("{path}?as_of=yesterday")).await.refused(400, "invalid_parameter");
    app.get(&format!("{path}?at_version=0")).await.refused(400, "invalid_parameter");
    let both = format!("{path}?at_version=1&as_of={at}");
    app.get(&both).await.refused(400, "invalid_parameter");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_diff_names_each_changed_field_with_who_and_when() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}");
    let sales = app.user(&["sales"]).await;
    sales.post(&format!("{path}/name"), json!({ "last_name": "King" })).await.expect(200);
    let last =
        sales.post(&format!("{path}/name"), json!({ "last_name": "Lovelace" })).await.expect(200);
    app.post(&format!("{path}/tags"), json!({ "tag": "vip" })).await.expect(200);
    app.post(&format!("{path}/tags"), json!({ "tag": "gone" })).await.expect(200);
    app.delete(&format!("{path}/tags/gone")).await.expect(200);
    let changes = rows(&app.get(&format!("{path}/diff?from=1&to=6")).await);
    let field = |name: &str| changes.iter().find(|change| change["field"] == name).unwrap().clone();
    let name = field("last_name");
    assert_eq!((&name["from"], &name["to"]), (&json!("Byron"), &json!("Lovelace")));
    assert_eq!(name["event_id"], last["events"][0]["id"]);
    assert_eq!(name["actor"]["id"], sales.id);
    assert!(name["at"].is_string());
    assert_eq!((&field("tags")["from"], &field("tags")["to"]), (&json!([]), &json!(["vip"])));
    let names: Vec<String> = column(&changes, "field");
    assert_eq!(names, ["display_name", "last_name", "tags"]);
    // Backwards it is the other way round, and nothing differs from itself.
    let back = rows(&app.get(&format!("{path}/diff?from=6&to=1")).await);
    assert_eq!(back.iter().find(|change| change["field"] == "last_name").unwrap()["to"], "Byron");
    assert_eq!(rows(&app.get(&format!("{path}/diff?from=4&to=4")).await), [Value::Null; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_their_own_writes() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}");
    for number in 0..20 {
        let body = json!({ "last_name": format!("Byron {number}") });
        let done = app.post(&format!("{path}/name"), body.clone()).await.expect(200);
        let position = done["position"].as_str().unwrap();
        let seen = app.get(&format!("{path}?min_position={position}")).await;
        assert_eq!(seen.expect(200)["last_name"], body["last_name"]);
        let at: i64 = seen.header("dossier-position").parse().unwrap();
        assert!(at >= position.parse().unwrap());
        let list = app.get(&format!("/v1/customers?q=byron&min_position={position}")).await;
        assert_eq!(rows(&list)[0]["last_name"], body["last_name"]);
        // Folded now, it needs no position and no waiting.
        let body = json!({ "last_name": format!("King {number}") });
        app.post(&format!("{path}/name"), body.clone()).await.expect(200);
        assert_eq!(app.strong(&id).await["last_name"], body["last_name"]);
    }
    let created =
        app.post("/v1/customers", json!({ "type": "other", "company_name": "New" })).await;
    // A customer just created is found at once.
    app.get(created.header("location")).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_beyond_the_log_is_refused_at_once() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    for path in [
        "/v1/customers".to_owned(),
        format!("/v1/customers/{id}"),
        format!("/v1/customers/{id}/notes"),
        format!("/v1/customers/{id}/history"),
        "/v1/tasks".to_owned(),
        "/v1/folders".to_owned(),
        "/v1/orders".to_owned(),
        "/v1/events".to_owned(),
        "/v1/notifications".to_owned(),
        "/v1/automation/rules".to_owned(),
        "/v1/users".to_owned(),
    ] {
        let answer = app.get(&format!("{path}?min_position=999999")).await;
        let problem = answer.refused(400, "unknown_position");
        assert!(problem["current_position"].is_string(), "{path}");
        app.get(&format!("{path}?min_position=soon")).await.refused(400, "invalid_parameter");
    }
}
