//! Numbers of payment cards in texts. They are kept nowhere (PCI DSS 3.5.1), so they are found
//! before a text is taken: by the ranges of issuers, their lengths and the Luhn sum.

use std::borrow::Cow;
use std::ops::Range;

mod issuer;
mod others;
mod text;

use text::{Gap, Group};

/// A number has at least so many digits.
const FEWEST: usize = 13;
const MOST: usize = 19;
/// `4111 1111 1111 1111` has four groups; more than eight are a table.
const MOST_GROUPS: usize = 8;
/// The longest phone number, E.164.
const LONGEST_PHONE: usize = 15;

/// Whether the text holds what looks like the number of a payment card.
pub fn holds_card_number(text: &str) -> bool {
    first(&text::groups(text), 0).is_some()
}

/// The text with `*` for all digits of such numbers but the last four.
pub fn mask_card_numbers(text: &str) -> Cow<'_, str> {
    let groups = text::groups(text);
    let mut hidden: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while let Some(found) = first(&groups, from) {
        let digits: Vec<&text::Digit> = groups
            .get(found.clone())
            .into_iter()
            .flatten()
            .flat_map(|group| &group.digits)
            .collect();
        let shown = digits.len().saturating_sub(4);
        hidden.extend(digits.iter().take(shown).map(|digit| digit.place.clone()));
        from = found.end;
    }
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for place in hidden {
        masked.push_str(text.get(at..place.start).unwrap_or_default());
        masked.push('*');
        at = place.end;
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(masked)
}

/// The groups of the first number that begins at this group or behind it.
fn first(groups: &[Group], from: usize) -> Option<Range<usize>> {
    (from..groups.len()).find_map(|start| {
        let rest = groups.get(start..)?;
        let mut digits = Vec::with_capacity(MOST);
        for (index, group) in rest.iter().take(MOST_GROUPS).enumerate() {
            if index > 0 && group.gap == Gap::Wide {
                return None;
            }
            digits.extend(group.digits.iter().map(|digit| digit.value));
            if digits.len() > MOST {
                return None;
            }
            let range = start..start + index + 1;
            if digits.len() >= FEWEST && is_card(groups.get(range.clone())?, &digits) {
                return Some(range);
            }
        }
        None
    })
}

fn is_card(groups: &[Group], digits: &[u8]) -> bool {
    let Some((head, rest)) = groups.split_first() else { return false };
    let is_phone = head.follows_plus && digits.len() <= LONGEST_PHONE;
    // In `16.4111111111111111` it is a fraction.
    let is_fraction = rest.is_empty() && head.gap == Gap::Dot;
    // Points stand in card numbers as blanks do; elsewhere between numbers of any length.
    let is_odd = rest.iter().any(|group| group.gap == Gap::Dot)
        && groups.iter().rev().skip(1).any(|group| group.digits.len() != 4);
    !is_phone
        && !head.is_tied
        && !is_fraction
        && !is_odd
        && issuer::knows(digits, !rest.is_empty())
        && has_luhn_sum(digits)
}

fn has_luhn_sum(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, &digit)| match (index % 2, u32::from(digit) * 2) {
            (0, _) => u32::from(digit),
            (_, doubled) => doubled / 10 + doubled % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests;
