//! What must not be changed: by a refusal nothing, by a body only what its schema names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::Command;
use domain::command::CommandSpec;
use reqwest::Client;
use serde_json::{Value, json};
use uuid::Uuid;

use super::decisions::{Findings, Probe, run};
use super::requests::{Operation, members};
use super::table::Expected;
use super::world::World;

/// What an attacker would like to say about themselves or a record.
const WISHES: [&str; 14] = [
    "organisation",
    "organization",
    "role",
    "owner",
    "is_admin",
    "verified",
    "scope",
    "version",
    "created_by",
    "balance",
    "risk_flags",
    "actor",
    "reach",
    "blocked",
];

/// The log, the ids of commands, what is to be sent, and what is state: how much of each.
const STANDING: &str =
    "SELECT format('%s events, %s positions, %s commands, %s effects, %s calls, \
    %s tokens, %s jobs, %s connections, %s webhooks, %s credentials',
    (SELECT count(*) FROM es.event), (SELECT sum(next_position) FROM es.lane),
    (SELECT count(*) FROM es.command), (SELECT count(*) FROM automation.effect),
    (SELECT count(*) FROM automation.webhook), (SELECT count(*) FROM state.token),
    (SELECT count(*) FROM state.job), (SELECT count(*) FROM state.connection),
    (SELECT count(*) FROM state.webhook), (SELECT count(*) FROM state.credential))";

pub(crate) async fn standing(world: &World) -> String {
    world.app.superuser().await.query_one(STANDING, &[]).await.unwrap().get(0)
}

/// Asks what must not change anything; where something did, looks for the one that did it.
pub(crate) async fn changing_nothing(
    world: &Arc<World>,
    expected: &Arc<Expected>,
    probes: &[Probe],
) -> Findings {
    let before = standing(world).await;
    let mut findings = run(world, expected, probes).await;
    let after = standing(world).await;
    if before != after {
        findings.wrong.push(format!("before {before}; after {after}"));
        findings.wrong.extend(culprit(world, expected, probes).await);
    }
    findings
}

/// One of the questions that change something when they are asked again.
async fn culprit(world: &Arc<World>, expected: &Arc<Expected>, probes: &[Probe]) -> Option<String> {
    let mut suspects = probes;
    while suspects.len() > 1 {
        let (left, right) = suspects.split_at(suspects.len() / 2);
        let before = standing(world).await;
        run(world, expected, left).await;
        suspects = if standing(world).await == before { right } else { left };
    }
    let before = standing(world).await;
    run(world, expected, suspects).await;
    let again = standing(world).await != before;
    suspects.first().filter(|_| again).map(|probe| format!("{probe:?} changes something"))
}

/// Every name that the reference knows for a member.
pub(crate) fn names(document: &Value) -> BTreeSet<String> {
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut names: BTreeSet<String> = WISHES.map(str::to_owned).into();
    names.extend(schemas.values().flat_map(|schema| members(document, schema)));
    names.extend(super::requests::operations(document).into_iter().flat_map(|one| one.members));
    names
}

/// Every name in the body of every command, also in each object within it: refused as unknown.
pub(crate) fn commands(document: &Value, names: &BTreeSet<String>) -> Findings {
    let mut findings = Findings::default();
    for operation in api::openapi::operations() {
        let (Some(command), Some(body)) = (operation.command, operation.body) else { continue };
        let spec = Command::spec(command).unwrap();
        let target = spec.needs_target.then(Uuid::now_v7);
        let described = &document["paths"][operation.path][operation.method]["requestBody"];
        let schema = &described["content"]["application/json"]["schema"];
        // What the path says the command knows as well; bodies that say it are tried over HTTP.
        for name in names.difference(&own(spec)) {
            let mut bodies = Vec::new();
            widened(document, schema, &body, name, &mut bodies);
            for body in bodies {
                findings.asked += 1;
                match Command::parse(command, target, body.clone()) {
                    Err(error) if error.code == "unknown_field" => {}
                    other => findings.wrong.push(format!("{command} {body}: {other:?}")),
                }
            }
        }
    }
    findings
}

/// The members that a command knows.
fn own(spec: &CommandSpec) -> BTreeSet<String> {
    members(&Value::Null, &serde_json::to_value((spec.schema)()).unwrap())
}

/// A body with one member more than its schema has, in it and in each object within it.
fn widened(document: &Value, schema: &Value, body: &Value, name: &str, all: &mut Vec<Value>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = document.pointer(&reference[1..]).unwrap();
        return widened(document, schema, body, name, all);
    }
    match body {
        Value::Object(own) => {
            if schema["additionalProperties"] == false && schema["properties"].get(name).is_none() {
                let mut wider = own.clone();
                wider.insert(name.to_owned(), json!(MARK));
                all.push(Value::Object(wider));
            }
            for (member, value) in own {
                let mut inner = Vec::new();
                widened(document, &schema["properties"][member], value, name, &mut inner);
                for value in inner {
                    let mut wider = own.clone();
                    wider.insert(member.clone(), value);
                    all.push(Value::Object(wider));
                }
            }
        }
        Value::Array(items) => {
            let mut inner = Vec::new();
            if let Some(first) = items.first() {
                widened(document, &schema["items"], first, name, &mut inner);
            }
            all.extend(inner.into_iter().map(|item| json!([item])));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

const MARK: &str = "mass assignment";

/// The same over HTTP: what one would wish for in every body, and every name where it is no
/// command that reads it.
pub(crate) async fn bodies(
    world: &World,
    operations: &[Arc<Operation>],
    names: &BTreeSet<String>,
) -> Findings {
    let mut findings = Findings::default();
    let client = Client::new();
    let owner = world.caller("owner");
    let issued = api::openapi::operations().into_iter();
    let issued: BTreeMap<String, &CommandSpec> =
        issued.filter_map(|one| Some((one.id, Command::spec(one.command?)?))).collect();
    for operation in operations.iter().filter(|operation| operation.body.is_some()) {
        let ids = &world.objects["assigned"];
        let tried = if operation.can_be_tried() { "?dry_run=true" } else { "" };
        let request = operation.request(owner, ids, tried);
        let body: Value = serde_json::from_slice(request.body.as_ref().unwrap()).unwrap();
        let mut wishes: BTreeSet<String> = WISHES.map(str::to_owned).into();
        match issued.get(&operation.id) {
            Some(spec) => wishes.extend(own(spec)),
            None => wishes.clone_from(names),
        }
        for name in &wishes {
            if operation.members.contains(name) {
                continue;
            }
            let mut body = body.clone();
            body[name] = json!(MARK);
            let answer = request.with_body(&body).send(world, &client).await;
            findings.asked += 1;
            if answer.status != 422 {
                let text = &answer.text;
                findings
                    .wrong
                    .push(format!("{} with {name}: {} {text}", operation.id, answer.status));
            }
        }
    }
    findings
}
