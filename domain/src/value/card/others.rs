//! Numbers that say themselves what they are, of which some would pass for those of cards: bank
//! accounts (IBAN, ISO 13616) and UUIDs.

use std::ops::Range;

use uuid::Uuid;

/// How a UUID is written: `0199a1b2-0000-7000-8000-0000000000c1`.
const UUID: usize = 36;

/// How long the numbers of a country are.
const LENGTHS: [(&str, usize); 77] = [
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("LY", 25),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NL", 18),
    ("NO", 15),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("SA", 24),
    ("SC", 31),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("XK", 20),
];

/// Where a text has such numbers, by its bytes.
pub(super) fn places(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut places = Vec::new();
    let mut before = None;
    for (at, byte) in bytes.iter().enumerate() {
        let begins = byte.is_ascii_alphanumeric()
            && !before.is_some_and(|before: &u8| before.is_ascii_alphanumeric());
        before = Some(byte);
        let rest = bytes.get(at..).filter(|_| begins);
        let length = rest.and_then(|rest| uuid(rest).or_else(|| account(rest)));
        places.extend(length.map(|length| at..at + length));
    }
    places
}

fn uuid(bytes: &[u8]) -> Option<usize> {
    let written = bytes.get(..UUID)?;
    let ends = !bytes.get(UUID).is_some_and(u8::is_ascii_alphanumeric);
    (ends && Uuid::try_parse_ascii(written).is_ok()).then_some(UUID)
}

/// How many bytes the account has that begins here, with the blanks in it.
fn account(bytes: &[u8]) -> Option<usize> {
    let country = bytes.get(..2)?;
    let (_, wanted) = LENGTHS.iter().find(|(name, _)| name.as_bytes() == country)?;
    let mut letters = Vec::with_capacity(*wanted);
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            b' ' => continue,
            b'0'..=b'9' | b'A'..=b'Z' => letters.push(*byte),
            _ => return None,
        }
        if letters.len() == *wanted {
            return is_right(&letters).then_some(index + 1);
        }
    }
    None
}

/// The number with its country and check digits at the end is 1 beyond a multiple of 97.
fn is_right(letters: &[u8]) -> bool {
    let (head, tail) = letters.split_at(letters.len().min(4));
    let rest = tail.iter().chain(head).fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte.saturating_sub(b'A')) + 10) % 97,
    });
    rest == 1
}
