//! An event as a message: the log's row, with its bytes as they are stored, ciphertext included.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::read::Stored;

/// A row of the log on its way. Without `bytes` it was too large to travel and is read from the
/// log.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Message {
    lane: i16,
    position: i64,
    organisation: Uuid,
    sequence: i64,
    stream_id: Uuid,
    version: i64,
    event_id: Uuid,
    #[serde(rename = "type")]
    type_name: String,
    schema_version: i16,
    customer_id: Option<Uuid>,
    key_id: Option<Uuid>,
    recorded_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<RowBytes>,
}

/// The stored bytes, each as base64.
#[derive(Debug, Serialize, Deserialize)]
struct RowBytes {
    leaf: Encoded,
    meta: Encoded,
    data: Encoded,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    private: Option<Encoded>,
}

#[derive(Debug)]
struct Encoded(Vec<u8>);

impl Serialize for Encoded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Encoded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// A row as bytes for the wire, at most so many.
pub(crate) fn encode(stored: Stored, most: usize) -> Result<Vec<u8>, serde_json::Error> {
    let mut message = Message::from(stored);
    let encoded = serde_json::to_vec(&message)?;
    if encoded.len() <= most {
        return Ok(encoded);
    }
    message.bytes = None;
    serde_json::to_vec(&message)
}

/// The event and where it stands, if the bytes are a message of ours.
pub(crate) fn identity(payload: &[u8]) -> Option<(i64, Uuid)> {
    let message: Message = serde_json::from_slice(payload).ok()?;
    Some((message.position, message.event_id))
}

/// The row of a message, if it is one of ours and whole.
pub(crate) fn decode(payload: &[u8]) -> Option<Stored> {
    let message: Message = serde_json::from_slice(payload).ok()?;
    let bytes = message.bytes?;
    Some(Stored {
        lane: message.lane,
        position: message.position,
        organisation: message.organisation,
        sequence: message.sequence,
        stream_id: message.stream_id,
        version: message.version,
        event_id: message.event_id,
        type_name: message.type_name,
        schema_version: message.schema_version,
        customer_id: message.customer_id,
        key_id: message.key_id,
        leaf: bytes.leaf.0,
        meta: bytes.meta.0,
        data: bytes.data.0,
        private: bytes.private.map(|private| private.0),
        recorded_at: message.recorded_at,
    })
}

impl From<Stored> for Message {
    fn from(stored: Stored) -> Self {
        Self {
            lane: stored.lane,
            position: stored.position,
            organisation: stored.organisation,
            sequence: stored.sequence,
            stream_id: stored.stream_id,
            version: stored.version,
            event_id: stored.event_id,
            type_name: stored.type_name,
            schema_version: stored.schema_version,
            customer_id: stored.customer_id,
            key_id: stored.key_id,
            recorded_at: stored.recorded_at,
            bytes: Some(RowBytes {
                leaf: Encoded(stored.leaf),
                meta: Encoded(stored.meta),
                data: Encoded(stored.data),
                private: stored.private.map(Encoded),
            }),
        }
    }
}
