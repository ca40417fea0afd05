//! The demo's supplement: a command a line, with times counted from the day it is loaded.

use std::io::BufRead;

use jiff::civil::Time;
use jiff::{Timestamp, ToSpan, Zoned};
use serde::Deserialize;
use serde_json::{Map, Value};

/// A command in the form of `POST /v1/commands`; the target is still to be looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The line in the file, beginning with 1.
    pub row: u64,
    /// The command's type, `customer.tag`.
    pub command: String,
    /// Whom it is about; rules and folders have no target.
    pub target: Option<ExternalId>,
    /// The command's data; folders are named, not numbered.
    pub data: Map<String, Value>,
    /// When it is said to have happened.
    pub occurred_at: Option<Timestamp>,
}

/// A customer by its id in another system.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExternalId {
    /// The other system, `demo`.
    pub source: String,
    /// The id there.
    pub id: String,
}

/// What can be wrong with a supplement.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be read.
    #[error("the supplement could not be read")]
    Unreadable(#[from] std::io::Error),
    /// A line is not a command.
    #[error("line {row} of the supplement is not a command")]
    NotACommand {
        /// The line in the file, beginning with 1.
        row: u64,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A time that is neither `P-3DT09:40` nor, for days, `P5D`.
    #[error("line {row} of the supplement has no valid relative time: {value}")]
    BadTime {
        /// The line in the file, beginning with 1.
        row: u64,
        /// What stands there.
        value: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(rename = "type")]
    command: String,
    target: Option<Target>,
    data: Map<String, Value>,
    at: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    external_id: ExternalId,
}

/// Reads all steps. `at` becomes an instant and `data.due_on` a date, both seen from `now`.
///
/// # Errors
/// The source fails, or a line is no command with valid times.
pub fn read(source: impl BufRead, now: &Zoned) -> Result<Vec<Step>, Error> {
    let mut steps = Vec::new();
    for (line, row) in source.lines().zip(1..) {
        let line = line?;
        if !line.trim().is_empty() {
            steps.push(step(&line, row, now)?);
        }
    }
    Ok(steps)
}

fn step(line: &str, row: u64, now: &Zoned) -> Result<Step, Error> {
    let line: Line =
        serde_json::from_str(line).map_err(|source| Error::NotACommand { row, source })?;
    let mut data = line.data;
    if let Some(Value::String(due)) = data.get("due_on") {
        let date = days(due).and_then(|days| now.date().checked_add(days.days()).ok());
        let date = date.ok_or_else(|| Error::BadTime { row, value: due.clone() })?;
        data.insert("due_on".to_owned(), Value::String(date.to_string()));
    }
    let occurred_at = match line.at {
        Some(at) => Some(instant(&at, now).ok_or(Error::BadTime { row, value: at })?),
        None => None,
    };
    let target = line.target.map(|target| target.external_id);
    Ok(Step { row, command: line.command, target, data, occurred_at })
}

/// `P-3DT09:40`: three days ago at 9:40. Never in the future.
fn instant(at: &str, now: &Zoned) -> Option<Timestamp> {
    let (day, time) = at.split_once('T')?;
    let time = Time::strptime("%H:%M", time).ok()?;
    let date = now.date().checked_add(days(day)?.days()).ok()?;
    let instant = date.to_datetime(time).to_zoned(now.time_zone().clone()).ok()?.timestamp();
    (instant <= now.timestamp()).then_some(instant)
}

/// `P5D` and `P-5D`.
fn days(text: &str) -> Option<i32> {
    let days = text.strip_prefix('P')?.strip_suffix('D')?.parse().ok()?;
    (-3660..=3660).contains(&days).then_some(days)
}

#[cfg(test)]
mod tests;
