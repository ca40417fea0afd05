//! Runs the service's own PostgreSQL server, when no `DATABASE_URL` names another one.

mod binaries;
mod cluster;
mod error;
mod options;
mod process;
mod socket;
mod system;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use tokio_postgres::NoTls;

use self::cluster::{PidFile, Places};
use self::process::Launcher;
use self::system::Account;

pub use self::error::Error;
pub use self::system::{Signal, die_with_parent, free_space, is_root, send_signal};

/// The superuser of an embedded server, and the only user that it has.
pub const USER: &str = "dossier";

/// The database that the service keeps its data in.
pub const DATABASE: &str = "dossier";

const POLL: Duration = Duration::from_millis(5);
const PROGRESS_EVERY: Duration = Duration::from_secs(10);

/// How long each way of stopping may take: a checkpoint may have gigabytes to write.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the server is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Data to be kept: everything confirmed is on disk.
    Durable,
    /// Data for one test run: nothing is synced, and the directory goes when the server stops.
    Throwaway,
}

/// A running PostgreSQL server that ends with this value, or with this process if that is killed.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    places: Places,
    mode: Mode,
    socket_dir: PathBuf,
    server: Child,
    stopped: bool,
    // The thread that started the server; it ends, and the server with it, when this is dropped.
    _keeper: Sender<()>,
    _lock: File,
}

impl EmbeddedPostgres {
    /// Starts the server on `data_dir`, making its cluster first where there is none.
    ///
    /// Blocks until the server takes connections, which after a crash includes the recovery.
    ///
    /// # Errors
    /// When the directory is in use or out of reach, no server program fits, or it does not start;
    /// each message says what to do.
    pub fn start(data_dir: &Path, mode: Mode) -> Result<Self, Error> {
        let places = Places::prepare(data_dir)?;
        let lock = cluster::lock(&places)?;
        let account = Account::for_server()?;
        if let Some(account) = &account {
            cluster::check_reach(&places, account)?;
        }
        cluster::wait_for_a_killed_one(&places)?;
        let binaries = binaries::find(&places.cluster)?;
        let launcher = Launcher::new(&places, account, mode)?;
        if places.cluster.exists() {
            launcher.take_over(&places.cluster)?;
        } else {
            cluster::create(&places, &binaries, &launcher, mode)?;
        }
        let socket_dir = socket::prepare(&places, &launcher)?;
        let options = options::server(&places, &binaries, &launcher, &socket_dir, mode);
        let (server, keeper) = launcher.server(&binaries, &places, &options)?;
        let mut started =
            Self { places, mode, socket_dir, server, stopped: false, _keeper: keeper, _lock: lock };
        started.wait_until_ready()?;
        Ok(started)
    }

    /// The directory of the server's unix socket, which only its own user and root may enter.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// What a PostgreSQL client needs to reach `database` on this server.
    #[must_use]
    pub fn connection_string(&self, database: &str) -> String {
        connection_string(&self.socket_dir, database)
    }

    /// The process id of the server.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.server.id()
    }

    /// Whether the server process is still there; it may have been killed from outside.
    ///
    /// # Errors
    /// When the process cannot be asked.
    pub fn is_running(&mut self) -> Result<bool, Error> {
        Ok(self.server.try_wait().map_err(Error::Wait)?.is_none())
    }

    /// Creates `database` on this server unless it is there.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn ensure_database(&self, database: &str) -> Result<(), Error> {
        create_database(&self.connection_string("postgres"), database)
            .await
            .map_err(|source| Error::Database { database: database.to_owned(), source })
    }

    /// Ends all connections and stops the server.
    ///
    /// # Errors
    /// When the server does not stop, or a throwaway directory cannot be removed.
    pub fn stop(mut self) -> Result<(), Error> {
        self.shut_down()
    }

    fn wait_until_ready(&mut self) -> Result<(), Error> {
        let mut next_report = Instant::now() + PROGRESS_EVERY;
        loop {
            if let Some(status) = self.server.try_wait().map_err(Error::Wait)? {
                return Err(Error::Stopped {
                    status,
                    log: self.places.log.clone(),
                    tail: cluster::log_tail(&self.places),
                });
            }
            let state = PidFile::read(&self.places.cluster);
            if state.is_some_and(|state| state.ready && state.process == self.server.id()) {
                return Ok(());
            }
            if Instant::now() > next_report {
                next_report += PROGRESS_EVERY;
                tracing::info!(log = %self.places.log.display(), "PostgreSQL is still starting");
            }
            std::thread::sleep(POLL);
        }
    }

    fn shut_down(&mut self) -> Result<(), Error> {
        self.stopped = true;
        let (first, patience) = match self.mode {
            Mode::Durable => (Signal::Interrupt, PATIENCE),
            Mode::Throwaway => (Signal::Quit, PATIENCE / 6),
        };
        for (signal, patience) in
            [(first, patience), (Signal::Quit, PATIENCE / 6), (Signal::Kill, PATIENCE / 6)]
        {
            if self.has_ended_after(signal, patience)? {
                socket::remove(&self.places)?;
                return match self.mode {
                    Mode::Durable => Ok(()),
                    Mode::Throwaway => cluster::remove(&self.places.data_dir),
                };
            }
        }
        Err(Error::DoesNotStop { process: self.server.id() })
    }

    fn has_ended_after(&mut self, signal: Signal, patience: Duration) -> Result<bool, Error> {
        if !self.is_running()? {
            return Ok(true);
        }
        // Not yet waited for, so the process id is still the server's, even if it ends just now.
        send_signal(self.server.id(), signal).map_err(Error::Wait)?;
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if !self.is_running()? {
                return Ok(true);
            }
            std::thread::sleep(POLL);
        }
        Ok(false)
    }
}

impl Drop for EmbeddedPostgres {
    fn drop(&mut self) {
        if !self.stopped
            && let Err(error) = self.shut_down()
        {
            tracing::error!(%error, "PostgreSQL was not stopped cleanly");
        }
    }
}

/// What a PostgreSQL client needs to reach `database` over the socket in `socket_dir`.
#[must_use]
pub fn connection_string(socket_dir: &Path, database: &str) -> String {
    // Needs no quotes: `socket` sees to plain paths.
    format!("host={} user={USER} dbname={database}", socket_dir.display())
}

/// The socket directory of the server that runs on `data_dir`, for a command beside `serve`.
#[must_use]
pub fn running_on(data_dir: &Path) -> Option<PathBuf> {
    let cluster = Places::of(&std::path::absolute(data_dir).ok()?).cluster;
    let state = PidFile::read(&cluster)?;
    let running = state.ready && system::processes_in(&cluster).contains(&state.process);
    running.then_some(state.socket_dir)
}

async fn create_database(server: &str, database: &str) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await?;
    let connection = tokio::spawn(connection);
    let found =
        client.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&database]).await?;
    if found.is_none() {
        // A statement without parameters by its nature; the name is ours, and quoted all the same.
        let quoted = database.replace('"', "\"\"");
        client.batch_execute(&format!("CREATE DATABASE \"{quoted}\"")).await?;
    }
    drop(client);
    // Until the server has seen the end, the database could not serve as a template.
    connection.await.unwrap_or(Ok(()))
}
