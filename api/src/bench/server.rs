//! A PostgreSQL server of a bench's own, as durable as that of the service.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use eventstore::{SecretKey, Store, StoreSettings};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};
use uuid::Uuid;

use super::text::say;
use super::{Error, cpu};
use crate::embedded_postgres::{DATABASE, EmbeddedPostgres, Mode, Signal, USER, send_signal};

/// As `dossier serve` has it.
const POOL: usize = 16;

/// The raw side may want more clients than PostgreSQL's default of 100.
const MORE_CONNECTIONS: &str = "ALTER SYSTEM SET max_connections = 200";
const VERSION: &str = "SELECT split_part(version(), ' (', 1)";

/// A running server; its folder goes when this is dropped.
#[derive(Debug)]
pub(super) struct Server {
    postgres: EmbeddedPostgres,
    programs: PathBuf,
    version: String,
    // After the server, which writes to it.
    folder: Folder,
}

/// A temporary folder.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// A new one below `base`, which must lie on a disk.
    pub(super) fn below(base: &Path) -> Result<Self, Error> {
        let failed = |source| Error::File { path: base.to_owned(), source };
        fs::create_dir_all(base).map_err(failed)?;
        let base = fs::canonicalize(base).map_err(failed)?;
        let kind = file_system(&base);
        if ["tmpfs", "ramfs"].contains(&kind.as_str()) {
            return Err(Error::NotOnDisk { folder: base, kind });
        }
        Ok(Self(base.join(format!("dossier-bench-{}", Uuid::new_v4().simple()))))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            say(&format!("{} was left behind: {error}", self.0.display()));
        }
    }
}

impl Server {
    /// Starts a server on an empty folder below `base`.
    pub(super) fn start(base: &Path) -> Result<Self, Error> {
        let folder = Folder::below(base)?;
        say(&format!("starting PostgreSQL in {}", folder.path().display()));
        let first = EmbeddedPostgres::start(folder.path(), Mode::Durable)?;
        ask(&first, MORE_CONNECTIONS)?;
        first.stop()?;
        let postgres = EmbeddedPostgres::start(folder.path(), Mode::Durable)?;
        let version = ask(&postgres, VERSION)?;
        let program = PathBuf::from(format!("/proc/{}/exe", postgres.process_id()));
        let program = fs::read_link(&program)
            .map_err(|source| Error::File { path: program.clone(), source })?;
        let programs = program.parent().unwrap_or(Path::new("/usr/bin")).to_owned();
        Ok(Self { postgres, programs, version, folder })
    }

    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// Its folder, for files that go with it.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn settings(&self) -> String {
        self.postgres.connection_string(DATABASE)
    }

    /// Processor time that the server has used so far.
    pub(super) fn cpu(&self) -> Result<Duration, Error> {
        cpu::of_server(self.postgres.process_id())
    }

    /// A connection with all rights.
    pub(super) async fn client(&self) -> Result<Client, Error> {
        self.postgres.ensure_database(DATABASE).await?;
        let (client, connection) = tokio_postgres::connect(&self.settings(), NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// The log and the read models in this server, opened as the service opens them.
    pub(super) async fn store(&self) -> Result<Store, Error> {
        self.postgres.ensure_database(DATABASE).await?;
        eventstore::migrate(&self.settings()).await?;
        projections::install(&self.settings()).await?;
        let settings = StoreSettings {
            database: self.settings(),
            master_key: SecretKey::generate(),
            pool_size: POOL,
            committers: 0,
        };
        Ok(Store::open(settings).await?)
    }

    /// The `pgbench` of this server's version, or the one on the path, ready to connect.
    pub(super) fn pgbench(&self) -> Result<Command, Error> {
        let beside = self.programs.join("pgbench");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let on_path = std::env::split_paths(&path).map(|folder| folder.join("pgbench"));
        let found = [beside].into_iter().chain(on_path).find(|program| program.is_file());
        let mut command = Command::new(found.ok_or(Error::NoPgbench)?);
        let socket = self.postgres.socket_dir();
        command.env_clear().env("PATH", path).current_dir("/");
        command.arg("-h").arg(socket).args(["-U", USER, "-d", DATABASE]);
        Ok(command)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing in it will be needed again: without the checkpoint of an orderly end.
        if let Err(error) = send_signal(self.postgres.process_id(), Signal::Quit) {
            say(&format!("PostgreSQL could not be ended: {error}"));
        }
    }
}

/// The first value of the answer, from a runtime of its own.
fn ask(postgres: &EmbeddedPostgres, statement: &str) -> Result<String, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(Error::Runtime)?.block_on(async {
        let settings = postgres.connection_string("postgres");
        let (client, connection) = tokio_postgres::connect(&settings, NoTls).await?;
        tokio::spawn(connection);
        let answer = client.simple_query(statement).await?;
        let row = answer.iter().find_map(|message| {
            if let SimpleQueryMessage::Row(row) = message { Some(row) } else { None }
        });
        Ok(row.and_then(|row| row.get(0)).unwrap_or_default().to_owned())
    })
}

/// The kind of the file system that a folder lies in, by the longest mount point above it.
fn file_system(folder: &Path) -> String {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let mounts = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        Some((Path::new(fields.next()?), fields.next()?))
    });
    mounts
        .filter(|(point, _)| folder.starts_with(point))
        .max_by_key(|(point, _)| point.as_os_str().len())
        .map_or_else(String::new, |(_, kind)| kind.to_owned())
}
