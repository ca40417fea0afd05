//! Signatures of Standard Webhooks 1.0.0, symmetric.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use jiff::Timestamp;
use standardwebhooks::Webhook;
use uuid::Uuid;

use crate::error::Error;

const ID: HeaderName = HeaderName::from_static(standardwebhooks::HEADER_WEBHOOK_ID);
const TIMESTAMP: HeaderName = HeaderName::from_static(standardwebhooks::HEADER_WEBHOOK_TIMESTAMP);
const SIGNATURE: HeaderName = HeaderName::from_static(standardwebhooks::HEADER_WEBHOOK_SIGNATURE);

/// The bytes of a new secret.
pub(in crate::outbox) fn new_secret() -> [u8; 32] {
    rand::random()
}

/// A secret as its owner copies it.
pub(in crate::outbox) fn shown(secret: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

/// The id under which an endpoint knows what it is told of an event, however often it is sent.
pub(in crate::outbox) fn message_id(event: Uuid, endpoint: Uuid) -> String {
    format!("{event}_{endpoint}")
}

/// The headers that go with a body, signed now by each of the keys.
pub(super) fn headers(id: &str, body: &str, keys: &[impl AsRef<[u8]>]) -> Result<HeaderMap, Error> {
    let now = Timestamp::now().as_second();
    let signatures: Result<Vec<String>, _> = keys
        .iter()
        .map(|key| Webhook::from_bytes(key.as_ref().to_vec())?.sign(id, now, body.as_bytes()))
        .collect();
    let values =
        [(ID, id.to_owned()), (TIMESTAMP, now.to_string()), (SIGNATURE, signatures?.join(" "))];
    let mut headers = HeaderMap::new();
    for (name, value) in values {
        headers.insert(name, HeaderValue::from_str(&value)?);
    }
    Ok(headers)
}
