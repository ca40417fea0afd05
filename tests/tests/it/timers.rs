//! Rules that the clock sets off.

use std::time::{Duration, Instant};

use jiff::{Timestamp, ToSpan, Zoned};
use serde_json::{Value, json};

use crate::app::{PATIENCE, TestApp, column, ever, rows};

/// As if the service had not run since so many days ago: the rule's next moment was the one then.
async fn asleep(app: &TestApp, rule: &str, days: i64) -> Timestamp {
    // The matcher has the rule, and somebody has worked out its next moment.
    const THERE: &str =
        "SELECT due_at FROM automation.timer WHERE rule = $1 AND due_at IS NOT NULL";
    let id: uuid::Uuid = rule.parse().unwrap();
    let client = app.superuser().await;
    let since = Instant::now();
    let due: Timestamp = loop {
        assert!(since.elapsed() < PATIENCE, "the rule has no next moment");
        if let Some(row) = client.query_opt(THERE, &[&id]).await.unwrap() {
            break row.get(0);
        }
        tokio::time::sleep(Duration::from_millis(15)).await;
    };
    let due = due.to_zoned(jiff::tz::TimeZone::UTC).checked_sub(days.days()).unwrap().timestamp();
    set_back(app, rule, due).await;
    due
}

async fn set_back(app: &TestApp, rule: &str, due: Timestamp) {
    const BACK: &str = "UPDATE automation.timer SET due_at = $2, look_at = $2 WHERE rule = $1";
    let rule: uuid::Uuid = rule.parse().unwrap();
    assert_eq!(app.superuser().await.execute(BACK, &[&rule, &due]).await.unwrap(), 1);
}

/// Waits until the rule's next moment lies ahead again and its runs are done.
async fn awake(app: &TestApp, rule: &str) {
    const AHEAD: &str = "SELECT 1 FROM automation.timer
        WHERE rule = $1 AND due_at > clock_timestamp() AND after IS NULL";
    let rule: uuid::Uuid = rule.parse().unwrap();
    let client = app.superuser().await;
    let since = Instant::now();
    while client.query_opt(AHEAD, &[&rule]).await.unwrap().is_none() {
        assert!(since.elapsed() < PATIENCE, "the rule's next moment does not come to lie ahead");
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    app.settled().await;
}

fn daily(then: &Value) -> Value {
    json!({ "name": "Every day", "trigger": { "schedule": { "every": "day", "at": "09:00" } },
        "scope": { "types": ["person"] },
        "when": { "field": "after.tags", "op": "has", "value": "vip" },
        "then": then, "state": "active" })
}

#[tokio::test(flavor = "multi_thread")]
async fn f156_a_schedule_sets_a_rule_off_once_for_each_customer_that_it_is_for() {
    let app = TestApp::start().await;
    let vip =
        app.customer(json!({ "type": "person", "last_name": "Byron", "tags": ["vip"] })).await;
    app.customer(json!({ "type": "company", "company_name": "Looms", "tags": ["vip"] })).await;
    app.person("Ben", "Jonson").await;
    let gone = app.customer(json!({ "type": "person", "last_name": "Old", "tags": ["vip"] })).await;
    app.post(&format!("/v1/customers/{gone}/archive"), json!({})).await.expect(200);
    let then = json!([{ "action": "create_task", "title": "Call", "due_in": "P1D" }]);
    let rule = app.created("/v1/automation/rules", daily(&then)).await;
    let due = asleep(&app, &rule, 3).await;
    awake(&app, &rule).await;
    // Of three mornings that were missed, it is made up for once.
    let tasks = rows(&app.get_fresh("/v1/tasks").await);
    assert_eq!(column(&tasks, "customer"), std::slice::from_ref(&vip));
    let runs = rows(&app.get("/v1/automation/runs").await);
    assert_eq!((runs.len(), &runs[0]["trigger_type"]), (1, &json!("rule_run.came_due")));
    let came = &app.events_of(&vip, "rule_run.came_due").await[0];
    assert_eq!(
        (&came["data"]["due_at"], &came["data"]["rule"]),
        (&json!(due.to_string()), &json!(rule))
    );
    let task = &app.events_of(&vip, "task.added").await[0];
    let why = app.get(&format!("/v1/events/{}/why", task["id"].as_str().unwrap())).await;
    let cause = &why.expect(200)["causes"][0];
    assert_eq!(cause["id"], came["id"]);
    let condition = &cause["runs"][0]["conditions"][0];
    assert_eq!((&condition["field"], &condition["holds"]), (&json!("after.tags"), &json!(true)));
    // The same moment again, as after a crash: nothing is done twice.
    set_back(&app, &rule, due).await;
    awake(&app, &rule).await;
    assert_eq!(rows(&app.get_fresh("/v1/tasks").await).len(), 1);
    // A rule that is switched off has no moments.
    app.post(&format!("/v1/automation/rules/{rule}/deactivate"), json!({})).await.expect(200);
    app.settled().await;
    let client = app.superuser().await;
    let left = client.query_one("SELECT count(*) FROM automation.timer", &[]).await.unwrap();
    assert_eq!(left.get::<_, i64>(0), 0);
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f156_a_date_sets_a_rule_off_so_many_days_before_it() {
    let app = TestApp::start().await;
    let today = Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC).date();
    let day = |days: i64| today.checked_add(days.days()).unwrap().to_string();
    let ada = app.person("Ada", "Byron").await;
    let task = async |title: &str, due_on: String| {
        let body = json!({ "title": title, "due_on": due_on });
        app.created(&format!("/v1/customers/{ada}/tasks"), body).await
    };
    for days in 0..6 {
        task(&format!("in {days}"), day(days)).await;
    }
    let done = task("done", day(3)).await;
    app.post(&format!("/v1/tasks/{done}/complete"), json!({})).await.expect(200);
    let date = json!({ "field": "task.due_on", "offset": "-P3D", "at": "00:00" });
    let later = json!({ "field": "event.on", "op": "gt", "value": day(1) });
    let rule = json!({ "name": "Remind", "trigger": { "date": date }, "when": later,
        "then": [{ "action": "notify", "to": "owner", "text": "Three days left" }],
        "state": "active" });
    let rule = app.created("/v1/automation/rules", rule).await;
    // Three nights were missed, each with other tasks; the condition leaves out those of the first.
    asleep(&app, &rule, 3).await;
    awake(&app, &rule).await;
    let due = app.events_of(&ada, "rule_run.came_due").await;
    let on: Vec<&Value> = due.iter().map(|event| &event["data"]["on"]).collect();
    assert_eq!(on, [&json!(day(2)), &json!(day(3))]);
    assert_eq!(rows(&app.get_fresh("/v1/notifications").await).len(), 2);

    // Invoices and quotes have dates as well.
    let line = json!([{ "description": "Lantern", "quantity": "1", "unit_price": "5.00" }]);
    let invoice = json!({ "currency": "EUR", "due_on": day(1), "lines": line });
    let invoice = app.created(&format!("/v1/customers/{ada}/invoices"), invoice).await;
    let quote = json!({ "currency": "EUR", "valid_until": day(1), "lines": line });
    let quote = app.created(&format!("/v1/customers/{ada}/quotes"), quote).await;
    app.post(&format!("/v1/quotes/{quote}/send"), json!({})).await.expect(200);
    for (field, record) in [("invoice.due_on", invoice), ("quote.valid_until", quote)] {
        let date = json!({ "field": field, "offset": "-P1D", "at": "00:00" });
        let body = json!({ "name": field, "trigger": { "date": date }, "state": "active",
            "then": [{ "action": "add_tag", "tag": field }] });
        let rule = app.created("/v1/automation/rules", body).await;
        asleep(&app, &rule, 1).await;
        awake(&app, &rule).await;
        let due = app.events_of(&ada, "rule_run.came_due").await;
        assert_eq!(due.last().unwrap()["data"]["record"], record, "{field}");
    }
    assert_eq!(app.strong(&ada).await["tags"], json!(["invoice.due_on", "quote.valid_until"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_tells_when_the_clock_would_have_set_the_rule_off() {
    let app = TestApp::start().await;
    let now = Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC);
    let ago = |days: i64| now.checked_sub(days.days()).unwrap().timestamp();
    let ada = app
        .customer(json!({ "type": "person", "last_name": "Byron", "occurred_at": ago(20) }))
        .await;
    let tag = json!({ "tag": "vip", "occurred_at": ago(4) });
    app.post(&format!("/v1/customers/{ada}/tags"), tag).await.expect(200);
    let mut rule = daily(&json!([{ "action": "send_email", "subject": "Hello", "text": "Hi" }]));
    rule["state"] = json!("draft");
    let rule = app.created("/v1/automation/rules", rule).await;
    let job = app.rehearse(&rule, json!({ "from": ago(10), "to": ago(0) })).await;
    let result = &job["result"];
    assert_eq!((&result["events"], &result["counts"]), (&json!(10), &json!({ "withheld": 4 })));
    assert_eq!(result["runs"][0]["event_type"], "rule_run.came_due");
    app.post(&format!("/v1/automation/rules/{rule}/activate"), json!({})).await.expect(200);
    let task = json!({ "title": "Look", "due_on": now.date().to_string() });
    app.created(&format!("/v1/customers/{ada}/tasks"), task).await;
    let date = json!({ "field": "task.due_on", "offset": "-P2D", "at": "09:00" });
    let body = json!({ "name": "Remind", "trigger": { "date": date },
        "then": [{ "action": "add_tag", "tag": "soon" }] });
    let rule = app.created("/v1/automation/rules", body).await;
    app.get_fresh("/v1/tasks").await.expect(200);
    let job = app.rehearse(&rule, ever("effective")).await;
    assert_eq!(job["result"]["counts"], json!({ "done": 1 }), "{job:#}");
}
