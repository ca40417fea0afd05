//! Why a bench did not come to its end.

use std::io;
use std::path::PathBuf;

use crate::embedded_postgres;

/// Why a bench did not come to its end.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Error {
    #[error("the asynchronous runtime did not start")]
    Runtime(#[source] io::Error),
    #[error("the figures could not be printed")]
    Output(#[source] io::Error),
    #[error("the database server of the bench failed")]
    Server(#[from] embedded_postgres::Error),
    #[error(
        "{} lies in memory ({kind}), where fsync costs nothing; name a folder on disk with --data-dir",
        folder.display()
    )]
    NotOnDisk { folder: PathBuf, kind: String },
    #[error("the raw database refused")]
    Database(#[from] tokio_postgres::Error),
    #[error("no connection to the raw database")]
    Pool(#[from] deadpool_postgres::PoolError),
    #[error("the log refused")]
    Store(#[from] eventstore::Error),
    #[error("the folder of files cannot be used")]
    Files(#[from] eventstore::files::FileError),
    #[error("an append was refused")]
    Append(#[from] eventstore::append::AppendError),
    #[error("a command was refused")]
    Refused(#[from] eventstore::Refused),
    #[error("a command cannot be read: {0}")]
    Command(#[from] domain::command::Invalid),
    #[error("a read model failed")]
    Projections(#[from] projections::Error),
    #[error("the directory failed")]
    Directory(#[from] projections::directory::Error),
    #[error("the rehearsal did not come to its end")]
    Rehearsal(#[from] automation::Stopped<std::convert::Infallible>),
    #[error("a part of the bench ended before its time")]
    Task(#[from] tokio::task::JoinError),
    #[error("the processor time cannot be read from {}", path.display())]
    Processor { path: PathBuf, source: io::Error },
    #[error(
        "there is no pgbench beside the server's programs or on the path; it is in the package \
         postgresql-contrib or postgresql"
    )]
    NoPgbench,
    #[error("pgbench could not be run")]
    RunPgbench(#[source] io::Error),
    #[error("pgbench failed: {0}")]
    Pgbench(String),
    #[error("calls to addresses outside could not be set up")]
    Egress(#[source] automation::egress::SetUp),
    #[error("the connection to the service under test was lost")]
    Http(#[source] io::Error),
    #[error("the service under test answered {status}: {body}")]
    Answer { status: u16, body: String },
    #[error("the service under test did not start: {0}")]
    Service(String),
    #[error("{} could not be used", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("the raw side wrote {written} rows for {done} commands: the comparison would be void")]
    RawIsWrong { done: u64, written: u64 },
    #[error("the directory found {found} rows for {text:?}, of which none is the customer meant")]
    NotFound { text: String, found: usize },
}
