//! Branches, delays and waits: time passes because the database is told so.

use automation::runs::{Outcome, Query, Run, State};
use domain::value::Role;
use serde_json::json;
use uuid::Uuid;

use crate::bench::Bench;

/// What waits has waited long enough.
async fn time_passes(bench: &Bench) {
    let sql = "UPDATE automation.run SET next_attempt_at = clock_timestamp() WHERE held;
        UPDATE automation.line SET due_at = clock_timestamp()";
    bench.superuser().await.batch_execute(sql).await.unwrap();
}

async fn waiting(bench: &Bench, count: i64) {
    let sql = "SELECT count(*) FROM automation.run WHERE held AND state = 'waiting'
        UNION ALL SELECT count(*) FROM automation.run WHERE NOT held AND finished_at IS NULL
        UNION ALL SELECT count(*) FROM es.lane AS l
            JOIN automation.checkpoint AS c ON c.lane = l.lane WHERE c.position < l.next_position - 1";
    bench.until(sql, |counts| counts == [count, 0, 0]).await;
}

async fn run_of(bench: &Bench, rule: Uuid, customer: Uuid) -> Run {
    let query = Query { rule: Some(rule), customer: Some(customer), ..Query::default() };
    let runs = bench.runs_by(query).await;
    let [run] = runs.as_slice() else { panic!("{runs:?}") };
    run.clone()
}

fn told(run: &Run) -> Vec<(&str, &str)> {
    run.steps.iter().map(|step| (step.step.as_str(), step.outcome.name())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_waits_over_a_restart_and_then_goes_by_what_is_so_by_then() {
    let bench = Bench::start().await;
    let answered = json!({"field": "now.tags", "op": "has", "value": "answered"});
    let then = json!([
        {"action": "add_tag", "tag": "asked"},
        {"action": "delay", "for": "P2D"},
        {"action": "branch", "when": answered,
            "then": [{"action": "add_tag", "tag": "glad"}],
            "else": [{"action": "create_task", "title": "Ask again"}]},
        {"action": "remove_tag", "tag": "asked"}]);
    let asks = bench.rule("customer.created", json!({"then": then})).await;
    let then = json!([{"action": "notify", "to": "owner", "text": "Tagged"}]);
    let when = json!({"field": "event.tag", "op": "eq", "value": "answered"});
    let tells = bench.rule("customer.tagged", json!({"when": when, "then": then})).await;
    let (answers, silent) = (bench.customer().await, bench.customer().await);
    let automation = bench.automation();
    waiting(&bench, 2).await;
    let run = run_of(&bench, asks, answers).await;
    assert_eq!(
        (run.state.outcome(), told(&run)),
        (Outcome::Waiting, vec![("1", "done"), ("2", "done")])
    );
    assert!(run.reason.as_ref().unwrap().starts_with("it waits until "), "{run:?}");
    let span = run.next_attempt_at.unwrap().duration_since(run.trigger_recorded_at);
    assert!((48..49).contains(&span.as_hours()), "{span}");

    // Later events of the customer do not wait.
    bench.tag(answers, "answered").await;
    waiting(&bench, 2).await;
    assert_eq!(run_of(&bench, tells, answers).await.state, State::Done);
    automation.stop().await;
    let automation = bench.automation();
    time_passes(&bench).await;
    bench.settled().await;
    automation.stop().await;

    let run = run_of(&bench, asks, answers).await;
    assert_eq!(run.state, State::Done);
    let steps = [("1", "done"), ("2", "done"), ("3", "done"), ("3.then.1", "done"), ("4", "done")];
    assert_eq!(told(&run), steps);
    assert_eq!(bench.tags(answers).await, ["answered", "glad"]);
    let run = run_of(&bench, asks, silent).await;
    let steps = [("1", "done"), ("2", "done"), ("3", "done"), ("3.else.1", "done"), ("4", "done")];
    assert_eq!(told(&run), steps);
    let tasks = bench.events("task.added").await;
    assert_eq!(tasks.iter().map(|task| task.customer_id).collect::<Vec<_>>(), [Some(silent)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wakes_up_has_the_rights_that_the_owner_has_by_then() {
    let bench = Bench::start().await;
    let owner = bench.member(&[Role::Manager]).await;
    let then = json!([{"action": "delay", "for": "PT1H"}, {"action": "add_tag", "tag": "late"}]);
    let rule = json!({"name": "Rule", "trigger": {"events": ["customer.created"]},
        "state": "active", "then": then});
    let principal = domain::access::Principal::user(bench.organisation, owner, [Role::Manager]);
    let caller = eventstore::Caller::new(principal, domain::Source::Api);
    let rule = bench.issue(&caller, "rule.create", None, rule).await.unwrap().stream_id;
    let customer = bench.customer().await;
    let automation = bench.automation();
    waiting(&bench, 1).await;
    bench.system("member.change_roles", Some(owner), json!({"roles": ["viewer"]})).await;
    time_passes(&bench).await;
    bench.settled().await;
    automation.stop().await;
    let run = run_of(&bench, rule, customer).await;
    assert_eq!((run.state, told(&run)), (State::Blocked, vec![("1", "done"), ("2", "blocked")]));
    assert!(bench.tags(customer).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_is_not_there_ends_the_run_and_one_that_has_passed_does_not_hold_it() {
    let bench = Bench::start().await;
    let then = json!([
        {"action": "wait_until", "field": "event.due_on", "offset": "-P3D", "time": "09:00"},
        {"action": "add_tag", "tag": "reminded"}]);
    let rule = bench.rule("task.added", json!({"then": then, "time_zone": "Europe/Berlin"})).await;
    let [without, past, later] =
        [bench.customer().await, bench.customer().await, bench.customer().await];
    for (customer, due_on) in
        [(without, None), (past, Some("2020-01-01")), (later, Some("2099-03-31"))]
    {
        let task = json!({"title": "Call", "customer": customer, "due_on": due_on});
        bench.done("task.add", None, task).await;
    }
    let automation = bench.automation();
    waiting(&bench, 1).await;
    let run = run_of(&bench, rule, later).await;
    assert_eq!(run.next_attempt_at, Some("2099-03-28T08:00:00Z".parse().unwrap()));
    let run = run_of(&bench, rule, without).await;
    assert_eq!((run.state, told(&run)), (State::Skipped, vec![("1", "skipped"), ("2", "skipped")]));
    assert_eq!(run.reason.as_deref(), Some("there is no date to wait for"));
    let run = run_of(&bench, rule, past).await;
    assert_eq!((run.state, told(&run)), (State::Done, vec![("1", "skipped"), ("2", "done")]));
    time_passes(&bench).await;
    bench.settled().await;
    automation.stop().await;
    assert_eq!(bench.tags(later).await, ["reminded"]);
    assert!(bench.tags(without).await.is_empty());
}

/// The way that was chosen stays, whatever happens to the process and to the customer.
#[tokio::test(flavor = "multi_thread")]
async fn a_way_once_taken_is_not_left_when_a_step_on_it_fails() {
    let bench = Bench::start().await;
    let vip = json!({"field": "now.tags", "op": "has", "value": "vip"});
    let then = json!([{"action": "branch", "when": vip,
        "then": [{"action": "create_task", "title": "Call"}],
        "else": [{"action": "create_task", "title": "Write"}]}]);
    let rule = bench.rule("customer.created", json!({"then": then})).await;
    bench.break_events("task.added", None).await;
    let customer = bench.customer().await;
    let backoff = vec![std::time::Duration::from_millis(100); 1_000];
    let settings = automation::Settings { backoff, ..automation::Settings::default() };
    let automation = bench.automation_with(settings.clone());
    let tries = "SELECT attempts::bigint FROM automation.run";
    bench.until(tries, |tries| tries.first().is_some_and(|tries| *tries >= 1)).await;
    drop(automation);
    bench.tag(customer, "vip").await;
    bench.mend_events().await;
    let automation = bench.automation_with(settings);
    bench.settled().await;
    automation.stop().await;
    let run = run_of(&bench, rule, customer).await;
    assert_eq!(told(&run), [("1", "done"), ("1.else.1", "done")]);
    assert_eq!(bench.events("task.added").await.len(), 1);
}
