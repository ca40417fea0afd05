//! Decisions on where a customer stands: folder, status, tags, workers.

use uuid::Uuid;

use super::Error;
use super::commands::{AssignWorker, ChangeStatus, MoveFolder, TagCommand, UnassignWorker};
use super::event::{Event, StatusCause};
use super::state::State;
use crate::command::Fact;
use crate::folder;
use crate::personal::Personal;

/// What the shell found out about the folder that a command means.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum FolderFact {
    /// There is none.
    #[default]
    Absent,
    Known {
        id: Uuid,
        folder: Box<folder::State>,
    },
}

impl FolderFact {
    /// Takes the fact that answers for `asked`, or for the default folder where none was asked.
    pub(super) fn supply(&mut self, asked: Option<Uuid>, fact: &Fact) {
        let found = match (asked, fact) {
            (Some(asked), Fact::Folder { id, folder: Some(folder) }) if asked == *id => {
                Some((*id, folder))
            }
            (None, Fact::DefaultFolder(Some((id, folder)))) => Some((*id, folder)),
            (Some(_) | None, _) => None,
        };
        if let Some((id, folder)) = found {
            *self = Self::Known { id, folder: Box::new(folder.clone()) };
        }
    }
}

pub(super) fn change_status(state: &State, change: ChangeStatus) -> Result<Vec<Event>, Error> {
    let status = String::from(change.status);
    if state.status.as_ref() == Some(&status) {
        return Ok(Vec::new());
    }
    let allowed = change.customers_folder.map(|folder| folder.statuses).unwrap_or_default();
    if !allowed.contains(&status) {
        return Err(Error::StatusNotInFolder { status, allowed });
    }
    Ok(vec![Event::StatusChanged {
        from: state.status.clone(),
        to: status,
        reason: change.reason.map(|reason| Personal::Known(reason.into())),
        cause: None,
    }])
}

/// A status that the new folder does not have becomes its default, as an event of its own.
pub(super) fn move_folder(state: &State, to: MoveFolder) -> Result<Vec<Event>, Error> {
    if state.folder == Some(to.folder) {
        return Ok(Vec::new());
    }
    let FolderFact::Known { id, folder } = to.folder_fact else {
        return Err(Error::FolderNotFound);
    };
    if folder.archived {
        return Err(Error::FolderArchived);
    }
    let mut events = vec![Event::FolderMoved { from: state.folder, to: id }];
    if !state.status.as_ref().is_some_and(|status| folder.statuses.contains(status)) {
        events.push(Event::StatusChanged {
            from: state.status.clone(),
            to: folder.default_status,
            reason: None,
            cause: Some(StatusCause::FolderMove),
        });
    }
    Ok(events)
}

pub(super) fn tag(state: &State, command: TagCommand) -> Vec<Event> {
    if state.tags.contains_key(&command.tag.folded()) {
        return Vec::new();
    }
    vec![Event::Tagged { tag: command.tag.into() }]
}

/// The tag goes as it was written.
pub(super) fn untag(state: &State, command: &TagCommand) -> Vec<Event> {
    match state.tags.get(&command.tag.folded()) {
        None => Vec::new(),
        Some(tag) => vec![Event::Untagged { tag: tag.clone() }],
    }
}

pub(super) fn assign_worker(state: &State, assign: &AssignWorker) -> Result<Vec<Event>, Error> {
    if state.workers.contains(&assign.user) {
        return Ok(Vec::new());
    }
    if !assign.is_member {
        return Err(Error::MemberNotFound);
    }
    Ok(vec![Event::WorkerAssigned { user: assign.user }])
}

pub(super) fn unassign_worker(state: &State, unassign: &UnassignWorker) -> Vec<Event> {
    if state.workers.contains(&unassign.user) {
        vec![Event::WorkerUnassigned { user: unassign.user }]
    } else {
        Vec::new()
    }
}
