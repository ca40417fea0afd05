//! The data of a customer's commands, as they come over the wire.
//!
//! Fields that serde skips are filled by the shell: ids of new things, facts of other streams.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{CustomerFact, FolderFact, Lineage};
use crate::access::Placement;
pub use crate::command::Nothing;
use crate::command::{Data, Fact, Need, given, plain};
use crate::folder;
use crate::value::{
    AddressEntry, AddressLine, Channel, CountryCode, CustomerType, EmailEntry, EmailInput,
    InteractionType, Label, Name, NoteScope, OutsideId, Phone, PhoneEntry, PhoneInput,
    RiskFlagType, SourceName, Status, Tag, Text,
};

/// Registers a customer. A person needs a first or last name, a company or supplier a company
/// name.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::Create)]
pub struct Create {
    #[serde(rename = "type")]
    pub customer_type: CustomerType,
    pub first_name: Option<Name>,
    pub last_name: Option<Name>,
    pub company_name: Option<Name>,
    #[serde(default)]
    #[schema(value_type = Vec<EmailInput>)]
    pub emails: Vec<EmailEntry>,
    #[serde(default)]
    #[schema(value_type = Vec<PhoneInput>)]
    pub phones: Vec<PhoneEntry>,
    #[serde(default)]
    pub addresses: Vec<AddressEntry>,
    /// Left out, the organisation's default folder is taken, if it has one.
    pub folder: Option<Uuid>,
    /// Left out, the folder's default status is taken.
    pub status: Option<Status>,
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// Ids of the customer in other systems, by the name of the system.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, OutsideId>)]
    pub external_ids: BTreeMap<SourceName, OutsideId>,
    /// How we came to know the customer.
    pub source: Option<Label>,
    /// Members who are assigned from the start. Somebody who reaches only those assigned to them
    /// is one of them without being named.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>)]
    pub workers: BTreeSet<Uuid>,
    #[serde(skip)]
    pub folder_fact: FolderFact,
    #[serde(skip)]
    pub members: BTreeSet<Uuid>,
}

impl Create {
    /// Where the customer will stand, given the organisation's default folder.
    pub fn placement(&self, default: Option<Uuid>) -> Placement {
        Placement { folder: self.folder.or(default), workers: self.workers.clone() }
    }
}

impl Data for Create {
    fn assign_ids(&mut self, next: &mut dyn FnMut() -> Uuid) {
        for address in &mut self.addresses {
            address.assign_ids(next);
        }
    }

    fn needs(&self) -> Vec<Need> {
        let folder = self.folder.map_or(Need::DefaultFolder, Need::Folder);
        self.workers.iter().map(|worker| Need::Member(*worker)).chain([folder]).collect()
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::Member { user, is_member: true } = fact {
            self.members.insert(*user);
        }
        self.folder_fact.supply(self.folder, fact);
    }
}

/// Changes names: a name left out stays, null takes it away.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::Rename)]
pub struct Rename {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Name>)]
    pub first_name: Option<Option<Name>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Name>)]
    pub last_name: Option<Option<Name>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Name>)]
    pub company_name: Option<Option<Name>>,
}

/// Makes the customer one of another type, for good; names that the new type needs may come along.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::ChangeType)]
pub struct ChangeType {
    #[serde(rename = "type")]
    pub customer_type: CustomerType,
    pub first_name: Option<Name>,
    pub last_name: Option<Name>,
    pub company_name: Option<Name>,
}

/// Takes an e-mail away.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::RemoveEmail)]
pub struct RemoveEmail {
    pub address: crate::value::Email,
}

/// Takes a phone number away, in whatever writing.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::RemovePhone)]
pub struct RemovePhone {
    pub number: Phone,
}

impl Data for AddressEntry {
    fn assign_ids(&mut self, next: &mut dyn FnMut() -> Uuid) {
        if self.id.is_nil() {
            self.id = next();
        }
    }
}

/// Replaces an address as a whole.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::ChangeAddress)]
pub struct ChangeAddress {
    pub address_id: Uuid,
    pub line1: AddressLine,
    pub line2: Option<AddressLine>,
    pub city: Option<AddressLine>,
    pub postcode: Option<AddressLine>,
    pub region: Option<AddressLine>,
    pub country: Option<CountryCode>,
    pub label: Option<Label>,
    #[serde(default)]
    pub primary: bool,
}

impl ChangeAddress {
    /// The address that it becomes.
    pub fn entry(self) -> AddressEntry {
        let Self { address_id, line1, line2, city, postcode, region, country, label, primary } =
            self;
        AddressEntry {
            id: address_id,
            line1,
            line2,
            city,
            postcode,
            region,
            country,
            label,
            primary,
        }
    }
}

/// Takes an address away.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::RemoveAddress)]
pub struct RemoveAddress {
    pub address_id: Uuid,
}

/// Says under which id another system knows the customer.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::SetExternalId)]
pub struct SetExternalId {
    pub source: SourceName,
    pub id: OutsideId,
}

/// Forgets the id of another system.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::RemoveExternalId)]
pub struct RemoveExternalId {
    pub source: SourceName,
}

/// Gives the customer another status of its folder's list.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::ChangeStatus)]
pub struct ChangeStatus {
    pub status: Status,
    pub reason: Option<Text>,
    #[serde(skip)]
    pub customers_folder: Option<folder::State>,
}

impl Data for ChangeStatus {
    fn needs(&self) -> Vec<Need> {
        vec![Need::CustomersFolder]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::CustomersFolder(folder) = fact {
            self.customers_folder.clone_from(folder);
        }
    }
}

/// Moves the customer to a folder; a status that the folder does not have becomes its default.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::MoveFolder)]
pub struct MoveFolder {
    pub folder: Uuid,
    #[serde(skip)]
    pub folder_fact: FolderFact,
}

impl Data for MoveFolder {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Folder(self.folder)]
    }

    fn supply(&mut self, fact: &Fact) {
        self.folder_fact.supply(Some(self.folder), fact);
    }
}

/// Puts a tag on the customer, or takes it off.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::Tag)]
pub struct TagCommand {
    pub tag: Tag,
}

/// Makes a member of the organisation responsible.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::AssignWorker)]
pub struct AssignWorker {
    pub user: Uuid,
    #[serde(skip)]
    pub is_member: bool,
}

impl Data for AssignWorker {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Member(self.user)]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::Member { user, is_member } = fact
            && *user == self.user
        {
            self.is_member = *is_member;
        }
    }
}

/// Ends somebody's responsibility.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::UnassignWorker)]
pub struct UnassignWorker {
    pub user: Uuid,
}

/// Writes a note; who may read it is said at that moment.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::AddNote)]
pub struct AddNote {
    #[serde(skip)]
    pub note_id: Uuid,
    pub text: Text,
    /// Left out: internal.
    #[serde(default = "internal")]
    pub scope: NoteScope,
}

fn internal() -> NoteScope {
    NoteScope::Internal
}

impl Data for AddNote {
    fn assign_ids(&mut self, next: &mut dyn FnMut() -> Uuid) {
        if self.note_id.is_nil() {
            self.note_id = next();
        }
    }
}

/// Lets the customer into the portal by a link.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::GrantPortalAccess)]
pub struct GrantPortalAccess {
    #[serde(default)]
    pub link_id: Uuid,
    /// Whether the link goes to the customer's primary e-mail as well.
    #[serde(default)]
    pub send: bool,
    #[serde(skip)]
    pub today: Date,
}

impl Data for GrantPortalAccess {
    fn assign_ids(&mut self, next: &mut dyn FnMut() -> Uuid) {
        if self.link_id.is_nil() {
            self.link_id = next();
        }
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Today]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::Today(today) = fact {
            self.today = *today;
        }
    }
}

/// Replaces the text of a note.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::EditNote)]
pub struct EditNote {
    pub note_id: Uuid,
    pub text: Text,
}

/// Names a note: to delete, pin or unpin it.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::NoteId)]
pub struct NoteId {
    pub note_id: Uuid,
}

/// Records a touchpoint.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::LogInteraction)]
pub struct LogInteraction {
    #[serde(skip)]
    pub interaction_id: Uuid,
    #[serde(rename = "type")]
    pub interaction_type: InteractionType,
    pub note: Option<Text>,
}

impl Data for LogInteraction {
    fn assign_ids(&mut self, next: &mut dyn FnMut() -> Uuid) {
        if self.interaction_id.is_nil() {
            self.interaction_id = next();
        }
    }
}

/// Says which customer referred this one.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::SetReferrer)]
pub struct SetReferrer {
    /// Who referred.
    pub customer: Uuid,
    #[serde(skip)]
    pub customer_fact: Option<CustomerFact>,
    #[serde(skip)]
    pub lineage: Option<Lineage>,
}

impl Data for SetReferrer {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Customer(self.customer), Need::Lineage(self.customer)]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::Customer { id, customer } = fact
            && *id == self.customer
        {
            self.customer_fact.clone_from(customer);
        }
        if let Fact::Lineage { of, lineage } = fact
            && *of == self.customer
        {
            self.lineage = Some(lineage.clone());
        }
    }
}

/// The other end of a referral.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::Referral)]
pub struct Referral {
    pub referred: Uuid,
}

/// Flags the customer for everybody, with a reason.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::Flag)]
pub struct Flag {
    pub reason: Text,
}

/// Raises a risk flag, seen by senior roles.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::RaiseRiskFlag)]
pub struct RaiseRiskFlag {
    #[serde(skip)]
    pub flag_id: Uuid,
    #[serde(rename = "type")]
    pub flag_type: RiskFlagType,
    pub reason: Text,
}

impl Data for RaiseRiskFlag {
    fn assign_ids(&mut self, next: &mut dyn FnMut() -> Uuid) {
        if self.flag_id.is_nil() {
            self.flag_id = next();
        }
    }
}

/// Clears a risk flag.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::ClearRiskFlag)]
pub struct ClearRiskFlag {
    pub flag_id: Uuid,
    pub reason: Option<Text>,
}

/// Says that the customer is not worked with at present.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::MarkDormant)]
pub struct MarkDormant {
    pub reason: Option<Text>,
}

/// Takes the customer out of the archive again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::Restore)]
pub struct Restore {
    /// How long it has been there; nothing where that was decided only now.
    #[serde(skip)]
    pub archived_for: Option<SignedDuration>,
}

impl Data for Restore {
    fn needs(&self) -> Vec<Need> {
        vec![Need::ArchivedFor]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::ArchivedFor(time) = fact {
            self.archived_for = *time;
        }
    }
}

/// Says that the customer wants no more messages of this channel.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::OptOut)]
pub struct OptOut {
    pub channel: Channel,
    pub reason: Option<Text>,
}

/// Says that the customer wants messages of this channel again.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::OptIn)]
pub struct OptIn {
    pub channel: Channel,
}

/// Says that we shall not work with the customer again.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::SetDoNotWorkWith)]
pub struct SetDoNotWorkWith {
    pub reason: Text,
}

/// Destroys the customer's personal data, for good.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = customer::Erase)]
pub struct Erase {
    /// The word `erase`.
    #[schema(example = "erase")]
    pub confirm: Option<String>,
}

plain!(
    Rename,
    ChangeType,
    EmailEntry,
    RemoveEmail,
    PhoneEntry,
    RemovePhone,
    ChangeAddress,
    RemoveAddress,
    SetExternalId,
    RemoveExternalId,
    TagCommand,
    UnassignWorker,
    EditNote,
    NoteId,
    Referral,
    Flag,
    ClearRiskFlag,
    MarkDormant,
    OptOut,
    OptIn,
    SetDoNotWorkWith,
    Erase,
);
