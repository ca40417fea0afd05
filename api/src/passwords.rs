//! Passwords: argon2id, one random salt each, as PHC strings (RELIABILITY: authentication).

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};

/// 64 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Letters and digits that nobody confuses when reading them off a screen.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const ONE_TIME_LENGTH: usize = 20;

/// The password cannot be hashed.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct Error(String);

/// A password's PHC string. Takes tens of milliseconds of one core: call it off the runtime.
///
/// # Errors
/// The parameters or the password are beyond what argon2 takes.
pub fn hash(password: &str) -> Result<String, Error> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| Error(error.to_string()))?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error(error.to_string()))
}

/// A password to be shown once and changed at the first sign-in; about 116 random bits.
#[must_use]
pub fn one_time() -> String {
    (0..ONE_TIME_LENGTH)
        .map(|_| {
            let index = rand::random_range(0..ALPHABET.len());
            ALPHABET.get(index).copied().map_or('x', char::from)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use argon2::Argon2;
    use argon2::password_hash::PasswordVerifier;
    use argon2::password_hash::phc::PasswordHash;

    #[test]
    fn a_hash_opens_to_its_password_only() {
        let password = super::one_time();
        let hash = super::hash(&password).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$"), "{hash}");
        let parsed = PasswordHash::new(&hash).unwrap();
        assert!(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
        assert!(Argon2::default().verify_password(b"another", &parsed).is_err());
    }
}
