//! Passwords: what one must be, and argon2id, one random salt each, as PHC strings.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// 64 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How a hash begins that was made with these.
const PRESENT: &str = "$argon2id$v=19$m=65536,t=2,p=1$";

/// So many are hashed at once: each takes a core and its memory.
const AT_ONCE: usize = 2;
/// So many may wait for their turn; the next one is sent away.
const WAITING: usize = 50;

const SHORTEST: usize = 8;
const LONGEST: usize = 128;

/// Passwords that everybody tries first, in lower case. See LICENSE beside it.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("passwords/common.txt").lines().collect());

/// What a password is held against where there is none, so that it takes as long.
static NOBODYS: LazyLock<String> = LazyLock::new(|| hash(&one_time()).unwrap_or_default());

/// Letters and digits that nobody confuses when reading them off a screen.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const ONE_TIME_LENGTH: usize = 20;

/// The password cannot be hashed.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct Error(String);

/// Why a text is no password to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("a password has 8 to 128 characters; a sentence makes a good one")]
    Length,
    #[error("everybody tries this password first; take another one, such as a few words in a row")]
    Common,
}

/// Whether somebody may have this password. No rules about digits and signs: they make passwords
/// that are hard to keep in mind and easy to guess.
///
/// # Errors
/// What is the matter with it.
pub fn check(password: &str) -> Result<(), Unfit> {
    if !(SHORTEST..=LONGEST).contains(&password.chars().count()) {
        return Err(Unfit::Length);
    }
    if COMMON.contains(password.to_lowercase().as_str()) {
        return Err(Unfit::Common);
    }
    Ok(())
}

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

/// Whether a password is the one that was hashed; without a hash it never is, and takes as long.
fn is_right(password: &str, hash: Option<&str>) -> bool {
    let nobodys = NOBODYS.as_str();
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(nobodys)) else { return false };
    let right = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    right && hash.is_some()
}

/// Whether a hash was made with other parameters than those of today.
pub(crate) fn is_outdated(hash: &str) -> bool {
    !hash.starts_with(PRESENT)
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

/// Where requests wait for their turn to have a password hashed: without it, signing in would be
/// the cheapest way to bring the service down.
#[derive(Debug)]
pub(crate) struct Desk {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Default for Desk {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), waiting: AtomicUsize::new(0) }
    }
}

/// The right to have one password hashed or checked.
#[derive(Debug)]
pub(crate) struct Turn(OwnedSemaphorePermit);

/// Somebody in the queue; out of it when dropped, also where the request is given up.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Desk {
    /// Waits for a turn; `None` where too many wait already.
    pub(crate) async fn turn(&self) -> Option<Turn> {
        let ahead = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _place = Place(&self.waiting);
        if ahead >= WAITING {
            return None;
        }
        Arc::clone(&self.turns).acquire_owned().await.ok().map(Turn)
    }
}

impl Turn {
    /// Whether a password is the one that was hashed.
    pub(crate) async fn verify(self, password: String, hash: Option<String>) -> bool {
        self.work(move || is_right(&password, hash.as_deref())).await.unwrap_or(false)
    }

    /// A password's PHC string.
    pub(crate) async fn hash(self, password: String) -> Result<String, Error> {
        self.work(move || hash(&password)).await.unwrap_or_else(|lost| Err(Error(lost.to_string())))
    }

    /// The turn lasts as long as the work does, also where nobody waits for its end any more.
    async fn work<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, tokio::task::JoinError> {
        let Self(permit) = self;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
    }
}

#[cfg(test)]
mod tests;
