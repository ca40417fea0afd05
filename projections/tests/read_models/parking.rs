//! A customer whose event does not fold waits; the others go on.

use domain::access::Action;
use domain::value::Role;
use domain::{Actor, Metadata, Source};
use eventstore::append::{Append, Expected, NewEvent, StreamAppend};
use projections::customer_360::{self, Found};
use projections::{parked, rebuild, rebuilt_equals_live, retry_parked};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{World, assert_rebuilt_equals_live};

/// Writes an event past the domain, as a newer program or a defect would.
async fn write(world: &World, customer: Uuid, version: i64, name: &str, data: Value) {
    let metadata = Metadata {
        actor: Actor::System,
        on_behalf_of: None,
        correlation_id: Uuid::now_v7(),
        causation_id: None,
        external_cause: None,
        rule: None,
        source: Source::System,
        runs_rules: false,
        undoes: false,
        occurred_at: None,
    };
    let mut append = Append::new(world.organisation);
    append.streams.push(StreamAppend {
        stream_id: customer,
        expected: Expected::Version(version - 1),
        events: vec![NewEvent {
            event_id: Uuid::now_v7(),
            type_name: name.to_owned(),
            schema_version: 1,
            customer_id: Some(customer),
            key_id: None,
            meta: serde_json::to_vec(&metadata).unwrap(),
            data: serde_json::to_vec(&data).unwrap(),
            private: None,
        }],
    });
    world.store.append(append).await.unwrap();
}

async fn tags(world: &World, customer: Uuid) -> Value {
    let scope = world.scope(Role::Owner, Action::CustomerRead);
    match customer_360::get(&world.store, &scope, customer).await.unwrap() {
        Found::Customer(answer) => answer.body["tags"].clone(),
        found @ (Found::Erased { .. } | Found::Nothing { .. }) => panic!("{found:?}"),
    }
}

async fn parked_in(world: &World, model: &str) -> Vec<Uuid> {
    let client = world.sql().await;
    let parked = parked(&client, model).await.unwrap();
    parked.into_iter().map(|parked| parked.subject).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_event_parks_its_customer_until_it_is_retried() {
    let mut world = World::new().await;
    let (ada, bea) = (world.person("Ada", "Byron").await, world.person("Bea", "Byron").await);
    write(&world, ada, 2, "customer.teleported", json!({"to": "Mars"})).await;
    write(&world, ada, 3, "customer.tagged", json!({"tag": "later"})).await;
    world.run("customer.tag", Some(bea), json!({"tag": "later"})).await;
    world.settle().await;

    for model in ["directory", "customer_360"] {
        assert_eq!(parked_in(&world, model).await, [ada], "{model}");
        assert!(rebuilt_equals_live(&world.store, model).await.unwrap().is_equal(), "{model}");
    }
    for model in ["tasks", "orders", "folders"] {
        assert_eq!(parked_in(&world, model).await, Vec::<Uuid>::new(), "{model}");
    }
    assert_eq!(tags(&world, ada).await, json!([]));
    assert_eq!(tags(&world, bea).await, json!(["later"]));
    let retried = retry_parked(&world.store, "customer_360").await.unwrap();
    assert_eq!((retried.freed, retried.still_parked), (0, 1));

    // A newer program would know the event; here the event is made one that is known.
    let mend = "ALTER TABLE es.event DISABLE TRIGGER event_is_append_only;
        UPDATE es.event SET type = 'customer.tagged', data = '{\"tag\":\"Mars\"}'
        WHERE type = 'customer.teleported'";
    world.sql().await.batch_execute(mend).await.unwrap();
    for model in ["directory", "customer_360"] {
        let retried = retry_parked(&world.store, model).await.unwrap();
        assert_eq!((retried.freed, retried.still_parked), (1, 0), "{model}");
        assert_eq!(parked_in(&world, model).await, Vec::<Uuid>::new(), "{model}");
    }
    assert_eq!(tags(&world, ada).await, json!(["later", "Mars"]));
    write(&world, ada, 4, "customer.tagged", json!({"tag": "again"})).await;
    world.settle().await;
    assert_eq!(tags(&world, ada).await, json!(["again", "later", "Mars"]));
    assert_rebuilt_equals_live(&world.store).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_database_refuses_parks_its_customer_and_no_other() {
    let mut world = World::new().await;
    world.settle().await;
    world.stop().await;
    let (ada, bea) = (world.person("Ada", "Byron").await, world.person("Bea", "Byron").await);
    write(&world, ada, 2, "customer.tagged", json!({"tag": "nul \u{0}"})).await;
    world.run("customer.tag", Some(bea), json!({"tag": "fine"})).await;
    // All in one page: it has to be taken apart.
    world.start();
    world.settle().await;
    for model in ["directory", "customer_360"] {
        assert_eq!(parked_in(&world, model).await, [ada], "{model}");
    }
    assert_eq!(tags(&world, bea).await, json!(["fine"]));
    for model in ["directory", "customer_360"] {
        assert_eq!(rebuild(&world.store, model).await.unwrap().parked, 1, "{model}");
        assert_eq!(parked_in(&world, model).await, [ada], "{model}");
    }
    assert_eq!(tags(&world, bea).await, json!(["fine"]));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_in_the_log_halts_loudly() {
    let mut world = World::new().await;
    let ada = world.person("Ada", "Byron").await;
    world.settle().await;
    world.stop().await;
    world.run("customer.tag", Some(ada), json!({"tag": "lost"})).await;
    world.run("customer.tag", Some(ada), json!({"tag": "kept"})).await;
    let lose = "ALTER TABLE es.event DISABLE TRIGGER event_is_append_only;
        DELETE FROM es.event WHERE version = 2 AND type = 'customer.tagged'";
    world.sql().await.batch_execute(lose).await.unwrap();
    world.start();
    for _ in 0..200 {
        if world.statuses().iter().all(|(_, status)| status.halted.is_some()) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    for (name, status) in world.statuses() {
        let halted = status.halted.unwrap_or_else(|| panic!("{name} goes on"));
        assert!(halted.contains("goes on at position"), "{halted}");
    }
    assert_eq!(tags(&world, ada).await, json!([]));
    world.stop().await;
}
