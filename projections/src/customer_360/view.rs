//! A customer as it is shown, folded from all that was said of it. The directory, the 360 and
//! the past come from this one fold.

use std::collections::{BTreeMap, BTreeSet};

use domain::Actor;
use domain::access::Scope;
use domain::customer::{Created, Event};
use domain::event::SCHEMA_VERSION;
use domain::value::{Address, Channel, CustomerType, Lifecycle, NoteScope, RiskFlagType, fold};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::contact::{change, put, same_email, take};
use super::finance::Finance;
use crate::audience::{Audience, Mark, Marks};
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
    pub referrer: Option<Uuid>,
    /// Whom the customer referred.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub referred: BTreeSet<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<Flag>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risk_flags: Vec<RiskFlag>,
    /// How many notes there are of each scope.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<NoteScope, u32>,
    /// How many files there are of each scope.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<NoteScope, u32>,
    pub interactions: u32,
    /// Those that were sent or received.
    #[serde(default)]
    pub messages: u32,
    /// The channels by which the customer wants no messages.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub opted_out: BTreeSet<Channel>,
    /// Why we shall not work with the customer again, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub do_not_work_with: Option<Shown<String>>,
    /// The last day on which the customer's link leads to the portal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portal_until: Option<Date>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub open_tasks: BTreeSet<Uuid>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub finance: BTreeMap<String, Finance>,
    /// Version of the customer's own stream.
    pub version: i64,
    pub created_at: Timestamp,
    /// How far the events of each audience have come.
    #[serde(default)]
    pub marks: Marks,
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

impl View {
    /// Events (kinds or whole names) of which the view only keeps count. What they say is not
    /// looked at.
    pub const COUNTED: &'static [&'static str] = &[
        "customer.note_added",
        "customer.note_edited",
        "customer.note_deleted",
        "customer.note_restored",
        "customer.note_pinned",
        "customer.note_unpinned",
        "customer.interaction_logged",
        "file",
        "message",
        "task",
    ];

    /// The view that begins with this event, if one does.
    pub fn begun_by(item: &Item) -> Result<Option<Self>, Unfoldable> {
        if Self::counts(item) {
            return Ok(None);
        }
        let domain::Event::Customer(Event::Created(created)) = item.event()? else {
            return Ok(None);
        };
        Ok(Some(Self::created(created, item)))
    }

    /// Folds in one event about the customer, whatever its stream. One that fails changes nothing.
    pub fn apply(&mut self, item: &Item) -> Result<(), Unfoldable> {
        let audience;
        if Self::counts(item) {
            audience = Audience::of(&item.type_name, &item.body)?;
            self.count(item)?;
        } else {
            let event = item.event()?;
            audience = Audience::of(&item.type_name, &item.body)?;
            match event {
                domain::Event::Customer(event) => self.change(event, item),
                domain::Event::Account(event) => self.account(event)?,
                domain::Event::Order(event) => self.order(event)?,
                domain::Event::File(_)
                | domain::Event::Folder(_)
                | domain::Event::Invitation(_)
                | domain::Event::Member(_)
                | domain::Event::Message(_)
                | domain::Event::Notification(_)
                | domain::Event::Organisation(_)
                | domain::Event::Quote(_)
                | domain::Event::Role(_)
                | domain::Event::Rule(_)
                | domain::Event::RuleRun(_)
                | domain::Event::ServiceEntry(_)
                | domain::Event::Task(_)
                | domain::Event::Team(_)
                | domain::Event::Template(_)
                | domain::Event::Unmatched(_)
                | domain::Event::User(_)
                | domain::Event::Webhook(_) => return Ok(()),
            }
        }
        self.touch(audience, item);
        Ok(())
    }

    /// How far the events that the reader sees have come.
    pub fn mark(&self, scope: &Scope) -> Mark {
        let seen = self.marks.iter().filter(|(audience, _)| audience.includes(scope));
        seen.fold(Mark::default(), |latest, (_, mark)| latest.max(*mark))
    }

    /// The same of all events.
    pub fn last_mark(&self) -> Mark {
        self.marks.values().fold(Mark::default(), |latest, mark| latest.max(*mark))
    }

    /// What a newer version of an event means is not known: decoding it says so.
    fn counts(item: &Item) -> bool {
        let known = item.schema_version <= SCHEMA_VERSION && !item.is_broken();
        known && item.is_one_of(Self::COUNTED)
    }

    fn count(&mut self, item: &Item) -> Result<(), Unfoldable> {
        let scope = || {
            let word = item.body.get("scope").and_then(Value::as_str);
            word.and_then(|word| word.parse::<NoteScope>().ok()).ok_or(Unfoldable::Field("scope"))
        };
        match item.type_name.as_str() {
            "customer.note_added" | "customer.note_restored" => {
                *self.notes.entry(scope()?).or_default() += 1
            }
            "customer.note_deleted" => {
                let count = self.notes.entry(scope()?).or_default();
                *count = count.saturating_sub(1);
                self.notes.retain(|_, count| *count > 0);
            }
            "file.uploaded" | "file.restored" => {
                if self.erased_at.is_none() {
                    *self.files.entry(scope()?).or_default() += 1;
                }
            }
            "file.removed" => {
                let count = self.files.entry(scope()?).or_default();
                *count = count.saturating_sub(1);
                self.files.retain(|_, count| *count > 0);
            }
            "customer.interaction_logged" => self.interactions += 1,
            "message.sent" | "message.received" => {
                if self.erased_at.is_none() {
                    self.messages += 1;
                }
            }
            "task.added" | "task.reopened" => {
                if self.erased_at.is_none() {
                    self.open_tasks.insert(item.stream_id);
                }
            }
            "task.restored" => {
                if self.erased_at.is_none() && item.body.get("done") == Some(&Value::Bool(false)) {
                    self.open_tasks.insert(item.stream_id);
                }
            }
            "task.completed" | "task.deleted" => {
                self.open_tasks.remove(&item.stream_id);
            }
            "customer.note_edited"
            | "customer.note_pinned"
            | "customer.note_unpinned"
            | "file.renamed"
            | "task.edited"
            | "message.requested"
            | "message.withheld"
            | "message.failed"
            | "message.delivered"
            | "message.opened" => {}
            // One that this program does not know: decoding it says so.
            _ => {
                item.event()?;
            }
        }
        Ok(())
    }

    fn touch(&mut self, audience: Audience, item: &Item) {
        if item.stream_id == self.id {
            self.version = self.version.max(item.version);
        }
        let mark = Mark::of(item);
        self.marks.entry(audience).and_modify(|known| *known = known.max(mark)).or_insert(mark);
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
            workers: created.workers.clone(),
            referrer: None,
            referred: BTreeSet::new(),
            flag: None,
            risk_flags: Vec::new(),
            notes: BTreeMap::new(),
            files: BTreeMap::new(),
            interactions: 0,
            messages: 0,
            opted_out: BTreeSet::new(),
            do_not_work_with: None,
            portal_until: None,
            open_tasks: BTreeSet::new(),
            finance: BTreeMap::new(),
            version: item.version,
            created_at: item.recorded_at,
            marks: Marks::from([(Audience::Everybody, Mark::of(item))]),
            archived_at: None,
            erased_at: None,
        }
    }

    #[expect(clippy::too_many_lines, reason = "every event by name")]
    fn change(&mut self, event: &Event, item: &Item) {
        match event {
            Event::Created(created) => *self = Self::created(created, item),
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
            // Only counted: see `count`.
            Event::NoteAdded { .. }
            | Event::NoteDeleted { .. }
            | Event::NoteRestored { .. }
            | Event::NoteEdited { .. }
            | Event::NotePinned { .. }
            | Event::NoteUnpinned { .. }
            | Event::InteractionLogged { .. } => {}
            Event::ReferrerSet { from: _, to } => self.referrer = Some(*to),
            Event::ReferrerRemoved { from: _ } => self.referrer = None,
            Event::ReferralRecorded { referred } => {
                self.referred.insert(*referred);
            }
            Event::ReferralRemoved { referred } => {
                self.referred.remove(referred);
            }
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
            Event::OptedOut { channel, reason: _ } => {
                self.opted_out.insert(*channel);
            }
            Event::OptedIn { channel } => {
                self.opted_out.remove(channel);
            }
            Event::DoNotWorkWithSet { reason } => {
                self.do_not_work_with = Some(Shown::from(reason));
            }
            Event::DoNotWorkWithCleared {} => self.do_not_work_with = None,
            Event::PortalAccessGranted { until, .. } => self.portal_until = Some(*until),
            Event::PortalAccessRevoked {} => self.portal_until = None,
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
        self.files.clear();
        self.interactions = 0;
        self.messages = 0;
        self.opted_out.clear();
        self.do_not_work_with = None;
        self.portal_until = None;
        self.open_tasks.clear();
    }
}
