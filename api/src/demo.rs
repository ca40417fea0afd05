//! The demo: a film rental with 599 customers, 16,044 orders with their invoices and 16,049
//! payments, loaded through the import, and a supplement of commands so that no view is empty. See demo/README.md.

use std::path::Path;

use domain::access::Principal;
use domain::claim::ClaimKind;
use domain::{Command, Source};
use eventstore::state::job;
use eventstore::{Caller, CommandId, Options, Store};
use jiff::{Timestamp, Zoned};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::import::jobs::{Jobs, Request};
use crate::import::supplement::{self, Step};
use crate::import::{self, Kind};

const CUSTOMERS: &[u8] = include_bytes!("../../demo/customers.csv");
const ORDERS: &[u8] = include_bytes!("../../demo/orders.csv");
const INVOICES: &[u8] = include_bytes!("../../demo/invoices.csv");
const PAYMENTS: &[u8] = include_bytes!("../../demo/payments.csv");
const SUPPLEMENT: &[u8] = include_bytes!("../../demo/supplement.jsonl");
const SOURCE: &str = "demo";
/// Its presence says that the demo is there whole.
const MARK: &str = "demo-loaded";
const WEEKS: &str = "demo-weeks";

/// Why the demo could not be loaded to its end. The next start goes on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a file of the demo could not be written")]
    Io(#[from] std::io::Error),
    #[error("the demo's supplement cannot be read")]
    Supplement(#[from] supplement::Error),
    #[error("the log could not be read or written")]
    Store(#[from] eventstore::Error),
    #[error("the import of the demo's {0} failed: {1}")]
    Import(&'static str, Value),
    #[error("line {row} of the supplement was refused: {message}")]
    Refused { row: u64, message: String },
}

/// Loads the demo, once; after an interruption it goes on where it was. `say` hears what is done.
///
/// # Errors
/// What stopped it.
pub async fn load(
    store: &Store,
    jobs: &Jobs,
    owner: &Principal,
    data_dir: &Path,
    mut say: impl FnMut(&str),
) -> Result<(), Error> {
    let mark = data_dir.join(MARK);
    if mark.exists() {
        return Ok(());
    }
    let weeks = weeks(&data_dir.join(WEEKS))?;
    for (kind, file) in [
        (Kind::Customers, CUSTOMERS),
        (Kind::Orders, ORDERS),
        (Kind::Invoices, INVOICES),
        (Kind::Payments, PAYMENTS),
    ] {
        say(&format!("demo: loading {}", kind.name()));
        import_file(store, jobs, owner, kind, file, weeks).await?;
    }
    say("demo: adding folders, notes, flags, tasks and rules");
    let steps = supplement::read(SUPPLEMENT, &Zoned::now())?;
    let count = steps.len();
    for step in steps {
        supplement_step(store, owner, step).await?;
    }
    tokio::fs::write(&mark, "").await?;
    say(&format!("demo: loaded, with {count} made-up additions"));
    Ok(())
}

/// By how many weeks all dates move: chosen once, so that a load which goes on in another week
/// meets the same documents.
fn weeks(file: &Path) -> Result<i32, Error> {
    if let Some(weeks) = std::fs::read_to_string(file).ok().and_then(|text| text.parse().ok()) {
        return Ok(weeks);
    }
    let now = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let weeks = import::weeks_until(newest_order()?, now);
    std::fs::write(file, weeks.to_string())?;
    Ok(weeks)
}

fn newest_order() -> Result<jiff::civil::DateTime, Error> {
    let options = import::Options::default();
    let reader = import::Reader::open(Kind::Orders, std::io::Cursor::new(ORDERS), &options)
        .map_err(|error| Error::Import("orders", json!(error.to_string())))?;
    reader.totals().newest.ok_or_else(|| Error::Import("orders", json!("the file holds no date")))
}

async fn import_file(
    store: &Store,
    jobs: &Jobs,
    owner: &Principal,
    kind: Kind,
    file: &[u8],
    shift_weeks: i32,
) -> Result<(), Error> {
    let options =
        import::Options { shift_weeks, currency: Some("USD".to_owned()), ..Default::default() };
    let request =
        Request { kind, source: SOURCE.to_owned(), options, move_to: None, runs_rules: false };
    let (job_id, place) = jobs.reserve();
    tokio::fs::write(place, file).await?;
    jobs.create(job_id, owner, &request).await?;
    let read = async || -> Result<job::Job, Error> {
        let client = store.app().get().await.map_err(eventstore::Error::from)?;
        let job = job::get(&client, owner.organisation, job_id).await;
        job.map_err(eventstore::Error::from)?
            .ok_or_else(|| Error::Import(kind.name(), json!("the job is gone")))
    };
    jobs.run(&read().await?).await?;
    match read().await?.error {
        Some(error) => Err(Error::Import(kind.name(), error)),
        None => Ok(()),
    }
}

/// Each line is a command with a key of its own: loading again does nothing twice.
async fn supplement_step(store: &Store, owner: &Principal, step: Step) -> Result<(), Error> {
    let refused = |message: String| Error::Refused { row: step.row, message };
    let organisation = owner.organisation;
    let mut data = step.data.clone();
    let mut target = None;
    if let Some(id) = &step.target {
        let value = domain::customer::external_id_claim(&id.source, &id.id);
        let found = store.holder(organisation, ClaimKind::ExternalId, &value).await?;
        target = Some(found.ok_or_else(|| refused(format!("there is no customer {}", id.id)))?);
    }
    if let Some(Value::String(name)) = data.get("folder") {
        let value = domain::folder::name_claim(name);
        let found = store.holder(organisation, ClaimKind::FolderName, &value).await?;
        let folder = found.ok_or_else(|| refused(format!("there is no folder {name}")))?;
        data.insert("folder".to_owned(), json!(folder));
    }
    if step.command == "task.add" {
        data.insert("customer".to_owned(), json!(target.take()));
    }
    let command = Command::parse(&step.command, target, Value::Object(data))
        .map_err(|invalid| refused(invalid.to_string()))?;
    let mut caller = Caller::new(owner.clone(), Source::Cli);
    caller.occurred_at = step.occurred_at;
    let key = format!("demo supplement {}", step.row);
    let id = CommandId::new(Uuid::nil(), key.as_bytes(), &[step.command.as_bytes()]);
    let options = Options { command: Some(id), ..Options::default() };
    store.execute(&caller, command, &options).await.map_err(|error| refused(error.to_string()))?;
    Ok(())
}
