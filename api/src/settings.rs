//! The settings of the service, each with the place that it comes from.

mod error;
mod safety;
mod secret;
mod sources;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt::{self, Display};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use automation::outbox::Smtp;
use eventstore::nats::NatsSettings;

use crate::server::Rates;

use self::secret::{masked_nats_url, masked_postgres};
use self::sources::Sources;

pub use self::error::Error;
pub use self::safety::Unsafe;
pub use self::secret::Secret;

const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
const DEFAULT_NATS_PREFIX: &str = "dossier";
const DEFAULT_DISK_FLOOR_MIB: u64 = 256;
const DEFAULT_LARGEST_FILE_MIB: u64 = 25;
/// An exbibyte.
const MOST_MIB: u64 = 1 << 40;
const DEFAULT_BURST: u32 = 400;
const DEFAULT_LOG: &str = "info,refinery_core=warn,tokio_postgres=warn";

/// The flags that every subcommand with settings takes.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Flags {
    /// Where to serve [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Where the data is kept [default: /var/lib/dossier under root, else ~/.local/share/dossier]
    #[arg(long, global = true, value_name = "DIRECTORY")]
    pub data_dir: Option<PathBuf>,
    /// Start without the demo data
    #[arg(long, global = true)]
    pub no_demo: bool,
    /// Serve others than this machine by plain http, on a network that is trusted
    #[arg(long, global = true)]
    pub allow_http: bool,
    /// What this process does: any of api, project, relay, automate, deliver [default: all]
    #[arg(long, global = true, value_name = "ROLE,ROLE…")]
    pub roles: Option<String>,
    /// A file of `name = value` lines [default: dossier.conf in the data directory]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What a process finds around itself.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// The variables that are set to something; an empty one counts as none.
    pub variables: HashMap<String, String>,
    /// Whether the process has the rights of root.
    pub root: bool,
}

impl Environment {
    /// That of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let text = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        let variables = std::env::vars_os().filter_map(text).collect();
        Self { variables, root: crate::embedded_postgres::is_root() }
    }

    fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A flag on the command line.
    Flag(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// A line of the settings file.
    File {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
    },
    /// Nobody said anything.
    Default,
}

impl Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(formatter, "flag {name}"),
            Self::Variable(name) => write!(formatter, "environment {name}"),
            Self::File { path, line } => write!(formatter, "{}:{line}", path.display()),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value in force.
    pub value: T,
    /// Who said so.
    pub source: Source,
}

/// What a process of the service can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Answers HTTP.
    Api,
    /// Keeps the read models up to date.
    Project,
    /// Publishes the log to NATS.
    Relay,
    /// Matches and runs rules.
    Automate,
    /// Sends mail and webhooks.
    Deliver,
}

impl Role {
    /// All, in the order in which they are written.
    pub const ALL: [Self; 5] =
        [Self::Api, Self::Project, Self::Relay, Self::Automate, Self::Deliver];

    /// As in `--roles`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Project => "project",
            Self::Relay => "relay",
            Self::Automate => "automate",
            Self::Deliver => "deliver",
        }
    }
}

/// Where the key comes from that all other keys are wrapped with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MasterKey {
    /// The key itself.
    Given(Secret),
    /// A file that holds it; the default one is made at the first start.
    File(PathBuf),
}

/// All settings in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where HTTP is served.
    pub listen: Setting<SocketAddr>,
    /// Where the data is kept: an absolute path.
    pub data_dir: Setting<PathBuf>,
    /// Whether the first start loads the demo.
    pub demo: Setting<bool>,
    /// What this process does, in order, each once.
    pub roles: Setting<Vec<Role>>,
    /// The PostgreSQL server to use; without it the service runs its own.
    pub database_url: Setting<Option<Secret>>,
    /// The NATS servers to use; without them there is no relay.
    pub nats_url: Setting<Option<Secret>>,
    /// What the names of streams and subjects begin with: two installations on one NATS differ.
    pub nats_prefix: Setting<String>,
    /// How many servers of a NATS cluster keep each stream.
    pub nats_replicas: Setting<usize>,
    /// The mail server to send by; without one e-mails wait.
    pub smtp_url: Setting<Option<Secret>>,
    /// Where people reach this service: links in messages begin with it, and with https it has
    /// browsers come and cookies go by https only.
    pub public_url: Setting<Option<String>>,
    /// Whether webhooks may call this machine: for development.
    pub allow_loopback_calls: Setting<bool>,
    /// The key that all other keys are wrapped with.
    pub master_key: Setting<MasterKey>,
    /// Free space, in MiB, below which a service with its own PostgreSQL takes no more commands.
    pub disk_floor_mib: Setting<u64>,
    /// How large a customer's file may be, in MiB.
    pub largest_file_mib: Setting<u64>,
    /// Units of reads that a caller may spend in a second; none is no limit.
    pub rate_limit_reads: Setting<Option<u32>>,
    /// Units of writes that a caller may spend in a second; none is no limit.
    pub rate_limit_writes: Setting<Option<u32>>,
    /// Units that a caller may spend at once.
    pub rate_limit_burst: Setting<u32>,
    /// Whether others than this machine may be served by plain http.
    pub allow_http: Setting<bool>,
    /// What is logged, in the form of `tracing_subscriber::EnvFilter`.
    pub log: Setting<String>,
}

impl Settings {
    /// How to reach NATS, where it is to be used.
    #[must_use]
    pub fn nats(&self) -> Option<NatsSettings> {
        Some(NatsSettings {
            url: self.nats_url.value.as_ref()?.expose().to_owned(),
            prefix: self.nats_prefix.value.clone(),
            replicas: self.nats_replicas.value,
        })
    }

    /// Whether people reach the service by https, as `public_url` says.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.value.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// How fast callers may be, where that is limited.
    #[must_use]
    pub fn rates(&self) -> Option<Rates> {
        let (reads, writes) = (self.rate_limit_reads.value, self.rate_limit_writes.value);
        let burst = self.rate_limit_burst.value;
        (reads.is_some() || writes.is_some()).then_some(Rates { reads, writes, burst })
    }

    /// Gathers the settings: flags go before variables, those before the file, that before the
    /// defaults.
    ///
    /// # Errors
    /// When a value does not fit its setting, or the file is not one of settings.
    pub fn load(flags: &Flags, environment: &Environment) -> Result<Self, Error> {
        let sources = Sources::gather(flags, environment)?;
        Ok(Self {
            listen: sources.parsed("listen", DEFAULT_LISTEN, |text| text.parse().ok())?,
            demo: sources.parsed("demo", true, |text| text.parse().ok())?,
            roles: sources.parsed("roles", Role::ALL.to_vec(), parse_roles)?,
            database_url: sources.parsed("database_url", None, parse_database_url)?,
            nats_url: sources.parsed("nats_url", None, |text| Some(Some(Secret::new(text))))?,
            nats_prefix: sources.parsed(
                "nats_prefix",
                DEFAULT_NATS_PREFIX.to_owned(),
                parse_nats_prefix,
            )?,
            nats_replicas: sources.parsed("nats_replicas", 1, parse_replicas)?,
            smtp_url: sources.parsed("smtp_url", None, parse_smtp_url)?,
            public_url: sources.parsed("public_url", None, parse_public_url)?,
            allow_loopback_calls: sources
                .parsed("allow_loopback_calls", false, |text| text.parse().ok())?,
            master_key: sources.master_key()?,
            disk_floor_mib: sources.parsed("disk_floor_mib", DEFAULT_DISK_FLOOR_MIB, |text| {
                text.parse().ok().filter(|mib| *mib <= MOST_MIB)
            })?,
            largest_file_mib: sources.parsed(
                "largest_file_mib",
                DEFAULT_LARGEST_FILE_MIB,
                |text| text.parse().ok().filter(|mib| (1..=MOST_MIB).contains(mib)),
            )?,
            rate_limit_reads: sources.parsed("rate_limit_reads", None, parse_rate)?,
            rate_limit_writes: sources.parsed("rate_limit_writes", None, parse_rate)?,
            rate_limit_burst: sources.parsed("rate_limit_burst", DEFAULT_BURST, |text| {
                text.parse().ok().filter(|burst| *burst > 0)
            })?,
            allow_http: sources.parsed("allow_http", false, |text| text.parse().ok())?,
            log: sources.parsed("log", DEFAULT_LOG.to_owned(), |text| Some(text.to_owned()))?,
            data_dir: sources.data_dir,
        })
    }

    /// The name, value and source of every setting, with secrets masked, for people to read.
    #[must_use]
    pub fn describe(&self) -> Vec<Described> {
        let embedded = || "(its own PostgreSQL in the data directory)".to_owned();
        let database = self.database_url.value.as_ref().map_or_else(embedded, masked_postgres);
        let nats = self.nats_url.value.as_ref();
        let nats = nats.map_or_else(|| "(none)".to_owned(), masked_nats_url);
        let smtp = self.smtp_url.value.as_ref();
        let smtp = smtp.map_or("(none: e-mails wait)", |_| "(hidden)");
        let public = self.public_url.value.as_deref().unwrap_or("(none)");
        let key = match &self.master_key.value {
            MasterKey::Given(_) => "(hidden)".to_owned(),
            MasterKey::File(path) => format!("in {}", path.display()),
        };
        let roles: Vec<&str> = self.roles.value.iter().map(|role| role.name()).collect();
        vec![
            Described::new("listen", self.listen.value, &self.listen.source),
            Described::new("data_dir", self.data_dir.value.display(), &self.data_dir.source),
            Described::new("demo", self.demo.value, &self.demo.source),
            Described::new("roles", roles.join(","), &self.roles.source),
            Described::new("database_url", database, &self.database_url.source),
            Described::new("nats_url", nats, &self.nats_url.source),
            Described::new("nats_prefix", &self.nats_prefix.value, &self.nats_prefix.source),
            Described::new("nats_replicas", self.nats_replicas.value, &self.nats_replicas.source),
            Described::new("smtp_url", smtp, &self.smtp_url.source),
            Described::new("public_url", public, &self.public_url.source),
            Described::new(
                "allow_loopback_calls",
                self.allow_loopback_calls.value,
                &self.allow_loopback_calls.source,
            ),
            Described::new("master_key", key, &self.master_key.source),
            Described::new(
                "disk_floor_mib",
                self.disk_floor_mib.value,
                &self.disk_floor_mib.source,
            ),
            Described::new(
                "largest_file_mib",
                self.largest_file_mib.value,
                &self.largest_file_mib.source,
            ),
            Described::new(
                "rate_limit_reads",
                limit(self.rate_limit_reads.value),
                &self.rate_limit_reads.source,
            ),
            Described::new(
                "rate_limit_writes",
                limit(self.rate_limit_writes.value),
                &self.rate_limit_writes.source,
            ),
            Described::new(
                "rate_limit_burst",
                self.rate_limit_burst.value,
                &self.rate_limit_burst.source,
            ),
            Described::new("allow_http", self.allow_http.value, &self.allow_http.source),
            Described::new("log", &self.log.value, &self.log.source),
        ]
    }
}

fn limit(rate: Option<u32>) -> String {
    rate.map_or_else(|| "(none)".to_owned(), |rate| rate.to_string())
}

/// One setting, ready to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// As in the settings file.
    pub name: &'static str,
    /// Without secrets.
    pub value: String,
    /// Where it comes from.
    pub source: String,
}

impl Described {
    fn new(name: &'static str, value: impl Display, source: &Source) -> Self {
        Self { name, value: value.to_string(), source: source.to_string() }
    }
}

fn parse_roles(text: &str) -> Option<Vec<Role>> {
    let find = |name: &str| Role::ALL.into_iter().find(|role| role.name() == name.trim());
    let mut roles = text.split(',').map(find).collect::<Option<Vec<Role>>>()?;
    roles.sort_unstable();
    roles.dedup();
    Some(roles)
}

fn parse_database_url(text: &str) -> Option<Option<Secret>> {
    text.parse::<tokio_postgres::Config>().ok().map(|_| Some(Secret::new(text)))
}

fn parse_nats_prefix(text: &str) -> Option<String> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    (text.len() <= 64 && text.chars().all(fits)).then(|| text.to_owned())
}

/// JetStream keeps a stream on five servers at most.
fn parse_replicas(text: &str) -> Option<usize> {
    text.parse().ok().filter(|replicas| (1..=5).contains(replicas))
}

fn parse_rate(text: &str) -> Option<Option<u32>> {
    text.parse().ok().filter(|rate| *rate > 0).map(Some)
}

fn parse_smtp_url(text: &str) -> Option<Option<Secret>> {
    text.parse::<Smtp>().ok().map(|_| Some(Secret::new(text)))
}

fn parse_public_url(text: &str) -> Option<Option<String>> {
    let web = text.starts_with("https://") || text.starts_with("http://");
    web.then(|| Some(text.trim_end_matches('/').to_owned()))
}

fn default_data_dir(environment: &Environment) -> Result<PathBuf, Error> {
    if environment.root {
        return Ok(PathBuf::from("/var/lib/dossier"));
    }
    let absolute = |path: &PathBuf| path.is_absolute();
    let home = || environment.variable("HOME").map(|home| Path::new(&home).join(".local/share"));
    let share = environment.variable("XDG_DATA_HOME").map(PathBuf::from).filter(absolute);
    Ok(share.or_else(home).ok_or(Error::NoHome)?.join("dossier"))
}
