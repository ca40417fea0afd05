//! Rules: when they fire, what they do, and what is told of it.

use serde_json::{Value, json};

use crate::app::{Person, TestApp, column, rows};

/// A customer in the folder, with these tags.
async fn tagged_customer(app: &TestApp, folder: &str, tags: &[&str]) -> String {
    app.customer(json!({ "type": "person", "last_name": "Byron", "folder": folder, "tags": tags }))
        .await
}

async fn tag(person: &Person, id: &str, tag: &str) -> Value {
    let path = format!("/v1/customers/{id}/tags");
    person.post(&path, json!({ "tag": tag })).await.expect(200)["events"][0].clone()
}

/// All runs, oldest first.
async fn runs(app: &TestApp, filter: &str) -> Vec<Value> {
    let mut runs = rows(&app.get(&format!("/v1/automation/runs?limit=200&{filter}")).await);
    runs.reverse();
    runs
}

#[tokio::test(flavor = "multi_thread")]
async fn f156_a_rule_fires_once_for_a_matching_event_and_not_for_others() {
    let app = TestApp::start().await;
    let body = json!({ "name": "Call the important",
        "when": { "field": "event.tag", "op": "eq", "value": "VIP" },
        "then": [{ "action": "create_task", "title": "Call", "due_in": "P2D" },
            { "action": "notify", "to": "owner", "text": "A new VIP" }] });
    let rule = app.rule("customer.tagged", body).await;
    let (ada, ben) = (app.person("Ada", "Byron").await, app.person("Ben", "Jonson").await);
    let trigger = tag(&app, &ada, "vip").await;
    tag(&app, &ben, "new").await;
    app.settled().await;

    let runs = runs(&app, "").await;
    assert_eq!(runs.len(), 1, "{runs:#?}");
    let run = &runs[0];
    assert_eq!((&run["rule"], &run["customer"]), (&json!(rule), &json!(ada)));
    assert_eq!((&run["outcome"], &run["rule_version"]), (&json!("done"), &json!(1)));
    assert_eq!(
        (&run["trigger_event"], &run["trigger_type"]),
        (&trigger["id"], &json!("customer.tagged"))
    );
    assert_eq!(column(run["steps"].as_array().unwrap(), "outcome"), ["done", "done"]);
    let tasks = rows(&app.get_fresh("/v1/tasks").await);
    assert_eq!(tasks.len(), 1);
    assert_eq!((&tasks[0]["title"], &tasks[0]["customer"]), (&json!("Call"), &json!(ada)));
    assert_eq!(tasks[0]["created_by"]["rule"], rule);
    let told: jiff::Timestamp = trigger["recorded_at"].as_str().unwrap().parse().unwrap();
    let due = told.to_zoned(jiff::tz::TimeZone::UTC).date() + jiff::Span::new().days(2);
    assert_eq!(tasks[0]["due_on"], due.to_string());
    let notifications = rows(&app.get_fresh("/v1/notifications").await);
    assert_eq!(column(&notifications, "text"), ["A new VIP"]);
    assert_eq!(notifications[0]["customer"], ada);
    // The log tells of the run, and one can be read by its id.
    let finished = app.events_of(&ada, "rule_run.finished").await;
    assert_eq!(finished[0]["data"]["outcome"], "done");
    let one = app.get(&format!("/v1/automation/runs/{}", run["id"].as_str().unwrap())).await;
    assert_eq!(&one.expect(200), run);
    let retry = format!("/v1/automation/runs/{}/retry", run["id"].as_str().unwrap());
    app.post(&retry, json!({})).await.refused(409, "run_not_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn f159_creating_a_customer_triggers_rules() {
    let app = TestApp::start().await;
    let then = json!([{ "action": "add_tag", "tag": "new" }]);
    app.rule("customer.created", json!({ "then": then })).await;
    let id = app.person("Ada", "Byron").await;
    app.settled().await;
    assert_eq!(app.strong(&id).await["tags"], json!(["new"]));
    assert_eq!(
        app.history(&id).await,
        ["customer.created", "customer.tagged", "rule_run.finished"]
    );
    // What is imported happened elsewhere: rules leave it alone.
    let file = "external_id,type,last_name\n1,person,Jonson\n".as_bytes().to_vec();
    assert_eq!(app.import("kind=customers&source=shop", file).await["created"], 1);
    app.settled().await;
    let ben = rows(&app.get_fresh("/v1/customers?q=jonson").await);
    assert_eq!(ben[0]["tags"], json!([]));
    // Unless whoever imports asks for them.
    let file = "external_id,type,last_name\n2,person,Marlowe\n".as_bytes().to_vec();
    assert_eq!(app.import("kind=customers&source=shop&rules=run", file).await["created"], 1);
    app.settled().await;
    let kit = rows(&app.get_fresh("/v1/customers?q=marlowe").await);
    assert_eq!(kit[0]["tags"], json!(["new"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn f158_a_rule_is_for_its_folders_types_and_tags() {
    let app = TestApp::start().await;
    let leads = app.folder("Leads", &["prospect", "won"]).await;
    let clients = app.folder("Clients", &["regular", "won"]).await;
    let scope = json!({ "folders": [leads], "types": ["person"], "tags": ["VIP"] });
    let then = json!([{ "action": "raise_flag", "reason": "Look" }]);
    app.rule("customer.interaction_logged", json!({ "scope": scope, "then": then })).await;
    let meant = tagged_customer(&app, &leads, &["vip"]).await;
    let elsewhere = tagged_customer(&app, &clients, &["vip"]).await;
    let plain = tagged_customer(&app, &leads, &[]).await;
    let company = app
        .customer(
            json!({ "type": "company", "company_name": "Looms", "folder": leads, "tags": ["vip"] }),
        )
        .await;
    for id in [&meant, &elsewhere, &plain, &company] {
        let call = json!({ "type": "call" });
        app.post(&format!("/v1/customers/{id}/interactions"), call).await.expect(201);
    }
    app.settled().await;
    let flagged = rows(&app.get_fresh("/v1/customers?filter[flagged]=true").await);
    assert_eq!(column(&flagged, "id"), [meant]);
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_see_the_customer_before_and_after_the_event() {
    let app = TestApp::start().await;
    let leads = app.folder("Leads", &["prospect", "won", "lost"]).await;
    let when = json!({ "all": [
        { "field": "before.status", "op": "eq", "value": "prospect" },
        { "field": "after.status", "op": "eq", "value": "won" },
        { "field": "after.tags", "op": "has", "value": "big" },
        { "not": { "field": "event.reason", "op": "contains", "value": "test" } },
    ] });
    let then = json!([{ "action": "add_tag", "tag": "welcome" }]);
    app.rule("customer.status_changed", json!({ "when": when, "then": then })).await;
    let [big, small, back, test] = [
        tagged_customer(&app, &leads, &["big"]).await,
        tagged_customer(&app, &leads, &[]).await,
        tagged_customer(&app, &leads, &["big"]).await,
        tagged_customer(&app, &leads, &["big"]).await,
    ];
    let status = async |id: &str, status: &str, reason: &str| {
        let body = json!({ "status": status, "reason": reason });
        app.post(&format!("/v1/customers/{id}/status"), body).await.expect(200);
    };
    status(&back, "lost", "gone").await;
    for id in [&big, &small, &back] {
        status(id, "won", "signed").await;
    }
    status(&test, "won", "a TEST only").await;
    app.settled().await;
    let found = rows(&app.get_fresh("/v1/customers?filter[tags]=welcome").await);
    assert_eq!(column(&found, "id"), [big]);
    assert_eq!(runs(&app, "").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_does_what_it_says_in_its_order() {
    let app = TestApp::start().await;
    let leads = app.folder("Leads", &["prospect"]).await;
    let clients = app.folder("Clients", &["open", "regular"]).await;
    let (worker, seller) = (app.user(&["support"]).await, app.user(&["sales"]).await);
    let then = json!([
        { "action": "move_folder", "folder": clients },
        { "action": "change_status", "status": "regular" },
        { "action": "add_tag", "tag": "client" },
        { "action": "remove_tag", "tag": "lead" },
        { "action": "raise_flag", "reason": "New client" },
        { "action": "create_task", "title": "Welcome", "assignee": worker.id },
        { "action": "notify", "to": "workers", "text": "to workers" },
        { "action": "notify", "to": "sales", "text": "to a role" },
        { "action": "notify", "to": seller.id, "text": "to one" },
        { "action": "notify", "to": "field", "text": "to nobody" },
    ]);
    app.rule("order.recorded", json!({ "then": then })).await;
    let id = tagged_customer(&app, &leads, &["lead"]).await;
    app.post(&format!("/v1/customers/{id}/workers"), json!({ "user": worker.id }))
        .await
        .expect(200);
    let order = json!({ "customer": id, "source": "shop", "number": "1", "currency": "EUR",
        "lines": [{ "quantity": 1, "unit_price": 1 }] });
    app.post("/v1/orders", order).await.expect(201);
    app.settled().await;
    let customer = app.strong(&id).await;
    assert_eq!(
        (&customer["folder"]["id"], &customer["status"]),
        (&json!(clients), &json!("regular"))
    );
    assert_eq!(
        (&customer["tags"], &customer["flag"]["reason"]),
        (&json!(["client"]), &json!("New client"))
    );
    let tasks = rows(&app.get_fresh("/v1/tasks").await);
    assert_eq!(tasks[0]["assignee"]["id"], worker.id);
    let texts =
        async |person: &Person| column(&rows(&person.get_fresh("/v1/notifications").await), "text");
    assert_eq!(texts(&worker).await, ["to workers"]);
    assert_eq!(texts(&seller).await, ["to one", "to a role"]);
    assert_eq!(texts(&app).await, [""; 0]);
    let run = &runs(&app, "").await[0];
    let outcomes = column(run["steps"].as_array().unwrap(), "outcome");
    assert_eq!(outcomes[..9], ["done"; 9]);
    assert_eq!((outcomes[9].as_str(), &run["outcome"]), ("skipped", &json!("done")));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_run_ends_in_an_outcome_with_its_reason() {
    let app = TestApp::start().await;
    let when = |tag: &str| json!({ "field": "event.tag", "op": "eq", "value": tag });
    let again = json!([{ "action": "add_tag", "tag": "Again" }]);
    app.rule("customer.tagged", json!({ "when": when("again"), "then": again })).await;
    let lost = json!([{ "action": "change_status", "status": "nowhere" },
        { "action": "notify", "to": "owner", "text": "It is nowhere now" }]);
    app.rule("customer.tagged", json!({ "when": when("lost"), "then": lost })).await;
    let id = app.person("Ada", "Byron").await;
    tag(&app, &id, "again").await;
    tag(&app, &id, "lost").await;
    app.settled().await;
    let found = runs(&app, "").await;
    assert_eq!(column(&found, "outcome"), ["skipped", "blocked"]);
    assert_eq!(found[0]["reason"], "there was nothing to change");
    assert!(found[1]["reason"].as_str().unwrap().contains("nowhere"), "{:#}", found[1]);
    // Nobody is told of what did not happen.
    assert_eq!(found[1]["steps"][1]["outcome"], "skipped");
    assert_eq!(rows(&app.get_fresh("/v1/notifications").await), [Value::Null; 0]);
    for (filter, count) in [
        ("blocked", 1),
        ("skipped", 1),
        ("done", 0),
        ("failed", 0),
        ("withheld", 0),
        ("waiting", 0),
        ("queued", 0),
    ] {
        let path = format!("filter[outcome]={filter}&filter[customer]={id}");
        assert_eq!(runs(&app, &path).await.len(), count, "{filter}");
    }
    app.get("/v1/automation/runs?filter[outcome]=well").await.refused(400, "invalid_parameter");
    let finished = app.events_of(&id, "rule_run.finished").await;
    let outcomes: Vec<&Value> = finished.iter().map(|event| &event["data"]["outcome"]).collect();
    assert_eq!(outcomes, ["skipped", "blocked"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_may_start_another_and_a_loop_ends_withheld_with_its_chain() {
    let app = TestApp::start().await;
    let swap = |from: &str, to: &str| {
        json!({ "name": format!("{from} to {to}"), "when": { "field": "event.tag", "op": "eq", "value": from },
            "then": [{ "action": "remove_tag", "tag": from }, { "action": "add_tag", "tag": to }] })
    };
    let ping = app.rule("customer.tagged", swap("ping", "pong")).await;
    let pong = app.rule("customer.tagged", swap("pong", "ping")).await;
    let id = app.person("Ada", "Byron").await;
    tag(&app, &id, "ping").await;
    app.settled().await;
    let found = runs(&app, "").await;
    assert_eq!(column(&found, "rule"), [ping.clone(), pong.clone(), ping.clone()]);
    assert_eq!(column(&found, "outcome"), ["done", "done", "withheld"]);
    let reason = found[2]["reason"].as_str().unwrap();
    assert!(reason.contains(&format!("{ping} -> {pong} -> {ping}")), "{reason}");
    assert_eq!(app.strong(&id).await["tags"], json!(["ping"]));
    let correlations = column(&found, "correlation_id");
    assert!(correlations.iter().all(|id| *id == correlations[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_acts_with_the_rights_that_its_owner_has_when_it_fires() {
    let app = TestApp::start().await;
    let mut owners = Vec::new();
    for name in ["viewer", "gone", "manager"] {
        let owner = app.user(&["manager"]).await;
        let then = json!([{ "action": "add_tag", "tag": name }]);
        owner.rule("customer.created", json!({ "name": name, "then": then })).await;
        owners.push(owner.id);
    }
    let roles = json!({ "roles": ["viewer"] });
    app.post(&format!("/v1/users/{}/roles", owners[0]), roles).await.expect(200);
    app.delete(&format!("/v1/users/{}", owners[1])).await.expect(200);
    let id = app.person("Ada", "Byron").await;
    app.settled().await;
    let found = runs(&app, "").await;
    assert_eq!(column(&found, "outcome"), ["blocked", "blocked", "done"]);
    assert!(found[0]["reason"].as_str().unwrap().contains("role does not allow"), "{:#}", found[0]);
    assert_eq!(found[1]["reason"], "the owner of the rule is no member any more");
    assert_eq!(app.strong(&id).await["tags"], json!(["manager"]));
    let tagged = &app.events_of(&id, "customer.tagged").await[0];
    assert_eq!(tagged["onbehalfof"], owners[2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_which_rules_would_fire() {
    let app = TestApp::start().await;
    let leads = app.folder("Leads", &["prospect", "won", "lost"]).await;
    let when = json!({ "all": [{ "field": "before.status", "op": "eq", "value": "prospect" },
        { "field": "after.status", "op": "eq", "value": "won" }] });
    let then = json!([{ "action": "add_tag", "tag": "client" }, { "action": "notify", "to": "owner", "text": "Won" }]);
    let rule = app
        .rule("customer.status_changed", json!({ "name": "Won", "when": when, "then": then }))
        .await;
    let id = tagged_customer(&app, &leads, &[]).await;
    app.settled().await;
    let would = async |status: &str| {
        let path = format!("/v1/customers/{id}/status?dry_run=true");
        app.post(&path, json!({ "status": status })).await.expect(200)["would_trigger"].clone()
    };
    assert_eq!(would("lost").await, json!([]));
    let would = would("won").await;
    assert_eq!(would.as_array().unwrap().len(), 1);
    assert_eq!((&would[0]["rule"], &would[0]["name"]), (&json!(rule), &json!("Won")));
    assert_eq!(would[0]["actions"], json!(["add_tag", "notify"]));
    app.settled().await;
    assert_eq!(runs(&app, "").await, [Value::Null; 0]);
}

/// What is over a limit waits for its turn and says so; nothing is dropped.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_over_the_limit_is_queued() {
    let app = TestApp::start().await;
    let limits = json!({ "runs_per_customer_per_day": 1 });
    let then = json!([{ "action": "create_task", "title": "Call" }]);
    app.rule("customer.tagged", json!({ "limits": limits, "then": then })).await;
    let id = app.person("Ada", "Byron").await;
    tag(&app, &id, "a").await;
    tag(&app, &id, "b").await;
    let held = |runs: &Value| {
        let runs = runs["data"].as_array().unwrap();
        let ended = runs.iter().any(|run| run["outcome"] == "done");
        ended && runs.iter().any(|run| run["outcome"] == "queued" && run["reason"].is_string())
    };
    let found = app.until("/v1/automation/runs", held).await;
    let queued = &found["data"][0];
    assert!(queued["reason"].as_str().unwrap().contains("limit"), "{queued}");
    assert!(queued["next_attempt_at"].is_string());
    assert_eq!(rows(&app.get_fresh("/v1/tasks").await).len(), 1);
}
