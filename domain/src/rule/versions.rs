//! The versions of a rule: which is in force, and what it takes to put one in force.

use super::commands::{Change, check_present};
use super::definition::{Definition, RunState, Step};
use super::{Error, Event, State, Status};

/// A version that waits beside the one in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub version: i64,
    pub definition: Definition,
}

impl State {
    /// The version that was written last: what is rehearsed, and what is switched on.
    pub fn latest(&self) -> Option<(i64, &Definition)> {
        match &self.draft {
            Some(draft) => Some((draft.version, &draft.definition)),
            None => Some((self.version, self.definition.as_ref()?)),
        }
    }

    /// The draft in the place of what it was to replace.
    pub(super) fn with_draft(mut self) -> Self {
        if let Some(Draft { version, definition }) = self.draft.take() {
            self.version = version;
            self.definition = Some(definition);
        }
        self
    }
}

impl Definition {
    /// Whether any of its steps sends something out.
    pub fn sends(&self) -> bool {
        self.then.iter().any(Step::sends)
    }
}

impl Step {
    /// Whether it sends something out, or a step in its branches does.
    pub fn sends(&self) -> bool {
        match self {
            Self::SendEmail(_) | Self::CallWebhook(_) => true,
            Self::Branch(branch) => branch.then.iter().chain(&branch.otherwise).any(Self::sends),
            Self::CreateTask(_)
            | Self::ChangeStatus(_)
            | Self::MoveFolder(_)
            | Self::AddTag(_)
            | Self::RemoveTag(_)
            | Self::RaiseFlag(_)
            | Self::Notify(_)
            | Self::Delay(_)
            | Self::WaitUntil(_) => false,
        }
    }
}

/// Another definition is another version; being switched on or off is an event of its own.
pub(super) fn change(state: &State, change: Change) -> Result<Vec<Event>, Error> {
    check_present(&change.scope, &change.steps, &change.present)?;
    let definition = Definition {
        name: change.name.into(),
        trigger: change.trigger,
        scope: change.scope,
        when: change.when,
        then: change.steps,
        limits: change.limits,
        time_zone: change.time_zone,
    };
    match (state.status, change.state) {
        (Status::Active, Some(RunState::Draft)) => Ok(draft(state, definition)),
        (Status::Active, Some(RunState::Active) | None) => replace(state, definition),
        (_, wanted) => change_draft(state, definition, wanted),
    }
}

/// Switches the version on that was written last.
pub(super) fn activate(state: &State) -> Result<Vec<Event>, Error> {
    match state.latest() {
        Some((version, _)) if state.status == Status::Active && version == state.version => {
            Ok(Vec::new())
        }
        Some((version, definition)) => {
            let rehearsed = is_rehearsed(state, version);
            Ok(vec![activated(version, definition, rehearsed)?])
        }
        None => Err(Error::NotFound),
    }
}

fn draft(state: &State, definition: Definition) -> Vec<Event> {
    match state.latest() {
        Some((_, latest)) if *latest == definition => Vec::new(),
        latest => {
            let rule_version = latest.map_or(0, |(version, _)| version) + 1;
            vec![Event::VersionDrafted { rule_version, definition: Box::new(definition) }]
        }
    }
}

/// Puts a definition in force at once.
fn replace(state: &State, definition: Definition) -> Result<Vec<Event>, Error> {
    if state.definition.as_ref() == Some(&definition) {
        return Ok(Vec::new());
    }
    match state.latest() {
        Some((_, latest)) if *latest == definition => activate(state),
        latest => {
            let rule_version = latest.map_or(0, |(version, _)| version) + 1;
            if definition.sends() {
                return Err(Error::RehearsalNeeded { rule_version });
            }
            Ok(vec![Event::Changed { rule_version, definition: Box::new(definition) }])
        }
    }
}

fn change_draft(
    state: &State,
    definition: Definition,
    wanted: Option<RunState>,
) -> Result<Vec<Event>, Error> {
    let changes = state.definition.as_ref() != Some(&definition);
    let rule_version = if changes { state.version + 1 } else { state.version };
    let mut events = Vec::new();
    if wanted == Some(RunState::Active) {
        let rehearsed = !changes && is_rehearsed(state, rule_version);
        events.push(activated(rule_version, &definition, rehearsed)?);
    }
    if changes {
        let definition = Box::new(definition);
        events.insert(0, Event::Changed { rule_version, definition });
    }
    Ok(events)
}

fn activated(rule_version: i64, definition: &Definition, rehearsed: bool) -> Result<Event, Error> {
    if definition.sends() && !rehearsed {
        return Err(Error::RehearsalNeeded { rule_version });
    }
    Ok(Event::Activated { rule_version })
}

fn is_rehearsed(state: &State, version: i64) -> bool {
    state.rehearsed.is_some_and(|(_, rehearsed)| rehearsed == version)
}
