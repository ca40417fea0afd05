//! Words, numbers and ids that stand in one place only: whoever sees one has seen that place.

use std::collections::{BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use uuid::Uuid;

const MARK: &str = "zq";
const LENGTH: usize = 16;

/// Where something stands: in which field of which object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) object: &'static str,
    pub(crate) field: String,
}

#[derive(Debug, Default)]
pub(crate) struct Canaries(HashMap<String, Place>);

impl Canaries {
    /// A word for this place.
    pub(crate) fn word(&mut self, object: &'static str, field: &str) -> String {
        let letters = Uuid::new_v4().into_bytes().into_iter().take(LENGTH - MARK.len());
        let letters: String = letters.map(|byte| char::from(b'a' + byte % 26)).collect();
        self.known(format!("{MARK}{letters}"), object, field)
    }

    /// A number of so many digits.
    pub(crate) fn number(&mut self, object: &'static str, field: &str, digits: u32) -> String {
        self.number_after("", object, field, digits)
    }

    /// A number that begins with these digits and has so many more.
    pub(crate) fn number_after(
        &mut self,
        first: &str,
        object: &'static str,
        field: &str,
        digits: u32,
    ) -> String {
        let least = 10_u128.pow(digits - 1);
        let number = least + Uuid::new_v4().as_u128() % (9 * least);
        self.known(format!("{first}{number}"), object, field)
    }

    /// What somebody else made up: an id, or a sum.
    pub(crate) fn known(&mut self, text: String, object: &'static str, field: &str) -> String {
        let place = Place { object, field: field.to_owned() };
        self.0.entry(text.clone()).or_insert(place);
        text
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Place)> {
        self.0.iter().map(|(text, place)| (text.as_str(), place))
    }

    /// All of them that stand in this text, also within its cursors.
    pub(crate) fn found(&self, text: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        self.find(&text.to_lowercase(), &mut found);
        for opening in ["\"next\":\"", "\"prev\":\"", "after=", "before="] {
            for cursor in text.split(opening).skip(1) {
                let end = cursor.find(['"', '&', '>']).unwrap_or(cursor.len());
                if let Ok(bytes) = URL_SAFE_NO_PAD.decode(&cursor[..end]) {
                    self.find(&String::from_utf8_lossy(&bytes).to_lowercase(), &mut found);
                }
            }
        }
        found
    }

    fn find<'a>(&'a self, text: &str, found: &mut BTreeSet<&'a str>) {
        let words = text.match_indices(MARK).filter_map(|(at, _)| text.get(at..at + LENGTH));
        let runs = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
        let runs = runs.filter(|run| run.len() >= 8).map(|run| run.trim_matches('-'));
        for candidate in words.chain(runs) {
            if let Some((known, _)) = self.0.get_key_value(candidate) {
                found.insert(known);
            }
        }
    }

    pub(crate) fn place(&self, text: &str) -> &Place {
        &self.0[text]
    }
}

/// Where in an answer something stands: its JSON paths, or its lines.
pub(crate) fn whereabouts(text: &str, canary: &str) -> Vec<String> {
    let mut paths = Vec::new();
    match serde_json::from_str(text) {
        Ok(value) => walk(&value, canary, "", &mut paths),
        Err(_) => paths.extend(
            text.lines()
                .filter(|line| line.to_lowercase().contains(canary))
                .map(|line| line.chars().take(300).collect()),
        ),
    }
    paths
}

fn walk(value: &Value, canary: &str, path: &str, paths: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name.to_lowercase().contains(canary) {
                    paths.push(format!("{path}/{name} (the name)"));
                }
                walk(member, canary, &format!("{path}/{name}"), paths);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, canary, &format!("{path}/{index}"), paths);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            if value.to_string().to_lowercase().contains(canary) {
                paths.push(path.to_owned());
            }
        }
    }
}
