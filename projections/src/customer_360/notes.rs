//! Notes and interactions of a customer: rows of their own, so that a long history never makes
//! a page of changes heavy.

use domain::Actor;
use domain::customer::Event;
use domain::value::{InteractionType, NoteScope};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::item::Item;
use crate::read_model::Unfoldable;
use crate::shown::{Shown, shown};

/// A note as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    pub id: Uuid,
    pub customer: Uuid,
    pub scope: NoteScope,
    pub text: Shown<String>,
    pub pinned: bool,
    pub written_by: Actor,
    pub written_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    /// Where it stands in the order of the customer's notes.
    pub sequence: i64,
}

/// A touchpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interaction {
    pub id: Uuid,
    pub customer: Uuid,
    #[serde(rename = "type")]
    pub interaction_type: InteractionType,
    pub note: Option<Shown<String>>,
    pub logged_by: Actor,
    /// When it happened.
    pub at: Timestamp,
    pub recorded_at: Timestamp,
    pub sequence: i64,
}

impl Note {
    /// The note after one of its events.
    pub(super) fn apply(note: Option<Self>, item: &Item) -> Result<Option<Self>, Unfoldable> {
        let domain::Event::Customer(event) = item.event()? else { return Ok(note) };
        if let Event::NoteAdded { note_id, scope, text } = event {
            return Ok(Some(Self {
                id: *note_id,
                customer: item.stream_id,
                scope: *scope,
                text: Shown::from(text),
                pinned: false,
                written_by: item.metadata.actor.clone(),
                written_at: item.effective_at(),
                edited_at: None,
                sequence: item.sequence,
            }));
        }
        let Some(mut note) = note else { return Ok(None) };
        if let Event::NoteEdited { to, .. } = event {
            note.text = Shown::from(to);
            note.edited_at = Some(item.effective_at());
        }
        if let Event::NotePinned { .. } = event {
            note.pinned = true;
        }
        if let Event::NoteUnpinned { .. } = event {
            note.pinned = false;
        }
        let gone = matches!(event, Event::NoteDeleted { .. } | Event::Erased { .. });
        Ok((!gone).then_some(note))
    }
}

impl Interaction {
    /// The interaction after one of its events.
    pub(super) fn apply(row: Option<Self>, item: &Item) -> Result<Option<Self>, Unfoldable> {
        let domain::Event::Customer(event) = item.event()? else { return Ok(row) };
        if let Event::InteractionLogged { interaction_id, interaction_type, note } = event {
            return Ok(Some(Self {
                id: *interaction_id,
                customer: item.stream_id,
                interaction_type: *interaction_type,
                note: shown(note.as_ref()),
                logged_by: item.metadata.actor.clone(),
                at: item.effective_at(),
                recorded_at: item.recorded_at,
                sequence: item.sequence,
            }));
        }
        let gone = matches!(event, Event::Erased { .. });
        Ok(row.filter(|_| !gone))
    }
}
