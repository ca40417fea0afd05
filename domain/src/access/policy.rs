//! What each role gives as long as an organisation has not changed it (FEATURES decisions 15, 16,
//! 24 and 25).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Action, FieldGroup, FieldGroups, NoteScope, Role};

/// What a role gives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoleRights {
    #[schema(value_type = Vec<Action>)]
    pub permissions: BTreeSet<Action>,
    #[schema(value_type = Vec<FieldGroup>)]
    pub field_groups: FieldGroups,
    #[schema(value_type = Vec<NoteScope>)]
    pub note_scopes: BTreeSet<NoteScope>,
}

impl RoleRights {
    /// What the role gives where nobody changed it.
    pub fn default_of(role: Role) -> Self {
        let may = |action: &Action| allows(role, *action);
        Self {
            permissions: Action::ALL.iter().copied().filter(may).collect(),
            field_groups: field_groups(role).into_iter().collect(),
            note_scopes: note_scopes(role).iter().copied().collect(),
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.permissions.extend(&other.permissions);
        self.field_groups.extend(&other.field_groups);
        self.note_scopes.extend(&other.note_scopes);
    }
}

impl Role {
    /// Whether it may see risk flags and money: "senior" and "finance-capable" are one set.
    pub fn is_senior(self) -> bool {
        match self {
            Self::Admin
            | Self::Owner
            | Self::Manager
            | Self::Executive
            | Self::Support
            | Self::Finance => true,
            Self::Sales | Self::Field | Self::Viewer => false,
        }
    }
}

impl Action {
    /// Whether only senior roles may have it (F74 to F78).
    pub fn is_for_seniors(self) -> bool {
        matches!(
            self,
            Self::RiskRead
                | Self::RiskWrite
                | Self::InsightRead
                | Self::FinanceRead
                | Self::FinanceWrite
        )
    }
}

impl FieldGroup {
    /// Whether only senior roles may see it (F76 to F78).
    pub fn is_for_seniors(self) -> bool {
        matches!(self, Self::Financial | Self::Insight | Self::Risk)
    }
}

fn field_groups(role: Role) -> Vec<FieldGroup> {
    use FieldGroup::{Access, Basic, Contact, Custom, Financial, Insight, Personal, Risk};
    let mut groups = vec![Basic, Contact, Personal, Custom];
    if role.is_senior() {
        groups.extend([Financial, Insight, Risk]);
    }
    if matches!(role, Role::Admin | Role::Owner) {
        groups.push(Access);
    }
    groups
}

fn note_scopes(role: Role) -> &'static [NoteScope] {
    use NoteScope::{Branch, Customer, Finance, Fulfillment, Internal, Restricted, Sales, Support};
    match role {
        Role::Owner | Role::Admin | Role::Manager | Role::Executive => NoteScope::ALL,
        Role::Support => &[Internal, Support, Fulfillment, Restricted, Customer],
        Role::Finance => &[Internal, Finance, Restricted, Customer],
        Role::Sales => &[Internal, Sales, Customer],
        Role::Field => &[Internal, Branch, Fulfillment, Customer],
        Role::Viewer => &[Customer],
    }
}

/// What a role must be to do something.
fn allows(role: Role, action: Action) -> bool {
    let admin = matches!(role, Role::Admin | Role::Owner);
    let manages = admin || role == Role::Manager;
    let leads = manages || role == Role::Executive;
    match action {
        Action::CustomerList
        | Action::CustomerRead
        | Action::NoteRead
        | Action::FileRead
        | Action::OrderRead
        | Action::MessageRead
        | Action::QuoteRead
        | Action::ServiceRead
        | Action::TaskRead
        | Action::FolderRead
        | Action::NotificationRead
        | Action::UserRead
        | Action::TokenOwn
        | Action::EventRead
        | Action::AuditRead => true,
        Action::CustomerCreate
        | Action::CustomerEdit
        | Action::NoteWrite
        | Action::FileWrite
        | Action::InteractionWrite
        | Action::OrderPlace
        | Action::QuoteWrite
        | Action::ServiceWrite
        | Action::TaskWrite
        | Action::MessageWrite
        | Action::MessageReceive
        | Action::NotificationSend
        | Action::RuleRead
        | Action::TemplateRead
        | Action::RuleRun
        | Action::UnmatchedRead
        | Action::UnmatchedWrite
        | Action::JobRead => role != Role::Viewer,
        Action::CustomerDelete => leads || role == Role::Support,
        Action::RiskRead | Action::RiskWrite | Action::InsightRead | Action::FinanceRead => {
            role.is_senior()
        }
        Action::OrderWrite | Action::FinanceWrite => leads || role == Role::Finance,
        Action::AuditVerify => leads || role == Role::Finance,
        Action::FolderAdmin
        | Action::RuleAdmin
        | Action::TemplateAdmin
        | Action::WebhookAdmin
        | Action::ImportRun => manages,
        Action::CustomerErase
        | Action::UserAdmin
        | Action::TokenAdmin
        | Action::ConnectionAdmin
        | Action::OrganisationAdmin => admin,
        Action::MessageRecord | Action::RuleRunRecord | Action::WebhookSuspend => false,
    }
}
