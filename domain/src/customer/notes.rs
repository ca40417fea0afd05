//! Decisions on what was noted about a customer: notes with their scopes, touchpoints.

use uuid::Uuid;

use super::Error;
use super::commands::{AddNote, EditNote, LogInteraction, NoteId};
use super::event::Event;
use super::state::{Note, State};
use crate::personal::Personal;

pub(super) fn add(state: &State, add: AddNote) -> Vec<Event> {
    if state.notes.contains_key(&add.note_id) {
        return Vec::new();
    }
    let text = Personal::Known(add.text.into());
    vec![Event::NoteAdded { note_id: add.note_id, scope: add.scope, text }]
}

fn find(state: &State, note_id: Uuid) -> Result<&Note, Error> {
    state.notes.get(&note_id).ok_or(Error::NoteNotFound)
}

/// A deleted note is gone for every command but deleting and restoring.
pub(super) fn edit(state: &State, edit: EditNote) -> Result<Vec<Event>, Error> {
    let note = live(state, edit.note_id)?;
    let from = note.text.clone();
    let to = Personal::Known(edit.text.into());
    if from == to {
        return Ok(Vec::new());
    }
    Ok(vec![Event::NoteEdited { note_id: edit.note_id, scope: note.scope, from, to }])
}

pub(super) fn delete(state: &State, command: &NoteId) -> Result<Vec<Event>, Error> {
    let note = find(state, command.note_id)?;
    if note.deleted {
        return Ok(Vec::new());
    }
    Ok(vec![Event::NoteDeleted { note_id: command.note_id, scope: note.scope }])
}

pub(super) fn restore(state: &State, command: &NoteId) -> Result<Vec<Event>, Error> {
    let Note { scope, text, pinned, deleted } = find(state, command.note_id)?;
    if !deleted {
        return Ok(Vec::new());
    }
    let (text, pinned) = (text.clone(), *pinned);
    Ok(vec![Event::NoteRestored { note_id: command.note_id, scope: *scope, text, pinned }])
}

pub(super) fn pin(state: &State, command: &NoteId) -> Result<Vec<Event>, Error> {
    let note = live(state, command.note_id)?;
    if note.pinned {
        return Ok(Vec::new());
    }
    Ok(vec![Event::NotePinned { note_id: command.note_id, scope: note.scope }])
}

pub(super) fn unpin(state: &State, command: &NoteId) -> Result<Vec<Event>, Error> {
    let note = live(state, command.note_id)?;
    if !note.pinned {
        return Ok(Vec::new());
    }
    Ok(vec![Event::NoteUnpinned { note_id: command.note_id, scope: note.scope }])
}

fn live(state: &State, note_id: Uuid) -> Result<&Note, Error> {
    let note = find(state, note_id)?;
    if note.deleted { Err(Error::NoteNotFound) } else { Ok(note) }
}

pub(super) fn log_interaction(state: &State, log: LogInteraction) -> Vec<Event> {
    if state.interactions.contains(&log.interaction_id) {
        return Vec::new();
    }
    vec![Event::InteractionLogged {
        interaction_id: log.interaction_id,
        interaction_type: log.interaction_type,
        note: log.note.map(|note| Personal::Known(note.into())),
    }]
}
