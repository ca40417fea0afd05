//! Everything of a customer as it was.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::app::{Person, TestApp, column, rows};
use crate::files::upload;
use crate::reach::set_reach;

const LISTS: [&str; 14] = [
    "notes",
    "interactions",
    "tasks",
    "quotes",
    "orders",
    "service-entries",
    "files",
    "invoices",
    "payments",
    "account-credits",
    "ledger",
    "timeline",
    "referrals",
    "insight/documents",
];

/// What a person is shown of a customer by all lists.
async fn shown(person: &Person, customer: &str, query: &str) -> BTreeMap<&'static str, Value> {
    let mut shown = BTreeMap::new();
    for list in LISTS {
        let path = format!("/v1/customers/{customer}/{list}?{query}");
        let mut body = person.get_fresh(&path).await.json();
        let body = body.as_object_mut().unwrap();
        body.shift_remove("position");
        body.shift_remove("request_id");
        shown.insert(list, json!(body));
    }
    shown
}

/// One of everything; what can be changed of it by its path.
async fn furnish(app: &TestApp, customer: &str) -> BTreeMap<&'static str, String> {
    let path = |part: &str| format!("/v1/customers/{customer}/{part}");
    let lines = json!([{ "description": "Lantern", "quantity": 1, "unit_price": "10.00" }]);
    let made = async |part: &str, body: Value| app.created(&path(part), body).await;
    app.post(&path("interactions"), json!({ "type": "call", "note": "first" })).await.expect(201);
    let order = made("orders", json!({ "currency": "EUR", "lines": lines })).await;
    let quote = json!({ "valid_until": "2099-12-31", "currency": "EUR", "lines": lines.clone() });
    let entry = json!({ "kind": "delivery", "title": "Lamp", "scheduled_for": "2026-12-01" });
    let invoice = json!({ "currency": "EUR", "due_on": "2099-01-31", "lines": lines });
    let credit = json!({ "amount": { "amount": "3", "currency": "EUR" }, "method": "cash" });
    made("account-credits", credit).await;
    let file = upload(app, customer, "name=plan.pdf", "bytes").await.expect(201);
    let note = |text: &str, scope: &str| json!({ "text": text, "scope": scope });
    let note_id = async |body: Value| {
        let done = app.post(&path("notes"), body).await.expect(201);
        done["note_id"].as_str().unwrap().to_owned()
    };
    BTreeMap::from([
        ("note", path(&format!("notes/{}", note_id(note("as written", "internal")).await))),
        ("secret", path(&format!("notes/{}", note_id(note("of seniors", "restricted")).await))),
        ("task", format!("/v1/tasks/{}", made("tasks", json!({ "title": "Call" })).await)),
        ("order", format!("/v1/orders/{order}")),
        ("quote", format!("/v1/quotes/{}", made("quotes", quote).await)),
        ("entry", format!("/v1/service-entries/{}", made("service-entries", entry).await)),
        ("file", format!("/v1/files/{}", file["id"].as_str().unwrap())),
        ("invoice", made("invoices", invoice).await),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn f195_every_list_of_a_customer_is_shown_as_it_was() {
    let app = TestApp::start().await;
    let sales = app.user(&["sales"]).await;
    let (ada, bea) = (app.person("Ada", "Byron").await, app.person("Bea", "Example").await);
    let path = format!("/v1/customers/{ada}");
    let of = furnish(&app, &ada).await;
    let by = json!({ "customer": bea });
    let last = app.put(&format!("{path}/referrer"), by).await.expect(200);
    let then = last["events"][0]["recorded_at"].as_str().unwrap().to_owned();
    let (owner_then, sales_then) = (shown(&app, &ada, "").await, shown(&sales, &ada, "").await);
    let version = app.strong(&ada).await["version"].clone();

    app.patch(&of["note"], json!({ "text": "as edited" })).await.expect(200);
    app.delete(&of["secret"]).await.expect(200);
    app.post(&format!("{}/complete", of["task"]), json!({})).await.expect(200);
    app.post(&format!("{}/cancel", of["order"]), json!({})).await.expect(200);
    app.post(&format!("{}/send", of["quote"]), json!({})).await.expect(200);
    app.post(&format!("{}/complete", of["entry"]), json!({})).await.expect(200);
    app.delete(&of["file"]).await.expect(200);
    let money = json!({ "amount": { "amount": "4", "currency": "EUR" }, "method": "cash",
        "allocations": [{ "invoice": of["invoice"] }] });
    let key = [("Idempotency-Key", "payment")];
    app.post_with(&format!("{path}/payments"), &key, money).await.expect(201);
    app.post(&format!("{path}/interactions"), json!({ "type": "visit" })).await.expect(201);
    app.delete(&format!("{path}/referrer")).await.expect(200);

    let now = shown(&app, &ada, "").await;
    for (list, was) in &owner_then {
        let unchanged = ["account-credits", "insight/documents"].contains(list);
        assert_eq!(now[list] == *was, unchanged, "{list}");
    }
    let as_of = format!("as_of={then}");
    assert_eq!(shown(&app, &ada, &as_of).await, owner_then);
    // As much as the role sees today: nothing of money, nothing of what only seniors read.
    let again = shown(&sales, &ada, &as_of).await;
    assert_eq!(again, sales_then);
    assert_eq!(again["ledger"]["code"], "permission_denied");
    assert_eq!(column(&rows(&app.get(&format!("{path}/notes?{as_of}")).await), "text").len(), 2);
    assert_eq!(column(again["notes"]["data"].as_array().unwrap(), "text"), ["as written"]);
    let mut at_version = shown(&app, &ada, &format!("at_version={version}")).await;
    at_version.retain(|list, _| !["timeline", "referrals"].contains(list));
    assert!(at_version.iter().all(|(list, rows)| owner_then[list] == *rows));
    assert_eq!(
        shown(&app, &ada, "as_of=2100-01-01T00:00:00Z&time=effective").await["notes"],
        now["notes"]
    );

    // With the customer comes what was there then.
    let parts = format!("{path}?include=notes,tasks&{as_of}");
    let record = app.get(&parts).await.expect(200);
    assert_eq!(record["tasks"]["data"][0]["state"], "open");
    assert_eq!(record["notes"]["data"], owner_then["notes"]["data"]);
    let insight = app.get(&format!("{path}/insight?{as_of}")).await.expect(200);
    assert_eq!(insight["lifetime_value"][0]["amount"], "10.00");
    assert!(insight.get("repurchase").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn f195_what_was_is_filtered_paged_and_judged_by_the_day_of_the_moment() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{ada}");
    furnish(&app, &ada).await;
    for number in 0..4 {
        let task = json!({ "title": format!("task {number}"), "due_on": "2027-01-01" });
        app.created(&format!("{path}/tasks"), task).await;
    }
    let invoice_in = async |query: &str| {
        let answer = app.get(&format!("{path}/invoices?{query}")).await;
        column(&rows(&answer), "state")
    };
    assert_eq!(invoice_in("as_of=2099-01-31T12:00:00Z").await, ["open"]);
    assert_eq!(invoice_in("as_of=2099-02-02T12:00:00Z").await, ["overdue"]);
    assert_eq!(invoice_in("as_of=2099-02-02T12:00:00Z&filter[state]=open").await, [""; 0]);
    assert_eq!(invoice_in("as_of=2099-02-02T12:00:00Z&filter[state]=unpaid").await, ["overdue"]);
    let record = app.get(&format!("{path}?as_of=2099-02-02T12:00:00Z")).await.expect(200);
    assert_eq!(record["finance"]["by_currency"][0]["overdue_invoices"], 1);
    let quotes = app.get(&format!("{path}/quotes?as_of=2100-01-02T00:00:00Z")).await;
    assert_eq!(column(&rows(&quotes), "state"), ["draft"]);

    let first = app.get(&format!("{path}/tasks?as_of=2100-01-01T00:00:00Z&limit=2")).await;
    let titles = |rows: &[Value]| column(rows, "title");
    assert_eq!(titles(&rows(&first)), ["task 0", "task 1"]);
    let link = first.header("link").to_owned();
    assert!(link.contains("as_of=2100-01-01T00%3A00%3A00Z"), "{link}");
    let next = first.json()["page"]["next"].as_str().unwrap().to_owned();
    let second =
        app.get(&format!("{path}/tasks?as_of=2100-01-01T00:00:00Z&limit=2&after={next}")).await;
    assert_eq!(titles(&rows(&second)), ["task 2", "task 3"]);
    let back = second.json()["page"]["prev"].as_str().unwrap().to_owned();
    let before =
        app.get(&format!("{path}/tasks?as_of=2100-01-01T00:00:00Z&limit=2&before={back}")).await;
    assert_eq!(rows(&before), rows(&first));
}

#[tokio::test(flavor = "multi_thread")]
async fn f195_where_there_was_no_such_customer_there_is_nothing_to_show() {
    let app = TestApp::start().await;
    let ben = app.user(&["manager"]).await;
    let ada = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{ada}");
    let then = app.post(&format!("{path}/notes"), json!({ "text": "likes tea" })).await;
    let then = then.expect(201)["events"][0]["recorded_at"].as_str().unwrap().to_owned();
    for list in LISTS.into_iter().chain(["insight"]) {
        let path = format!("{path}/{list}");
        let early = format!("{path}?as_of=2020-01-01T00:00:00Z");
        app.get(&early).await.refused(404, "customer_not_found");
        for wrong in ["as_of=yesterday", "at_version=0", "time=once"] {
            app.get(&format!("{path}?{wrong}")).await.refused(400, "invalid_parameter");
        }
        let both = format!("{path}?at_version=1&as_of={then}");
        app.get(&both).await.refused(400, "invalid_parameter");
    }
    // The past of one customer, not of all.
    app.get("/v1/tasks?as_of=2026-01-01T00:00:00Z").await.refused(400, "unknown_parameter");

    // Reached then is not reached now.
    let assigned = json!({ "user": ben.id });
    app.post(&format!("{path}/workers"), assigned).await.expect(200);
    let reach = json!({ "read": { "assigned": true } });
    set_reach(&app, &ben, reach).await;
    ben.get_fresh(&format!("{path}/notes?as_of={then}")).await.expect(200);
    app.delete(&format!("{path}/workers/{}", ben.id)).await.expect(200);
    for list in LISTS {
        let path = format!("{path}/{list}?at_version=3");
        ben.get_fresh(&path).await.refused(404, "customer_not_found");
    }

    // What was erased is not brought back.
    let version = app.strong(&ada).await["version"].to_string();
    let headers = [("If-Match", version.as_str()), ("Idempotency-Key", "erase")];
    let erase = json!({ "confirm": "erase" });
    app.post_with(&format!("{path}/erase"), &headers, erase).await.expect(200);
    let notes = rows(&app.get(&format!("{path}/notes?as_of={then}")).await);
    assert_eq!(notes[0]["text"], json!({ "erased": true }));
    app.get(&format!("{path}/notes?at_version=99")).await.refused(404, "customer_not_found");
}
