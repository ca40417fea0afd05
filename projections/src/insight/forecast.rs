//! The models of repurchase, fitted to each organisation's own history.
//!
//! What was fitted is kept in the memory of the process that was asked: it follows from the read
//! model and takes seconds to make again, so that nothing of it has to be stored.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use domain::access::Scope;
use eventstore::Store;
use jiff::civil::Date;
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use uuid::Uuid;

use super::Insight;
use super::history::{Everybody, observed_until, of_everybody};
use crate::error::Error;
use crate::item::chain;
use crate::page::position;
use crate::read_model::ReadModel;
use crate::reader::{connection, reading};
use crate::repurchase::{BgNbd, GammaGamma};

const SINCE: &str = include_str!("since.sql");

/// Fewer customers than this who bought again do not tell how all do.
pub(super) const REPEATING: u32 = 50;
/// A history that grew by a twentieth is fitted anew, but not for fewer documents than this.
const FEW: i64 = 20;
const PART: i64 = 20;

/// What was fitted for the organisations that were asked about.
#[derive(Debug, Clone, Default)]
pub struct Forecasts {
    kept: Arc<Mutex<HashMap<Uuid, Slot>>>,
}

#[derive(Debug, Default)]
struct Slot {
    fitted: Option<Arc<Fitted>>,
    /// Closed when the fit that is under way has ended.
    under_way: Option<watch::Receiver<()>>,
}

/// The models as fitted to a history.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fitted {
    /// `None` where the history is too short.
    pub(super) buying: Option<BgNbd>,
    /// By currency.
    pub(super) spending: BTreeMap<String, GammaGamma>,
    purchases: i64,
    sequence: i64,
}

impl Forecasts {
    /// The models for the organisation's history as it is now, or almost. Where there are none yet,
    /// they are waited for so long; `None` if they are not there by then.
    pub(super) async fn fitted(
        &self,
        store: &Store,
        scope: &Scope,
        today: Date,
        patience: Duration,
    ) -> Result<Option<Arc<Fitted>>, Error> {
        let organisation = scope.organisation();
        let kept = self.kept(organisation);
        if let Some(fitted) = &kept
            && !has_moved(store, scope, fitted).await?
        {
            return Ok(kept);
        }
        let mut under_way = self.begin(store, scope, today);
        if kept.as_ref().is_some_and(|fitted| fitted.buying.is_some()) {
            return Ok(kept);
        }
        // It says nothing but that it has ended.
        let _ = timeout(patience, under_way.changed()).await;
        Ok(self.kept(organisation))
    }

    fn kept(&self, organisation: Uuid) -> Option<Arc<Fitted>> {
        self.kept.lock().get(&organisation).and_then(|slot| slot.fitted.clone())
    }

    /// Begins to fit, unless somebody does.
    fn begin(&self, store: &Store, scope: &Scope, today: Date) -> watch::Receiver<()> {
        let mut kept = self.kept.lock();
        let slot = kept.entry(scope.organisation()).or_default();
        if let Some(under_way) = &slot.under_way
            && under_way.has_changed().is_ok()
        {
            return under_way.clone();
        }
        let (ending, under_way) = watch::channel(());
        slot.under_way = Some(under_way.clone());
        let (forecasts, store, scope) = (self.clone(), store.clone(), scope.clone());
        tokio::spawn(async move {
            match fit(&store, &scope, today).await {
                Ok(fitted) => forecasts.keep(scope.organisation(), fitted),
                Err(error) => tracing::warn!(
                    organisation.id = %scope.organisation(),
                    error = chain(&error),
                    "the models of repurchase could not be fitted"
                ),
            }
            drop(ending);
        });
        under_way
    }

    fn keep(&self, organisation: Uuid, fitted: Fitted) {
        self.kept.lock().entry(organisation).or_default().fitted = Some(Arc::new(fitted));
    }
}

async fn has_moved(store: &Store, scope: &Scope, fitted: &Fitted) -> Result<bool, Error> {
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(SINCE).await?;
    let enough = FEW.max(fitted.purchases / PART);
    let row = tx.query_opt(&statement, &[&scope.organisation(), &fitted.sequence, &enough]).await?;
    Ok(row.is_some())
}

async fn fit(store: &Store, scope: &Scope, today: Date) -> Result<Fitted, Error> {
    let organisation = scope.organisation();
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let sequence = position(&tx, Insight::NAME, organisation).await?;
    let until = observed_until(&tx, organisation, today).await?;
    let everybody = of_everybody(&tx, organisation, today).await?;
    drop(tx);
    drop(client);
    let fitted = spawn_blocking(move || models(&everybody, until, sequence)).await?;
    Ok(fitted)
}

fn models(everybody: &Everybody, until: Option<Date>, sequence: i64) -> Fitted {
    let until = until.filter(|_| everybody.repeating() >= REPEATING);
    let buying = until.and_then(|until| BgNbd::fit(&everybody.customers(until)));
    let spending = everybody.spending.iter().filter_map(|(currency, customers)| {
        let enough = u32::try_from(customers.len()).is_ok_and(|count| count >= REPEATING);
        let (model, _) = GammaGamma::fit(customers).filter(|_| enough)?;
        Some((currency.clone(), model))
    });
    Fitted {
        buying: buying.map(|(model, _)| model),
        spending: spending.collect(),
        purchases: everybody.purchases,
        sequence,
    }
}
