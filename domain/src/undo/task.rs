//! Undoing what was done with a task.

use super::{ALL, Error, Part, field, maybe, text};
use crate::task::{Command, Content, Edit, Event, Nothing};

pub(super) fn parts(event: &Event) -> Vec<Part> {
    match event {
        Event::Added { .. } | Event::Deleted { .. } | Event::Restored { .. } => vec![field(ALL)],
        Event::Edited { customer: _, from, to } => edited(from, to),
        Event::Completed { .. } | Event::Reopened { .. } => vec![field("state")],
    }
}

fn edited(from: &Content, to: &Content) -> Vec<Part> {
    let differ = [
        ("title", from.title != to.title),
        ("due_on", from.due_on != to.due_on),
        ("assignee", from.assignee != to.assignee),
        ("note", from.note != to.note),
    ];
    differ.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| field(name)).collect()
}

pub(super) fn inverse(event: &Event) -> Result<Command, Error> {
    Ok(match event {
        Event::Added { .. } | Event::Restored { .. } => Command::Delete(Nothing {}),
        Event::Edited { customer: _, from, to } => Command::Edit(edit(from, to)?),
        Event::Completed { .. } => Command::Reopen(Nothing {}),
        Event::Reopened { .. } => Command::Complete(Nothing {}),
        Event::Deleted { .. } => Command::Restore(Nothing {}),
    })
}

/// Only what was changed goes back.
fn edit(from: &Content, to: &Content) -> Result<Edit, Error> {
    let mut edit = Edit::default();
    if from.title != to.title {
        edit.title = Some(text(&from.title)?);
    }
    if from.due_on != to.due_on {
        edit.due_on = Some(from.due_on);
    }
    if from.assignee != to.assignee {
        edit.assignee = Some(from.assignee);
    }
    if from.note != to.note {
        edit.note = Some(maybe(from.note.as_ref())?);
    }
    Ok(edit)
}
