//! A customer as it is shown, folded from all that was said of it. The directory, the 360 and
//! the past come from this one fold.

use std::collections::{BTreeMap, BTreeSet};

use domain::customer::{Created, Event, Names};
use domain::value::{Address, CustomerType, Lifecycle, NoteScope, RiskFlagType, exact_sum, fold};
use domain::{Actor, Personal, order, task};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::contact::{change, put, same_email, take};
use crate::item::Item;
use crate::read_model::Unfoldable;
use crate::shown::{Shown, shown};

/// A customer as folded. Serialised, it is what the read models store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    pub id: Uuid,
    #[serde(rename = "type")]
    pub customer_type: CustomerType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Shown<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Shown<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<Shown<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Email>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<AddressEntry>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub external_ids: BTreeMap<String, Shown<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Shown<String>>,
    pub lifecycle: Lifecycle,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dormant: Option<Dormant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<Uuid>,
    /// As written, by the form under which they are compared.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub workers: BTreeSet<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<Flag>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risk_flags: Vec<RiskFlag>,
    /// How many notes there are of each scope.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<NoteScope, u32>,
    pub interactions: u32,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub open_tasks: BTreeSet<Uuid>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub finance: BTreeMap<String, Finance>,
    /// Version of the customer's own stream.
    pub version: i64,
    /// The last sequence of the organisation that changed this view.
    pub position: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// The latest moment in the world of which an event tells.
    pub last_activity_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Email {
    pub address: Shown<String>,
    pub label: Option<Shown<String>>,
    pub primary: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Phone {
    pub number: Shown<String>,
    pub e164: Option<Shown<String>>,
    pub label: Option<Shown<String>>,
    pub primary: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AddressEntry {
    pub id: Uuid,
    pub address: Shown<Address>,
    pub label: Option<Shown<String>>,
    pub primary: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dormant {
    pub since: Timestamp,
    pub reason: Option<Shown<String>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flag {
    pub reason: Shown<String>,
    pub by: Actor,
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RiskFlag {
    pub id: Uuid,
    #[serde(rename = "type")]
    pub flag_type: RiskFlagType,
    pub reason: Shown<String>,
    pub raised_by: Actor,
    pub raised_at: Timestamp,
}

/// What was bought and given back, in one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finance {
    pub order_count: u32,
    pub credit_note_count: u32,
    pub gross: Decimal,
    pub credits: Decimal,
}

impl Finance {
    /// Orders less credit notes (FEATURES decision 21).
    pub fn lifetime_value(&self) -> Decimal {
        self.gross - self.credits
    }
}

impl View {
    /// The view after one event about the customer, whatever its stream.
    pub fn apply(view: Option<Self>, item: &Item) -> Result<Option<Self>, Unfoldable> {
        let view = match item.event()? {
            domain::Event::Customer(Event::Created(created)) => Some(Self::created(created, item)),
            domain::Event::Customer(event) => view.map(|mut view| {
                view.change(event, item);
                view
            }),
            domain::Event::Order(event) => view.map(|view| view.order(event)).transpose()?,
            domain::Event::Task(event) => view.map(|view| view.task(event, item.stream_id)),
            domain::Event::Folder(_)
            | domain::Event::Member(_)
            | domain::Event::Notification(_)
            | domain::Event::Organisation(_)
            | domain::Event::Rule(_)
            | domain::Event::RuleRun(_)
            | domain::Event::User(_) => return Ok(view),
        };
        Ok(view.map(|view| view.touched(item)))
    }

    fn touched(mut self, item: &Item) -> Self {
        if item.stream_id == self.id {
            self.version = self.version.max(item.version);
        }
        self.position = self.position.max(item.sequence);
        self.updated_at = self.updated_at.max(item.recorded_at);
        self.last_activity_at = self.last_activity_at.max(item.effective_at());
        self
    }

    fn created(created: &Created, item: &Item) -> Self {
        Self {
            id: item.stream_id,
            customer_type: created.customer_type,
            first_name: shown(created.first_name.as_ref()),
            last_name: shown(created.last_name.as_ref()),
            company_name: shown(created.company_name.as_ref()),
            emails: created.emails.iter().map(Email::from).collect(),
            phones: created.phones.iter().map(Phone::from).collect(),
            addresses: created.addresses.iter().map(AddressEntry::from).collect(),
            external_ids: created
                .external_ids
                .iter()
                .map(|(source, id)| (source.clone(), Shown::from(id)))
                .collect(),
            source: shown(created.source.as_ref()),
            lifecycle: Lifecycle::Active,
            dormant: None,
            status: created.status.clone(),
            folder: created.folder,
            tags: created.tags.iter().map(|tag| (fold(tag), tag.clone())).collect(),
            workers: BTreeSet::new(),
            flag: None,
            risk_flags: Vec::new(),
            notes: BTreeMap::new(),
            interactions: 0,
            open_tasks: BTreeSet::new(),
            finance: BTreeMap::new(),
            version: item.version,
            position: item.sequence,
            created_at: item.recorded_at,
            updated_at: item.recorded_at,
            last_activity_at: item.effective_at(),
            archived_at: None,
            erased_at: None,
        }
    }

    #[expect(clippy::too_many_lines, reason = "every event by name")]
    fn change(&mut self, event: &Event, item: &Item) {
        match event {
            // Handled before: it needs no view.
            Event::Created(_) => {}
            Event::Renamed { from: _, to } => {
                self.first_name = shown(to.first_name.as_ref());
                self.last_name = shown(to.last_name.as_ref());
                self.company_name = shown(to.company_name.as_ref());
            }
            Event::TypeChanged { from: _, to } => self.customer_type = *to,
            Event::EmailAdded(email) => put(&mut self.emails, Email::from(email)),
            Event::EmailChanged(email) => change(&mut self.emails, Email::from(email)),
            Event::EmailRemoved { address, new_primary } => {
                let heir = new_primary.as_ref().map(Shown::from);
                let same = |email: &Email, other: &Shown<String>| same_email(&email.address, other);
                take(&mut self.emails, &Shown::from(address), heir.as_ref(), same);
            }
            Event::PhoneAdded(phone) => put(&mut self.phones, Phone::from(phone)),
            Event::PhoneChanged(phone) => change(&mut self.phones, Phone::from(phone)),
            Event::PhoneRemoved { number, new_primary } => {
                let heir = new_primary.as_ref().map(Shown::from);
                let same = |phone: &Phone, other: &Shown<String>| phone.number == *other;
                take(&mut self.phones, &Shown::from(number), heir.as_ref(), same);
            }
            Event::AddressAdded(address) => put(&mut self.addresses, AddressEntry::from(address)),
            Event::AddressChanged { from: _, to: address } => {
                put(&mut self.addresses, AddressEntry::from(&**address));
            }
            Event::AddressRemoved { address_id, address: _, new_primary } => {
                let same = |address: &AddressEntry, other: &Uuid| address.id == *other;
                take(&mut self.addresses, address_id, new_primary.as_ref(), same);
            }
            Event::ExternalIdSet { source, from: _, to } => {
                self.external_ids.insert(source.clone(), Shown::from(to));
            }
            Event::ExternalIdRemoved { source, id: _ } => {
                self.external_ids.remove(source);
            }
            Event::StatusChanged { from: _, to, reason: _, cause: _ } => {
                self.status = Some(to.clone());
            }
            Event::FolderMoved { from: _, to } => self.folder = Some(*to),
            Event::Tagged { tag } => {
                self.tags.insert(fold(tag), tag.clone());
            }
            Event::Untagged { tag } => {
                self.tags.remove(&fold(tag));
            }
            Event::WorkerAssigned { user } => {
                self.workers.insert(*user);
            }
            Event::WorkerUnassigned { user } => {
                self.workers.remove(user);
            }
            Event::NoteAdded { note_id: _, scope, text: _ } => {
                *self.notes.entry(*scope).or_default() += 1;
            }
            Event::NoteDeleted { note_id: _, scope } => {
                let count = self.notes.entry(*scope).or_default();
                *count = count.saturating_sub(1);
                self.notes.retain(|_, count| *count > 0);
            }
            Event::NoteEdited { .. } | Event::NotePinned { .. } | Event::NoteUnpinned { .. } => {}
            Event::InteractionLogged { .. } => self.interactions += 1,
            Event::Flagged { reason } => {
                let (by, at) = (item.metadata.actor.clone(), item.effective_at());
                self.flag = Some(Flag { reason: Shown::from(reason), by, at });
            }
            Event::Unflagged {} => self.flag = None,
            Event::RiskFlagRaised { flag_id, flag_type, reason } => {
                self.risk_flags.push(RiskFlag {
                    id: *flag_id,
                    flag_type: *flag_type,
                    reason: Shown::from(reason),
                    raised_by: item.metadata.actor.clone(),
                    raised_at: item.effective_at(),
                })
            }
            Event::RiskFlagCleared { flag_id, flag_type: _, reason: _ } => {
                self.risk_flags.retain(|flag| flag.id != *flag_id);
            }
            Event::MarkedDormant { reason } => {
                self.lifecycle = Lifecycle::Dormant;
                let (since, reason) = (item.effective_at(), shown(reason.as_ref()));
                self.dormant = Some(Dormant { since, reason });
            }
            Event::Reactivated {} => {
                self.lifecycle = Lifecycle::Active;
                self.dormant = None;
            }
            Event::Archived {} => self.archived_at = Some(item.recorded_at),
            Event::Restored {} => self.archived_at = None,
            Event::Erased { releases: _ } => self.erase(item.recorded_at),
        }
    }

    /// Nothing personal stays, whether it was still readable on the way here or not: so the live
    /// view and one built after the erasure are the same.
    fn erase(&mut self, at: Timestamp) {
        self.erased_at = Some(at);
        self.first_name = None;
        self.last_name = None;
        self.company_name = None;
        self.emails.clear();
        self.phones.clear();
        self.addresses.clear();
        self.external_ids.clear();
        self.source = None;
        self.dormant = None;
        self.tags.clear();
        self.flag = None;
        self.risk_flags.clear();
        self.notes.clear();
        self.interactions = 0;
        self.open_tasks.clear();
    }

    fn order(mut self, event: &order::Event) -> Result<Self, Unfoldable> {
        let document = event.document();
        let finance = self.finance.entry(document.currency.clone()).or_default();
        let add = |sum: Decimal, more: Decimal| exact_sum([sum, more]).ok_or(Unfoldable::Sum);
        match event {
            order::Event::Recorded(_) => {
                finance.order_count += 1;
                finance.gross = add(finance.gross, event.net())?;
            }
            order::Event::Credited(_) => {
                finance.credit_note_count += 1;
                finance.credits = add(finance.credits, -event.net())?;
            }
        }
        Ok(self)
    }

    fn task(mut self, event: &task::Event, task: Uuid) -> Self {
        match event {
            task::Event::Added { .. } | task::Event::Reopened { .. } => {
                if self.erased_at.is_none() {
                    self.open_tasks.insert(task);
                }
            }
            task::Event::Completed { .. } | task::Event::Deleted { .. } => {
                self.open_tasks.remove(&task);
            }
            task::Event::Edited { .. } => {}
        }
        self
    }

    /// The name to show: the person's, else the company's, else what else there is.
    pub fn display_name(&self) -> Shown<String> {
        let inner = |name: &Option<Shown<String>>| name.as_ref().map(|name| name.0.clone());
        let names = Names {
            first_name: inner(&self.first_name),
            last_name: inner(&self.last_name),
            company_name: inner(&self.company_name),
        };
        let email = || self.emails.first().map(|email| email.address.clone());
        let phone = || self.phones.first().map(|phone| phone.number.clone());
        let unnamed = || match self.erased_at {
            Some(_) => Shown(Personal::Erased),
            None => Shown(Personal::Known("Unnamed".to_owned())),
        };
        names.display().map(Shown).or_else(email).or_else(phone).unwrap_or_else(unnamed)
    }

    /// Whether the tag for very important people is on it.
    pub fn is_vip(&self) -> bool {
        self.tags.contains_key("vip")
    }

    /// What conditions can ask for, by the names of [`domain::condition::catalogue_customer`].
    pub fn facts(&self) -> Value {
        let part = |part: fn(&Address) -> Option<&String>| -> Vec<&String> {
            let known = self.addresses.iter().filter_map(|entry| entry.address.known());
            known.filter_map(part).collect()
        };
        let money = |amount: fn(&Finance) -> Decimal| -> Vec<Value> {
            let finance = self.finance.iter();
            finance
                .map(|(currency, finance)| json!({"amount": amount(finance), "currency": currency}))
                .collect()
        };
        let risks: BTreeSet<&str> =
            self.risk_flags.iter().map(|flag| flag.flag_type.name()).collect();
        let phones = self.phones.iter();
        json!({
            "id": self.id,
            "type": self.customer_type,
            "display_name": self.display_name(),
            "first_name": self.first_name,
            "last_name": self.last_name,
            "company_name": self.company_name,
            "lifecycle": self.lifecycle,
            "status": self.status,
            "folder": self.folder,
            "tags": self.tags.values().collect::<Vec<_>>(),
            "workers": self.workers,
            "flagged": self.flag.is_some(),
            "external_id": self.external_ids,
            "emails": self.emails.iter().map(|email| &email.address).collect::<Vec<_>>(),
            "phones": phones.map(|p| p.e164.as_ref().unwrap_or(&p.number)).collect::<Vec<_>>(),
            "city": part(|address| address.city.as_ref()),
            "postcode": part(|address| address.postcode.as_ref()),
            "country": part(|address| address.country.as_ref()),
            "under_review": !risks.is_empty(),
            "risk_flags": risks,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "order_count": self.finance.values().map(|finance| finance.order_count).sum::<u32>(),
            "gross": money(|finance| finance.gross),
            "credits": money(|finance| finance.credits),
            "lifetime_value": money(Finance::lifetime_value),
        })
    }
}
