//! Rules that a person has run for a customer.

use serde_json::{Value, json};

use crate::app::{TestApp, column, rows};

/// A rule over tags with a branch, a task and a flag.
fn body() -> Value {
    let vip = json!({ "field": "now.tags", "op": "has", "value": "vip" });
    json!({ "name": "Look after",
        "when": { "all": [{ "field": "event.tag", "op": "eq", "value": "new" },
            { "field": "after.lifecycle", "op": "eq", "value": "active" }] },
        "then": [{ "action": "add_tag", "tag": "looked-after" },
            { "action": "branch", "when": vip,
                "then": [{ "action": "create_task", "title": "Call at once" }],
                "else": [{ "action": "create_task", "title": "Call some day" }] }] })
}

fn steps(of: &Value) -> Vec<[String; 2]> {
    let word = |step: &Value, name: &str| step[name].as_str().unwrap().to_owned();
    let steps = of["steps"].as_array().unwrap().iter();
    steps.map(|step| [word(step, "step"), word(step, "outcome")]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn f157_a_person_runs_a_rule_by_hand_after_a_look_at_what_it_would_do() {
    let app = TestApp::start().await;
    let rule = app.rule("customer.tagged", body()).await;
    let path = format!("/v1/automation/rules/{rule}/run");
    let person = json!({ "type": "person", "last_name": "Byron", "tags": ["vip"] });
    let customer = app.customer(person).await;
    let wish = json!({ "customer": customer });
    let dry = format!("{path}?dry_run=true");
    let would = app.post(&dry, wish.clone()).await.expect(200)["would_run"].clone();
    let expected = ["1", "2", "2.then.1"].map(|step| [step, "done"].map(str::to_owned));
    assert_eq!(steps(&would), expected);
    let conditions = would["conditions"].as_array().unwrap();
    assert_eq!(column(conditions, "field"), ["event.tag", "after.lifecycle"]);
    assert_eq!((&conditions[0]["holds"], &conditions[1]["holds"]), (&json!(false), &json!(true)));
    assert_eq!(app.history(&customer).await, ["customer.created"]);

    let key = [("Idempotency-Key", "by hand")];
    let run = app.post_with(&path, &key, wish.clone()).await.expect(201)["id"].clone();
    let again = app.post_with(&path, &key, wish.clone()).await;
    assert_eq!(
        (again.json()["id"].clone(), again.header("idempotency-replayed")),
        (run.clone(), "true")
    );
    app.settled().await;
    let runs = rows(&app.get("/v1/automation/runs").await);
    assert_eq!((runs.len(), &runs[0]["id"], &runs[0]["outcome"]), (1, &run, &json!("done")));
    assert_eq!(runs[0]["trigger_type"], "rule_run.requested");
    assert_eq!(steps(&runs[0]), expected);
    let tasks = rows(&app.get_fresh("/v1/tasks").await);
    assert_eq!(column(&tasks, "title"), ["Call at once"]);
    assert_eq!(app.strong(&customer).await["tags"], json!(["looked-after", "vip"]));
    // Why leads from the task to the wish of a person, and shows what did not matter.
    let task = &app.events_of(&customer, "task.added").await[0];
    let why = app.get(&format!("/v1/events/{}/why", task["id"].as_str().unwrap())).await;
    let cause = &why.expect(200)["causes"][0];
    assert_eq!((&cause["type"], &cause["runs"][0]["id"]), (&json!("rule_run.requested"), &run));
    assert_eq!((&cause["rule"], &cause["runs"][0]["rule"]["id"]), (&Value::Null, &json!(rule)));
    assert_eq!(cause["runs"][0]["conditions"][0]["holds"], false);
    // Wished for once more, it runs once more.
    app.post(&path, wish).await.expect(201);
    app.settled().await;
    let runs = rows(&app.get("/v1/automation/runs").await);
    assert_eq!((runs.len(), &runs[0]["steps"][0]["outcome"]), (2, &json!("skipped")));
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f157_a_run_by_hand_does_no_more_than_its_owner_and_its_caller_may() {
    let app = TestApp::start().await;
    let owner = app.user(&["manager"]).await;
    let risky = json!({ "name": "Order", "then": [{ "action": "add_tag", "tag": "a" },
        { "action": "notify", "to": "owner", "text": "Look" }] });
    let rule = owner.rule("customer.tagged", risky).await;
    let path = format!("/v1/automation/rules/{rule}/run");
    let customer = app.person("Ada", "Byron").await;
    let wish = json!({ "customer": customer });
    app.user(&["viewer"]).await.post(&path, wish.clone()).await.denied("rule.run");
    let seller = app.user(&["sales"]).await;
    seller.post(&path, wish.clone()).await.expect(201);
    app.settled().await;
    assert_eq!(app.strong(&customer).await["tags"], json!(["a"]));
    let tagged = &app.events_of(&customer, "customer.tagged").await[0];
    assert_eq!(tagged["onbehalfof"], owner.id);
    // Who is a viewer by the time that the run comes to its step cannot act through the rule.
    let wait = json!({ "name": "Later", "then": [{ "action": "delay", "for": "PT2S" },
        { "action": "add_tag", "tag": "b" }] });
    let later = owner.rule("customer.tagged", wait).await;
    seller.post(&format!("/v1/automation/rules/{later}/run"), wish.clone()).await.expect(201);
    let roles = format!("/v1/users/{}/roles", seller.id);
    app.post(&roles, json!({ "roles": ["viewer"] })).await.expect(200);
    app.settled().await;
    let runs = rows(&app.get(&format!("/v1/automation/runs?filter[rule]={later}")).await);
    assert_eq!(runs[0]["outcome"], "blocked", "{runs:#?}");
    assert!(runs[0]["reason"].as_str().unwrap().contains("who has the rule run"), "{runs:#?}");
    app.delete(&format!("/v1/users/{}", owner.id)).await.expect(200);
    app.post(&path, wish.clone()).await.expect(201);
    app.settled().await;
    let runs = rows(&app.get(&format!("/v1/automation/runs?filter[rule]={rule}")).await);
    assert_eq!(runs[0]["reason"], "the owner of the rule is no member any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_by_hand_that_cannot_be_is_refused() {
    let app = TestApp::start().await;
    let mut elsewhere = body();
    elsewhere["scope"] = json!({ "types": ["company"] });
    let elsewhere = app.rule("customer.tagged", elsewhere).await;
    let mut draft = body();
    draft["state"] = json!("draft");
    let draft = app.rule("customer.tagged", draft).await;
    let customer = app.person("Ada", "Byron").await;
    let run = async |rule: &str, customer: &str| {
        let path = format!("/v1/automation/rules/{rule}/run?dry_run=true");
        app.post(&path, json!({ "customer": customer })).await
    };
    run(&elsewhere, &customer).await.refused(422, "outside_rule_scope");
    run(&draft, &customer).await.refused(422, "rule_not_active");
    run(&customer, &customer).await.refused(404, "rule_not_found");
    run(&elsewhere, &draft).await.refused(404, "customer_not_found");
    app.post(&format!("/v1/automation/rules/{draft}/archive"), json!({})).await.expect(200);
    run(&draft, &customer).await.refused(422, "rule_archived");
    app.post(&format!("/v1/customers/{customer}/archive"), json!({})).await.expect(200);
    run(&elsewhere, &customer).await.refused(422, "customer_archived");
    let path = format!("/v1/automation/rules/{elsewhere}/run");
    app.post(&path, json!({})).await.wrong_field("/customer", "missing_field");
}
