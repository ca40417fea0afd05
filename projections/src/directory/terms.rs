//! The ways to find a customer, as rows of the table `terms`: a letter for the class, then the text.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::Entry;
use crate::text;

/// Stands between the parts of an external id. Never in a normalised text, and taken out of every other.
pub(super) const SEPARATOR: char = '\u{1F}';

/// An index row holds at most 2,700 bytes: what is longer is cut, and found by its beginning.
const TERM_BYTES: usize = 256;
const WORD_BYTES: usize = 128;
const SORT_TEXT_BYTES: usize = 512;

/// What a customer is sorted and found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) sort_text: String,
    /// In order, each once.
    pub(super) terms: Vec<String>,
}

pub(super) fn of(entry: &Entry) -> Terms {
    let sort_text = sort_text(entry);
    let mut terms: BTreeSet<String> =
        sort_text.split(' ').filter(|w| !w.is_empty()).map(word).collect();
    for address in &entry.emails {
        terms.insert(email(address));
        if let Some((_, domain_name)) = address.rsplit_once('@') {
            terms.insert(domain(domain_name));
        }
    }
    terms.extend(
        entry.phones.iter().filter_map(|p| text::stored_phone_digits(p)).map(|p| phone(&p)),
    );
    terms.extend(entry.external_ids.iter().map(|(source, id)| external_id(source, id)));
    terms.extend(entry.tags.iter().map(|t| tag(t)));
    terms.extend(entry.workers.iter().map(worker));
    terms.extend(kind(&entry.kind));
    terms.extend(lifecycle(&entry.lifecycle));
    if entry.open_risk_flags > 0 {
        terms.insert(UNDER_REVIEW.to_owned());
    }
    Terms { sort_text, terms: terms.into_iter().collect() }
}

/// The words of the display name in their order, then those of the other names that it lacks.
#[must_use]
pub fn sort_text(entry: &Entry) -> String {
    let mut sort_text = String::new();
    let others = [&entry.first_name, &entry.last_name, &entry.company_name];
    let shown = text::normalise(&entry.display_name);
    for word in shown.split(' ') {
        add_word(&mut sort_text, word);
    }
    for name in others.into_iter().flatten() {
        for word in text::normalise(name).split(' ') {
            if !sort_text.split(' ').any(|known| known == cut(word, WORD_BYTES)) {
                add_word(&mut sort_text, word);
            }
        }
    }
    sort_text
}

fn add_word(sort_text: &mut String, word: &str) {
    let word = cut(word, WORD_BYTES);
    if word.is_empty() || sort_text.len() + word.len() >= SORT_TEXT_BYTES {
        return;
    }
    if !sort_text.is_empty() {
        sort_text.push(' ');
    }
    sort_text.push_str(word);
}

pub(super) fn word(word: &str) -> String {
    format!("w{word}")
}

pub(super) fn email(address: &str) -> String {
    key('e', &address.to_lowercase())
}

pub(super) fn domain(name: &str) -> String {
    key('d', &name.to_lowercase())
}

pub(super) fn phone(digits: &str) -> String {
    key('p', &digits.chars().rev().collect::<String>())
}

pub(super) fn external_id(source: &str, id: &str) -> String {
    let exact = external_id_exactly(id);
    let source = plain(source);
    cut(&format!("{exact}{source}"), TERM_BYTES).to_owned()
}

/// What all terms with this id begin with, whatever their source.
pub(super) fn external_id_exactly(id: &str) -> String {
    format!("{}{SEPARATOR}", external_id_beginning(id))
}

/// What all terms with an id that begins so begin with.
pub(super) fn external_id_beginning(id: &str) -> String {
    cut(&key('x', &id.to_lowercase()), TERM_BYTES / 2).to_owned()
}

pub(super) fn tag(tag: &str) -> String {
    key('t', tag)
}

pub(super) fn worker(worker: &Uuid) -> String {
    format!("a{worker}")
}

/// `None` for persons: they are too many to start from.
pub(super) fn kind(kind: &str) -> Option<String> {
    (kind != "person").then(|| key('k', kind))
}

/// `None` for the active: they are too many to start from.
pub(super) fn lifecycle(lifecycle: &str) -> Option<String> {
    (lifecycle != "active").then(|| key('l', lifecycle))
}

pub(super) const UNDER_REVIEW: &str = "r";

/// Source and id as the column `external_ids` holds them.
#[must_use]
pub fn external_key(source: &str, id: &str) -> String {
    format!("{}{SEPARATOR}{}", plain(source), plain(id))
}

fn key(class: char, text: &str) -> String {
    cut(&format!("{class}{}", plain(text)), TERM_BYTES).to_owned()
}

fn plain(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).collect()
}

/// The beginning of the text, of at most so many bytes.
fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests;
