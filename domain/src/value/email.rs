//! E-mail addresses: RFC 5321 lengths, one unquoted local part, a domain that IDNA accepts.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Error;

/// An e-mail address as typed, trimmed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(format = "email", max_length = 254, example = "ada@example.com")]
pub struct Email(String);

/// What is wrong with an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    #[error("an e-mail address has one @ with something on both sides")]
    At,
    #[error("an e-mail address has no spaces and no control characters")]
    Space,
    #[error("quoted local parts such as \"a b\"@example.com are not taken")]
    Quoted,
    #[error("the part before the @ may have at most 64 bytes")]
    LocalLength,
    #[error("an e-mail address may have at most 254 bytes")]
    Length,
    #[error("the part before the @ may not begin or end with a dot or have two in a row")]
    Dots,
    #[error("the part before the @ may not hold {0:?}")]
    Character(char),
    #[error("the part after the @ is no domain name")]
    Domain,
}

impl Email {
    /// As typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which addresses are compared and claimed.
    pub fn normalised(&self) -> String {
        normalise_email(&self.0)
    }
}

/// Trimmed, lower case, domain in ASCII. It never fails: history must stay comparable.
pub fn normalise_email(address: &str) -> String {
    let lower = address.trim().to_lowercase();
    if lower.is_ascii() {
        return lower;
    }
    match lower.rsplit_once('@') {
        Some((local, domain)) => match idna::domain_to_ascii(domain) {
            Ok(ascii) => format!("{local}@{ascii}"),
            Err(_) => lower,
        },
        None => lower,
    }
}

impl TryFrom<String> for Email {
    type Error = Error;

    fn try_from(raw: String) -> Result<Self, Error> {
        let address = raw.trim();
        check(address)?;
        Ok(Self(address.to_owned()))
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn check(address: &str) -> Result<(), EmailError> {
    if address.starts_with('"') {
        return Err(EmailError::Quoted);
    }
    if address.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(EmailError::Space);
    }
    let (local, domain) = address.split_once('@').ok_or(EmailError::At)?;
    if local.is_empty() || domain.is_empty() || domain.contains('@') {
        return Err(EmailError::At);
    }
    check_local(local)?;
    let ascii = check_domain(domain)?;
    if local.len() + 1 + ascii.len() > 254 {
        return Err(EmailError::Length);
    }
    Ok(())
}

fn check_local(local: &str) -> Result<(), EmailError> {
    if local.len() > 64 {
        return Err(EmailError::LocalLength);
    }
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err(EmailError::Dots);
    }
    let fits =
        |c: &char| c.is_alphanumeric() || !c.is_ascii() || ".!#$%&'*+-/=?^_`{|}~".contains(*c);
    match local.chars().find(|c| !fits(c)) {
        Some('"') => Err(EmailError::Quoted),
        Some(c) => Err(EmailError::Character(c)),
        None => Ok(()),
    }
}

/// The domain in ASCII: at least two labels of letters, digits and hyphens.
fn check_domain(domain: &str) -> Result<String, EmailError> {
    let ascii = idna::domain_to_ascii(domain).map_err(|_| EmailError::Domain)?;
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c == '-' || c.is_ascii_alphanumeric())
    };
    let labels = ascii.split('.').count();
    let numeric =
        ascii.split('.').next_back().is_some_and(|last| last.chars().all(|c| c.is_ascii_digit()));
    let fits = labels >= 2 && !numeric && ascii.len() <= 253 && ascii.split('.').all(label_fits);
    if fits { Ok(ascii) } else { Err(EmailError::Domain) }
}
