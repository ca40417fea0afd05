//! The rules of a lane as of the matcher's checkpoint: in memory for matching, and as rows for the
//! next start, for the runner and for previews.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;
use std::sync::Arc;

use deadpool_postgres::GenericClient;
use domain::Decider;
use domain::condition::Condition;
use domain::rule::{self, Definition, Draft, Rule, Status};
use eventstore::Store;
use lru::LruCache;
use parking_lot::Mutex;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::Error;

const LOAD: &str = include_str!("rules/sql/load.sql");
const ACTIVE: &str = include_str!("rules/sql/active.sql");
const VERSION: &str = include_str!("rules/sql/version.sql");
const PUT: &str = include_str!("rules/sql/put.sql");

/// How many versions of rules a runner keeps.
const VERSIONS: usize = 1_000;

/// A version of a rule, ready to be matched.
#[derive(Debug)]
pub(crate) struct Active {
    pub(crate) rule: Uuid,
    pub(crate) version: i64,
    pub(crate) definition: Definition,
    /// `Err`: this program cannot read the condition, and why.
    pub(crate) condition: Result<Condition, String>,
}

impl Active {
    pub(crate) fn new(rule: Uuid, version: i64, definition: Definition) -> Self {
        let condition = definition.condition().map_err(|invalid| invalid.detail);
        Self { rule, version, definition, condition }
    }

    fn of(rule: Uuid, state: &rule::State) -> Option<Arc<Self>> {
        let definition = state.definition.clone().filter(|_| state.status == Status::Active)?;
        Some(Arc::new(Self::new(rule, state.version, definition)))
    }

    /// Whether an event of this name sets it off.
    pub(crate) fn is_triggered_by(&self, name: &str) -> bool {
        self.definition.trigger.events.iter().any(|trigger| trigger == name)
    }
}

/// A rule's version as a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RuleRow {
    organisation: Uuid,
    rule: Uuid,
    rule_version: i64,
    owner: Uuid,
    active: bool,
    definition: Value,
}

#[derive(Debug)]
struct Known {
    state: rule::State,
    active: Option<Arc<Active>>,
}

/// The rules of a lane, by organisation and rule; rules of one event go in the order of their ids,
/// which is that of their creation.
#[derive(Debug, Default)]
pub(crate) struct Rules(HashMap<Uuid, BTreeMap<Uuid, Known>>);

impl Rules {
    /// The rules as they were at the lane's checkpoint.
    pub(crate) async fn load(client: &impl GenericClient, lane: i16) -> Result<Self, Error> {
        let statement = client.prepare_cached(LOAD).await?;
        let mut rules = Self::default();
        for row in client.query(&statement, &[&lane]).await? {
            rules.take(&row)?;
        }
        Ok(rules)
    }

    /// Takes a stored version in; of a rule, the one in force comes first.
    fn take(&mut self, row: &Row) -> Result<(), Error> {
        let (organisation, rule): (Uuid, Uuid) =
            (row.try_get("organisation")?, row.try_get("rule")?);
        let (version, active): (i64, bool) = (row.try_get("rule_version")?, row.try_get("active")?);
        let definition = serde_json::from_value(row.try_get("definition")?)
            .map_err(|error| Error::Rule(rule, error))?;
        let rules = self.0.entry(organisation).or_default();
        if let Some(known) = rules.get_mut(&rule) {
            if version > known.state.version {
                known.state.draft = Some(Draft { version, definition });
            }
            return Ok(());
        }
        let state = rule::State {
            // An archived rule gets no more events, so it may stand here as a draft.
            status: if active { Status::Active } else { Status::Draft },
            version,
            owner: row.try_get("owner")?,
            definition: Some(definition),
            draft: None,
            // Whether it was rehearsed decides about switching it on, not about matching.
            rehearsed: None,
        };
        self.set(organisation, rule, state);
        Ok(())
    }

    /// Folds an event of a rule in; the rows are to be written with the checkpoint, in this order.
    pub(crate) fn apply(
        &mut self,
        organisation: Uuid,
        rule: Uuid,
        event: &rule::Event,
    ) -> Result<Vec<RuleRow>, Error> {
        let known = self.0.entry(organisation).or_default().remove(&rule);
        let state = Rule::evolve(known.map(|known| known.state).unwrap_or_default(), event);
        let row = |rule_version, definition: &Definition, active| {
            let definition = serde_json::to_value(definition).map_err(Error::Encode)?;
            Ok(RuleRow { organisation, rule, rule_version, owner: state.owner, active, definition })
        };
        let draft = state.draft.as_ref().map(|draft| row(draft.version, &draft.definition, false));
        let active = state.status == Status::Active;
        let current = state.definition.as_ref().map(|it| row(state.version, it, active));
        let rows = draft.into_iter().chain(current).collect::<Result<_, Error>>()?;
        self.set(organisation, rule, state);
        Ok(rows)
    }

    fn set(&mut self, organisation: Uuid, rule: Uuid, state: rule::State) {
        let active = Active::of(rule, &state);
        self.0.entry(organisation).or_default().insert(rule, Known { state, active });
    }

    /// The version in force of a rule that the clock sets off.
    pub(crate) fn by_clock(&self, organisation: Uuid, rule: Uuid) -> Option<i64> {
        let active = self.0.get(&organisation)?.get(&rule)?.active.as_ref()?;
        active.definition.trigger.is_the_clock().then_some(active.version)
    }

    /// The active rules that an event of this name sets off.
    pub(crate) fn triggered_by(&self, organisation: Uuid, name: &str) -> Vec<Arc<Active>> {
        let rules = self.0.get(&organisation).into_iter().flat_map(BTreeMap::values);
        rules
            .filter_map(|known| known.active.as_ref())
            .filter(|active| active.is_triggered_by(name))
            .cloned()
            .collect()
    }
}

/// The active rules of an organisation, as of the lane's checkpoint.
pub(crate) async fn active(
    client: &impl GenericClient,
    organisation: Uuid,
) -> Result<Vec<Active>, Error> {
    let statement = client.prepare_cached(ACTIVE).await?;
    let rows = client.query(&statement, &[&organisation]).await?;
    rows.iter()
        .map(|row| {
            let rule: Uuid = row.try_get("rule")?;
            let definition: Value = row.try_get("definition")?;
            let definition =
                serde_json::from_value(definition).map_err(|error| Error::Rule(rule, error))?;
            Ok(Active::new(rule, row.try_get("rule_version")?, definition))
        })
        .collect()
}

/// A version of a rule as the runner needs it.
#[derive(Debug)]
pub(crate) struct Version {
    pub(crate) owner: Uuid,
    pub(crate) definition: Definition,
}

/// Organisation, rule and version.
pub(crate) type VersionKey = (Uuid, Uuid, i64);

/// Versions of rules that were read lately.
#[derive(Debug)]
pub(crate) struct Versions(Mutex<LruCache<VersionKey, Arc<Version>>>);

impl Default for Versions {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(NonZeroUsize::new(VERSIONS).unwrap_or(NonZeroUsize::MIN))))
    }
}

impl Versions {
    /// One version of a rule.
    pub(crate) async fn get(
        &self,
        store: &Store,
        key: VersionKey,
    ) -> Result<Option<Arc<Version>>, Error> {
        if let Some(version) = self.0.lock().get(&key) {
            return Ok(Some(Arc::clone(version)));
        }
        let Some(version) = version(store, key).await? else { return Ok(None) };
        let version = Arc::new(version);
        self.0.lock().put(key, Arc::clone(&version));
        Ok(Some(version))
    }
}

/// A version of a rule as it is stored.
pub(crate) async fn version(store: &Store, key: VersionKey) -> Result<Option<Version>, Error> {
    let (organisation, rule, rule_version) = key;
    let client = store.worker().get().await?;
    let statement = client.prepare_cached(VERSION).await?;
    let row = client.query_opt(&statement, &[&organisation, &rule, &rule_version]).await?;
    let Some(row) = row else { return Ok(None) };
    let definition: Value = row.try_get("definition")?;
    let definition =
        serde_json::from_value(definition).map_err(|error| Error::Rule(rule, error))?;
    Ok(Some(Version { owner: row.try_get("owner")?, definition }))
}

/// Writes rows, in the order in which they came about.
pub(crate) async fn put(
    client: &impl GenericClient,
    lane: i16,
    rows: &[RuleRow],
) -> Result<(), Error> {
    let statement = client.prepare_cached(PUT).await?;
    for row in rows {
        client
            .execute(
                &statement,
                &[
                    &row.organisation,
                    &row.rule,
                    &row.rule_version,
                    &lane,
                    &row.owner,
                    &row.active,
                    &row.definition,
                ],
            )
            .await?;
    }
    Ok(())
}
