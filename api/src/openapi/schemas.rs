//! The schemas of the reference: those of commands from the domain, those of answers from a file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::Command;
use domain::command::CommandSpec;
use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};

use crate::commands::has_route;
use crate::endpoint::Answer;

/// Answers and bodies that are no commands. A test holds real answers against them.
const ANSWERS: &str = include_str!("schemas.json");
/// What a running service answered, with the ids of the samples.
const EXAMPLES: &str = include_str!("examples.json");

static WRITTEN: LazyLock<Map<String, Value>> =
    LazyLock::new(|| serde_json::from_str(ANSWERS).unwrap_or_default());

static ANSWERED: LazyLock<Map<String, Value>> =
    LazyLock::new(|| serde_json::from_str(EXAMPLES).unwrap_or_default());

/// All schemas, by name.
pub(super) fn all() -> Value {
    let mut schemas: BTreeMap<String, Value> = BTreeMap::new();
    for spec in Command::specs().iter().filter(|spec| has_route(spec.name)) {
        schemas.insert(spec.name.to_owned(), json!((spec.schema)()));
        let mut referred = Vec::new();
        (spec.referred)(&mut referred);
        schemas.extend(by_name(referred));
    }
    schemas.extend(WRITTEN.clone());
    let variants = |schema: &Value| schema.get("oneOf").and_then(Value::as_array).cloned();
    let whole = |variant: &Value| merged(variant, &schemas).unwrap_or_else(|| variant.clone());
    let unions: Vec<(String, Value)> = schemas
        .iter()
        .filter_map(|(name, schema)| Some((name.clone(), variants(schema)?)))
        .map(|(name, variants)| (name, variants.iter().map(whole).collect()))
        .collect();
    for (name, variants) in unions {
        if let Some(Value::Object(schema)) = schemas.get_mut(&name) {
            schema.insert("oneOf".to_owned(), variants);
        }
    }
    json!(schemas)
}

/// A variant and the tag that tells it from others are one object. As two schemas that both must
/// fit, each would forbid the members of the other.
fn merged(variant: &Value, schemas: &BTreeMap<String, Value>) -> Option<Value> {
    let (mut whole, mut properties, mut required) = (Map::new(), Map::new(), Vec::new());
    for part in variant.get("allOf")?.as_array()? {
        let name = part.get("$ref").and_then(Value::as_str);
        let part = match name.and_then(|name| name.rsplit('/').next()) {
            Some(name) => schemas.get(name)?,
            None => part,
        };
        for (name, value) in part.as_object()? {
            match name.as_str() {
                "properties" => properties.extend(value.as_object()?.clone()),
                "required" => required.extend(value.as_array()?.iter().cloned()),
                _ => drop(whole.insert(name.clone(), value.clone())),
            }
        }
    }
    whole.insert("required".to_owned(), required.into());
    whole.insert("properties".to_owned(), properties.into());
    Some(Value::Object(whole))
}

pub(super) fn by_name(schemas: Vec<(String, RefOr<Schema>)>) -> Map<String, Value> {
    schemas.into_iter().map(|(name, schema)| (name, json!(schema))).collect()
}

/// The body of a command's route: its data and `occurred_at`, without what stands in the path.
pub(super) fn of_command(spec: &CommandSpec, in_path: &[&str]) -> Value {
    let mut schema = json!((spec.schema)());
    let Value::Object(object) = &mut schema else { return schema };
    if let Some(Value::Array(required)) = object.get_mut("required") {
        required.retain(|name| !name.as_str().is_some_and(|name| in_path.contains(&name)));
        if required.is_empty() {
            object.remove("required");
        }
    }
    let properties = object.entry("properties").or_insert_with(|| json!({}));
    if let Value::Object(properties) = properties {
        properties.retain(|name, _| !in_path.contains(&name.as_str()));
        let occurred_at = json!({
            "type": ["string", "null"],
            "format": "date-time",
            "description": "When it happened in the world, if not now",
        });
        properties.insert("occurred_at".to_owned(), occurred_at);
    }
    schema
}

/// An example of what an operation answers.
pub(super) fn example_of(answer: Answer) -> Option<Value> {
    let example = |name: &str| ANSWERED.get(name).cloned();
    match answer {
        Answer::Command => example("Done"),
        Answer::Json(_, name) => example(name),
        Answer::Page(row) => {
            let page = json!({ "next": null, "prev": null, "has_more": false });
            Some(json!({ "data": [example(row)?], "page": page, "position": "918273" }))
        }
        Answer::Other(..) | Answer::Empty(_) => None,
    }
}
