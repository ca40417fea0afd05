use std::collections::BTreeSet;

use domain::Command;
use serde_json::Value;

use super::{document, operations, samples};
use crate::endpoint::Guard;
use crate::routes;

fn walk<'a>(value: &'a Value, seen: &mut impl FnMut(&'a str, &'a Value)) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                seen(name, value);
                walk(value, seen);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, seen)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut count = 0;
    walk(&document, &mut |name, value| {
        if name == "$ref" {
            let target = value.as_str().unwrap();
            let pointer = target.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{target}");
            count += 1;
        }
    });
    assert!(count > 100);
    assert_eq!(document["openapi"], "3.1.0");
}

#[test]
fn operations_have_ids_of_their_own_and_an_answer() {
    let document = document();
    let mut ids = BTreeSet::new();
    let mut count = 0;
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} is there twice");
            assert!(!operation["summary"].as_str().unwrap().is_empty(), "{id}");
            let good = |status: &String| status.starts_with(['2', '3']);
            assert!(operation["responses"].as_object().unwrap().keys().any(good), "{id}");
            count += 1;
        }
    }
    assert_eq!(count, routes::all().count());
    assert!(ids.contains("customers_change_status"));
    assert_eq!(
        document["paths"]["/v1/customers/{customer_id}/status"]["post"]["x-emits"][0],
        "customer.status_changed"
    );
}

#[test]
fn examples_of_commands_are_commands_and_wrong_ones_are_not() {
    let operations = operations();
    let mut count = 0;
    for (endpoint, operation) in routes::all().zip(&operations) {
        let Guard::Command(route) = endpoint.guard else { continue };
        // The body of an upload is its bytes.
        let Some(mut data) = operation.body.clone() else { continue };
        for (parameter, field) in route.fields {
            data[*field] = samples::path_value(parameter).into();
        }
        let needs_target = Command::spec(route.name).unwrap().needs_target;
        let target = needs_target.then(samples::id);
        let parsed = Command::parse(route.name, target, data);
        assert!(parsed.is_ok(), "{}: {:?}", operation.id, parsed.unwrap_err());
        let (_, code) = operation.wrong.clone().unwrap();
        assert!(!code.is_empty(), "{}: its wrong example is right", operation.id);
        count += 1;
    }
    assert!(count > 50);
}

#[test]
fn every_answer_in_json_has_an_example() {
    let document = document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            let (_, good) =
                responses.iter().find(|(status, _)| status.starts_with(['2', '3'])).unwrap();
            let Some(json) = good["content"].get("application/json") else { continue };
            let is_open = path == "/openapi.json";
            assert!(is_open || json.get("example").is_some(), "{method} {path}");
        }
    }
}

#[test]
fn every_path_parameter_has_a_sample() {
    for operation in operations() {
        for (name, value) in operation.path_values {
            assert!(!value.is_empty(), "{} {name}", operation.path);
        }
    }
}

#[test]
fn bodies_of_routes_leave_out_what_stands_in_the_path() {
    let document = document();
    let schema = &document["paths"]["/v1/customers/{customer_id}/notes/{note_id}"]["patch"]["requestBody"]
        ["content"]["application/json"]["schema"];
    assert!(schema["properties"].get("text").is_some());
    assert!(schema["properties"].get("occurred_at").is_some());
    assert!(schema["properties"].get("note_id").is_none());
}
