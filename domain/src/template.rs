//! A kept template: what messages say again and again, to be filled with each customer's words.

use uuid::Uuid;

use crate::claim::ClaimChange;
pub use crate::command::Nothing;
use crate::decider::Decider;
use crate::message::Content;
use crate::refusal::{Refusal, RefusalKind};
use crate::value::Channel;

mod commands;
mod event;

pub use commands::{Change, Create};
pub use event::{Event, Wording};

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Template;

/// What can be asked of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Create(Box<Create>),
    Change(Box<Change>),
    Archive(Nothing),
}

/// A template as its decider sees it; none before it was written.
pub type State = Option<Known>;

/// A template that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub wording: Wording,
    pub archived: bool,
}

/// Why a template's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such template")]
    NotFound,
    #[error("this template exists already")]
    Exists,
    #[error("the template is archived; write a new one")]
    Archived,
    #[error("an e-mail has a subject")]
    SubjectMissing,
    #[error("only an e-mail has this; leave it out")]
    OfEmailOnly { pointer: &'static str },
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "template_not_found",
            Self::Exists => "template_exists",
            Self::Archived => "template_archived",
            Self::SubjectMissing => "missing_field",
            Self::OfEmailOnly { .. } => "invalid_field",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::SubjectMissing => Some("/subject"),
            Self::OfEmailOnly { pointer } => Some(pointer),
            Self::NotFound | Self::Exists | Self::Archived => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
            Self::Archived | Self::SubjectMissing | Self::OfEmailOnly { .. } => RefusalKind::Rule,
        }
    }
}

impl Decider for Template {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "template";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match (state, command) {
            (None, Command::Create(create)) => self::create(*create),
            (None, Command::Change(_) | Command::Archive(_)) => Err(Error::NotFound),
            (Some(_), Command::Create(_)) => Err(Error::Exists),
            (Some(Known { archived: true, .. }), Command::Change(_)) => Err(Error::Archived),
            (Some(Known { archived: true, .. }), Command::Archive(_)) => Ok(Vec::new()),
            (Some(known), Command::Change(change)) => self::change(&known.wording, *change),
            (Some(_), Command::Archive(_)) => Ok(vec![Event::Archived {}]),
        }
    }

    fn evolve(state: State, event: &Event) -> State {
        match event {
            Event::Created(wording) | Event::Changed(wording) => {
                Some(Known { wording: (**wording).clone(), archived: false })
            }
            Event::Archived {} => state.map(|known| Known { archived: true, ..known }),
        }
    }
}

fn create(create: Create) -> Result<Vec<Event>, Error> {
    let content = checked(create.channel, create.content())?;
    let wording =
        Wording { template_version: 1, name: create.name.into(), channel: create.channel, content };
    Ok(vec![Event::Created(Box::new(wording))])
}

/// Another wording is another version; the channel stays.
fn change(before: &Wording, change: Change) -> Result<Vec<Event>, Error> {
    let content = checked(before.channel, change.content())?;
    let name = String::from(change.name);
    if name == before.name && content == before.content {
        return Ok(Vec::new());
    }
    let template_version = before.template_version + 1;
    let wording = Wording { template_version, name, channel: before.channel, content };
    Ok(vec![Event::Changed(Box::new(wording))])
}

fn checked(channel: Channel, content: Content) -> Result<Content, Error> {
    match (channel, &content) {
        (Channel::Email, Content { subject: None, .. }) => Err(Error::SubjectMissing),
        (Channel::Sms | Channel::Whatsapp, Content { subject: Some(_), .. }) => {
            Err(Error::OfEmailOnly { pointer: "/subject" })
        }
        (Channel::Sms | Channel::Whatsapp, Content { html: Some(_), .. }) => {
            Err(Error::OfEmailOnly { pointer: "/html" })
        }
        (Channel::Email | Channel::Sms | Channel::Whatsapp, _) => Ok(content),
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] =
        &["template.created", "template.changed", "template.archived"];

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
            Self::Created(wording) => format!("wrote the template {}", wording.name),
            Self::Changed(wording) => format!(
                "changed the template {}, now version {}",
                wording.name, wording.template_version
            ),
            Self::Archived {} => "archived the template".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
