//! Rehearsals of rules as jobs: they go on in the background, and over again after a restart, since
//! they change nothing.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use automation::{Compared, Ending, Found, Rehearsal, Row, Stopped};
use domain::access::{self, Action, Principal, RowScope, Scope};
use domain::rule::{self, RecordRehearsal};
use domain::rule_run::StepResult;
use domain::{Command, Source};
use eventstore::state::job::{Counts, Job};
use eventstore::{Caller, CommandId, Options};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::extract::Ask;
use crate::import::jobs::Jobs;
use crate::import::report::guard;
use crate::problem::Problem;
use crate::view::time;
use projections::envelope;

/// The kind of these jobs.
pub(crate) const KIND: &str = "rule.rehearsal";

/// Runs that stand in the job itself; the report has all of them.
const SHOWN: usize = 100;
const HEADER: [&str; 10] = [
    "event",
    "event_type",
    "at",
    "customer",
    "outcome",
    "reason",
    "steps",
    "compared",
    "active_outcome",
    "active_steps",
];

/// The column of the customer.
const CUSTOMER: usize = 3;

/// Why a rehearsal ended before its time.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("the log could not be read or written")]
    Store(#[from] eventstore::Error),
    #[error(transparent)]
    Rehearsal(#[from] automation::Error),
    #[error("there is no such rule")]
    NoRule,
    #[error("{0}")]
    Denied(access::Denied),
    #[error("what came of it could not be recorded")]
    Refused(#[from] eventstore::Refused),
    #[error("the report could not be written")]
    Report(#[from] csv::Error),
    #[error("the report could not be written")]
    File(#[from] std::io::Error),
    #[error("what the job was asked to do cannot be read")]
    Options(#[from] serde_json::Error),
}

/// Queues a rehearsal.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn create(
    jobs: &Jobs,
    principal: &Principal,
    rehearsal: &Rehearsal,
) -> Result<Uuid, eventstore::Error> {
    let (job_id, _) = jobs.reserve();
    jobs.queue(job_id, principal, KIND, rehearsal).await?;
    Ok(job_id)
}

/// Runs a rehearsal in the background.
pub(crate) fn spawn(jobs: &Jobs, job: Job) {
    let jobs = jobs.clone();
    tokio::spawn(async move { work(&jobs, &job).await });
}

/// Runs a rehearsal to its end; the job tells what came of it.
pub(crate) async fn work(jobs: &Jobs, job: &Job) {
    let ended = run(jobs, job).await.map_err(|error| {
        tracing::warn!(error = %error, job.id = %job.job_id, "a rehearsal stopped");
        json!({ "code": "rehearsal_stopped", "detail": error.to_string() })
    });
    jobs.end(job, ended).await;
}

async fn run(jobs: &Jobs, job: &Job) -> Result<Value, Error> {
    let rehearsal: Rehearsal = serde_json::from_value(job.options.clone())?;
    let principal = jobs.principal(job).await?;
    let scope = access::scope(&principal, Action::RuleAdmin).map_err(Error::Denied)?;
    let (mut rows, mut told) = (Vec::new(), 0_usize);
    let mut report = Report::new(&jobs.report(job.job_id))?;
    let tell = |row: Row| {
        report.write(&row)?;
        told += 1;
        if rows.len() < SHOWN {
            rows.push(shown(&row));
        }
        Ok::<_, csv::Error>(())
    };
    let progress = |customers| async move {
        let counts = Counts { done: customers, ..Counts::default() };
        jobs.progress(job.job_id, None, &counts).await;
    };
    let found = automation::rehearse(jobs.store(), &scope, &rehearsal, tell, progress).await;
    let found = found.map_err(|stopped| match stopped {
        Stopped::Failed(error) => Error::Rehearsal(error),
        Stopped::NoRule => Error::NoRule,
        Stopped::Told(error) => Error::Report(error),
    })?;
    report.csv.flush()?;
    record(jobs, job, &scope, &rehearsal, &found).await?;
    let complete = rows.len() == told;
    Ok(json!({
        "rule": rehearsal.rule,
        "rule_version": found.rule_version,
        "active_version": found.active_version,
        "from": time(rehearsal.from),
        "to": time(rehearsal.to),
        "time": rehearsal.time,
        "customers": found.customers,
        "unreadable_customers": found.unreadable,
        "events": found.events,
        "counts": found.counts,
        "compared": found.active_version.map(|_| &found.compared),
        "runs": rows,
        "complete": complete,
    }))
}

/// The log keeps that this version was rehearsed, and what would have come of it.
async fn record(
    jobs: &Jobs,
    job: &Job,
    scope: &Scope,
    rehearsal: &Rehearsal,
    found: &Found,
) -> Result<(), Error> {
    let record = RecordRehearsal {
        job: job.job_id,
        rule_version: found.rule_version,
        from: rehearsal.from,
        to: rehearsal.to,
        time: rehearsal.time,
        counts: found.counts.clone(),
    };
    let command = rule::Command::RecordRehearsal(record);
    let command = Command::Rule { id: rehearsal.rule, command };
    let caller = Caller {
        correlation_id: Some(job.job_id),
        ..Caller::new(Principal::system(scope.organisation()), Source::System)
    };
    let id = CommandId { id: job.job_id, fingerprint: job.job_id };
    let options = Options { command: Some(id), ..Options::default() };
    jobs.store().execute(&caller, command, &options).await?;
    Ok(())
}

fn shown(row: &Row) -> Value {
    let run = row.run.as_ref();
    json!({
        "event": row.event,
        "event_type": row.event_type,
        "at": time(row.at),
        "customer": row.customer,
        "outcome": run.map(|run| run.outcome),
        "reason": run.and_then(|run| run.reason.as_ref()),
        "steps": run.map_or(&[][..], |run| &run.steps),
        "compared": row.compared,
        "active": row.active,
    })
}

/// Of the runs that a job tells of, those of customers whom the caller still reaches.
pub(crate) async fn keep_within_reach(ask: &Ask, runs: &mut Value) -> Result<(), Problem> {
    let scope = ask.scope(Action::JobRead)?;
    let Value::Array(rows) = runs else { return Ok(()) };
    let mut kept = Vec::with_capacity(rows.len());
    for row in std::mem::take(rows) {
        let customer = row.get("customer").and_then(Value::as_str).and_then(|id| id.parse().ok());
        if envelope::reaches(ask.app.store(), &scope, customer).await? {
            kept.push(row);
        }
    }
    *rows = kept;
    Ok(())
}

/// The same of a report.
pub(crate) async fn within_reach(ask: &Ask, report: Vec<u8>) -> Result<Vec<u8>, Problem> {
    let scope = ask.scope(Action::JobRead)?;
    if *scope.row_scope() == RowScope::All {
        return Ok(report);
    }
    let mut kept = csv::Writer::from_writer(Vec::new());
    let mut written = kept.write_record(HEADER);
    for record in csv::Reader::from_reader(report.as_slice()).records() {
        let record = record.map_err(|error| Problem::internal(&error))?;
        let customer = record.get(CUSTOMER).and_then(|id| id.parse().ok());
        if envelope::reaches(ask.app.store(), &scope, customer).await? {
            written = written.and_then(|()| kept.write_record(&record));
        }
    }
    written.map_err(|error| Problem::internal(&error))?;
    kept.into_inner().map_err(|error| Problem::internal(error.error()))
}

struct Report {
    csv: csv::Writer<BufWriter<File>>,
}

impl Report {
    fn new(path: &Path) -> Result<Self, Error> {
        let mut csv = csv::Writer::from_writer(BufWriter::new(File::create(path)?));
        csv.write_record(HEADER)?;
        Ok(Self { csv })
    }

    fn write(&mut self, row: &Row) -> csv::Result<()> {
        let outcome = |run: &Option<Ending>| run.as_ref().map_or("", |run| run.outcome.name());
        let reason = row.run.as_ref().and_then(|run| run.reason.as_deref());
        self.csv.write_record([
            row.event.map(|event| event.to_string()).unwrap_or_default().as_str(),
            &row.event_type,
            &time(row.at),
            &row.customer.to_string(),
            outcome(&row.run),
            &guard(reason.unwrap_or_default()),
            &steps(row.run.as_ref()),
            row.compared.map_or("", Compared::name),
            outcome(&row.active),
            &steps(row.active.as_ref()),
        ])
    }
}

fn steps(run: Option<&Ending>) -> String {
    let steps = run.into_iter().flat_map(|run| &run.steps);
    steps.map(step).collect::<Vec<_>>().join("; ")
}

/// `2.then.1 add_tag: done`.
fn step(step: &StepResult) -> String {
    format!("{} {}: {}", step.step, step.action, step.outcome)
}
