//! One command for many customers: looked at first, done once, told of everybody, undone.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Instant;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, Person, TestApp, rows};

fn counts(job: &Value) -> [i64; 3] {
    ["updated", "unchanged", "failed"].map(|name| job[name].as_i64().unwrap())
}

async fn ended(app: &Person, answer: &Answer) -> Value {
    answer.expect(202);
    let job = app.until(answer.header("location"), |job| !job["finished_at"].is_null()).await;
    assert_eq!((&job["state"], &job["error"]), (&json!("done"), &Value::Null), "{job:#}");
    job
}

async fn begin(app: &Person, key: &str, body: &Value) -> Answer {
    app.post_with("/v1/jobs/bulk", &[("Idempotency-Key", key)], body.clone()).await
}

async fn does(app: &Person, body: &Value) -> Value {
    ended(app, &begin(app, &Uuid::now_v7().to_string(), body).await).await
}

async fn undoes(app: &Person, job: &Value) -> Value {
    let path = format!("/v1/jobs/{}/undo", job["id"].as_str().unwrap());
    let key = Uuid::now_v7().to_string();
    ended(app, &app.post_with(&path, &[("Idempotency-Key", &key)], json!({})).await).await
}

fn bulk(selection: Value, command: &str, data: Value) -> Value {
    json!({ "selection": selection, "command": { "type": command, "data": data } })
}

/// The lines of a report: outcome and code by customer.
async fn report(app: &Person, job: &Value) -> BTreeMap<String, (String, String)> {
    let answer = app.get(job["report_url"].as_str().unwrap()).await;
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let lines = answer.text.lines().skip(1).map(cells);
    lines
        .map(|cells| (cells.last().unwrap().clone(), (cells[1].clone(), cells[2].clone())))
        .collect()
}

async fn statuses(app: &Person, ids: &[&String]) -> Vec<Value> {
    let mut found = Vec::new();
    for id in ids {
        found.push(app.strong(id).await["status"].clone());
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn f010_a_bulk_edit_is_looked_at_done_told_row_by_row_and_undone() {
    let app = TestApp::start().await;
    let leads = app.folder("Leads", &["prospect", "won"]).await;
    let other = app.folder("Other", &["open"]).await;
    let mut ids = Vec::new();
    for (name, folder, status) in [
        ("A", &leads, "prospect"),
        ("B", &leads, "prospect"),
        ("C", &leads, "won"),
        ("D", &other, "open"),
    ] {
        let body =
            json!({ "type": "person", "last_name": name, "folder": folder, "status": status });
        ids.push(app.customer(body).await);
    }
    let stranger = Uuid::now_v7().to_string();
    let [a, b, c, d] = &ids[..] else { panic!("four") };
    let mut body = bulk(
        json!({ "ids": [a, b, c, d, stranger, a] }),
        "customer.change_status",
        json!({ "status": "won" }),
    );
    body["dry_run"] = json!(true);
    let head = app.head().await;
    let seen = does(&app, &body).await;
    assert_eq!((seen["total"].as_i64(), counts(&seen)), (Some(5), [2, 1, 2]), "{seen:#}");
    assert_eq!((&seen["result"]["dry_run"], app.head().await), (&json!(true), head));

    body["dry_run"] = json!(false);
    let job = does(&app, &body).await;
    assert_eq!(counts(&job), [2, 1, 2]);
    assert_eq!(statuses(&app, &[a, b, c, d]).await, ["won", "won", "won", "open"]);
    let told = report(&app, &job).await;
    let of = |id: &String| told[id].clone();
    let line = |outcome: &str, code: &str| (outcome.to_owned(), code.to_owned());
    assert_eq!((of(a), of(c)), (line("updated", ""), line("unchanged", "")));
    assert_eq!(of(d), line("failed", "status_not_in_folder"));
    assert_eq!(of(&stranger), line("failed", "customer_not_found"));
    let refused = job["result"]["refused"].as_array().unwrap();
    assert_eq!(refused.len(), 2, "{job:#}");
    let row = job["result"]["rows"].as_array().unwrap().iter().find(|row| row["customer"] == **d);
    assert_eq!(row.unwrap()["name"], "D");

    // One correlation, an event each, and an undo that leaves alone what was changed since.
    let event = |events: Vec<Value>| events.last().unwrap().clone();
    let changed = event(app.events_of(a, "customer.status_changed").await);
    let correlation = (&changed["correlationid"], &changed["origin"]);
    assert_eq!(correlation, (&job["id"], &json!("bulk")));
    let back = json!({ "status": "prospect" });
    app.post(&format!("/v1/customers/{b}/status"), back).await.expect(200);
    let undone = undoes(&app, &job).await;
    assert_eq!((counts(&undone), &undone["result"]["undoes"]), ([1, 3, 1], &job["id"]));
    assert_eq!(report(&app, &undone).await[b], line("failed", "changed_since"));
    assert_eq!(statuses(&app, &[a, b, c]).await, ["prospect", "prospect", "won"]);
    // Undoing that does it again.
    let again = undoes(&app, &undone).await;
    assert_eq!(counts(&again), [1, 4, 0], "{again:#}");
    assert_eq!(statuses(&app, &[a, b]).await, ["won", "prospect"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f010_all_that_match_are_meant_and_only_within_reach() {
    let app = TestApp::start().await;
    let leads = app.folder("Leads", &["open"]).await;
    let hidden = app.folder("Hidden", &["open"]).await;
    for (name, folder) in
        [("Byron", &leads), ("Byrne", &leads), ("Cole", &leads), ("Byrd", &hidden)]
    {
        app.customer(json!({ "type": "person", "last_name": name, "folder": folder })).await;
    }
    app.settled().await;
    let somebody = app.user(&["manager"]).await;
    let reach = json!({ "read": { "folders": [leads] }, "write": { "folders": [leads] } });
    app.post(&format!("/v1/users/{}/reach", somebody.id), reach).await.expect(200);
    let job =
        does(&somebody, &bulk(json!({ "q": "byr" }), "customer.tag", json!({ "tag": "by" }))).await;
    assert_eq!(counts(&job), [2, 0, 0], "{job:#}");
    let filter = json!({ "field": "tags", "op": "has", "value": "by" });
    let all =
        bulk(json!({ "filter": filter }), "customer.assign_worker", json!({ "user": app.id }));
    app.settled().await;
    assert_eq!(counts(&does(&app, &all).await), [2, 0, 0]);
    let folder =
        bulk(json!({ "folder": hidden }), "customer.move_folder", json!({ "folder": leads }));
    assert_eq!(counts(&does(&app, &folder).await), [1, 0, 0]);
    assert_eq!(counts(&does(&somebody, &folder).await), [0, 0, 0]);
    // A job tells whom it met: it is its owner's alone.
    let jobs = rows(&somebody.get("/v1/jobs").await);
    assert!(jobs.iter().all(|job| job["created_by"] == somebody.id.as_str()), "{jobs:#?}");
    let path = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    assert_eq!(app.get(&path).await.expect(200)["result"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn f010_what_cannot_be_done_to_many_is_refused() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let ids = json!({ "ids": [id] });
    let tag = json!({ "tag": "a" });
    let refused =
        |answer: Answer, pointer: &str, code: &str| drop(answer.wrong_field(pointer, code));
    let erase = bulk(ids.clone(), "customer.erase", json!({ "confirm": "erase" }));
    refused(begin(&app, "k", &erase).await, "/command/type", "unknown_command");
    let wrong = bulk(ids.clone(), "customer.tag", json!({ "tag": "" }));
    refused(begin(&app, "k", &wrong).await, "/command/data/tag", "invalid_tag");
    for (selection, pointer, code) in [
        (json!({}), "/selection", "missing_field"),
        (json!({ "ids": [] }), "/selection/ids", "invalid_field"),
        (json!({ "ids": [id], "q": "a" }), "/selection/ids", "invalid_field"),
    ] {
        let body = bulk(selection, "customer.tag", tag.clone());
        refused(begin(&app, "k", &body).await, pointer, code);
    }
    let body = bulk(ids.clone(), "customer.tag", tag);
    app.post("/v1/jobs/bulk", body.clone()).await.refused(400, "idempotency_key_missing");
    app.user(&["viewer"]).await.post("/v1/jobs/bulk", body.clone()).await.denied("customer.edit");

    // The same key is the same job; another wish under it is refused.
    let first = begin(&app, "k", &body).await;
    let job = ended(&app, &first).await;
    let second = begin(&app, "k", &body).await;
    assert_eq!(second.expect(202)["id"], job["id"]);
    assert_eq!(second.header("idempotency-replayed"), "true");
    let other = bulk(ids, "customer.tag", json!({ "tag": "b" }));
    begin(&app, "k", &other).await.refused(422, "idempotency_key_reused");

    let imported = app.import("kind=customers&source=x", b"last_name\nEve\n".to_vec()).await;
    let undo = format!("/v1/jobs/{}/undo", imported["id"].as_str().unwrap());
    app.post_with(&undo, &[("Idempotency-Key", "u")], json!({})).await.refused(422, "not_undoable");
}

#[tokio::test(flavor = "multi_thread")]
async fn f010_rules_run_where_that_was_asked_for() {
    let app = TestApp::start().await;
    let then = json!([{ "action": "add_tag", "tag": "seen" }]);
    app.rule("customer.tagged", json!({ "then": then })).await;
    let (left, run) = (app.person("Left", "Alone").await, app.person("Ruled", "Over").await);
    for (id, run_rules) in [(&left, false), (&run, true)] {
        let mut body = bulk(json!({ "ids": [id] }), "customer.tag", json!({ "tag": "vip" }));
        body["run_rules"] = json!(run_rules);
        does(&app, &body).await;
    }
    app.settled().await;
    assert_eq!(app.strong(&left).await["tags"], json!(["vip"]));
    assert_eq!(app.strong(&run).await["tags"], json!(["seen", "vip"]));
}

/// 10,000 customers in one job, and back.
#[tokio::test(flavor = "multi_thread")]
async fn long_ten_thousand_customers_are_changed_at_once_and_back() {
    let app = TestApp::start().await;
    let mut file = String::from("external_id,type,last_name\n");
    for number in 0..10_000 {
        file.push_str(&format!("{number},person,Person {number}\n"));
    }
    app.import("kind=customers&source=x", file.into_bytes()).await;
    // What matches is what the directory holds.
    app.until("/v1/customers?count=exact&limit=1", |page| page["page"]["count"] == 10_000).await;
    let everybody = json!({ "filter": { "all": [] } });
    let mut body = bulk(everybody, "customer.tag", json!({ "tag": "vip" }));
    let mut time = BTreeMap::new();
    for dry_run in [true, false] {
        body["dry_run"] = json!(dry_run);
        let since = Instant::now();
        let answer = begin(&app, &Uuid::now_v7().to_string(), &body).await;
        let job = patiently(&app, &answer).await;
        time.insert(if dry_run { "preview" } else { "bulk" }, since.elapsed());
        assert_eq!(counts(&job), [10_000, 0, 0]);
        if !dry_run {
            let path = format!("/v1/jobs/{}/undo", job["id"].as_str().unwrap());
            let since = Instant::now();
            let answer = app.post_with(&path, &[("Idempotency-Key", "u")], json!({})).await;
            assert_eq!(counts(&patiently(&app, &answer).await), [10_000, 0, 0]);
            time.insert("undo", since.elapsed());
        }
    }
    writeln!(std::io::stdout(), "10,000 customers: {time:?}").unwrap();
}

async fn patiently(app: &Person, answer: &Answer) -> Value {
    answer.expect(202);
    loop {
        let job = app.get(answer.header("location")).await.expect(200);
        if !job["finished_at"].is_null() {
            return job;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}
