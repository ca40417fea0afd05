//! Pages of every list: forward, back again, and how many rows there are in all.

use std::collections::BTreeSet;

use api::routes;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, column, rows};
use crate::files;

const ROWS: usize = 5;

/// A customer with some rows of everything that is listed, and the same for the organisation.
async fn filled(app: &TestApp) -> String {
    let rule = json!({ "then": [{ "action": "add_tag", "tag": "seen" }] });
    for number in 0..ROWS {
        app.rule(
            "customer.flagged",
            json!({ "name": format!("Rule {number}"), "then": rule["then"] }),
        )
        .await;
        app.person("Ada", &format!("Byron {number}")).await;
    }
    let customer = app.person("Grace", "Hopper").await;
    let path = |what: &str| format!("/v1/customers/{customer}/{what}");
    for number in 0..ROWS {
        app.post(&path("notes"), json!({ "text": format!("Note {number}") })).await.expect(201);
        app.post(&path("interactions"), json!({ "type": "call" })).await.expect(201);
        app.post(&path("tasks"), json!({ "title": format!("Task {number}") })).await.expect(201);
        let order = json!({ "customer": customer, "source": "shop", "number": number.to_string(),
            "currency": "EUR", "lines": [{ "quantity": 1, "unit_price": 1 }] });
        app.created("/v1/orders", order).await;
        let quote = json!({ "valid_until": "2099-12-31", "currency": "EUR",
            "lines": [{ "quantity": 1, "unit_price": 1 }] });
        app.created(&path("quotes"), quote).await;
        let entry = json!({ "kind": "delivery", "title": "Sofa", "scheduled_for": "2026-12-01" });
        app.created(&path("service-entries"), entry).await;
        let file = format!("name=File%20{number}");
        files::upload(app, &customer, &file, "x").await.expect(201);
        let notice = json!({ "to": [app.id], "text": format!("Notice {number}") });
        app.created("/v1/notifications", notice).await;
    }
    app.post(&path("flags"), json!({ "reason": "Look" })).await.expect(200);
    app.settled().await;
    customer
}

/// All pages by their links, from this address on.
async fn pages(person: &Person, path: &str, relation: &str) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut path = path.to_owned();
    loop {
        let answer = person.get_fresh(&path).await;
        pages.push(rows(&answer));
        assert!(pages.len() < 100, "{path}: the pages do not end");
        let links = answer.headers.get("link").map(|link| link.to_str().unwrap().to_owned());
        let links = links.unwrap_or_default();
        let mark = format!("; rel=\"{relation}\"");
        match links.split(", ").find_map(|link| link.strip_suffix(&mark)) {
            Some(link) => path = link.trim_matches(['<', '>']).to_owned(),
            None => return pages,
        }
    }
}

/// The same rows on the way back as on the way there, and no way beyond either end.
async fn goes_both_ways(person: &Person, path: &str) {
    let there = pages(person, path, "next").await;
    let first = person.get_fresh(path).await.expect(200);
    assert_eq!(first["page"]["prev"], Value::Null, "{path}");
    let mut last = path.to_owned();
    let mut body = first;
    while let Some(next) = body["page"]["next"].as_str() {
        last = format!("{path}&after={next}");
        body = person.get_fresh(&last).await.expect(200);
        assert!(body["page"]["prev"].is_string(), "{path}");
    }
    let mut back = pages(person, &last, "prev").await;
    back.reverse();
    let flat = |pages: Vec<Vec<Value>>| pages.into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(flat(back), flat(there), "{path}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_is_read_backwards_as_it_is_read_forwards() {
    let app = TestApp::start().await;
    let customer = filled(&app).await;
    let mut turned = BTreeSet::new();
    for endpoint in routes::all() {
        let is_list = endpoint.parameters().any(|parameter| parameter.name == "before");
        if !is_list || endpoint.verb != api::endpoint::Verb::Get {
            continue;
        }
        let path = endpoint.path.replace("{customer_id}", &customer);
        if path.contains('{') {
            continue;
        }
        let path = format!("{path}?limit=2");
        if rows(&app.get_fresh(&path).await).len() == 2 {
            turned.insert(endpoint.id);
        }
        goes_both_ways(&app, &path).await;
    }
    for list in [
        "customers_list",
        "customers_notes",
        "customers_interactions",
        "customers_history",
        "customers_timeline",
        "customers_tasks",
        "customers_orders",
        "customers_quotes",
        "customers_service_entries",
        "customers_files",
        "events_list",
        "orders_list",
        "quotes_list",
        "tasks_list",
        "rules_list",
        "runs_list",
        "notifications_list",
    ] {
        assert!(turned.contains(list), "{list} has too few rows to turn its pages: {turned:?}");
    }
    for more in [
        "/v1/customers?limit=2&sort=-name",
        "/v1/customers?limit=2&sort=-updated_at",
        "/v1/customers?limit=2&sort=-last_activity_at",
        "/v1/customers?limit=2&filter[display_name][starts]=Ada",
        "/v1/customers?limit=2&filter[lifecycle]=active&sort=-last_activity_at",
        "/v1/events?limit=2&order=desc",
        "/v1/events?limit=2&types=customer.note_*",
        &format!("/v1/customers/{customer}/history?limit=2&order=desc&types=customer.*"),
        "/v1/automation/runs?limit=2&filter[outcome]=done",
    ] {
        goes_both_ways(&app, more).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_asks_for_one_page_and_where_a_list_has_no_way_back_is_told_so() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    app.get("/v1/tasks?after=x&before=x").await.refused(400, "invalid_parameter");
    for list in ["customers", "tasks", "orders", "events", "automation/runs"] {
        let path = format!("/v1/{list}?before=nonsense");
        app.get(&path).await.refused(400, "invalid_parameter");
    }
    app.person("Ada", "Lovelace").await;
    let next = app.get_fresh("/v1/customers?limit=1").await.expect(200)["page"]["next"].clone();
    let path = format!("/v1/customers?q=ada&before={}", next.as_str().unwrap());
    let problem = app.get(&path).await.refused(400, "invalid_parameter");
    assert!(problem["detail"].as_str().unwrap().contains("forward only"), "{problem}");
    let stream = format!("/v1/customers/{id}/history?format=ndjson&before=1");
    app.get(&stream).await.refused(400, "invalid_parameter");
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_counted_only_when_asked_for_and_only_those_one_sees() {
    let app = TestApp::start().await;
    for number in 0..7 {
        let name = format!("Byron {number}");
        let id = app.person("Ada", &name).await;
        if number < 3 {
            app.post(&format!("/v1/customers/{id}/tags"), json!({ "tag": "vip" }))
                .await
                .expect(200);
        }
    }
    let count = async |query: &str| {
        let page = app.get_fresh(&format!("/v1/customers?limit=2{query}")).await.expect(200);
        page["page"]["count"].clone()
    };
    assert_eq!(count("").await, Value::Null);
    assert_eq!(count("&count=none").await, Value::Null);
    assert_eq!(count("&count=exact").await, 7);
    assert_eq!(count("&count=estimated").await, 7);
    assert_eq!(count("&count=exact&filter[tags][has]=VIP").await, 3);
    assert_eq!(count("&count=exact&filter[display_name][contains]=n 3").await, 1);
    assert_eq!(count("&count=exact&archived=true").await, 0);
    let page = app.get("/v1/customers?count=estimated").await.expect(200);
    assert_eq!(page["page"]["count_is_exact"], true);
    app.get("/v1/customers?q=ada&count=exact").await.refused(400, "invalid_parameter");
    app.get("/v1/customers?count=many").await.refused(400, "invalid_parameter");
    let condition = json!({ "field": "tags", "op": "has", "value": "vip" });
    let request = app.request(reqwest::Method::POST, "/v1/customers/search?count=exact&limit=1");
    let found = app.fresh(request.json(&condition)).await.expect(200);
    assert_eq!((&found["page"]["count"], rows_of(&found)), (&json!(3), 1));
    let abroad = app.abroad().await;
    let page = abroad.get_fresh("/v1/customers?count=exact").await.expect(200);
    assert_eq!(page["page"]["count"], 0);
}

fn rows_of(page: &Value) -> usize {
    page["data"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_begins_with_whom_something_happened_last() {
    let app = TestApp::start().await;
    let mut ids = Vec::new();
    for name in ["Ada", "Ben", "Cleo"] {
        ids.push(app.person(name, "Byron").await);
    }
    app.post(&format!("/v1/customers/{}/interactions", ids[0]), json!({ "type": "call" }))
        .await
        .expect(201);
    let names = async |query: &str| {
        column(&rows(&app.get_fresh(&format!("/v1/customers?{query}")).await), "first_name")
    };
    assert_eq!(names("sort=-last_activity_at").await, ["Ada", "Cleo", "Ben"]);
    // What is entered later changes the record, not when something happened.
    let past = json!({ "type": "call", "occurred_at": "2020-01-01T00:00:00Z" });
    app.post(&format!("/v1/customers/{}/interactions", ids[1]), past).await.expect(201);
    assert_eq!(names("sort=-last_activity_at").await, ["Ada", "Cleo", "Ben"]);
    assert_eq!(names("sort=-updated_at").await, ["Ben", "Ada", "Cleo"]);
    let wrong = "/v1/customers?sort=-last_activity_at&filter[created_at][gte]=2020-01-01T00:00:00Z";
    let problem = app.get(wrong).await.refused(400, "invalid_parameter");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("those take status, type, folder"), "{detail}");
}
