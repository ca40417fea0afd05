//! Who is in an organisation, as of the matcher's checkpoint: for steps that notify several people.

use deadpool_postgres::GenericClient;
use domain::member::Event;
use domain::value::Role;
use uuid::Uuid;

use crate::error::Error;

const PUT: &str = include_str!("members/sql/put.sql");
const REMOVE: &str = include_str!("members/sql/remove.sql");
const WITH_ROLE: &str = include_str!("members/sql/with_role.sql");
const AMONG: &str = include_str!("members/sql/among.sql");

/// A member's row, or that there is none any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MemberRow {
    organisation: Uuid,
    user: Uuid,
    roles: Option<Vec<&'static str>>,
}

impl MemberRow {
    /// The row after an event of a member's stream; nothing where it says nothing of roles.
    pub(crate) fn after(organisation: Uuid, user: Uuid, event: &Event) -> Option<Self> {
        let roles = match event {
            Event::Added { user: _, roles } | Event::RolesChanged { from: _, to: roles } => {
                Some(roles.iter().map(|role| role.name()).collect())
            }
            Event::Removed {} => None,
            Event::ReachSet { .. } | Event::Blocked {} | Event::Unblocked {} => return None,
        };
        Some(Self { organisation, user, roles })
    }
}

/// Writes rows, in the order in which they came about.
pub(crate) async fn put(client: &impl GenericClient, rows: &[MemberRow]) -> Result<(), Error> {
    for row in rows {
        match &row.roles {
            Some(roles) => {
                let statement = client.prepare_cached(PUT).await?;
                client.execute(&statement, &[&row.organisation, &row.user, roles]).await?;
            }
            None => {
                let statement = client.prepare_cached(REMOVE).await?;
                client.execute(&statement, &[&row.organisation, &row.user]).await?;
            }
        }
    }
    Ok(())
}

/// The members with this role.
pub(crate) async fn with_role(
    client: &impl GenericClient,
    organisation: Uuid,
    role: Role,
) -> Result<Vec<Uuid>, Error> {
    let statement = client.prepare_cached(WITH_ROLE).await?;
    let rows = client.query(&statement, &[&organisation, &role.name()]).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}

/// Those of these users who are members.
pub(crate) async fn among(
    client: &impl GenericClient,
    organisation: Uuid,
    users: &[Uuid],
) -> Result<Vec<Uuid>, Error> {
    let statement = client.prepare_cached(AMONG).await?;
    let rows = client.query(&statement, &[&organisation, &users]).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}
