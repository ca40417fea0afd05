//! An organisation: whose customers these are, and its settings.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::ClaimChange;
use crate::command::{Data, Fact, Need, plain};
use crate::decider::Decider;
use crate::refusal::{Refusal, RefusalKind};
use crate::value::{Email, Name, TimeZoneName, time_zone};

/// The aggregate. Its stream has the organisation's own id.
#[derive(Debug, Clone, Copy)]
pub struct Organisation;

/// What can be asked of an organisation.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Create(Create),
    SetDefaultFolder(SetDefaultFolder),
    SetTimeZone(SetTimeZone),
    SetSender(SetSender),
}

/// Creates an organisation.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = organisation::Create)]
pub struct Create {
    pub name: Name,
}

plain!(Create, SetTimeZone, SetSender);

/// Says in which folder a customer begins when none is named.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = organisation::SetDefaultFolder)]
pub struct SetDefaultFolder {
    pub folder: Uuid,
    #[serde(skip)]
    pub folder_is_open: bool,
}

impl Data for SetDefaultFolder {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Folder(self.folder)]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::Folder { id, folder } = fact
            && *id == self.folder
        {
            self.folder_is_open = folder.as_ref().is_some_and(|folder| !folder.archived);
        }
    }
}

/// Says in which time zone the organisation's days begin and end.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = organisation::SetTimeZone)]
pub struct SetTimeZone {
    pub time_zone: TimeZoneName,
}

/// Says in whose name the organisation's e-mails go out.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = organisation::SetSender)]
pub struct SetSender {
    pub name: Name,
    pub address: Email,
}

/// In whose name the organisation's e-mails go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sender {
    pub name: String,
    pub address: String,
}

/// An organisation's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "organisation.created")]
    Created { name: String },
    #[serde(rename = "organisation.default_folder_set")]
    DefaultFolderSet {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Uuid>,
        to: Uuid,
    },
    #[serde(rename = "organisation.time_zone_set")]
    TimeZoneSet {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        to: String,
    },
    #[serde(rename = "organisation.sender_set")]
    SenderSet {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Sender>,
        to: Sender,
    },
}

/// An organisation as its decider sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub name: Option<String>,
    pub default_folder: Option<Uuid>,
    pub time_zone: Option<String>,
    pub sender: Option<Sender>,
}

impl State {
    /// The time zone of the organisation's days: UTC as long as none was set.
    pub fn time_zone(&self) -> TimeZone {
        self.time_zone.as_deref().and_then(time_zone).unwrap_or(TimeZone::UTC)
    }
}

/// Why an organisation's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such organisation")]
    NotFound,
    #[error("this organisation exists already")]
    Exists,
    #[error("there is no folder in use with this id")]
    FolderNotFound,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "organisation_not_found",
            Self::Exists => "organisation_exists",
            Self::FolderNotFound => "folder_not_found",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::FolderNotFound => Some("/folder"),
            Self::NotFound | Self::Exists => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
            Self::FolderNotFound => RefusalKind::Rule,
        }
    }
}

impl Decider for Organisation {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "organisation";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match (state.name.is_some(), command) {
            (false, Command::Create(create)) => {
                Ok(vec![Event::Created { name: create.name.into() }])
            }
            (true, Command::Create(_)) => Err(Error::Exists),
            (
                false,
                Command::SetDefaultFolder(_) | Command::SetTimeZone(_) | Command::SetSender(_),
            ) => Err(Error::NotFound),
            (true, Command::SetDefaultFolder(set)) => set_default_folder(state, &set),
            (true, Command::SetTimeZone(set)) => Ok(set_time_zone(state, set)),
            (true, Command::SetSender(set)) => Ok(set_sender(state, set)),
        }
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match event {
            Event::Created { name } => state.name = Some(name.clone()),
            Event::DefaultFolderSet { from: _, to } => state.default_folder = Some(*to),
            Event::TimeZoneSet { from: _, to } => state.time_zone = Some(to.clone()),
            Event::SenderSet { from: _, to } => state.sender = Some(to.clone()),
        }
        state
    }
}

fn set_default_folder(state: &State, set: &SetDefaultFolder) -> Result<Vec<Event>, Error> {
    if state.default_folder == Some(set.folder) {
        return Ok(Vec::new());
    }
    if !set.folder_is_open {
        return Err(Error::FolderNotFound);
    }
    Ok(vec![Event::DefaultFolderSet { from: state.default_folder, to: set.folder }])
}

fn set_time_zone(state: &State, set: SetTimeZone) -> Vec<Event> {
    let to = String::from(set.time_zone);
    if state.time_zone.as_ref() == Some(&to) {
        return Vec::new();
    }
    vec![Event::TimeZoneSet { from: state.time_zone.clone(), to }]
}

fn set_sender(state: &State, set: SetSender) -> Vec<Event> {
    let to = Sender { name: set.name.into(), address: set.address.into() };
    if state.sender.as_ref() == Some(&to) {
        return Vec::new();
    }
    vec![Event::SenderSet { from: state.sender.clone(), to }]
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &[
        "organisation.created",
        "organisation.default_folder_set",
        "organisation.time_zone_set",
        "organisation.sender_set",
    ];

    pub fn claims(&self) -> Vec<ClaimChange> {
        Vec::new()
    }

    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    pub fn key_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        None
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::Created { name } => format!("created the organisation {name}"),
            Self::DefaultFolderSet { .. } => "set the folder for new customers".to_owned(),
            Self::TimeZoneSet { to, .. } => format!("set the time zone to {to}"),
            Self::SenderSet { to, .. } => {
                format!("set the sender of e-mails to {} <{}>", to.name, to.address)
            }
        }
    }
}

#[cfg(test)]
mod tests;
