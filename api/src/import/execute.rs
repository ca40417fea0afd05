//! Does an import: every row becomes the commands that a person would issue for it.
//!
//! Safe to repeat and to go on with after a crash: customers are found again by their outside id,
//! documents by their number, and a command that would change nothing writes nothing.

mod customers;
mod invoices;
mod orders;
mod payments;

use std::collections::HashMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::claim::ClaimKind;
use eventstore::state::job::Counts;
use eventstore::{Caller, Refused, Store};
use futures_util::StreamExt;
use jiff::Timestamp;
use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use uuid::Uuid;

use super::report::{Line, Outcome, Writer};
use super::{Error, Item, Kind, Options, Reader, RowProblem};

/// How many rows are on their way to the log at a time.
const CONCURRENCY: usize = 64;
/// Rows between two reports of progress.
const PROGRESS_EVERY: i64 = 500;

/// A file to import and what to make of it.
#[derive(Debug, Clone)]
pub struct Import {
    pub kind: Kind,
    pub file: PathBuf,
    /// Where the outcome of every row is written, as CSV.
    pub report: PathBuf,
    /// Name of the system that the file comes from; outside ids and document numbers are its.
    pub source: String,
    pub options: Options,
    /// Moves all dates by a whole number of weeks so that the newest lies in the seven days before
    /// this instant (the demo).
    pub move_to: Option<Timestamp>,
}

/// Why an import ended before its file did.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    File(#[from] Error),
    #[error("the report could not be written")]
    Report(#[from] csv::Error),
    #[error("a file of the import could not be opened or written")]
    Io(#[from] std::io::Error),
    #[error("the log could not be written; run the same import again to go on")]
    Stopped(#[source] Box<Refused>),
}

/// What became of one item.
struct Done {
    row: u64,
    outcome: Outcome,
    code: String,
    message: String,
    id: Option<Uuid>,
}

impl Done {
    fn new(row: u64, outcome: Outcome, id: Uuid) -> Self {
        Self { row, outcome, code: String::new(), message: String::new(), id: Some(id) }
    }

    fn failed(row: u64, code: &str, message: String) -> Self {
        Self { row, outcome: Outcome::Failed, code: code.to_owned(), message, id: None }
    }

    fn problem(problem: &RowProblem) -> Self {
        let column = problem.column.as_ref();
        let message = column.map_or_else(
            || problem.error.to_string(),
            |column| format!("{column}: {}", problem.error),
        );
        Self {
            row: problem.row,
            outcome: problem.outcome(),
            code: problem.error.code().to_owned(),
            message,
            id: None,
        }
    }
}

/// What all rows of one import share.
struct Run {
    store: Store,
    caller: Caller,
    source: String,
    currency: String,
    /// Customers met so far, by outside id.
    customers: Mutex<HashMap<String, Uuid>>,
    folders: Mutex<HashMap<String, Option<Uuid>>>,
    /// Rows of one account wait for each other: they would only be in each other's way.
    accounts: Vec<tokio::sync::Mutex<()>>,
}

/// Imports a file. `progress` hears the number of records in the file and what became of them so
/// far, now and then and at the end.
pub async fn import<P: Future<Output = ()>>(
    store: &Store,
    caller: &Caller,
    import: &Import,
    mut progress: impl FnMut(i64, Counts) -> P,
) -> Result<Counts, ImportError> {
    let (total, items) = open(import).await?;
    let currency = import.options.currency.clone().unwrap_or_else(|| "EUR".to_owned());
    let run = Arc::new(Run {
        store: store.clone(),
        caller: caller.clone(),
        source: import.source.clone(),
        currency,
        customers: Mutex::default(),
        folders: Mutex::default(),
        accounts: (0..CONCURRENCY).map(|_| tokio::sync::Mutex::default()).collect(),
    });
    let mut report = Writer::new(BufWriter::new(File::create(&import.report)?))?;
    let mut counts = Counts::default();
    progress(total, counts).await;
    let mut done = items
        .map(move |item| {
            let run = Arc::clone(&run);
            async move { run.item(item).await }
        })
        .buffered(CONCURRENCY);
    while let Some(outcome) = done.next().await {
        let outcome = outcome?;
        count(&mut counts, outcome.outcome);
        write(&mut report, &outcome)?;
        if counts.done % PROGRESS_EVERY == 0 {
            progress(total, counts).await;
        }
    }
    report.flush()?;
    progress(total, counts).await;
    Ok(counts)
}

/// Reads the file on a thread of its own; what it holds comes through a bounded channel.
async fn open(
    import: &Import,
) -> Result<(i64, impl futures_util::Stream<Item = Result<Item, Error>> + use<>), ImportError> {
    let (kind, file, options) = (import.kind, import.file.clone(), import.options.clone());
    let move_to = import.move_to;
    let opened = tokio::task::spawn_blocking(move || {
        let mut reader = Reader::open(kind, File::open(file)?, &options)?;
        if let (Some(now), Some(newest)) = (move_to, reader.totals().newest) {
            let now = now.to_zoned(jiff::tz::TimeZone::UTC).datetime();
            reader.set_shift_weeks(super::weeks_until(newest, now));
        }
        Ok::<_, ImportError>(reader)
    });
    let reader = opened.await.map_err(std::io::Error::other)??;
    let total = i64::try_from(reader.totals().records).unwrap_or(i64::MAX);
    let (sender, receiver) = mpsc::channel(CONCURRENCY * 2);
    tokio::task::spawn_blocking(move || {
        for item in reader {
            if sender.blocking_send(item).is_err() {
                break;
            }
        }
    });
    Ok((total, ReceiverStream::new(receiver)))
}

impl Run {
    async fn item(&self, item: Result<Item, Error>) -> Result<Done, ImportError> {
        match item? {
            Item::Customer(row) => self.customer(&row).await,
            Item::Order(document) => self.order(&document).await,
            Item::Invoice(document) => self.invoice(&document).await,
            Item::Payment(payment) => self.payment(&payment).await,
            Item::Problem(problem) => Ok(Done::problem(&problem)),
        }
    }

    /// The customer with this id in the file's system.
    async fn find(&self, external_id: &str) -> Result<Option<Uuid>, ImportError> {
        if let Some(id) = self.customers.lock().get(external_id) {
            return Ok(Some(*id));
        }
        let value = domain::customer::external_id_claim(&self.source, external_id);
        let organisation = self.caller.principal.organisation;
        let found = self
            .store
            .holder(organisation, ClaimKind::ExternalId, &value)
            .await
            .map_err(|error| ImportError::Stopped(Box::new(error.into())))?;
        if let Some(id) = found {
            self.customers.lock().insert(external_id.to_owned(), id);
        }
        Ok(found)
    }

    /// The account's turn, which it shares with a few others.
    async fn turn(&self, customer: Uuid) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        let place = usize::from(customer.as_bytes()[15]) % self.accounts.len();
        match self.accounts.get(place) {
            Some(turn) => Some(turn.lock().await),
            None => None,
        }
    }

    fn at(&self, occurred_at: Option<Timestamp>) -> Caller {
        Caller { occurred_at, ..self.caller.clone() }
    }
}

/// The id of an invoice or payment that is taken over: the same number of the same source is the
/// same document.
fn document_id(kind: &str, source: &str, number: &str) -> Uuid {
    const NAMESPACE: Uuid = Uuid::from_u128(0x0d05_51e7_b00c_5d3e_a7c6_19f2_48e0_63bd);
    Uuid::new_v5(&NAMESPACE, format!("{kind}\0{source}\0{number}").as_bytes())
}

/// A refusal of the row, or the end of the import where the log cannot be written.
fn judge(row: u64, refused: Refused) -> Result<Done, ImportError> {
    let code = match &refused {
        Refused::Rejected(refusal) => refusal.code(),
        Refused::Denied(_) => "permission_denied",
        Refused::NotFound => "not_found",
        Refused::Erased => "customer_erased",
        Refused::ClaimTaken { kind: ClaimKind::Email, .. } => "duplicate_customer",
        Refused::ClaimTaken { .. } => "duplicate",
        Refused::KeyReused
        | Refused::VersionConflict { .. }
        | Refused::Conflict
        | Refused::ReadOnly
        | Refused::Overloaded
        | Refused::OutcomeUnknown
        | Refused::Unavailable
        | Refused::Failed(_) => return Err(ImportError::Stopped(Box::new(refused))),
    };
    Ok(Done::failed(row, code, refused.to_string()))
}

fn count(counts: &mut Counts, outcome: Outcome) {
    counts.done += 1;
    *match outcome {
        Outcome::Created => &mut counts.created,
        Outcome::Updated => &mut counts.updated,
        Outcome::Unchanged => &mut counts.unchanged,
        Outcome::Skipped => &mut counts.skipped,
        Outcome::Failed => &mut counts.failed,
    } += 1;
}

fn write(report: &mut Writer<BufWriter<File>>, done: &Done) -> Result<(), csv::Error> {
    let id = done.id.map(|id| id.to_string()).unwrap_or_default();
    report.write(&Line {
        row: done.row,
        outcome: done.outcome,
        code: &done.code,
        message: &done.message,
        id: &id,
    })
}

/// Where an import's report lies, given its file.
pub fn report_path(file: &Path) -> PathBuf {
    file.with_extension("report.csv")
}
