//! Decisions on who a customer is: registration, names, type, lifecycle.

use super::commands::{ChangeType, Create, MarkDormant, Rename};
use super::contact;
use super::event::{Created, Event, Names};
use super::state::State;
use super::{Error, FolderFact};
use crate::personal::Personal;
use crate::value::{CustomerType, Lifecycle, Name, Tag};

pub(super) fn create(create: Create) -> Result<Vec<Event>, Error> {
    let (folder, status) = place(&create)?;
    if !create.workers.is_subset(&create.members) {
        return Err(Error::WorkerNotFound);
    }
    let names = Names {
        first_name: create.first_name.map(personal),
        last_name: create.last_name.map(personal),
        company_name: create.company_name.map(personal),
    };
    check_names(create.customer_type, &names)?;
    let country = create.addresses.iter().find_map(|address| address.country.clone());
    let created = Created {
        customer_type: create.customer_type,
        first_name: names.first_name,
        last_name: names.last_name,
        company_name: names.company_name,
        emails: contact::first_emails(create.emails),
        phones: contact::first_phones(create.phones, country.as_ref()),
        addresses: contact::first_addresses(&create.addresses),
        folder,
        status,
        tags: distinct(create.tags),
        external_ids: create
            .external_ids
            .into_iter()
            .map(|(source, id)| (source.into(), Personal::Known(id.into())))
            .collect(),
        source: create.source.map(|source| Personal::Known(source.into())),
        workers: create.workers,
    };
    Ok(vec![Event::Created(Box::new(created))])
}

/// The folder and the status to begin in.
fn place(create: &Create) -> Result<(Option<uuid::Uuid>, Option<String>), Error> {
    let asked = create.status.as_ref().map(|status| status.as_str().to_owned());
    let (id, folder) = match &create.folder_fact {
        FolderFact::Known { id, folder } if !folder.archived => (*id, folder),
        FolderFact::Known { .. } if create.folder.is_some() => return Err(Error::FolderArchived),
        FolderFact::Absent if create.folder.is_some() => return Err(Error::FolderNotFound),
        FolderFact::Known { .. } | FolderFact::Absent => {
            return match asked {
                Some(status) => Err(Error::StatusNotInFolder { status, allowed: Vec::new() }),
                None => Ok((None, None)),
            };
        }
    };
    let status = asked.unwrap_or_else(|| folder.default_status.clone());
    if !folder.statuses.contains(&status) {
        return Err(Error::StatusNotInFolder { status, allowed: folder.statuses.clone() });
    }
    Ok((Some(id), Some(status)))
}

/// Each tag once, the first writing of it.
fn distinct(tags: Vec<Tag>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    tags.into_iter().filter(|tag| seen.insert(tag.folded())).map(String::from).collect()
}

fn personal(name: Name) -> Personal<String> {
    Personal::Known(name.into())
}

/// The words for the names that a type needs.
pub(super) fn required(customer_type: CustomerType) -> &'static str {
    match customer_type {
        CustomerType::Person => "a first or last name",
        CustomerType::Company | CustomerType::Supplier => "a company name",
        CustomerType::Other => "nothing",
    }
}

pub(super) fn required_pointer(customer_type: CustomerType) -> &'static str {
    match customer_type {
        CustomerType::Person | CustomerType::Other => "/last_name",
        CustomerType::Company | CustomerType::Supplier => "/company_name",
    }
}

fn check_names(customer_type: CustomerType, names: &Names) -> Result<(), Error> {
    let person = names.first_name.is_some() || names.last_name.is_some();
    let company = names.company_name.is_some();
    let enough = match customer_type {
        CustomerType::Person => person,
        CustomerType::Company | CustomerType::Supplier => company,
        // Such as somebody of whom an order history knows no more than the id.
        CustomerType::Other => true,
    };
    if enough { Ok(()) } else { Err(Error::NameRequired { customer_type }) }
}

pub(super) fn rename(state: &State, rename: Rename) -> Result<Vec<Event>, Error> {
    let to = Names {
        first_name: changed(rename.first_name, &state.names.first_name),
        last_name: changed(rename.last_name, &state.names.last_name),
        company_name: changed(rename.company_name, &state.names.company_name),
    };
    check_names(state.customer_type, &to)?;
    Ok(renamed(state, to))
}

fn changed(to: Option<Option<Name>>, from: &Option<Personal<String>>) -> Option<Personal<String>> {
    to.map_or_else(|| from.clone(), |to| to.map(personal))
}

fn renamed(state: &State, to: Names) -> Vec<Event> {
    if to == state.names {
        return Vec::new();
    }
    vec![Event::Renamed { from: state.names.clone(), to }]
}

pub(super) fn change_type(state: &State, change: ChangeType) -> Result<Vec<Event>, Error> {
    let to = Names {
        first_name: changed(change.first_name.map(Some), &state.names.first_name),
        last_name: changed(change.last_name.map(Some), &state.names.last_name),
        company_name: changed(change.company_name.map(Some), &state.names.company_name),
    };
    check_names(change.customer_type, &to)?;
    let mut events = renamed(state, to);
    if change.customer_type != state.customer_type {
        events.push(Event::TypeChanged { from: state.customer_type, to: change.customer_type });
    }
    Ok(events)
}

pub(super) fn mark_dormant(state: &State, mark: MarkDormant) -> Vec<Event> {
    match state.lifecycle {
        Lifecycle::Dormant => Vec::new(),
        Lifecycle::Active => {
            let reason = mark.reason.map(|reason| Personal::Known(reason.into()));
            vec![Event::MarkedDormant { reason }]
        }
    }
}

pub(super) fn reactivate(state: &State) -> Vec<Event> {
    match state.lifecycle {
        Lifecycle::Active => Vec::new(),
        Lifecycle::Dormant => vec![Event::Reactivated {}],
    }
}
