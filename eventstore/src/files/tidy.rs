//! Bytes that nobody needs any more: of erased customers, of files that were removed long ago, of
//! uploads that ended in no event.

use std::collections::BTreeMap;

use super::{FileError, Files, Location, ObjectMeta, ObjectStore, ObjectStoreExt, PersonKey};
use super::{Timestamp, TryStreamExt, Uuid};

const NEEDLESS: &str = include_str!("sql/needless.sql");

/// An upload that is younger may still be waiting for its event.
const YOUNG_SECONDS: i64 = 24 * 60 * 60;
const AT_ONCE: usize = 500;

/// How many there were, and how many were let go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tidied {
    pub found: usize,
    pub gone: usize,
}

impl Files {
    /// Lets go what is not needed any more. Two at once do no harm.
    pub async fn tidy(&self) -> Result<Tidied, FileError> {
        let mut objects = self.objects.list(None);
        let mut tidied = Tidied::default();
        let mut of: BTreeMap<Uuid, Vec<Kept>> = BTreeMap::new();
        let mut waiting = 0;
        while let Some(object) = objects.try_next().await? {
            tidied.found += 1;
            // What has another form was not put there by us.
            if let Some((organisation, kept)) = placed(&object) {
                of.entry(organisation).or_default().push(kept);
                waiting += 1;
            }
            if waiting == AT_ONCE {
                tidied.gone += self.tidy_some(std::mem::take(&mut of)).await?;
                waiting = 0;
            }
        }
        tidied.gone += self.tidy_some(of).await?;
        Ok(tidied)
    }

    async fn tidy_some(&self, of: BTreeMap<Uuid, Vec<Kept>>) -> Result<usize, FileError> {
        let mut gone = 0;
        for (organisation, kept) in of {
            let customers: Vec<Uuid> = kept.iter().map(|kept| kept.customer).collect();
            let keys = self.store.keyring().persons(organisation, &customers).await?;
            let old = kept.iter().filter(|kept| !kept.young).map(|kept| kept.file);
            let needless = self.needless(organisation, old.collect()).await?;
            for kept in kept {
                let erased = matches!(keys.get(&kept.customer), Some(PersonKey::Destroyed));
                if erased || needless.contains(&kept.file) {
                    self.objects.delete(&kept.location).await?;
                    gone += 1;
                }
            }
        }
        Ok(gone)
    }

    async fn needless(&self, organisation: Uuid, files: Vec<Uuid>) -> Result<Vec<Uuid>, FileError> {
        let needless = async {
            let client = self.store.worker().get().await?;
            let statement = client.prepare_cached(NEEDLESS).await?;
            let rows = client.query(&statement, &[&organisation, &files]).await?;
            Ok(rows.iter().map(|row| row.try_get("id")).collect::<Result<_, _>>()?)
        };
        needless.await.map_err(FileError::Store)
    }
}

/// Bytes that are there.
#[derive(Debug)]
struct Kept {
    location: Location,
    customer: Uuid,
    file: Uuid,
    young: bool,
}

fn placed(object: &ObjectMeta) -> Option<(Uuid, Kept)> {
    let mut parts = object.location.parts().map(|part| part.as_ref().parse::<Uuid>().ok());
    let (organisation, customer, file) = (parts.next()??, parts.next()??, parts.next()??);
    let age = Timestamp::now().as_second() - object.last_modified.timestamp();
    let location = object.location.clone();
    Some((organisation, Kept { location, customer, file, young: age < YOUNG_SECONDS }))
}
