//! Encryption of personal values, wrapping of keys, and the HMAC of claims.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::claim::ClaimKind;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

const NONCE_BYTES: usize = 24;

/// A 256-bit key; its bytes are wiped when it is dropped, and never printed.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SecretKey(…)")
    }
}

/// The bytes do not open under this key: they were changed, or belong elsewhere.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("a sealed value does not open under its key")]
pub struct Unreadable;

impl SecretKey {
    pub fn generate() -> Self {
        Self(Zeroizing::new(rand::random()))
    }

    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        hex::decode_to_slice(text.trim(), bytes.as_mut()).ok()?;
        Some(Self(bytes))
    }

    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0.as_ref()))
    }

    /// nonce ‖ ciphertext ‖ tag, bound to `context` (XChaCha20-Poly1305, random nonce).
    pub fn seal(&self, plain: &[u8], context: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: context })
            .map_err(|_| Unreadable)?;
        let mut bytes = Vec::with_capacity(NONCE_BYTES + sealed.len());
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        Ok(bytes)
    }

    /// The plain bytes of what [`seal`](Self::seal) made under the same context.
    pub fn open(&self, sealed: &[u8], context: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let (nonce, body) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(Unreadable)?;
        self.cipher()
            .decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: context })
            .map_err(|_| Unreadable)
    }

    /// This key, sealed under another one.
    pub fn wrap_under(&self, other: &Self, context: &[u8]) -> Result<Vec<u8>, Unreadable> {
        other.seal(self.0.as_ref(), context)
    }

    /// The key that [`wrap_under`](Self::wrap_under) sealed.
    pub fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<Self, Unreadable> {
        let plain = Zeroizing::new(self.open(wrapped, context)?);
        <[u8; 32]>::try_from(plain.as_slice()).map(Self::from_bytes).map_err(|_| Unreadable)
    }

    /// HMAC-SHA256 of the parts, each with its length before it, cut to 128 bits.
    pub fn hmac(&self, parts: &[&[u8]]) -> Uuid {
        // A key shorter than a block is padded with zeros (RFC 2104).
        let mut block = Zeroizing::new([0_u8; 64]);
        for (to, from) in block.iter_mut().zip(self.0.iter()) {
            *to = *from;
        }
        let mut mac = Hmac::<Sha256>::new(&(*block).into());
        for part in parts {
            mac.update(&length(part));
            mac.update(part);
        }
        first_half(&mac.finalize().into_bytes())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }
}

/// What is stored of a claimed value.
pub(crate) fn claim_hash(key: &SecretKey, kind: ClaimKind, value: &str) -> Uuid {
    key.hmac(&[&kind.number().to_be_bytes(), value.as_bytes()])
}

/// SHA-256 of the parts, each with its length before it.
pub fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(length(part));
        hash.update(part);
    }
    hash.finalize().into()
}

/// [`digest`], cut to 128 bits: an identity, not a proof.
pub fn short_digest(parts: &[&[u8]]) -> Uuid {
    first_half(&digest(parts))
}

fn length(part: &[u8]) -> [u8; 8] {
    u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes()
}

fn first_half(bytes: &[u8]) -> Uuid {
    let mut half = [0; 16];
    for (to, from) in half.iter_mut().zip(bytes) {
        *to = *from;
    }
    Uuid::from_bytes(half)
}

#[cfg(test)]
mod tests {
    use super::{SecretKey, digest};

    #[test]
    fn what_is_sealed_opens_only_under_its_key_and_context() {
        let key = SecretKey::generate();
        let sealed = key.seal(b"Ada", b"here").unwrap();
        assert_eq!(key.open(&sealed, b"here").unwrap(), b"Ada");
        assert!(key.open(&sealed, b"there").is_err());
        assert!(SecretKey::generate().open(&sealed, b"here").is_err());
        let mut changed = sealed;
        *changed.last_mut().unwrap() ^= 1;
        assert!(key.open(&changed, b"here").is_err());
    }

    #[test]
    fn keys_wrap_and_unwrap() {
        let (master, key) = (SecretKey::generate(), SecretKey::generate());
        let wrapped = key.wrap_under(&master, b"c").unwrap();
        assert_eq!(*master.unwrap(&wrapped, b"c").unwrap().to_hex(), *key.to_hex());
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
        let key = SecretKey::generate();
        assert_ne!(key.hmac(&[b"ab", b"c"]), key.hmac(&[b"a", b"bc"]));
    }
}
