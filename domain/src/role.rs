//! What a role gives in this organisation, where it was changed (F163; FEATURES decisions 15 and 25).

use std::collections::BTreeSet;
use std::fmt::Display;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::{Action, FieldGroup, RoleRights};
use crate::claim::ClaimChange;
use crate::command::{Data, Invalid, plain};
use crate::decider::Decider;
use crate::refusal::{Refusal, RefusalKind};
use crate::user::INSTALLATION;
use crate::value::{self, NoteScope};

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Role;

/// The stream of a role: the same id in each organisation, made from the role's name.
pub fn role_id(role: value::Role) -> Uuid {
    Uuid::new_v5(&INSTALLATION, format!("role\0{role}").as_bytes())
}

/// What can be asked of a role.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    ChangePermissions(ChangePermissions),
    ChangeFieldGroups(ChangeFieldGroups),
    ChangeNoteScopes(ChangeNoteScopes),
    Reset(Reset),
}

/// Says what those with the role may do.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = role::ChangePermissions)]
pub struct ChangePermissions {
    pub role: value::Role,
    /// All of them, not only those that are new.
    #[schema(value_type = Vec<Action>)]
    pub permissions: BTreeSet<Action>,
}

/// Says which groups of fields those with the role see.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = role::ChangeFieldGroups)]
pub struct ChangeFieldGroups {
    pub role: value::Role,
    #[schema(value_type = Vec<FieldGroup>)]
    pub field_groups: BTreeSet<FieldGroup>,
}

/// Says the notes of which scopes those with the role read, and may write.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = role::ChangeNoteScopes)]
pub struct ChangeNoteScopes {
    pub role: value::Role,
    #[schema(value_type = Vec<NoteScope>)]
    pub note_scopes: BTreeSet<NoteScope>,
}

/// Lets the role give what it gave from the start.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = role::Reset)]
pub struct Reset {
    pub role: value::Role,
}

impl Data for ChangePermissions {
    fn check(&mut self) -> Result<(), Invalid> {
        let refused = |action: &&Action| action.is_of_the_service();
        if let Some(action) = self.permissions.iter().find(refused) {
            let detail = format!("{action} is done by the service itself and is in no role");
            return Err(Invalid::new("/permissions", "invalid_field", detail));
        }
        let senior = |action: &&Action| action.is_for_seniors() && !self.role.is_senior();
        match self.permissions.iter().find(senior) {
            Some(action) => Err(for_seniors("/permissions", action.name(), self.role)),
            None => Ok(()),
        }
    }
}

impl Data for ChangeFieldGroups {
    fn check(&mut self) -> Result<(), Invalid> {
        let senior = |group: &&FieldGroup| group.is_for_seniors() && !self.role.is_senior();
        match self.field_groups.iter().find(senior) {
            Some(group) => Err(for_seniors("/field_groups", group.name(), self.role)),
            None => Ok(()),
        }
    }
}

plain!(ChangeNoteScopes, Reset);

/// Risk and money stay with six roles, whatever else is changed (F76 to F78).
fn for_seniors(pointer: &str, what: &str, role: value::Role) -> Invalid {
    let detail = format!("{what} is for senior roles only, and {role} is none");
    let seniors = value::Role::ALL.iter().filter(|role| role.is_senior());
    Invalid::new(pointer, "role_not_senior", detail).allowing(seniors.map(|role| role.to_string()))
}

impl Command {
    pub fn role(&self) -> value::Role {
        match self {
            Self::ChangePermissions(change) => change.role,
            Self::ChangeFieldGroups(change) => change.role,
            Self::ChangeNoteScopes(change) => change.role,
            Self::Reset(reset) => reset.role,
        }
    }

    /// What it would have the role give, as far as the command itself says.
    pub fn wanted(&self) -> RoleRights {
        match self {
            Self::ChangePermissions(change) => {
                RoleRights { permissions: change.permissions.clone(), ..RoleRights::default() }
            }
            Self::ChangeFieldGroups(change) => {
                RoleRights { field_groups: change.field_groups.clone(), ..RoleRights::default() }
            }
            Self::ChangeNoteScopes(change) => {
                RoleRights { note_scopes: change.note_scopes.clone(), ..RoleRights::default() }
            }
            Self::Reset(reset) => RoleRights::default_of(reset.role),
        }
    }
}

/// A role's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "role.permissions_changed")]
    PermissionsChanged { role: value::Role, from: BTreeSet<Action>, to: BTreeSet<Action> },
    #[serde(rename = "role.field_groups_changed")]
    FieldGroupsChanged { role: value::Role, from: BTreeSet<FieldGroup>, to: BTreeSet<FieldGroup> },
    #[serde(rename = "role.note_scopes_changed")]
    NoteScopesChanged { role: value::Role, from: BTreeSet<NoteScope>, to: BTreeSet<NoteScope> },
    #[serde(rename = "role.reset")]
    Reset { role: value::Role },
}

/// What was changed of a role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub permissions: Option<BTreeSet<Action>>,
    pub field_groups: Option<BTreeSet<FieldGroup>>,
    pub note_scopes: Option<BTreeSet<NoteScope>>,
}

impl State {
    /// What the role gives now.
    pub fn rights(&self, role: value::Role) -> RoleRights {
        let default = RoleRights::default_of(role);
        RoleRights {
            permissions: self.permissions.clone().unwrap_or(default.permissions),
            field_groups: self.field_groups.clone().unwrap_or(default.field_groups),
            note_scopes: self.note_scopes.clone().unwrap_or(default.note_scopes),
        }
    }

    /// Whether it gives something else than from the start.
    pub fn is_changed(&self) -> bool {
        *self != Self::default()
    }
}

/// Why a role's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("{0} may do and see everything, in every organisation; give people another role")]
    Fixed(value::Role),
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Fixed(_) => "role_fixed",
        }
    }

    fn kind(&self) -> RefusalKind {
        RefusalKind::Rule
    }
}

impl value::Role {
    /// Whether what it gives cannot be changed: somebody has to be able to change the rest.
    pub fn is_fixed(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

impl Decider for Role {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "role";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        let role = command.role();
        if role.is_fixed() {
            return Err(Error::Fixed(role));
        }
        let RoleRights { permissions, field_groups, note_scopes } = state.rights(role);
        let event = match command {
            Command::ChangePermissions(change) => {
                let (from, to) = (permissions, change.permissions);
                (from != to).then_some(Event::PermissionsChanged { role, from, to })
            }
            Command::ChangeFieldGroups(change) => {
                let (from, to) = (field_groups, change.field_groups);
                (from != to).then_some(Event::FieldGroupsChanged { role, from, to })
            }
            Command::ChangeNoteScopes(change) => {
                let (from, to) = (note_scopes, change.note_scopes);
                (from != to).then_some(Event::NoteScopesChanged { role, from, to })
            }
            Command::Reset(_) => state.is_changed().then_some(Event::Reset { role }),
        };
        Ok(event.into_iter().collect())
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match event {
            Event::PermissionsChanged { to, .. } => state.permissions = Some(to.clone()),
            Event::FieldGroupsChanged { to, .. } => state.field_groups = Some(to.clone()),
            Event::NoteScopesChanged { to, .. } => state.note_scopes = Some(to.clone()),
            Event::Reset { .. } => state = State::default(),
        }
        state
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &[
        "role.permissions_changed",
        "role.field_groups_changed",
        "role.note_scopes_changed",
        "role.reset",
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
            Self::PermissionsChanged { role, from, to } => {
                format!("changed what the role {role} may do: {}", difference(from, to))
            }
            Self::FieldGroupsChanged { role, from, to } => {
                format!("changed which fields the role {role} sees: {}", difference(from, to))
            }
            Self::NoteScopesChanged { role, from, to } => {
                format!("changed which notes the role {role} reads: {}", difference(from, to))
            }
            Self::Reset { role } => {
                format!("gave the role {role} back what it gives from the start")
            }
        }
    }
}

/// "gives note.write, takes task.write".
fn difference<T: Ord + Display>(from: &BTreeSet<T>, to: &BTreeSet<T>) -> String {
    let words = |set: Vec<&T>| set.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (given, taken) =
        (words(to.difference(from).collect()), words(from.difference(to).collect()));
    match (given.is_empty(), taken.is_empty()) {
        (false, false) => format!("gives {given}, takes {taken}"),
        (false, true) => format!("gives {given}"),
        (true, _) => format!("takes {taken}"),
    }
}

#[cfg(test)]
mod tests;
