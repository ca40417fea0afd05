//! The real program, killed again and again under load: nothing acknowledged is lost, nothing is
//! done twice.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

use crate::app::{DataDir, PATIENCE, new_database};

const CLIENTS: usize = 8;

/// The program, as `./test` has built it.
fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.ancestors().nth(2).unwrap().join("dossier");
    assert!(program.exists(), "{} is not there: build the workspace first", program.display());
    program
}

/// A service in a process of its own, on a database that outlives it.
struct Service {
    child: Child,
    address: SocketAddr,
}

impl Service {
    fn start(database: &str, data_dir: &DataDir) -> Self {
        let mut child = Command::new(program())
            .args(["serve", "--no-demo", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir.path())
            .env("DATABASE_URL", database)
            .env_remove("DOSSIER_DATA_DIR")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            let line = line.unwrap();
            line.split_once("http://").and_then(|(_, address)| address.trim().parse().ok())
        });
        let address = address.expect("the service says where it serves");
        // What else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    fn kill(self) {
        drop(self);
    }
}

impl Drop for Service {
    /// SIGKILL: it gets no chance to put anything in order.
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// What clients need to go on: where the service is now, and as whom.
#[derive(Clone)]
struct Door {
    address: watch::Receiver<SocketAddr>,
    token: String,
    client: Client,
}

impl Door {
    async fn send(
        &self,
        method: Method,
        path: &str,
        key: &str,
        body: Option<&Value>,
    ) -> Option<(u16, Value)> {
        let url = format!("http://{}{path}", *self.address.borrow());
        let mut request = self.client.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.header("Idempotency-Key", key).json(body);
        }
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        let body = response.json().await.ok()?;
        Some((status, body))
    }

    /// Sends a command until it is answered: after a lost connection with the same key, as every
    /// client should.
    async fn command(&self, path: &str, key: &str, body: &Value) -> Value {
        let since = Instant::now();
        loop {
            match self.send(Method::POST, path, key, Some(body)).await {
                Some((200 | 201, answer)) => return answer,
                Some((503, _)) | None => tokio::time::sleep(Duration::from_millis(20)).await,
                Some((status, answer)) => panic!("{path}: {status} {answer}"),
            }
            assert!(since.elapsed() < PATIENCE, "{path} is not answered");
        }
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.send(Method::GET, path, "", None).await;
        let (status, body) = answer.unwrap_or_else(|| panic!("{path} is not answered"));
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// All events of these types.
    async fn events(&self, types: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.get(&format!("/v1/events?limit=200&types={types}{after}")).await;
            found.extend(page["data"].as_array().unwrap().clone());
            let Some(next) = page["page"]["next"].as_str() else { return found };
            after = format!("&after={next}");
        }
    }
}

/// A client's own record of what it was told.
#[derive(Default)]
struct Told {
    /// By customer: the nonces of its tags, with the event that each was acknowledged by.
    tags: BTreeMap<String, BTreeMap<String, Value>>,
}

/// Creates customers and tags them, until told to stop.
async fn work(door: Door, client: usize, stop: Arc<AtomicBool>) -> Told {
    let mut told = Told::default();
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        let nonce = format!("{client}-{number}");
        let body = json!({ "type": "person", "last_name": nonce });
        let created = door.command("/v1/customers", &format!("create {nonce}"), &body).await;
        let id = created["id"].as_str().unwrap().to_owned();
        let mut tags = BTreeMap::from([(nonce.clone(), created)]);
        for tag in ["a", "b"] {
            let nonce = format!("{nonce}-{tag}");
            let path = format!("/v1/customers/{id}/tags");
            let done = door.command(&path, &format!("tag {nonce}"), &json!({ "tag": nonce })).await;
            tags.insert(nonce, done);
        }
        told.tags.insert(id, tags);
        number += 1;
    }
    told
}

/// A number below `most` that nobody foresees.
fn random(most: u128) -> u64 {
    u64::try_from(Uuid::new_v4().as_u128() % most).unwrap()
}

/// Each new customer gets a task and a notification, by a rule.
async fn write_rule(door: &Door) {
    let rule = json!({ "name": "Welcome", "state": "active", "trigger": { "events": ["customer.created"] },
        "then": [{ "action": "create_task", "title": "Call" },
            { "action": "notify", "to": "owner", "text": "A new customer" }] });
    door.command("/v1/automation/rules", "rule", &rule).await;
}

/// Kills the service so many times at random moments under load, and holds the log against what
/// the clients were told.
async fn kill_and_compare(kills: usize) {
    let (database, data_dir) = (new_database().await, DataDir::make());
    let mut service = Service::start(&database, &data_dir);
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
        service = Service::start(&database, &data_dir);
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

/// No acknowledged command is lost or doubled: every nonce is in the log once, as the event that
/// its client was told.
async fn commands_are_there_once(door: &Door, told: &BTreeMap<String, BTreeMap<String, Value>>) {
    let mut acknowledged = BTreeMap::new();
    for answer in told.values().flat_map(BTreeMap::values) {
        let event = &answer["events"][0];
        let id = event["id"].as_str().unwrap().to_owned();
        acknowledged.insert(id, (event["version"].clone(), event["position"].clone()));
    }
    let nonces: BTreeSet<String> = told.values().flat_map(BTreeMap::keys).cloned().collect();
    let events = door.events("customer.created,customer.tagged").await;
    let mut found = BTreeMap::new();
    for event in &events {
        let sequence: i64 = event["sequence"].as_str().unwrap().parse().unwrap();
        let id = event["id"].as_str().unwrap().to_owned();
        found.insert(id, (event["streamversion"].clone(), json!(sequence.to_string())));
    }
    assert_eq!(found, acknowledged);
    let nonce = |event: &Value| {
        let data = &event["data"];
        data["tag"].as_str().or(data["last_name"].as_str()).unwrap().to_owned()
    };
    let seen: Vec<String> = events.iter().map(nonce).collect();
    assert_eq!(seen.len(), nonces.len());
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), nonces);
}

/// Each new customer has its task and its notification exactly once.
async fn effects_are_there_once(door: &Door, customers: BTreeSet<String>) {
    let since = Instant::now();
    while door.events("rule_run.finished").await.len() < customers.len() {
        assert!(since.elapsed() < PATIENCE, "the rule does not come to an end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let expected: BTreeMap<String, usize> = customers.into_iter().map(|id| (id, 1)).collect();
    for kind in ["rule_run.finished", "task.added", "notification.sent"] {
        let mut counts = BTreeMap::new();
        for event in door.events(kind).await {
            let customer = event["subject"].as_str().unwrap().trim_start_matches("customers/");
            *counts.entry(customer.to_owned()).or_insert(0) += 1;
        }
        assert_eq!(counts, expected, "{kind}");
    }
    let runs = door.get("/v1/automation/runs?limit=1&filter[outcome]=failed").await;
    assert_eq!(runs["data"], json!([]));
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
    let mut service = Service::start(&database, &data_dir);
    let (say, address) = watch::channel(service.address);
    let door = Door { address, token: data_dir.owner_token(), client: Client::new() };
    let url = format!("http://{}/v1/imports?kind=orders&source=demo&currency=USD", service.address);
    let job = door.client.post(url).bearer_auth(&door.token).body(file).send().await.unwrap();
    let job: Value = job.json().await.unwrap();
    let path = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(100 + random(400))).await;
        service.kill();
        service = Service::start(&database, &data_dir);
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
