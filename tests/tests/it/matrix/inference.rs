//! What can be asked without being shown: searches, filters, orders, counts.

use std::collections::BTreeSet;
use std::sync::Arc;

use reqwest::Client;
use serde_json::{Value, json};
use uuid::Uuid;

use super::callers::Caller;
use super::decisions::{Findings, bare};
use super::requests::Request;
use super::table::{Expected, role};
use super::world::World;
use crate::app::column;

/// Everybody searches for what they may not see.
pub(crate) async fn searches(world: &Arc<World>, expected: &Arc<Expected>) -> Findings {
    let mut findings = Findings::default();
    let client = Client::new();
    for caller in world.callers.iter().filter(|caller| role(caller.name).is_some()) {
        for (canary, place) in world.canaries.iter() {
            if expected.shows(caller.name, place.object, &place.field) {
                continue;
            }
            for path in [format!("/v1/customers?q={canary}"), format!("/v1/search?q={canary}")] {
                let request = Request::get(caller, &path);
                let answer = request.send(world, &client).await;
                findings.asked += 1;
                let found = answer.expect(200);
                if !is_empty(&found) {
                    let what = format!("{} of {}", place.field, place.object);
                    findings.leaks.insert(format!("{} finds {what} by {path}", caller.name));
                }
                let shown = format!("{}\n{:?}", answer.text, answer.headers);
                let said = request.said();
                findings.read(world, expected, caller.name, (&path, &said), &shown);
            }
        }
    }
    findings
}

/// Whether nothing was found, of any kind.
fn is_empty(found: &Value) -> bool {
    match &found["data"] {
        Value::Array(rows) => rows.is_empty(),
        Value::Object(kinds) => kinds.values().all(is_empty),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            panic!("no rows: {found}")
        }
    }
}

/// A filter is a read: what a role does not see, it cannot filter or sort by.
pub(crate) async fn filters(world: &World) -> Findings {
    let mut findings = Findings::default();
    let client = Client::new();
    let names = async |caller: &Caller| -> BTreeSet<String> {
        let answer = Request::get(caller, "/v1/fields").send(world, &client).await.expect(200);
        column(answer["data"].as_array().unwrap(), "field").into_iter().collect()
    };
    let all = names(world.caller("owner")).await;
    for caller in world.callers.iter().filter(|caller| role(caller.name).is_some()) {
        let hidden: Vec<String> = all.difference(&names(caller).await).cloned().collect();
        let blind = ["sales", "field", "viewer"].contains(&role(caller.name).unwrap());
        if blind == hidden.is_empty() {
            findings.wrong.push(format!("{} does not see {hidden:?}", caller.name));
        }
        for field in hidden {
            let condition = json!({ "field": field, "op": "is_set" });
            let not = json!({ "not": condition });
            for (request, status) in [
                (Request::get(caller, &format!("/v1/customers?filter[{field}]=1")), 400),
                (Request::get(caller, &format!("/v1/customers?filter[{field}][gte]=0")), 400),
                (Request::get(caller, &format!("/v1/customers?sort=-{field}")), 400),
                (Request::post(caller, "/v1/customers/search", &condition), 422),
                (Request::post(caller, "/v1/customers/search", &json!({ "any": [not] })), 422),
            ] {
                let answer = request.send(world, &client).await;
                findings.asked += 1;
                if answer.status != status {
                    let (who, told) = (caller.name, &answer.text);
                    findings.leaks.insert(format!("{who} may ask for {field}: {told}"));
                }
            }
        }
    }
    findings
}

/// Counts are of what one sees, and of nothing else.
pub(crate) async fn counts(world: &World, expected: &Expected) -> Findings {
    let mut findings = Findings::default();
    let client = Client::new();
    // The linked customers are those of the assigned one's kind.
    let in_use = ["assigned", "assigned", "unassigned", "hidden", "other", "other"];
    for caller in world.callers.iter().filter(|caller| role(caller.name).is_some()) {
        let mut count = async |path: &str, pointer: &str, wanted: usize| {
            let answer = Request::get(caller, path).send(world, &client).await.expect(200);
            findings.asked += 1;
            let counted = match answer.pointer(pointer) {
                Some(Value::Array(rows)) => {
                    rows.iter().filter_map(|row| row["customers"].as_u64()).sum()
                }
                Some(number) => number.as_u64().unwrap(),
                None => panic!("{path} counts nothing: {answer}"),
            };
            if counted != wanted as u64 {
                let who = caller.name;
                findings.leaks.insert(format!("{who} counts {counted}, not {wanted}, by {path}"));
            }
        };
        let wanted = expected.seen(caller.name, &in_use);
        count("/v1/customers?count=exact", "/page/count", wanted).await;
        count("/v1/customers?count=estimated", "/page/count", wanted).await;
        let archived = expected.seen(caller.name, &["archived"]);
        count("/v1/customers?count=exact&archived=true", "/page/count", archived).await;
        count("/v1/folders", "/data", wanted).await;
    }
    findings
}

/// Who takes what somebody else has is told no more than that it is taken.
pub(crate) async fn duplicates(world: &World, expected: &Expected) -> Findings {
    let mut findings = Findings::default();
    let client = Client::new();
    for caller in world.callers.iter().filter(|caller| role(caller.name).is_some()) {
        let home = ["assigned", "unassigned", "hidden", "archived"];
        let known: &[&str] = match caller.name {
            "viewer" | "narrowed" => &[],
            "foreign" => &["other"],
            _ => &home,
        };
        for object in known {
            let email = &world.objects[object]["address"];
            // In a folder that all of them reach.
            let folder = &world.objects[known[0]]["folder_id"];
            let new = json!({ "type": "person", "first_name": "Twin", "emails": [email], "folder": folder });
            let request = Request::post(caller, "/v1/customers", &new);
            let answer = request.send(world, &client).await;
            findings.asked += 1;
            if answer.status != 409 {
                findings.wrong.push(format!("{} {object}: {}", caller.name, answer.text));
            }
            // The address itself was the caller's word; everything else would be news.
            let question = format!("a duplicate of {object}");
            let said = request.said();
            findings.read(world, expected, caller.name, (&question, &said), &answer.text);
        }
    }
    findings
}

/// Naming a customer out of reach in a body is answered as naming one that is not there.
pub(crate) async fn links(world: &World) -> Findings {
    let mut findings = Findings::default();
    let client = Client::new();
    let home = &world.objects["assigned"];
    for (name, out_of_reach) in
        [("assigned", "unassigned"), ("folder", "hidden"), ("owner", "other")]
    {
        let caller = world.caller(name);
        let hidden = &world.objects[out_of_reach]["customer_id"];
        for path in [
            format!("/v1/templates/{}/preview", home["template_id"]),
            format!("/v1/automation/rules/{}/run", home["rule_id"]),
            format!("/v1/inbound/unmatched/{}/attach", home["unmatched_id"]),
            "/v1/tasks".to_owned(),
        ] {
            let answer = async |id: &str| {
                let body = json!({ "customer": id, "title": "x" });
                let body = if path == "/v1/tasks" { body } else { json!({ "customer": id }) };
                let request = Request::post(caller, &path, &body);
                let answer = request.send(world, &client).await;
                (answer.status, bare(&answer, &request).replace(id, ""))
            };
            findings.asked += 1;
            let (hidden, unknown) =
                (answer(hidden).await, answer(&Uuid::now_v7().to_string()).await);
            if hidden != unknown || hidden.0 < 400 {
                findings.wrong.push(format!("{name} {path}: {hidden:?}\n  unknown: {unknown:?}"));
            }
        }
    }
    findings
}
