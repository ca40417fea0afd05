//! JSON into typed data, with errors that say where, what and what would be right.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_path_to_error::Segment;

use super::{Invalid, cards};
use crate::value::CODES;

/// Reads a value; the error carries a JSON pointer, a code and the allowed words.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, Invalid> {
    cards::refuse(&value)?;
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer = pointer(error.path());
        explain(pointer, &error.into_inner().to_string())
    })
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                pointer.push('/');
                pointer.push_str(&escaped(key));
            }
            Segment::Unknown => {}
        }
    }
    pointer
}

/// A member's name as a part of a JSON pointer.
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The code that a value's error begins with, and the rest of its text.
pub(super) fn coded(message: &str) -> (&'static str, String) {
    let found = CODES.iter().find_map(|code| {
        let rest = message.strip_prefix(code)?.strip_prefix(": ")?;
        Some((*code, rest.to_owned()))
    });
    found.unwrap_or_else(|| ("invalid_field", message.to_owned()))
}

fn explain(pointer: String, message: &str) -> Invalid {
    if let Some(field) = between(message, "missing field `") {
        let pointer = format!("{pointer}/{field}");
        return Invalid::new(pointer, "missing_field", format!("{field} is missing"));
    }
    if let Some(field) = between(message, "unknown field `") {
        return unknown_field(pointer, field, message);
    }
    if let Some(word) = between(message, "unknown variant `") {
        let allowed = expected(message);
        let detail = format!("{word:?} is not one of {}", allowed.join(", "));
        return Invalid::new(pointer, "invalid_field", detail).allowing(allowed);
    }
    let (code, detail) = coded(message);
    Invalid::new(pointer, code, detail)
}

fn unknown_field(mut pointer: String, field: &str, message: &str) -> Invalid {
    let allowed = expected(message);
    let hint = nearest(field, allowed.iter().map(String::as_str));
    let hint = hint.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    let end = format!("/{}", escaped(field));
    if !pointer.ends_with(&end) {
        pointer.push_str(&end);
    }
    let detail = format!("there is no field {field:?} here{hint}");
    Invalid::new(pointer, "unknown_field", detail).allowing(allowed)
}

/// What stands between `prefix` and the next backtick.
fn between<'a>(message: &'a str, prefix: &str) -> Option<&'a str> {
    message.strip_prefix(prefix)?.split('`').next()
}

/// The words in backticks after "expected".
fn expected(message: &str) -> Vec<String> {
    let list = message.split_once(", expected ").map_or("", |(_, list)| list);
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The word that was probably meant.
pub(crate) fn nearest<'a>(word: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    words
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, candidate)| *distance <= 2.max(candidate.len() / 3))
        .map(|(_, candidate)| candidate)
}

/// A field that is there, be it null.
pub(crate) fn given<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
