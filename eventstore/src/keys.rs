//! Keys: one per person, wrapped by the organisation's, that wrapped by the operator's.
//!
//! Destroying a person's key makes the personal values of all their events unreadable, in the
//! log, its copies and its backups.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use deadpool_postgres::Pool;
use lru::LruCache;
use parking_lot::Mutex;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::crypto::{SecretKey, Unreadable};
use crate::error::Error;

const READ_ORGANISATION: &str = include_str!("keys/sql/read_organisation.sql");
const READ_PERSONS: &str = include_str!("keys/sql/read_persons.sql");

const PERSONS: usize = 100_000;
/// A key destroyed by another process is forgotten here after this time.
const PERSON_TTL: Duration = Duration::from_secs(60);

/// An organisation's keys.
#[derive(Debug, Clone)]
pub(crate) struct OrganisationKeys {
    pub(crate) wrapping: SecretKey,
    pub(crate) claims: SecretKey,
}

/// A person's key: usable, destroyed, or not made yet.
#[derive(Debug, Clone)]
pub(crate) enum PersonKey {
    Known(SecretKey),
    Destroyed,
    Missing,
}

pub(crate) struct Keyring {
    master: SecretKey,
    pool: Pool,
    organisations: Mutex<HashMap<Uuid, OrganisationKeys>>,
    persons: Mutex<LruCache<(Uuid, Uuid), (PersonKey, Instant)>>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keyring(…)")
    }
}

impl Keyring {
    /// `pool` connects with a role that may read the schema `keys`.
    pub(crate) fn new(master: SecretKey, pool: Pool) -> Self {
        let persons = LruCache::new(NonZeroUsize::new(PERSONS).unwrap_or(NonZeroUsize::MIN));
        Self { master, pool, organisations: Mutex::default(), persons: Mutex::new(persons) }
    }

    /// Fresh keys for a new organisation, and their wrapped forms (key, claim key).
    pub(crate) fn new_organisation(
        &self,
        organisation: Uuid,
    ) -> Result<(Vec<u8>, Vec<u8>), Unreadable> {
        let (wrapping, claims) = (SecretKey::generate(), SecretKey::generate());
        Ok((
            wrapping.wrap_under(&self.master, &organisation_context(organisation, "key"))?,
            claims.wrap_under(&self.master, &organisation_context(organisation, "claims"))?,
        ))
    }

    pub(crate) async fn organisation(&self, id: Uuid) -> Result<OrganisationKeys, Error> {
        if let Some(keys) = self.organisations.lock().get(&id) {
            return Ok(keys.clone());
        }
        let client = self.pool.get().await?;
        let statement = client.prepare_cached(READ_ORGANISATION).await?;
        let row =
            client.query_opt(&statement, &[&id]).await?.ok_or(Error::UnknownOrganisation(id))?;
        let open = |name, context| -> Result<SecretKey, Error> {
            let wrapped: Vec<u8> = row.try_get(name)?;
            let context = organisation_context(id, context);
            self.master.unwrap(&wrapped, &context).map_err(|_| Error::MasterKey)
        };
        let keys = OrganisationKeys {
            wrapping: open("wrapped", "key")?,
            claims: open("claim_key", "claims")?,
        };
        self.organisations.lock().insert(id, keys.clone());
        Ok(keys)
    }

    /// The keys of these persons of one organisation, from the cache or in one read.
    pub(crate) async fn persons(
        &self,
        organisation: Uuid,
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, PersonKey>, Error> {
        let mut found = HashMap::with_capacity(ids.len());
        let mut missing = Vec::new();
        {
            let mut persons = self.persons.lock();
            for id in ids {
                match persons.get(&(organisation, *id)) {
                    Some((key, at)) if at.elapsed() < PERSON_TTL => {
                        found.insert(*id, key.clone());
                    }
                    Some(_) | None => missing.push(*id),
                }
            }
        }
        if !missing.is_empty() {
            self.read(organisation, &missing, &mut found).await?;
        }
        Ok(found)
    }

    async fn read(
        &self,
        organisation: Uuid,
        missing: &[Uuid],
        found: &mut HashMap<Uuid, PersonKey>,
    ) -> Result<(), Error> {
        let wrapping = self.organisation(organisation).await?.wrapping;
        let client = self.pool.get().await?;
        let statement = client.prepare_cached(READ_PERSONS).await?;
        for row in client.query(&statement, &[&organisation, &missing]).await? {
            let id: Uuid = row.try_get("key_id")?;
            let wrapped: Option<Vec<u8>> = row.try_get("wrapped")?;
            let key = match wrapped {
                Some(wrapped) => PersonKey::Known(
                    wrapping
                        .unwrap(&wrapped, &person_context(organisation, id))
                        .map_err(|_| Error::MasterKey)?,
                ),
                None => PersonKey::Destroyed,
            };
            self.remember(organisation, id, key.clone());
            found.insert(id, key);
        }
        for id in missing {
            found.entry(*id).or_insert(PersonKey::Missing);
        }
        Ok(())
    }

    /// A fresh key for a person and its wrapped form; it counts once its append is committed.
    pub(crate) async fn make_person(
        &self,
        organisation: Uuid,
        id: Uuid,
    ) -> Result<(SecretKey, Vec<u8>), Error> {
        let wrapping = self.organisation(organisation).await?.wrapping;
        let key = SecretKey::generate();
        let wrapped = key
            .wrap_under(&wrapping, &person_context(organisation, id))
            .map_err(|_| Error::MasterKey)?;
        Ok((key, wrapped))
    }

    /// Seals a secret of the organisation's own under its key, bound to what it belongs to.
    pub(crate) async fn seal_secret(
        &self,
        organisation: Uuid,
        owner: Uuid,
        secret: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let wrapping = self.organisation(organisation).await?.wrapping;
        wrapping.seal(secret, &secret_context(organisation, owner)).map_err(|_| Error::MasterKey)
    }

    /// The secret that [`seal_secret`](Self::seal_secret) sealed.
    pub(crate) async fn open_secret(
        &self,
        organisation: Uuid,
        owner: Uuid,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let wrapping = self.organisation(organisation).await?.wrapping;
        let opened = wrapping.open(sealed, &secret_context(organisation, owner));
        opened.map(Zeroizing::new).map_err(|_| Error::MasterKey)
    }

    pub(crate) fn remember(&self, organisation: Uuid, id: Uuid, key: PersonKey) {
        self.persons.lock().put((organisation, id), (key, Instant::now()));
    }
}

fn organisation_context(organisation: Uuid, purpose: &str) -> Vec<u8> {
    [organisation.as_bytes().as_slice(), purpose.as_bytes()].concat()
}

fn person_context(organisation: Uuid, person: Uuid) -> Vec<u8> {
    [organisation.as_bytes().as_slice(), person.as_bytes().as_slice()].concat()
}

fn secret_context(organisation: Uuid, owner: Uuid) -> Vec<u8> {
    [organisation.as_bytes().as_slice(), owner.as_bytes().as_slice(), b"secret"].concat()
}
