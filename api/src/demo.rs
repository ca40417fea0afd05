//! The demo: a film rental with 599 customers, 16,044 orders with their invoices and 16,049
//! payments, loaded through the import, and a supplement of commands so that no view is empty. See demo/README.md.

mod people;

use std::path::Path;

use automation::Rehearsal;
use domain::access::Principal;
use domain::claim::ClaimKind;
use domain::rule::{self, Clock, Rule, RunState, Status};
use domain::{Command, Source};
use eventstore::state::job;
use eventstore::{Caller, CommandId, Options, Store};
use jiff::{Timestamp, Zoned};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::import::jobs::{Jobs, Request};
use crate::import::supplement::{self, Step};
use crate::import::{self, Kind};
use crate::rehearsals;

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
    #[error("one of the demo's people could not be made: {0}")]
    Person(String),
    #[error("the rule {rule} could not be switched on: {message}")]
    NotSwitchedOn { rule: Uuid, message: String },
}

/// Loads the demo, once; after an interruption it goes on where it was. `say` hears what is done,
/// and who may sign in.
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
    if !data_dir.join(MARK).exists() {
        load_all(store, jobs, owner, data_dir, &mut say).await?;
    }
    people::make(store, owner, data_dir).await?;
    people::lines(store, data_dir).await?.iter().for_each(|line| say(line));
    Ok(())
}

async fn load_all(
    store: &Store,
    jobs: &Jobs,
    owner: &Principal,
    data_dir: &Path,
    say: &mut impl FnMut(&str),
) -> Result<(), Error> {
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
    let mut sending = Vec::new();
    for step in steps {
        sending.extend(supplement_step(store, owner, step).await?);
    }
    say("demo: rehearsing the rules that send messages");
    for rule in sending {
        switch_on(store, jobs, owner, rule).await?;
    }
    tokio::fs::write(data_dir.join(MARK), "").await?;
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

/// Each line is a command with a key of its own: loading again does nothing twice. The answer is a
/// rule that has yet to be rehearsed and switched on.
async fn supplement_step(
    store: &Store,
    owner: &Principal,
    step: Step,
) -> Result<Option<Uuid>, Error> {
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
    let mut command = Command::parse(&step.command, target, Value::Object(data))
        .map_err(|invalid| refused(invalid.to_string()))?;
    let waits = kept_as_draft(&mut command);
    let mut caller = Caller::new(owner.clone(), Source::Cli);
    caller.occurred_at = step.occurred_at;
    let key = format!("demo supplement {}", step.row);
    let id = CommandId::new(Uuid::nil(), key.as_bytes(), &[step.command.as_bytes()]);
    let options = Options { command: Some(id), ..Options::default() };
    let done = store.execute(&caller, command, &options).await;
    let done = done.map_err(|error| refused(error.to_string()))?;
    Ok(waits.then_some(done.stream_id))
}

/// Whether it writes a rule that sends messages; it is a draft then, whatever the line says.
fn kept_as_draft(command: &mut Command) -> bool {
    let Command::Rule { id: _, command: rule::Command::Create(create) } = command else {
        return false;
    };
    let sends = create.steps.iter().any(rule::Step::sends);
    if sends {
        create.state = Some(RunState::Draft);
    }
    sends
}

/// Rehearses a rule over what was loaded and switches it on, unless somebody has done so.
async fn switch_on(store: &Store, jobs: &Jobs, owner: &Principal, rule: Uuid) -> Result<(), Error> {
    let (_, state) = store.load::<Rule>(owner.organisation, rule).await?;
    if state.status != Status::Draft {
        return Ok(());
    }
    if state.rehearsed.is_none() {
        let (from, to) = (Timestamp::UNIX_EPOCH, Timestamp::now());
        let rehearsal = Rehearsal { rule, from, to, time: Clock::Effective };
        let job_id = rehearsals::create(jobs, owner, &rehearsal).await?;
        let client = store.app().get().await.map_err(eventstore::Error::from)?;
        let job = job::get(&client, owner.organisation, job_id).await;
        drop(client);
        if let Some(job) = job.map_err(eventstore::Error::from)? {
            rehearsals::work(jobs, &job).await;
        }
    }
    let command = Command::Rule { id: rule, command: rule::Command::Activate(rule::Nothing {}) };
    let caller = Caller::new(owner.clone(), Source::Cli);
    let done = store.execute(&caller, command, &Options::default()).await;
    done.map_err(|error| Error::NotSwitchedOn { rule, message: error.to_string() })?;
    Ok(())
}
