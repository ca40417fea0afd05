//! One command for many customers, as a job: each customer's own command and event, one
//! correlation, and an outcome for everybody who was chosen (F10). Undoing it is a job as well.
//!
//! Safe to go on with after a crash: who was chosen is written down first, and each customer's
//! command has an id made of the job and the customer.

mod outcome;
mod selection;

use std::path::PathBuf;
use std::time::Duration;

use domain::access::{Principal, Scope};
use domain::command::Invalid;
use domain::{Command, Source};
use eventstore::state::job::{self, Job};
use eventstore::{Caller, CommandId, Options, Refused};
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::commands::invalid;
use crate::import::jobs::Jobs;
use crate::problem::Problem;

use outcome::{Outcome, Tally};
pub(crate) use outcome::{name_rows, without_rows};
pub(crate) use selection::Selection;

/// The kinds of these jobs.
pub(crate) const KIND: &str = "bulk";
pub(crate) const UNDO: &str = "bulk.undo";

/// What can be done to many customers at once.
pub(crate) const COMMANDS: [&str; 6] = [
    "customer.change_status",
    "customer.move_folder",
    "customer.tag",
    "customer.untag",
    "customer.assign_worker",
    "customer.unassign_worker",
];

/// How many customers are on their way to the log at a time.
const CONCURRENCY: usize = 32;
/// Customers between two reports of progress.
const PROGRESS_EVERY: i64 = 100;
/// How often one is tried again whose command did not get through.
const ATTEMPTS: u32 = 6;

/// What is to be done, and to whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bulk {
    pub(crate) selection: Selection,
    pub(crate) command: Given,
    /// Whether rules run (FEATURES decision 14).
    #[serde(default)]
    pub(crate) run_rules: bool,
    /// Only say what would come of it.
    #[serde(default)]
    pub(crate) dry_run: bool,
}

/// A command by its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    #[serde(rename = "type")]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) data: Value,
}

/// What a job is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Task {
    Bulk(Box<Bulk>),
    /// Takes back what another such job did.
    Undo {
        of: Uuid,
    },
}

/// Why a job ended before its time.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("the log could not be read or written")]
    Store(#[from] eventstore::Error),
    #[error("the customers could not be found")]
    Find(#[from] projections::Error),
    #[error("the selection does not fit any more: {0}")]
    Selection(#[from] Invalid),
    #[error("{0}")]
    Denied(#[from] domain::access::Denied),
    #[error("the job that is to be undone is not there any more")]
    Gone,
    #[error("the report could not be written")]
    Report(#[from] csv::Error),
    #[error("a file of the job could not be read or written")]
    File(#[from] std::io::Error),
    #[error("what the job was asked to do cannot be read")]
    Options(#[from] serde_json::Error),
}

impl Task {
    fn kind(&self) -> &'static str {
        match self {
            Self::Bulk(_) => KIND,
            Self::Undo { .. } => UNDO,
        }
    }

    fn runs_rules(&self) -> bool {
        match self {
            Self::Bulk(bulk) => bulk.run_rules,
            Self::Undo { .. } => false,
        }
    }

    pub(crate) fn is_dry_run(&self) -> bool {
        matches!(self, Self::Bulk(bulk) if bulk.dry_run)
    }
}

/// What a job was asked to do, if it is one of these.
pub(crate) fn task_of(job: &Job) -> Option<Task> {
    let options = (job.kind == KIND || job.kind == UNDO).then(|| job.options.clone())?;
    serde_json::from_value(options).ok()
}

/// Queues a job; false where there is one of this id already.
pub(crate) async fn create(
    jobs: &Jobs,
    job_id: Uuid,
    principal: &Principal,
    task: &Task,
) -> Result<bool, eventstore::Error> {
    jobs.queue(job_id, principal, task.kind(), task).await
}

/// Does a job in the background.
pub(crate) fn spawn(jobs: &Jobs, job: Job) {
    let jobs = jobs.clone();
    tokio::spawn(async move { work(&jobs, &job).await });
}

/// Does a job to its end; the job tells what came of it.
async fn work(jobs: &Jobs, job: &Job) {
    let ended = run(jobs, job).await.map_err(|error| {
        tracing::warn!(error = %error, job.id = %job.job_id, "a bulk command stopped");
        json!({ "code": "bulk_stopped", "detail": error.to_string() })
    });
    jobs.end(job, ended).await;
}

async fn run(jobs: &Jobs, job: &Job) -> Result<Value, Error> {
    let task: Task = serde_json::from_value(job.options.clone())?;
    let principal = jobs.principal(job).await?;
    let (chosen, deed) = match &task {
        Task::Bulk(bulk) => (
            selection::chosen(jobs, job.job_id, &principal, &bulk.selection).await?,
            Deed::Command(&bulk.command),
        ),
        Task::Undo { of } => (
            selection::again(jobs, job.job_id, *of).await?,
            Deed::Undo(Box::new(undone(jobs, job, *of).await?)),
        ),
    };
    let caller = Caller {
        correlation_id: Some(job.job_id),
        runs_rules: task.runs_rules(),
        ..Caller::new(principal, Source::Bulk)
    };
    let dry_run = task.is_dry_run();
    let one = One { jobs, job, deed: &deed, dry_run, caller: &caller };
    let total = i64::try_from(chosen.len()).unwrap_or(i64::MAX);
    let mut tally = Tally::new(&jobs.report(job.job_id))?;
    jobs.progress(job.job_id, Some(total), &tally.counts()).await;
    let mut outcomes = stream::iter(chosen)
        .map(|customer| async move { (customer, one.does(customer).await) })
        .buffered(CONCURRENCY);
    while let Some((customer, outcome)) = outcomes.next().await {
        tally.add(customer, outcome)?;
        if tally.counts().done % PROGRESS_EVERY == 0 {
            jobs.progress(job.job_id, Some(total), &tally.counts()).await;
        }
    }
    jobs.progress(job.job_id, Some(total), &tally.counts()).await;
    let mut result = tally.result()?;
    if let Value::Object(result) = &mut result {
        result.insert("dry_run".to_owned(), dry_run.into());
        let of = if let Task::Undo { of } = task { Some(of) } else { None };
        result.insert("undoes".to_owned(), json!(of));
    }
    Ok(result)
}

/// The job that is to be undone.
async fn undone(jobs: &Jobs, job: &Job, of: Uuid) -> Result<Job, Error> {
    let client = jobs.store().app().get().await.map_err(eventstore::Error::from)?;
    let found = job::get(&client, job.organisation, of).await.map_err(eventstore::Error::from)?;
    found.ok_or(Error::Gone)
}

/// What is done to each.
enum Deed<'a> {
    Command(&'a Given),
    /// What another job did is taken back.
    Undo(Box<Job>),
}

/// What is done to one customer.
#[derive(Clone, Copy)]
struct One<'a> {
    jobs: &'a Jobs,
    job: &'a Job,
    deed: &'a Deed<'a>,
    dry_run: bool,
    caller: &'a Caller,
}

impl One<'_> {
    /// Tried again where the log did not take it: the command's id has it done once.
    async fn does(self, customer: Uuid) -> Outcome {
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                tokio::time::sleep(Duration::from_millis(100 << attempt)).await;
            }
            match self.tries(customer).await {
                Ok(changed) if changed => return Outcome::Changed,
                Ok(_) => return Outcome::Unchanged,
                Err(Refused::Overloaded | Refused::OutcomeUnknown | Refused::Unavailable) => {}
                Err(refused) => return Outcome::refused(refused),
            }
        }
        Outcome::refused(Refused::Unavailable)
    }

    async fn tries(self, customer: Uuid) -> Result<bool, Refused> {
        let command = (!self.dry_run).then(|| command_id(self.job, customer));
        let options = Options { command, dry_run: self.dry_run, ..Options::default() };
        let given = match self.deed {
            Deed::Undo(of) => return self.undo(of, customer, &options).await,
            Deed::Command(given) => given,
        };
        let command = Command::parse(&given.name, Some(customer), given.data.clone());
        let command = command.map_err(|invalid| Refused::Rejected(Box::new(invalid)))?;
        Ok(self.jobs.store().execute(self.caller, command, &options).await?.changed)
    }

    /// What the other job did to the customer is found by the id that its command had.
    async fn undo(self, of: &Job, customer: Uuid, options: &Options) -> Result<bool, Refused> {
        let store = self.jobs.store();
        let before = Options { command: Some(command_id(of, customer)), ..Options::default() };
        let done = store.done_before(self.caller, &before).await?;
        let events = done.map(|done| done.events).unwrap_or_default();
        let Some(first) = events.iter().find(|event| event.stream_id == customer) else {
            return Ok(false);
        };
        let event = store.read_event(of.organisation, first.event_id).await?;
        let event = event.ok_or(Refused::NotFound)?;
        Ok(store.undo(self.caller, &event, options).await?.changed)
    }
}

fn command_id(job: &Job, customer: Uuid) -> CommandId {
    let key = [job.job_id.as_bytes().as_slice(), customer.as_bytes()].concat();
    CommandId::new(job.created_by, &key, &[KIND.as_bytes()])
}

/// Where the customers of a job are written down.
fn list(jobs: &Jobs, job_id: Uuid) -> PathBuf {
    jobs.report(job_id).with_extension("customers")
}

/// What a job is refused for before it begins.
pub(crate) fn check(bulk: &Bulk, scope: &Scope) -> Result<(), Problem> {
    let given = &bulk.command;
    if !COMMANDS.contains(&given.name.as_str()) {
        let detail = format!("{:?} cannot be done to many customers at once", given.name);
        let error = Invalid::new("/command/type", "unknown_command", detail).allowing(COMMANDS);
        return Err(invalid(error));
    }
    let parsed = Command::parse(&given.name, Some(Uuid::nil()), given.data.clone());
    parsed.map_err(|error| invalid(error.under("/command/data")))?;
    bulk.selection.check(scope).map_err(|error| invalid(error.under("/selection")))
}
