//! Automation that dies and comes back, twins, and events that cannot be read.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use automation::Settings;
use automation::runs::{Outcome, State};
use serde_json::json;
use uuid::Uuid;

use crate::bench::Bench;

/// A rule with three effects on each new customer.
async fn three_effects(bench: &Bench) {
    let then = json!([{"action": "create_task", "title": "Call"},
        {"action": "notify", "to": "owner", "text": "New"},
        {"action": "add_tag", "tag": "new"}]);
    bench.rule("customer.created", json!({"then": then})).await;
}

async fn assert_each_once(bench: &Bench, customers: &[Uuid]) {
    let expected: BTreeMap<Uuid, usize> = customers.iter().map(|id| (*id, 1)).collect();
    for name in ["task.added", "notification.sent", "customer.tagged", "rule_run.finished"] {
        let mut counts = BTreeMap::new();
        for event in bench.events(name).await {
            *counts.entry(event.customer_id.unwrap()).or_insert(0) += 1;
        }
        assert_eq!(counts, expected, "{name}");
    }
    assert!(bench.runs().await.iter().all(|run| run.state == State::Done));
}

#[tokio::test(flavor = "multi_thread")]
async fn automation_that_dies_in_the_middle_loses_and_doubles_nothing() {
    let bench = Bench::start().await;
    three_effects(&bench).await;
    let mut customers = Vec::new();
    for round in 0..12_u64 {
        let automation = bench.automation();
        for _ in 0..6 {
            customers.push(bench.customer().await);
        }
        // Aborts its tasks wherever they are just now.
        tokio::time::sleep(Duration::from_millis(round * 23 % 97)).await;
        drop(automation);
    }
    let automation = bench.automation();
    bench.settled().await;
    automation.stop().await;
    assert_each_once(&bench, &customers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_automations_share_the_work() {
    let bench = Bench::start().await;
    three_effects(&bench).await;
    // So impatient that they take each other's lanes and runs all the time.
    let settings = Settings {
        lease: Duration::from_millis(20),
        claim: Duration::from_millis(20),
        concurrency: 4,
        ..Settings::default()
    };
    let mut automations = Vec::new();
    for _ in 0..3 {
        // As in a process of its own.
        let store = bench.open().await;
        let source = bench.source(&store);
        automations.push(automation::start_with(store, source, settings.clone()));
    }
    let mut customers = Vec::new();
    for _ in 0..60 {
        customers.push(bench.customer().await);
    }
    bench.settled().await;
    for automation in automations {
        automation.stop().await;
    }
    assert_each_once(&bench, &customers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_whose_event_cannot_be_read_waits_and_others_go_on() {
    // What is broken in the log is whole in a copy that was made before.
    let bench = Bench { relay: None, ..Bench::start().await };
    let then = json!([{"action": "create_task", "title": "Call"}]);
    bench.rule("customer.tagged", json!({"then": then})).await;
    let (strange, other) = (bench.customer().await, bench.customer().await);
    let unread = bench.tag(strange, "a").await;
    bench.tag(strange, "b").await;
    bench.tag(other, "a").await;
    // An event from a newer program.
    let set_version = async |version: i16| {
        let sql = format!(
            "BEGIN; SET LOCAL session_replication_role = replica;
             UPDATE es.event SET schema_version = {version} WHERE event_id = '{}'; COMMIT",
            unread.events[0].event_id
        );
        bench.superuser().await.batch_execute(&sql).await.unwrap();
    };
    set_version(99).await;
    let automation = bench.automation();
    bench.settled().await;
    let customers: BTreeSet<Uuid> = bench.runs().await.iter().map(|run| run.customer).collect();
    assert_eq!(customers, BTreeSet::from([other]));
    let parked = "SELECT sequence FROM state.parked WHERE follower = 'automation'";
    bench.until(parked, |parked| parked == [unread.events[0].sequence]).await;
    automation.stop().await;

    // The newer program takes it up.
    set_version(1).await;
    let automation = bench.automation();
    bench.tag(other, "b").await;
    bench.until("SELECT count(*) FROM state.parked", |parked| parked == [0]).await;
    bench.settled().await;
    automation.stop().await;
    assert_eq!(bench.outcomes().await, [Outcome::Done; 4]);
    assert_eq!(bench.events("task.added").await.len(), 4);
}
