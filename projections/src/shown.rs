//! Personal values as read models keep and show them: plain, or `{"erased": true}`.

use domain::Personal;
use serde::de::{DeserializeOwned, Error as _};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A personal value, shown plainly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown<T>(pub Personal<T>);

impl<T> Shown<T> {
    /// The value, or `None` when it was erased.
    pub fn known(&self) -> Option<&T> {
        self.0.known()
    }
}

impl<T: Clone> From<&Personal<T>> for Shown<T> {
    fn from(value: &Personal<T>) -> Self {
        Self(value.clone())
    }
}

/// An optional personal value, to be shown.
pub(crate) fn shown<T: Clone>(value: Option<&Personal<T>>) -> Option<Shown<T>> {
    value.map(Shown::from)
}

impl<T: Serialize> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Personal::Known(value) => value.serialize(serializer),
            Personal::Erased => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("erased", &true)?;
                map.end()
            }
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Shown<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value.get("erased").and_then(Value::as_bool) == Some(true) {
            return Ok(Self(Personal::Erased));
        }
        serde_json::from_value(value)
            .map(|known| Self(Personal::Known(known)))
            .map_err(D::Error::custom)
    }
}
