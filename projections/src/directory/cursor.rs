//! Where a page ended, as a text that callers pass back unread.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Query, Sort};

/// The last row of a page. It holds the row's normalised name, so it belongs into no log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor(u8, u32, Place);

const FORMAT: u8 = 2;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Place {
    /// In a list, by name or by a moment in microseconds.
    #[serde(rename = "l")]
    List { sort_text: String, moment_us: Option<i64>, customer: Uuid },
    /// In a search.
    #[serde(rename = "s")]
    Search(SearchPlace),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SearchPlace {
    /// Which segment of the plan.
    pub(super) segment: usize,
    pub(super) tier: i32,
    pub(super) term: String,
    pub(super) sort_text: String,
    pub(super) customer: Uuid,
    /// Whether three letters were looked for inside words as well.
    pub(super) inside: bool,
}

/// Why a cursor is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    #[error("this is no cursor of a page")]
    Unreadable,
    #[error("the cursor belongs to a page of another query")]
    OtherQuery,
}

impl Cursor {
    pub(super) fn new(query: &Query, place: Place) -> Self {
        Self(FORMAT, fingerprint(query), place)
    }

    /// The place, if the cursor was made for this text and order.
    pub(super) fn place(&self, query: &Query) -> Result<&Place, CursorError> {
        if self.1 == fingerprint(query) { Ok(&self.2) } else { Err(CursorError::OtherQuery) }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_vec(self).map_err(|_| fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError::Unreadable)?;
        let cursor: Self = serde_json::from_slice(&json).map_err(|_| CursorError::Unreadable)?;
        let readable = cursor.0 == FORMAT && !json.contains(&0) && !cursor.holds_nul();
        if readable { Ok(cursor) } else { Err(CursorError::Unreadable) }
    }
}

impl Cursor {
    /// PostgreSQL has no text with NUL in it.
    fn holds_nul(&self) -> bool {
        match &self.2 {
            Place::List { sort_text, .. } => sort_text.contains('\0'),
            Place::Search(place) => place.sort_text.contains('\0') || place.term.contains('\0'),
        }
    }
}

/// FNV-1a over what decides the order of the answer. A moment is one reader's: with other rights it is another
/// order.
fn fingerprint(query: &Query) -> u32 {
    let sort: u8 = match query.sort {
        Sort::Name => 0,
        Sort::NameBackwards => 1,
        Sort::Updated => 2,
        Sort::Active => 3,
    };
    let by_moment = matches!(query.sort, Sort::Updated | Sort::Active);
    let audiences = query.audiences.iter().flatten().filter(|_| by_moment);
    let audiences: String = audiences.map(|audience| format!("{audience} ")).collect();
    let organisation = query.organisation.as_bytes().iter().copied();
    organisation
        .chain([sort, u8::from(query.archived)])
        .chain(audiences.bytes())
        .chain(query.text.trim().bytes())
        .fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests;
