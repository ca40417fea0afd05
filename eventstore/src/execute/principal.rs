//! Who acts: a member with the rights that roles and reach come to at this moment.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::access::{Extent, Principal, PrincipalKind, Reach, Rights, Role, RoleRights, RowScope};
use domain::folder::Folder;
use domain::member::{self, Member};
use domain::role::{self, role_id};
use domain::team::Team;
use domain::user::{INSTALLATION, User};
use uuid::Uuid;

use crate::error::Error;
use crate::store::Store;

const STREAMS_BEGUN: &str = include_str!("sql/streams_begun.sql");

/// Somebody to act for.
#[derive(Debug, Clone)]
pub struct Acting<'a> {
    pub organisation: Uuid,
    pub user: Uuid,
    pub kind: PrincipalKind,
    /// The token with which they came.
    pub token: Option<Uuid>,
    /// They may do no more than these roles would let them: a token's own.
    pub at_most: Option<&'a BTreeSet<Role>>,
}

/// Why somebody cannot act here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Absent {
    #[error("no member of the organisation")]
    NoMember,
    #[error("blocked")]
    Blocked,
}

impl Store {
    /// A member as a principal, with what other processes have written about them, their roles
    /// and their reach. The one maker of principals for people.
    pub async fn principal(&self, acting: Acting<'_>) -> Result<Result<Principal, Absent>, Error> {
        let Acting { organisation, user, kind, token, at_most } = acting;
        let (known, member) = tokio::try_join!(
            self.load::<User>(INSTALLATION, user),
            self.load::<Member>(organisation, user)
        )?;
        if !member.1.present {
            return Ok(Err(Absent::NoMember));
        }
        if known.1.blocked || member.1.blocked {
            return Ok(Err(Absent::Blocked));
        }
        let member = member.1;
        let mut rights = self.member_rights(organisation, user, &member).await?;
        if let Some(roles) = at_most {
            rights = rights.narrowed(&self.roles(organisation, roles).await?);
        }
        let (roles, rights) = (member.roles.clone(), Arc::new(rights));
        Ok(Ok(Principal { organisation, user, roles, kind, token, rights }))
    }

    async fn member_rights(
        &self,
        organisation: Uuid,
        user: Uuid,
        member: &member::State,
    ) -> Result<Rights, Error> {
        let given = self.roles(organisation, &member.roles).await?;
        let Reach { read, write } = &member.reach;
        let read = self.rows(organisation, user, read).await?;
        let write = self.rows(organisation, user, write).await?;
        Ok(Rights::new(&given, read, write))
    }

    /// What an extent comes to for a member now.
    async fn rows(
        &self,
        organisation: Uuid,
        user: Uuid,
        extent: &Extent,
    ) -> Result<RowScope, Error> {
        let below = self.below(organisation, extent).await?;
        let mut colleagues = BTreeSet::new();
        for team in &extent.teams {
            let (_, team) = self.load::<Team>(organisation, *team).await?;
            if !team.archived {
                colleagues.extend(&team.members);
            }
        }
        Ok(extent.resolve(user, below, colleagues))
    }

    /// What each of these roles gives in the organisation now.
    pub async fn roles(
        &self,
        organisation: Uuid,
        roles: &BTreeSet<Role>,
    ) -> Result<Vec<RoleRights>, Error> {
        let mut given = Vec::with_capacity(roles.len());
        for role in roles {
            let (_, state) = self.load::<role::Role>(organisation, role_id(*role)).await?;
            given.push(state.rights(*role));
        }
        Ok(given)
    }

    /// The folders below the subtrees of an extent.
    async fn below(&self, organisation: Uuid, extent: &Extent) -> Result<BTreeSet<Uuid>, Error> {
        let mut below = BTreeSet::new();
        if extent.all || extent.subtrees.is_empty() {
            return Ok(below);
        }
        let mut parents = Vec::new();
        for folder in self.streams_begun(organisation, "folder.created").await? {
            // A folder's parent never changes, so what is cached is right.
            let (_, state) = self.load_state::<Folder>(organisation, folder, false).await?;
            parents.extend(state.parent.map(|parent| (folder, parent)));
        }
        loop {
            let known = below.len();
            let inside = |id: &Uuid| extent.subtrees.contains(id);
            let next: Vec<Uuid> = parents
                .iter()
                .filter(|(_, parent)| inside(parent) || below.contains(parent))
                .map(|(folder, _)| *folder)
                .collect();
            below.extend(next);
            if below.len() == known {
                return Ok(below);
            }
        }
    }

    /// An owner of the organisation beside this member, and the version of their stream.
    pub(super) async fn other_owner(
        &self,
        organisation: Uuid,
        member: Uuid,
    ) -> Result<Option<(Uuid, i64)>, Error> {
        for other in self.streams_begun(organisation, "member.added").await? {
            let (version, state) = self.load::<Member>(organisation, other).await?;
            if other != member && state.is_owner() {
                return Ok(Some((other, version)));
            }
        }
        Ok(None)
    }

    async fn streams_begun(
        &self,
        organisation: Uuid,
        event: &'static str,
    ) -> Result<Vec<Uuid>, Error> {
        let client = self.worker().get().await?;
        let statement = client.prepare_cached(STREAMS_BEGUN).await?;
        let rows = client.query(&statement, &[&organisation, &event]).await?;
        Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
    }
}
