//! How requests read: as the role that sees one organisation, and with names joined to ids.

use std::collections::{BTreeSet, HashMap};

use deadpool_postgres::{Client, Transaction};
use domain::Actor;
use domain::access::{RowScope, Scope};
use domain::organisation::Organisation;
use eventstore::Store;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::error::Error;
use crate::page::position;

const SEE: &str = include_str!("reader/see.sql");
const USERS: &str = include_str!("reader/users.sql");
const FOLDERS: &str = include_str!("reader/folders.sql");
const RULES: &str = include_str!("reader/rules.sql");

/// A connection of the role that serves requests.
pub(crate) async fn connection(store: &Store) -> Result<Client, Error> {
    Ok(store.app().get().await?)
}

/// A transaction in which row-level security shows one organisation.
pub(crate) async fn reading<'a>(
    client: &'a mut Client,
    scope: &Scope,
) -> Result<Transaction<'a>, Error> {
    reading_in(client, scope.organisation()).await
}

/// The same for who has no scope.
pub(crate) async fn reading_in(
    client: &mut Client,
    organisation: Uuid,
) -> Result<Transaction<'_>, Error> {
    let tx = client.build_transaction().read_only(true).start().await?;
    let statement = tx.prepare_cached(SEE).await?;
    tx.query_one(&statement, &[&organisation.to_string()]).await?;
    Ok(tx)
}

/// The day that it is at this moment where the organisation is.
pub(crate) async fn today(store: &Store, organisation: Uuid, at: Timestamp) -> Result<Date, Error> {
    let (_, state) = store.load::<Organisation>(organisation, organisation).await?;
    Ok(at.to_zoned(state.time_zone()).date())
}

/// The row scope as parameters of a query: all, or those in these folders or of these workers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) all: bool,
    pub(crate) folders: Vec<Uuid>,
    pub(crate) workers: Vec<String>,
}

impl Reach {
    pub(crate) fn of(scope: &Scope) -> Self {
        match scope.row_scope() {
            RowScope::All => Self { all: true, ..Self::default() },
            RowScope::Within { folders, workers } => Self {
                all: false,
                folders: folders.iter().copied().collect(),
                workers: workers.iter().map(Uuid::to_string).collect(),
            },
        }
    }
}

/// One row of a read model, if it is within reach, and the position of the read model. `query` takes
/// the organisation, the id and the reach, and answers with `body`.
pub(crate) async fn one<T: DeserializeOwned>(
    store: &Store,
    scope: &Scope,
    model: &'static str,
    query: &'static str,
    id: Uuid,
) -> Result<(Option<T>, i64), Error> {
    let reach = Reach::of(scope);
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(query).await?;
    let row = tx
        .query_opt(
            &statement,
            &[&scope.organisation(), &id, &reach.all, &reach.folders, &reach.workers],
        )
        .await?;
    let position = position(&tx, model, scope.organisation()).await?;
    let body = row.map(|row| row.try_get("body").map(|Json(body)| body)).transpose()?;
    Ok((body, position))
}

/// Names of people, folders and rules, joined where rows hold ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    users: HashMap<Uuid, String>,
    folders: HashMap<Uuid, String>,
    rules: HashMap<Uuid, String>,
}

/// The ids whose names are needed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ids {
    users: BTreeSet<Uuid>,
    folders: BTreeSet<Uuid>,
    rules: BTreeSet<Uuid>,
}

impl Ids {
    pub(crate) fn user(&mut self, user: Uuid) {
        self.users.insert(user);
    }

    pub(crate) fn users(&mut self, users: impl IntoIterator<Item = Uuid>) {
        self.users.extend(users);
    }

    pub(crate) fn folder(&mut self, folder: Option<Uuid>) {
        self.folders.extend(folder);
    }

    pub(crate) fn rule(&mut self, rule: Option<Uuid>) {
        self.rules.extend(rule);
    }

    pub(crate) fn actor(&mut self, actor: &Actor) {
        match actor {
            Actor::User { id } => self.user(*id),
            Actor::Automation { rule, version: _ } => self.rule(Some(*rule)),
            Actor::Service { id: _ } | Actor::System => {}
        }
    }

    /// Looks the names up. People's names are in the organisation `installation`, which the role
    /// of requests does not see: they are read by id as the worker.
    pub(crate) async fn names(self, store: &Store, organisation: Uuid) -> Result<Names, Error> {
        let mut names = Names::default();
        if self == Self::default() {
            return Ok(names);
        }
        let client = store.worker().get().await?;
        let wanted = [
            (USERS, self.users, &mut names.users),
            (FOLDERS, self.folders, &mut names.folders),
            (RULES, self.rules, &mut names.rules),
        ];
        for (text, ids, found) in wanted {
            if ids.is_empty() {
                continue;
            }
            let ids: Vec<Uuid> = ids.into_iter().collect();
            let statement = client.prepare_cached(text).await?;
            for row in client.query(&statement, &[&organisation, &ids]).await? {
                found.insert(row.try_get("id")?, row.try_get("name")?);
            }
        }
        Ok(names)
    }
}

impl Names {
    /// A person: id and name; the name is null where it is not known (any more).
    pub(crate) fn user(&self, id: Uuid) -> Value {
        json!({ "id": id, "name": self.users.get(&id) })
    }

    pub(crate) fn folder(&self, id: Uuid) -> Value {
        json!({ "id": id, "name": self.folders.get(&id) })
    }

    pub(crate) fn rule(&self, id: Uuid) -> Value {
        json!({ "id": id, "name": self.rules.get(&id) })
    }

    /// Whoever did something, with their name.
    pub(crate) fn actor(&self, actor: &Actor) -> Value {
        match actor {
            Actor::User { id } => {
                json!({ "type": "user", "id": id, "name": self.users.get(id) })
            }
            Actor::Service { id } => json!({ "type": "service", "id": id }),
            Actor::Automation { rule, version } => json!({
                "type": "automation", "rule": rule, "version": version, "name": self.rules.get(rule)
            }),
            Actor::System => json!({ "type": "system" }),
        }
    }
}
