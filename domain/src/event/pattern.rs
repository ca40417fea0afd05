//! Events by name, as people ask for them: `customer.tagged`, or `customer.note_*` for all whose
//! names begin so.

use std::str::FromStr;

use serde::Deserialize;
use utoipa::ToSchema;

use super::Event;
use crate::command::nearest;

/// A name of an event, or the beginning of some, with a star behind it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, example = "customer.*")]
pub struct Pattern(String);

/// A word that no event answers to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no event {word:?}{hint}")]
pub struct UnknownEvent {
    word: String,
    hint: String,
}

/// Whether an event of this name is meant by a pattern that was written down earlier.
pub fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

impl Pattern {
    /// The names of the events that it means now; more may come.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        Event::type_names().iter().copied().filter(|name| matches(&self.0, name))
    }
}

impl FromStr for Pattern {
    type Err = UnknownEvent;

    fn from_str(word: &str) -> Result<Self, UnknownEvent> {
        Self::try_from(word.to_owned())
    }
}

impl TryFrom<String> for Pattern {
    type Error = UnknownEvent;

    fn try_from(word: String) -> Result<Self, UnknownEvent> {
        let pattern = Self(word);
        if pattern.names().next().is_some() {
            return Ok(pattern);
        }
        let word = pattern.0;
        let near = nearest(&word, Event::type_names().iter().copied());
        let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        Err(UnknownEvent { word, hint })
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(word: &str) -> Vec<&'static str> {
        word.parse::<Pattern>().unwrap().names().collect()
    }

    #[test]
    fn a_name_means_one_event_and_a_star_all_that_begin_so() {
        assert_eq!(names("customer.tagged"), ["customer.tagged"]);
        assert_eq!(names("customer.note_*").len(), 6);
        assert_eq!(names("*"), Event::type_names());
        assert!(matches("customer.*", "customer.tagged"));
        assert!(!matches("customer.tag", "customer.tagged"));
    }

    #[test]
    fn a_word_that_means_none_is_refused_with_the_one_that_was_meant() {
        let error = "customer.taged".parse::<Pattern>().unwrap_err();
        let said = "there is no event \"customer.taged\"; did you mean customer.tagged?";
        assert_eq!(error.to_string(), said);
        assert!("custom.*".parse::<Pattern>().is_err());
    }
}
