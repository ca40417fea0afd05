//! The link by which a customer closes an address to us: it names the customer and is signed.

use eventstore::{Error, Store};
use uuid::Uuid;

/// The link's last part.
pub async fn token(store: &Store, organisation: Uuid, customer: Uuid) -> Result<String, Error> {
    let signature = store.signature(organisation, PURPOSE, customer.as_bytes()).await?;
    Ok(format!("{}{}{}", organisation.simple(), customer.simple(), signature.simple()))
}

/// Organisation and customer of a link that was made here.
pub async fn read(store: &Store, token: &str) -> Result<Option<(Uuid, Uuid)>, Error> {
    let id = |part: Option<&str>| part.and_then(|part| Uuid::try_parse(part).ok());
    let parts = (id(token.get(..32)), id(token.get(32..64)), id(token.get(64..)));
    let (Some(organisation), Some(customer), Some(signature)) = parts else { return Ok(None) };
    match store.signature(organisation, PURPOSE, customer.as_bytes()).await {
        Ok(made) => Ok(same(made, signature).then_some((organisation, customer))),
        Err(Error::UnknownOrganisation(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

const PURPOSE: &str = "unsubscribe";

/// In a time that does not tell how much of it was right.
fn same(left: Uuid, right: Uuid) -> bool {
    let pairs = left.as_bytes().iter().zip(right.as_bytes());
    pairs.fold(0, |differing, (left, right)| differing | (left ^ right)) == 0
}
