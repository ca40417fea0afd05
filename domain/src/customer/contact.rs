//! Decisions on how to reach a customer: e-mails, phones, addresses, ids in other systems.

use super::Error;
use super::commands::{
    ChangeAddress, RemoveAddress, RemoveEmail, RemoveExternalId, RemovePhone, SetExternalId,
};
use super::event::{AddressRecord, EmailRecord, Event, PhoneRecord, email_claim, outside_claim};
use super::state::{State, same_email};
use crate::claim::ClaimChange;
use crate::personal::Personal;
use crate::value::{AddressEntry, CountryCode, EmailEntry, Label, Phone, PhoneEntry};

fn label(label: Option<Label>) -> Option<Personal<String>> {
    label.map(|label| Personal::Known(label.into()))
}

/// The e-mails to begin with: each once, exactly one of them primary.
pub(super) fn first_emails(entries: Vec<EmailEntry>) -> Vec<EmailRecord> {
    let mut records: Vec<EmailRecord> = Vec::new();
    for entry in entries {
        let record = email_record(entry);
        if !records.iter().any(|known| same_email(&known.address, &record.address)) {
            records.push(record);
        }
    }
    one_primary(records.iter_mut().map(|record| &mut record.primary));
    records
}

/// The phones to begin with: each once, exactly one of them primary. A national number is read in
/// its own country, else in that of the address.
pub(super) fn first_phones(
    entries: Vec<PhoneEntry>,
    country: Option<&CountryCode>,
) -> Vec<PhoneRecord> {
    let mut records: Vec<PhoneRecord> = Vec::new();
    for entry in entries {
        if find_phone(&records, &entry.number, country).is_none() {
            records.push(phone_record(entry, country));
        }
    }
    one_primary(records.iter_mut().map(|record| &mut record.primary));
    records
}

pub(super) fn first_addresses(entries: &[AddressEntry]) -> Vec<AddressRecord> {
    let mut records: Vec<_> = entries.iter().map(address_record).collect();
    one_primary(records.iter_mut().map(|record| &mut record.primary));
    records
}

/// The first that is marked stays so; where none is, the first of all becomes it.
fn one_primary<'a>(marks: impl Iterator<Item = &'a mut bool>) {
    let mut marks: Vec<_> = marks.collect();
    let chosen = marks.iter().position(|mark| **mark).unwrap_or(0);
    for (index, mark) in marks.iter_mut().enumerate() {
        **mark = index == chosen;
    }
}

fn email_record(entry: EmailEntry) -> EmailRecord {
    EmailRecord {
        address: Personal::Known(entry.address.into()),
        label: label(entry.label),
        primary: entry.primary,
    }
}

fn phone_record(entry: PhoneEntry, country: Option<&CountryCode>) -> PhoneRecord {
    let country = entry.country.as_ref().or(country);
    PhoneRecord {
        e164: entry.number.e164(country).map(Personal::Known),
        number: Personal::Known(entry.number.into()),
        label: label(entry.label),
        primary: entry.primary,
    }
}

fn address_record(entry: &AddressEntry) -> AddressRecord {
    AddressRecord {
        address_id: entry.id,
        address: Personal::Known(entry.address()),
        label: label(entry.label.clone()),
        primary: entry.primary,
    }
}

/// Adds an e-mail; one that is there already gets the label and becomes primary if asked.
pub(super) fn add_email(state: &State, entry: EmailEntry) -> Vec<Event> {
    let mut new = email_record(entry);
    match state.emails.iter().find(|email| same_email(&email.address, &new.address)) {
        None => {
            new.primary |= !state.emails.iter().any(|email| email.primary);
            vec![Event::EmailAdded(new)]
        }
        Some(known) => {
            new.address = known.address.clone();
            new.label = new.label.or_else(|| known.label.clone());
            new.primary |= known.primary;
            if new == *known { Vec::new() } else { vec![Event::EmailChanged(new)] }
        }
    }
}

pub(super) fn remove_email(state: &State, remove: &RemoveEmail) -> Vec<Event> {
    let address = Personal::Known(remove.address.as_str().to_owned());
    let Some(known) = state.emails.iter().find(|email| same_email(&email.address, &address)) else {
        return Vec::new();
    };
    let mut others = state.emails.iter().filter(|email| *email != known);
    let new_primary = known.primary.then(|| others.next()).flatten();
    vec![Event::EmailRemoved {
        address: known.address.clone(),
        new_primary: new_primary.map(|email| email.address.clone()),
    }]
}

/// The phone that is meant, in whatever writing.
fn find_phone<'a>(
    phones: &'a [PhoneRecord],
    number: &Phone,
    country: Option<&CountryCode>,
) -> Option<&'a PhoneRecord> {
    let e164 = number.e164(country);
    let digits = number.digits();
    phones.iter().find(|phone| {
        let known = phone.e164.as_ref().and_then(Personal::known);
        let same_e164 = known.is_some() && known == e164.as_ref();
        same_e164 || phone.number.known().is_some_and(|typed| Phone::digits_of(typed) == digits)
    })
}

/// Adds a phone; one that is there already gets the label and becomes primary if asked.
pub(super) fn add_phone(state: &State, entry: PhoneEntry) -> Vec<Event> {
    match find_phone(&state.phones, &entry.number, entry.country.as_ref()) {
        None => {
            let mut new = phone_record(entry, None);
            new.primary |= !state.phones.iter().any(|phone| phone.primary);
            vec![Event::PhoneAdded(new)]
        }
        Some(known) => {
            let new = PhoneRecord {
                label: label(entry.label).or_else(|| known.label.clone()),
                primary: known.primary || entry.primary,
                ..known.clone()
            };
            if new == *known { Vec::new() } else { vec![Event::PhoneChanged(new)] }
        }
    }
}

pub(super) fn remove_phone(state: &State, remove: &RemovePhone) -> Vec<Event> {
    let Some(known) = find_phone(&state.phones, &remove.number, None) else {
        return Vec::new();
    };
    let mut others = state.phones.iter().filter(|phone| *phone != known);
    let new_primary = known.primary.then(|| others.next()).flatten();
    vec![Event::PhoneRemoved {
        number: known.number.clone(),
        new_primary: new_primary.map(|phone| phone.number.clone()),
    }]
}

pub(super) fn add_address(state: &State, entry: &AddressEntry) -> Vec<Event> {
    if state.addresses.iter().any(|address| address.address_id == entry.id) {
        return Vec::new();
    }
    let mut new = address_record(entry);
    new.primary |= !state.addresses.iter().any(|address| address.primary);
    vec![Event::AddressAdded(new)]
}

pub(super) fn change_address(state: &State, change: ChangeAddress) -> Result<Vec<Event>, Error> {
    let mut to = address_record(&change.entry());
    let from = state.addresses.iter().find(|address| address.address_id == to.address_id);
    let from = from.ok_or(Error::AddressNotFound)?;
    to.primary |= from.primary;
    if to == *from {
        return Ok(Vec::new());
    }
    Ok(vec![Event::AddressChanged { from: Box::new(from.clone()), to: Box::new(to) }])
}

pub(super) fn remove_address(state: &State, remove: &RemoveAddress) -> Result<Vec<Event>, Error> {
    let known = state.addresses.iter().find(|address| address.address_id == remove.address_id);
    let known = known.ok_or(Error::AddressNotFound)?;
    let mut others = state.addresses.iter().filter(|address| *address != known);
    let new_primary = known.primary.then(|| others.next()).flatten();
    Ok(vec![Event::AddressRemoved {
        address_id: known.address_id,
        address: known.address.clone(),
        new_primary: new_primary.map(|address| address.address_id),
    }])
}

pub(super) fn set_external_id(state: &State, set: SetExternalId) -> Vec<Event> {
    let (source, to) = (String::from(set.source), Personal::Known(String::from(set.id)));
    let from = state.external_ids.get(&source).cloned();
    if from.as_ref() == Some(&to) {
        return Vec::new();
    }
    vec![Event::ExternalIdSet { source, from, to }]
}

pub(super) fn remove_external_id(state: &State, remove: RemoveExternalId) -> Vec<Event> {
    let source = String::from(remove.source);
    match state.external_ids.get(&source) {
        None => Vec::new(),
        Some(id) => vec![Event::ExternalIdRemoved { id: id.clone(), source }],
    }
}

/// Everything that the customer holds, let go.
pub(super) fn releases(state: &State) -> Vec<ClaimChange> {
    let emails = state.emails.iter().filter_map(|email| email_claim(&email.address, false));
    let outside =
        state.external_ids.iter().filter_map(|(source, id)| outside_claim(source, id, false));
    emails.chain(outside).collect()
}
