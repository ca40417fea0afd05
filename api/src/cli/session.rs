//! The database and the store for a subcommand: the running service's own, or one started for it.

use std::path::PathBuf;

use eventstore::{SecretKey, Store, StoreSettings};

use super::Error;
use crate::bootstrap;
use crate::embedded_postgres::{self, DATABASE, EmbeddedPostgres, Mode};
use crate::settings::{MasterKey, Settings};

/// What a subcommand works with; it ends what it started.
pub(super) struct Session {
    pub(super) database: String,
    pub(super) master_key: SecretKey,
    pub(super) data_dir: PathBuf,
    server: Option<EmbeddedPostgres>,
}

impl Session {
    /// Takes `DATABASE_URL`; else the server that a running service has on the data directory;
    /// else starts one.
    pub(super) fn new(settings: &Settings) -> Result<Self, Error> {
        Self::over(settings, embedded_postgres::running_on)
    }

    /// As [`new`](Self::new), but a running service is an error.
    pub(super) fn alone(settings: &Settings) -> Result<Self, Error> {
        Self::over(settings, |_| None)
    }

    fn over(
        settings: &Settings,
        running: impl Fn(&std::path::Path) -> Option<PathBuf>,
    ) -> Result<Self, Error> {
        let data_dir = settings.data_dir.value.clone();
        std::fs::create_dir_all(&data_dir)
            .map_err(|error| format!("{} cannot be made: {error}", data_dir.display()))?;
        let mut server = None;
        let database = match &settings.database_url.value {
            Some(url) => url.expose().to_owned(),
            None => match running(&data_dir) {
                Some(socket_dir) => embedded_postgres::connection_string(&socket_dir, DATABASE),
                None => {
                    let started = EmbeddedPostgres::start(&data_dir, Mode::Durable)?;
                    server.insert(started).connection_string(DATABASE)
                }
            },
        };
        let master_key = match &settings.master_key.value {
            MasterKey::Given(secret) => SecretKey::from_hex(secret.expose())
                .ok_or("DOSSIER_MASTER_KEY must hold 64 hexadecimal digits")?,
            MasterKey::File(path) => bootstrap::master_key(path)?,
        };
        Ok(Self { database, master_key, data_dir, server })
    }

    /// Whether the database is one of our own that this session started.
    pub(super) fn is_embedded(&self) -> bool {
        self.server.is_some()
    }

    /// Runs `work` with an open store on a migrated database, then stops what was started.
    pub(super) fn run<T>(
        mut self,
        work: impl AsyncFnOnce(&Self, Store) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let runtime = tokio::runtime::Runtime::new()?;
        let done = runtime.block_on(async {
            self.prepare().await?;
            let store = Store::open(StoreSettings {
                database: self.database.clone(),
                master_key: self.master_key.clone(),
                pool_size: 8,
                committers: 0,
            })
            .await?;
            work(&self, store).await
        });
        drop(runtime);
        self.end()?;
        done
    }

    /// Makes the database and its schema.
    pub(super) async fn prepare(&self) -> Result<(), Error> {
        if let Some(server) = &self.server {
            server.ensure_database(DATABASE).await?;
        }
        eventstore::migrate(&self.database).await?;
        projections::install(&self.database).await?;
        Ok(())
    }

    /// Stops the database if this session started it.
    pub(super) fn end(&mut self) -> Result<(), Error> {
        if let Some(server) = self.server.take() {
            server.stop()?;
        }
        Ok(())
    }
}
