//! A service that is split into several processes, and what becomes of it when one stands still,
//! dies, or meets the wrong server.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use eventstore::nats::NatsSettings;
use reqwest::Client;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_postgres::NoTls;

use crate::app::{DataDir, PATIENCE, nats_of, nats_url, new_database};
use crate::load::{Door, commands_are_there_once, effects_are_there_once, work, write_rule};
use crate::process::{Process, serve};

const CLIENTS: usize = 4;

pub(crate) fn door(process: &Process, data_dir: &DataDir) -> Door {
    let (_, address) = watch::channel(process.address);
    let client = Client::builder().timeout(Duration::from_secs(10)).build().unwrap();
    Door { address, token: data_dir.owner_token(), client }
}

fn nats(database: &str) -> NatsSettings {
    let prefix = database.rsplit('=').next().unwrap().to_owned();
    NatsSettings { url: nats_url(), prefix, replicas: 1 }
}

/// Lets clients work while `meanwhile` goes on, then holds the log against what they were told.
async fn under_load(door: &Door, meanwhile: impl Future<Output = ()>) {
    write_rule(door).await;
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| tokio::spawn(work(door.clone(), client, Arc::clone(&stop))))
        .collect();
    meanwhile.await;
    stop.store(true, Ordering::Relaxed);
    let mut told = BTreeMap::new();
    for client in clients {
        told.extend(client.await.unwrap().tags);
    }
    assert!(!told.is_empty());
    commands_are_there_once(door, &told).await;
    effects_are_there_once(door, told.keys().cloned().collect()).await;
    assert_eq!(door.get("/v1/audit/verify").await["ok"], true);
}

/// A process for each role: commands arrive, views follow, rules react, and the relay may die as
/// often as it likes.
async fn split(nats: impl Fn(&str) -> Option<NatsSettings>) {
    let (database, data_dir) = (new_database().await, DataDir::make());
    let nats = nats(&database);
    let start = |roles| Process::with_roles(roles, &database, &data_dir, nats.as_ref());
    let api = start("api");
    let _project = start("project");
    let _automate = start("automate");
    let mut relay = start("relay");
    let _deliver = start("deliver");
    let door = door(&api, &data_dir);
    under_load(&door, async {
        for _ in 0..4 {
            sleep(Duration::from_millis(300)).await;
            relay.kill();
            relay = start("relay");
        }
    })
    .await;
    let body = json!({ "type": "person", "last_name": "Byron" });
    let created = door.command("/v1/customers", "the last", &body).await;
    let (id, position) = (created["id"].as_str().unwrap(), created["position"].as_str().unwrap());
    let since = Instant::now();
    let found = door.get(&format!("/v1/customers?q=byron&min_position={position}")).await;
    assert_eq!(found["data"][0]["id"], id);
    assert!(since.elapsed() < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_service_does_the_whole_chain_over_jetstream() {
    split(|database| Some(nats(database))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_service_does_the_whole_chain_without_nats() {
    split(|_| None).await;
}

/// A leader stands still beyond its leases, another one takes over, the first one wakes up and
/// believes that it still leads: the epochs of the checkpoints tell it otherwise.
async fn stand_still(pauses: usize, leases_end: impl AsyncFn(&tokio_postgres::Client)) {
    let (database, data_dir) = (new_database().await, DataDir::make());
    let nats = nats_of(&database);
    let start = |roles| Process::with_roles(roles, &database, &data_dir, nats.as_ref());
    let api = start("api");
    let workers = [start("project,relay,automate"), start("project,relay,automate")];
    let (client, connection) = tokio_postgres::connect(&database, NoTls).await.unwrap();
    tokio::spawn(connection);
    under_load(&door(&api, &data_dir), async {
        for pause in 0..pauses {
            let paused = &workers[pause % 2];
            sleep(Duration::from_millis(200)).await;
            paused.pause();
            leases_end(&client).await;
            // The other one takes over and gets ahead.
            let led = "SELECT count(*) FROM state.lease WHERE expires_at > clock_timestamp()";
            let since = Instant::now();
            while client.query_one(led, &[]).await.unwrap().get::<_, i64>(0) == 0 {
                assert!(since.elapsed() < PATIENCE, "nobody takes the leases");
                sleep(Duration::from_millis(20)).await;
            }
            sleep(Duration::from_millis(300)).await;
            paused.go_on();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_stood_still_beyond_its_lease_has_no_effect_when_it_wakes() {
    let end = "UPDATE state.lease SET expires_at = clock_timestamp() - interval '1 second'";
    stand_still(4, async |client| {
        client.execute(end, &[]).await.unwrap();
    })
    .await;
}

/// The leases end by themselves, after 15 s for read models and 5 s for the rest.
#[tokio::test(flavor = "multi_thread")]
async fn long_a_leader_that_stood_still_for_twenty_seconds_has_no_effect_when_it_wakes() {
    stand_still(4, async |_| sleep(Duration::from_secs(20)).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nats_server_that_is_too_old_is_refused_by_name() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            pretend_to_be_old(connection.unwrap(), port);
        }
    });
    let (database, data_dir) = (new_database().await, DataDir::make());
    let url = format!("nats://127.0.0.1:{port}");
    let settings = NatsSettings { url, ..nats(&database) };
    let ended = serve(&database, &data_dir, Some(&settings)).output().unwrap();
    assert!(!ended.status.success());
    let said = String::from_utf8(ended.stderr).unwrap();
    let expected = format!("the NATS server 127.0.0.1:{port} is version 2.10.1");
    assert!(said.contains(&expected) && said.contains("2.12 or later is needed"), "{said}");
}

/// As much of a server as a client needs to believe that it is connected.
fn pretend_to_be_old(connection: std::net::TcpStream, port: u16) {
    let info = json!({ "server_id": "old", "version": "2.10.1", "host": "127.0.0.1", "port": port,
        "proto": 1, "headers": true, "jetstream": true, "max_payload": 1_048_576 });
    let mut answers = connection.try_clone().unwrap();
    write!(answers, "INFO {info}\r\n").unwrap();
    for line in BufReader::new(connection).lines().map_while(Result::ok) {
        if line.starts_with("PING") && answers.write_all(b"PONG\r\n").is_err() {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_starts_and_works_while_nats_is_away() {
    let (database, data_dir) = (new_database().await, DataDir::make());
    // Nobody listens on the port of a server that has just ended.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = NatsSettings { url: format!("nats://127.0.0.1:{port}"), ..nats(&database) };
    let all = "api,project,relay,automate,deliver";
    let service = Process::with_roles(all, &database, &data_dir, Some(&settings));
    under_load(&door(&service, &data_dir), sleep(Duration::from_millis(500))).await;
}

/// What one process has changed counts in another one, though that had read it before.
#[tokio::test(flavor = "multi_thread")]
async fn a_folders_statuses_changed_in_one_process_count_in_another() {
    let (database, data_dir) = (new_database().await, DataDir::make());
    let nats = nats_of(&database);
    let start = |roles| Process::with_roles(roles, &database, &data_dir, nats.as_ref());
    let (one, other) = (start("api"), start("api"));
    let (one, other) = (door(&one, &data_dir), door(&other, &data_dir));
    let folder = json!({ "name": "Leads", "statuses": ["new", "won"], "default_status": "new" });
    let folder = one.command("/v1/folders", "folder", &folder).await;
    let folder = folder["id"].as_str().unwrap();
    let ada = json!({ "type": "person", "last_name": "Byron", "folder": folder });
    let ada = one.command("/v1/customers", "ada", &ada).await;
    let path = format!("/v1/customers/{}/status", ada["id"].as_str().unwrap());
    one.command(&path, "won", &json!({ "status": "won" })).await;
    let statuses = json!({ "statuses": ["new", "lost"], "default_status": "new" });
    other.command(&format!("/v1/folders/{folder}/statuses"), "statuses", &statuses).await;
    // At once: before a refusal the log is asked.
    one.command(&path, "lost", &json!({ "status": "lost" })).await;
    // Within the pause of a poll.
    let since = Instant::now();
    for attempt in 0.. {
        let (key, body) = (format!("won {attempt}"), json!({ "status": "won" }));
        let (status, answer) =
            one.send(reqwest::Method::POST, &path, &key, Some(&body)).await.unwrap();
        if status == 422 {
            assert_eq!(answer["code"], "status_not_in_folder");
            break;
        }
        assert!(since.elapsed() < Duration::from_secs(5), "{status} {answer}");
        one.command(&path, &format!("lost {attempt}"), &json!({ "status": "lost" })).await;
    }
}
