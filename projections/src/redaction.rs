//! Which events of a history somebody may see, and with which of their fields.

use domain::access::{Action, FieldGroup, RowScope, Scope};
use domain::{Event, Recorded, customer, member, notification, unmatched};
use serde_json::Value;
use uuid::Uuid;

/// Whether an event is there at all for this reader. Hidden means absent: no gap, no count.
pub fn is_visible(scope: &Scope, event: &Event) -> bool {
    match event {
        Event::Customer(event) => customer_is_visible(scope, event),
        Event::Notification(notification::Event::Sent { to, .. }) => {
            to.contains(&scope.user()) || scope.shows(FieldGroup::Access)
        }
        // What not everybody may read, not everybody who reads events is told of.
        Event::Rule(_) => scope.may(Action::RuleRead),
        Event::Template(_) => scope.may(Action::TemplateRead),
        Event::Invitation(_) => scope.may(Action::UserAdmin),
        Event::Unmatched(unmatched) => {
            scope.may(Action::UnmatchedRead) && unmatched_is_visible(scope, unmatched)
        }
        // Grants are named to who administers them only (FEATURES decision 23).
        Event::Role(_) => scope.shows(FieldGroup::Access),
        Event::Member(event) => {
            scope.shows(FieldGroup::Access) || !matches!(event, member::Event::ReachSet { .. })
        }
        Event::File(event) => {
            scope.may(Action::FileRead) && scope.note_scopes().contains(&event.subject().scope)
        }
        Event::Account(_) => scope.shows(FieldGroup::Financial),
        // Amounts on a single quote or order are shown to all (FEATURES decision 24).
        Event::Order(_)
        | Event::Message(_)
        | Event::Quote(_)
        | Event::ServiceEntry(_)
        | Event::Task(_)
        | Event::Team(_)
        | Event::RuleRun(_)
        | Event::Folder(_)
        | Event::Organisation(_)
        | Event::User(_)
        | Event::Webhook(_) => true,
    }
}

fn unmatched_is_visible(scope: &Scope, event: &unmatched::Event) -> bool {
    use unmatched::Event;
    match event {
        Event::MessageReceived(_) => scope.shows(FieldGroup::Contact),
        Event::PaymentReceived(_) => scope.shows(FieldGroup::Financial),
        Event::Attached { .. } | Event::Dismissed { .. } => true,
    }
}

/// The customer at the other end of an event that links two: who does not reach both does not see
/// the link.
pub(crate) fn other_end(event: &Event) -> Option<Uuid> {
    use customer::Event as C;
    if let Event::Unmatched(unmatched::Event::Attached { customer }) = event {
        return Some(*customer);
    }
    if let Event::Customer(
        C::ReferrerSet { from: _, to: other }
        | C::ReferrerRemoved { from: other }
        | C::ReferralRecorded { referred: other }
        | C::ReferralRemoved { referred: other },
    ) = event
    {
        return Some(*other);
    }
    None
}

fn customer_is_visible(scope: &Scope, event: &customer::Event) -> bool {
    use customer::Event;
    match event {
        Event::NoteAdded { scope: note, .. }
        | Event::NoteEdited { scope: note, .. }
        | Event::NoteDeleted { scope: note, .. }
        | Event::NoteRestored { scope: note, .. }
        | Event::NotePinned { scope: note, .. }
        | Event::NoteUnpinned { scope: note, .. } => scope.note_scopes().contains(note),
        Event::RiskFlagRaised { .. } | Event::RiskFlagCleared { .. } => {
            scope.shows(FieldGroup::Risk)
        }
        Event::EmailAdded(_)
        | Event::EmailChanged(_)
        | Event::EmailRemoved { .. }
        | Event::PhoneAdded(_)
        | Event::PhoneChanged(_)
        | Event::PhoneRemoved { .. }
        | Event::AddressAdded(_)
        | Event::AddressChanged { .. }
        | Event::AddressRemoved { .. } => scope.shows(FieldGroup::Contact),
        Event::Created(_)
        | Event::Renamed { .. }
        | Event::TypeChanged { .. }
        | Event::ExternalIdSet { .. }
        | Event::ExternalIdRemoved { .. }
        | Event::StatusChanged { .. }
        | Event::FolderMoved { .. }
        | Event::Tagged { .. }
        | Event::Untagged { .. }
        | Event::WorkerAssigned { .. }
        | Event::WorkerUnassigned { .. }
        | Event::InteractionLogged { .. }
        | Event::ReferrerSet { .. }
        | Event::ReferrerRemoved { .. }
        | Event::ReferralRecorded { .. }
        | Event::ReferralRemoved { .. }
        | Event::Flagged { .. }
        | Event::Unflagged {}
        | Event::MarkedDormant { .. }
        | Event::Reactivated {}
        | Event::OptedOut { .. }
        | Event::OptedIn { .. }
        | Event::DoNotWorkWithSet { .. }
        | Event::DoNotWorkWithCleared {}
        | Event::PortalAccessGranted { .. }
        | Event::PortalAccessRevoked {}
        | Event::Archived {}
        | Event::Restored {}
        | Event::Erased { .. } => true,
    }
}

/// The fields of an event that only those see who may see how a customer is reached.
pub fn contact_fields(type_name: &str) -> &'static [&'static str] {
    match type_name {
        "customer.created" => &["emails", "phones", "addresses"],
        "customer.portal_access_granted" => &["sent_to"],
        "message.requested" | "message.received" => &["from", "to"],
        _ => &[],
    }
}

/// The body of a visible event as people see it, without the fields that the reader's role hides.
pub fn public_body(scope: &Scope, item: &Recorded) -> Value {
    let mut body = item.public_body();
    if !scope.shows(FieldGroup::Contact)
        && let Value::Object(body) = &mut body
    {
        for field in contact_fields(&item.type_name) {
            body.shift_remove(*field);
        }
    }
    // Who does not reach every customer is not told which ones there are.
    if item.type_name == "unmatched.message_received"
        && *scope.row_scope() != RowScope::All
        && let Value::Object(body) = &mut body
    {
        body.shift_remove("candidates");
    }
    // An address may hold a secret; its host stands in the event's sentence.
    if !scope.shows(FieldGroup::Access)
        && let Some(Value::Object(definition)) = body.get_mut("definition")
        && item.type_name.starts_with("webhook.")
    {
        definition.shift_remove("url");
    }
    body
}
