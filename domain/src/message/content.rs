//! What a message says, before and after its placeholders are filled.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::placeholder::{self, fill, fill_html};
use crate::refusal::Refusal;

/// Subject, text and HTML of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Content {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
}

/// Which part cannot be filled, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer} cannot be filled: {source}")]
pub struct Unfillable {
    pub pointer: &'static str,
    pub source: placeholder::Error,
}

impl Refusal for Unfillable {
    fn code(&self) -> &'static str {
        match self.source {
            placeholder::Error::Empty(_) => "placeholder_without_value",
            placeholder::Error::Unreadable | placeholder::Error::Unknown(_) => {
                "invalid_placeholder"
            }
        }
    }

    fn pointer(&self) -> Option<&str> {
        Some(self.pointer)
    }
}

type Fill = fn(&str, &BTreeMap<&'static str, String>) -> Result<String, placeholder::Error>;

impl Content {
    /// The same with the customer's own words.
    pub fn filled(&self, words: &BTreeMap<&'static str, String>) -> Result<Self, Unfillable> {
        let filled = |text: &str, pointer, fill: Fill| {
            fill(text, words).map_err(|source| Unfillable { pointer, source })
        };
        let subject = self.subject.as_deref().map(|subject| filled(subject, "/subject", fill));
        let html = self.html.as_deref().map(|html| filled(html, "/html", fill_html));
        Ok(Self {
            subject: subject.transpose()?,
            text: filled(&self.text, "/text", fill)?,
            html: html.transpose()?,
        })
    }
}
