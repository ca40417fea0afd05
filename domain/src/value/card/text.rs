//! The digits of a text, in groups, as people write and paste them.

use std::iter::once;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::{FEWEST, others};

/// More blanks or dashes than this between two groups, and they are not of one number.
const WIDEST_GAP: usize = 3;

/// The zeros of the scripts that have digits of their own and no compatibility form in ASCII.
const ZEROS: [char; 59] = [
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{de6}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17e0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19d0}',
    '\u{1a80}',
    '\u{1a90}',
    '\u{1b50}',
    '\u{1bb0}',
    '\u{1c40}',
    '\u{1c50}',
    '\u{a620}',
    '\u{a8d0}',
    '\u{a900}',
    '\u{a9d0}',
    '\u{a9f0}',
    '\u{aa50}',
    '\u{abf0}',
    '\u{104a0}',
    '\u{10d30}',
    '\u{11066}',
    '\u{110f0}',
    '\u{11136}',
    '\u{111d0}',
    '\u{112f0}',
    '\u{11450}',
    '\u{114d0}',
    '\u{11650}',
    '\u{116c0}',
    '\u{11730}',
    '\u{118e0}',
    '\u{11950}',
    '\u{11c50}',
    '\u{11d50}',
    '\u{11da0}',
    '\u{11f50}',
    '\u{16a60}',
    '\u{16ac0}',
    '\u{16b50}',
    '\u{1e140}',
    '\u{1e2f0}',
    '\u{1e950}',
];

/// A digit and the bytes of the text in which it stands.
#[derive(Debug)]
pub(super) struct Digit {
    pub(super) value: u8,
    pub(super) place: Range<usize>,
}

/// What stands between a group and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Blanks and dashes.
    Narrow,
    /// A single point.
    Dot,
    /// Anything else.
    Wide,
}

/// Digits that stand together.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) gap: Gap,
    /// Whether a plus stands right before it, as before the number of a phone.
    pub(super) follows_plus: bool,
    /// Whether a single letter ties it to other digits, as in `1Z9999…` of a parcel.
    pub(super) is_tied: bool,
    pub(super) digits: Vec<Digit>,
}

/// The groups of a text that has digits enough for a card; what is the number of something else
/// for certain is left out.
pub(super) fn groups(text: &str) -> Vec<Group> {
    if text.chars().filter(|c| c.is_numeric()).count() < FEWEST {
        return Vec::new();
    }
    let others = others::places(text);
    let mut reader = Reader { groups: Vec::new(), between: String::new(), in_group: false };
    for (at, c) in text.char_indices() {
        let is_others = others.iter().any(|other| other.contains(&at));
        match digit(c).filter(|_| !is_others) {
            Some(value) => reader.digit(Digit { value, place: at..at + c.len_utf8() }),
            None if is_invisible(c) => {}
            None => reader.other(c),
        }
    }
    reader.groups
}

struct Reader {
    groups: Vec<Group>,
    /// What stands behind the last digit.
    between: String,
    in_group: bool,
}

impl Reader {
    fn digit(&mut self, digit: Digit) {
        match self.groups.last_mut().filter(|_| self.in_group) {
            Some(group) => group.digits.push(digit),
            None => {
                let gap = if self.groups.is_empty() { Gap::Wide } else { gap(&self.between) };
                let follows_plus = self.between.ends_with(['+', '＋']);
                let mut letters = self.between.chars();
                let is_tied = !self.groups.is_empty()
                    && letters.next().is_some_and(char::is_alphabetic)
                    && letters.next().is_none();
                self.groups.push(Group { gap, follows_plus, is_tied, digits: vec![digit] });
            }
        }
        self.between.clear();
        self.in_group = true;
    }

    fn other(&mut self, c: char) {
        self.between.push(c);
        self.in_group = false;
    }
}

fn gap(between: &str) -> Gap {
    let mut count = 0;
    let is_narrow = between.chars().all(|c| {
        count += 1;
        count <= WIDEST_GAP && (is_blank(c) || is_dash(c))
    });
    match between {
        "." | "," => Gap::Dot,
        _ if is_narrow => Gap::Narrow,
        _ => Gap::Wide,
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}')
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
    )
}

/// What is not seen, and comes along when a number is copied from a page.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// The value of a digit of any script, also one in a circle or raised.
fn digit(c: char) -> Option<u8> {
    if c.is_ascii() || !c.is_numeric() {
        return ascii(c);
    }
    let own = ZEROS.iter().find_map(|&zero| {
        let value = u32::from(c).checked_sub(u32::from(zero))?;
        u8::try_from(value).ok().filter(|value| *value < 10)
    });
    let mut plain = once(c).nfkc();
    own.or_else(|| plain.next().filter(|_| plain.next().is_none()).and_then(ascii))
}

fn ascii(c: char) -> Option<u8> {
    c.to_digit(10).and_then(|value| u8::try_from(value).ok())
}
