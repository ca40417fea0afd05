//! What can be the matter with an embedded server, and what to do about it.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// Why an embedded server does not start or stop.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No server program was found.
    #[error(
        "no PostgreSQL server of version 15 or later was found; install one (on Debian: apt-get \
         install postgresql), name the directory of its programs in DOSSIER_PG_BIN, or set \
         DATABASE_URL to a server that runs elsewhere"
    )]
    NotInstalled,
    /// The directory that the environment names has none either.
    #[error(
        "DOSSIER_PG_BIN is {named}, where no PostgreSQL server of version 15 or later is that runs \
         on this machine"
    )]
    NamedUnfit {
        /// What it says.
        named: PathBuf,
    },
    /// The cluster was made by another major version.
    #[error(
        "{cluster} was made by PostgreSQL {wanted}, which is not installed any more; install it \
         beside the other, or name the directory of its programs in DOSSIER_PG_BIN"
    )]
    OtherVersion {
        /// The directory of the cluster.
        cluster: PathBuf,
        /// The major version that made it.
        wanted: String,
    },
    /// Another process of ours holds the directory.
    #[error(
        "{data_dir} is in use by another dossier (process {holder}); stop that one first, or \
         choose another directory with --data-dir"
    )]
    InUse {
        /// The directory.
        data_dir: PathBuf,
        /// The process that holds it.
        holder: String,
    },
    /// A server that nobody here started runs on the cluster.
    #[error(
        "PostgreSQL processes ({processes}) still work on {cluster}; if they do not end by \
         themselves, stop the server that they belong to"
    )]
    StillRunning {
        /// The directory of the cluster.
        cluster: PathBuf,
        /// Their process ids.
        processes: String,
    },
    /// The server runs as another user, who cannot enter a directory on the way.
    #[error(
        "started by root, PostgreSQL runs as user {user}, who cannot enter {blocked}; choose \
         another directory with --data-dir, such as /var/lib/dossier"
    )]
    OutOfReach {
        /// The user that the server would run as.
        user: String,
        /// The directory that is closed.
        blocked: PathBuf,
    },
    /// Root, and nobody else to run the server as.
    #[error(
        "PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody \
         in /etc/passwd; add one (adduser --system postgres), or start dossier as another user"
    )]
    NoServerUser,
    /// A file or directory cannot be used.
    #[error("could not {action} {}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A program cannot be run.
    #[error(
        "could not run {}; the user that it runs as must be able to reach it, and only root may \
         run it as another user", program.display()
    )]
    Run {
        /// The program.
        program: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// `initdb` failed.
    #[error("initdb could not make a new database in {} ({status}); it said:\n{tail}", part.display())]
    Create {
        /// Where.
        part: PathBuf,
        /// How it ended.
        status: ExitStatus,
        /// The end of its output.
        tail: String,
    },
    /// The server ended before it was ready.
    #[error("PostgreSQL ended while starting ({status}); the end of {}:\n{tail}", log.display())]
    Stopped {
        /// How it ended.
        status: ExitStatus,
        /// Its log.
        log: PathBuf,
        /// The end of that.
        tail: String,
    },
    /// The server survives every signal.
    #[error("PostgreSQL (process {process}) does not stop; see what it waits for")]
    DoesNotStop {
        /// The server.
        process: u32,
    },
    /// The server process cannot be signalled or asked.
    #[error("could not watch the PostgreSQL process")]
    Wait(#[source] io::Error),
    /// The server refuses to create a database.
    #[error("could not create the database {database}")]
    Database {
        /// Its name.
        database: String,
        /// Why not.
        source: tokio_postgres::Error,
    },
}

impl Error {
    /// For `map_err`: what was tried, and on what.
    pub(super) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }
}
