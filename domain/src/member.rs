//! A user's place in an organisation: the stream has the user's id.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::{Extent, Reach};
use crate::claim::ClaimChange;
pub use crate::command::Nothing;
use crate::command::{Data, Fact, Invalid, Need};
use crate::decider::Decider;
use crate::refusal::{Refusal, RefusalKind};
use crate::value::Role;

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Member;

/// What can be asked of a member.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Add(Add),
    ChangeRoles(ChangeRoles),
    SetReach(Box<SetReach>),
    Block(Block),
    Unblock(Nothing),
    Remove(Remove),
}

/// Makes a user a member, with roles.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = member::Add)]
pub struct Add {
    pub user: Uuid,
    /// At least one.
    #[schema(value_type = Vec<Role>, min_items = 1)]
    pub roles: BTreeSet<Role>,
}

/// Gives a member other roles.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = member::ChangeRoles)]
pub struct ChangeRoles {
    /// At least one.
    #[schema(value_type = Vec<Role>, min_items = 1)]
    pub roles: BTreeSet<Role>,
    #[serde(skip)]
    pub other_owner: bool,
}

/// Says which customers a member meets: for reading, and for changing them.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = member::SetReach)]
pub struct SetReach {
    pub read: Extent,
    /// Left out, the same as `read`. Nothing is changed that is not read by the same part.
    pub write: Option<Extent>,
    /// Those of the folders and teams that are in use.
    #[serde(skip)]
    pub present: BTreeSet<Uuid>,
}

/// Blocks a member: they stay one, and can do nothing here.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = member::Block)]
pub struct Block {
    #[serde(skip)]
    pub other_owner: bool,
}

/// Removes a member.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = member::Remove)]
pub struct Remove {
    #[serde(skip)]
    pub other_owner: bool,
}

impl Data for Add {
    fn check(&mut self) -> Result<(), Invalid> {
        check_roles(&self.roles)
    }
}

impl Data for ChangeRoles {
    fn check(&mut self) -> Result<(), Invalid> {
        check_roles(&self.roles)
    }

    fn needs(&self) -> Vec<Need> {
        if self.roles.contains(&Role::Owner) { Vec::new() } else { vec![Need::OtherOwner] }
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::OtherOwner(other_owner) = fact {
            self.other_owner = *other_owner;
        }
    }
}

impl Data for Block {
    fn needs(&self) -> Vec<Need> {
        vec![Need::OtherOwner]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::OtherOwner(other_owner) = fact {
            self.other_owner = *other_owner;
        }
    }
}

impl Data for Remove {
    fn needs(&self) -> Vec<Need> {
        vec![Need::OtherOwner]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::OtherOwner(other_owner) = fact {
            self.other_owner = *other_owner;
        }
    }
}

impl SetReach {
    /// What it names, with the place of each.
    fn named(&self) -> Vec<(String, Need)> {
        let mut named = Vec::new();
        let extents = [("/read", Some(&self.read)), ("/write", self.write.as_ref())];
        for (at, extent) in extents {
            let Some(Extent { folders, subtrees, teams, .. }) = extent else { continue };
            named.extend(folders.iter().map(|id| (format!("{at}/folders"), Need::Folder(*id))));
            named.extend(subtrees.iter().map(|id| (format!("{at}/subtrees"), Need::Folder(*id))));
            named.extend(teams.iter().map(|id| (format!("{at}/teams"), Need::Team(*id))));
        }
        named
    }

    fn check_present(&self) -> Result<(), Error> {
        for (pointer, need) in self.named() {
            if let Need::Folder(folder) = need
                && !self.present.contains(&folder)
            {
                return Err(Error::FolderNotFound { pointer, folder });
            }
            if let Need::Team(team) = need
                && !self.present.contains(&team)
            {
                return Err(Error::TeamNotFound { pointer, team });
            }
        }
        Ok(())
    }
}

impl Data for SetReach {
    fn needs(&self) -> Vec<Need> {
        self.named().into_iter().map(|(_, need)| need).collect()
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::Folder { id, folder: Some(folder) } = fact
            && !folder.archived
        {
            self.present.insert(*id);
        }
        if let Fact::Team { id, exists: true } = fact {
            self.present.insert(*id);
        }
    }
}

pub(crate) fn check_roles(roles: &BTreeSet<Role>) -> Result<(), Invalid> {
    if roles.is_empty() {
        let invalid = Invalid::new("/roles", "invalid_field", "a member has at least one role");
        return Err(invalid.allowing(Role::ALL.iter().map(Role::to_string)));
    }
    Ok(())
}

impl Command {
    /// The roles that it gives.
    pub fn roles(&self) -> BTreeSet<Role> {
        match self {
            Self::Add(add) => add.roles.clone(),
            Self::ChangeRoles(change) => change.roles.clone(),
            Self::SetReach(_) | Self::Block(_) | Self::Unblock(_) | Self::Remove(_) => {
                BTreeSet::new()
            }
        }
    }
}

/// A member's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "member.added")]
    Added { user: Uuid, roles: BTreeSet<Role> },
    #[serde(rename = "member.roles_changed")]
    RolesChanged { from: BTreeSet<Role>, to: BTreeSet<Role> },
    #[serde(rename = "member.reach_set")]
    ReachSet { from: Box<Reach>, to: Box<Reach> },
    #[serde(rename = "member.blocked")]
    Blocked {},
    #[serde(rename = "member.unblocked")]
    Unblocked {},
    #[serde(rename = "member.removed")]
    Removed {},
}

/// A member as its decider sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Whether the user is a member now.
    pub present: bool,
    pub roles: BTreeSet<Role>,
    pub reach: Reach,
    pub blocked: bool,
}

impl State {
    /// Whether they own the organisation, and can come in.
    pub fn is_owner(&self) -> bool {
        self.present && !self.blocked && self.roles.contains(&Role::Owner)
    }
}

/// Why a member's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("nobody of this organisation has this id")]
    NotFound,
    #[error("the user is a member already; change the roles instead")]
    Exists,
    #[error("the organisation would be left without an owner; make somebody else one first")]
    LastOwner,
    #[error("there is no folder in use with the id {folder}")]
    FolderNotFound { pointer: String, folder: Uuid },
    #[error("there is no team in use with the id {team}")]
    TeamNotFound { pointer: String, team: Uuid },
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "member_not_found",
            Self::Exists => "member_exists",
            Self::LastOwner => "last_owner",
            Self::FolderNotFound { .. } => "folder_not_found",
            Self::TeamNotFound { .. } => "team_not_found",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::FolderNotFound { pointer, folder: _ }
            | Self::TeamNotFound { pointer, team: _ } => Some(pointer),
            Self::NotFound | Self::Exists | Self::LastOwner => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
            Self::LastOwner | Self::FolderNotFound { .. } | Self::TeamNotFound { .. } => {
                RefusalKind::Rule
            }
        }
    }
}

impl Decider for Member {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "member";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match (state.present, command) {
            (false, Command::Add(add)) => {
                Ok(vec![Event::Added { user: add.user, roles: add.roles }])
            }
            (true, Command::Add(add)) if add.roles == state.roles => Ok(Vec::new()),
            (true, Command::Add(_)) => Err(Error::Exists),
            (false, _) => Err(Error::NotFound),
            (true, Command::ChangeRoles(change)) => change_roles(state, change),
            (true, Command::SetReach(set)) => set_reach(state, *set),
            (true, Command::Block(_)) if state.blocked => Ok(Vec::new()),
            (true, Command::Block(block)) if state.is_owner() && !block.other_owner => {
                Err(Error::LastOwner)
            }
            (true, Command::Block(_)) => Ok(vec![Event::Blocked {}]),
            (true, Command::Unblock(_)) if state.blocked => Ok(vec![Event::Unblocked {}]),
            (true, Command::Unblock(_)) => Ok(Vec::new()),
            (true, Command::Remove(remove)) if state.is_owner() && !remove.other_owner => {
                Err(Error::LastOwner)
            }
            (true, Command::Remove(_)) => Ok(vec![Event::Removed {}]),
        }
    }

    fn evolve(state: State, event: &Event) -> State {
        match event {
            Event::Added { user: _, roles } => {
                State { present: true, roles: roles.clone(), ..State::default() }
            }
            Event::RolesChanged { from: _, to } => State { roles: to.clone(), ..state },
            Event::ReachSet { from: _, to } => State { reach: (**to).clone(), ..state },
            Event::Blocked {} => State { blocked: true, ..state },
            Event::Unblocked {} => State { blocked: false, ..state },
            Event::Removed {} => State::default(),
        }
    }
}

fn change_roles(state: &State, change: ChangeRoles) -> Result<Vec<Event>, Error> {
    if change.roles == state.roles {
        return Ok(Vec::new());
    }
    if state.is_owner() && !change.roles.contains(&Role::Owner) && !change.other_owner {
        return Err(Error::LastOwner);
    }
    Ok(vec![Event::RolesChanged { from: state.roles.clone(), to: change.roles }])
}

fn set_reach(state: &State, set: SetReach) -> Result<Vec<Event>, Error> {
    set.check_present()?;
    let write = set.write.unwrap_or_else(|| set.read.clone());
    let to = Reach { read: set.read, write };
    if to == state.reach {
        return Ok(Vec::new());
    }
    Ok(vec![Event::ReachSet { from: Box::new(state.reach.clone()), to: Box::new(to) }])
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &[
        "member.added",
        "member.roles_changed",
        "member.reach_set",
        "member.blocked",
        "member.unblocked",
        "member.removed",
    ];

    pub fn claims(&self) -> Vec<ClaimChange> {
        Vec::new()
    }

    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    pub fn key_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::Added { roles, .. } => format!("added the member with {}", words(roles)),
            Self::RolesChanged { from, to } => {
                format!("changed the member's roles from {} to {}", words(from), words(to))
            }
            Self::ReachSet { from: _, to } => {
                let (read, write) = (to.read.words(), to.write.words());
                format!("let the member see {read} and change {write}")
            }
            Self::Blocked {} => "blocked the member".to_owned(),
            Self::Unblocked {} => "let the member in again".to_owned(),
            Self::Removed {} => "removed the member".to_owned(),
        }
    }
}

fn words(roles: &BTreeSet<Role>) -> String {
    roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
