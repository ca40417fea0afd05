//! E-mails, phones and addresses: one of each kind is the primary one.

use domain::customer::{AddressRecord, EmailRecord, PhoneRecord};
use domain::value::normalise_email;

use super::view::{AddressEntry, Email, Phone};
use crate::shown::{Shown, shown};

/// An entry of a list in which one is the primary one.
pub(super) trait Entry {
    fn primary(&mut self) -> &mut bool;

    fn is_same(&self, other: &Self) -> bool;
}

/// Replaces the entry that is the same, or adds it; a new primary one takes that from the others.
pub(super) fn put<E: Entry>(entries: &mut Vec<E>, mut entry: E) {
    if *entry.primary() {
        entries.iter_mut().for_each(|other| *other.primary() = false);
    }
    match entries.iter_mut().find(|other| other.is_same(&entry)) {
        Some(same) => *same = entry,
        None => entries.push(entry),
    }
}

/// Replaces the entry that is the same; where it was erased, there is nothing to tell it by.
pub(super) fn change<E: Entry>(entries: &mut Vec<E>, entry: E) {
    if entries.iter().any(|other| other.is_same(&entry)) {
        put(entries, entry);
    }
}

/// Takes the entry of this name out; its heir becomes the primary one.
pub(super) fn take<E: Entry, N>(
    entries: &mut Vec<E>,
    name: &N,
    heir: Option<&N>,
    is: impl Fn(&E, &N) -> bool,
) {
    if let Some(at) = entries.iter().position(|entry| is(entry, name)) {
        entries.remove(at);
    }
    if let Some(heir) = heir
        && let Some(entry) = entries.iter_mut().find(|entry| is(entry, heir))
    {
        *entry.primary() = true;
    }
}

/// Erased addresses are all alike: which one is meant no longer matters.
pub(super) fn same_email(left: &Shown<String>, right: &Shown<String>) -> bool {
    match (left.known(), right.known()) {
        (Some(left), Some(right)) => normalise_email(left) == normalise_email(right),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

impl Entry for Email {
    fn primary(&mut self) -> &mut bool {
        &mut self.primary
    }

    fn is_same(&self, other: &Self) -> bool {
        self.address.known().is_some() && same_email(&self.address, &other.address)
    }
}

impl Entry for Phone {
    fn primary(&mut self) -> &mut bool {
        &mut self.primary
    }

    fn is_same(&self, other: &Self) -> bool {
        self.number.known().is_some() && self.number == other.number
    }
}

impl Entry for AddressEntry {
    fn primary(&mut self) -> &mut bool {
        &mut self.primary
    }

    fn is_same(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl From<&EmailRecord> for Email {
    fn from(record: &EmailRecord) -> Self {
        Self {
            address: Shown::from(&record.address),
            label: shown(record.label.as_ref()),
            primary: record.primary,
        }
    }
}

impl From<&PhoneRecord> for Phone {
    fn from(record: &PhoneRecord) -> Self {
        Self {
            number: Shown::from(&record.number),
            e164: shown(record.e164.as_ref()),
            label: shown(record.label.as_ref()),
            primary: record.primary,
        }
    }
}

impl From<&AddressRecord> for AddressEntry {
    fn from(record: &AddressRecord) -> Self {
        Self {
            id: record.address_id,
            address: Shown::from(&record.address),
            label: shown(record.label.as_ref()),
            primary: record.primary,
        }
    }
}
