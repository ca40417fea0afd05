//! Values that belong to a person: they are encrypted in the log and gone when the person's key is.
//!
//! `Personal<T>` is the declaration. In JSON it stands as `{"$personal": value}`; [`seal`] takes
//! these values out of an event's body before it is stored (an index stays in their place) and
//! [`unseal`] puts them back, or puts `{"$erased": true}` where the key is destroyed.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Error as _};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use utoipa::__dev::ComposeSchema;
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

const PERSONAL: &str = "$personal";
const ERASED: &str = "$erased";

/// A value of a person: known, or erased together with the person's key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Personal<T> {
    Known(T),
    Erased,
}

impl<T> Personal<T> {
    /// The value, or `None` when it was erased.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Erased => None,
        }
    }

    /// The value by move, or `None` when it was erased.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Erased => None,
        }
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Personal<U> {
        match self {
            Self::Known(value) => Personal::Known(change(value)),
            Self::Erased => Personal::Erased,
        }
    }
}

impl<T> From<T> for Personal<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T: Serialize> Serialize for Personal<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Self::Known(value) => map.serialize_entry(PERSONAL, value)?,
            Self::Erased => map.serialize_entry(ERASED, &true)?,
        }
        map.end()
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut map = serde_json::Map::deserialize(deserializer)?;
        if map.contains_key(ERASED) {
            return Ok(Self::Erased);
        }
        let value = map.remove(PERSONAL).ok_or_else(|| D::Error::missing_field(PERSONAL))?;
        serde_json::from_value(value).map(Self::Known).map_err(D::Error::custom)
    }
}

/// As [`reveal`] shows it. Derived schemas ask those of generic types by this trait.
impl<T: PartialSchema> ComposeSchema for Personal<T> {
    fn compose(mut parameters: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let gone = ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([true]));
        let erased = ObjectBuilder::new()
            .property("erased", gone)
            .required("erased")
            .description(Some("Gone with the key of the person"));
        let known = parameters.pop().unwrap_or_else(T::schema);
        AnyOfBuilder::new().item(known).item(erased).into()
    }
}

impl<T: ToSchema> ToSchema for Personal<T> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Personal")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

/// Takes every personal value out of `body`, in document order; its index stays in its place.
pub fn seal(body: &mut Value) -> Vec<Value> {
    let mut taken = Vec::new();
    visit(body, &mut |key, value| {
        if key == PERSONAL {
            let index = Value::from(taken.len());
            taken.push(std::mem::replace(value, index));
        }
    });
    taken
}

/// Puts the values back that [`seal`] took; `None` (the key is destroyed) marks them as erased.
pub fn unseal(body: &mut Value, private: Option<Vec<Value>>) {
    match private {
        Some(mut private) => visit(body, &mut |key, value| {
            if key == PERSONAL
                && let Some(index) = value.as_u64().and_then(|index| usize::try_from(index).ok())
                && let Some(taken) = private.get_mut(index)
            {
                *value = taken.take();
            }
        }),
        None => erase(body),
    }
}

/// The body as people and apps see it: plain values, and `{"erased": true}` where a key is gone.
pub fn reveal(body: &mut Value) {
    match body {
        Value::Object(map) => {
            if let Some(value) = map.get_mut(PERSONAL) {
                *body = value.take();
            } else if map.contains_key(ERASED) {
                *body = serde_json::json!({ "erased": true });
            } else {
                map.values_mut().for_each(reveal);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(reveal),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn erase(body: &mut Value) {
    match body {
        Value::Object(map) => {
            if map.contains_key(PERSONAL) {
                *body = serde_json::json!({ ERASED: true });
            } else {
                map.values_mut().for_each(erase);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(erase),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Calls `seen` for each marker; what a marker holds is not looked into.
fn visit(body: &mut Value, seen: &mut impl FnMut(&str, &mut Value)) {
    match body {
        Value::Object(map) => {
            if let Some(value) = map.get_mut(PERSONAL) {
                seen(PERSONAL, value);
            } else {
                map.values_mut().for_each(|value| visit(value, seen));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|value| visit(value, seen)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests;
