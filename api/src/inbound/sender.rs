//! Whose an address or a number is.

use std::time::Duration;

use domain::access::{self, Action, Principal};
use domain::claim::ClaimKind;
use domain::value::{Channel, Email, Phone};
use eventstore::Store;
use projections::customer_list::{self, Query};
use serde_json::Value;
use uuid::Uuid;

use crate::page;
use crate::problem::Problem;

/// The view that numbers are looked up in.
const VIEW: &str = "directory";
/// How long it may take to hold what was written a moment ago; then it counts as it is.
const PATIENCE: Duration = Duration::from_secs(1);

/// Who sent something, as far as we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sender {
    One(Uuid),
    /// A number that more than one customer has.
    Several(Vec<Uuid>),
    Nobody,
}

/// The customer of an address or a number. An e-mail belongs to one customer, who keeps it in the
/// archive too; of those who share a number, the archived count only where nobody else has it.
pub(crate) async fn of(
    store: &Store,
    organisation: Uuid,
    channel: Channel,
    from: &str,
) -> Result<Sender, Problem> {
    match channel {
        Channel::Email => of_email(store, organisation, from).await,
        Channel::Sms | Channel::Whatsapp => of_number(store, organisation, from).await,
    }
}

/// The customer who has this e-mail.
pub(crate) async fn of_email(
    store: &Store,
    organisation: Uuid,
    address: &str,
) -> Result<Sender, Problem> {
    let Ok(email) = Email::try_from(address.to_owned()) else { return Ok(Sender::Nobody) };
    let holder = store.holder(organisation, ClaimKind::Email, &email.normalised()).await?;
    Ok(holder.map_or(Sender::Nobody, Sender::One))
}

async fn of_number(store: &Store, organisation: Uuid, number: &str) -> Result<Sender, Problem> {
    let Ok(phone) = Phone::try_from(number.to_owned()) else { return Ok(Sender::Nobody) };
    // A carrier knows numbers of which no list says yet that there are such.
    let e164 = phone.e164(None).unwrap_or_else(|| format!("+{}", phone.digits()));
    let head = store.head_sequence(organisation).await?;
    match projections::wait_for(store, VIEW, organisation, head, PATIENCE).await {
        Ok(_) | Err(projections::Error::Lagging { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    for archived in [false, true] {
        let found = with_number(store, organisation, &e164, archived).await?;
        match found.as_slice() {
            [] => {}
            [one] => return Ok(Sender::One(*one)),
            [_, _, ..] => return Ok(Sender::Several(found)),
        }
    }
    Ok(Sender::Nobody)
}

/// Those who have the number in any writing: found by how it ends, then read one by one.
async fn with_number(
    store: &Store,
    organisation: Uuid,
    e164: &str,
    archived: bool,
) -> Result<Vec<Uuid>, Problem> {
    let digits = Phone::national_digits(e164);
    let digits = digits.unwrap_or_else(|| e164.trim_start_matches('+').to_owned());
    let scope = access::scope(&Principal::system(organisation), Action::CustomerList)?;
    // With a plus it is taken for a number and not for an outside id as well.
    let query =
        Query { text: format!("+{digits}"), archived, page: page::first(), ..Query::default() };
    let found = customer_list::list(store, &scope, &query).await?;
    let has_number = |row: &&Value| {
        let phones = row.get("phones").and_then(Value::as_array).into_iter().flatten();
        phones.into_iter().any(|phone| is_number(phone, e164, &digits))
    };
    let ids = found.data.iter().filter(has_number);
    Ok(ids.filter_map(|row| row.get("id")?.as_str()?.parse().ok()).collect())
}

/// Whether a phone on record is the number. One that was typed without its country, which nobody
/// could read therefore, is taken to be of the number's country.
fn is_number(phone: &Value, e164: &str, national: &str) -> bool {
    if let Some(known) = phone.get("e164").and_then(Value::as_str) {
        return known == e164;
    }
    let Some(typed) = phone.get("number").and_then(Value::as_str) else { return false };
    let says_country = typed.trim_start().starts_with('+') || typed.trim_start().starts_with("00");
    projections::text::stored_phone_digits(typed).is_some_and(|digits| {
        e164.strip_prefix('+') == Some(&digits) || (!says_country && digits == national)
    })
}
