//! The proof that the past was not changed: leaves over events, roots over batches.
//!
//! content = SHA-256 over the event's parts, personal values as ciphertext, each part with its
//! length before it; leaf = SHA-256(0x00 ‖ content ‖ sequence ‖ version ‖ recorded at), numbers
//! as 64-bit big-endian, the time in microseconds since 1970; root = SHA-256(0x02 ‖ previous root
//! ‖ the batch's leaves). Destroying a person's key changes none of it.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::crypto::digest;

/// A hash of the chain.
pub type Hash = [u8; 32];

/// The parts of an event that its leaf binds.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    pub organisation: Uuid,
    pub stream_id: Uuid,
    pub event_id: Uuid,
    pub type_name: &'a str,
    pub schema_version: i16,
    pub customer_id: Option<Uuid>,
    pub key_id: Option<Uuid>,
    pub meta: &'a [u8],
    pub data: &'a [u8],
    pub private: Option<&'a [u8]>,
}

impl Content<'_> {
    pub fn hash(&self) -> Hash {
        digest(&[
            self.organisation.as_bytes(),
            self.stream_id.as_bytes(),
            self.event_id.as_bytes(),
            self.type_name.as_bytes(),
            &self.schema_version.to_be_bytes(),
            self.customer_id.as_ref().map_or(&[][..], |id| id.as_bytes()),
            self.key_id.as_ref().map_or(&[][..], |id| id.as_bytes()),
            self.meta,
            self.data,
            self.private.unwrap_or_default(),
        ])
    }
}

/// The leaf of an event: its content and the place and time that the log gave it.
pub fn leaf(content: &Hash, sequence: i64, version: i64, recorded_at: Timestamp) -> Hash {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(content);
    hash.update(sequence.to_be_bytes());
    hash.update(version.to_be_bytes());
    hash.update(recorded_at.as_microsecond().to_be_bytes());
    hash.finalize().into()
}

/// Collects a batch's leaves on top of the root before it.
#[derive(Debug, Clone)]
pub struct Root(Sha256);

impl Root {
    pub fn over(previous: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update([2]);
        hash.update(previous);
        Self(hash)
    }

    pub fn add(&mut self, leaf: &Hash) {
        self.0.update(leaf);
    }

    pub fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}
