//! What a refused command says: a stable code, a sentence, and what helps to do it right.

use serde_json::{Map, Value};

/// An expected "no" (4xx). The sentence is the error's `Display`.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// Stable code in snake case, part of the API.
    fn code(&self) -> &'static str;

    /// JSON pointer of the field that is wrong, when one is.
    fn pointer(&self) -> Option<&str> {
        None
    }

    /// The values that would be right, when they can be listed.
    fn allowed(&self) -> Option<Vec<String>> {
        None
    }

    /// What the API answers with: the thing is absent, in the way, or against a rule.
    fn kind(&self) -> RefusalKind {
        RefusalKind::Rule
    }

    /// Members for the problem document beside the standard ones.
    fn extras(&self) -> Map<String, Value> {
        Map::new()
    }
}

/// How a refusal is classed; `api` turns it into a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// There is no such thing (404).
    NotFound,
    /// Something else is in the way (409).
    Conflict,
    /// The input or the state does not allow it (422).
    Rule,
    /// The person was erased (410).
    Gone,
}
