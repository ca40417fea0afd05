//! Gives parked subjects another try, after the program or the data was mended.

use eventstore::{Store, Subjects};
use uuid::Uuid;

use crate::error::Error;
use crate::fold::{Fold, Subject};
use crate::item::Item;
use crate::models::each_model;
use crate::park::{self, Parked};
use crate::read_model::{Key, ReadModel, Wanted};
use crate::{checkpoint, session};

const PAGE: i64 = 500;

/// What came of a retry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retried {
    /// Subjects that follow again.
    pub freed: usize,
    /// Subjects that still do not fold.
    pub still_parked: usize,
}

/// Folds every parked subject of a read model from its first event again; those that fold take
/// part from then on.
#[expect(clippy::cognitive_complexity, reason = "the same for each read model")]
pub async fn retry_parked(store: &Store, name: &str) -> Result<Retried, Error> {
    each_model!(M => {
        if M::NAME == name {
            return retry::<M>(store).await;
        }
    });
    Err(Error::UnknownModel(name.to_owned()))
}

async fn retry<M: ReadModel>(store: &Store) -> Result<Retried, Error> {
    let client = store.worker().get().await?;
    let parked = park::parked(&**client, M::NAME).await?;
    drop(client);
    let mut retried = Retried::default();
    for Parked { organisation, subject, .. } in parked {
        if retry_one::<M>(store, (organisation, subject)).await? {
            retried.freed += 1;
        } else {
            retried.still_parked += 1;
        }
    }
    let client = store.worker().get().await?;
    park::subjects(&**client, M::NAME).await?;
    Ok(retried)
}

async fn retry_one<M: ReadModel>(store: &Store, subject: Subject) -> Result<bool, Error> {
    let (organisation, id) = subject;
    let lane = store.lane_of(organisation).await?;
    let mut client = session::folding(store, M::NAME).await?;
    let tx = client.transaction().await?;
    // The runner waits; what comes after this position it folds itself.
    let locked = checkpoint::lock(&tx, &[lane], M::NAME).await?;
    let until = locked.positions.get(&lane).copied().unwrap_or_default();
    let mut fold = Fold::<M>::default();
    for item in events::<M>(store, subject, until).await? {
        fold.apply(&item);
    }
    let (mut changes, failures) = fold.finish();
    if !failures.is_empty() {
        return Ok(false);
    }
    let wanted = Wanted { subjects: (vec![organisation], vec![id]), ..Wanted::default() };
    let before = M::load(&tx, &wanted).await?;
    let kept = |key: &Key| changes.put.iter().any(|(put, _)| put == key);
    let gone: Vec<Key> = before.into_iter().map(|(key, _)| key).filter(|key| !kept(key)).collect();
    changes.gone = gone;
    match M::save(&tx, &changes).await {
        Ok(()) => {}
        Err(error) if error.is_about_data() => return Ok(false),
        Err(error) => return Err(error),
    }
    park::remove(&tx, M::NAME, subject).await?;
    tx.commit().await?;
    Ok(true)
}

/// All events of one subject up to a position, broken ones included.
async fn events<M: ReadModel>(
    store: &Store,
    (organisation, subject): Subject,
    until: i64,
) -> Result<Vec<Item>, Error> {
    let events = M::EVENTS.iter().map(|name| (*name).to_owned()).collect();
    let asked = Subjects { organisation, events, sealed: Vec::new(), until, limit: PAGE };
    let mut items = Vec::new();
    let mut after = (subject, 0);
    loop {
        let page = store.read_streams(&asked, after).await?;
        after = page.last().map_or(after, |last| (last.recorded.stream_id, last.recorded.version));
        let more = !page.is_empty() && after.0 == subject;
        items.extend(of_subject(page.into_iter().map(Item::from), subject));
        if !more {
            break;
        }
    }
    let mut after = (subject, 0);
    loop {
        let page = store.read_about_customers(&asked, after).await?;
        let page: Vec<Item> = page.into_iter().map(Item::from).collect();
        after = page.last().map_or(after, |last| (last.subject(), last.sequence));
        let more = !page.is_empty() && after.0 == subject;
        items.extend(of_subject(page, subject));
        if !more {
            break;
        }
    }
    items.sort_by_key(|item| item.sequence);
    Ok(items)
}

fn of_subject(items: impl IntoIterator<Item = Item>, subject: Uuid) -> impl Iterator<Item = Item> {
    items.into_iter().filter(move |item| item.subject() == subject)
}
