//! The raw side: bare inserts with a version check, one transaction each, by `pgbench`.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tokio_postgres::Client;

use super::report::Times;
use super::server::Server;
use super::text::say;
use super::{Error, cpu};

const TABLE: &str = include_str!("raw/table.sql");
const SCRIPT: &str = include_str!("raw/insert.pgbench");
/// The same statement, for programs.
pub(super) const INSERT: &str = include_str!("raw/insert.sql");
const COUNT: &str = "SELECT count(*) FROM bare.event";
const SIZE: &str = "SELECT pg_total_relation_size('bare.event')";

/// Of which the best is taken.
const CLIENTS: [usize; 4] = [4, 16, 64, 128];
const TRIAL: Duration = Duration::from_secs(3);

/// Metadata as the log keeps it with every event.
pub(super) const META: &str = r#"{"actor":{"type":"user","id":"019400c4-7a3e-7c11-9d55-3f6f0a4b8e21"},"correlation_id":"019400c4-7a3f-7f40-8a55-5c1f3e0e2a90","source":"api"}"#;
/// Length of a body, the same on both sides.
pub(super) const BODY_BYTES: usize = 370;

/// The table of bare events, and the script that fills it.
#[derive(Debug)]
pub(super) struct Raw<'a> {
    server: &'a Server,
    client: Client,
    script: PathBuf,
    rounds: u64,
}

/// What one round of `pgbench` did.
#[derive(Debug, Clone, Default)]
pub(super) struct Round {
    pub(super) done: u64,
    /// Without the time that connecting took.
    pub(super) per_second: f64,
    pub(super) server_cpu: Duration,
    pub(super) client_cpu: Duration,
    /// Of every single command, where they were asked for.
    pub(super) times: Times,
}

/// A body of [`BODY_BYTES`].
pub(super) fn body() -> String {
    let around = r#"{"text":""}"#.len();
    let text = "A note about a call, as people write them. ".repeat(10);
    format!(r#"{{"text":"{}"}}"#, text.get(..BODY_BYTES - around).unwrap_or_default())
}

impl<'a> Raw<'a> {
    pub(super) async fn prepare(server: &'a Server) -> Result<Self, Error> {
        let client = server.client().await?;
        client.batch_execute(TABLE).await?;
        let script = server.folder().join("insert.pgbench");
        fs::write(&script, SCRIPT).map_err(failed(&script))?;
        Ok(Self { server, client, script, rounds: 0 })
    }

    /// The number of clients with which this machine is fastest.
    pub(super) async fn best(&mut self) -> Result<usize, Error> {
        let mut best = (0.0, 1);
        for clients in CLIENTS {
            let round = self.round(clients, TRIAL, false).await?;
            say(&format!("raw, {clients} clients: {:.0}/s", round.per_second));
            if round.per_second > best.0 {
                best = (round.per_second, clients);
            }
        }
        Ok(best.1)
    }

    /// Runs `pgbench` for this long; `each` keeps the time of every command.
    pub(super) async fn round(
        &mut self,
        clients: usize,
        time: Duration,
        each: bool,
    ) -> Result<Round, Error> {
        self.rounds += 1;
        let log = format!("pgbench_log_{}", self.rounds);
        let mut command = self.command(clients, time)?;
        if each {
            command.arg("--log").arg("--log-prefix").arg(self.server.folder().join(&log));
        }
        let rows = self.count().await?;
        let (cpu, clients) = (self.server.cpu()?, cpu::of_ended_children()?);
        let output = tokio::task::spawn_blocking(move || command.output()).await?;
        let server_cpu = self.server.cpu()?.saturating_sub(cpu);
        let client_cpu = cpu::of_ended_children()?.saturating_sub(clients);
        let output = output.map_err(Error::RunPgbench)?;
        let text = String::from_utf8_lossy(&output.stdout);
        let (done, per_second) =
            outcome(&text).filter(|_| output.status.success()).ok_or_else(|| {
                Error::Pgbench(String::from_utf8_lossy(&output.stderr).trim().to_owned())
            })?;
        let written = self.count().await? - rows;
        if written != done {
            return Err(Error::RawIsWrong { done, written });
        }
        let times = if each { logged(self.server.folder(), &log)? } else { Times::default() };
        Ok(Round { done, per_second, server_cpu, client_cpu, times })
    }

    fn command(&self, clients: usize, time: Duration) -> Result<Command, Error> {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let mut command = self.server.pgbench()?;
        command.args(["--no-vacuum", "--protocol=prepared", "--client", &clients.to_string()]);
        command.args(["--jobs", &clients.min(cores).to_string()]);
        command.args(["--time", &time.as_secs().max(1).to_string()]);
        command.args(["-D", "n=-1", "-D", &format!("round={}", self.rounds)]);
        command.args(["-D", &format!("meta={META}"), "-D", &format!("body={}", body())]);
        command.arg("--file").arg(&self.script);
        Ok(command)
    }

    /// Rows that there are.
    pub(super) async fn count(&self) -> Result<u64, Error> {
        let count: i64 = self.client.query_one(COUNT, &[]).await?.try_get(0)?;
        Ok(count.unsigned_abs())
    }

    /// Bytes on disk, with the indexes.
    pub(super) async fn bytes(&self) -> Result<u64, Error> {
        let bytes: i64 = self.client.query_one(SIZE, &[]).await?.try_get(0)?;
        Ok(bytes.unsigned_abs())
    }
}

/// How many commands were done, and how many a second.
fn outcome(output: &str) -> Option<(u64, f64)> {
    let after = |label: &str| {
        let rest = output.lines().find_map(|line| line.strip_prefix(label))?;
        rest.split([' ', '/']).next().map(str::to_owned)
    };
    let done = after("number of transactions actually processed: ")?.parse().ok()?;
    Some((done, after("tps = ")?.parse().ok()?))
}

/// Client, number, microseconds, and more, in one file for each thread.
fn logged(folder: &Path, name: &str) -> Result<Times, Error> {
    let mut times = Times::default();
    for entry in fs::read_dir(folder).map_err(failed(folder))?.flatten() {
        let mine = entry
            .file_name()
            .to_str()
            .is_some_and(|file| file.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')));
        if mine {
            let text = fs::read_to_string(entry.path()).map_err(failed(&entry.path()))?;
            let micros = text.lines().filter_map(|line| line.split(' ').nth(2)?.parse().ok());
            times.extend(micros.map(Duration::from_micros).collect());
        }
    }
    Ok(times)
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    |source| Error::File { path, source }
}

#[cfg(test)]
mod tests {
    use super::{BODY_BYTES, META, body, outcome};

    #[test]
    fn the_outcome_of_pgbench_is_read() {
        let output = "scaling factor: 1\nnumber of transactions actually processed: 45912\n\
                      latency average = 0.522 ms\ntps = 15304.811212 (without initial connection time)\n";
        let (done, per_second) = outcome(output).unwrap();
        assert_eq!((done, format!("{per_second:.0}")), (45_912, "15305".to_owned()));
        assert_eq!(outcome("pgbench: error"), None);
    }

    #[test]
    fn bodies_have_the_length_that_both_sides_agreed_on() {
        assert_eq!(body().len(), BODY_BYTES);
        assert!(serde_json::from_str::<serde_json::Value>(&body()).is_ok());
        assert!(serde_json::from_str::<serde_json::Value>(META).is_ok());
        assert!((135..150).contains(&META.len()), "{}", META.len());
    }
}
