//! One sentence per event; its unnamed subject is whoever did it.

use super::event::{Created, Event, Names, StatusCause};
use crate::personal::Personal;
use crate::sentence::{quoted, reason, shown};
use crate::value::Address;

impl Event {
    /// What happened: "changed the status from prospect to won".
    #[expect(clippy::too_many_lines, reason = "every event by name")]
    pub fn sentence(&self) -> String {
        match self {
            Self::Created(created) => created_sentence(created),
            Self::Renamed { from, to } => {
                format!("renamed the customer from {} to {}", name(from), name(to))
            }
            Self::TypeChanged { from, to } => format!("changed the type from {from} to {to}"),
            Self::EmailAdded(email) => format!("added the e-mail {}", shown(&email.address)),
            Self::EmailChanged(email) => {
                format!("changed the e-mail {}{}", shown(&email.address), primary(email.primary))
            }
            Self::EmailRemoved { address, .. } => format!("removed the e-mail {}", shown(address)),
            Self::PhoneAdded(phone) => format!("added the phone number {}", shown(&phone.number)),
            Self::PhoneChanged(phone) => {
                let number = shown(&phone.number);
                format!("changed the phone number {number}{}", primary(phone.primary))
            }
            Self::PhoneRemoved { number, .. } => {
                format!("removed the phone number {}", shown(number))
            }
            Self::AddressAdded(new) => format!("added the address {}", address(&new.address)),
            Self::AddressChanged { from, to } => {
                let (from, to) = (address(&from.address), address(&to.address));
                format!("changed the address from {from} to {to}")
            }
            Self::AddressRemoved { address: old, .. } => {
                format!("removed the address {}", address(old))
            }
            Self::ExternalIdSet { source, from: None, to } => {
                format!("set the id in {source} to {}", shown(to))
            }
            Self::ExternalIdSet { source, from: Some(from), to } => {
                format!("changed the id in {source} from {} to {}", shown(from), shown(to))
            }
            Self::ExternalIdRemoved { source, id } => {
                format!("removed the id {} in {source}", shown(id))
            }
            Self::StatusChanged { from, to, reason: why, cause } => {
                let cause = cause.map(because).unwrap_or_default();
                let why = reason(why.as_ref());
                match from {
                    Some(from) => format!("changed the status from {from} to {to}{cause}{why}"),
                    None => format!("set the status to {to}{cause}{why}"),
                }
            }
            Self::FolderMoved { from: None, .. } => "put the customer in a folder".to_owned(),
            Self::FolderMoved { from: Some(_), .. } => {
                "moved the customer to another folder".to_owned()
            }
            Self::Tagged { tag } => format!("added the tag {tag}"),
            Self::Untagged { tag } => format!("removed the tag {tag}"),
            Self::WorkerAssigned { .. } => "assigned a worker".to_owned(),
            Self::WorkerUnassigned { .. } => "unassigned a worker".to_owned(),
            Self::NoteAdded { scope, text, .. } => {
                format!("wrote a note ({scope}): {}", quoted(text))
            }
            Self::NoteEdited { scope, from, to, .. } => {
                format!("changed a note ({scope}) from {} to {}", quoted(from), quoted(to))
            }
            Self::NoteDeleted { scope, .. } => format!("deleted a note ({scope})"),
            Self::NoteRestored { scope, text, .. } => {
                format!("restored a note ({scope}): {}", quoted(text))
            }
            Self::NotePinned { scope, .. } => format!("pinned a note ({scope})"),
            Self::NoteUnpinned { scope, .. } => format!("unpinned a note ({scope})"),
            Self::InteractionLogged { interaction_type, note, .. } => {
                let words = interaction_type.name().replace('_', " ");
                format!("logged an interaction ({words}){}", reason(note.as_ref()))
            }
            Self::ReferrerSet { from: None, .. } => "recorded who referred the customer".to_owned(),
            Self::ReferrerSet { from: Some(_), .. } => {
                "recorded that another customer referred this one".to_owned()
            }
            Self::ReferrerRemoved { .. } => "took away who referred the customer".to_owned(),
            Self::ReferralRecorded { .. } => {
                "recorded that the customer referred another one".to_owned()
            }
            Self::ReferralRemoved { .. } => {
                "took away that the customer referred another one".to_owned()
            }
            Self::Flagged { reason } => format!("flagged the customer: {}", quoted(reason)),
            Self::Unflagged {} => "took the flag away".to_owned(),
            Self::RiskFlagRaised { flag_type, reason, .. } => {
                let words = flag_type.name().replace('_', " ");
                format!("raised a risk flag ({words}): {}", quoted(reason))
            }
            Self::RiskFlagCleared { flag_type, reason: why, .. } => {
                let words = flag_type.name().replace('_', " ");
                format!("cleared a risk flag ({words}){}", reason(why.as_ref()))
            }
            Self::MarkedDormant { reason: why } => {
                format!("marked the customer as dormant{}", reason(why.as_ref()))
            }
            Self::Reactivated {} => "reactivated the customer".to_owned(),
            Self::OptedOut { channel, reason: why } => {
                format!("opted the customer out of messages by {channel}{}", reason(why.as_ref()))
            }
            Self::OptedIn { channel } => {
                format!("opted the customer in to messages by {channel} again")
            }
            Self::DoNotWorkWithSet { reason } => {
                format!("marked the customer as not to be worked with again: {}", quoted(reason))
            }
            Self::DoNotWorkWithCleared {} => {
                "took back that the customer is not to be worked with again".to_owned()
            }
            Self::PortalAccessGranted { until, sent_to, .. } => {
                let to = sent_to.as_ref().map(|to| format!(", sent to {}", shown(to)));
                let to = to.unwrap_or_default();
                format!("let the customer into the portal by a link until {until}{to}")
            }
            Self::PortalAccessRevoked {} => "closed the portal to the customer".to_owned(),
            Self::Archived {} => "archived the customer".to_owned(),
            Self::Restored {} => "restored the customer from the archive".to_owned(),
            Self::Erased { .. } => "erased the customer's personal data".to_owned(),
        }
    }
}

fn created_sentence(created: &Created) -> String {
    let status = created.status.as_ref().map(|status| format!(" with the status {status}"));
    let (customer_type, name) = (created.customer_type, name(&created.names()));
    format!("created the customer {name} ({customer_type}){}", status.unwrap_or_default())
}

fn name(names: &Names) -> String {
    names.display().map_or_else(|| "(no name)".to_owned(), |name| shown(&name).to_owned())
}

fn address(address: &Personal<Address>) -> String {
    address.known().map_or_else(|| "(erased)".to_owned(), Address::to_string)
}

fn primary(primary: bool) -> &'static str {
    if primary { ", now the primary one" } else { "" }
}

fn because(cause: StatusCause) -> &'static str {
    match cause {
        StatusCause::FolderMove => " because the new folder does not have it",
    }
}
