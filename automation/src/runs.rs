//! The runs as people see them: listed, looked at, and had to go on.

use domain::access::Scope;
use domain::rule::{Definition, Step};
use domain::rule_run::StepResult;
use eventstore::Store;
use jiff::Timestamp;
use projections::{PageQuery, Turns};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::error::Error;
use crate::outbox::calls;
use crate::runner::path::{next, result};
use crate::{ids, queue, rules};

const LIST: &str = include_str!("runs/sql/list.sql");
const LIST_FAILED: &str = include_str!("runs/sql/list_failed.sql");
const LIST_OF_RULE: &str = include_str!("runs/sql/list_of_rule.sql");
const LIST_OF_CUSTOMER: &str = include_str!("runs/sql/list_of_customer.sql");
const GET: &str = include_str!("runs/sql/get.sql");
const OF_EVENT: &str = include_str!("runs/sql/of_event.sql");
const RETRY: &str = include_str!("runs/sql/retry.sql");

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not begun, or waiting: for the next try, or for the time that a step names.
    Waiting,
    /// Over a limit of its rule, until there is a place.
    Queued,
    Running,
    Done,
    /// There was nothing to change.
    Skipped,
    /// The domain or the owner's rights did not allow it.
    Blocked,
    /// Kept back on purpose, such as by the loop guard.
    Withheld,
    /// It cannot go on, and trying again by itself would not help.
    Failed,
    /// It failed as often as it may: a dead letter, from which a person can go on.
    Dead,
}

impl State {
    /// As it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::Blocked => "blocked",
            Self::Withheld => "withheld",
            Self::Failed => "failed",
            Self::Dead => "dead",
        }
    }

    /// How it ended, if it did.
    pub fn ended(self) -> Option<domain::value::Outcome> {
        use domain::value::Outcome;
        match self {
            Self::Waiting | Self::Queued | Self::Running => None,
            Self::Done => Some(Outcome::Done),
            Self::Skipped => Some(Outcome::Skipped),
            Self::Blocked => Some(Outcome::Blocked),
            Self::Withheld => Some(Outcome::Withheld),
            Self::Failed | Self::Dead => Some(Outcome::Failed),
        }
    }

    /// The word by which people filter.
    pub fn outcome(self) -> Outcome {
        match self.ended() {
            Some(outcome) => outcome.into(),
            None if self == Self::Queued => Outcome::Queued,
            None => Outcome::Waiting,
        }
    }
}

/// The outcomes by which runs are filtered (FEATURES decision 12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Waiting,
    Queued,
    Done,
    Skipped,
    Blocked,
    Withheld,
    Failed,
}

impl From<domain::value::Outcome> for Outcome {
    fn from(outcome: domain::value::Outcome) -> Self {
        use domain::value::Outcome;
        match outcome {
            Outcome::Done => Self::Done,
            Outcome::Skipped => Self::Skipped,
            Outcome::Blocked => Self::Blocked,
            Outcome::Withheld => Self::Withheld,
            Outcome::Failed => Self::Failed,
        }
    }
}

impl Outcome {
    fn states(self) -> &'static [&'static str] {
        match self {
            Self::Waiting => &["waiting", "running"],
            Self::Queued => &["queued"],
            Self::Done => &["done"],
            Self::Skipped => &["skipped"],
            Self::Blocked => &["blocked"],
            Self::Withheld => &["withheld"],
            Self::Failed => &["failed", "dead"],
        }
    }
}

/// Which runs are asked for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pub rule: Option<Uuid>,
    pub customer: Option<Uuid>,
    pub outcome: Option<Outcome>,
    pub page: PageQuery,
}

/// Runs, newest first, and the ways on from there.
#[derive(Debug, Clone)]
pub struct Page {
    pub runs: Vec<Run>,
    pub turns: Turns,
}

/// A run of a rule for an event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Run {
    pub id: Uuid,
    pub rule: Uuid,
    pub rule_version: i64,
    pub trigger_event: Uuid,
    pub trigger_type: String,
    pub trigger_recorded_at: Timestamp,
    /// The trigger's sequence in the organisation.
    pub sequence: i64,
    /// Its place among the rules that this event triggered.
    pub ordinal: i16,
    pub customer: Uuid,
    pub correlation_id: Uuid,
    /// The records and rules by which the event came about, oldest first.
    pub chain: Vec<(Uuid, Uuid)>,
    pub state: State,
    /// How many steps are behind it.
    pub step: i16,
    pub steps: Vec<StepResult>,
    /// Failed tries of the present step.
    pub attempts: i16,
    /// When it is tried next, as long as it has not ended.
    pub next_attempt_at: Option<Timestamp>,
    pub reason: Option<String>,
    /// How often a person had it go on, and who did last.
    pub resumed: i16,
    pub resumed_by: Option<Uuid>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

impl Run {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let id = row.try_get("run_id")?;
        let broken = |error| Error::Run(id, error);
        let chain: Value = row.try_get("chain")?;
        let steps: Value = row.try_get("steps")?;
        let state: String = row.try_get("state")?;
        let finished_at: Option<Timestamp> = row.try_get("finished_at")?;
        let next_attempt_at: Timestamp = row.try_get("next_attempt_at")?;
        Ok(Self {
            id,
            rule: row.try_get("rule")?,
            rule_version: row.try_get("rule_version")?,
            trigger_event: row.try_get("trigger_event")?,
            trigger_type: row.try_get("trigger_type")?,
            trigger_recorded_at: row.try_get("trigger_recorded_at")?,
            sequence: row.try_get("sequence")?,
            ordinal: row.try_get("ordinal")?,
            customer: row.try_get("customer")?,
            correlation_id: row.try_get("correlation_id")?,
            chain: serde_json::from_value(chain).map_err(broken)?,
            state: serde_json::from_value(state.into()).map_err(broken)?,
            step: row.try_get("step")?,
            steps: serde_json::from_value(steps).map_err(broken)?,
            attempts: row.try_get("attempts")?,
            next_attempt_at: finished_at.is_none().then_some(next_attempt_at),
            reason: row.try_get("reason")?,
            resumed: row.try_get("resumed")?,
            resumed_by: row.try_get("resumed_by")?,
            created_at: row.try_get("created_at")?,
            finished_at,
        })
    }
}

/// What became of the wish to go on.
#[derive(Debug, Clone, PartialEq)]
pub enum Retried {
    /// It goes on.
    GoesOn(Box<Run>),
    /// It did not fail, or the failure is not recorded yet.
    NotFailed(State),
    /// It has no such step, or the step is done; it can go on from one of these.
    NoSuchStep(Vec<String>),
    NotFound,
}

/// Lists runs of customers within reach, newest first.
pub async fn list(store: &Store, scope: &Scope, query: &Query) -> Result<Page, Error> {
    let organisation = scope.organisation();
    let (sequence, ordinal): (i64, i16) = query.page.key()?.unwrap_or((i64::MAX, i16::MAX));
    let states = query.outcome.map(Outcome::states);
    let limit = query.page.rows();
    let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&organisation, &sequence, &ordinal];
    let text = match (&query.customer, &query.rule, query.outcome) {
        (Some(customer), _, _) => {
            let rest: [&(dyn ToSql + Sync); 4] = [&states, &limit, customer, &query.rule];
            parameters.extend(rest);
            LIST_OF_CUSTOMER
        }
        (None, Some(rule), _) => {
            let rest: [&(dyn ToSql + Sync); 3] = [&states, &limit, rule];
            parameters.extend(rest);
            LIST_OF_RULE
        }
        (None, None, Some(Outcome::Failed)) => {
            parameters.push(&limit);
            LIST_FAILED
        }
        (None, None, _) => {
            let rest: [&(dyn ToSql + Sync); 2] = [&states, &limit];
            parameters.extend(rest);
            LIST
        }
    };
    let client = store.app().get().await?;
    let statement = client.prepare_cached(&query.page.statement(text)).await?;
    let rows = client.query(&statement, &parameters).await?;
    drop(client);
    let runs = rows.iter().map(Run::from_row).collect::<Result<Vec<_>, _>>()?;
    let (runs, turns) = projections::page(runs, &query.page, |run| (run.sequence, run.ordinal));
    // A page may be short, or empty, and yet not the last.
    Ok(Page { runs: within(store, scope, runs).await?, turns })
}

/// One run.
pub async fn get(store: &Store, scope: &Scope, run: Uuid) -> Result<Option<Run>, Error> {
    let client = store.app().get().await?;
    let statement = client.prepare_cached(GET).await?;
    let row = client.query_opt(&statement, &[&scope.organisation(), &run]).await?;
    drop(client);
    let Some(run) = row.as_ref().map(Run::from_row).transpose()? else { return Ok(None) };
    Ok(reaches(store, scope, run.customer).await?.then_some(run))
}

/// The runs that an event set off, in their order.
pub async fn of_event(store: &Store, scope: &Scope, event: Uuid) -> Result<Vec<Run>, Error> {
    let client = store.app().get().await?;
    let statement = client.prepare_cached(OF_EVENT).await?;
    let rows = client.query(&statement, &[&scope.organisation(), &event]).await?;
    drop(client);
    let runs = rows.iter().map(Run::from_row).collect::<Result<Vec<_>, _>>()?;
    within(store, scope, runs).await
}

/// Those of customers within reach.
async fn within(store: &Store, scope: &Scope, runs: Vec<Run>) -> Result<Vec<Run>, Error> {
    let mut found = Vec::new();
    for run in runs {
        if reaches(store, scope, run.customer).await? {
            found.push(run);
        }
    }
    Ok(found)
}

/// Has a failed run go on: at the step that failed, or from a later one. What is done is not done
/// again, and what is passed over stays undone.
pub async fn retry(
    store: &Store,
    scope: &Scope,
    run: Uuid,
    from_step: Option<&str>,
) -> Result<Retried, Error> {
    let Some(found) = get(store, scope, run).await? else { return Ok(Retried::NotFound) };
    let mut steps = found.steps.clone();
    steps.truncate(usize::try_from(found.step).unwrap_or_default());
    let key = (scope.organisation(), found.rule, found.rule_version);
    let version = rules::version(store, key).await?;
    if let Some(from) = from_step {
        match version.as_ref().map_or(Err(Vec::new()), |v| before(&v.definition, &steps, from)) {
            Ok(before) => steps = before,
            Err(open) => return Ok(Retried::NoSuchStep(open)),
        }
    }
    let call = version.as_ref().and_then(|version| call_of(&found, &version.definition, &steps));
    let step = i16::try_from(steps.len()).unwrap_or(i16::MAX);
    let steps = serde_json::to_value(&steps).map_err(Error::Encode)?;
    let mut client = store.worker().get().await?;
    let tx = client.transaction().await?;
    let statement = tx.prepare_cached(RETRY).await?;
    let organisation = scope.organisation();
    let row =
        tx.query_opt(&statement, &[&organisation, &run, &scope.user(), &step, &steps]).await?;
    let goes_on = row.is_some();
    if let Some(row) = row {
        calls::reopen(&tx, organisation, call).await?;
        queue::line_up(&tx, [(organisation, row.try_get("customer")?)]).await?;
    }
    tx.commit().await?;
    drop(client);
    Ok(match get(store, scope, run).await? {
        Some(run) if goes_on => Retried::GoesOn(Box::new(run)),
        Some(run) => Retried::NotFailed(run.state),
        None => Retried::NotFound,
    })
}

/// What is done, and what is passed over, before this step; else the steps from which it can go on.
fn before(
    definition: &Definition,
    done: &[StepResult],
    from: &str,
) -> Result<Vec<StepResult>, Vec<String>> {
    let mut open = Vec::new();
    let mut passed = done.to_vec();
    while let Some((id, step)) = next(definition, &passed) {
        if id == from {
            return Ok(passed);
        }
        let reason = Some("passed over by hand".to_owned());
        passed.push(result(&id, step, domain::value::Outcome::Skipped, reason));
        open.push(id);
    }
    Err(open)
}

/// The call by which a run goes on after these steps, if that is what comes next.
fn call_of(run: &Run, definition: &Definition, done: &[StepResult]) -> Option<Uuid> {
    let (id, step) = next(definition, done)?;
    let calls = matches!(step, Step::CallWebhook(_));
    calls.then(|| ids::step(run.rule, run.trigger_event, &id).id)
}

/// Whether the customer is within reach now.
pub(crate) async fn reaches(store: &Store, scope: &Scope, customer: Uuid) -> Result<bool, Error> {
    Ok(projections::envelope::reaches(store, scope, Some(customer)).await?)
}
