//! `dossier bench`: what the service does on this machine, beside the raw database in the same run.
//!
//! Every bench starts a PostgreSQL of its own, with everything confirmed on disk, in a temporary
//! folder, and removes it. Nothing leaves the machine, and every bench ends by itself.

mod append;
mod cpu;
mod directory;
mod error;
mod filling;
mod http;
mod lag;
mod memory;
mod raw;
mod rebuild;
mod rehearse;
mod report;
mod server;
mod single;
mod text;

use std::path::PathBuf;
use std::time::Duration;

pub use self::error::Error;

use self::report::{Machine, Report};
use self::server::Server;

/// What `dossier bench` takes.
#[derive(Debug, Clone, clap::Args)]
pub struct BenchArgs {
    /// What to measure
    #[arg(value_enum)]
    what: What,
    /// How long each side is measured [default: 20]
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// Concurrent clients [default: 256 for append, 64 for http]
    #[arg(long, value_name = "COUNT")]
    clients: Option<usize>,
    /// Events to rebuild from [default: 1000000], or to rehearse over [default: 100000]
    #[arg(long, value_name = "COUNT")]
    events: Option<u64>,
    /// Customers of the large organisation of the directory [default: 1000000]
    #[arg(long, value_name = "COUNT")]
    customers: Option<u64>,
    /// Where the temporary databases are made [default: the system's temporary folder]
    #[arg(long, value_name = "DIRECTORY")]
    data_dir: Option<PathBuf>,
    /// Print the figures as JSON, one line for each bench
    #[arg(long)]
    json: bool,
}

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Concurrent appends, beside bare inserts by pgbench
    Append,
    /// One client alone, beside bare inserts by pgbench
    Single,
    /// Commands over HTTP, beside a handler with one bare insert
    Http,
    /// Rebuilding the directory from its events
    Rebuild,
    /// Rehearsing a rule over a long history
    Rehearse,
    /// From a commit to its being visible in the directory
    Lag,
    /// Searches, lists and changes in a large directory
    Directory,
    /// Memory of the idle service
    Memory,
    /// All of them, one after the other
    All,
}

impl What {
    const EACH: [Self; 8] = [
        Self::Append,
        Self::Single,
        Self::Http,
        Self::Rebuild,
        Self::Rehearse,
        Self::Lag,
        Self::Directory,
        Self::Memory,
    ];

    fn list(self) -> Vec<Self> {
        if self == Self::All { Self::EACH.to_vec() } else { vec![self] }
    }
}

impl BenchArgs {
    fn time(&self) -> Duration {
        Duration::from_secs(self.seconds.unwrap_or(20).max(1))
    }

    fn clients(&self, default: usize) -> usize {
        self.clients.unwrap_or(default).max(1)
    }

    fn events(&self) -> u64 {
        self.events.unwrap_or(1_000_000).max(1_000)
    }

    fn history(&self) -> u64 {
        self.events.unwrap_or(100_000).max(1_000)
    }

    fn customers(&self) -> u64 {
        self.customers.unwrap_or(1_000_000).max(1_000)
    }

    fn folder(&self) -> PathBuf {
        self.data_dir.clone().unwrap_or_else(std::env::temp_dir)
    }
}

/// Measures and prints. To be called outside an asynchronous runtime: it starts its own.
///
/// # Errors
/// Whatever keeps a bench from its end; what was measured before it is printed already.
pub fn run(args: BenchArgs) -> Result<(), Error> {
    let runtime = tokio::runtime::Runtime::new().map_err(Error::Runtime)?;
    for what in args.what.list() {
        let machine = Machine::look(&args.folder());
        let report = match what {
            What::Memory => memory::measure(&args.folder())?,
            What::Append
            | What::Single
            | What::Http
            | What::Rebuild
            | What::Rehearse
            | What::Lag
            | What::Directory
            | What::All => {
                let server = Server::start(&args.folder())?;
                let report = runtime.block_on(measure(what, &server, &args))?;
                report.with_server(server.version())
            }
        };
        report.with_machine(machine).print(args.json).map_err(Error::Output)?;
    }
    Ok(())
}

async fn measure(what: What, server: &Server, args: &BenchArgs) -> Result<Report, Error> {
    match what {
        What::Append => append::measure(server, args.clients(256), args.time()).await,
        What::Single => single::measure(server, args.time()).await,
        What::Http => http::measure(server, args.clients(64), args.time()).await,
        What::Rebuild => rebuild::measure(server, args.events()).await,
        What::Rehearse => rehearse::measure(server, args.history()).await,
        What::Lag => lag::measure(server, args.time()).await,
        What::Directory => directory::measure(server, args.customers(), args.time()).await,
        What::Memory | What::All => Ok(Report::new("nothing")),
    }
}
