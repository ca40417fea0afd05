//! E-mails, phones and addresses as they come in: a plain string, or an object with more.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::address::AddressLine;
use super::{Address, CountryCode, Email, Label, Phone};

/// An e-mail of a customer; in JSON also the plain address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EmailEntry {
    pub address: Email,
    #[schema(required = false)]
    pub label: Option<Label>,
    /// The one to write to first; the first of a customer becomes so by itself.
    #[schema(required = false)]
    pub primary: bool,
}

/// A phone of a customer; in JSON also the plain number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PhoneEntry {
    pub number: Phone,
    #[schema(required = false)]
    pub label: Option<Label>,
    /// The one to call first; the first of a customer becomes so by itself.
    #[schema(required = false)]
    pub primary: bool,
    /// The country to read a national number in.
    #[schema(required = false)]
    pub country: Option<CountryCode>,
}

/// An e-mail address, or an object with one: the schema of what [`EmailEntry`] reads.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum EmailInput {
    Plain(Email),
    Object(EmailEntry),
}

/// A phone number, or an object with one: the schema of what [`PhoneEntry`] reads.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum PhoneInput {
    Plain(Phone),
    Object(PhoneEntry),
}

/// A postal address of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressEntry {
    #[serde(skip)]
    pub id: Uuid,
    pub line1: AddressLine,
    pub line2: Option<AddressLine>,
    pub city: Option<AddressLine>,
    pub postcode: Option<AddressLine>,
    pub region: Option<AddressLine>,
    pub country: Option<CountryCode>,
    pub label: Option<Label>,
    #[serde(default)]
    pub primary: bool,
}

impl AddressEntry {
    /// The address alone, as it is kept.
    pub fn address(&self) -> Address {
        let line = |part: &Option<AddressLine>| part.clone().map(String::from);
        Address {
            line1: self.line1.clone().into(),
            line2: line(&self.line2),
            city: line(&self.city),
            postcode: line(&self.postcode),
            region: line(&self.region),
            country: self.country.clone().map(String::from),
        }
    }
}

impl From<Email> for EmailEntry {
    fn from(address: Email) -> Self {
        Self { address, label: None, primary: false }
    }
}

impl From<Phone> for PhoneEntry {
    fn from(number: Phone) -> Self {
        Self { number, label: None, primary: false, country: None }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EmailObject {
    address: Email,
    label: Option<Label>,
    #[serde(default)]
    primary: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhoneObject {
    number: Phone,
    label: Option<Label>,
    #[serde(default)]
    primary: bool,
    country: Option<CountryCode>,
}

impl<'de> Deserialize<'de> for EmailEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EmailVisitor)
    }
}

struct EmailVisitor;

impl<'de> Visitor<'de> for EmailVisitor {
    type Value = EmailEntry;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an e-mail address, or an object with one")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<EmailEntry, E> {
        Email::try_from(text.to_owned()).map(EmailEntry::from).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<EmailEntry, A::Error> {
        let EmailObject { address, label, primary } =
            EmailObject::deserialize(MapAccessDeserializer::new(map))?;
        Ok(EmailEntry { address, label, primary })
    }
}

impl<'de> Deserialize<'de> for PhoneEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PhoneVisitor)
    }
}

struct PhoneVisitor;

impl<'de> Visitor<'de> for PhoneVisitor {
    type Value = PhoneEntry;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a phone number, or an object with one")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<PhoneEntry, E> {
        Phone::try_from(text.to_owned()).map(PhoneEntry::from).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PhoneEntry, A::Error> {
        let PhoneObject { number, label, primary, country } =
            PhoneObject::deserialize(MapAccessDeserializer::new(map))?;
        Ok(PhoneEntry { number, label, primary, country })
    }
}
