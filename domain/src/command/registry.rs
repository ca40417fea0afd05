//! The one table of all commands.

use jiff::Timestamp;
use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::{Data, Fact, Invalid, Need, parse_data, unknown_command};
use crate::access::{Action, Principal, PrincipalKind, RowScope};
use crate::value::AskedBy;
use crate::{
    account, customer, file, folder, invitation, member, message, notification, order,
    organisation, quote, role, rule, rule_run, service_entry, task, team, template, unmatched,
    user, webhook,
};

/// What there is to know about a kind of command.
#[derive(Debug)]
pub struct CommandSpec {
    /// `customer.change_status`.
    pub name: &'static str,
    /// The kind of stream that it writes.
    pub kind: &'static str,
    pub summary: &'static str,
    /// What the policy is asked.
    pub action: Action,
    /// The events that may come of it.
    pub emits: &'static [&'static str],
    /// Whether it begins a stream, or may do so.
    pub creates: bool,
    /// Whether what is there already decides, so that a new stream is not to be guessed.
    reads_first: bool,
    /// Whether the id of a stream has to come along.
    pub needs_target: bool,
    /// The `OpenAPI` schema of its data.
    pub schema: fn() -> RefOr<Schema>,
    /// The schemas that `schema` refers to, by name.
    pub referred: fn(&mut Vec<(String, RefOr<Schema>)>),
    parse: fn(Uuid, Value) -> Result<Command, Invalid>,
}

macro_rules! registry {
    ($($aggregate:ident($module:ident, $kind:literal) {
        $($name:literal $variant:ident($data:ty) $target:ident $action:ident
            [$($event:literal),+] $summary:literal;)+
    })+) => {
        /// A command for one stream.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Command {
            $($aggregate { id: Uuid, command: $module::Command }),+
        }

        static SPECS: &[CommandSpec] = &[$($(CommandSpec {
            name: $name,
            kind: $kind,
            summary: $summary,
            action: Action::$action,
            emits: &[$($event),+],
            creates: creates(Target::$target),
            reads_first: matches!(Target::$target, Target::Attached),
            needs_target: needs_target(Target::$target),
            schema: <$data as PartialSchema>::schema,
            referred: <$data as ToSchema>::schemas,
            parse: |id, data| {
                let data: $data = parse_data(data)?;
                let command = $module::Command::$variant(data.into());
                Ok(Command::$aggregate { id, command })
            },
        },)+)+];

        impl Command {
            /// `customer.change_status`.
            pub fn name(&self) -> &'static str {
                match self {
                    $($(Self::$aggregate { id: _, command: $module::Command::$variant(_) } => $name,)+)+
                }
            }

            /// The stream that it writes; known after [`Command::assign_ids`].
            pub fn stream_id(&self) -> Uuid {
                match self { $(Self::$aggregate { id, command: _ } => *id),+ }
            }

            /// The kind of that stream: `customer`, `task`…
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$aggregate { .. } => $kind),+ }
            }

            fn stream_id_mut(&mut self) -> &mut Uuid {
                match self { $(Self::$aggregate { id, command: _ } => id),+ }
            }

            fn data(&self) -> &dyn Data {
                match self {
                    $($(Self::$aggregate { id: _, command: $module::Command::$variant(data) } => {
                        let data: &$data = data;
                        data
                    })+)+
                }
            }

            fn data_mut(&mut self) -> &mut dyn Data {
                match self {
                    $($(Self::$aggregate { id: _, command: $module::Command::$variant(data) } => {
                        let data: &mut $data = data;
                        data
                    })+)+
                }
            }
        }
    };
}

/// How a command comes by its stream.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    /// It begins a new stream, with an id of the shell's or the caller's making.
    New,
    /// It begins a stream whose id the caller must name.
    Named,
    /// It goes on with a stream that is there.
    Old,
    /// It begins or goes on with a stream whose id follows from its data.
    Derived,
    /// The same, and what is there already decides: it is read, not guessed to be new.
    Attached,
}

const fn creates(target: Target) -> bool {
    matches!(target, Target::New | Target::Named | Target::Derived | Target::Attached)
}

const fn needs_target(target: Target) -> bool {
    matches!(target, Target::Old | Target::Named)
}

impl Command {
    /// Reads a command by its name.
    pub fn parse(name: &str, target: Option<Uuid>, data: Value) -> Result<Self, Invalid> {
        let spec = Self::spec(name).ok_or_else(|| unknown_command(name))?;
        if spec.needs_target && target.is_none() {
            return Err(Invalid::new("/id", "missing_field", format!("{name} needs an id")));
        }
        let mut command = (spec.parse)(target.unwrap_or_else(Uuid::nil), data)?;
        if let Some(derived) = command.derived_id() {
            if target.is_some_and(|target| target != derived) {
                let detail = format!("the id of {name} follows from its data: {derived}");
                return Err(Invalid::new("/id", "invalid_field", detail));
            }
            *command.stream_id_mut() = derived;
        }
        Ok(command)
    }

    /// Fills the ids of new things, also of the stream, that have none yet.
    pub fn assign_ids(&mut self, next: &mut dyn FnMut() -> Uuid) {
        if self.stream_id().is_nil() {
            *self.stream_id_mut() = self.derived_id().unwrap_or_else(&mut *next);
        }
        self.data_mut().assign_ids(next);
    }

    /// The id that follows from the data, where one does.
    fn derived_id(&self) -> Option<Uuid> {
        if let Self::Order { id: _, command: order::Command::Record(record) } = self {
            return Some(record.stream_id());
        }
        if let Self::Member { id: _, command: member::Command::Add(add) } = self {
            return Some(add.user);
        }
        if let Self::Role { id: _, command } = self {
            return Some(role::role_id(command.role()));
        }
        if let Self::Account { id: _, command } = self {
            return Some(account::account_id(command.customer()));
        }
        None
    }

    /// What the shell has to look up and [`Command::supply`] before the decision.
    pub fn needs(&self) -> Vec<Need> {
        self.data().needs()
    }

    pub fn supply(&mut self, fact: &Fact) {
        self.data_mut().supply(fact);
    }

    /// Whether it begins a stream, so that version 0 is the first guess. A stream that is there
    /// after all is for the decider to judge, not an error by itself.
    pub fn creates(&self) -> bool {
        self.own_spec().is_some_and(|spec| spec.creates && !spec.reads_first)
    }

    /// What the policy is asked.
    pub fn permission(&self) -> Action {
        self.own_spec().map_or(Action::OrganisationAdmin, |spec| spec.action)
    }

    /// The customer that it is about, as far as the command itself says so.
    pub fn customer(&self) -> Option<Uuid> {
        match self {
            Self::Customer { id, command: _ } => Some(*id),
            Self::Account { id: _, command } => Some(command.customer()),
            Self::Task { id: _, command: task::Command::Add(add) } => add.customer,
            Self::Order { id: _, command: order::Command::Record(record) } => Some(record.customer),
            Self::Order { id: _, command: order::Command::Place(place) } => Some(place.customer),
            Self::Order { id: _, command: order::Command::PlaceQuoted(place) } => {
                Some(place.customer)
            }
            Self::Quote { id: _, command: quote::Command::Draft(draft) } => Some(draft.customer),
            Self::ServiceEntry { id: _, command: service_entry::Command::Add(add) } => {
                Some(add.customer)
            }
            Self::File { id: _, command: file::Command::Upload(upload) } => Some(upload.customer),
            Self::RuleRun { id: _, command: rule_run::Command::Request(request) } => {
                Some(request.customer)
            }
            Self::RuleRun { id: _, command: rule_run::Command::ComeDue(due) } => Some(due.customer),
            Self::RuleRun { id: _, command: rule_run::Command::Finish(finish) } => finish.customer,
            Self::Notification { id: _, command: notification::Command::Send(send) } => {
                send.customer
            }
            Self::Message { id: _, command: message::Command::Request(request) } => {
                Some(request.customer)
            }
            Self::Message { id: _, command: message::Command::Receive(receive) } => {
                Some(receive.customer)
            }
            Self::Task { .. }
            | Self::Message { .. }
            | Self::Order { .. }
            | Self::Quote { .. }
            | Self::ServiceEntry { .. }
            | Self::File { .. }
            | Self::Folder { .. }
            | Self::Organisation { .. }
            | Self::User { .. }
            | Self::Invitation { .. }
            | Self::Member { .. }
            | Self::Team { .. }
            | Self::Role { .. }
            | Self::Template { .. }
            | Self::Unmatched { .. }
            | Self::Webhook { .. }
            | Self::Rule { .. } => None,
        }
    }

    /// When it happened in the world, where its data says so.
    pub fn occurred_at(&self) -> Option<Timestamp> {
        if let Self::Order { id: _, command: order::Command::Record(record) } = self {
            return record.placed_at;
        }
        if let Self::Message { id: _, command: message::Command::Receive(receive) } = self {
            return receive.sent_at;
        }
        None
    }

    /// Says who gives the command, where that is kept and not yet said: the owner of a rule or
    /// a webhook, that a rule's message is automatic, and that whoever reaches only those
    /// assigned to them is assigned to a customer whom they register.
    pub fn sign(&mut self, principal: &Principal) {
        let user = principal.user;
        if let Self::Message { id: _, command: message::Command::Request(request) } = self
            && principal.kind == PrincipalKind::Automation
        {
            request.asked_by = AskedBy::Automatic;
        }
        if let Self::Rule { id: _, command: rule::Command::Create(create) } = self
            && create.owner.is_nil()
        {
            create.owner = user;
        }
        if let Self::Webhook { id: _, command: webhook::Command::Create(create) } = self {
            create.owner = user;
        }
        if let Self::Customer { id: _, command: customer::Command::Create(create) } = self
            && let RowScope::Within { folders: _, workers } =
                principal.rights.rows(Action::CustomerCreate)
            && workers.contains(&user)
        {
            create.workers.insert(user);
        }
    }

    /// All commands.
    pub fn specs() -> &'static [CommandSpec] {
        SPECS
    }

    /// The command of this name.
    pub fn spec(name: &str) -> Option<&'static CommandSpec> {
        SPECS.iter().find(|spec| spec.name == name)
    }

    fn own_spec(&self) -> Option<&'static CommandSpec> {
        Self::spec(self.name())
    }
}

registry! {
    Account(account, "account") {
        "account.issue_invoice" IssueInvoice(account::IssueInvoice) Attached FinanceWrite
            ["account.invoice_issued"] "Issue an invoice";
        "account.issue_credit_note" IssueCreditNote(account::IssueCreditNote) Attached FinanceWrite
            ["account.credit_note_issued"] "Issue a credit note";
        "account.receive_payment" ReceivePayment(account::ReceivePayment) Attached FinanceWrite
            ["account.payment_received", "account.payment_allocated"] "Record a payment";
        "account.allocate_payment" AllocatePayment(account::AllocatePayment) Attached FinanceWrite
            ["account.payment_allocated"] "Set a payment against an invoice";
        "account.allocate_credit" AllocateCredit(account::AllocateCredit) Attached FinanceWrite
            ["account.credit_allocated"] "Set credit against an invoice";
        "account.reverse_allocation" ReverseAllocation(account::ReverseAllocation) Attached
            FinanceWrite
            ["account.allocation_reversed"] "Take an allocation back";
        "account.add_credit" AddCredit(account::AddCredit) Attached FinanceWrite
            ["account.credit_added"] "Put credit on the account";
        "account.refund_credit" RefundCredit(account::RefundCredit) Attached FinanceWrite
            ["account.credit_refunded"] "Pay credit back";
    }
    Customer(customer, "customer") {
        "customer.create" Create(customer::Create) New CustomerCreate
            ["customer.created"] "Register a customer";
        "customer.rename" Rename(customer::Rename) Old CustomerEdit
            ["customer.renamed"] "Change names";
        "customer.change_type" ChangeType(customer::ChangeType) Old CustomerEdit
            ["customer.renamed", "customer.type_changed"] "Change the type, for good";
        "customer.add_email" AddEmail(crate::value::EmailEntry) Old CustomerEdit
            ["customer.email_added", "customer.email_changed"] "Add an e-mail";
        "customer.remove_email" RemoveEmail(customer::RemoveEmail) Old CustomerEdit
            ["customer.email_removed"] "Remove an e-mail";
        "customer.add_phone" AddPhone(crate::value::PhoneEntry) Old CustomerEdit
            ["customer.phone_added", "customer.phone_changed"] "Add a phone number";
        "customer.remove_phone" RemovePhone(customer::RemovePhone) Old CustomerEdit
            ["customer.phone_removed"] "Remove a phone number";
        "customer.add_address" AddAddress(crate::value::AddressEntry) Old CustomerEdit
            ["customer.address_added"] "Add an address";
        "customer.change_address" ChangeAddress(customer::ChangeAddress) Old CustomerEdit
            ["customer.address_changed"] "Replace an address";
        "customer.remove_address" RemoveAddress(customer::RemoveAddress) Old CustomerEdit
            ["customer.address_removed"] "Remove an address";
        "customer.set_external_id" SetExternalId(customer::SetExternalId) Old CustomerEdit
            ["customer.external_id_set"] "Set the id in another system";
        "customer.remove_external_id" RemoveExternalId(customer::RemoveExternalId) Old CustomerEdit
            ["customer.external_id_removed"] "Forget the id in another system";
        "customer.change_status" ChangeStatus(customer::ChangeStatus) Old CustomerEdit
            ["customer.status_changed"] "Change the status";
        "customer.move_folder" MoveFolder(customer::MoveFolder) Old CustomerEdit
            ["customer.folder_moved", "customer.status_changed"] "Move to a folder";
        "customer.tag" Tag(customer::TagCommand) Old CustomerEdit
            ["customer.tagged"] "Add a tag";
        "customer.untag" Untag(customer::TagCommand) Old CustomerEdit
            ["customer.untagged"] "Remove a tag";
        "customer.assign_worker" AssignWorker(customer::AssignWorker) Old CustomerEdit
            ["customer.worker_assigned"] "Assign a worker";
        "customer.unassign_worker" UnassignWorker(customer::UnassignWorker) Old CustomerEdit
            ["customer.worker_unassigned"] "Unassign a worker";
        "customer.add_note" AddNote(customer::AddNote) Old NoteWrite
            ["customer.note_added"] "Write a note";
        "customer.edit_note" EditNote(customer::EditNote) Old NoteWrite
            ["customer.note_edited"] "Change a note";
        "customer.delete_note" DeleteNote(customer::NoteId) Old NoteWrite
            ["customer.note_deleted"] "Delete a note";
        "customer.restore_note" RestoreNote(customer::NoteId) Old NoteWrite
            ["customer.note_restored"] "Restore a deleted note";
        "customer.pin_note" PinNote(customer::NoteId) Old NoteWrite
            ["customer.note_pinned"] "Pin a note";
        "customer.unpin_note" UnpinNote(customer::NoteId) Old NoteWrite
            ["customer.note_unpinned"] "Unpin a note";
        "customer.log_interaction" LogInteraction(customer::LogInteraction) Old InteractionWrite
            ["customer.interaction_logged"] "Log an interaction";
        "customer.set_referrer" SetReferrer(customer::SetReferrer) Old CustomerEdit
            ["customer.referrer_set"] "Say who referred the customer";
        "customer.remove_referrer" RemoveReferrer(customer::Nothing) Old CustomerEdit
            ["customer.referrer_removed"] "Take away who referred the customer";
        "customer.record_referral" RecordReferral(customer::Referral) Old CustomerEdit
            ["customer.referral_recorded"] "Keep whom the customer referred, with the other end";
        "customer.remove_referral" RemoveReferral(customer::Referral) Old CustomerEdit
            ["customer.referral_removed"] "Let go whom the customer referred, with the other end";
        "customer.flag" Flag(customer::Flag) Old CustomerEdit
            ["customer.flagged"] "Flag with a reason";
        "customer.unflag" Unflag(customer::Nothing) Old CustomerEdit
            ["customer.unflagged"] "Take the flag away";
        "customer.raise_risk_flag" RaiseRiskFlag(customer::RaiseRiskFlag) Old RiskWrite
            ["customer.risk_flag_raised"] "Raise a risk flag";
        "customer.clear_risk_flag" ClearRiskFlag(customer::ClearRiskFlag) Old RiskWrite
            ["customer.risk_flag_cleared"] "Clear a risk flag";
        "customer.mark_dormant" MarkDormant(customer::MarkDormant) Old CustomerEdit
            ["customer.marked_dormant"] "Mark as dormant";
        "customer.reactivate" Reactivate(customer::Nothing) Old CustomerEdit
            ["customer.reactivated"] "Reactivate";
        "customer.opt_out" OptOut(customer::OptOut) Old CustomerEdit
            ["customer.opted_out"] "Stop sending messages of one channel";
        "customer.opt_in" OptIn(customer::OptIn) Old CustomerEdit
            ["customer.opted_in"] "Allow messages of one channel again";
        "customer.set_do_not_work_with" SetDoNotWorkWith(customer::SetDoNotWorkWith) Old
            CustomerEdit
            ["customer.do_not_work_with_set"] "Say that the customer is not worked with again";
        "customer.clear_do_not_work_with" ClearDoNotWorkWith(customer::Nothing) Old CustomerEdit
            ["customer.do_not_work_with_cleared"] "Work with the customer again";
        "customer.grant_portal_access" GrantPortalAccess(customer::GrantPortalAccess) Old CustomerEdit
            ["customer.portal_access_granted"] "Let the customer into the portal by a link";
        "customer.revoke_portal_access" RevokePortalAccess(customer::Nothing) Old CustomerEdit
            ["customer.portal_access_revoked"] "Close the portal to the customer";
        "customer.archive" Archive(customer::Nothing) Old CustomerDelete
            ["customer.archived"] "Archive";
        "customer.restore" Restore(customer::Restore) Old CustomerDelete
            ["customer.restored"] "Restore from the archive";
        "customer.erase" Erase(customer::Erase) Old CustomerErase
            ["customer.erased"] "Destroy the personal data, for good";
    }
    Task(task, "task") {
        "task.add" Add(task::Add) New TaskWrite
            ["task.added"] "Add a task";
        "task.edit" Edit(task::Edit) Old TaskWrite
            ["task.edited"] "Change a task";
        "task.complete" Complete(task::Nothing) Old TaskWrite
            ["task.completed"] "Mark a task as done";
        "task.reopen" Reopen(task::Nothing) Old TaskWrite
            ["task.reopened"] "Reopen a task";
        "task.delete" Delete(task::Nothing) Old TaskWrite
            ["task.deleted"] "Delete a task";
        "task.restore" Restore(task::Nothing) Old TaskWrite
            ["task.restored"] "Restore a deleted task";
    }
    Folder(folder, "folder") {
        "folder.create" Create(folder::Create) New FolderAdmin
            ["folder.created"] "Create a folder";
        "folder.rename" Rename(folder::Rename) Old FolderAdmin
            ["folder.renamed"] "Rename a folder";
        "folder.change_statuses" ChangeStatuses(folder::ChangeStatuses) Old FolderAdmin
            ["folder.statuses_changed"] "Change a folder's status list";
        "folder.archive" Archive(folder::Nothing) Old FolderAdmin
            ["folder.archived"] "Archive a folder";
    }
    Order(order, "order") {
        "order.record" Record(order::Record) Derived OrderWrite
            ["order.recorded", "order.credited"] "Take over a document of another system";
        "order.place" Place(order::Place) New OrderPlace
            ["order.placed"] "Place an order";
        "order.place_quoted" PlaceQuoted(order::PlaceQuoted) Named OrderPlace
            ["order.placed"] "Place the order of an accepted quote, with it";
        "order.cancel" Cancel(order::Cancel) Old OrderPlace
            ["order.cancelled"] "Cancel an order";
    }
    Quote(quote, "quote") {
        "quote.draft" Draft(quote::Draft) New QuoteWrite
            ["quote.drafted"] "Draft a quote";
        "quote.edit" Edit(quote::Edit) Old QuoteWrite
            ["quote.edited"] "Change a draft";
        "quote.send" Send(quote::Send) Old QuoteWrite
            ["quote.sent"] "Mark a quote as sent";
        "quote.accept" Accept(quote::Accept) Old QuoteWrite
            ["quote.accepted"] "Mark a quote as accepted, and place its order";
        "quote.reject" Reject(quote::Reject) Old QuoteWrite
            ["quote.rejected"] "Mark a quote as rejected";
    }
    ServiceEntry(service_entry, "service_entry") {
        "service_entry.add" Add(service_entry::Add) New ServiceWrite
            ["service_entry.added"] "Add a delivery, an installation or a service case";
        "service_entry.reschedule" Reschedule(service_entry::Reschedule) Old ServiceWrite
            ["service_entry.rescheduled"] "Move a service entry to another time";
        "service_entry.complete" Complete(service_entry::Nothing) Old ServiceWrite
            ["service_entry.completed"] "Mark a service entry as done";
        "service_entry.cancel" Cancel(service_entry::Cancel) Old ServiceWrite
            ["service_entry.cancelled"] "Call a service entry off";
        "service_entry.reopen" Reopen(service_entry::Nothing) Old ServiceWrite
            ["service_entry.reopened"] "Schedule a closed service entry again";
    }
    File(file, "file") {
        "file.upload" Upload(file::Upload) Named FileWrite
            ["file.uploaded"] "Upload a file";
        "file.rename" Rename(file::Rename) Old FileWrite
            ["file.renamed"] "Give a file another name";
        "file.remove" Remove(file::Nothing) Old FileWrite
            ["file.removed"] "Remove a file";
        "file.restore" Restore(file::Restore) Old FileWrite
            ["file.restored"] "Bring a removed file back";
    }
    Organisation(organisation, "organisation") {
        "organisation.create" Create(organisation::Create) Named OrganisationAdmin
            ["organisation.created"] "Create an organisation";
        "organisation.set_default_folder" SetDefaultFolder(organisation::SetDefaultFolder) Old
            OrganisationAdmin
            ["organisation.default_folder_set"] "Say where new customers go";
        "organisation.set_time_zone" SetTimeZone(organisation::SetTimeZone) Old OrganisationAdmin
            ["organisation.time_zone_set"] "Say when the organisation's days begin and end";
        "organisation.set_sender" SetSender(organisation::SetSender) Old OrganisationAdmin
            ["organisation.sender_set"] "Say in whose name e-mails go out";
    }
    User(user, "user") {
        "user.register" Register(user::Register) New UserAdmin
            ["user.registered"] "Register a person who signs in";
        "user.block" Block(user::Nothing) Old UserAdmin
            ["user.blocked"] "Block a person";
        "user.unblock" Unblock(user::Nothing) Old UserAdmin
            ["user.unblocked"] "Let a person in again";
        "user.grant_admin" GrantAdmin(user::Nothing) Old UserAdmin
            ["user.admin_granted"] "Let a person administer the installation";
        "user.revoke_admin" RevokeAdmin(user::Nothing) Old UserAdmin
            ["user.admin_revoked"] "No longer let a person administer the installation";
    }
    Invitation(invitation, "invitation") {
        "invitation.make" Make(invitation::Make) New UserAdmin
            ["invitation.made"] "Invite a person";
        "invitation.renew" Renew(invitation::Nothing) Old UserAdmin
            ["invitation.renewed"] "Send an invitation again";
        "invitation.withdraw" Withdraw(invitation::Nothing) Old UserAdmin
            ["invitation.withdrawn"] "Withdraw an invitation";
        "invitation.accept" Accept(invitation::Accept) Old UserAdmin
            ["invitation.accepted"] "Take in who accepts an invitation";
    }
    Member(member, "member") {
        "member.add" Add(member::Add) Derived UserAdmin
            ["member.added"] "Make a person a member";
        "member.change_roles" ChangeRoles(member::ChangeRoles) Old UserAdmin
            ["member.roles_changed"] "Change a member's roles";
        "member.set_reach" SetReach(member::SetReach) Old UserAdmin
            ["member.reach_set"] "Say which customers a member sees and changes";
        "member.block" Block(member::Block) Old UserAdmin
            ["member.blocked"] "Block a member";
        "member.unblock" Unblock(member::Nothing) Old UserAdmin
            ["member.unblocked"] "Let a member in again";
        "member.remove" Remove(member::Remove) Old UserAdmin
            ["member.removed"] "Remove a member";
    }
    Role(role, "role") {
        "role.change_permissions" ChangePermissions(role::ChangePermissions) Derived UserAdmin
            ["role.permissions_changed"] "Say what a role may do";
        "role.change_field_groups" ChangeFieldGroups(role::ChangeFieldGroups) Derived UserAdmin
            ["role.field_groups_changed"] "Say which fields a role sees";
        "role.change_note_scopes" ChangeNoteScopes(role::ChangeNoteScopes) Derived UserAdmin
            ["role.note_scopes_changed"] "Say which notes a role reads";
        "role.reset" Reset(role::Reset) Derived UserAdmin
            ["role.reset"] "Give a role back what it gives from the start";
    }
    Rule(rule, "rule") {
        "rule.create" Create(rule::Create) New RuleAdmin
            ["rule.created"] "Write a rule";
        "rule.change" Change(rule::Change) Old RuleAdmin
            ["rule.changed", "rule.version_drafted", "rule.activated"] "Change a rule";
        "rule.activate" Activate(rule::Nothing) Old RuleAdmin
            ["rule.activated"] "Switch a rule on";
        "rule.deactivate" Deactivate(rule::Nothing) Old RuleAdmin
            ["rule.deactivated"] "Switch a rule off";
        "rule.archive" Archive(rule::Nothing) Old RuleAdmin
            ["rule.archived"] "Archive a rule";
        "rule.record_rehearsal" RecordRehearsal(rule::RecordRehearsal) Old RuleRunRecord
            ["rule.rehearsed"] "Record that a rule was rehearsed";
    }
    RuleRun(rule_run, "rule_run") {
        "rule_run.request" Request(rule_run::Request) New RuleRun
            ["rule_run.requested"] "Have a rule run for a customer now";
        "rule_run.come_due" ComeDue(rule_run::ComeDue) Named RuleRunRecord
            ["rule_run.came_due"] "Record that a rule's time came for a customer";
        "rule_run.finish" Finish(rule_run::Finish) Named RuleRunRecord
            ["rule_run.finished"] "Record how a run ended";
    }
    Message(message, "message") {
        "message.request" Request(message::Request) New MessageWrite
            ["message.requested", "message.withheld"] "Send a message";
        "message.receive" Receive(message::Receive) New MessageReceive
            ["message.received"] "Take in a customer's message";
        "message.withhold" Withhold(message::Withhold) Old MessageRecord
            ["message.withheld"] "Record that a message was not sent after all";
        "message.record_sent" RecordSent(message::RecordSent) Old MessageRecord
            ["message.sent"] "Record that a message was sent";
        "message.record_failed" RecordFailed(message::RecordFailed) Old MessageRecord
            ["message.failed"] "Record that a message could not be sent";
        "message.record_delivered" RecordDelivered(message::Nothing) Old MessageRecord
            ["message.delivered"] "Record that a message arrived";
        "message.record_opened" RecordOpened(message::Nothing) Old MessageRecord
            ["message.opened"] "Record that a message was opened";
    }
    Team(team, "team") {
        "team.create" Create(team::Create) New UserAdmin
            ["team.created"] "Create a team";
        "team.rename" Rename(team::Rename) Old UserAdmin
            ["team.renamed"] "Rename a team";
        "team.add_member" AddMember(team::AddMember) Old UserAdmin
            ["team.member_added"] "Put a member into a team";
        "team.remove_member" RemoveMember(team::RemoveMember) Old UserAdmin
            ["team.member_removed"] "Take somebody out of a team";
        "team.archive" Archive(team::Nothing) Old UserAdmin
            ["team.archived"] "Archive a team";
    }
    Template(template, "template") {
        "template.create" Create(template::Create) New TemplateAdmin
            ["template.created"] "Keep a template";
        "template.change" Change(template::Change) Old TemplateAdmin
            ["template.changed"] "Replace what a template says, as a new version";
        "template.archive" Archive(template::Nothing) Old TemplateAdmin
            ["template.archived"] "Archive a template";
    }
    Notification(notification, "notification") {
        "notification.send" Send(notification::Send) New NotificationSend
            ["notification.sent"] "Notify members";
    }
    Unmatched(unmatched, "unmatched") {
        "unmatched.receive_message" ReceiveMessage(unmatched::ReceiveMessage) Named MessageReceive
            ["unmatched.message_received"] "Keep a message of nobody known";
        "unmatched.receive_payment" ReceivePayment(unmatched::ReceivePayment) Named MessageReceive
            ["unmatched.payment_received"] "Keep a payment of nobody known";
        "unmatched.attach" Attach(unmatched::Attach) Old UnmatchedWrite
            ["unmatched.attached"] "Say whose it is that came in";
        "unmatched.dismiss" Dismiss(unmatched::Nothing) Old UnmatchedWrite
            ["unmatched.dismissed"] "Dismiss what came in";
    }
    Webhook(webhook, "webhook") {
        "webhook.create" Create(webhook::Create) New WebhookAdmin
            ["webhook.created"] "Set up a webhook";
        "webhook.change" Change(webhook::Change) Old WebhookAdmin
            ["webhook.changed"] "Change a webhook";
        "webhook.enable" Enable(webhook::Nothing) Old WebhookAdmin
            ["webhook.enabled"] "Switch a webhook on";
        "webhook.disable" Disable(webhook::Nothing) Old WebhookAdmin
            ["webhook.disabled"] "Switch a webhook off";
        "webhook.suspend" Suspend(webhook::Suspend) Old WebhookSuspend
            ["webhook.disabled"] "Switch a webhook off that cannot go on";
        "webhook.rotate_secret" RotateSecret(webhook::Nothing) Old WebhookAdmin
            ["webhook.secret_rotated"] "Give a webhook another secret";
        "webhook.delete" Delete(webhook::Nothing) Old WebhookAdmin
            ["webhook.deleted"] "Delete a webhook";
    }
}
