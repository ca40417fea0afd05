//! Placeholders in a message: `{customer.first_name}`. There is nothing else to a text: no
//! conditions, no loops. A brace that is meant is written `\{`.

use std::collections::BTreeMap;

use leon::Template;

/// What a placeholder may stand for.
pub const NAMES: &[&str] = &[
    "customer.display_name",
    "customer.first_name",
    "customer.last_name",
    "customer.company_name",
];

/// Why a text cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("a brace is not closed, or not opened; write \\{{ for a brace that is meant")]
    Unreadable,
    #[error("there is no placeholder {{{0}}}; there are {names}", names = NAMES.join(", "))]
    Unknown(String),
    #[error("the customer has nothing for {{{0}}}")]
    Empty(String),
}

/// Whether every placeholder of the text is one that there is.
pub fn check(text: &str) -> Result<(), Error> {
    let template = Template::parse(text).map_err(|_| Error::Unreadable)?;
    match template.keys().find(|key| !NAMES.contains(key)) {
        Some(key) => Err(Error::Unknown((**key).to_owned())),
        None => Ok(()),
    }
}

/// The text with the customer's own words.
pub(super) fn fill(text: &str, values: &BTreeMap<&'static str, String>) -> Result<String, Error> {
    check(text)?;
    let template = Template::parse(text).map_err(|_| Error::Unreadable)?;
    template.render(&values).map_err(|error| match error {
        leon::RenderError::MissingKey(key) => Error::Empty(key),
        leon::RenderError::Io(_) => Error::Unreadable,
    })
}

/// The same in HTML, where what the customer is called is text and never markup.
pub(super) fn fill_html(
    text: &str,
    values: &BTreeMap<&'static str, String>,
) -> Result<String, Error> {
    let escaped = values.iter().map(|(name, value)| (*name, escaped(value))).collect();
    fill(text, &escaped)
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}
