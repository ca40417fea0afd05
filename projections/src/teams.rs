//! Teams and who is in them.

use std::collections::BTreeSet;

use domain::access::Scope;
use domain::team::Event;
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
use crate::reader::{Ids, Names, connection, reading};

const LIST: &str = include_str!("teams/list.sql");

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Teams;

/// A team as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    pub id: Uuid,
    pub name: String,
    pub members: BTreeSet<Uuid>,
    pub archived: bool,
    pub created_at: Timestamp,
    pub version: i64,
    /// The last sequence that changed it.
    pub position: i64,
}

impl ReadModel for Teams {
    type Row = Team;

    const NAME: &'static str = "teams";
    const VERSION: i32 = 1;
    const TABLES: &'static str = include_str!("teams/tables.sql");
    const INDEXES: &'static str = include_str!("teams/indexes.sql");
    const EVENTS: &'static [&'static str] = &["team"];

    fn touches(item: &Item) -> Touch {
        Touch::Row(item.stream_id)
    }

    fn fold(key: Key, row: &mut Option<Team>, item: &Item) -> Result<(), Unfoldable> {
        let domain::Event::Team(event) = item.event()? else { return Ok(()) };
        *row = Team::after(key.id, row.take(), event, item);
        Ok(())
    }

    fn subject(key: Key, _row: &Team) -> Uuid {
        key.id
    }

    stored_as_documents!();
}

impl Team {
    /// The team after one of its events.
    fn after(id: Uuid, before: Option<Self>, event: &Event, item: &Item) -> Option<Self> {
        if let Event::Created { name } = event {
            return Some(Self {
                id,
                name: name.clone(),
                members: BTreeSet::new(),
                archived: false,
                created_at: item.effective_at(),
                version: item.version,
                position: item.sequence,
            });
        }
        let mut team = before?;
        team.version = item.version;
        team.position = item.sequence;
        match event {
            // Handled before: it needs no row.
            Event::Created { .. } => {}
            Event::Renamed { from: _, to } => team.name.clone_from(to),
            Event::MemberAdded { user } => {
                team.members.insert(*user);
            }
            Event::MemberRemoved { user } => {
                team.members.remove(user);
            }
            Event::Archived { .. } => team.archived = true,
        }
        Some(team)
    }
}

/// The teams in use, or those in the archive, by name.
pub async fn list(store: &Store, scope: &Scope, archived: bool) -> Result<Page, Error> {
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(LIST).await?;
    let rows = tx.query(&statement, &[&scope.organisation(), &archived]).await?;
    let teams = rows.iter().map(|row| row.try_get("body").map(|Json(team)| team));
    let teams: Vec<Team> = teams.collect::<Result<_, _>>()?;
    let position = position(&tx, Teams::NAME, scope.organisation()).await?;
    drop(tx);
    drop(client);
    let mut ids = Ids::default();
    for team in &teams {
        ids.users(team.members.iter().copied());
    }
    let names = ids.names(store, scope.organisation()).await?;
    let data = teams.iter().map(|team| body(team, &names)).collect();
    Ok(Page { data, turns: Turns::default(), position })
}

fn body(team: &Team, names: &Names) -> Value {
    let members: Vec<Value> = team.members.iter().map(|user| names.user(*user)).collect();
    json!({
        "id": team.id,
        "name": team.name,
        "members": members,
        "archived": team.archived,
        "created_at": time(team.created_at),
        "version": team.version,
        "position": team.position.to_string(),
    })
}
