//! A rule: when something happens, under a condition, do these steps.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::ClaimChange;
pub use crate::command::Nothing;
use crate::customer;
use crate::decider::Decider;
use crate::refusal::{Refusal, RefusalKind};
use crate::rule_run::RuleFact;
use crate::value::{Outcome, words};

mod commands;
mod control;
mod definition;
mod trigger;
mod versions;

pub use commands::{Change, Create, RecordRehearsal};
pub use control::{Branch, Delay, WaitUntil, Way};
pub use definition::{
    AddTag, CallWebhook, ChangeStatus, CreateTask, Definition, Limits, MoveFolder, Notify,
    NotifyTarget, RaiseFlag, RemoveTag, RunState, Scope, SendEmail, Step,
};
pub use trigger::{CAME_DUE, DateField, DateTrigger, Every, Schedule, Trigger};
pub use versions::Draft;

words! {
    /// Which of an event's two times counts (FEATURES decision 28).
    Clock {
        Recorded = "recorded",
        Effective = "effective",
    }
}

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Rule;

/// What can be asked of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Create(Box<Create>),
    Change(Box<Change>),
    Activate(Nothing),
    Deactivate(Nothing),
    Archive(Nothing),
    RecordRehearsal(RecordRehearsal),
}

/// A rule's event. Creating and changing hold the whole definition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "rule.created")]
    Created { rule_version: i64, owner: Uuid, state: RunState, definition: Box<Definition> },
    #[serde(rename = "rule.changed")]
    Changed { rule_version: i64, definition: Box<Definition> },
    /// A version that waits beside the one in force.
    #[serde(rename = "rule.version_drafted")]
    VersionDrafted { rule_version: i64, definition: Box<Definition> },
    #[serde(rename = "rule.activated")]
    Activated { rule_version: i64 },
    #[serde(rename = "rule.deactivated")]
    Deactivated { rule_version: i64 },
    #[serde(rename = "rule.archived")]
    Archived {},
    #[serde(rename = "rule.rehearsed")]
    Rehearsed {
        /// The job that did it.
        job: Uuid,
        rule_version: i64,
        from: Timestamp,
        to: Timestamp,
        time: Clock,
        /// How many runs would have ended how.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        counts: BTreeMap<Outcome, i64>,
    },
}

/// Where a rule stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Absent,
    Draft,
    Active,
    Archived,
}

/// A rule as its decider, and the matcher, see it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    pub status: Status,
    /// The version in force; while the rule is off, the last one.
    pub version: i64,
    pub owner: Uuid,
    pub definition: Option<Definition>,
    /// A later version, beside the one in force.
    pub draft: Option<Draft>,
    /// The last rehearsal, and the newest version that was rehearsed.
    pub rehearsed: Option<(Uuid, i64)>,
}

/// Why a rule's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such rule")]
    NotFound,
    #[error("this rule exists already")]
    Exists,
    #[error("the rule is archived")]
    Archived,
    #[error(
        "version {rule_version} of the rule sends something and was not rehearsed yet: \
         keep it as a draft, rehearse it, then switch it on"
    )]
    RehearsalNeeded { rule_version: i64 },
    #[error("the rule names a folder that is not in use: {folder}")]
    FolderNotFound { pointer: String, folder: Uuid },
    #[error("the rule names somebody who is no member: {user}")]
    MemberNotFound { pointer: String, user: Uuid },
    #[error("the rule names a template of e-mails that is not in use: {template}")]
    TemplateNotFound { pointer: String, template: Uuid },
    #[error("the rule names a webhook that is not there: {webhook}")]
    WebhookNotFound { pointer: String, webhook: Uuid },
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "rule_not_found",
            Self::Exists => "rule_exists",
            Self::Archived => "rule_archived",
            Self::RehearsalNeeded { .. } => "rehearsal_needed",
            Self::FolderNotFound { .. } => "folder_not_found",
            Self::MemberNotFound { .. } => "member_not_found",
            Self::TemplateNotFound { .. } => "template_not_found",
            Self::WebhookNotFound { .. } => "webhook_not_found",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::FolderNotFound { pointer, .. }
            | Self::MemberNotFound { pointer, .. }
            | Self::TemplateNotFound { pointer, .. }
            | Self::WebhookNotFound { pointer, .. } => Some(pointer),
            Self::NotFound | Self::Exists | Self::Archived | Self::RehearsalNeeded { .. } => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Exists => RefusalKind::Conflict,
            Self::Archived
            | Self::RehearsalNeeded { .. }
            | Self::FolderNotFound { .. }
            | Self::MemberNotFound { .. }
            | Self::TemplateNotFound { .. }
            | Self::WebhookNotFound { .. } => RefusalKind::Rule,
        }
    }
}

impl Decider for Rule {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "rule";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        let rule_version = state.version;
        match (state.status, command) {
            (Status::Absent, Command::Create(create)) => commands::create(*create),
            (Status::Absent, _) => Err(Error::NotFound),
            (_, Command::Create(_)) => Err(Error::Exists),
            (Status::Archived, Command::Archive(_)) => Ok(Vec::new()),
            (Status::Archived, _) => Err(Error::Archived),
            (Status::Draft | Status::Active, Command::RecordRehearsal(rehearsal)) => {
                Ok(commands::record_rehearsal(state, rehearsal))
            }
            (Status::Draft | Status::Active, Command::Change(change)) => {
                versions::change(state, *change)
            }
            (Status::Draft | Status::Active, Command::Activate(_)) => versions::activate(state),
            (Status::Active, Command::Deactivate(_)) => {
                Ok(vec![Event::Deactivated { rule_version }])
            }
            (Status::Draft, Command::Deactivate(_)) => Ok(Vec::new()),
            (Status::Draft | Status::Active, Command::Archive(_)) => Ok(vec![Event::Archived {}]),
        }
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match event {
            Event::Created { rule_version, owner, state: run, definition } => State {
                status: Status::from(*run),
                version: *rule_version,
                owner: *owner,
                definition: Some(definition.as_ref().clone()),
                draft: None,
                rehearsed: None,
            },
            Event::Changed { rule_version, definition } => {
                state.version = *rule_version;
                state.definition = Some(definition.as_ref().clone());
                state.draft = None;
                state
            }
            Event::VersionDrafted { rule_version: version, definition } => {
                let definition = definition.as_ref().clone();
                State { draft: Some(Draft { version: *version, definition }), ..state }
            }
            Event::Activated { rule_version: _ } => {
                State { status: Status::Active, ..state.with_draft() }
            }
            Event::Deactivated { rule_version: _ } => {
                State { status: Status::Draft, ..state.with_draft() }
            }
            Event::Archived {} => State { status: Status::Archived, ..state },
            Event::Rehearsed { job, rule_version, .. } => {
                // One that was asked for earlier may end later.
                let newest = state.rehearsed.map_or(0, |(_, version)| version);
                State { rehearsed: Some((*job, newest.max(*rule_version))), ..state }
            }
        }
    }
}

impl State {
    /// What a run by hand must know of it.
    pub fn fact_for(&self, customer: &customer::State) -> Option<RuleFact> {
        let definition = self.definition.as_ref()?;
        Some(RuleFact {
            rule_version: self.version,
            active: self.status == Status::Active,
            archived: self.status == Status::Archived,
            presence: customer.presence,
            covers: definition.scope.covers(customer),
        })
    }
}

impl From<RunState> for Status {
    fn from(state: RunState) -> Self {
        match state {
            RunState::Draft => Self::Draft,
            RunState::Active => Self::Active,
        }
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &[
        "rule.created",
        "rule.changed",
        "rule.version_drafted",
        "rule.activated",
        "rule.deactivated",
        "rule.archived",
        "rule.rehearsed",
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
            Self::Created { state, definition, .. } => {
                format!("wrote the rule {} ({state}): {}", definition.name, definition.summary())
            }
            Self::Changed { rule_version, definition } => {
                let (name, summary) = (&definition.name, definition.summary());
                format!("changed the rule {name} to version {rule_version}: {summary}")
            }
            Self::VersionDrafted { rule_version, definition } => {
                let (name, summary) = (&definition.name, definition.summary());
                format!("drafted version {rule_version} of the rule {name}: {summary}")
            }
            Self::Activated { rule_version } => {
                format!("switched version {rule_version} of the rule on")
            }
            Self::Deactivated { rule_version } => {
                format!("switched version {rule_version} of the rule off")
            }
            Self::Archived {} => "archived the rule".to_owned(),
            Self::Rehearsed { rule_version, counts, .. } => {
                let runs = crate::sentence::count(
                    usize::try_from(counts.values().sum::<i64>()).unwrap_or_default(),
                    "run",
                    "runs",
                );
                format!("rehearsed version {rule_version} of the rule: {runs}")
            }
        }
    }
}

#[cfg(test)]
mod tests;
