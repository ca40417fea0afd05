//! What somebody's roles and reach come to: the one thing that a decision looks at.

use std::collections::BTreeSet;

use super::{Action, FieldGroup, FieldGroups, NoteScope, RoleRights, RowScope};

/// What somebody may do and see in one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    permissions: BTreeSet<Action>,
    field_groups: FieldGroups,
    note_scopes: BTreeSet<NoteScope>,
    read: RowScope,
    write: RowScope,
}

impl Rights {
    /// The sum of roles: grants only add. Without a role nothing is reached.
    pub fn new<'a>(
        roles: impl IntoIterator<Item = &'a RoleRights>,
        read: RowScope,
        write: RowScope,
    ) -> Self {
        let mut sum = RoleRights::default();
        for role in roles {
            sum.add(role);
        }
        let RoleRights { permissions, field_groups, note_scopes } = sum;
        let write = write.meet(&read);
        let (read, write) = if permissions.is_empty() {
            (RowScope::none(), RowScope::none())
        } else {
            (read, write)
        };
        Self { permissions, field_groups, note_scopes, read, write }
    }

    /// Everything: the service's own.
    pub(super) fn of_the_service() -> Self {
        Self {
            permissions: Action::ALL.iter().copied().collect(),
            field_groups: FieldGroup::ALL.iter().copied().collect(),
            note_scopes: NoteScope::ALL.iter().copied().collect(),
            read: RowScope::All,
            write: RowScope::All,
        }
    }

    /// No more than these roles would give: for a token that may do less than its person.
    #[must_use]
    pub fn narrowed<'a>(self, roles: impl IntoIterator<Item = &'a RoleRights>) -> Self {
        let most = Self::new(roles, RowScope::All, RowScope::All);
        Self {
            permissions: &self.permissions & &most.permissions,
            field_groups: &self.field_groups & &most.field_groups,
            note_scopes: &self.note_scopes & &most.note_scopes,
            read: self.read.meet(&most.read),
            write: self.write.meet(&most.write),
        }
    }

    /// Whether one with these rights may hand out the other: nobody gives what they do not have.
    pub fn include(&self, role: &RoleRights) -> bool {
        self.permissions.is_superset(&role.permissions)
            && self.field_groups.is_superset(&role.field_groups)
            && self.note_scopes.is_superset(&role.note_scopes)
    }

    pub fn may(&self, action: Action) -> bool {
        self.permissions.contains(&action)
    }

    /// The customers that an action meets.
    pub fn rows(&self, action: Action) -> RowScope {
        if action.reads() { self.read.clone() } else { self.write.clone() }
    }

    /// Whether every customer is within reach, for reading and for changing.
    pub fn are_unlimited(&self) -> bool {
        self.read == RowScope::All && self.write == RowScope::All
    }

    pub fn permissions(&self) -> &BTreeSet<Action> {
        &self.permissions
    }

    pub fn field_groups(&self) -> &FieldGroups {
        &self.field_groups
    }

    pub fn note_scopes(&self) -> &BTreeSet<NoteScope> {
        &self.note_scopes
    }
}
