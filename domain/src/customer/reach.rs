//! What the policy has to know about a command before it is decided.

use super::{Command, State};
use crate::value::NoteScope;

impl Command {
    /// Whether it begins a customer, so that there is nothing to be in or out of reach.
    pub fn is_create(&self) -> bool {
        matches!(self, Self::Create(_))
    }

    /// Whether it writes a note that is not there yet: a scope out of reach is no secret then.
    pub fn writes_new_note(&self) -> bool {
        matches!(self, Self::AddNote(_))
    }

    /// The scope of the note that it writes or touches.
    pub fn note_scope(&self, state: &State) -> Option<NoteScope> {
        if let Self::AddNote(note) = self {
            return Some(note.scope);
        }
        if let Self::EditNote(note) = self {
            return state.note_scope(note.note_id);
        }
        if let Self::DeleteNote(note) | Self::PinNote(note) | Self::UnpinNote(note) = self {
            return state.note_scope(note.note_id);
        }
        None
    }
}
