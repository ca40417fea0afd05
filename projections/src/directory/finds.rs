//! Whether a text finds one customer, judged in memory: to say why somebody is not in a list.

use super::route::{self, Segment, Words};
use super::terms::{self, Terms};
use super::{Entry, Query};

/// Whether a search by the query's text finds the customer as written; a close spelling may find
/// them nonetheless.
#[must_use]
pub fn finds(entry: &Entry, query: &Query) -> bool {
    if query.text.trim().is_empty() {
        return true;
    }
    let Terms { sort_text, terms } = terms::of(entry);
    let plan = route::plan(&query.text);
    let plan = if query.by_contact { plan } else { plan.without_contact() };
    plan.segments.iter().any(|segment| match segment {
        Segment::Words(words) => stand_in(&sort_text, words),
        Segment::Keys(keys) => terms.iter().any(|term| term.starts_with(&keys.from)),
    })
}

/// One letter begins the name, two begin words of it, more may stand inside.
fn stand_in(sort_text: &str, words: &Words) -> bool {
    let begins = |token: &String| sort_text.split(' ').any(|word| word.starts_with(token));
    match words.tokens.iter().map(|token| token.chars().count()).max() {
        None | Some(0 | 1) => sort_text.starts_with(&words.text),
        Some(2) => words.tokens.iter().all(begins),
        Some(_) => words.tokens.iter().all(|token| sort_text.contains(token)),
    }
}
