//! Undoing what was done with a service entry.

use super::{Error, Part, Past, field, maybe};
use crate::event::Part as _;
use crate::service_entry::{Cancel, Command, Event, Nothing, Reschedule, ServiceState};

pub(super) fn parts(event: &Event) -> Vec<Part> {
    match event {
        Event::Added { .. } => vec![field(super::ALL)],
        Event::Rescheduled { .. } => vec![field("scheduled_for")],
        Event::Completed { .. } | Event::Cancelled { .. } | Event::Reopened { .. } => {
            vec![field("state")]
        }
    }
}

pub(super) fn inverse(past: &Past<'_>, event: &Event) -> Result<Command, Error> {
    Ok(match event {
        Event::Added { .. } => {
            return Err(Error::NoInverse { instead: "call the service entry off" });
        }
        Event::Rescheduled { subject: _, from, to: _ } => {
            Command::Reschedule(Reschedule { scheduled_for: *from })
        }
        Event::Completed { .. } | Event::Cancelled { .. } => Command::Reopen(Nothing {}),
        Event::Reopened { subject: _, from: ServiceState::Cancelled } => {
            Command::Cancel(Cancel { reason: maybe(reason(past))? })
        }
        Event::Reopened { .. } => Command::Complete(Nothing {}),
    })
}

/// Why the entry was called off when it was last.
fn reason<'a>(past: &'a Past<'_>) -> Option<&'a crate::Personal<String>> {
    past.earlier.iter().rev().filter_map(|change| Event::of(&change.event)).find_map(|event| {
        let Event::Cancelled { subject: _, reason } = event else { return None };
        reason.as_ref()
    })
}
