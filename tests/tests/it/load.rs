//! Clients under load who keep a record of what they were told, and what the log is held against.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::app::PATIENCE;

/// What clients need to go on: where the service is now, and as whom.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) address: watch::Receiver<SocketAddr>,
    pub(crate) token: String,
    pub(crate) client: Client,
}

impl Door {
    pub(crate) async fn send(
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
    pub(crate) async fn command(&self, path: &str, key: &str, body: &Value) -> Value {
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

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.send(Method::GET, path, "", None).await;
        let (status, body) = answer.unwrap_or_else(|| panic!("{path} is not answered"));
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// All events of these types.
    pub(crate) async fn events(&self, types: &str) -> Vec<Value> {
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
pub(crate) struct Told {
    /// By customer: the nonces of its tags, with the event that each was acknowledged by.
    pub(crate) tags: BTreeMap<String, BTreeMap<String, Value>>,
}

/// Creates customers and tags them, until told to stop.
pub(crate) async fn work(door: Door, client: usize, stop: Arc<AtomicBool>) -> Told {
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

/// Each new customer gets a task and a notification, by a rule.
pub(crate) async fn write_rule(door: &Door) {
    let rule = json!({ "name": "Welcome", "state": "active", "trigger": { "events": ["customer.created"] },
        "then": [{ "action": "create_task", "title": "Call" },
            { "action": "notify", "to": "owner", "text": "A new customer" }] });
    door.command("/v1/automation/rules", "rule", &rule).await;
}

/// No acknowledged command is lost or doubled: every nonce is in the log once, as the event that
/// its client was told.
pub(crate) async fn commands_are_there_once(
    door: &Door,
    told: &BTreeMap<String, BTreeMap<String, Value>>,
) {
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
pub(crate) async fn effects_are_there_once(door: &Door, customers: BTreeSet<String>) {
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
