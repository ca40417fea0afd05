//! Rules as they are now.

use domain::access::Scope;
use domain::rule::{Definition, Event, RunState};
use eventstore::Store;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::customer_360::time;
use crate::document::stored_as_documents;
use crate::error::Error;
use crate::item::Item;
use crate::page::{Page, PageQuery, page, position};
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};
use crate::reader::{Ids, Names, connection, reading};

const LIST: &str = include_str!("rules/list.sql");
const GET: &str = include_str!("rules/get.sql");

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Rules;

/// A rule as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    pub id: Uuid,
    /// Beside the definition, where names are joined.
    pub name: String,
    pub state: State,
    pub rule_version: i64,
    /// The version that was rehearsed last.
    #[serde(default)]
    pub rehearsed: Option<i64>,
    /// A later version, beside the one in force.
    #[serde(default)]
    pub draft: Option<Draft>,
    pub owner: Uuid,
    pub definition: Definition,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    /// The sequence that made it: its place in the list.
    pub made: i64,
    /// The last sequence that changed it.
    pub position: i64,
}

/// A version of a rule that is not in force yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub rule_version: i64,
    pub definition: Definition,
}

/// Whether a rule acts, or is history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Draft,
    Active,
    Archived,
}

impl From<RunState> for State {
    fn from(state: RunState) -> Self {
        match state {
            RunState::Draft => Self::Draft,
            RunState::Active => Self::Active,
        }
    }
}

impl ReadModel for Rules {
    type Row = Rule;

    const NAME: &'static str = "rules";
    const VERSION: i32 = 3;
    const TABLES: &'static str = include_str!("rules/tables.sql");
    const INDEXES: &'static str = include_str!("rules/indexes.sql");
    const EVENTS: &'static [&'static str] = &["rule"];

    fn touches(item: &Item) -> Touch {
        Touch::Row(item.stream_id)
    }

    fn fold(key: Key, row: &mut Option<Rule>, item: &Item) -> Result<(), Unfoldable> {
        let domain::Event::Rule(event) = item.event()? else { return Ok(()) };
        *row = Rule::after(key.id, row.take(), event, item);
        Ok(())
    }

    fn subject(key: Key, _row: &Rule) -> Uuid {
        key.id
    }

    stored_as_documents!();
}

impl Rule {
    /// The rule after one of its events.
    fn after(id: Uuid, before: Option<Self>, event: &Event, item: &Item) -> Option<Self> {
        if let Event::Created { rule_version, owner, state, definition } = event {
            return Some(Self {
                id,
                name: definition.name.clone(),
                state: State::from(*state),
                rule_version: *rule_version,
                rehearsed: None,
                draft: None,
                owner: *owner,
                definition: (**definition).clone(),
                created_at: item.effective_at(),
                updated_at: item.recorded_at,
                version: item.version,
                made: item.sequence,
                position: item.sequence,
            });
        }
        let mut rule = before?;
        rule.version = item.version;
        rule.position = item.sequence;
        rule.updated_at = item.recorded_at;
        match event {
            // Handled before: it needs no row.
            Event::Created { .. } => {}
            Event::Changed { rule_version, definition } => {
                rule.set(*rule_version, (**definition).clone());
            }
            Event::VersionDrafted { rule_version, definition } => {
                let (rule_version, definition) = (*rule_version, (**definition).clone());
                rule.draft = Some(Draft { rule_version, definition });
            }
            Event::Activated { rule_version: _ } => rule.switch(State::Active),
            Event::Deactivated { rule_version: _ } => rule.switch(State::Draft),
            Event::Archived {} => rule.state = State::Archived,
            Event::Rehearsed { rule_version, .. } => {
                rule.rehearsed = rule.rehearsed.max(Some(*rule_version));
            }
        }
        Some(rule)
    }

    fn set(&mut self, rule_version: i64, definition: Definition) {
        self.rule_version = rule_version;
        self.name.clone_from(&definition.name);
        self.definition = definition;
        self.draft = None;
    }

    /// Switched on or off, its last version counts.
    fn switch(&mut self, state: State) {
        self.state = state;
        if let Some(Draft { rule_version, definition }) = self.draft.take() {
            self.set(rule_version, definition);
        }
    }
}

/// Rules, newest first; archived ones only when asked for by that state.
pub async fn list(
    store: &Store,
    scope: &Scope,
    state: Option<State>,
    query: &PageQuery,
) -> Result<Page, Error> {
    let after: Option<i64> = query.key()?;
    let after = after.unwrap_or(i64::MAX);
    let state = state.map(|state| match state {
        State::Draft => "draft",
        State::Active => "active",
        State::Archived => "archived",
    });
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(LIST)).await?;
    let rows =
        tx.query(&statement, &[&scope.organisation(), &state, &after, &query.rows()]).await?;
    let rules = rows.iter().map(|row| row.try_get("body").map(|Json(rule)| rule));
    let rules: Vec<Rule> = rules.collect::<Result<_, _>>()?;
    let (rules, turns) = page(rules, query, |rule| rule.made);
    let position = position(&tx, Rules::NAME, scope.organisation()).await?;
    drop(tx);
    drop(client);
    let mut ids = Ids::default();
    rules.iter().for_each(|rule| ids.user(rule.owner));
    let names = ids.names(store, scope.organisation()).await?;
    Ok(Page { data: rules.iter().map(|rule| body(rule, &names)).collect(), turns, position })
}

/// One rule, and the position of the read model.
pub async fn get(store: &Store, scope: &Scope, rule: Uuid) -> Result<(Option<Value>, i64), Error> {
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(GET).await?;
    let row = tx.query_opt(&statement, &[&scope.organisation(), &rule]).await?;
    let position = position(&tx, Rules::NAME, scope.organisation()).await?;
    drop(tx);
    drop(client);
    let Some(row) = row else { return Ok((None, position)) };
    let Json(rule): Json<Rule> = row.try_get("body")?;
    let mut ids = Ids::default();
    ids.user(rule.owner);
    let names = ids.names(store, scope.organisation()).await?;
    Ok((Some(body(&rule, &names)), position))
}

fn body(rule: &Rule, names: &Names) -> Value {
    let mut body = json!({
        "id": rule.id,
        "state": rule.state,
        "rule_version": rule.rule_version,
        "rehearsed_version": rule.rehearsed,
        "owner": names.user(rule.owner),
        "draft": rule.draft.as_ref().map(|draft| {
            let mut written = written(&draft.definition);
            written.insert("rule_version".to_owned(), draft.rule_version.into());
            written
        }),
        "created_at": time(rule.created_at),
        "updated_at": time(rule.updated_at),
        "version": rule.version,
        "position": rule.position.to_string(),
    });
    if let Value::Object(body) = &mut body {
        body.extend(written(&rule.definition));
    }
    body
}

/// What a version says.
fn written(definition: &Definition) -> Map<String, Value> {
    let Definition { name, trigger, scope, when, then, limits, time_zone } = definition;
    let written = [
        ("name", json!(name)),
        ("trigger", json!(trigger)),
        ("scope", json!(scope)),
        ("when", json!(when)),
        ("then", json!(then)),
        ("limits", json!(limits)),
        ("time_zone", json!(time_zone)),
    ];
    written.into_iter().map(|(member, value)| (member.to_owned(), value)).collect()
}
