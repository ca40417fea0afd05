//! Invariant 4, held: a read model built anew equals the live one, row by row.

use std::collections::BTreeSet;
use std::sync::Arc;

use deadpool_postgres::Transaction;
use eventstore::Store;
use uuid::Uuid;

use crate::error::Error;
use crate::feed::Feed;
use crate::follow::Follower;
use crate::models::each_model;
use crate::read_model::ReadModel;
use crate::rebuild::build;
use crate::round::Writer;
use crate::{checkpoint, park, schema, session};

/// So many differing rows are named.
const NAMED: usize = 20;

/// What the comparison found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub name: &'static str,
    /// Rows compared, of all organisations.
    pub rows: u64,
    /// Some of the rows that only one of the two has, with a `-` (live only) or `+` (rebuilt only).
    pub differing: Vec<String>,
}

impl Comparison {
    pub fn is_equal(&self) -> bool {
        self.differing.is_empty()
    }
}

/// Builds the read model beside the live one, compares the two at the same position, and drops
/// the build.
#[expect(clippy::cognitive_complexity, reason = "the same for each read model")]
pub async fn rebuilt_equals_live(store: &Store, name: &str) -> Result<Comparison, Error> {
    each_model!(M => {
        if M::NAME == name {
            return compare::<M>(store).await;
        }
    });
    Err(Error::UnknownModel(name.to_owned()))
}

async fn compare<M: ReadModel>(store: &Store) -> Result<Comparison, Error> {
    let check = format!("{}_check", M::NAME);
    let compared = build_and_compare::<M>(store, &check).await;
    let client = store.worker().get().await?;
    schema::drop(&**client, &check).await?;
    park::forget(&**client, &check).await?;
    compared
}

async fn build_and_compare<M: ReadModel>(store: &Store, check: &str) -> Result<Comparison, Error> {
    let mut live = session::folding(store, M::NAME).await?;
    let positions = checkpoint::positions(&live).await?;
    build::<M>(store, check, &positions).await?;
    let writer = Writer { follower: check.to_owned(), epoch: 0 };
    let feed = Arc::new(Feed::new(store.clone()));
    let client = session::folding(store, check).await?;
    let mut follower = Follower::new(feed, client, writer).await?;

    // The live one waits at this position while it is compared.
    let lanes: Vec<i16> = (0..eventstore::LANES).collect();
    let live = live.transaction().await?;
    let locked = checkpoint::lock(&live, &lanes, M::NAME).await?;
    follower.catch_up::<M>(&locked.positions).await?;
    let mut built = session::building(store, check).await?;
    let built = built.transaction().await?;
    let mut comparison = Comparison { name: M::NAME, rows: 0, differing: Vec::new() };
    for organisation in store.organisations().await? {
        difference::<M>(&live, &built, organisation, &mut comparison).await?;
    }
    parked_difference(&live, check, &mut comparison).await?;
    Ok(comparison)
}

async fn parked_difference(
    live: &Transaction<'_>,
    check: &str,
    comparison: &mut Comparison,
) -> Result<(), Error> {
    let subjects = |parked: Vec<park::Parked>| -> BTreeSet<(Uuid, Uuid)> {
        parked.into_iter().map(|parked| (parked.organisation, parked.subject)).collect()
    };
    let built = subjects(park::parked(&**live, check).await?);
    let live = subjects(park::parked(&**live, comparison.name).await?);
    let differing = live.symmetric_difference(&built);
    comparison.differing.extend(differing.map(|(_, subject)| format!("parked {subject}")));
    Ok(())
}

async fn difference<M: ReadModel>(
    live: &Transaction<'_>,
    built: &Transaction<'_>,
    organisation: Uuid,
    comparison: &mut Comparison,
) -> Result<(), Error> {
    let live = M::lines(live, organisation).await?;
    let built = M::lines(built, organisation).await?;
    comparison.rows += u64::try_from(live.len()).unwrap_or_default();
    if live == built {
        return Ok(());
    }
    let live: BTreeSet<String> = live.into_iter().collect();
    let built: BTreeSet<String> = built.into_iter().collect();
    let only_live = live.difference(&built).map(|line| format!("- {line}"));
    let only_built = built.difference(&live).map(|line| format!("+ {line}"));
    comparison.differing.extend(only_live.take(NAMED));
    comparison.differing.extend(only_built.take(NAMED));
    if comparison.differing.is_empty() {
        comparison.differing.push(format!("organisation {organisation}: rows in another number"));
    }
    Ok(())
}
