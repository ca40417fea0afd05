//! A customer: who they are, how to reach them, where they stand, what was noted about them.

use jiff::SignedDuration;

use crate::claim::ClaimChange;
use crate::decider::Decider;
use crate::refusal::{Refusal, RefusalKind};
use crate::value::{AddressEntry, CustomerType, EmailEntry, PhoneEntry};

mod commands;
mod contact;
mod event;
mod facts;
mod flags;
mod notes;
mod placement;
mod portal;
mod preferences;
mod profile;
mod reach;
mod referral;
mod sentence;
mod state;

pub use commands::{
    AddNote, AssignWorker, ChangeAddress, ChangeStatus, ChangeType, ClearRiskFlag, Create,
    EditNote, Erase, Flag, GrantPortalAccess, LogInteraction, MarkDormant, MoveFolder, NoteId,
    Nothing, OptIn, OptOut, RaiseRiskFlag, Referral, RemoveAddress, RemoveEmail, RemoveExternalId,
    RemovePhone, Rename, Restore, SetDoNotWorkWith, SetExternalId, SetReferrer, TagCommand,
    UnassignWorker,
};
pub use event::{
    AddressRecord, Created, EmailRecord, Event, Names, PhoneRecord, StatusCause, external_id_claim,
};
pub use placement::FolderFact;
pub use portal::PORTAL_DAYS;
pub use referral::Lineage;
pub use state::{CustomerFact, Note, PortalAccess, Presence, RiskFlag, State};

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Customer;

/// For how long archiving can be undone (FEATURES decision 3).
const RESTORABLE_DAYS: i64 = 30;

/// What can be asked of a customer.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Create(Box<Create>),
    Rename(Rename),
    ChangeType(ChangeType),
    AddEmail(EmailEntry),
    RemoveEmail(RemoveEmail),
    AddPhone(PhoneEntry),
    RemovePhone(RemovePhone),
    AddAddress(Box<AddressEntry>),
    ChangeAddress(Box<ChangeAddress>),
    RemoveAddress(RemoveAddress),
    SetExternalId(SetExternalId),
    RemoveExternalId(RemoveExternalId),
    ChangeStatus(ChangeStatus),
    MoveFolder(MoveFolder),
    Tag(TagCommand),
    Untag(TagCommand),
    AssignWorker(AssignWorker),
    UnassignWorker(UnassignWorker),
    AddNote(AddNote),
    EditNote(EditNote),
    DeleteNote(NoteId),
    RestoreNote(NoteId),
    PinNote(NoteId),
    UnpinNote(NoteId),
    LogInteraction(LogInteraction),
    SetReferrer(SetReferrer),
    RemoveReferrer(Nothing),
    RecordReferral(Referral),
    RemoveReferral(Referral),
    Flag(Flag),
    Unflag(Nothing),
    RaiseRiskFlag(RaiseRiskFlag),
    ClearRiskFlag(ClearRiskFlag),
    MarkDormant(MarkDormant),
    Reactivate(Nothing),
    OptOut(OptOut),
    OptIn(OptIn),
    GrantPortalAccess(GrantPortalAccess),
    RevokePortalAccess(Nothing),
    SetDoNotWorkWith(SetDoNotWorkWith),
    ClearDoNotWorkWith(Nothing),
    Archive(Nothing),
    Restore(Restore),
    Erase(Erase),
}

/// Why a customer's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such customer")]
    NotFound,
    #[error("this customer exists already")]
    Exists,
    #[error("the customer is archived; restore it first")]
    Archived,
    #[error("the customer was erased")]
    Erased,
    #[error("the customer was archived more than {RESTORABLE_DAYS} days ago and stays so")]
    RestoreTooLate,
    #[error("a customer of type {customer_type} needs {}", profile::required(*customer_type))]
    NameRequired { customer_type: CustomerType },
    #[error("there is no such folder")]
    FolderNotFound,
    #[error("the folder is archived")]
    FolderArchived,
    #[error("the status {status} is not in the list of the customer's folder")]
    StatusNotInFolder { status: String, allowed: Vec<String> },
    #[error("nobody of this organisation has this id")]
    MemberNotFound,
    #[error("nobody of this organisation has one of these ids")]
    WorkerNotFound,
    #[error("the customer has no such address")]
    AddressNotFound,
    #[error("the customer has no such note")]
    NoteNotFound,
    #[error("the customer has no such risk flag")]
    RiskFlagNotFound,
    #[error("there is no such customer to be the referrer")]
    ReferrerNotFound,
    #[error("the referrer is archived; restore it first")]
    ReferrerArchived,
    #[error("the referrer was erased")]
    ReferrerErased,
    #[error("a customer does not refer themselves")]
    RefersItself,
    #[error("the referrer was referred by this customer, directly or through others")]
    ReferralCircle,
    #[error("type \"erase\" to confirm that the customer's personal data shall be destroyed")]
    Unconfirmed,
    #[error(
        "the customer has no e-mail that the link could go to; add one, or hand the link over yourself"
    )]
    PortalNoAddress,
    #[error("the customer wants no e-mails; hand the link over yourself")]
    PortalOptedOut,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound | Self::ReferrerNotFound => "customer_not_found",
            Self::Exists => "customer_exists",
            Self::Archived | Self::ReferrerArchived => "customer_archived",
            Self::Erased | Self::ReferrerErased => "customer_erased",
            Self::RestoreTooLate => "restore_too_late",
            Self::NameRequired { .. } => "name_required",
            Self::FolderNotFound => "folder_not_found",
            Self::FolderArchived => "folder_archived",
            Self::StatusNotInFolder { .. } => "status_not_in_folder",
            Self::MemberNotFound | Self::WorkerNotFound => "member_not_found",
            Self::AddressNotFound => "address_not_found",
            Self::NoteNotFound => "note_not_found",
            Self::RiskFlagNotFound => "risk_flag_not_found",
            Self::RefersItself | Self::ReferralCircle => "referral_circle",
            Self::Unconfirmed => "confirmation_required",
            Self::PortalNoAddress => "portal_mail_without_address",
            Self::PortalOptedOut => "portal_mail_unwanted",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::NameRequired { customer_type } => Some(profile::required_pointer(*customer_type)),
            Self::FolderNotFound | Self::FolderArchived => Some("/folder"),
            Self::StatusNotInFolder { .. } => Some("/status"),
            Self::MemberNotFound => Some("/user"),
            Self::WorkerNotFound => Some("/workers"),
            Self::AddressNotFound => Some("/address_id"),
            Self::NoteNotFound => Some("/note_id"),
            Self::RiskFlagNotFound => Some("/flag_id"),
            Self::ReferrerNotFound
            | Self::ReferrerArchived
            | Self::ReferrerErased
            | Self::RefersItself
            | Self::ReferralCircle => Some("/customer"),
            Self::Unconfirmed => Some("/confirm"),
            Self::PortalNoAddress | Self::PortalOptedOut => Some("/send"),
            Self::NotFound
            | Self::Exists
            | Self::Archived
            | Self::Erased
            | Self::RestoreTooLate => None,
        }
    }

    fn allowed(&self) -> Option<Vec<String>> {
        match self {
            Self::StatusNotInFolder { allowed, .. } => Some(allowed.clone()),
            Self::Unconfirmed => Some(vec!["erase".to_owned()]),
            Self::NotFound
            | Self::Exists
            | Self::Archived
            | Self::Erased
            | Self::RestoreTooLate
            | Self::NameRequired { .. }
            | Self::FolderNotFound
            | Self::FolderArchived
            | Self::MemberNotFound
            | Self::WorkerNotFound
            | Self::AddressNotFound
            | Self::NoteNotFound
            | Self::RiskFlagNotFound
            | Self::ReferrerNotFound
            | Self::ReferrerArchived
            | Self::ReferrerErased
            | Self::RefersItself
            | Self::ReferralCircle
            | Self::PortalNoAddress
            | Self::PortalOptedOut => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound
            | Self::AddressNotFound
            | Self::NoteNotFound
            | Self::RiskFlagNotFound => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
            Self::Erased => RefusalKind::Gone,
            Self::Archived
            | Self::RestoreTooLate
            | Self::NameRequired { .. }
            | Self::FolderNotFound
            | Self::FolderArchived
            | Self::StatusNotInFolder { .. }
            | Self::MemberNotFound
            | Self::WorkerNotFound
            | Self::ReferrerNotFound
            | Self::ReferrerArchived
            | Self::ReferrerErased
            | Self::RefersItself
            | Self::ReferralCircle
            | Self::PortalNoAddress
            | Self::PortalOptedOut
            | Self::Unconfirmed => RefusalKind::Rule,
        }
    }
}

impl Decider for Customer {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "customer";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match (state.presence, command) {
            (Presence::Absent, Command::Create(create)) => profile::create(*create),
            (Presence::Absent, _) => Err(Error::NotFound),
            (Presence::Archived | Presence::Erased, Command::RemoveReferral(referral)) => {
                Ok(referral::remove_referral(state, referral))
            }
            (Presence::Erased, _) => Err(Error::Erased),
            (Presence::Present | Presence::Archived, Command::Erase(erase)) => {
                self::erase(state, &erase)
            }
            (Presence::Archived, Command::Restore(restore)) => self::restore(restore),
            (Presence::Archived, Command::Archive(_)) => Ok(vec![]),
            (Presence::Archived, _) => Err(Error::Archived),
            (Presence::Present, command) => present(state, command),
        }
    }

    fn evolve(state: State, event: &Event) -> State {
        state::evolve(state, event)
    }
}

fn present(state: &State, command: Command) -> Result<Vec<Event>, Error> {
    match command {
        Command::Create(_) => Err(Error::Exists),
        Command::Rename(rename) => profile::rename(state, rename),
        Command::ChangeType(change) => profile::change_type(state, change),
        Command::AddEmail(email) => Ok(contact::add_email(state, email)),
        Command::RemoveEmail(remove) => Ok(contact::remove_email(state, &remove)),
        Command::AddPhone(phone) => Ok(contact::add_phone(state, phone)),
        Command::RemovePhone(remove) => Ok(contact::remove_phone(state, &remove)),
        Command::AddAddress(address) => Ok(contact::add_address(state, &address)),
        Command::ChangeAddress(change) => contact::change_address(state, *change),
        Command::RemoveAddress(remove) => contact::remove_address(state, &remove),
        Command::SetExternalId(set) => Ok(contact::set_external_id(state, set)),
        Command::RemoveExternalId(remove) => Ok(contact::remove_external_id(state, remove)),
        Command::ChangeStatus(change) => placement::change_status(state, change),
        Command::MoveFolder(to) => placement::move_folder(state, to),
        Command::Tag(tag) => Ok(placement::tag(state, tag)),
        Command::Untag(tag) => Ok(placement::untag(state, &tag)),
        Command::AssignWorker(assign) => placement::assign_worker(state, &assign),
        Command::UnassignWorker(unassign) => Ok(placement::unassign_worker(state, &unassign)),
        Command::AddNote(add) => Ok(notes::add(state, add)),
        Command::EditNote(edit) => notes::edit(state, edit),
        Command::DeleteNote(note) => notes::delete(state, &note),
        Command::RestoreNote(note) => notes::restore(state, &note),
        Command::PinNote(note) => notes::pin(state, &note),
        Command::UnpinNote(note) => notes::unpin(state, &note),
        Command::LogInteraction(log) => Ok(notes::log_interaction(state, log)),
        Command::SetReferrer(set) => referral::set_referrer(state, &set),
        Command::RemoveReferrer(_) => Ok(referral::remove_referrer(state)),
        Command::RecordReferral(referral) => Ok(referral::record_referral(state, referral)),
        Command::RemoveReferral(referral) => Ok(referral::remove_referral(state, referral)),
        Command::Flag(flag) => Ok(flags::flag(state, flag)),
        Command::Unflag(_) => Ok(flags::unflag(state)),
        Command::RaiseRiskFlag(raise) => Ok(flags::raise_risk_flag(state, raise)),
        Command::ClearRiskFlag(clear) => flags::clear_risk_flag(state, clear),
        Command::MarkDormant(mark) => Ok(profile::mark_dormant(state, mark)),
        Command::Reactivate(_) => Ok(profile::reactivate(state)),
        Command::OptOut(opt_out) => Ok(preferences::opt_out(state, opt_out)),
        Command::OptIn(opt_in) => Ok(preferences::opt_in(state, &opt_in)),
        Command::GrantPortalAccess(grant) => portal::grant(state, grant),
        Command::RevokePortalAccess(_) => Ok(portal::revoke(state)),
        Command::SetDoNotWorkWith(set) => Ok(preferences::set_do_not_work_with(state, set)),
        Command::ClearDoNotWorkWith(_) => Ok(preferences::clear_do_not_work_with(state)),
        Command::Archive(_) => Ok(vec![Event::Archived {}]),
        Command::Restore(_) => Ok(vec![]),
        Command::Erase(erase) => self::erase(state, &erase),
    }
}

fn restore(restore: Restore) -> Result<Vec<Event>, Error> {
    let restorable = SignedDuration::from_hours(24 * RESTORABLE_DAYS);
    if restore.archived_for.is_some_and(|time| time > restorable) {
        return Err(Error::RestoreTooLate);
    }
    Ok(vec![Event::Restored {}])
}

fn erase(state: &State, erase: &Erase) -> Result<Vec<Event>, Error> {
    if erase.confirm.as_deref() != Some("erase") {
        return Err(Error::Unconfirmed);
    }
    let releases: Vec<ClaimChange> = contact::releases(state);
    Ok(vec![Event::Erased { releases }])
}

#[cfg(test)]
mod tests;
