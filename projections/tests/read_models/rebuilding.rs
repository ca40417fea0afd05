//! Invariant 4: a read model that is built anew is the one that was there.

use domain::access::Action;
use domain::value::Role;
use projections::models;
use projections::{PageQuery, customer_list, rebuild};
use serde_json::json;

use crate::mix::Mix;
use crate::support::{World, assert_rebuilt_equals_live};

#[tokio::test(flavor = "multi_thread")]
async fn rebuilt_equals_live_after_a_random_mix_of_commands_and_erasures() {
    let mut world = World::new().await;
    let mut mix = Mix::new(&world, 7).await;
    mix.commands(350).await;
    world.settle().await;
    // Followed before they are erased: the live rows have been plain.
    mix.erase(3).await;
    mix.commands(60).await;
    world.settle().await;
    assert!(mix.accepted > 250, "{} commands were accepted", mix.accepted);
    assert_rebuilt_equals_live(&world.store).await;

    // Erased before they are followed: the live rows have never been plain.
    world.stop().await;
    let mut mix = Mix::new(&world, 8).await;
    mix.commands(120).await;
    mix.erase(4).await;
    mix.commands(40).await;
    world.start();
    world.settle().await;
    assert_rebuilt_equals_live(&world.store).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_of_an_erased_customer_stays_in_any_read_model() {
    let mut world = World::new().await;
    let data = json!({
        "type": "person", "first_name": "Xaverine", "last_name": "Yspertal",
        "emails": ["xaverine@example.com"], "external_ids": {"shop": "xav-17"},
    });
    let customer = world.run("customer.create", None, data).await.stream_id;
    world.run("customer.add_note", Some(customer), json!({"text": "Xaverine called"})).await;
    world.run("task.add", None, json!({"customer": customer, "title": "Call Xaverine"})).await;
    let mary = world.member("Mary", Role::Sales).await;
    let sent = json!({"to": [mary], "customer": customer, "text": "Xaverine waits"});
    world.run("notification.send", None, sent).await;
    world.settle().await;
    assert_ne!(traces(&world, "xav").await, Vec::<String>::new());

    world.run("customer.erase", Some(customer), json!({"confirm": "erase"})).await;
    world.settle().await;
    assert_eq!(traces(&world, "xav").await, Vec::<String>::new());
    assert_eq!(traces(&world, "yspertal").await, Vec::<String>::new());
    assert_rebuilt_equals_live(&world.store).await;
    world.stop().await;
}

/// The tables of read models in which a text stands.
async fn traces(world: &World, text: &str) -> Vec<String> {
    let client = world.sql().await;
    let schemas: Vec<String> = models::NAMES.iter().map(|name| (*name).to_owned()).collect();
    let tables = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname = ANY ($1)";
    let mut found = Vec::new();
    for row in client.query(tables, &[&schemas]).await.unwrap() {
        let table: String = row.get(0);
        let holds = format!("SELECT EXISTS (SELECT FROM {table} t WHERE t::text ILIKE $1)");
        if client.query_one(&holds, &[&format!("%{text}%")]).await.unwrap().get(0) {
            found.push(table);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_takes_over_while_the_list_is_read_and_written() {
    let mut world = World::new().await;
    let ada = world.person("Ada", "Byron").await;
    world.settle().await;

    let (stop, stopped) = tokio::sync::watch::channel(false);
    let reader = tokio::spawn(read_on(world.store.clone(), world.organisation, ada, stopped));
    for number in 0..3 {
        for name in models::NAMES {
            world.person("Bea", &format!("Number{number}")).await;
            let rebuilt = rebuild(&world.store, name).await.unwrap();
            assert_eq!((rebuilt.name, rebuilt.parked), (name, 0));
        }
    }
    stop.send_replace(true);
    let reads = reader.await.unwrap();
    assert!(reads > 20, "only {reads} reads in that time");
    world.settle().await;
    assert_rebuilt_equals_live(&world.store).await;

    let scope = world.scope(Role::Owner, Action::CustomerList);
    let query = customer_list::Query {
        page: PageQuery { limit: 200, ..PageQuery::default() },
        ..customer_list::Query::default()
    };
    let page = customer_list::list(&world.store, &scope, &query).await.unwrap();
    assert_eq!(page.data.len(), 1 + 3 * models::NAMES.len());
    let client = world.sql().await;
    let left = "SELECT count(*) FROM pg_namespace WHERE nspname ~ '_(next|old|check)$'";
    assert_eq!(client.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0);
    world.stop().await;
}

/// Reads without a pause: no read may fail or find nobody, whichever build answers.
async fn read_on(
    store: eventstore::Store,
    organisation: uuid::Uuid,
    customer: uuid::Uuid,
    mut stopped: tokio::sync::watch::Receiver<bool>,
) -> usize {
    use projections::customer_360::{self, Found};
    let scope =
        |action| crate::support::scope_of(organisation, uuid::Uuid::nil(), Role::Owner, action);
    let (list, read) = (scope(Action::CustomerList), scope(Action::CustomerRead));
    let query = customer_list::Query { text: "ada".to_owned(), ..customer_list::Query::default() };
    let mut reads = 0;
    while !*stopped.borrow_and_update() {
        let page = customer_list::list(&store, &list, &query).await.unwrap();
        assert_eq!(page.data.len(), 1);
        let found = customer_360::get(&store, &read, customer).await.unwrap();
        assert!(matches!(found, Found::Customer(_)), "{found:?}");
        reads += 2;
    }
    reads
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_model_of_an_older_version_is_built_anew_at_the_start() {
    let mut world = World::new().await;
    world.person("Ada", "Byron").await;
    world.run("task.add", None, json!({"title": "Buy paper"})).await;
    world.settle().await;
    world.stop().await;
    let version = "SELECT (SELECT version FROM tasks.about), (SELECT count(*) FROM tasks.document)";
    let made = async |world: &World| {
        let row = world.sql().await.query_one(version, &[]).await.unwrap();
        (row.get::<_, i32>(0), row.get::<_, i64>(1))
    };
    let before = made(&world).await;
    // As an older program has left it: with other rows, and an older number.
    let older = "UPDATE tasks.about SET version = 0; DELETE FROM tasks.document;
        ALTER TABLE tasks.document ADD COLUMN of_old text;
        DROP SCHEMA orders CASCADE";
    world.sql().await.batch_execute(older).await.unwrap();
    world.start();
    for _ in 0..200 {
        let there = "SELECT to_regclass('orders.about') IS NOT NULL AND
            (SELECT version FROM tasks.about) > 0";
        if world.sql().await.query_one(there, &[]).await.unwrap().get(0) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(made(&world).await, before);
    world.settle().await;
    assert_rebuilt_equals_live(&world.store).await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_leaves_a_newer_version_alone() {
    let mut world = World::new().await;
    world.settle().await;
    // A newer program has taken over while this one runs.
    let newer = "UPDATE tasks.about SET version = 1000";
    world.sql().await.batch_execute(newer).await.unwrap();
    world.run("task.add", None, json!({"title": "Buy paper"})).await;
    let halted = async || {
        let statuses = world.statuses();
        statuses
            .into_iter()
            .find(|(name, _)| *name == "tasks")
            .and_then(|(_, status)| status.halted)
    };
    for _ in 0..200 {
        if halted().await.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(halted().await.unwrap().contains("version 1000"));
    let rows = "SELECT count(*) FROM tasks.document";
    assert_eq!(world.sql().await.query_one(rows, &[]).await.unwrap().get::<_, i64>(0), 0);
    world.stop().await;
}
