//! The store: one value that holds the pools, the keys and the committers.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use domain::claim::ClaimKind;
use lru::LruCache;
use parking_lot::Mutex;
use tokio_postgres::{Config, NoTls};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::append::committer::Committer;
use crate::append::{Append, AppendError, Appended};
use crate::crypto::{SecretKey, claim_hash};
use crate::error::Error;
use crate::execute::CachedState;
use crate::follow::Heads;
use crate::keys::Keyring;

const CREATE_ORGANISATION: &str = include_str!("store/sql/create_organisation.sql");
const CREATE_KEYS: &str = include_str!("store/sql/create_keys.sql");
const LANE_OF: &str = include_str!("store/sql/lane_of.sql");
const HEADS: &str = include_str!("store/sql/heads.sql");
const HEAD_SEQUENCE: &str = include_str!("store/sql/head_sequence.sql");
const ORGANISATIONS: &str = include_str!("store/sql/organisations.sql");
const ORGANISATIONS_OF: &str = include_str!("store/sql/organisations_of.sql");

const HOLDER: &str = include_str!("store/sql/holder.sql");

/// The role that writes the log.
const APPENDER: &str = "dossier_appender";

/// How many lanes the log has.
pub const LANES: i16 = 16;
const STATES: usize = 50_000;
const SHORTEST_POLL: Duration = Duration::from_millis(20);
const LONGEST_POLL: Duration = Duration::from_millis(500);

/// How to open a store.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// PostgreSQL connection string or URL.
    pub database: String,
    /// The operator's key, under which all others are wrapped.
    pub master_key: SecretKey,
    /// Connections of each role.
    pub pool_size: usize,
    /// Committers of this process; 0 is half the cores, at least one.
    pub committers: usize,
}

/// The event store of one process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    worker: Pool,
    appender: Pool,
    app: Pool,
    committers: Vec<Committer>,
    keyring: Keyring,
    heads: Arc<Heads>,
    lanes: Mutex<HashMap<Uuid, i16>>,
    states: Mutex<LruCache<(Uuid, Uuid), CachedState>>,
    read_only: AtomicBool,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Store").field("committers", &self.committers.len()).finish()
    }
}

impl Store {
    /// Connects; the database must be migrated.
    pub async fn open(settings: StoreSettings) -> Result<Self, Error> {
        let config: Config = settings.database.parse()?;
        let worker = pool(&config, "dossier_worker", settings.pool_size)?;
        let appender = pool(&config, APPENDER, 2)?;
        let app = pool(&config, "dossier_app", settings.pool_size)?;
        let heads = Arc::new(Heads::new());
        let committers = match settings.committers {
            0 => std::thread::available_parallelism().map_or(1, NonZeroUsize::get).div_ceil(2),
            count => count,
        };
        let committers = (0..committers)
            .map(|_| Committer::start(as_role(&config, APPENDER), Arc::clone(&heads)))
            .collect();
        let store = Self(Arc::new(Inner {
            keyring: Keyring::new(settings.master_key, worker.clone()),
            worker,
            appender,
            app,
            committers,
            lanes: Mutex::default(),
            states: Mutex::new(LruCache::new(
                NonZeroUsize::new(STATES).unwrap_or(NonZeroUsize::MIN),
            )),
            heads,
            read_only: AtomicBool::new(false),
        }));
        store.look_at_heads().await?;
        tokio::spawn(keep_polling(Arc::downgrade(&store.0)));
        Ok(store)
    }

    /// Connections of the role that reads the log and writes read models.
    pub fn worker(&self) -> &Pool {
        &self.0.worker
    }

    /// Connections of the role that serves requests: read models and state, never the log's tables.
    pub fn app(&self) -> &Pool {
        &self.0.app
    }

    /// Where the lanes end.
    pub fn heads(&self) -> &Heads {
        &self.0.heads
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.0.keyring
    }

    pub(crate) fn states(&self) -> &Mutex<LruCache<(Uuid, Uuid), CachedState>> {
        &self.0.states
    }

    /// Makes room for an organisation: its lane, counters and keys. Its facts are events.
    pub async fn create_organisation(&self, organisation: Uuid) -> Result<(), Error> {
        let (wrapped, claim_key) =
            self.0.keyring.new_organisation(organisation).map_err(|_| Error::MasterKey)?;
        let mut client = self.0.appender.get().await?;
        let transaction = client.transaction().await?;
        transaction.execute(CREATE_ORGANISATION, &[&organisation]).await?;
        transaction.execute(CREATE_KEYS, &[&organisation, &wrapped, &claim_key]).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The organisations that the log knows.
    pub async fn organisations(&self) -> Result<Vec<Uuid>, Error> {
        let client = self.0.worker.get().await?;
        let rows = client.query(ORGANISATIONS, &[]).await?;
        Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
    }

    /// The organisations of which somebody is or was a member.
    pub async fn organisations_of(&self, user: Uuid) -> Result<Vec<Uuid>, Error> {
        let client = self.0.worker.get().await?;
        let statement = client.prepare_cached(ORGANISATIONS_OF).await?;
        let rows = client.query(&statement, &[&user]).await?;
        Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
    }

    /// The lane in which an organisation lives.
    pub async fn lane_of(&self, organisation: Uuid) -> Result<i16, Error> {
        if let Some(lane) = self.0.lanes.lock().get(&organisation) {
            return Ok(*lane);
        }
        let client = self.0.worker.get().await?;
        let statement = client.prepare_cached(LANE_OF).await?;
        let row = client
            .query_opt(&statement, &[&organisation])
            .await?
            .ok_or(Error::UnknownOrganisation(organisation))?;
        let lane = row.try_get(0)?;
        self.0.lanes.lock().insert(organisation, lane);
        Ok(lane)
    }

    /// The organisation's last sequence, read from the database.
    pub async fn head_sequence(&self, organisation: Uuid) -> Result<i64, Error> {
        let client = self.0.worker.get().await?;
        let statement = client.prepare_cached(HEAD_SEQUENCE).await?;
        let row = client
            .query_opt(&statement, &[&organisation])
            .await?
            .ok_or(Error::UnknownOrganisation(organisation))?;
        Ok(row.try_get(0)?)
    }

    /// The record that holds a unique value, given as [`domain::Event::claims`] gives it.
    pub async fn holder(
        &self,
        organisation: Uuid,
        kind: ClaimKind,
        value: &str,
    ) -> Result<Option<Uuid>, Error> {
        let key = self.0.keyring.organisation(organisation).await?.claims;
        let hashed = claim_hash(&key, kind, value);
        let client = self.0.worker.get().await?;
        let statement = client.prepare_cached(HOLDER).await?;
        let row = client.query_opt(&statement, &[&organisation, &kind.number(), &hashed]).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// Signs something for a purpose, so that it can be told later that it was made here.
    pub async fn signature(
        &self,
        organisation: Uuid,
        purpose: &str,
        text: &[u8],
    ) -> Result<Uuid, Error> {
        let key = self.0.keyring.organisation(organisation).await?.claims;
        Ok(key.hmac(&[b"signature", purpose.as_bytes(), text]))
    }

    /// Seals a secret of the organisation's own (a provider's, not a person's) for a row of state,
    /// bound to the id of what it belongs to.
    pub async fn seal_secret(
        &self,
        organisation: Uuid,
        owner: Uuid,
        secret: &[u8],
    ) -> Result<Vec<u8>, Error> {
        self.0.keyring.seal_secret(organisation, owner, secret).await
    }

    /// The secret that [`seal_secret`](Self::seal_secret) sealed.
    pub async fn open_secret(
        &self,
        organisation: Uuid,
        owner: Uuid,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.0.keyring.open_secret(organisation, owner, sealed).await
    }

    /// Whether this process appends nothing at present.
    pub fn is_read_only(&self) -> bool {
        self.0.read_only.load(Ordering::Relaxed)
    }

    /// From now on this process appends nothing, or does again.
    pub fn set_read_only(&self, read_only: bool) {
        self.0.read_only.store(read_only, Ordering::Relaxed);
    }

    /// Appends, or says why not. The answer comes after the commit.
    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        if self.is_read_only() {
            return Err(AppendError::ReadOnly);
        }
        let lane = self.lane_of(append.organisation).await.map_err(|error| {
            if matches!(error, Error::UnknownOrganisation(_)) {
                AppendError::UnknownOrganisation
            } else {
                AppendError::Unavailable
            }
        })?;
        let lane = usize::try_from(lane).unwrap_or_default();
        let count = self.0.committers.len().max(1);
        match self.0.committers.get(lane % count) {
            Some(committer) => committer.append(append).await,
            None => Err(AppendError::Unavailable),
        }
    }

    /// What was read of an organisation's streams is as old as others' last writes that are known
    /// here while this stays the same; `None` where the organisation's lane is not known yet.
    pub(crate) fn epoch(&self, organisation: Uuid) -> Option<u64> {
        let lane = self.0.lanes.lock().get(&organisation).copied()?;
        Some(self.0.heads.epoch(lane))
    }

    /// Reads where the lanes end, now.
    pub(crate) async fn look_at_heads(&self) -> Result<(), Error> {
        let client = self.0.worker.get().await?;
        let statement = client.prepare_cached(HEADS).await?;
        let rows = client.query(&statement, &[]).await?;
        let heads: Vec<(i16, i64)> = rows
            .iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect::<Result<_, tokio_postgres::Error>>()?;
        self.0.heads.advance(&heads);
        Ok(())
    }
}

/// The net under the wake-ups: brings what other processes append. Slower while nothing happens.
async fn keep_polling(store: std::sync::Weak<Inner>) {
    let mut pause = SHORTEST_POLL;
    loop {
        tokio::time::sleep(pause).await;
        let Some(inner) = store.upgrade() else { return };
        let store = Store(inner);
        let mut watch = store.heads().watch();
        watch.mark_unchanged();
        if let Err(error) = store.look_at_heads().await {
            tracing::warn!(error = %error, "the lanes' counters could not be read");
        }
        let moved = watch.has_changed().unwrap_or(false);
        pause = if moved { SHORTEST_POLL } else { (pause * 2).min(LONGEST_POLL) };
    }
}

/// A process that stands still must not keep others from the rows that it has locked: its open
/// transaction is ended, the counters' soon, those of long builds late.
fn patience(role: &str) -> Duration {
    if role == APPENDER { Duration::from_secs(10) } else { Duration::from_mins(1) }
}

fn as_role(config: &Config, role: &str) -> Config {
    let mut config = config.clone();
    let options = format!(
        "{} -c role={role} -c idle_in_transaction_session_timeout={}",
        config.get_options().unwrap_or_default(),
        patience(role).as_millis()
    );
    config.options(options.trim()).application_name(role);
    config
}

fn pool(config: &Config, role: &str, size: usize) -> Result<Pool, Error> {
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(as_role(config, role), NoTls, recycling);
    Ok(Pool::builder(manager)
        .max_size(size.max(1))
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(Duration::from_secs(5)))
        .create_timeout(Some(Duration::from_secs(5)))
        .build()?)
}
