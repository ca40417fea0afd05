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

/// A deleted note is gone for every command but deleting.
pub(super) fn edit(state: &State, edit: EditNote) -> Result<Vec<Event>, Error> {
    let note = find(state, edit.note_id)?;
    let from = note.text.clone().ok_or(Error::NoteNotFound)?;
    let to = Personal::Known(edit.text.into());
    if from == to {
        return Ok(Vec::new());
    }
    Ok(vec![Event::NoteEdited { note_id: edit.note_id, scope: note.scope, from, to }])
}

pub(super) fn delete(state: &State, command: &NoteId) -> Result<Vec<Event>, Error> {
    let note = find(state, command.note_id)?;
    if note.text.is_none() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::NoteDeleted { note_id: command.note_id, scope: note.scope }])
}

pub(super) fn pin(state: &State, command: &NoteId) -> Result<Vec<Event>, Error> {
    let note = live(state, command)?;
    if note.pinned {
        return Ok(Vec::new());
    }
    Ok(vec![Event::NotePinned { note_id: command.note_id, scope: note.scope }])
}

pub(super) fn unpin(state: &State, command: &NoteId) -> Result<Vec<Event>, Error> {
    let note = live(state, command)?;
    if !note.pinned {
        return Ok(Vec::new());
    }
    Ok(vec![Event::NoteUnpinned { note_id: command.note_id, scope: note.scope }])
}

fn live<'a>(state: &'a State, command: &NoteId) -> Result<&'a Note, Error> {
    let note = find(state, command.note_id)?;
    if note.text.is_some() { Ok(note) } else { Err(Error::NoteNotFound) }
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
