//! Undoing what was changed of a customer.

use super::{ALL, Change, Error, Part, Past, field, maybe, one_of, text};
use crate::customer::{
    AssignWorker, ChangeStatus, ClearRiskFlag, Command, Customer, EditNote, Event, Flag,
    FolderFact, MarkDormant, MoveFolder, Names, NoteId, Nothing, OptIn, OptOut, RaiseRiskFlag,
    Rename, Restore, SetDoNotWorkWith, SetReferrer, State, StatusCause, TagCommand, UnassignWorker,
};
use crate::event::Part as _;
use crate::value::{Name, fold, normalise_email};
use crate::{Decider, Personal};

mod contact;

use contact::Around;

/// What an event changes, as finely as two changes can stand beside each other.
pub(super) fn parts(event: &Event) -> Vec<Part> {
    match event {
        Event::Created(_) | Event::Erased { .. } => vec![field(ALL)],
        Event::Renamed { from, to } => names(from, to),
        Event::TypeChanged { .. } => vec![field("type")],
        Event::EmailAdded(email) | Event::EmailChanged(email) => {
            with_primary("emails", &address(&email.address), email.primary)
        }
        Event::EmailRemoved { address: gone, new_primary } => {
            with_primary("emails", &address(gone), new_primary.is_some())
        }
        Event::PhoneAdded(phone) | Event::PhoneChanged(phone) => {
            with_primary("phones", plain(&phone.number), phone.primary)
        }
        Event::PhoneRemoved { number, new_primary } => {
            with_primary("phones", plain(number), new_primary.is_some())
        }
        Event::AddressAdded(record) => {
            with_primary("addresses", &record.address_id.to_string(), record.primary)
        }
        Event::AddressChanged { from, to } => {
            with_primary("addresses", &to.address_id.to_string(), to.primary && !from.primary)
        }
        Event::AddressRemoved { address_id, address: _, new_primary } => {
            with_primary("addresses", &address_id.to_string(), new_primary.is_some())
        }
        Event::ExternalIdSet { source, .. } | Event::ExternalIdRemoved { source, .. } => {
            vec![one_of("external_ids", source)]
        }
        Event::StatusChanged { .. } => vec![field("status")],
        Event::FolderMoved { .. } => vec![field("folder")],
        Event::Tagged { tag } | Event::Untagged { tag } => vec![one_of("tags", fold(tag))],
        Event::WorkerAssigned { user } | Event::WorkerUnassigned { user } => {
            vec![one_of("workers", user)]
        }
        Event::NoteAdded { note_id, .. }
        | Event::NoteDeleted { note_id, .. }
        | Event::NoteRestored { note_id, .. } => {
            vec![one_of("notes", note_id), one_of("pins", note_id)]
        }
        Event::NoteEdited { note_id, .. } => vec![one_of("notes", note_id)],
        Event::NotePinned { note_id, .. } | Event::NoteUnpinned { note_id, .. } => {
            vec![one_of("pins", note_id)]
        }
        Event::InteractionLogged { interaction_id, .. } => {
            vec![one_of("interactions", interaction_id)]
        }
        Event::ReferrerSet { .. } | Event::ReferrerRemoved { .. } => vec![field("referrer")],
        Event::ReferralRecorded { referred } | Event::ReferralRemoved { referred } => {
            vec![one_of("referred", referred)]
        }
        Event::Flagged { .. } | Event::Unflagged {} => vec![field("flag")],
        Event::RiskFlagRaised { flag_id, .. } | Event::RiskFlagCleared { flag_id, .. } => {
            vec![one_of("risk_flags", flag_id)]
        }
        Event::MarkedDormant { .. } | Event::Reactivated {} => vec![field("lifecycle")],
        Event::OptedOut { channel, .. } | Event::OptedIn { channel } => {
            vec![one_of("opted_out", channel)]
        }
        Event::DoNotWorkWithSet { .. } | Event::DoNotWorkWithCleared {} => {
            vec![field("do_not_work_with")]
        }
        Event::PortalAccessGranted { .. } | Event::PortalAccessRevoked {} => vec![field("portal")],
        Event::Archived {} | Event::Restored {} => vec![field("archived")],
    }
}

fn with_primary(list: &'static str, which: &str, primary: bool) -> Vec<Part> {
    let first = primary.then(|| one_of("primary", list));
    [one_of(list, which)].into_iter().chain(first).collect()
}

fn address(address: &Personal<String>) -> String {
    normalise_email(plain(address))
}

fn plain(value: &Personal<String>) -> &str {
    value.known().map(String::as_str).unwrap_or_default()
}

fn names(from: &Names, to: &Names) -> Vec<Part> {
    let differ = [
        ("first_name", from.first_name != to.first_name),
        ("last_name", from.last_name != to.last_name),
        ("company_name", from.company_name != to.company_name),
    ];
    differ.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| field(name)).collect()
}

/// The commands that take the event back.
#[expect(clippy::too_many_lines, clippy::cognitive_complexity, reason = "every event by name")]
pub(super) fn inverse(past: &Past<'_>, event: &Event) -> Result<Vec<Command>, Error> {
    let before = || after(past, 0);
    let around = || Around { before: before(), now: after(past, usize::MAX) };
    let command = match event {
        Event::Created(_) => Command::Archive(Nothing {}),
        Event::Renamed { from, to } => Command::Rename(rename(from, to)?),
        Event::EmailAdded(new) => return around().email_added(new),
        Event::EmailChanged(new) => return around().email_changed(new),
        Event::EmailRemoved { address, new_primary } => {
            around().email_removed(address, new_primary.is_some())?
        }
        Event::PhoneAdded(new) => return around().phone_added(new),
        Event::PhoneChanged(new) => return around().phone_changed(new),
        Event::PhoneRemoved { number, new_primary } => {
            around().phone_removed(number, new_primary.is_some())?
        }
        Event::AddressAdded(new) => return around().address_added(new),
        Event::AddressChanged { from, to } => return around().address_changed(from, to),
        Event::AddressRemoved { address_id, address: _, new_primary } => {
            around().address_removed(*address_id, new_primary.is_some())?
        }
        Event::ExternalIdSet { source, from, to: _ } => {
            contact::external_id(source, from.as_ref())?
        }
        Event::ExternalIdRemoved { source, id } => contact::external_id(source, Some(id))?,
        Event::StatusChanged { cause: Some(StatusCause::FolderMove), .. } => {
            return refused("the status came with the folder; undo the move to the folder");
        }
        Event::StatusChanged { from: None, .. } => {
            return refused("there was no status before; change it to another one");
        }
        Event::StatusChanged { from: Some(from), .. } => status(from)?,
        Event::FolderMoved { from: None, .. } => {
            return refused("there was no folder before; move the customer to another one");
        }
        Event::FolderMoved { from: Some(folder), .. } => {
            let folder_fact = FolderFact::default();
            let back = Command::MoveFolder(MoveFolder { folder: *folder, folder_fact });
            let brought = |change: &Change| {
                matches!(Event::of(&change.event), Some(Event::StatusChanged { .. }))
            };
            let status_before = before().status.filter(|_| past.together.iter().any(brought));
            let status = status_before.as_deref().map(status).transpose()?;
            return Ok([back].into_iter().chain(status).collect());
        }
        Event::Tagged { tag } => Command::Untag(TagCommand { tag: super::again(tag.clone())? }),
        Event::Untagged { tag } => Command::Tag(TagCommand { tag: super::again(tag.clone())? }),
        Event::WorkerAssigned { user } => Command::UnassignWorker(UnassignWorker { user: *user }),
        Event::WorkerUnassigned { user } => {
            Command::AssignWorker(AssignWorker { user: *user, is_member: false })
        }
        Event::NoteAdded { note_id, .. } | Event::NoteRestored { note_id, .. } => {
            Command::DeleteNote(NoteId { note_id: *note_id })
        }
        Event::NoteEdited { note_id, scope: _, from, to: _ } => {
            Command::EditNote(EditNote { note_id: *note_id, text: text(from)? })
        }
        Event::NoteDeleted { note_id, .. } => Command::RestoreNote(NoteId { note_id: *note_id }),
        Event::NotePinned { note_id, .. } => Command::UnpinNote(NoteId { note_id: *note_id }),
        Event::NoteUnpinned { note_id, .. } => Command::PinNote(NoteId { note_id: *note_id }),
        Event::InteractionLogged { .. } => {
            return refused("a logged interaction stays; say in a note what was wrong with it");
        }
        Event::ReferrerSet { from: None, .. } => Command::RemoveReferrer(Nothing {}),
        Event::ReferrerSet { from: Some(from), .. } | Event::ReferrerRemoved { from } => {
            let (customer, customer_fact, lineage) = (*from, None, None);
            Command::SetReferrer(SetReferrer { customer, customer_fact, lineage })
        }
        Event::ReferralRecorded { .. } | Event::ReferralRemoved { .. } => {
            return refused("undo it at the customer who was referred");
        }
        Event::Flagged { .. } => match before().flag {
            Some(reason) => Command::Flag(Flag { reason: text(&reason)? }),
            None => Command::Unflag(Nothing {}),
        },
        Event::Unflagged {} => match before().flag {
            Some(reason) => Command::Flag(Flag { reason: text(&reason)? }),
            None => return Ok(Vec::new()),
        },
        Event::RiskFlagRaised { flag_id, .. } => {
            let reason = Some(super::again("undone")?);
            Command::ClearRiskFlag(ClearRiskFlag { flag_id: *flag_id, reason })
        }
        Event::RiskFlagCleared { flag_id, flag_type, reason: _ } => {
            let raised = last(past, |event| {
                let Event::RiskFlagRaised { flag_id: id, reason, .. } = event else { return None };
                (id == flag_id).then_some(reason)
            });
            let reason = text(raised.ok_or(Error::NotFound)?)?;
            let (flag_id, flag_type) = (*flag_id, *flag_type);
            Command::RaiseRiskFlag(RaiseRiskFlag { flag_id, flag_type, reason })
        }
        Event::MarkedDormant { .. } => Command::Reactivate(Nothing {}),
        Event::Reactivated {} => {
            let reason = last(past, |event| {
                let Event::MarkedDormant { reason } = event else { return None };
                Some(reason)
            });
            let reason = maybe(reason.and_then(Option::as_ref))?;
            Command::MarkDormant(MarkDormant { reason })
        }
        Event::OptedOut { channel, .. } => Command::OptIn(OptIn { channel: *channel }),
        Event::OptedIn { channel } => {
            let reason = last(past, |event| {
                let Event::OptedOut { channel: closed, reason } = event else { return None };
                (closed == channel).then_some(reason)
            });
            let reason = maybe(reason.and_then(Option::as_ref))?;
            Command::OptOut(OptOut { channel: *channel, reason })
        }
        Event::DoNotWorkWithSet { .. } | Event::DoNotWorkWithCleared {} => {
            match before().do_not_work_with {
                Some(reason) => {
                    Command::SetDoNotWorkWith(SetDoNotWorkWith { reason: text(&reason)? })
                }
                None => Command::ClearDoNotWorkWith(Nothing {}),
            }
        }
        Event::PortalAccessGranted { .. } => Command::RevokePortalAccess(Nothing {}),
        Event::PortalAccessRevoked {} => {
            return refused("the old link leads nowhere any more; make another one");
        }
        Event::Archived {} => Command::Restore(Restore::default()),
        Event::Restored {} => Command::Archive(Nothing {}),
        Event::TypeChanged { .. } => return refused("a type is changed for good"),
        Event::Erased { .. } => return Err(Error::Erased),
    };
    Ok(vec![command])
}

fn refused<T>(instead: &'static str) -> Result<T, Error> {
    Err(Error::NoInverse { instead })
}

fn status(status: &str) -> Result<Command, Error> {
    let (status, reason, customers_folder) = (super::again(status)?, None, None);
    Ok(Command::ChangeStatus(ChangeStatus { status, reason, customers_folder }))
}

/// The customer before the event, or also after it and so many of those that came later.
fn after(past: &Past<'_>, later: usize) -> State {
    let onward = [past.change].into_iter().chain(past.together).chain(past.later).take(later);
    let own = past.earlier.iter().chain(onward).filter_map(|change| Event::of(&change.event));
    own.fold(State::default(), Customer::evolve)
}

/// What the last fitting event before it says.
fn last<'a, T>(past: &'a Past<'_>, say: impl Fn(&'a Event) -> Option<T>) -> Option<T> {
    past.earlier.iter().rev().filter_map(|change| Event::of(&change.event)).find_map(say)
}

/// Only the names that were changed go back.
fn rename(from: &Names, to: &Names) -> Result<Rename, Error> {
    type Given = Option<Personal<String>>;
    let name = |from: &Given, to: &Given| -> Result<Option<Option<Name>>, Error> {
        if from == to { Ok(None) } else { maybe(from.as_ref()).map(Some) }
    };
    Ok(Rename {
        first_name: name(&from.first_name, &to.first_name)?,
        last_name: name(&from.last_name, &to.last_name)?,
        company_name: name(&from.company_name, &to.company_name)?,
    })
}
