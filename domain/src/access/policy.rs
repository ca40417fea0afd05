//! The default tables per role (FEATURES decisions 15, 16, 24 and 25). Grants only add: somebody
//! with two roles may do and see what either of them may.

use std::collections::BTreeSet;

use super::{Action, FieldGroup, FieldGroups, NoteScope, Principal, PrincipalKind, Role, RowScope};

/// How far a principal sees.
pub(super) struct Reach {
    pub(super) row_scope: RowScope,
    pub(super) field_groups: FieldGroups,
    pub(super) note_scopes: BTreeSet<NoteScope>,
}

pub(super) fn reach(principal: &Principal) -> Reach {
    if principal.kind == PrincipalKind::System {
        return Reach {
            row_scope: RowScope::All,
            field_groups: FieldGroup::ALL.iter().copied().collect(),
            note_scopes: NoteScope::ALL.iter().copied().collect(),
        };
    }
    Reach {
        row_scope: if principal.roles.is_empty() { RowScope::None } else { RowScope::All },
        field_groups: principal.roles.iter().flat_map(|role| field_groups(*role)).collect(),
        note_scopes: principal.roles.iter().flat_map(|role| note_scopes(*role)).copied().collect(),
    }
}

/// Whether any of the principal's roles allows the action.
pub(super) fn may(principal: &Principal, action: Action) -> bool {
    match principal.kind {
        PrincipalKind::System => true,
        PrincipalKind::Automation if action == Action::RuleRunRecord => true,
        PrincipalKind::User | PrincipalKind::Service | PrincipalKind::Automation => {
            principal.roles.iter().any(|role| allows(*role, action))
        }
    }
}

/// "Senior" and "finance-capable" are one set.
fn senior(role: Role) -> bool {
    match role {
        Role::Admin
        | Role::Owner
        | Role::Manager
        | Role::Executive
        | Role::Support
        | Role::Finance => true,
        Role::Sales | Role::Field | Role::Viewer => false,
    }
}

fn field_groups(role: Role) -> Vec<FieldGroup> {
    use FieldGroup::{Access, Basic, Contact, Custom, Financial, Insight, Personal, Risk};
    let mut groups = vec![Basic, Contact, Personal, Custom];
    if senior(role) {
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
        Action::RiskRead | Action::RiskWrite | Action::FinanceRead => senior(role),
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
