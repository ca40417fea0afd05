//! Every run of every rule, with its outcome.

use domain::access::Scope;
use domain::rule_run::{Event, Finished};
use domain::value::Outcome;
use eventstore::Store;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::customer_360::time;
use crate::document::stored_as_documents;
use crate::error::Error;
use crate::item::Item;
use crate::page::{Page, PageQuery, page, position};
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};
use crate::reader::{Ids, Names, Reach, connection, reading};

const LIST: &str = include_str!("rule_runs/list.sql");

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct RuleRuns;

/// A run that has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub id: Uuid,
    pub outcome: Outcome,
    /// What was recorded of it. It names nobody.
    pub finish: Finished,
    pub finished_at: Timestamp,
    pub sequence: i64,
}

impl ReadModel for RuleRuns {
    type Row = Run;

    const NAME: &'static str = "rule_runs";
    const VERSION: i32 = 1;
    const TABLES: &'static str = include_str!("rule_runs/tables.sql");
    const INDEXES: &'static str = include_str!("rule_runs/indexes.sql");
    const EVENTS: &'static [&'static str] = &["rule_run"];

    fn touches(item: &Item) -> Touch {
        Touch::Row(item.stream_id)
    }

    fn fold(key: Key, row: &mut Option<Run>, item: &Item) -> Result<(), Unfoldable> {
        let domain::Event::RuleRun(Event::Finished(finish)) = item.event()? else { return Ok(()) };
        *row = Some(Run {
            id: key.id,
            outcome: finish.outcome,
            finish: finish.clone(),
            finished_at: item.recorded_at,
            sequence: item.sequence,
        });
        Ok(())
    }

    fn subject(key: Key, row: &Run) -> Uuid {
        row.finish.customer.unwrap_or(key.id)
    }

    stored_as_documents!();
}

/// Which runs; what is `None` restricts nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    pub rule: Option<Uuid>,
    pub customer: Option<Uuid>,
    pub outcome: Option<Outcome>,
}

/// Runs, newest first.
pub async fn list(
    store: &Store,
    scope: &Scope,
    filter: &Filter,
    query: &PageQuery,
) -> Result<Page, Error> {
    let after: Option<i64> = query.key()?;
    let reach = Reach::of(scope);
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(LIST)).await?;
    let rows = tx
        .query(
            &statement,
            &[
                &scope.organisation(),
                &filter.rule,
                &filter.customer,
                &filter.outcome.map(Outcome::name),
                &after.unwrap_or(i64::MAX),
                &query.rows(),
                &reach.all,
                &reach.folders,
                &reach.workers,
            ],
        )
        .await?;
    let runs = rows.iter().map(|row| row.try_get("body").map(|Json(run)| run));
    let runs: Vec<Run> = runs.collect::<Result<_, _>>()?;
    let (runs, turns) = page(runs, query, |run| run.sequence);
    let position = position(&tx, RuleRuns::NAME, scope.organisation()).await?;
    drop(tx);
    drop(client);
    let mut ids = Ids::default();
    runs.iter().for_each(|run| ids.rule(Some(run.finish.rule)));
    let names = ids.names(store, scope.organisation()).await?;
    Ok(Page { data: runs.iter().map(|run| body(run, &names)).collect(), turns, position })
}

fn body(run: &Run, names: &Names) -> Value {
    let Finished { rule, rule_version, trigger_event, customer, outcome, reason, steps } =
        &run.finish;
    json!({
        "id": run.id,
        "rule": names.rule(*rule),
        "rule_version": rule_version,
        "trigger_event": trigger_event,
        "customer": customer,
        "outcome": outcome,
        "reason": reason,
        "steps": steps,
        "finished_at": time(run.finished_at),
        "position": run.sequence.to_string(),
    })
}
