//! What an event says, as JSON Schema: made from the types that are stored, in the form that
//! people and apps get ([`crate::personal::reveal`]).

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{Event, SCHEMA_VERSION};

/// Where the types' own schemas look for each other, and where ours do.
const COMPONENTS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/$defs/";

/// The schema of an aggregate's events, and those that it refers to.
pub(super) struct Described {
    events: Value,
    referred: Map<String, Value>,
}

impl Described {
    pub(super) fn of<T: ToSchema>() -> Self {
        let mut referred = Vec::new();
        T::schemas(&mut referred);
        let events = json!(T::schema());
        Self { events, referred: referred.into_iter().map(|(n, s)| (n, json!(s))).collect() }
    }

    /// The schema of what the event of this name says.
    fn data(&self, name: &str) -> Option<&Value> {
        let variants = self.events.get("oneOf")?.as_array()?;
        let named = |variant: &&Value| {
            variant.pointer("/properties/type/enum/0").and_then(Value::as_str) == Some(name)
        };
        let data = variants.iter().find(named)?.pointer("/properties/data")?;
        match reference(data) {
            Some(target) => self.referred.get(target),
            None => Some(data),
        }
    }

    /// The schemas that this one needs, also by way of others.
    fn needed(&self, schema: &Value, needed: &mut Map<String, Value>) {
        walk(schema, &mut |value| {
            if let Some(name) = reference(value)
                && !needed.contains_key(name)
                && let Some(found) = self.referred.get(name)
            {
                needed.insert(name.to_owned(), found.clone());
                self.needed(found, needed);
            }
        });
    }
}

impl Event {
    /// The JSON Schema (2020-12) of what events of this name and version say, as people and apps
    /// get it; nothing where there are no such events.
    pub fn schema(name: &str, version: i16) -> Option<Value> {
        if version != SCHEMA_VERSION {
            return None;
        }
        let described = Self::described(name.split('.').next().unwrap_or_default())?;
        let data = described.data(name)?;
        let mut needed = Map::new();
        described.needed(data, &mut needed);
        let mut schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": name,
        });
        if let (Value::Object(schema), Value::Object(data)) = (&mut schema, data.clone()) {
            schema.extend(data);
            if !needed.is_empty() {
                schema.insert("$defs".to_owned(), Value::Object(needed));
            }
        }
        open(&mut schema);
        Some(schema)
    }
}

/// The name of the schema that stands elsewhere.
fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(COMPONENTS)
}

fn walk(value: &Value, seen: &mut impl FnMut(&Value)) {
    seen(value);
    match value {
        Value::Object(members) => members.values().for_each(|value| walk(value, seen)),
        Value::Array(items) => items.iter().for_each(|item| walk(item, seen)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// References lead into the document itself, and further fields are no fault: a later version of
/// the program may add some.
fn open(schema: &mut Value) {
    let target = reference(schema).map(|name| format!("{DEFINITIONS}{name}"));
    match schema {
        Value::Object(members) => {
            if let Some(target) = target {
                members.insert("$ref".to_owned(), target.into());
            }
            members.retain(|name, value| name != "additionalProperties" || *value != false);
            members.values_mut().for_each(open);
        }
        Value::Array(items) => items.iter_mut().for_each(open),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
