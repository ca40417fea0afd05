//! Normalises what people type and what records hold, so that the two can be compared byte by byte.
//!
//! The rule is ours and not PostgreSQL's `unaccent`, which is not immutable and depends on a file. Where it
//! changes, [`RULE`] changes, and read models that hold normalised text are rebuilt.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The version of the rule in [`normalise`] and [`phone_digits`].
pub const RULE: u32 = 1;

/// From this many digits on, a leading 0 is a way of writing and not one of the last digits of a number.
const WHOLE_NUMBER_DIGITS: usize = 7;
const LEAST_DIGITS: usize = 3;

/// Words in lower case without accents, with one blank between them.
///
/// Letters and digits stay, apostrophes vanish, everything else separates words. Marks are dropped from Latin,
/// Greek and Cyrillic only: elsewhere they are vowels.
#[must_use]
pub fn normalise(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !vanishes(*c)).nfkd() {
        if is_accent(c) || vanishes(c) {
            continue;
        }
        for lower in c.to_lowercase().filter(|c| !is_accent(*c)) {
            push_folded(&mut plain, lower);
        }
    }
    plain.truncate(plain.trim_end().len());
    // Puts together again what is one letter where it has no accents to lose: Hangul, Kana.
    plain.nfc().collect()
}

fn push_folded(plain: &mut String, c: char) {
    let folded = match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'ς' => "σ",
        c if c.is_alphanumeric() => return plain.push(c),
        c if is_combining_mark(c) && !plain.is_empty() && !plain.ends_with(' ') => {
            return plain.push(c);
        }
        _ if plain.is_empty() || plain.ends_with(' ') => "",
        _ => " ",
    };
    plain.push_str(folded);
}

/// Apostrophes, and marks that only say how to break or join.
fn vanishes(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '´'
            | '‘'
            | '’'
            | '‛'
            | '′'
            | '‵'
            | 'ʹ'
            | 'ʻ'
            | 'ʼ'
            | '＇'
            | '\u{AD}'
            | '\u{200C}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'
    )
}

fn is_accent(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{487}' | '\u{1AB0}'..='\u{1AFF}'
            | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}'
    )
}

/// The digits that identify a phone number in any way of writing it, or `None` if the text is no phone number.
///
/// An international prefix, "(0)" and one trunk 0 are left out. So a number is found by its end: the national
/// form is the end of the international one, and the last digits are the end of both.
#[must_use]
pub fn phone_digits(text: &str) -> Option<String> {
    let number = without_extension(without_label(text.trim()));
    let mut plain = String::new();
    for c in number.chars() {
        if let Some(digit) = ascii_digit(c) {
            plain.push(digit);
        } else if matches!(c, '+' | '＋') && plain.trim_start_matches('(').is_empty() {
            plain.push('+');
        } else if matches!(c, '(' | '[') {
            plain.push('(');
        } else if matches!(c, ')' | ']') {
            plain.push(')');
        } else if !separates_digits(c) {
            return None;
        }
    }
    let written = plain.replace("(0)", "").replace(['(', ')'], "");
    let digits = written.trim_start_matches('+');
    if digits.len() < LEAST_DIGITS || digits.contains('+') {
        return None;
    }
    if written.starts_with('+') || digits.len() < WHOLE_NUMBER_DIGITS {
        return Some(digits.to_owned());
    }
    let significant = digits.strip_prefix("00").or_else(|| digits.strip_prefix('0'));
    Some(significant.unwrap_or(digits).to_owned())
}

/// The digits to store for a number that somebody typed; words around it do no harm.
#[must_use]
pub fn stored_phone_digits(text: &str) -> Option<String> {
    phone_digits(text).or_else(|| {
        let digits: String = without_extension(text).chars().filter_map(ascii_digit).collect();
        (digits.len() >= LEAST_DIGITS).then_some(digits)
    })
}

fn without_label(text: &str) -> &str {
    match text.get(..3) {
        Some(label) if label.eq_ignore_ascii_case("tel") => {
            text.get(3..).unwrap_or_default().trim_start_matches(['.', ':', ' '])
        }
        Some(_) | None => text,
    }
}

/// Cuts "ext. 12", "x12" and "#12" from a whole number.
fn without_extension(text: &str) -> &str {
    let mut digits = 0;
    for (at, c) in text.char_indices() {
        if ascii_digit(c).is_some() {
            digits += 1;
        } else if digits >= WHOLE_NUMBER_DIGITS && matches!(c, 'e' | 'E' | 'x' | 'X' | '#') {
            let (number, rest) = text.split_at(at);
            let extension = rest.trim_start_matches(|c: char| "eExXtT#.: ".contains(c));
            let is_number =
                !extension.is_empty() && extension.chars().all(|c| ascii_digit(c).is_some());
            return if is_number { number } else { text };
        }
    }
    text
}

fn separates_digits(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '.' | '/' | '·' | '•' | '−' | '\u{AD}' | '\u{2010}'..='\u{2015}'
                | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
                | '\u{FEFF}' | '．' | '－' | '／'
        )
}

/// 0 to 9 for a digit of the writings that people type phone numbers in.
fn ascii_digit(c: char) -> Option<char> {
    const ZEROS: [char; 5] = ['0', '٠', '۰', '०', '０'];
    ZEROS.iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(*zero))?;
        char::from_digit(value, 10)
    })
}

#[cfg(test)]
mod tests;
