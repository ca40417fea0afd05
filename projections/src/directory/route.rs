//! Reads what was typed: which ways of finding are tried for it, and in which order.

use super::{Matched, terms};
use crate::text;

const MOST_TOKENS: usize = 6;
const MOST_LETTERS: usize = 64;
/// As long as the longest e-mail address with a name in front.
const MOST_TYPED: usize = 384;
/// A number that is also looked for as a word of a name ("Studio 54", "1860 Munich") has at most so many digits.
const MOST_DIGITS_OF_A_NAME: usize = 6;
/// Writings of one number differ in front; so many digits from behind say which is meant.
const TELLING_DIGITS: usize = 9;

/// The ways of finding for one text; each gives only what those before it did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) segments: Vec<Segment>,
    pub(super) otherwise: Otherwise,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    /// Every word stands in the names.
    Words(Words),
    /// A term begins with the key.
    Keys(Keys),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    /// The tokens with one blank between them.
    pub(super) text: String,
    pub(super) tokens: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) matched: Matched,
    pub(super) from: String,
    /// The whole key and not its beginning: finds few, so they can be named to leave them out later.
    pub(super) exact: bool,
}

/// What is tried where (nearly) nothing was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Otherwise {
    Nothing,
    /// Words spelt a little differently.
    Respelt(Vec<String>),
    /// The end of a number that may begin otherwise.
    Keys(Keys),
}

impl Plan {
    /// What is left for somebody who does not see how customers are reached.
    pub(super) fn without_contact(mut self) -> Self {
        let by_contact = |keys: &Keys| match keys.matched {
            Matched::Email | Matched::Domain | Matched::Phone => true,
            Matched::Starts
            | Matched::Word
            | Matched::Inside
            | Matched::Similar
            | Matched::ExternalId => false,
        };
        self.segments.retain(|segment| match segment {
            Segment::Words(_) => true,
            Segment::Keys(keys) => !by_contact(keys),
        });
        // The end of a number.
        if matches!(self.otherwise, Otherwise::Keys(_)) {
            self.otherwise = Otherwise::Nothing;
        }
        self
    }
}

/// The plan for a text that is not blank.
pub(super) fn plan(typed: &str) -> Plan {
    let typed: String = typed.trim().chars().take(MOST_TYPED).collect();
    if let Some(address) = address(&typed) {
        return Plan { segments: vec![Segment::Keys(address)], otherwise: Otherwise::Nothing };
    }
    match text::phone_digits(&typed) {
        Some(digits) => by_number(&typed, &digits),
        None => by_words(&typed),
    }
}

/// "ann@", "ann@example.com", "@example", also in "Ann <ann@example.com>" and "mailto:ann@example.com".
fn address(typed: &str) -> Option<Keys> {
    if typed == "@" {
        return Some(keys(Matched::Domain, terms::domain("")));
    }
    let around = |c: char| c.is_whitespace() || "<>()[],;\"".contains(c);
    let piece = typed.split(around).find(|piece| piece.len() > 1 && piece.contains('@'))?;
    let piece = piece.strip_prefix("mailto:").unwrap_or(piece);
    Some(match piece.strip_prefix('@') {
        Some(domain) => keys(Matched::Domain, terms::domain(domain)),
        None => keys(Matched::Email, terms::email(piece)),
    })
}

fn by_number(typed: &str, digits: &str) -> Plan {
    let mut segments = Vec::new();
    // A number may also be an external id, unless it is written as only phone numbers are.
    let may_be_id = !typed.contains(|c: char| c.is_whitespace() || "+()".contains(c));
    if may_be_id {
        segments.push(exact_id(typed));
    }
    if typed.len() <= MOST_DIGITS_OF_A_NAME && typed.bytes().all(|b| b.is_ascii_digit()) {
        segments
            .push(Segment::Words(Words { text: typed.to_owned(), tokens: vec![typed.to_owned()] }));
    }
    segments.push(Segment::Keys(keys(Matched::Phone, terms::phone(digits))));
    if may_be_id {
        segments.push(id_beginning(typed));
    }
    let otherwise = match digits.char_indices().rev().nth(TELLING_DIGITS - 1) {
        Some((at, _)) if at > 0 => {
            let end = digits.get(at..).unwrap_or_default();
            Otherwise::Keys(Keys {
                exact: false,
                matched: Matched::Similar,
                from: terms::phone(end),
            })
        }
        Some(_) | None => Otherwise::Nothing,
    };
    Plan { segments, otherwise }
}

fn by_words(typed: &str) -> Plan {
    let typed: String = typed.chars().take(MOST_LETTERS).collect();
    let normal = text::normalise(&typed);
    let tokens: Vec<String> =
        normal.split(' ').filter(|t| !t.is_empty()).take(MOST_TOKENS).map(str::to_owned).collect();
    let has_digit = typed.chars().any(|c| c.is_ascii_digit());
    let one_piece = !typed.contains(char::is_whitespace);
    let mut segments = Vec::new();
    if has_digit {
        segments.push(exact_id(&typed));
    }
    if !tokens.is_empty() {
        segments.push(Segment::Words(Words { text: tokens.join(" "), tokens: tokens.clone() }));
    }
    if one_piece {
        segments.push(Segment::Keys(keys(Matched::Email, terms::email(&typed))));
        if typed.contains('.') {
            let domain = typed.strip_prefix("www.").unwrap_or(&typed);
            segments.push(Segment::Keys(keys(Matched::Domain, terms::domain(domain))));
        }
    }
    if has_digit || one_piece {
        segments.push(id_beginning(&typed));
    }
    Plan { segments, otherwise: Otherwise::Respelt(tokens) }
}

fn keys(matched: Matched, from: String) -> Keys {
    Keys { matched, from, exact: false }
}

fn exact_id(typed: &str) -> Segment {
    let from = terms::external_id_exactly(typed);
    Segment::Keys(Keys { matched: Matched::ExternalId, from, exact: true })
}

fn id_beginning(typed: &str) -> Segment {
    Segment::Keys(keys(Matched::ExternalId, terms::external_id_beginning(typed)))
}

#[cfg(test)]
mod tests;
