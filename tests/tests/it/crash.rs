//! The real program, killed again and again under load: nothing acknowledged is lost, nothing is
//! done twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

use crate::app::{DataDir, PATIENCE, new_database};
use crate::load::{Door, commands_are_there_once, effects_are_there_once, work, write_rule};
use crate::process::Process;

const CLIENTS: usize = 8;

/// A number below `most` that nobody foresees.
fn random(most: u128) -> u64 {
    u64::try_from(Uuid::new_v4().as_u128() % most).unwrap()
}

/// Kills the service so many times at random moments under load, and holds the log against what
/// the clients were told.
async fn kill_and_compare(kills: usize) {
    let (database, data_dir) = (new_database().await, DataDir::make());
    let mut service = Process::start(&database, &data_dir);
    let (say, address) = watch::channel(service.address);
    let client = Client::builder().timeout(Duration::from_secs(10)).build().unwrap();
    let door = Door { address, token: data_dir.owner_token(), client };
    write_rule(&door).await;
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| tokio::spawn(work(door.clone(), client, Arc::clone(&stop))))
        .collect();
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(200 + random(900))).await;
        service.kill();
        service = Process::start(&database, &data_dir);
        say.send_replace(service.address);
    }
    stop.store(true, Ordering::Relaxed);
    let mut told = BTreeMap::new();
    for client in clients {
        told.extend(client.await.unwrap().tags);
    }
    assert!(told.len() > kills, "only {} customers were made", told.len());
    commands_are_there_once(&door, &told).await;
    effects_are_there_once(&door, told.keys().cloned().collect()).await;
    assert_eq!(door.get("/v1/audit/verify").await["ok"], true);
    service.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_ten_times_under_load_loses_and_doubles_nothing() {
    kill_and_compare(10).await;
}

/// A hundred times, where `./test long` asks for it.
#[tokio::test(flavor = "multi_thread")]
async fn long_kill_a_hundred_times_under_load_loses_and_doubles_nothing() {
    kill_and_compare(100).await;
}

/// An import that is killed in its middle goes on at the next start, each row once.
#[tokio::test(flavor = "multi_thread")]
async fn kill_an_import_in_its_middle_and_it_goes_on() {
    const DOCUMENTS: usize = 3_000;
    let orders = std::fs::read_to_string("../demo/orders.csv").unwrap();
    let file: String = orders.lines().take(DOCUMENTS + 1).map(|line| format!("{line}\n")).collect();
    let (database, data_dir) = (new_database().await, DataDir::make());
    let mut service = Process::start(&database, &data_dir);
    let (say, address) = watch::channel(service.address);
    let door = Door { address, token: data_dir.owner_token(), client: Client::new() };
    let url = format!("http://{}/v1/imports?kind=orders&source=demo&currency=USD", service.address);
    let job = door.client.post(url).bearer_auth(&door.token).body(file).send().await.unwrap();
    let job: Value = job.json().await.unwrap();
    let path = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(100 + random(400))).await;
        service.kill();
        service = Process::start(&database, &data_dir);
        say.send_replace(service.address);
    }
    let since = Instant::now();
    let job = loop {
        let job = door.get(&path).await;
        if !job["finished_at"].is_null() {
            break job;
        }
        assert!(since.elapsed() < PATIENCE, "the import does not go on: {job}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(
        (&job["state"], &job["failed"], &job["done"]),
        (&json!("done"), &json!(0), &json!(DOCUMENTS))
    );
    let recorded = door.events("order.recorded").await;
    let numbers: BTreeSet<&str> =
        recorded.iter().map(|event| event["data"]["number"].as_str().unwrap()).collect();
    assert_eq!((recorded.len(), numbers.len()), (DOCUMENTS, DOCUMENTS));
    let customers = door.events("customer.created").await;
    let outside: BTreeSet<String> =
        customers.iter().map(|event| event["data"]["external_ids"].to_string()).collect();
    assert_eq!(outside.len(), customers.len());
    assert_eq!(door.get("/v1/audit/verify").await["ok"], true);
    service.kill();
}
