//! Notes and interactions of a customer: rows of their own, so that a long history never makes
//! a page of changes heavy.

use domain::customer::Event;
use domain::value::{InteractionType, NoteScope};
use domain::{Actor, Personal};
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

/// Whether a row is still there after an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stays {
    Yes,
    /// Out of sight, without its text, until it is restored.
    Hidden,
    No,
}

impl Note {
    /// The note that begins with this event, if one does.
    pub(super) fn begun_by(item: &Item) -> Result<Option<Self>, Unfoldable> {
        let domain::Event::Customer(Event::NoteAdded { note_id, scope, text }) = item.event()?
        else {
            return Ok(None);
        };
        Ok(Some(Self {
            id: *note_id,
            customer: item.stream_id,
            scope: *scope,
            text: Shown::from(text),
            pinned: false,
            written_by: item.metadata.actor.clone(),
            written_at: item.effective_at(),
            edited_at: None,
            sequence: item.sequence,
        }))
    }

    pub(super) fn apply(&mut self, item: &Item) -> Result<Stays, Unfoldable> {
        let domain::Event::Customer(event) = item.event()? else { return Ok(Stays::Yes) };
        if let Event::NoteEdited { to, .. } = event {
            self.text = Shown::from(to);
            self.edited_at = Some(item.effective_at());
        }
        if let Event::NotePinned { .. } = event {
            self.pinned = true;
        }
        if let Event::NoteUnpinned { .. } = event {
            self.pinned = false;
        }
        if let Event::NoteDeleted { .. } = event {
            self.text = Shown(Personal::Erased);
            return Ok(Stays::Hidden);
        }
        if let Event::NoteRestored { text, pinned, .. } = event {
            self.text = Shown::from(text);
            self.pinned = *pinned;
        }
        let gone = matches!(event, Event::Erased { .. });
        Ok(if gone { Stays::No } else { Stays::Yes })
    }
}

impl Interaction {
    /// The interaction that begins with this event, if one does.
    pub(super) fn begun_by(item: &Item) -> Result<Option<Self>, Unfoldable> {
        let domain::Event::Customer(Event::InteractionLogged {
            interaction_id,
            interaction_type,
            note,
        }) = item.event()?
        else {
            return Ok(None);
        };
        Ok(Some(Self {
            id: *interaction_id,
            customer: item.stream_id,
            interaction_type: *interaction_type,
            note: shown(note.as_ref()),
            logged_by: item.metadata.actor.clone(),
            at: item.effective_at(),
            recorded_at: item.recorded_at,
            sequence: item.sequence,
        }))
    }

    pub(super) fn stays(item: &Item) -> Result<Stays, Unfoldable> {
        let erased = matches!(item.event()?, domain::Event::Customer(Event::Erased { .. }));
        Ok(if erased { Stays::No } else { Stays::Yes })
    }
}
