//! When rules fire, and what they do.

use automation::preview;
use automation::runs::{Outcome, Query, State};
use domain::access::Principal;
use domain::value::Role;
use domain::{Actor, Source};
use eventstore::{Caller, Options};
use serde_json::json;
use uuid::Uuid;

use crate::bench::Bench;

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_fires_once_for_a_matching_event_and_not_for_others() {
    let bench = Bench::start().await;
    let before = bench.customer().await;
    bench.tag(before, "vip").await;
    let rule = bench
        .rule(
            "customer.tagged",
            json!({"when": {"field": "event.tag", "op": "eq", "value": "VIP"},
                "then": [{"action": "create_task", "title": "Call", "due_in": "P2D"}]}),
        )
        .await;
    let (vip, other) = (bench.customer().await, bench.customer().await);
    let trigger = bench.tag(vip, "vip").await;
    bench.tag(other, "new").await;
    let automation = bench.automation();
    bench.settled().await;
    automation.stop().await;

    let runs = bench.runs().await;
    let [run] = runs.as_slice() else { panic!("{runs:?}") };
    assert_eq!((run.rule, run.customer, run.state), (rule, vip, State::Done));
    assert_eq!(run.trigger_event, trigger.events[0].event_id);
    let tasks = bench.events("task.added").await;
    let [task] = tasks.as_slice() else { panic!("{tasks:?}") };
    assert_eq!(task.customer_id, Some(vip));
    assert_eq!(run.steps[0].events, [task.event_id]);
    let due = trigger.events[0].recorded_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let due = due.tomorrow().unwrap().tomorrow().unwrap();
    assert_eq!(task.public_body()["due_on"], due.to_string());
    // Who and why (FEATURES decision 10).
    assert_eq!(task.metadata.actor, Actor::Automation { rule, version: 1 });
    assert_eq!(task.metadata.on_behalf_of, Some(bench.owner));
    assert_eq!(task.metadata.causation_id, Some(run.trigger_event));
    assert_eq!(task.metadata.correlation_id, trigger.correlation_id);
    assert_eq!(task.metadata.rule.as_ref().unwrap().chain, [(vip, rule)]);
    let finished = bench.events("rule_run.finished").await;
    assert_eq!(finished.len(), 1);
    assert_eq!(finished[0].stream_id, run.id);
    assert_eq!(finished[0].public_body()["outcome"], "done");
    // The service writes that down; which rule it was stands beside.
    assert_eq!(finished[0].metadata.actor, Actor::System);
    assert_eq!(finished[0].metadata.rule.as_ref().unwrap().run, run.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_see_the_customer_before_and_after_the_event() {
    let bench = Bench::start().await;
    let won = json!({"all": [
        {"field": "before.status", "op": "eq", "value": "prospect"},
        {"field": "after.status", "op": "eq", "value": "won"},
        {"field": "after.tags", "op": "has", "value": "big"}]});
    let rule = json!({"when": won, "then": [{"action": "add_tag", "tag": "onboarding"}]});
    bench.rule("customer.status_changed", rule).await;
    let big = bench.customer_with(json!({"tags": ["big"]})).await;
    let small = bench.customer().await;
    let returned = bench.customer_with(json!({"tags": ["big"], "status": "lost"})).await;
    for customer in [big, small, returned] {
        bench.done("customer.change_status", Some(customer), json!({"status": "won"})).await;
    }
    // The condition is about the moment of the event, not about now.
    bench.done("customer.untag", Some(big), json!({"tag": "big"})).await;
    let automation = bench.automation();
    bench.settled().await;
    automation.stop().await;

    assert_eq!(bench.outcomes().await, [Outcome::Done]);
    assert_eq!(bench.tags(big).await, ["onboarding"]);
    assert_eq!(bench.tags(small).await, Vec::<String>::new());
    assert_eq!(bench.tags(returned).await, ["big"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_narrows_a_rule_to_folders_types_and_tags() {
    let bench = Bench::start().await;
    let other = json!({"name": "Clients", "statuses": ["won"]});
    let other = bench.done("folder.create", None, other).await.stream_id;
    let scope = json!({"folders": [bench.folder], "types": ["company"], "tags": ["vip"]});
    let then = json!([{"action": "raise_flag", "reason": "Look at this one"}]);
    bench.rule("customer.created", json!({"scope": scope, "then": then})).await;
    let company = json!({"type": "company", "company_name": "Engines", "tags": ["VIP"]});
    let meant = bench.customer_with(company.clone()).await;
    let mut elsewhere = company.clone();
    elsewhere["folder"] = json!(other);
    let mut plain = company.clone();
    plain["tags"] = json!([]);
    let mut person = company;
    person["type"] = json!("person");
    for others in [elsewhere, plain, person] {
        bench.customer_with(others).await;
    }
    let automation = bench.automation();
    bench.settled().await;
    automation.stop().await;

    let flagged = bench.events("customer.flagged").await;
    assert_eq!(flagged.iter().map(|event| event.stream_id).collect::<Vec<_>>(), [meant]);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_actions_do_what_they_say_in_their_order() {
    let bench = Bench::start().await;
    let (worker, seller) =
        (bench.member(&[Role::Support]).await, bench.member(&[Role::Sales]).await);
    let clients = json!({"name": "Clients", "statuses": ["open", "won"], "default_status": "open"});
    let clients = bench.done("folder.create", None, clients).await.stream_id;
    let then = json!([
        {"action": "move_folder", "folder": clients},
        {"action": "change_status", "status": "won"},
        {"action": "add_tag", "tag": "client"},
        {"action": "remove_tag", "tag": "lead"},
        {"action": "raise_flag", "reason": "New client"},
        {"action": "create_task", "title": "Welcome", "assignee": worker},
        {"action": "notify", "to": "workers", "text": "A new client"},
        {"action": "notify", "to": "sales", "text": "A new client"},
        {"action": "notify", "to": "owner", "text": "A new client"},
        {"action": "notify", "to": "field", "text": "A new client"}]);
    bench.rule("order.recorded", json!({"then": then})).await;
    let customer = bench.customer_with(json!({"tags": ["lead"]})).await;
    bench.done("customer.assign_worker", Some(customer), json!({"user": worker})).await;
    let order = json!({"customer": customer, "source": "shop", "number": "1", "credited": false,
        "currency": "EUR",
        "lines": [{"item_code": "A", "description": "A", "quantity": 1, "unit_price": "2.50"}]});
    bench.done("order.record", None, order).await;
    let automation = bench.automation();
    bench.settled().await;
    automation.stop().await;

    let state = bench.state(customer).await;
    assert_eq!((state.folder, state.status.as_deref()), (Some(clients), Some("won")));
    assert_eq!(bench.tags(customer).await, ["client"]);
    assert!(state.flag.is_some());
    let tasks = bench.events("task.added").await;
    assert_eq!(tasks[0].public_body()["assignee"], json!(worker));
    let told: Vec<_> = bench.events("notification.sent").await;
    let told: Vec<_> = told.iter().map(|event| event.public_body()["to"].clone()).collect();
    assert_eq!(told, [json!([worker]), json!([seller]), json!([bench.owner])]);
    let runs = bench.runs().await;
    let outcomes: Vec<_> = runs[0].steps.iter().map(|step| step.outcome.name()).collect();
    assert_eq!(outcomes[..9], ["done"; 9]);
    assert_eq!((outcomes[9], runs[0].state), ("skipped", State::Done));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_nothing_is_skipped_and_what_is_refused_is_blocked() {
    let bench = Bench::start().await;
    let tag = |tag: &str| json!({"field": "event.tag", "op": "eq", "value": tag});
    bench
        .rule(
            "customer.tagged",
            json!({"when": tag("again"), "then": [{"action": "add_tag", "tag": "Again"}]}),
        )
        .await;
    let then = json!([{"action": "change_status", "status": "nowhere"},
        {"action": "notify", "to": "owner", "text": "It is nowhere now"}]);
    bench.rule("customer.tagged", json!({"when": tag("lost"), "then": then})).await;
    let customer = bench.customer().await;
    bench.tag(customer, "again").await;
    bench.tag(customer, "lost").await;
    let automation = bench.automation();
    bench.settled().await;
    automation.stop().await;

    let runs = bench.runs().await;
    assert_eq!(
        runs.iter().map(|run| run.state).collect::<Vec<_>>(),
        [State::Skipped, State::Blocked]
    );
    assert_eq!(runs[0].reason.as_deref(), Some("there was nothing to change"));
    assert!(runs[1].reason.as_ref().unwrap().contains("nowhere"), "{:?}", runs[1]);
    // Nobody is told of what did not happen.
    assert_eq!(runs[1].steps[1].outcome.name(), "skipped");
    assert!(bench.events("notification.sent").await.is_empty());
    let finished = bench.events("rule_run.finished").await;
    let outcomes: Vec<_> =
        finished.iter().map(|event| event.public_body()["outcome"].clone()).collect();
    assert_eq!(outcomes, ["skipped", "blocked"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_may_start_another_and_a_loop_ends_withheld() {
    let bench = Bench::start().await;
    let swap = |from: &str, to: &str| {
        json!({"when": {"field": "event.tag", "op": "eq", "value": from},
            "then": [{"action": "remove_tag", "tag": from}, {"action": "add_tag", "tag": to}]})
    };
    let ping = bench.rule("customer.tagged", swap("ping", "pong")).await;
    let pong = bench.rule("customer.tagged", swap("pong", "ping")).await;
    let customer = bench.customer().await;
    let start = bench.tag(customer, "ping").await;
    let automation = bench.automation();
    bench.settled().await;
    automation.stop().await;

    let runs = bench.runs().await;
    let told: Vec<_> = runs.iter().map(|run| (run.rule, run.state)).collect();
    assert_eq!(told, [(ping, State::Done), (pong, State::Done), (ping, State::Withheld)]);
    assert_eq!(runs[2].chain, [(customer, ping), (customer, pong)]);
    let reason = runs[2].reason.as_ref().unwrap();
    assert!(reason.contains(&format!("{ping} -> {pong} -> {ping}")), "{reason}");
    assert!(runs.iter().all(|run| run.correlation_id == start.correlation_id));
    assert_eq!(bench.events("rule_run.finished").await.len(), 3);
    assert_eq!(bench.tags(customer).await, ["ping"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_act_with_the_rights_that_their_owner_has_when_they_fire() {
    let bench = Bench::start().await;
    let manager = async || bench.member(&[Role::Manager]).await;
    let (viewer, gone, blocked) = (manager().await, manager().await, manager().await);
    for author in [viewer, gone, blocked, bench.owner] {
        let then = json!([{"action": "add_tag", "tag": author.to_string()}]);
        let rule = json!({"name": "Rule", "trigger": {"events": ["customer.created"]},
            "state": "active", "then": then});
        let author = Principal::user(bench.organisation, author, [Role::Manager]);
        let caller = Caller::new(author, Source::Api);
        bench.issue(&caller, "rule.create", None, rule).await.unwrap();
    }
    bench.system("member.change_roles", Some(viewer), json!({"roles": ["viewer"]})).await;
    bench.system("member.remove", Some(gone), json!({})).await;
    bench.block(blocked).await;
    let customer = bench.customer().await;
    let automation = bench.automation();
    bench.settled().await;
    automation.stop().await;

    let runs = bench.runs().await;
    let reasons: Vec<_> = runs
        .iter()
        .map(|run| (run.state, run.reason.as_deref().unwrap_or_default().to_owned()))
        .collect();
    assert_eq!(reasons[0].0, State::Blocked);
    assert!(reasons[0].1.contains("your role does not allow it"), "{reasons:?}");
    assert_eq!(reasons[1].0, State::Blocked);
    assert_eq!(reasons[1].1, "the owner of the rule is no member any more");
    assert_eq!(reasons[2], (State::Blocked, "the owner of the rule is blocked".to_owned()));
    assert_eq!(reasons[3].0, State::Done);
    assert_eq!(bench.tags(customer).await, [bench.owner.to_string()]);
    assert_eq!(bench.events("rule_run.finished").await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_happens_while_a_rule_is_active_counts_and_by_the_version_of_then() {
    let bench = Bench::start().await;
    let first = json!([{"action": "add_tag", "tag": "first"}]);
    let rule = json!({"state": "draft", "then": first});
    let rule = bench.rule("customer.flagged", rule).await;
    let [draft, one, off, two, last] = [
        bench.customer().await,
        bench.customer().await,
        bench.customer().await,
        bench.customer().await,
        bench.customer().await,
    ];
    let flag = async |customer| {
        bench.done("customer.flag", Some(customer), json!({"reason": "Look"})).await;
    };
    flag(draft).await;
    bench.done("rule.activate", Some(rule), json!({})).await;
    flag(one).await;
    bench.done("rule.deactivate", Some(rule), json!({})).await;
    flag(off).await;
    let second = json!({"name": "Rule", "trigger": {"events": ["customer.flagged"]},
        "state": "active", "then": [{"action": "add_tag", "tag": "second"}]});
    bench.done("rule.change", Some(rule), second).await;
    flag(two).await;
    let automation = bench.automation();
    bench.settled().await;
    // What was folded is there again after a restart.
    automation.stop().await;
    let automation = bench.automation();
    flag(last).await;
    bench.settled().await;
    bench.done("rule.archive", Some(rule), json!({})).await;
    flag(bench.customer().await).await;
    bench.settled().await;
    automation.stop().await;

    assert_eq!(bench.outcomes().await, [Outcome::Done; 3]);
    assert_eq!(bench.tags(one).await, ["first"]);
    assert_eq!(bench.tags(two).await, ["second"]);
    assert_eq!(bench.tags(last).await, ["second"]);
    for nothing in [draft, off] {
        assert_eq!(bench.tags(nothing).await, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_imported_sets_no_rule_off() {
    let bench = Bench::start().await;
    let then = json!([{"action": "add_tag", "tag": "welcome"}]);
    bench.rule("customer.created", json!({"then": then})).await;
    let caller = bench.caller(Source::Import);
    let data = json!({"type": "person", "last_name": "Byron"});
    bench.issue(&caller, "customer.create", None, data).await.unwrap();
    let automation = bench.automation();
    bench.settled().await;
    assert!(bench.runs().await.is_empty());
    // The import is folded all the same: what comes later sees it.
    bench.customer().await;
    bench.settled().await;
    automation.stop().await;
    assert_eq!(bench.outcomes().await, [Outcome::Done]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_of_one_organisation_do_not_see_another() {
    let bench = Bench::start().await;
    let then = json!([{"action": "add_tag", "tag": "welcome"}]);
    bench.rule("customer.created", json!({"then": then})).await;
    let mut neighbour = Bench { organisation: Uuid::now_v7(), ..bench };
    neighbour.store.create_organisation(neighbour.organisation).await.unwrap();
    let superuser = neighbour.superuser().await;
    // In the same lane, where they could meet.
    superuser.batch_execute("UPDATE es.organisation SET lane = 3").await.unwrap();
    neighbour.owner = neighbour.member(&[Role::Owner]).await;
    let data = json!({"type": "person", "last_name": "Byron"});
    neighbour.done("customer.create", None, data).await;
    let automation = neighbour.automation();
    neighbour.settled().await;
    automation.stop().await;
    assert!(neighbour.runs().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_which_rules_would_fire() {
    let bench = Bench::start().await;
    let when = json!({"all": [{"field": "before.status", "op": "eq", "value": "prospect"},
        {"field": "after.status", "op": "eq", "value": "won"}]});
    let then = json!([{"action": "add_tag", "tag": "client"}, {"action": "notify", "to": "owner",
        "text": "Won"}]);
    let rule = bench
        .rule("customer.status_changed", json!({"name": "Won", "when": when, "then": then}))
        .await;
    let customer = bench.customer().await;
    let automation = bench.automation();
    bench.settled().await;
    let options = Options { dry_run: true, ..Options::default() };
    let would = async |status: &str| {
        let data = json!({"status": status});
        let command = Bench::command("customer.change_status", Some(customer), data);
        let done = bench.store.execute(&bench.caller(Source::Api), command, &options).await;
        preview(&bench.store, bench.organisation, &done.unwrap().events).await.unwrap()
    };
    assert!(would("lost").await.is_empty());
    let would = would("won").await;
    let [would] = would.as_slice() else { panic!("{would:?}") };
    assert_eq!((would.rule, would.name.as_str(), would.customer), (rule, "Won", customer));
    assert_eq!(would.actions, ["add_tag", "notify"]);
    bench.settled().await;
    automation.stop().await;
    assert!(bench.runs_by(Query { rule: Some(rule), ..Query::default() }).await.is_empty());
}
