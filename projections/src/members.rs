//! The people of an organisation: their roles, and the names under which they sign in.

use std::collections::BTreeSet;

use domain::access::{FieldGroup, Reach, Scope};
use domain::value::Role;
use domain::{Personal, member, user};
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
use crate::page::{Page, Turns, position};
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};
use crate::reader::Ids;
use crate::shown::Shown;

const LIST: &str = include_str!("members/list.sql");

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Members;

/// A row: somebody who signs in (in the organisation `installation`), or what they are in an
/// organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Row {
    User(User),
    Member(Member),
}

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct User {
    pub id: Uuid,
    pub name: Shown<String>,
    pub email: Shown<String>,
    pub blocked: bool,
    pub version: i64,
}

/// What somebody is in an organisation. Those who have left stay, so that they keep their name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    pub id: Uuid,
    pub roles: BTreeSet<Role>,
    /// Which customers they meet.
    pub reach: Reach,
    pub blocked: bool,
    pub removed: bool,
    pub joined_at: Timestamp,
    pub version: i64,
    /// The last sequence that changed it.
    pub position: i64,
}

impl ReadModel for Members {
    type Row = Row;

    const NAME: &'static str = "members";
    const VERSION: i32 = 2;
    const TABLES: &'static str = include_str!("members/tables.sql");
    const INDEXES: &'static str = include_str!("members/indexes.sql");
    const EVENTS: &'static [&'static str] = &["user", "member"];

    fn touches(item: &Item) -> Touch {
        Touch::Row(item.stream_id)
    }

    fn fold(key: Key, row: &mut Option<Row>, item: &Item) -> Result<(), Unfoldable> {
        let event = item.event()?;
        *row = match (event, row.take()) {
            (domain::Event::User(event), Some(Row::User(user))) => {
                Some(Row::User(user.apply(event, item)))
            }
            (domain::Event::User(event), None) => User::new(key.id, event, item).map(Row::User),
            (domain::Event::Member(event), Some(Row::Member(member))) => {
                Some(Row::Member(member.apply(event, item)))
            }
            (domain::Event::Member(event), None) => {
                Member::new(key.id, event, item).map(Row::Member)
            }
            (_, row) => row,
        };
        Ok(())
    }

    fn subject(key: Key, _row: &Row) -> Uuid {
        key.id
    }

    stored_as_documents!();
}

/// People by their ids, with their names, in the order given.
pub async fn named(store: &Store, scope: &Scope, users: &[Uuid]) -> Result<Vec<Value>, Error> {
    let mut ids = Ids::default();
    ids.users(users.iter().copied());
    let names = ids.names(store, scope.organisation()).await?;
    Ok(users.iter().map(|user| names.user(*user)).collect())
}

impl User {
    fn new(id: Uuid, event: &user::Event, item: &Item) -> Option<Self> {
        let user::Event::Registered { email, name } = event else { return None };
        let (name, email) = (Shown::from(name), Shown::from(email));
        Some(Self { id, name, email, blocked: false, version: item.version })
    }

    fn apply(mut self, event: &user::Event, item: &Item) -> Self {
        match event {
            user::Event::Registered { email, name } => {
                self.name = Shown::from(name);
                self.email = Shown::from(email);
            }
            user::Event::Blocked {} => self.blocked = true,
            user::Event::Unblocked {} => self.blocked = false,
            user::Event::AdminGranted {} | user::Event::AdminRevoked {} => {}
        }
        self.version = item.version;
        self
    }
}

impl Member {
    fn new(id: Uuid, event: &member::Event, item: &Item) -> Option<Self> {
        let member::Event::Added { user: _, roles } = event else { return None };
        Some(Self {
            id,
            roles: roles.clone(),
            reach: Reach::default(),
            blocked: false,
            removed: false,
            joined_at: item.effective_at(),
            version: item.version,
            position: item.sequence,
        })
    }

    fn apply(mut self, event: &member::Event, item: &Item) -> Self {
        match event {
            // Again, after having left.
            member::Event::Added { user: _, roles } => {
                self.roles.clone_from(roles);
                self.reach = Reach::default();
                self.blocked = false;
                self.removed = false;
                self.joined_at = item.effective_at();
            }
            member::Event::RolesChanged { from: _, to } => self.roles.clone_from(to),
            member::Event::ReachSet { from: _, to } => self.reach.clone_from(to),
            member::Event::Blocked {} => self.blocked = true,
            member::Event::Unblocked {} => self.blocked = false,
            member::Event::Removed {} => self.removed = true,
        }
        self.version = item.version;
        self.position = item.sequence;
        self
    }
}

/// The members of the organisation, by name.
/// Who they are is in the organisation `installation`: read as the worker, by the members' ids.
pub async fn list(store: &Store, scope: &Scope) -> Result<Page, Error> {
    let client = store.worker().get().await?;
    let statement = client.prepare_cached(LIST).await?;
    let rows = client.query(&statement, &[&scope.organisation()]).await?;
    let mut data = Vec::with_capacity(rows.len());
    for row in &rows {
        let Json(member): Json<Row> = row.try_get("member")?;
        let user: Option<Json<Row>> = row.try_get("user")?;
        if let Row::Member(member) = member {
            let user = user.and_then(|Json(user)| match user {
                Row::User(user) => Some(user),
                Row::Member(_) => None,
            });
            data.push(body(&member, user.as_ref(), scope));
        }
    }
    let position = position(&client, Members::NAME, scope.organisation()).await?;
    Ok(Page { data, turns: Turns::default(), position })
}

fn body(member: &Member, user: Option<&User>, scope: &Scope) -> Value {
    let erased = Shown(Personal::Erased);
    let mut body = json!({
        "id": member.id,
        "name": user.map_or(&erased, |user| &user.name),
        "email": user.map_or(&erased, |user| &user.email),
        "roles": member.roles,
        "blocked": member.blocked || user.is_some_and(|user| user.blocked),
        "joined_at": time(member.joined_at),
        "version": member.version,
        "position": member.position.to_string(),
    });
    // Grants are named to who administers them only (FEATURES decision 23).
    if scope.shows(FieldGroup::Access)
        && let Value::Object(body) = &mut body
    {
        body.insert("reach".to_owned(), json!(member.reach));
    }
    body
}
