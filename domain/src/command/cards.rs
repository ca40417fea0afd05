//! No command takes in the number of a payment card, whatever it is about: that is seen to here,
//! before its data gets a type, so that no command has to think of it.

use serde_json::Value;

use super::Invalid;
use super::read::escaped;
use crate::value::holds_card_number;

pub(crate) const CODE: &str = "card_number_refused";
const DETAIL: &str = "this looks like the number of a payment card, which is not to be kept here; \
    leave it out, or keep its last four digits only";

/// Members that hold what others number their things by, addresses, and secrets: nobody writes into
/// them freely, and long numbers of chance would be taken for cards. The number of a phone is
/// looked at by its own type.
pub(super) const IDENTIFIERS: &[&str] = &[
    "access_token",
    "account_sid",
    "external_ids",
    "from",
    "id",
    "item_code",
    "number",
    "payer_phone",
    "phone_number_id",
    "phones",
    "provider_id",
    "secret",
    "sha256",
    "thread",
    "to",
];

/// Refuses such a number in any text, and names the place.
pub(super) fn refuse(data: &Value) -> Result<(), Invalid> {
    match find(data) {
        Some(pointer) => Err(Invalid::new(pointer, CODE, DETAIL)),
        None => Ok(()),
    }
}

/// The JSON pointer of the first such number.
fn find(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => holds_card_number(text).then(String::new),
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| Some(format!("/{index}{}", find(item)?)))
        }
        Value::Object(members) => {
            let mut free = members.iter().filter(|(name, _)| !IDENTIFIERS.contains(&name.as_str()));
            free.find_map(|(name, member)| {
                if holds_card_number(name) {
                    return Some(String::new());
                }
                Some(format!("/{}{}", escaped(name), find(member)?))
            })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}
