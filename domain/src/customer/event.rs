//! What has happened to a customer. Each event says a fact that is understandable alone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::{ClaimChange, ClaimKind};
use crate::personal::Personal;
use crate::value::{
    Address, Channel, CustomerType, InteractionType, NoteScope, RiskFlagType, normalise_email,
    words,
};

/// A customer's event. The stored names are for ever.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "customer.created")]
    Created(Box<Created>),
    #[serde(rename = "customer.renamed")]
    Renamed { from: Names, to: Names },
    #[serde(rename = "customer.type_changed")]
    TypeChanged { from: CustomerType, to: CustomerType },
    #[serde(rename = "customer.email_added")]
    EmailAdded(EmailRecord),
    /// Another label, or it became the primary one.
    #[serde(rename = "customer.email_changed")]
    EmailChanged(EmailRecord),
    #[serde(rename = "customer.email_removed")]
    EmailRemoved {
        address: Personal<String>,
        /// The address that became primary because this one was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_primary: Option<Personal<String>>,
    },
    #[serde(rename = "customer.phone_added")]
    PhoneAdded(PhoneRecord),
    /// Another label, or it became the primary one. The number is the one that was added.
    #[serde(rename = "customer.phone_changed")]
    PhoneChanged(PhoneRecord),
    #[serde(rename = "customer.phone_removed")]
    PhoneRemoved {
        /// As it was added.
        number: Personal<String>,
        /// The number that became primary because this one was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_primary: Option<Personal<String>>,
    },
    #[serde(rename = "customer.address_added")]
    AddressAdded(AddressRecord),
    #[serde(rename = "customer.address_changed")]
    AddressChanged { from: Box<AddressRecord>, to: Box<AddressRecord> },
    #[serde(rename = "customer.address_removed")]
    AddressRemoved {
        address_id: Uuid,
        address: Personal<Address>,
        /// The address that became primary because this one was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_primary: Option<Uuid>,
    },
    #[serde(rename = "customer.external_id_set")]
    ExternalIdSet {
        source: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Personal<String>>,
        to: Personal<String>,
    },
    #[serde(rename = "customer.external_id_removed")]
    ExternalIdRemoved { source: String, id: Personal<String> },
    #[serde(rename = "customer.status_changed")]
    StatusChanged {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        to: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<StatusCause>,
    },
    #[serde(rename = "customer.folder_moved")]
    FolderMoved {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Uuid>,
        to: Uuid,
    },
    #[serde(rename = "customer.tagged")]
    Tagged { tag: String },
    #[serde(rename = "customer.untagged")]
    Untagged { tag: String },
    #[serde(rename = "customer.worker_assigned")]
    WorkerAssigned { user: Uuid },
    #[serde(rename = "customer.worker_unassigned")]
    WorkerUnassigned { user: Uuid },
    #[serde(rename = "customer.note_added")]
    NoteAdded { note_id: Uuid, scope: NoteScope, text: Personal<String> },
    #[serde(rename = "customer.note_edited")]
    NoteEdited { note_id: Uuid, scope: NoteScope, from: Personal<String>, to: Personal<String> },
    #[serde(rename = "customer.note_deleted")]
    NoteDeleted { note_id: Uuid, scope: NoteScope },
    /// A deleted note is there again, as it was.
    #[serde(rename = "customer.note_restored")]
    NoteRestored { note_id: Uuid, scope: NoteScope, text: Personal<String>, pinned: bool },
    #[serde(rename = "customer.note_pinned")]
    NotePinned { note_id: Uuid, scope: NoteScope },
    #[serde(rename = "customer.note_unpinned")]
    NoteUnpinned { note_id: Uuid, scope: NoteScope },
    #[serde(rename = "customer.interaction_logged")]
    InteractionLogged {
        interaction_id: Uuid,
        #[serde(rename = "type")]
        interaction_type: InteractionType,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Personal<String>>,
    },
    #[serde(rename = "customer.referrer_set")]
    ReferrerSet {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Uuid>,
        to: Uuid,
    },
    #[serde(rename = "customer.referrer_removed")]
    ReferrerRemoved { from: Uuid },
    /// This customer referred another one.
    #[serde(rename = "customer.referral_recorded")]
    ReferralRecorded { referred: Uuid },
    #[serde(rename = "customer.referral_removed")]
    ReferralRemoved { referred: Uuid },
    #[serde(rename = "customer.flagged")]
    Flagged { reason: Personal<String> },
    #[serde(rename = "customer.unflagged")]
    Unflagged {},
    #[serde(rename = "customer.risk_flag_raised")]
    RiskFlagRaised {
        flag_id: Uuid,
        #[serde(rename = "type")]
        flag_type: RiskFlagType,
        reason: Personal<String>,
    },
    #[serde(rename = "customer.risk_flag_cleared")]
    RiskFlagCleared {
        flag_id: Uuid,
        #[serde(rename = "type")]
        flag_type: RiskFlagType,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    #[serde(rename = "customer.marked_dormant")]
    MarkedDormant {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    #[serde(rename = "customer.reactivated")]
    Reactivated {},
    /// No more messages of this channel.
    #[serde(rename = "customer.opted_out")]
    OptedOut {
        channel: Channel,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    #[serde(rename = "customer.opted_in")]
    OptedIn { channel: Channel },
    #[serde(rename = "customer.do_not_work_with_set")]
    DoNotWorkWithSet { reason: Personal<String> },
    #[serde(rename = "customer.do_not_work_with_cleared")]
    DoNotWorkWithCleared {},
    /// A link leads the customer to the portal, up to a day; another one leads nowhere from now on.
    #[serde(rename = "customer.portal_access_granted")]
    PortalAccessGranted {
        link_id: Uuid,
        #[schema(value_type = String, format = Date)]
        until: Date,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sent_to: Option<Personal<String>>,
    },
    #[serde(rename = "customer.portal_access_revoked")]
    PortalAccessRevoked {},
    #[serde(rename = "customer.archived")]
    Archived {},
    #[serde(rename = "customer.restored")]
    Restored {},
    #[serde(rename = "customer.erased")]
    Erased {
        /// What the customer held, to be let go in the same append; never stored.
        #[serde(skip)]
        releases: Vec<ClaimChange>,
    },
}

/// The profile with which a customer began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Created {
    #[serde(rename = "type")]
    pub customer_type: CustomerType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<EmailRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<PhoneRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<AddressRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub external_ids: BTreeMap<String, Personal<String>>,
    /// How we came to know the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Personal<String>>,
    /// Who is assigned from the start.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub workers: BTreeSet<Uuid>,
}

impl Created {
    pub fn names(&self) -> Names {
        Names {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            company_name: self.company_name.clone(),
        }
    }
}

/// The names of a customer at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Names {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<Personal<String>>,
}

impl Names {
    /// First and last name, else the company's; `Erased` where the names are gone, `None` where
    /// there are none.
    pub fn display(&self) -> Option<Personal<String>> {
        let parts: Vec<_> = [&self.first_name, &self.last_name].into_iter().flatten().collect();
        let parts = if parts.is_empty() { self.company_name.iter().collect() } else { parts };
        if parts.is_empty() {
            return None;
        }
        let known: Option<Vec<&str>> =
            parts.into_iter().map(|part| part.known().map(String::as_str)).collect();
        Some(known.map_or(Personal::Erased, |known| Personal::Known(known.join(" "))))
    }
}

/// An e-mail of a customer, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EmailRecord {
    pub address: Personal<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Personal<String>>,
    pub primary: bool,
}

/// A phone of a customer: as typed, and in E.164 where it could be understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PhoneRecord {
    pub number: Personal<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e164: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Personal<String>>,
    pub primary: bool,
}

/// A postal address of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AddressRecord {
    pub address_id: Uuid,
    pub address: Personal<Address>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Personal<String>>,
    pub primary: bool,
}

words! {
    /// What else changed a status.
    StatusCause {
        FolderMove = "folder_move",
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &[
        "customer.created",
        "customer.renamed",
        "customer.type_changed",
        "customer.email_added",
        "customer.email_changed",
        "customer.email_removed",
        "customer.phone_added",
        "customer.phone_changed",
        "customer.phone_removed",
        "customer.address_added",
        "customer.address_changed",
        "customer.address_removed",
        "customer.external_id_set",
        "customer.external_id_removed",
        "customer.status_changed",
        "customer.folder_moved",
        "customer.tagged",
        "customer.untagged",
        "customer.worker_assigned",
        "customer.worker_unassigned",
        "customer.note_added",
        "customer.note_edited",
        "customer.note_deleted",
        "customer.note_restored",
        "customer.note_pinned",
        "customer.note_unpinned",
        "customer.interaction_logged",
        "customer.referrer_set",
        "customer.referrer_removed",
        "customer.referral_recorded",
        "customer.referral_removed",
        "customer.flagged",
        "customer.unflagged",
        "customer.risk_flag_raised",
        "customer.risk_flag_cleared",
        "customer.marked_dormant",
        "customer.reactivated",
        "customer.opted_out",
        "customer.opted_in",
        "customer.do_not_work_with_set",
        "customer.do_not_work_with_cleared",
        "customer.portal_access_granted",
        "customer.portal_access_revoked",
        "customer.archived",
        "customer.restored",
        "customer.erased",
    ];

    /// What it takes and lets go of. An erasure lets go of all only in the append that makes it.
    pub fn claims(&self) -> Vec<ClaimChange> {
        match self {
            Self::Created(created) => created_claims(created),
            Self::EmailAdded(email) => email_claim(&email.address, true).into_iter().collect(),
            Self::EmailRemoved { address, .. } => email_claim(address, false).into_iter().collect(),
            Self::ExternalIdSet { source, from, to } => {
                let released = from.iter().filter_map(|id| outside_claim(source, id, false));
                released.chain(outside_claim(source, to, true)).collect()
            }
            Self::ExternalIdRemoved { source, id } => {
                outside_claim(source, id, false).into_iter().collect()
            }
            Self::Erased { releases } => releases.clone(),
            Self::Renamed { .. }
            | Self::TypeChanged { .. }
            | Self::EmailChanged(_)
            | Self::PhoneAdded(_)
            | Self::PhoneChanged(_)
            | Self::PhoneRemoved { .. }
            | Self::AddressAdded(_)
            | Self::AddressChanged { .. }
            | Self::AddressRemoved { .. }
            | Self::StatusChanged { .. }
            | Self::FolderMoved { .. }
            | Self::Tagged { .. }
            | Self::Untagged { .. }
            | Self::WorkerAssigned { .. }
            | Self::WorkerUnassigned { .. }
            | Self::NoteAdded { .. }
            | Self::NoteEdited { .. }
            | Self::NoteDeleted { .. }
            | Self::NoteRestored { .. }
            | Self::NotePinned { .. }
            | Self::NoteUnpinned { .. }
            | Self::InteractionLogged { .. }
            | Self::ReferrerSet { .. }
            | Self::ReferrerRemoved { .. }
            | Self::ReferralRecorded { .. }
            | Self::ReferralRemoved { .. }
            | Self::Flagged { .. }
            | Self::Unflagged {}
            | Self::RiskFlagRaised { .. }
            | Self::RiskFlagCleared { .. }
            | Self::MarkedDormant { .. }
            | Self::Reactivated {}
            | Self::OptedOut { .. }
            | Self::OptedIn { .. }
            | Self::DoNotWorkWithSet { .. }
            | Self::DoNotWorkWithCleared {}
            | Self::PortalAccessGranted { .. }
            | Self::PortalAccessRevoked {}
            | Self::Archived {}
            | Self::Restored {} => Vec::new(),
        }
    }

    /// The stream is the customer.
    pub fn customer_id(&self, stream_id: Uuid) -> Option<Uuid> {
        Some(stream_id)
    }

    /// The customer's own key covers it.
    pub fn key_id(&self, stream_id: Uuid) -> Option<Uuid> {
        Some(stream_id)
    }
}

fn created_claims(created: &Created) -> Vec<ClaimChange> {
    let emails = created.emails.iter().filter_map(|email| email_claim(&email.address, true));
    let outside =
        created.external_ids.iter().filter_map(|(source, id)| outside_claim(source, id, true));
    emails.chain(outside).collect()
}

pub(super) fn email_claim(address: &Personal<String>, take: bool) -> Option<ClaimChange> {
    let value = normalise_email(address.known()?);
    Some(ClaimChange { kind: ClaimKind::Email, value, take })
}

/// The value under which an id in another system is claimed.
pub fn external_id_claim(source: &str, id: &str) -> String {
    format!("{source}\0{id}")
}

pub(super) fn outside_claim(
    source: &str,
    id: &Personal<String>,
    take: bool,
) -> Option<ClaimChange> {
    let value = external_id_claim(source, id.known()?);
    Some(ClaimChange { kind: ClaimKind::ExternalId, value, take })
}
