//! A running service: the store, the workers that this process was asked to run, and the server.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use automation::egress::{self, Egress};
use eventstore::nats::{Nats, NatsError, NatsSettings};
use eventstore::relay::{Relay, RelaySettings};
use eventstore::source::{EventSource, LogSource, StreamSource};
use eventstore::wake::{self, Waking};
use eventstore::{SecretKey, Store, StoreSettings};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::bootstrap::{self, Owner};
use crate::files::Cabinet;
use crate::import::jobs::Jobs;
use crate::server::{self, App, Door, Post};
use crate::settings::Role;

/// How to start a service.
#[derive(Debug, Clone)]
pub struct ServiceSettings {
    /// Connection string or URL of a login that may migrate.
    pub database: String,
    pub master_key: SecretKey,
    /// Where files are kept.
    pub data_dir: PathBuf,
    /// The bytes that a customer's file may have.
    pub largest_file: u64,
    /// Where to serve; port 0 takes a free one.
    pub listen: SocketAddr,
    pub roles: Vec<Role>,
    /// Without it followers read the log alone, and processes wake each other by polling it.
    pub nats: Option<NatsSettings>,
    /// How the service is reached, for a process that serves HTTP.
    pub door: Door,
    /// How messages go out.
    pub outbox: automation::outbox::Settings,
}

/// Why a service does not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Store(#[from] eventstore::Error),
    #[error("the read models could not be set up")]
    Projections(#[from] projections::Error),
    #[error(transparent)]
    Bootstrap(#[from] bootstrap::Error),
    #[error(transparent)]
    Nats(#[from] NatsError),
    #[error("{listen} cannot be listened on; choose another address with --listen")]
    Listen { listen: SocketAddr, source: std::io::Error },
    #[error("calls to addresses outside could not be set up")]
    Egress(#[source] egress::SetUp),
    #[error(transparent)]
    Files(#[from] eventstore::files::FileError),
    #[error("a folder of the data directory could not be made")]
    Folder(#[source] std::io::Error),
}

/// A service that runs until it is stopped.
#[derive(Debug)]
pub struct Service {
    pub address: SocketAddr,
    pub store: Store,
    pub jobs: Jobs,
    /// Of a process that serves HTTP.
    pub owner: Option<Owner>,
    app: App,
    stop: Arc<Notify>,
    server: Option<JoinHandle<()>>,
    automation: Option<automation::Handle>,
    relay: Option<Relay>,
    waking: Option<Waking>,
    outbox: Option<automation::Handle>,
    tidying: Option<JoinHandle<()>>,
}

impl Service {
    /// Migrates, makes what the first start needs, and starts the roles.
    ///
    /// # Errors
    /// What is in the way.
    pub async fn start(settings: ServiceSettings) -> Result<Self, Error> {
        let nats = match settings.nats {
            Some(settings) => Some(Nats::connect(settings).await?),
            None => None,
        };
        eventstore::migrate(&settings.database).await?;
        projections::install(&settings.database).await?;
        let store = Store::open(StoreSettings {
            database: settings.database,
            master_key: settings.master_key,
            pool_size: 16,
            committers: 0,
        })
        .await?;
        let runs = |role| settings.roles.contains(&role);
        let owner = match runs(Role::Api) {
            true => Some(bootstrap::bootstrap(&store, &settings.data_dir).await?),
            false => None,
        };
        let jobs = Jobs::new(store.clone(), folder(&settings.data_dir, "imports").await?);
        let folder = folder(&settings.data_dir, "files").await?;
        let files = Cabinet::open(store.clone(), &folder, settings.largest_file)?;
        let waking = nats.as_ref().map(|nats| wake::start(&store, nats));
        let egress = Egress::new(settings.outbox.calls.egress.clone()).map_err(Error::Egress)?;
        let post = Post {
            smtp: settings.outbox.smtp.clone(),
            public_url: settings.outbox.public_url.clone(),
        };
        let kept = (jobs.clone(), files.clone());
        let app = App::new(store.clone(), kept, egress.clone(), settings.door, post);
        if runs(Role::Project) {
            app.follow(projections::start(store.clone()));
        }
        let relay = nats.as_ref().filter(|_| runs(Role::Relay));
        let relay = relay.map(|nats| Relay::start(&store, nats, RelaySettings::default()));
        let source = source(&store, nats);
        let automation = runs(Role::Automate).then(|| automation::start(store.clone(), source));
        let outbox = settings.outbox.clone();
        let outbox =
            runs(Role::Deliver).then(|| automation::outbox::start(store.clone(), egress, outbox));
        let stop = Arc::new(Notify::new());
        let mut address = settings.listen;
        let (mut server, mut tidying) = (None, None);
        if runs(Role::Api) {
            let listen = settings.listen;
            let named = |source| Error::Listen { listen, source };
            let listener = TcpListener::bind(listen).await.map_err(named)?;
            address = listener.local_addr().map_err(named)?;
            jobs.resume().await?;
            tidying = Some(files.keep_tidy());
            let stopped = Arc::clone(&stop);
            server = Some(tokio::spawn(server::serve(app.clone(), listener, async move {
                stopped.notified().await;
            })));
        }
        Ok(Self {
            address,
            store,
            jobs,
            owner,
            app,
            stop,
            server,
            automation,
            relay,
            waking,
            outbox,
            tidying,
        })
    }

    /// Stops in order: no more requests, then the workers.
    ///
    /// # Errors
    /// The server had failed.
    pub async fn stop(mut self) -> std::io::Result<()> {
        self.stop.notify_one();
        if let Some(tidying) = self.tidying.take() {
            tidying.abort();
        }
        let served = match self.server.take() {
            Some(server) => server.await.map_err(std::io::Error::other),
            None => Ok(()),
        };
        if let Some(automation) = self.automation.take() {
            automation.stop().await;
        }
        if let Some(outbox) = self.outbox.take() {
            outbox.stop().await;
        }
        if let Some(projections) = self.app.unfollow() {
            projections.stop().await;
        }
        if let Some(relay) = self.relay.take() {
            relay.stop().await;
        }
        drop(self.waking.take());
        served
    }
}

/// A folder of the data directory.
async fn folder(data_dir: &Path, name: &str) -> Result<PathBuf, Error> {
    let folder = data_dir.join(name);
    tokio::fs::create_dir_all(&folder).await.map_err(Error::Folder)?;
    Ok(folder)
}

/// Where those who follow the log get its events from.
fn source(store: &Store, nats: Option<Nats>) -> Arc<dyn EventSource> {
    match nats {
        Some(nats) => Arc::new(StreamSource::new(store.clone(), nats)),
        None => Arc::new(LogSource::new(store.clone())),
    }
}
