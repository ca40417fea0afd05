//! The order of runs, failures, dead letters and limits.

use std::time::Duration;

use automation::Settings;
use automation::runs::{self, Outcome, Query, Retried, State};
use domain::access::{Action, Principal, scope};
use domain::value::Role;
use projections::PageQuery;
use serde_json::json;
use uuid::Uuid;

use crate::bench::Bench;

#[tokio::test(flavor = "multi_thread")]
async fn a_customers_runs_go_in_order_and_a_failing_customer_holds_up_nobody_else() {
    let bench = Bench::start().await;
    let task = json!([{"action": "create_task", "title": "Call"}]);
    let first = bench.rule("customer.created", json!({"then": task})).await;
    let tag = json!([{"action": "add_tag", "tag": "flagged"}]);
    let second = bench.rule("customer.flagged", json!({"then": tag})).await;
    let (failing, other) = (bench.customer().await, bench.customer().await);
    for customer in [failing, other] {
        bench.done("customer.flag", Some(customer), json!({"reason": "Look"})).await;
    }
    bench.break_events("task.added", Some(failing)).await;
    let backoff = vec![Duration::from_millis(100); 1_000];
    let automation = bench.automation_with(Settings { backoff, ..Settings::default() });
    let tries = "SELECT attempts::bigint FROM automation.run ORDER BY attempts DESC LIMIT 1";
    bench.until(tries, |tries| tries.first().is_some_and(|tries| *tries >= 3)).await;
    bench
        .until("SELECT count(*) FROM automation.run WHERE state = 'done'", |done| done == [2])
        .await;
    let waiting = bench.runs_by(Query { customer: Some(failing), ..Query::default() }).await;
    assert!(waiting.iter().all(|run| run.state.outcome() == Outcome::Waiting), "{waiting:?}");
    assert_eq!(waiting.iter().map(|run| run.rule).collect::<Vec<_>>(), [first, second]);
    assert_eq!(waiting[1].attempts, 0);
    assert_eq!(bench.tags(other).await, ["flagged"]);
    assert!(bench.tags(failing).await.is_empty());

    bench.mend_events().await;
    bench.settled().await;
    automation.stop().await;
    assert_eq!(bench.outcomes().await, [Outcome::Done; 4]);
    let finished = bench.events("rule_run.finished").await;
    let of_failing = finished.iter().filter(|event| event.customer_id == Some(failing));
    let rules: Vec<_> = of_failing.map(|event| event.public_body()["rule"].clone()).collect();
    assert_eq!(rules, [json!(first), json!(second)]);
    assert_eq!(bench.events("task.added").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_goes_on_at_the_failed_step() {
    let bench = Bench::start().await;
    let then = json!([{"action": "notify", "to": "owner", "text": "New"},
        {"action": "create_task", "title": "Call"}, {"action": "add_tag", "tag": "called"}]);
    bench.rule("customer.created", json!({"then": then})).await;
    bench.break_events("task.added", None).await;
    let customer = bench.customer().await;
    let automation = bench.automation();
    bench.settled().await;

    let failed = Query { outcome: Some(Outcome::Failed), ..Query::default() };
    let dead = bench.runs_by(failed.clone()).await;
    let [run] = dead.as_slice() else { panic!("{dead:?}") };
    assert_eq!((run.state, run.step, run.attempts), (State::Dead, 1, 3));
    let outcomes: Vec<_> = run.steps.iter().map(|step| step.outcome.name()).collect();
    assert_eq!(outcomes, ["done", "failed"]);
    // What the database said is for the operator.
    assert!(!run.reason.as_ref().unwrap().contains("on purpose"), "{:?}", run.reason);
    // The customer's later runs do not wait for a dead one.
    let then = json!([{"action": "add_tag", "tag": "flagged"}]);
    bench.rule("customer.flagged", json!({"then": then})).await;
    bench.done("customer.flag", Some(customer), json!({"reason": "Look"})).await;
    bench.settled().await;
    assert_eq!(bench.tags(customer).await, ["flagged"]);

    bench.mend_events().await;
    let scope = bench.scope();
    let retried = runs::retry(&bench.store, &scope, run.id, None).await.unwrap();
    assert!(matches!(retried, Retried::GoesOn(_)), "{retried:?}");
    bench.settled().await;
    automation.stop().await;
    let run = runs::get(&bench.store, &scope, run.id).await.unwrap().unwrap();
    assert_eq!((run.state, run.resumed, run.resumed_by), (State::Done, 1, Some(bench.owner)));
    assert_eq!(run.steps.iter().map(|step| step.outcome.name()).collect::<Vec<_>>(), ["done"; 3]);
    assert_eq!(bench.events("notification.sent").await.len(), 1);
    assert_eq!(bench.events("task.added").await.len(), 1);
    let finished = bench.events("rule_run.finished").await;
    let of_run = finished.iter().filter(|event| event.stream_id == run.id);
    let outcomes: Vec<_> = of_run.map(|event| event.public_body()["outcome"].clone()).collect();
    assert_eq!(outcomes, ["failed", "done"]);
    assert!(bench.runs_by(failed).await.is_empty());
    let again = runs::retry(&bench.store, &scope, run.id, None).await.unwrap();
    assert_eq!(again, Retried::NotFailed(State::Done));
    let unknown = runs::retry(&bench.store, &scope, Uuid::now_v7(), None).await.unwrap();
    assert_eq!(unknown, Retried::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_goes_on_from_a_later_step_and_never_from_one_that_is_done() {
    let bench = Bench::start().await;
    let then = json!([{"action": "notify", "to": "owner", "text": "New"},
        {"action": "create_task", "title": "Call"},
        {"action": "branch", "when": {"field": "now.tags", "op": "is_empty"},
            "then": [{"action": "add_tag", "tag": "called"}]}]);
    bench.rule("customer.created", json!({"then": then})).await;
    bench.break_events("task.added", None).await;
    let customer = bench.customer().await;
    let automation = bench.automation();
    bench.settled().await;
    let run = bench.runs().await[0].id;
    let retry =
        async |from| runs::retry(&bench.store, &bench.scope(), run, Some(from)).await.unwrap();
    let open = Retried::NoSuchStep(vec!["2".to_owned(), "3".to_owned()]);
    assert_eq!(retry("1").await, open);
    assert_eq!(retry("3.then.1").await, open);
    assert!(matches!(retry("3").await, Retried::GoesOn(_)));
    bench.settled().await;
    automation.stop().await;
    let run = bench.runs().await.remove(0);
    let outcomes: Vec<_> = run.steps.iter().map(|step| step.outcome.name()).collect();
    assert_eq!((run.state, outcomes), (State::Done, vec!["done", "skipped", "done", "done"]));
    assert_eq!(run.steps[1].reason.as_deref(), Some("passed over by hand"));
    assert_eq!(bench.tags(customer).await, ["called"]);
    assert_eq!(bench.events("notification.sent").await.len(), 1);
    assert!(bench.events("task.added").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_end_cannot_be_recorded_is_not_ended() {
    let bench = Bench::start().await;
    let then = json!([{"action": "add_tag", "tag": "new"}]);
    bench.rule("customer.created", json!({"then": then})).await;
    bench.break_events("rule_run.finished", None).await;
    let customer = bench.customer().await;
    let automation = bench.automation();
    let put_off =
        "SELECT count(*) FROM automation.run WHERE state = 'done' AND finished_at IS NULL";
    bench.until(put_off, |count| count == [1]).await;
    bench.mend_events().await;
    bench.settled().await;
    automation.stop().await;
    assert_eq!(bench.tags(customer).await, ["new"]);
    assert_eq!(bench.events("customer.tagged").await.len(), 1);
    assert_eq!(bench.events("rule_run.finished").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_a_limit_waits_without_holding_up_other_rules() {
    let bench = Bench::start().await;
    let then = json!([{"action": "notify", "to": "owner", "text": "Tagged"}]);
    let limits = json!({"runs_per_customer_per_day": 2});
    let limited = json!({"limits": limits, "then": then});
    let limited = bench.rule("customer.tagged", limited).await;
    let then = json!([{"action": "create_task", "title": "Call"}]);
    bench.rule("customer.tagged", json!({"then": then})).await;
    let (often, once) = (bench.customer().await, bench.customer().await);
    for tag in ["a", "b", "c", "d"] {
        bench.tag(often, tag).await;
    }
    bench.tag(once, "a").await;
    let automation = bench.automation();
    let open = "SELECT count(*) FROM automation.run WHERE finished_at IS NULL
        UNION ALL SELECT count(*) FROM automation.run WHERE finished_at IS NOT NULL";
    bench.until(open, |counts| counts == [2, 8]).await;
    let query = Query { rule: Some(limited), customer: Some(often), ..Query::default() };
    let runs = bench.runs_by(query.clone()).await;
    let outcomes: Vec<_> = runs.iter().map(|run| run.state.outcome()).collect();
    let (done, queued) = (Outcome::Done, Outcome::Queued);
    assert_eq!(outcomes, [done, done, queued, queued]);
    let until = runs[2].next_attempt_at.unwrap().duration_since(runs[2].created_at);
    assert!(until.as_hours() >= 23, "{until}");
    assert_eq!(bench.events("notification.sent").await.len(), 3);
    assert_eq!(bench.events("task.added").await.len(), 5);

    // A day later there are places again.
    let later = "UPDATE automation.run SET started_at = started_at - interval '1 day',
        next_attempt_at = LEAST(next_attempt_at, clock_timestamp());
        UPDATE automation.line SET due_at = clock_timestamp()";
    bench.superuser().await.batch_execute(later).await.unwrap();
    bench.settled().await;
    automation.stop().await;
    assert_eq!(bench.events("notification.sent").await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_runs_has_pages_and_filters() {
    let bench = Bench::start().await;
    let then = json!([{"action": "add_tag", "tag": "new"}]);
    let rule = bench.rule("customer.created", json!({"then": then})).await;
    let then = json!([{"action": "change_status", "status": "nowhere"}]);
    bench.rule("customer.created", json!({"then": then})).await;
    let mut customers = Vec::new();
    for _ in 0..5 {
        customers.push(bench.customer().await);
    }
    let automation = bench.automation();
    bench.settled().await;
    automation.stop().await;

    let scope = bench.scope();
    let mut query = Query { page: PageQuery::first(3), ..Query::default() };
    let mut seen = Vec::new();
    loop {
        let page = runs::list(&bench.store, &scope, &query).await.unwrap();
        assert!(page.runs.len() <= 3);
        seen.extend(page.runs);
        query.page.after = page.turns.next;
        if query.page.after.is_none() {
            break;
        }
    }
    let places: Vec<_> = seen.iter().map(|run| (run.sequence, run.ordinal)).collect();
    let mut sorted = places.clone();
    sorted.sort_unstable();
    sorted.reverse();
    assert_eq!((places.len(), &places), (10, &sorted));

    let by = async |query| bench.runs_by(query).await;
    assert_eq!(by(Query { rule: Some(rule), ..Query::default() }).await.len(), 5);
    let customer = Some(customers[2]);
    assert_eq!(by(Query { customer, ..Query::default() }).await.len(), 2);
    assert_eq!(by(Query { customer, rule: Some(rule), ..Query::default() }).await.len(), 1);
    let outcome = Some(Outcome::Blocked);
    let blocked = by(Query { outcome, ..Query::default() }).await;
    assert_eq!(blocked.len(), 5);
    assert!(by(Query { outcome, rule: Some(rule), ..Query::default() }).await.is_empty());

    // Another organisation, and somebody without reach, see nothing.
    let stranger = Principal::user(Uuid::now_v7(), bench.owner, [Role::Owner]);
    let stranger = domain::access::scope(&stranger, Action::RuleRead).unwrap();
    let query = Query::default();
    assert!(runs::list(&bench.store, &stranger, &query).await.unwrap().runs.is_empty());
    assert!(runs::get(&bench.store, &stranger, seen[0].id).await.unwrap().is_none());
    let viewer = Principal::user(bench.organisation, bench.owner, [Role::Viewer]);
    assert!(scope_of(&viewer).is_none());
}

fn scope_of(principal: &Principal) -> Option<domain::access::Scope> {
    scope(principal, Action::RuleRead).ok()
}
