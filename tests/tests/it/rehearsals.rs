//! Rehearsing rules over what has happened, and why they ran.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::app::{Person, TestApp, column, ever, rows};

const HEADER: &str =
    "event,event_type,at,customer,outcome,reason,steps,compared,active_outcome,active_steps";

/// Event, customer, outcome and steps of each line of a report.
async fn report(app: &Person, job: &Value) -> BTreeSet<[String; 4]> {
    let answer = app.get(job["report_url"].as_str().unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let mut lines = answer.text.lines();
    assert_eq!(lines.next(), Some(HEADER));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            [cells[0], cells[3], cells[4], cells[6]].map(str::to_owned)
        })
        .collect()
}

/// The same of all runs that there were.
async fn happened(app: &Person) -> BTreeSet<[String; 4]> {
    let mut found = BTreeSet::new();
    let mut next = "/v1/automation/runs?limit=200".to_owned();
    loop {
        let answer = app.get(&next).await;
        for run in rows(&answer) {
            let steps = run["steps"].as_array().unwrap().iter().map(|step| {
                let word = |name: &str| step[name].as_str().unwrap().to_owned();
                format!("{} {}: {}", word("step"), word("action"), word("outcome"))
            });
            let steps = steps.collect::<Vec<_>>().join("; ");
            let word = |name: &str| run[name].as_str().unwrap().to_owned();
            found.insert([word("trigger_event"), word("customer"), word("outcome"), steps]);
        }
        let Some(after) = answer.json()["page"]["next"].as_str().map(str::to_owned) else { break };
        next = format!("/v1/automation/runs?limit=200&after={after}");
    }
    found
}

/// The orders of the demo set a rule off while they are imported; the rehearsal afterwards tells
/// the same runs with the same steps, and leaves nothing behind but that it took place.
#[tokio::test(flavor = "multi_thread")]
async fn f156_a_rehearsal_tells_what_the_rule_did_over_the_same_history() {
    let app = TestApp::start().await;
    let customers = include_bytes!("../../../demo/customers.csv").to_vec();
    app.import("kind=customers&source=sakila&currency=USD", customers).await;
    let then = json!([
        { "action": "create_task", "title": "Thank them", "due_in": "P2D" },
        { "action": "branch", "when": { "field": "event.gross", "op": "gte", "value": 10.99 },
            "then": [{ "action": "notify", "to": "owner", "text": "A large order" },
                { "action": "notify", "to": "field", "text": "There is nobody in the field" }],
            "else": [{ "action": "change_status", "status": "unheard_of" },
                { "action": "raise_flag", "reason": "Never comes to this" }] },
    ]);
    let when = json!({ "all": [{ "field": "event.gross", "op": "gte", "value": 9.99 },
        { "field": "after.country", "op": "ne", "value": "JP" }] });
    let rule = app.rule("order.recorded", json!({ "when": when, "then": then })).await;
    let orders = include_bytes!("../../../demo/orders.csv").to_vec();
    app.import("kind=orders&source=sakila&currency=USD&rules=run", orders).await;
    app.settled().await;
    let happened = happened(&app).await;
    let outcomes: BTreeSet<&str> = happened.iter().map(|run| run[2].as_str()).collect();
    assert_eq!(outcomes, BTreeSet::from(["blocked", "done"]));
    assert!(happened.len() > 200, "{}", happened.len());

    for time in ["recorded", "effective"] {
        let before: i64 = app.head().await.parse().unwrap();
        let job = app.rehearse(&rule, ever(time)).await;
        assert_eq!(report(&app, &job).await, happened, "{time}");
        let result = &job["result"];
        assert_eq!((&result["customers"], &result["rule_version"]), (&json!(599), &json!(1)));
        let counts = result["counts"].as_object().unwrap();
        let count: i64 = counts.values().filter_map(Value::as_i64).sum();
        assert_eq!(usize::try_from(count).unwrap(), happened.len());
        assert_eq!(
            (result["runs"].as_array().unwrap().len(), &result["complete"]),
            (100, &json!(false))
        );
        assert_eq!(app.head().await.parse::<i64>().unwrap(), before + 1);
    }
    let newest = rows(&app.get("/v1/events?order=desc&limit=1").await);
    assert_eq!(
        (&newest[0]["type"], &newest[0]["data"]["time"]),
        (&json!("rule.rehearsed"), &json!("effective"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_meets_the_customers_as_they_were() {
    let app = TestApp::start().await;
    let leads = app.folder("Leads", &["prospect", "won", "lost"]).await;
    let when = json!({ "field": "before.status", "op": "eq", "value": "prospect" });
    let late = json!({ "field": "now.status", "op": "eq", "value": "lost" });
    let body = json!({ "name": "Won", "trigger": { "events": ["customer.status_changed"] },
        "when": when, "then": [{ "action": "add_tag", "tag": "moved" },
            { "action": "delay", "for": "P3D" },
            { "action": "branch", "when": late, "then": [{ "action": "raise_flag", "reason": "Lost" }] }] });
    let rule = app.created("/v1/automation/rules", body).await;
    let person = json!({ "type": "person", "last_name": "Byron", "folder": leads });
    let (ada, ben) = (app.customer(person.clone()).await, app.customer(person).await);
    let status = async |id: &str, status: &str, at: &str| {
        let body = json!({ "status": status, "occurred_at": at });
        app.post(&format!("/v1/customers/{id}/status"), body).await.expect(200);
    };
    status(&ada, "won", "2026-10-01T10:00:00Z").await;
    status(&ada, "lost", "2026-10-03T10:00:00Z").await;
    status(&ben, "won", "2026-10-01T10:00:00Z").await;
    status(&ben, "lost", "2026-10-05T10:00:00Z").await;
    app.post(&format!("/v1/customers/{ben}/tags"), json!({ "tag": "moved" })).await.expect(200);

    let month = json!({ "from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z" });
    let job = app.rehearse(&rule, month).await;
    let runs = job["result"]["runs"].as_array().unwrap().clone();
    assert_eq!(
        (&job["result"]["events"], &job["result"]["counts"]),
        (&json!(4), &json!({ "done": 2 }))
    );
    for (id, steps) in [(&ada, 4), (&ben, 3)] {
        let run = runs.iter().find(|run| run["customer"] == **id).unwrap();
        assert_eq!(run["steps"].as_array().unwrap().len(), steps, "{run:#}");
        assert_eq!(run["steps"][0]["outcome"], "done");
    }
    // Nothing was done.
    app.settled().await;
    assert_eq!(app.strong(&ada).await["tags"], json!([]));
    assert_eq!(rows(&app.get("/v1/automation/runs").await), [Value::Null; 0]);
    let shown = app.get_fresh(&format!("/v1/automation/rules/{rule}")).await.expect(200);
    assert_eq!(shown["rehearsed_version"], 1);

    // By the time at which it was recorded, none of it was in October.
    let month =
        json!({ "from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z", "time": "recorded" });
    assert_eq!(app.rehearse(&rule, month).await["result"]["events"], 0);

    // What it found is for whoever asked; others see that there was a job.
    let other = app.user(&["manager"]).await;
    let path = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    let seen = other.get(&path).await.expect(200);
    assert_eq!((&seen["result"], &seen["report_url"]), (&Value::Null, &Value::Null));
    other.get(&format!("{path}/report")).await.refused(404, "job_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_that_makes_no_sense_is_refused() {
    let app = TestApp::start().await;
    let then = json!([{ "action": "add_tag", "tag": "x" }]);
    let rule = app.rule("customer.created", json!({ "then": then })).await;
    let path = format!("/v1/automation/rules/{rule}/rehearse");
    let backwards = json!({ "from": "2026-11-01T00:00:00Z", "to": "2026-10-01T00:00:00Z" });
    app.post(&path, backwards).await.wrong_field("/to", "invalid_field");
    let odd = json!({ "from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z", "time": "x" });
    app.post(&path, odd).await.wrong_field("/time", "invalid_field");
    app.post(&path, json!({})).await.wrong_field("/from", "missing_field");
    let unknown = format!("/v1/automation/rules/{}/rehearse", app.id);
    app.post(&unknown, ever("recorded")).await.refused(404, "rule_not_found");
    app.user(&["sales"]).await.post(&path, ever("recorded")).await.denied("rule.admin");
    app.post(&format!("/v1/automation/rules/{rule}/archive"), json!({})).await.expect(200);
    app.post(&path, ever("recorded")).await.refused(422, "rule_archived");
}

#[tokio::test(flavor = "multi_thread")]
async fn why_shows_the_conditions_that_held_and_the_runs_that_still_wait() {
    let app = TestApp::start().await;
    let when = json!({ "all": [{ "field": "event.tag", "op": "eq", "value": "vip" },
        { "not": { "field": "after.risk_flags", "op": "has", "value": "manual_flag" } }] });
    let then = json!([{ "action": "add_tag", "tag": "seen" }, { "action": "delay", "for": "P2D" },
        { "action": "add_tag", "tag": "later" }]);
    let rule =
        app.rule("customer.tagged", json!({ "name": "See", "when": when, "then": then })).await;
    let id = app.person("Ada", "Byron").await;
    app.post(&format!("/v1/customers/{id}/tags"), json!({ "tag": "vip" })).await.expect(200);
    app.until("/v1/automation/runs", |runs| {
        runs["data"]
            .as_array()
            .unwrap()
            .iter()
            .any(|run| run["next_attempt_at"].is_string() && run["steps"][1].is_object())
    })
    .await;
    let event = app.events_of(&id, "customer.tagged").await[0]["id"].as_str().unwrap().to_owned();
    let why = app.get(&format!("/v1/events/{event}/why")).await.expect(200);
    let runs = why["event"]["runs"].as_array().unwrap();
    assert_eq!(column(runs, "outcome"), ["waiting"]);
    assert_eq!(runs[0]["rule"], json!({ "id": rule, "name": "See", "version": 1 }));
    assert!(runs[0]["next_attempt_at"].is_string());
    let conditions = runs[0]["conditions"].as_array().unwrap();
    assert_eq!(column(conditions, "field"), ["event.tag", "after.risk_flags"]);
    assert_eq!(column(conditions, "pointer"), ["/when/all/0", "/when/all/1/not"]);
    assert_eq!((&conditions[0]["found"], &conditions[0]["value"]), (&json!("vip"), &json!("vip")));
    assert_eq!((&conditions[0]["holds"], &conditions[1]["holds"]), (&json!(true), &json!(false)));
    let effect = &why["effects"].as_array().unwrap()[0];
    assert_eq!((&effect["rule"]["name"], &effect["rule"]["step"]), (&json!("See"), &json!("1")));
    // Sales does not see risk, so neither what was asked of it.
    let sales = app.user(&["sales"]).await;
    let why = sales.get(&format!("/v1/events/{event}/why")).await.expect(200);
    let risk = &why["event"]["runs"][0]["conditions"][1];
    assert_eq!((&risk["hidden"], &risk["found"]), (&json!(true), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_sends_is_switched_on_only_after_a_rehearsal() {
    let app = TestApp::start().await;
    let rule = |text: &str, state: &str| {
        let mail = json!({ "action": "send_email", "subject": "Hello", "text": text });
        json!({ "name": "Greet", "trigger": { "events": ["customer.tagged"] }, "state": state,
            "then": [{ "action": "branch", "when": {}, "then": [mail] }] })
    };
    let refused = app.post("/v1/automation/rules", rule("Hi", "active")).await;
    let problem = refused.refused(422, "rehearsal_needed");
    assert!(problem["detail"].as_str().unwrap().contains("rehearse it"), "{problem}");
    let id = app.created("/v1/automation/rules", rule("Hi", "draft")).await;
    let path = format!("/v1/automation/rules/{id}");
    let activate = format!("{path}/activate");
    app.post(&activate, json!({})).await.refused(422, "rehearsal_needed");
    app.put(&path, rule("Hi", "active")).await.refused(422, "rehearsal_needed");
    app.rehearse(&id, ever("recorded")).await;
    app.post(&activate, json!({})).await.expect(200);
    // Another version waits beside it until it was rehearsed as well.
    app.put(&path, rule("Bye", "active")).await.refused(422, "rehearsal_needed");
    app.put(&path, rule("Bye", "draft")).await.expect(200);
    let shown = app.get_fresh(&path).await.expect(200);
    assert_eq!((&shown["state"], &shown["rule_version"]), (&json!("active"), &json!(1)));
    assert_eq!(shown["then"], rule("Hi", "")["then"]);
    assert_eq!(
        (&shown["draft"]["rule_version"], &shown["draft"]["then"]),
        (&json!(2), &rule("Bye", "")["then"])
    );
    app.post(&activate, json!({})).await.refused(422, "rehearsal_needed");
    let customer = app.person("Ada", "Byron").await;
    let tag = async |tag: &str| {
        let path = format!("/v1/customers/{customer}/tags");
        app.post(&path, json!({ "tag": tag })).await.expect(200);
        app.settled().await;
        let runs = rows(&app.get("/v1/automation/runs?limit=1").await);
        runs[0]["rule_version"].clone()
    };
    assert_eq!(tag("first").await, 1);
    app.rehearse(&id, ever("recorded")).await;
    app.post(&activate, json!({})).await.expect(200);
    let shown = app.get_fresh(&path).await.expect(200);
    assert_eq!((&shown["rule_version"], &shown["draft"]), (&json!(2), &Value::Null));
    assert_eq!(tag("second").await, 2);
    // The matcher knows both versions after a restart as well.
    app.put(&path, rule("Later", "draft")).await.expect(200);
    app.settled().await;
    let app = app.restart().await;
    let tags = format!("/v1/customers/{customer}/tags");
    app.post(&tags, json!({ "tag": "third" })).await.expect(200);
    app.rehearse(&id, ever("recorded")).await;
    app.post(&activate, json!({})).await.expect(200);
    app.post(&tags, json!({ "tag": "fourth" })).await.expect(200);
    app.settled().await;
    let runs = rows(&app.get("/v1/automation/runs?limit=2").await);
    assert_eq!((&runs[0]["rule_version"], &runs[1]["rule_version"]), (&json!(3), &json!(2)));
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f156_a_new_version_is_compared_with_the_one_in_force() {
    let app = TestApp::start().await;
    let rule = |tags: &[&str], state: &str| {
        let held = tags.iter().map(|tag| json!({ "field": "event.tag", "op": "eq", "value": tag }));
        let big = json!({ "field": "event.tag", "op": "eq", "value": "big" });
        let title = if state == "draft" { "Call at once" } else { "Call" };
        json!({ "name": "Call", "trigger": { "events": ["customer.tagged"] }, "state": state,
            "when": { "any": held.collect::<Vec<_>>() },
            "then": [{ "action": "add_tag", "tag": "seen" }, { "action": "branch", "when": big,
                "then": [{ "action": "create_task", "title": title }] }] })
    };
    // All of this happened before there was the rule.
    let customer = app.person("Ada", "Byron").await;
    for tag in ["old", "both", "big", "new", "none"] {
        let path = format!("/v1/customers/{customer}/tags");
        app.post(&path, json!({ "tag": tag })).await.expect(200);
    }
    let id = app.created("/v1/automation/rules", rule(&["old", "both", "big"], "active")).await;
    let result = app.rehearse(&id, ever("effective")).await["result"].clone();
    assert_eq!((&result["active_version"], &result["compared"]), (&Value::Null, &Value::Null));
    let path = format!("/v1/automation/rules/{id}");
    app.put(&path, rule(&["both", "big", "new"], "draft")).await.expect(200);
    let job = app.rehearse(&id, ever("effective")).await;
    let result = &job["result"];
    assert_eq!((&result["rule_version"], &result["active_version"]), (&json!(2), &json!(1)));
    let compared = json!({ "only_new": 1, "only_active": 1, "differs": 1, "same": 1 });
    assert_eq!((&result["compared"], &result["counts"]), (&compared, &json!({ "done": 3 })));
    let runs = result["runs"].as_array().unwrap();
    assert_eq!(column(runs, "compared"), ["only_active", "same", "differs", "only_new"]);
    assert_eq!(
        (&runs[0]["outcome"], &runs[0]["active"]["outcome"]),
        (&Value::Null, &json!("done"))
    );
    assert_eq!((&runs[3]["outcome"], &runs[3]["active"]), (&json!("done"), &Value::Null));
    let report = app.get(job["report_url"].as_str().unwrap()).await.text;
    let last = |line: &str| line.split(',').skip(7).map(str::to_owned).collect::<Vec<_>>();
    let lines: Vec<Vec<String>> = report.lines().skip(1).map(last).collect();
    assert_eq!(lines[0], ["only_active", "done", "1 add_tag: done; 2 branch: done"]);
    assert_eq!(lines[2][2], "1 add_tag: done; 2 branch: done; 2.then.1 create_task: done");
    assert_eq!(lines[3], ["only_new", "", ""]);
}
