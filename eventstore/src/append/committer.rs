//! Drains the queue of waiting appends into commits.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::{Config, Error};
use uuid::Uuid;

use super::connection::Connection;
use super::known::{Cache, Known};
use super::lock::lock_and_read;
use super::plan::{Plan, Verdict, plan};
use super::types::{Append, AppendError, Expected};
use super::write::write;
use crate::follow::Heads;

const BATCH_APPENDS: usize = 256;
const BATCH_BYTES: usize = 1 << 20;
const QUEUE: usize = 4096;
const ATTEMPTS: usize = 3;

/// An append that waits, and where its answer goes.
#[derive(Debug)]
struct Job {
    append: Append,
    answer: oneshot::Sender<Verdict>,
}

/// The door to one committer; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Committer(mpsc::Sender<Job>);

impl Committer {
    /// Starts a committer; it ends when the last clone of its door is gone.
    pub(crate) fn start(config: Config, heads: Arc<Heads>) -> Self {
        let (door, queue) = mpsc::channel(QUEUE);
        let worker = Worker {
            config,
            heads,
            queue,
            held: Vec::new(),
            cache: Cache::new(),
            connection: None,
        };
        tokio::spawn(worker.run());
        Self(door)
    }

    /// Hands an append in and waits for its answer. A full queue refuses at once.
    pub(crate) async fn append(&self, append: Append) -> Verdict {
        let (answer, answered) = oneshot::channel();
        self.0.try_send(Job { append, answer }).map_err(|_| AppendError::Overloaded)?;
        answered.await.unwrap_or(Err(AppendError::OutcomeUnknown))
    }
}

struct Worker {
    config: Config,
    heads: Arc<Heads>,
    queue: mpsc::Receiver<Job>,
    /// Appends that share something with an earlier one and wait for the next batch.
    held: Vec<Job>,
    cache: Cache,
    connection: Option<Connection>,
}

impl Worker {
    async fn run(mut self) {
        while let Some(jobs) = self.next_batch().await {
            let (appends, answers): (Vec<_>, Vec<_>) =
                jobs.into_iter().map(|job| (job.append, job.answer)).unzip();
            let verdicts = self.commit(appends).await;
            for (answer, verdict) in answers.into_iter().zip(verdicts) {
                // Who no longer waits for the answer does not need it.
                drop(answer.send(verdict));
            }
        }
    }

    /// Waits for one append, then takes what else is there; appends of a batch share nothing.
    async fn next_batch(&mut self) -> Option<Vec<Job>> {
        let mut waiting = std::mem::take(&mut self.held);
        if waiting.is_empty() {
            waiting.push(self.queue.recv().await?);
        }
        let mut batch = Vec::new();
        let mut touched = HashSet::new();
        let mut bytes = 0;
        let mut waiting = waiting.into_iter();
        while batch.len() < BATCH_APPENDS && bytes < BATCH_BYTES {
            let Some(job) = waiting.next().or_else(|| self.queue.try_recv().ok()) else { break };
            let touches = touches(&job.append);
            if touches.iter().any(|touch| touched.contains(touch)) {
                touched.extend(touches);
                self.held.push(job);
            } else {
                touched.extend(touches);
                bytes += job.append.size();
                batch.push(job);
            }
        }
        self.held.extend(waiting);
        Some(batch)
    }

    async fn commit(&mut self, appends: Vec<Append>) -> Vec<Verdict> {
        if let Some(verdicts) = self.fast(&appends).await {
            return verdicts;
        }
        self.cache.forget();
        match self.slow(&appends).await {
            Ok(verdicts) => verdicts,
            // One append that the database refuses must not take its neighbours with it.
            Err(AppendError::Refused(_)) if appends.len() > 1 => {
                let mut verdicts = Vec::with_capacity(appends.len());
                for append in &appends {
                    let alone = self.slow(std::slice::from_ref(append)).await;
                    verdicts.push(alone.map_or_else(Err, |mut one| {
                        one.pop().unwrap_or(Err(AppendError::OutcomeUnknown))
                    }));
                }
                verdicts
            }
            Err(error) => appends.iter().map(|_| Err(error.clone())).collect(),
        }
    }

    /// From the cache, in one flight; `None` when the slow path must judge.
    async fn fast(&mut self, appends: &[Append]) -> Option<Vec<Verdict>> {
        if appends.iter().any(needs_reads) {
            return None;
        }
        let organisations: HashSet<Uuid> =
            appends.iter().map(|append| append.organisation).collect();
        let streams = appends.iter().flat_map(streams_of);
        let mut known = self.cache.known(organisations.iter(), streams)?;
        let (plan, verdicts) = plan(appends, &mut known, now());
        if verdicts.iter().any(Result::is_err) || plan.events.is_empty() {
            return None;
        }
        let connection = self.connection().await.ok()?;
        match write(connection, &plan, true).await {
            Ok(()) => {
                self.learn(&plan, known);
                metrics::counter!("dossier_commits_total", "path" => "fast").increment(1);
                Some(verdicts)
            }
            Err(_) if self.connection.as_ref().is_some_and(|open| !open.is_lost()) => None,
            Err(_) => match self.was_committed(&plan).await {
                Ok(true) => {
                    self.learn(&plan, known);
                    Some(verdicts)
                }
                Ok(false) => None,
                Err(error) => Some(appends.iter().map(|_| Err(error.clone())).collect()),
            },
        }
    }

    /// Locks, reads, judges each append, writes. Runs again when it is certain that a lost
    /// connection took nothing with it.
    async fn slow(&mut self, appends: &[Append]) -> Result<Vec<Verdict>, AppendError> {
        for _ in 0..ATTEMPTS {
            let Ok(connection) = self.connection().await else {
                return Err(AppendError::Unavailable);
            };
            let mut known = match lock_and_read(connection, appends).await {
                Ok(known) => known,
                Err(_) if connection.is_lost() => continue,
                Err(error) => {
                    drop(connection.client.batch_execute("ROLLBACK").await);
                    return Err(refused(&error));
                }
            };
            let (plan, verdicts) = plan(appends, &mut known, now());
            let written = if plan.is_empty() {
                connection.client.batch_execute("ROLLBACK").await
            } else {
                write(connection, &plan, false).await
            };
            match written {
                Ok(()) => {
                    self.learn(&plan, known);
                    metrics::counter!("dossier_commits_total", "path" => "slow").increment(1);
                    return Ok(verdicts);
                }
                Err(error) if !connection.is_lost() => return Err(refused(&error)),
                Err(_) if plan.is_empty() => {}
                Err(_) => {
                    if self.was_committed(&plan).await? {
                        self.learn(&plan, known);
                        return Ok(verdicts);
                    }
                }
            }
        }
        Err(AppendError::Unavailable)
    }

    fn learn(&mut self, plan: &Plan<'_>, known: Known) {
        let commits = plan.lanes.iter().map(|(lane, moved)| (*lane, moved.from, moved.to - 1));
        self.heads.advance_by_commit(&commits.collect::<Vec<_>>());
        self.cache.learn(known);
    }

    async fn connection(&mut self) -> Result<&Connection, Error> {
        if self.connection.as_ref().is_none_or(Connection::is_lost) {
            self.connection = None;
        }
        match self.connection {
            Some(ref connection) => Ok(connection),
            None => Ok(self.connection.insert(Connection::open(&self.config).await?)),
        }
    }

    /// The connection was lost in mid-call: ends the server's side of it for certain, then looks
    /// whether the batch is there. A batch is all or nothing, so one row tells.
    async fn was_committed(&mut self, plan: &Plan<'_>) -> Result<bool, AppendError> {
        let lost = self.connection.take().map(|connection| connection.backend);
        self.cache.forget();
        for attempt in 0..20 {
            if attempt > 0 {
                tokio::time::sleep(std::time::Duration::from_millis(250)).await;
            }
            let Ok(connection) = self.connection().await else { continue };
            if let Ok(answer) = look_up(connection, lost, plan).await {
                metrics::counter!("dossier_ambiguous_commits_total").increment(1);
                return Ok(answer);
            }
        }
        Err(AppendError::OutcomeUnknown)
    }
}

async fn look_up(
    connection: &Connection,
    lost: Option<i32>,
    plan: &Plan<'_>,
) -> Result<bool, Error> {
    let client = &connection.client;
    if let Some(backend) = lost {
        // The appender's role may not end a backend of the login that it belongs to; the login may.
        client.batch_execute("SET ROLE NONE").await?;
        client
            .query(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
                 WHERE pid = $1 AND usename = session_user",
                &[&backend],
            )
            .await?;
        client.batch_execute("RESET ROLE").await?;
    }
    let event = plan.events.first();
    let command = plan.commands.first();
    let row = client
        .query_one(
            &connection.statements.was_committed,
            &[
                &event.map(|row| row.lane),
                &event.map(|row| row.position),
                &event.map(|row| row.event.event_id),
                &command.map(|(organisation, _)| *organisation),
                &command.map(|(_, known)| known.id.id),
                &command.map(|(_, known)| known.id.fingerprint),
            ],
        )
        .await?;
    row.try_get(0)
}

/// The time as PostgreSQL keeps it: in microseconds.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

/// What only reads under locks can tell: the next number of a series, the version of a stream of
/// which none was expected, and whether a command that writes no event was done before.
fn needs_reads(append: &Append) -> bool {
    !append.numbers.is_empty()
        || append.streams.is_empty()
        || append.streams.iter().any(|stream| stream.expected == Expected::Any)
}

pub(super) fn streams_of(append: &Append) -> impl Iterator<Item = (Uuid, Uuid)> + '_ {
    append.streams.iter().map(|stream| (append.organisation, stream.stream_id))
}

/// Identities that two appends of one batch must not share.
fn touches(append: &Append) -> Vec<(Uuid, Uuid)> {
    let organisation = append.organisation;
    streams_of(append)
        .chain(append.command.iter().map(|command| (organisation, command.id)))
        .chain(append.claims.iter().map(|claim| (organisation, claim.value)))
        .chain(append.new_keys.iter().map(|key| (organisation, key.key_id)))
        .collect()
}

fn refused(error: &Error) -> AppendError {
    let message =
        error.as_db_error().map_or_else(|| error.to_string(), |db| db.message().to_owned());
    tracing::error!(error = %message, "the database refused a batch");
    AppendError::Refused(message)
}
