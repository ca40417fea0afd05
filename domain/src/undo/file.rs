//! Undoing what was done with a file.

use super::{Error, Part, field, text};
use crate::file::{Command, Event, Nothing, Rename, Restore};

pub(super) fn parts(event: &Event) -> Vec<Part> {
    match event {
        Event::Uploaded { .. } => vec![field(super::ALL)],
        Event::Renamed { .. } => vec![field("name")],
        Event::Removed { .. } | Event::Restored { .. } => vec![field("removed")],
    }
}

pub(super) fn inverse(event: &Event) -> Result<Command, Error> {
    Ok(match event {
        Event::Uploaded { .. } | Event::Restored { .. } => Command::Remove(Nothing {}),
        Event::Renamed { subject: _, from } => Command::Rename(Rename { name: text(from)? }),
        Event::Removed { .. } => Command::Restore(Restore::default()),
    })
}
