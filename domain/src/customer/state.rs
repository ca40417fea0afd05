//! What decisions about a customer need to know.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use uuid::Uuid;

use super::event::{AddressRecord, EmailRecord, Event, Names, PhoneRecord};
use crate::message::Recipient;
use crate::personal::Personal;
use crate::value::{
    Address, Channel, CustomerType, Lifecycle, NoteScope, RiskFlagType, fold, normalise_email,
};

/// Where a customer stands in its life in our books.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Presence {
    #[default]
    Absent,
    Present,
    Archived,
    Erased,
}

/// A note, as far as decisions go. One that was deleted can be restored as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub scope: NoteScope,
    pub text: Personal<String>,
    pub pinned: bool,
    pub deleted: bool,
}

/// A risk flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskFlag {
    pub flag_type: RiskFlagType,
    pub open: bool,
}

/// A customer as its deciders see it.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub presence: Presence,
    pub customer_type: CustomerType,
    pub names: Names,
    pub emails: Vec<EmailRecord>,
    pub phones: Vec<PhoneRecord>,
    pub addresses: Vec<AddressRecord>,
    pub external_ids: BTreeMap<String, Personal<String>>,
    pub lifecycle: Lifecycle,
    pub folder: Option<Uuid>,
    pub status: Option<String>,
    /// The tags as written, by the form under which they are compared.
    pub tags: BTreeMap<String, String>,
    pub workers: BTreeSet<Uuid>,
    pub notes: BTreeMap<Uuid, Note>,
    pub interactions: BTreeSet<Uuid>,
    pub referrer: Option<Uuid>,
    pub referred: BTreeSet<Uuid>,
    pub flag: Option<Personal<String>>,
    pub risk_flags: BTreeMap<Uuid, RiskFlag>,
    /// The channels by which the customer wants no messages.
    pub opted_out: BTreeSet<Channel>,
    /// Why we shall not work with the customer again, if so.
    pub do_not_work_with: Option<Personal<String>>,
    pub portal: Option<PortalAccess>,
}

/// The link by which a customer comes into the portal, and its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortalAccess {
    pub link_id: Uuid,
    pub until: Date,
}

impl Default for State {
    fn default() -> Self {
        Self {
            presence: Presence::Absent,
            customer_type: CustomerType::Other,
            names: Names::default(),
            emails: Vec::new(),
            phones: Vec::new(),
            addresses: Vec::new(),
            external_ids: BTreeMap::new(),
            lifecycle: Lifecycle::Active,
            folder: None,
            status: None,
            tags: BTreeMap::new(),
            workers: BTreeSet::new(),
            notes: BTreeMap::new(),
            interactions: BTreeSet::new(),
            referrer: None,
            referred: BTreeSet::new(),
            flag: None,
            risk_flags: BTreeMap::new(),
            opted_out: BTreeSet::new(),
            do_not_work_with: None,
            portal: None,
        }
    }
}

/// What other streams' commands need to know about a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerFact {
    pub archived: bool,
    pub erased: bool,
    pub folder: Option<Uuid>,
    pub workers: BTreeSet<Uuid>,
    /// To whom documents are addressed.
    pub name: Option<Personal<String>>,
    /// The primary one.
    pub address: Option<Personal<Address>>,
}

impl State {
    /// For other streams' commands; nothing where there is no such customer.
    pub fn fact(&self) -> Option<CustomerFact> {
        (self.presence != Presence::Absent).then(|| CustomerFact {
            archived: self.presence == Presence::Archived,
            erased: self.presence == Presence::Erased,
            folder: self.folder,
            workers: self.workers.clone(),
            name: self.names.display(),
            address: self
                .addresses
                .iter()
                .find(|record| record.primary)
                .map(|record| record.address.clone()),
        })
    }

    /// For messages; nothing where there is no such customer.
    pub fn recipient(&self) -> Option<Recipient> {
        let primary_email = self.emails.iter().find(|email| email.primary);
        let primary_phone = self.phones.iter().find(|phone| phone.primary);
        let number = |phone: &PhoneRecord| {
            let e164 = phone.e164.as_ref().and_then(Personal::known);
            e164.or_else(|| phone.number.known()).cloned()
        };
        (self.presence != Presence::Absent).then(|| Recipient {
            presence: self.presence,
            lifecycle: self.lifecycle,
            do_not_work_with: self.do_not_work_with.is_some(),
            opted_out: self.opted_out.clone(),
            email: primary_email.and_then(|email| email.address.known().cloned()),
            phone: primary_phone.and_then(number),
            words: self.words(),
        })
    }

    /// What placeholders in messages stand for.
    fn words(&self) -> BTreeMap<&'static str, String> {
        let Names { first_name, last_name, company_name } = &self.names;
        let display_name = self.names.display();
        [
            ("customer.display_name", display_name.as_ref()),
            ("customer.first_name", first_name.as_ref()),
            ("customer.last_name", last_name.as_ref()),
            ("customer.company_name", company_name.as_ref()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?.known()?.clone())))
        .collect()
    }

    /// Who may read this note, if it is there.
    pub fn note_scope(&self, note_id: Uuid) -> Option<NoteScope> {
        self.notes.get(&note_id).map(|note| note.scope)
    }
}

#[expect(clippy::too_many_lines, reason = "every event by name")]
pub(super) fn evolve(mut state: State, event: &Event) -> State {
    match event {
        Event::Created(created) => {
            state.presence = Presence::Present;
            state.customer_type = created.customer_type;
            state.names = created.names();
            state.emails.clone_from(&created.emails);
            state.phones.clone_from(&created.phones);
            state.addresses.clone_from(&created.addresses);
            state.external_ids.clone_from(&created.external_ids);
            state.folder = created.folder;
            state.status.clone_from(&created.status);
            state.workers.clone_from(&created.workers);
            state.tags = created.tags.iter().map(|tag| (fold(tag), tag.clone())).collect();
        }
        Event::Renamed { from: _, to } => state.names = to.clone(),
        Event::TypeChanged { from: _, to } => state.customer_type = *to,
        Event::EmailAdded(email) | Event::EmailChanged(email) => put_email(&mut state, email),
        Event::EmailRemoved { address, new_primary } => {
            state.emails.retain(|email| !same_email(&email.address, address));
            for email in &mut state.emails {
                email.primary |=
                    new_primary.as_ref().is_some_and(|new| same_email(&email.address, new));
            }
        }
        Event::PhoneAdded(phone) | Event::PhoneChanged(phone) => put_phone(&mut state, phone),
        Event::PhoneRemoved { number, new_primary } => {
            state.phones.retain(|phone| phone.number != *number);
            for phone in &mut state.phones {
                phone.primary |= new_primary.as_ref() == Some(&phone.number);
            }
        }
        Event::AddressAdded(address) => put_address(&mut state, address),
        Event::AddressChanged { from: _, to } => put_address(&mut state, to),
        Event::AddressRemoved { address_id, address: _, new_primary } => {
            state.addresses.retain(|address| address.address_id != *address_id);
            for address in &mut state.addresses {
                address.primary |= *new_primary == Some(address.address_id);
            }
        }
        Event::ExternalIdSet { source, from: _, to } => {
            state.external_ids.insert(source.clone(), to.clone());
        }
        Event::ExternalIdRemoved { source, id: _ } => {
            state.external_ids.remove(source);
        }
        Event::StatusChanged { from: _, to, reason: _, cause: _ } => {
            state.status = Some(to.clone());
        }
        Event::FolderMoved { from: _, to } => state.folder = Some(*to),
        Event::Tagged { tag } => {
            state.tags.insert(fold(tag), tag.clone());
        }
        Event::Untagged { tag } => {
            state.tags.remove(&fold(tag));
        }
        Event::WorkerAssigned { user } => {
            state.workers.insert(*user);
        }
        Event::WorkerUnassigned { user } => {
            state.workers.remove(user);
        }
        Event::NoteAdded { note_id, scope, text } => {
            let (scope, text) = (*scope, text.clone());
            let note = Note { scope, text, pinned: false, deleted: false };
            state.notes.insert(*note_id, note);
        }
        Event::NoteEdited { note_id, scope: _, from: _, to } => {
            change_note(&mut state, note_id, |note| note.text = to.clone());
        }
        Event::NoteDeleted { note_id, scope: _ } => {
            change_note(&mut state, note_id, |note| note.deleted = true);
        }
        Event::NoteRestored { note_id, scope: _, text: _, pinned: _ } => {
            change_note(&mut state, note_id, |note| note.deleted = false);
        }
        Event::NotePinned { note_id, scope: _ } => {
            change_note(&mut state, note_id, |note| note.pinned = true);
        }
        Event::NoteUnpinned { note_id, scope: _ } => {
            change_note(&mut state, note_id, |note| note.pinned = false);
        }
        Event::InteractionLogged { interaction_id, interaction_type: _, note: _ } => {
            state.interactions.insert(*interaction_id);
        }
        Event::ReferrerSet { from: _, to } => state.referrer = Some(*to),
        Event::ReferrerRemoved { from: _ } => state.referrer = None,
        Event::ReferralRecorded { referred } => {
            state.referred.insert(*referred);
        }
        Event::ReferralRemoved { referred } => {
            state.referred.remove(referred);
        }
        Event::Flagged { reason } => state.flag = Some(reason.clone()),
        Event::Unflagged {} => state.flag = None,
        Event::RiskFlagRaised { flag_id, flag_type, reason: _ } => {
            state.risk_flags.insert(*flag_id, RiskFlag { flag_type: *flag_type, open: true });
        }
        Event::RiskFlagCleared { flag_id, flag_type: _, reason: _ } => {
            if let Some(flag) = state.risk_flags.get_mut(flag_id) {
                flag.open = false;
            }
        }
        Event::MarkedDormant { reason: _ } => state.lifecycle = Lifecycle::Dormant,
        Event::Reactivated {} => state.lifecycle = Lifecycle::Active,
        Event::OptedOut { channel, reason: _ } => {
            state.opted_out.insert(*channel);
        }
        Event::OptedIn { channel } => {
            state.opted_out.remove(channel);
        }
        Event::DoNotWorkWithSet { reason } => state.do_not_work_with = Some(reason.clone()),
        Event::DoNotWorkWithCleared {} => state.do_not_work_with = None,
        Event::PortalAccessGranted { link_id, until, sent_to: _ } => {
            state.portal = Some(PortalAccess { link_id: *link_id, until: *until });
        }
        Event::PortalAccessRevoked {} => state.portal = None,
        Event::Archived {} => state.presence = Presence::Archived,
        Event::Restored {} => state.presence = Presence::Present,
        Event::Erased { releases: _ } => {
            // Who referred whom is no personal value, and circles go through the erased too.
            let State { referrer, referred, .. } = state;
            return State { presence: Presence::Erased, referrer, referred, ..State::default() };
        }
    }
    state
}

fn change_note(state: &mut State, note_id: &Uuid, change: impl FnOnce(&mut Note)) {
    if let Some(note) = state.notes.get_mut(note_id) {
        change(note);
    }
}

/// Whether two addresses are one; an erased one is no one's.
pub(super) fn same_email(left: &Personal<String>, right: &Personal<String>) -> bool {
    match (left.known(), right.known()) {
        (Some(left), Some(right)) => normalise_email(left) == normalise_email(right),
        (Some(_), None) | (None, Some(_) | None) => false,
    }
}

fn put_email(state: &mut State, new: &EmailRecord) {
    if new.primary {
        state.emails.iter_mut().for_each(|email| email.primary = false);
    }
    match state.emails.iter_mut().find(|email| same_email(&email.address, &new.address)) {
        Some(email) => email.clone_from(new),
        None => state.emails.push(new.clone()),
    }
}

fn put_phone(state: &mut State, new: &PhoneRecord) {
    if new.primary {
        state.phones.iter_mut().for_each(|phone| phone.primary = false);
    }
    match state.phones.iter_mut().find(|phone| phone.number == new.number) {
        Some(phone) => phone.clone_from(new),
        None => state.phones.push(new.clone()),
    }
}

fn put_address(state: &mut State, new: &AddressRecord) {
    if new.primary {
        state.addresses.iter_mut().for_each(|address| address.primary = false);
    }
    match state.addresses.iter_mut().find(|address| address.address_id == new.address_id) {
        Some(address) => address.clone_from(new),
        None => state.addresses.push(new.clone()),
    }
}
