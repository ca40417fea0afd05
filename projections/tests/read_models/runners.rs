//! Several runners at once, and reading one's own writes.

use std::time::Duration;

use projections::{Error, wait_for};
use serde_json::json;

use crate::mix::Mix;
use crate::support::{WAIT, World, assert_rebuilt_equals_live};

#[tokio::test(flavor = "multi_thread")]
async fn two_runners_that_take_the_leases_from_each_other_fold_every_event_once() {
    let mut world = World::new().await;
    let other = projections::start(world.store.clone());
    let client = world.sql().await;
    let thief = tokio::spawn(async move {
        // Whoever asks next has the lease, while the one before goes on until it notices.
        let steal = "UPDATE state.lease SET expires_at = '-infinity'";
        loop {
            client.execute(steal, &[]).await.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let mut mix = Mix::new(&world, 21).await;
    mix.commands(400).await;
    let client = world.sql().await;
    let taken = "SELECT count(*) FROM state.lease WHERE name LIKE 'projection:%' AND epoch > 1";
    // Commands go on until some leases have changed hands, however fast they are.
    while client.query_one(taken, &[]).await.unwrap().get::<_, i64>(0) < 3 {
        mix.commands(20).await;
    }
    world.settle().await;
    thief.abort();
    assert_rebuilt_equals_live(&world.store).await;
    other.stop().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_runner_takes_over_when_the_first_one_stops() {
    let mut world = World::new().await;
    let ada = world.person("Ada", "Byron").await;
    world.settle().await;
    let other = projections::start(world.store.clone());
    world.stop().await;
    world.run("customer.tag", Some(ada), json!({"tag": "vip"})).await;
    world.settle().await;
    assert!(other.statuses().iter().all(|(_, status)| status.leading));
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_waits_for_its_own_write_and_not_for_ever() {
    let mut world = World::new().await;
    world.settle().await;
    let done = {
        let data = json!({"type": "company", "company_name": "Acme"});
        world.run("customer.create", None, data).await
    };
    let (store, organisation) = (&world.store, world.organisation);
    let reached = wait_for(store, "directory", organisation, done.sequence, WAIT).await.unwrap();
    assert!(reached >= done.sequence);

    world.stop().await;
    let data = json!({"type": "company", "company_name": "Brand"});
    let done = world.run("customer.create", None, data).await;
    let (store, sequence) = (&world.store, done.sequence);
    let short = Duration::from_millis(80);
    let lagging = wait_for(store, "directory", organisation, sequence, short).await.unwrap_err();
    assert!(matches!(lagging, Error::Lagging { reached, .. } if reached == sequence - 1));
    let beyond = wait_for(store, "directory", organisation, sequence + 1, WAIT).await.unwrap_err();
    assert!(matches!(beyond, Error::UnknownPosition { head, .. } if head == sequence));
    let unknown = wait_for(store, "no_model", organisation, sequence, WAIT).await.unwrap_err();
    assert!(matches!(unknown, Error::UnknownModel(_)));
}
