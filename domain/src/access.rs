//! Who may do what, and who may see what: one pure policy for every way in and out.
//!
//! [`scope`] is the only maker of a [`Scope`], and every read takes one: a query that was not
//! asked of the policy does not compile.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;

use crate::value::words;
pub use crate::value::{NoteScope, Role};

mod policy;
mod portal;
mod reach;
mod rights;

pub use policy::RoleRights;
pub use portal::{Visit, visit};
pub use reach::{Extent, Placement, Reach, RowScope};
pub use rights::Rights;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub organisation: Uuid,
    pub user: Uuid,
    pub roles: BTreeSet<Role>,
    pub kind: PrincipalKind,
    /// The token with which they came, if with one.
    pub token: Option<Uuid>,
    /// What their roles and reach come to in this organisation at this moment.
    pub rights: Arc<Rights>,
}

impl Principal {
    /// The service itself, in one organisation.
    pub fn system(organisation: Uuid) -> Self {
        Self {
            organisation,
            user: Uuid::nil(),
            roles: BTreeSet::new(),
            kind: PrincipalKind::System,
            token: None,
            rights: Arc::new(Rights::of_the_service()),
        }
    }

    /// A person with these roles as they are where nobody changed them, and unlimited reach.
    pub fn user(organisation: Uuid, user: Uuid, roles: impl IntoIterator<Item = Role>) -> Self {
        let roles: BTreeSet<Role> = roles.into_iter().collect();
        let given = roles.iter().map(|role| RoleRights::default_of(*role)).collect::<Vec<_>>();
        let rights = Arc::new(Rights::new(&given, RowScope::All, RowScope::All));
        Self { organisation, user, roles, kind: PrincipalKind::User, token: None, rights }
    }
}

/// The kind of a principal. An automation carries the roles of its rule's owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrincipalKind {
    User,
    Service,
    Automation,
    System,
}

words! {
    /// A thing that can be done, by the name under which a refusal tells it.
    Action {
        CustomerList = "customer.list",
        CustomerRead = "customer.read",
        CustomerCreate = "customer.create",
        CustomerEdit = "customer.edit",
        /// Archive and restore.
        CustomerDelete = "customer.delete",
        CustomerErase = "customer.erase",
        NoteRead = "note.read",
        NoteWrite = "note.write",
        InteractionWrite = "interaction.write",
        FileRead = "file.read",
        FileWrite = "file.write",
        RiskRead = "risk.read",
        RiskWrite = "risk.write",
        /// Lifetime value, and when a customer is expected to buy again.
        InsightRead = "insight.read",
        FinanceRead = "finance.read",
        /// Invoices, credit notes, payments and credit.
        FinanceWrite = "finance.write",
        OrderRead = "order.read",
        OrderWrite = "order.write",
        MessageRead = "message.read",
        MessageWrite = "message.write",
        /// Taking in what customers send.
        MessageReceive = "message.receive",
        /// Recording what became of a message: the service alone.
        MessageRecord = "message.record",
        /// Placing an order and calling it off.
        OrderPlace = "order.place",
        QuoteRead = "quote.read",
        QuoteWrite = "quote.write",
        ServiceRead = "service.read",
        ServiceWrite = "service.write",
        TaskRead = "task.read",
        TaskWrite = "task.write",
        FolderRead = "folder.read",
        FolderAdmin = "folder.admin",
        RuleRead = "rule.read",
        RuleAdmin = "rule.admin",
        /// Having a rule run by hand.
        RuleRun = "rule.run",
        /// Recording how a run ended: the service alone.
        RuleRunRecord = "rule_run.record",
        TemplateRead = "template.read",
        TemplateAdmin = "template.admin",
        NotificationRead = "notification.read",
        NotificationSend = "notification.send",
        UnmatchedRead = "unmatched.read",
        UnmatchedWrite = "unmatched.write",
        /// The doors of providers, with their secrets.
        ConnectionAdmin = "connection.admin",
        /// What is told to addresses outside.
        WebhookAdmin = "webhook.admin",
        /// Switching a webhook off that cannot go on: the service alone.
        WebhookSuspend = "webhook.suspend",
        ImportRun = "import.run",
        JobRead = "job.read",
        UserRead = "user.read",
        UserAdmin = "user.admin",
        /// One's own tokens.
        TokenOwn = "token.own",
        /// Everybody's tokens.
        TokenAdmin = "token.admin",
        OrganisationAdmin = "organisation.admin",
        EventRead = "event.read",
        AuditRead = "audit.read",
        AuditVerify = "audit.verify",
    }
}

impl Action {
    /// Whether it only reads, so that the reach for reading decides which customers it meets.
    pub fn reads(self) -> bool {
        match self {
            Self::CustomerList
            | Self::CustomerRead
            | Self::NoteRead
            | Self::FileRead
            | Self::RiskRead
            | Self::InsightRead
            | Self::FinanceRead
            | Self::OrderRead
            | Self::MessageRead
            | Self::QuoteRead
            | Self::ServiceRead
            | Self::TaskRead
            | Self::FolderRead
            | Self::RuleRead
            | Self::TemplateRead
            | Self::NotificationRead
            | Self::UnmatchedRead
            | Self::JobRead
            | Self::UserRead
            | Self::EventRead
            | Self::AuditRead
            | Self::AuditVerify => true,
            Self::CustomerCreate
            | Self::CustomerEdit
            | Self::CustomerDelete
            | Self::CustomerErase
            | Self::NoteWrite
            | Self::FileWrite
            | Self::InteractionWrite
            | Self::RiskWrite
            | Self::FinanceWrite
            | Self::OrderWrite
            | Self::OrderPlace
            | Self::MessageWrite
            | Self::MessageReceive
            | Self::MessageRecord
            | Self::QuoteWrite
            | Self::ServiceWrite
            | Self::TaskWrite
            | Self::FolderAdmin
            | Self::RuleAdmin
            | Self::RuleRun
            | Self::RuleRunRecord
            | Self::TemplateAdmin
            | Self::NotificationSend
            | Self::UnmatchedWrite
            | Self::ConnectionAdmin
            | Self::WebhookAdmin
            | Self::WebhookSuspend
            | Self::ImportRun
            | Self::UserAdmin
            | Self::TokenOwn
            | Self::TokenAdmin
            | Self::OrganisationAdmin => false,
        }
    }

    /// Whether only the service itself does it: in no role.
    pub fn is_of_the_service(self) -> bool {
        matches!(self, Self::MessageRecord | Self::RuleRunRecord | Self::WebhookSuspend)
    }
}

words! {
    /// A group of a customer's fields that is shown or hidden as one.
    FieldGroup {
        Basic = "basic",
        Contact = "contact",
        Personal = "personal",
        Financial = "financial",
        Insight = "insight",
        Risk = "risk",
        Access = "access",
        Custom = "custom",
    }
}

/// The groups of fields that somebody sees.
pub type FieldGroups = BTreeSet<FieldGroup>;

/// What the policy is told about the record that an action is meant for. Left empty, the answer
/// is about the action in general.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The record's organisation.
    pub organisation: Option<Uuid>,
    /// The customer that it is or belongs to.
    pub customer: Option<Placement>,
    /// The scope of the note or file that is read or written.
    pub note_scope: Option<NoteScope>,
}

/// What the policy answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub allowed: bool,
    /// Why, as a sentence that depends on the role only, never on data.
    pub reason: &'static str,
    pub row_scope: RowScope,
    pub field_groups: FieldGroups,
    pub note_scopes: BTreeSet<NoteScope>,
}

/// May this principal do this? Total: every combination has an answer.
pub fn decide(principal: &Principal, action: Action, facts: &Facts) -> Decision {
    let rights = &principal.rights;
    let row_scope = rights.rows(action);
    let reason = refusal(principal, action, facts, &row_scope);
    Decision {
        allowed: reason.is_none(),
        reason: reason.unwrap_or("your role allows it"),
        row_scope,
        field_groups: rights.field_groups().clone(),
        note_scopes: rights.note_scopes().clone(),
    }
}

fn refusal(
    principal: &Principal,
    action: Action,
    facts: &Facts,
    rows: &RowScope,
) -> Option<&'static str> {
    let rights = &principal.rights;
    if facts.organisation.is_some_and(|organisation| organisation != principal.organisation) {
        return Some("it belongs to another organisation");
    }
    let recorded = principal.kind == PrincipalKind::Automation && action == Action::RuleRunRecord;
    if !recorded && !rights.may(action) {
        return Some("your role does not allow it");
    }
    if facts.customer.as_ref().is_some_and(|customer| !rows.covers(customer)) {
        return Some("the customer is out of your reach");
    }
    if facts.note_scope.is_some_and(|scope| !rights.note_scopes().contains(&scope)) {
        return Some("your role does not read what has that scope");
    }
    None
}

/// The right to read, as far as it goes. Only [`scope`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    organisation: Uuid,
    user: Uuid,
    action: Action,
    row_scope: RowScope,
    field_groups: FieldGroups,
    note_scopes: BTreeSet<NoteScope>,
    rights: Arc<Rights>,
}

impl Scope {
    pub fn organisation(&self) -> Uuid {
        self.organisation
    }

    pub fn user(&self) -> Uuid {
        self.user
    }

    /// What it was given for.
    pub fn action(&self) -> Action {
        self.action
    }

    pub fn row_scope(&self) -> &RowScope {
        &self.row_scope
    }

    pub fn field_groups(&self) -> &FieldGroups {
        &self.field_groups
    }

    pub fn note_scopes(&self) -> &BTreeSet<NoteScope> {
        &self.note_scopes
    }

    /// Whether the reader may also do this, such as read another kind of record.
    pub fn may(&self, action: Action) -> bool {
        self.rights.may(action)
    }

    /// Whether fields of this group are shown.
    pub fn shows(&self, group: FieldGroup) -> bool {
        self.field_groups.contains(&group)
    }
}

/// No: the action and the reason, for the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{action} is not allowed: {reason}")]
pub struct Denied {
    pub action: Action,
    pub reason: &'static str,
}

/// The scope in which the principal may do this, if at all.
pub fn scope(principal: &Principal, action: Action) -> Result<Scope, Denied> {
    let decision = decide(principal, action, &Facts::default());
    if !decision.allowed {
        return Err(Denied { action, reason: decision.reason });
    }
    Ok(Scope {
        organisation: principal.organisation,
        user: principal.user,
        action,
        row_scope: decision.row_scope,
        field_groups: decision.field_groups,
        note_scopes: decision.note_scopes,
        rights: Arc::clone(&principal.rights),
    })
}

#[cfg(test)]
mod tests;
