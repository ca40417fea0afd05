//! Phone numbers: kept as typed, with the E.164 form where the number can be understood.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CountryCode, Error, holds_card_number, line};

/// The longest number with its country, E.164.
const LONGEST: usize = 15;

/// A phone number as typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(min_length = 3, max_length = 64, example = "+44 20 7946 0958")]
pub struct Phone(String);

impl Phone {
    /// As typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `+442079460958`, where the number says its country or `country` does.
    pub fn e164(&self, country: Option<&CountryCode>) -> Option<String> {
        let typed = self.0.strip_prefix("00").map(|rest| format!("+{rest}"));
        let typed = typed.as_deref().unwrap_or(&self.0);
        let country = country.and_then(|country| country.as_str().parse().ok());
        if country.is_none() && !typed.starts_with('+') && !typed.starts_with("tel:") {
            return None;
        }
        let number = phonenumber::parse(country, typed).ok()?;
        number.is_valid().then(|| number.format().mode(phonenumber::Mode::E164).to_string())
    }

    /// The country that an E.164 form belongs to, where it is of one.
    pub fn country_of(e164: &str) -> Option<CountryCode> {
        let id = phonenumber::parse(None, e164).ok()?.country().id()?;
        CountryCode::try_from(format!("{id:?}")).ok()
    }

    /// The digits of an E.164 form without those of its country: how it ends in any writing.
    pub fn national_digits(e164: &str) -> Option<String> {
        phonenumber::parse(None, e164).ok().map(|number| number.national().to_string())
    }

    /// Its digits in ASCII: what two writings of a number have in common.
    pub fn digits(&self) -> String {
        Self::digits_of(&self.0)
    }

    /// The digits of a number as it was typed.
    pub fn digits_of(typed: &str) -> String {
        typed.chars().filter(char::is_ascii_digit).collect()
    }
}

impl TryFrom<String> for Phone {
    type Error = Error;

    fn try_from(raw: String) -> Result<Self, Error> {
        let number = line(&raw, "invalid_phone", 64)?;
        if Self::digits_of(&number).len() < 3 {
            return Err(Error::PhoneDigits);
        }
        // In a field of its own, what could be a phone is one.
        if Self::digits_of(&number).len() > LONGEST && holds_card_number(&number) {
            return Err(Error::CardNumber);
        }
        Ok(Self(number))
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
