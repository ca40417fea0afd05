//! Values that cannot be wrong: raw input becomes one of these at the edge, by `TryFrom`.
//!
//! Events hold plain strings, so that a rule made stricter here never makes history unreadable.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

mod address;
mod card;
mod clock;
mod contact;
mod email;
mod money;
mod period;
mod phone;
mod words;
mod zone;

pub use address::{Address, AddressLine, CountryCode};
pub use card::{holds_card_number, mask_card_numbers};
pub use clock::{TimeOfDay, Weekday};
pub use contact::{AddressEntry, EmailEntry, EmailInput, PhoneEntry, PhoneInput};
pub use email::{Email, EmailError, normalise_email};
pub use money::{Amount, Currency, Money, exact_product, exact_sum, minor_units};
pub use period::{Offset, Period};
pub use phone::Phone;
pub(crate) use words::words;
pub use words::{
    AskedBy, Channel, CustomerType, InteractionType, Lifecycle, NoteScope, Outcome, RiskFlagType,
    Role, UnknownWord, WithheldReason,
};
pub use zone::time_zone;

/// Why a value is refused. The text begins with the stable code, so that it survives serde.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("{code}: must not be empty")]
    Empty { code: &'static str },
    #[error("{code}: may have at most {max} characters")]
    TooLong { code: &'static str, max: usize },
    #[error("{code}: may not hold control characters")]
    Control { code: &'static str },
    #[error("invalid_file_name: may not hold characters that turn the direction of writing")]
    Direction,
    #[error("invalid_status: a status is lower-case letters, digits and underscores")]
    Status,
    #[error("invalid_source: a source is ASCII letters, digits, - and _")]
    Source,
    #[error("invalid_email: {0}")]
    Email(#[from] EmailError),
    #[error("invalid_phone: a phone number has at least 3 digits")]
    PhoneDigits,
    #[error("card_number_refused: this looks like the number of a payment card, not of a phone")]
    CardNumber,
    #[error("invalid_country: {0:?} is no ISO 3166-1 alpha-2 code, such as DE")]
    Country(String),
    #[error("invalid_currency: {0:?} is no ISO 4217 code, such as EUR")]
    Currency(String),
    #[error("invalid_amount: {0:?} is no decimal number")]
    Amount(String),
    #[error("invalid_amount: send an amount of more than 15 digits as a string")]
    AmountInexact,
    #[error("invalid_amount: an amount has at most 15 digits before and 12 after the point")]
    AmountRange,
    #[error("invalid_time_zone: {0:?} is no IANA time zone, such as Europe/Vienna")]
    TimeZone(String),
    #[error("invalid_period: a period is an ISO 8601 duration above zero, such as P2D")]
    Period,
    #[error("invalid_offset: an offset is an ISO 8601 duration such as P1D, or -P3D for earlier")]
    Offset,
    #[error(
        "invalid_url: a URL begins with https:// or http:// and has a host, and no password or fragment"
    )]
    Url,
    #[error("invalid_time: a time of day is hours and minutes, such as 09:00")]
    Time,
}

/// Every code that a value's error may begin with.
pub const CODES: &[&str] = &[
    "card_number_refused",
    "invalid_name",
    "invalid_file_name",
    "invalid_label",
    "invalid_tag",
    "invalid_status",
    "invalid_source",
    "invalid_id",
    "invalid_text",
    "invalid_subject",
    "invalid_email",
    "invalid_phone",
    "invalid_address",
    "invalid_country",
    "invalid_currency",
    "invalid_amount",
    "invalid_period",
    "invalid_time_zone",
    "invalid_offset",
    "invalid_time",
    "invalid_code",
    "invalid_url",
];

/// One line: composed form (NFC), trimmed, without control characters, 1 to `max` characters.
fn line(raw: &str, code: &'static str, max: usize) -> Result<String, Error> {
    let text: String = raw.trim().nfc().collect();
    if text.is_empty() {
        Err(Error::Empty { code })
    } else if text.chars().count() > max {
        Err(Error::TooLong { code, max })
    } else if text.chars().any(char::is_control) {
        Err(Error::Control { code })
    } else {
        Ok(text)
    }
}

/// The form under which names and tags are compared: without regard to case.
pub fn fold(text: &str) -> String {
    text.trim().nfc().flat_map(char::to_lowercase).collect()
}

macro_rules! text_value {
    ($($(#[$meta:meta])* $name:ident($max:tt, $example:tt) = $check:expr;)+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(try_from = "String")]
        #[schema(min_length = 1, max_length = $max, example = $example)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(raw: String) -> Result<Self, Error> {
                let check: fn(&str) -> Result<String, Error> = $check;
                check(&raw).map(Self)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )+ };
}

text_value! {
    /// A name of a person, a company, a folder or a rule.
    Name(200, "Ada Byron") = |raw| line(raw, "invalid_name", 200);

    /// The name of a file: text to be shown, never a path.
    FileName(255, "offer.pdf") = file_name;

    /// A short word beside a value: `work`, `mobile`.
    Label(64, "work") = |raw| line(raw, "invalid_label", 64);

    /// A free word on a customer; compared without regard to case.
    Tag(64, "VIP") = |raw| line(raw, "invalid_tag", 64);

    /// A stage from a folder's list, in lower case.
    Status(64, "in_negotiation") = status;

    /// The system that an outside id or a document comes from.
    SourceName(64, "shop") = source;

    /// The id that another system gave.
    OutsideId(200, "17850") = |raw| line(raw, "invalid_id", 200);

    /// The number of a document, or the code of an item.
    Code(100, "536365") = |raw| line(raw, "invalid_code", 100);

    /// An IANA time zone.
    TimeZoneName(64, "Europe/Vienna") = zone_name;

    /// A free text of up to 20,000 characters; line breaks and tabs are kept.
    Text(20_000, "Prefers to be called in the afternoon") = text;

    /// What a message is about, on one line.
    Subject(500, "Your order 2026-114") = |raw| line(raw, "invalid_subject", 500);

    /// Where a message goes to or comes from: an e-mail address, a phone number.
    MessageAddress(320, "ada@example.com") = |raw| line(raw, "invalid_address", 320);

    /// A message as its carrier knows it: a Message-ID, a wamid, a SID.
    ProviderId(998, "0199c0de@example.com") = |raw| line(raw, "invalid_id", 998);

    /// An address of the web that is called: no name and password, no fragment.
    WebAddress(2_000, "https://hooks.example.com/dossier") = web_address;

    /// The body of a message, plain or HTML. What others send holds anything: control characters
    /// are dropped.
    MessageText(200_000, "Thank you for your payment.") = message_text;
}

/// What turns the direction of writing could show `fdp.exe` as `exe.pdf`.
fn file_name(raw: &str) -> Result<String, Error> {
    let name = line(raw, "invalid_file_name", 255)?;
    let turns = |c| matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if name.contains(turns) { Err(Error::Direction) } else { Ok(name) }
}

fn status(raw: &str) -> Result<String, Error> {
    let status = line(raw, "invalid_status", 64)?;
    let fits = |c: char| c == '_' || (c.is_alphanumeric() && !c.is_uppercase());
    if status.chars().all(fits) { Ok(status) } else { Err(Error::Status) }
}

fn source(raw: &str) -> Result<String, Error> {
    let source = line(raw, "invalid_source", 64)?;
    let fits = |c: char| c == '_' || c == '-' || c.is_ascii_alphanumeric();
    if source.chars().all(fits) { Ok(source) } else { Err(Error::Source) }
}

fn zone_name(raw: &str) -> Result<String, Error> {
    let name = line(raw, "invalid_time_zone", 64)?;
    let zone = time_zone(&name);
    let known = zone.as_ref().and_then(|zone| zone.iana_name()).map(str::to_owned);
    known.ok_or(Error::TimeZone(name))
}

fn web_address(raw: &str) -> Result<String, Error> {
    let url = line(raw, "invalid_url", 2_000)?;
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let authority = rest.and_then(|rest| rest.split(['/', '?']).next()).unwrap_or_default();
    let fits = !authority.is_empty()
        && !authority.contains('@')
        && !url.contains(['#', '\\'])
        && url.chars().all(|c| c.is_ascii_graphic());
    if fits { Ok(url) } else { Err(Error::Url) }
}

fn text(raw: &str) -> Result<String, Error> {
    const CODE: &str = "invalid_text";
    const MAX: usize = 20_000;
    let text = raw.replace("\r\n", "\n");
    if text.trim().is_empty() {
        Err(Error::Empty { code: CODE })
    } else if text.chars().count() > MAX {
        Err(Error::TooLong { code: CODE, max: MAX })
    } else if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        Err(Error::Control { code: CODE })
    } else {
        Ok(text)
    }
}

fn message_text(raw: &str) -> Result<String, Error> {
    const CODE: &str = "invalid_text";
    const MAX: usize = 200_000;
    let mut text = raw.replace("\r\n", "\n");
    text.retain(|c| !c.is_control() || c == '\n' || c == '\t');
    if text.trim().is_empty() {
        Err(Error::Empty { code: CODE })
    } else if text.chars().count() > MAX {
        Err(Error::TooLong { code: CODE, max: MAX })
    } else {
        Ok(text)
    }
}

impl Tag {
    /// The form under which tags are compared.
    pub fn folded(&self) -> String {
        fold(&self.0)
    }
}

#[cfg(test)]
mod tests;
