//! Compiles a condition and a row scope to SQL over the directory, from fixed fragments and bound
//! values: the one place where SQL is put together.
//!
//! What SQL can judge exactly as [`Condition::matches`] does, it judges. The rest (text compared
//! beyond ASCII, whose case PostgreSQL folds by the locale of the machine) it lets through, and
//! the evaluator judges the rows that come: so no row is lost and none too many is shown.

mod leaf;

use domain::access::{RowScope, Scope};
use domain::condition::Condition;
use eventstore::Store;
use jiff::Timestamp;
use tokio_postgres::types::{Json, ToSql};
use uuid::Uuid;

use crate::audience::Audience;
use crate::customer_360::{View, within_reach};
use crate::error::Error;
use crate::page::{PageQuery, Turns, page};

const FIND: &str = include_str!("predicate/find.sql");
const COUNT: &str = include_str!("predicate/count.sql");

/// Rows looked at in one go where not all of them pass.
const CHUNK: i64 = 1_000;

/// The number of the first parameter that is free in the statements around a predicate.
const FIRST: usize = 6;

/// A value bound to a parameter.
type Bound = Box<dyn ToSql + Sync + Send>;

/// A condition and a scope as SQL.
#[derive(Debug)]
pub struct Predicate {
    sql: String,
    values: Vec<Bound>,
    /// Whether SQL judges all of it. If not, it lets some rows through that do not match.
    exact: bool,
}

/// What was found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) views: Vec<View>,
    pub(crate) turns: Turns,
}

impl Predicate {
    /// The SQL of a condition as this reader may ask it, for the directory's row `d`.
    pub fn compile(condition: &Condition, scope: &Scope, now: Timestamp) -> Self {
        let audiences = Audience::limits(scope);
        let mut compiler = Compiler { values: Vec::new(), exact: true, audiences, now };
        let scope = compiler.scope(scope.row_scope());
        let condition = compiler.condition(condition, false);
        let Compiler { values, exact, .. } = compiler;
        Self { sql: format!("{scope} AND {condition}"), values, exact }
    }

    /// Whether SQL alone answers.
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// The values of a statement's own parameters, and behind them those of the predicate.
    pub fn parameters<'a>(&'a self, own: &[&'a (dyn ToSql + Sync)]) -> Vec<&'a (dyn ToSql + Sync)> {
        let mut parameters = own.to_vec();
        parameters.extend(self.values.iter().map(|value| -> &(dyn ToSql + Sync) { &**value }));
        parameters
    }

    /// The statement with the predicate in its place (`/* predicate */ TRUE`); the statement has
    /// five parameters of its own.
    pub fn within(&self, statement: &str) -> String {
        statement.replace("/* predicate */ TRUE", &self.sql)
    }
}

struct Compiler {
    values: Vec<Bound>,
    exact: bool,
    /// Those whose events count, unless all do.
    audiences: Option<Vec<Audience>>,
    now: Timestamp,
}

impl Compiler {
    /// Binds a value: its parameter, with the type that it has there.
    fn bind(&mut self, value: impl ToSql + Sync + Send + 'static, kind: &'static str) -> String {
        self.values.push(Box::new(value));
        format!("${}::{kind}", FIRST + self.values.len() - 1)
    }

    fn scope(&mut self, rows: &RowScope) -> String {
        match rows {
            RowScope::All => "TRUE".to_owned(),
            RowScope::Within { folders, workers } => {
                let folders: Vec<Uuid> = folders.iter().copied().collect();
                let workers: Vec<Uuid> = workers.iter().copied().collect();
                let folders = self.bind(folders, "uuid[]");
                let workers = self.bind(workers, "uuid[]");
                format!("(coalesce(d.folder = ANY ({folders}), FALSE) OR d.workers && {workers})")
            }
        }
    }

    /// `negated` is pushed down to the leaves, since what lets through does so either way.
    fn condition(&mut self, condition: &Condition, negated: bool) -> String {
        let (children, all) = match condition {
            Condition::All(children) => (children, !negated),
            Condition::Any(children) => (children, negated),
            Condition::Not(child) => return self.condition(child, !negated),
            Condition::Leaf(leaf) => {
                return match self.leaf(leaf) {
                    Some(sql) if negated => format!("NOT {sql}"),
                    Some(sql) => sql,
                    None => {
                        self.exact = false;
                        "TRUE".to_owned()
                    }
                };
            }
        };
        let parts: Vec<String> =
            children.iter().map(|child| self.condition(child, negated)).collect();
        match (parts.is_empty(), all) {
            (true, true) => "TRUE".to_owned(),
            (true, false) => "FALSE".to_owned(),
            (false, true) => format!("({})", parts.join(" AND ")),
            (false, false) => format!("({})", parts.join(" OR ")),
        }
    }
}

/// Whether a customer matches, judged in memory: for live feeds, and for what SQL lets through.
pub fn matches(view: &View, condition: &Condition, scope: &Scope, now: Timestamp) -> bool {
    within_reach(view, scope) && condition.matches(&view.facts(scope), now).holds
}

/// The customers that match, by name. Asked as the worker, since requests cannot read the
/// directory's tables; the organisation and the scope are part of the statement.
pub(crate) async fn find(
    store: &Store,
    scope: &Scope,
    condition: &Condition,
    archived: bool,
    query: &PageQuery,
) -> Result<Found, Error> {
    let now = Timestamp::now();
    let predicate = Predicate::compile(condition, scope, now);
    let statement = predicate.within(&query.statement(FIND));
    let limit = if predicate.exact { query.rows() } else { query.rows().max(CHUNK) };
    let wanted = usize::try_from(query.rows()).unwrap_or_default();
    let (mut sort_text, mut customer): (String, Uuid) = query.key()?.unwrap_or_default();
    let organisation = scope.organisation();
    let client = store.worker().get().await?;
    let mut found: Vec<(String, View)> = Vec::new();
    while found.len() < wanted {
        let own: [&(dyn ToSql + Sync); 5] =
            [&organisation, &archived, &sort_text, &customer, &limit];
        // Text and not a prepared statement: each has its own predicate, and its own plan.
        let rows = client.query(&statement, &predicate.parameters(&own)).await?;
        let more = i64::try_from(rows.len()).is_ok_and(|count| count == limit);
        for row in rows {
            sort_text = row.try_get("sort_text")?;
            customer = row.try_get("customer")?;
            let Json(view): Json<View> = row.try_get("document")?;
            if predicate.exact || matches(&view, condition, scope, now) {
                found.push((sort_text.clone(), view));
            }
        }
        if !more {
            break;
        }
    }
    found.truncate(wanted);
    let (found, turns) = page(found, query, |(sort_text, view)| (sort_text.clone(), view.id));
    Ok(Found { views: found.into_iter().map(|(_, view)| view).collect(), turns })
}

/// How many customers match, counted one by one up to `most`; all of them without it, which is as
/// slow as there are many.
pub async fn count(
    store: &Store,
    scope: &Scope,
    condition: &Condition,
    archived: bool,
    most: Option<i64>,
) -> Result<i64, Error> {
    let predicate = Predicate::compile(condition, scope, Timestamp::now());
    if predicate.exact {
        let client = store.worker().get().await?;
        // The parameters of the page are not needed here, their places are.
        let (organisation, nothing) = (scope.organisation(), Option::<i64>::None);
        let own: [&(dyn ToSql + Sync); 5] = [&organisation, &archived, &nothing, &nothing, &most];
        let row = client.query_one(&predicate.within(COUNT), &predicate.parameters(&own)).await?;
        return Ok(row.try_get(0)?);
    }
    let mut count = 0;
    let mut query = PageQuery::first(1_000);
    loop {
        let found = find(store, scope, condition, archived, &query).await?;
        count += i64::try_from(found.views.len()).unwrap_or(i64::MAX);
        match found.turns.next {
            Some(next) if most.is_none_or(|most| count < most) => query.after = Some(next),
            Some(_) | None => return Ok(most.map_or(count, |most| count.min(most))),
        }
    }
}
