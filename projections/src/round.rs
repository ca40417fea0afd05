//! One step of following: pages of several lanes folded and written in one transaction, together
//! with the checkpoints, so that every event counts exactly once.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use deadpool_postgres::{ClientWrapper, Transaction};

use crate::checkpoint;
use crate::error::Error;
use crate::fold::{Failure, Fold, Subject, wanted};
use crate::item::{Item, chain};
use crate::park;
use crate::read_model::{Changes, ReadModel};

/// The next events of a lane.
#[derive(Debug)]
pub(crate) struct LanePage {
    pub(crate) lane: i16,
    pub(crate) after: i64,
    pub(crate) items: Vec<Arc<Item>>,
}

impl LanePage {
    /// The position of its last event.
    pub(crate) fn end(&self) -> i64 {
        self.items.last().map_or(self.after, |item| item.position)
    }
}

/// Who writes: its name in `state.parked`, and the epoch of its lease.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    pub(crate) follower: String,
    pub(crate) epoch: i64,
}

/// What became of the pages.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Written,
    /// The checkpoints are elsewhere: somebody else has moved them, or the tables were swapped.
    Elsewhere(HashMap<i16, i64>),
}

/// Writes the pages. What the database refuses for the data's own sake parks its subject, and the
/// pages are written without it.
pub(crate) async fn write<M: ReadModel>(
    client: &mut ClientWrapper,
    writer: &Writer,
    pages: &[LanePage],
) -> Result<Outcome, Error> {
    match write_at_once::<M>(client, writer, pages, false).await {
        Err(error) if error.is_about_data() => {
            tracing::warn!(
                projection.model = M::NAME,
                error = chain(&error),
                "a page was refused by the database: writing it subject by subject"
            );
            write_at_once::<M>(client, writer, pages, true).await
        }
        outcome => outcome,
    }
}

async fn write_at_once<M: ReadModel>(
    client: &mut ClientWrapper,
    writer: &Writer,
    pages: &[LanePage],
    one_by_one: bool,
) -> Result<Outcome, Error> {
    let mut tx = client.transaction().await?;
    let lanes: Vec<i16> = pages.iter().map(|page| page.lane).collect();
    let locked = checkpoint::lock(&tx, &lanes, &writer.follower).await?;
    if locked.version != M::VERSION {
        let (found, known) = (locked.version, M::VERSION);
        return Err(Error::OtherVersion { name: M::NAME, found, known });
    }
    if pages.iter().any(|page| locked.positions.get(&page.lane) != Some(&page.after)) {
        return Ok(Outcome::Elsewhere(locked.positions));
    }
    let waiting = match locked.parked {
        true => park::subjects(&*tx, &writer.follower).await?,
        false => HashSet::new(),
    };
    let (changes, mut failures) = fold::<M>(&tx, pages, waiting).await?;
    if one_by_one {
        failures.extend(save_one_by_one::<M>(&mut tx, pages, changes).await?);
    } else if !changes.is_empty() {
        M::save(&tx, &changes).await?;
    }
    park::add(&tx, &writer.follower, &failures).await?;
    checkpoint::advance(&tx, pages, writer.epoch).await?;
    tx.commit().await?;
    if !failures.is_empty() {
        park::subjects(&**client, &writer.follower).await?;
    }
    Ok(Outcome::Written)
}

async fn fold<M: ReadModel>(
    tx: &Transaction<'_>,
    pages: &[LanePage],
    waiting: HashSet<Subject>,
) -> Result<(Changes<M::Row>, Vec<Failure>), Error> {
    let wanted = wanted::<M>(pages.iter().flat_map(|page| &page.items).map(Arc::as_ref));
    let loaded = match wanted.rows.0.is_empty() && wanted.subjects.0.is_empty() {
        true => Vec::new(),
        false => M::load(tx, &wanted).await?,
    };
    let mut fold = Fold::<M>::new(loaded, waiting);
    for item in pages.iter().flat_map(|page| &page.items) {
        fold.apply(item);
    }
    Ok(fold.finish())
}

/// Saves each subject behind a savepoint; those refused stay as they were and are parked at their
/// first event of these pages.
async fn save_one_by_one<M: ReadModel>(
    tx: &mut Transaction<'_>,
    pages: &[LanePage],
    changes: Changes<M::Row>,
) -> Result<Vec<Failure>, Error> {
    let mut refused = Vec::new();
    for (subject, changes) in by_subject::<M>(pages, changes) {
        let savepoint = tx.transaction().await?;
        match M::save(&savepoint, &changes).await {
            Ok(()) => savepoint.commit().await?,
            Err(error) if error.is_about_data() => {
                savepoint.rollback().await?;
                refused.push(Failure {
                    organisation: subject.0,
                    subject: subject.1,
                    sequence: first_sequence(pages, subject),
                    error: chain(&error),
                });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(refused)
}

fn by_subject<M: ReadModel>(
    pages: &[LanePage],
    changes: Changes<M::Row>,
) -> BTreeMap<Subject, Changes<M::Row>> {
    let mut subjects: BTreeMap<Subject, Changes<M::Row>> = BTreeMap::new();
    for (key, row) in changes.put {
        let subject = (key.organisation, M::subject(key, &row));
        subjects.entry(subject).or_default().put.push((key, row));
    }
    // A row that is gone no longer says whose it was, its events do.
    let mut owners = HashMap::new();
    for item in pages.iter().flat_map(|page| &page.items) {
        let single = wanted::<M>(std::iter::once(item.as_ref()));
        for id in single.rows.1 {
            owners.insert((item.organisation, id), item.subject());
        }
    }
    for key in changes.gone {
        let owner = owners.get(&(key.organisation, key.id)).copied().unwrap_or(key.id);
        subjects.entry((key.organisation, owner)).or_default().gone.push(key);
    }
    subjects
}

fn first_sequence(pages: &[LanePage], (organisation, subject): Subject) -> i64 {
    let items = pages.iter().flat_map(|page| &page.items);
    let mut own =
        items.filter(|item| (item.organisation, item.subject()) == (organisation, subject));
    own.next().map_or(0, |item| item.sequence)
}
