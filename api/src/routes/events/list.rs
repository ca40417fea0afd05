//! Events page by page, and by long poll.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::access::{Action, Scope};
use projections::{PageQuery, Turns};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::{shown, types};
use crate::extract::Ask;
use crate::page::{self, Page, Standing};
use crate::problem::Problem;

/// Events read at once; more are read where many of them are not for the caller.
const CHUNK: i64 = 500;
/// So often a page reads on where few events are for the caller, or of the types asked for.
const STRETCHES: usize = 40;

pub(super) async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::EventRead)?;
    let types = types(&ask)?;
    let query = page::query(&ask)?;
    let mut place = place(&query)?;
    let descending = descends(&ask, &query);
    let wait = Duration::from_secs(ask.query.integer("wait").unwrap_or_default().unsigned_abs());
    let deadline = Instant::now() + wait;
    // Listened to before the log is read, so that nothing comes in between.
    let mut following = None;
    if !wait.is_zero() {
        let channel = ask.app.live().channel(ask.organisation()).await?;
        following = Some((channel.head(), channel));
    }
    loop {
        if let Some((heads, _)) = &mut following {
            heads.mark_unchanged();
        }
        let standing = page::of_log(&ask).await?;
        if !descending {
            page::within_log(place, standing)?;
        }
        let walk = Walk { scope: &scope, types: &types, descending, place };
        let (rows, onward) = walk.rows(&ask, standing, usize::from(query.limit)).await?;
        let ended = rows.is_empty() && onward.is_none() && !descending;
        let Some((heads, _)) = following.as_mut().filter(|_| ended) else {
            return Ok(rows.page(&query, onward).answer(&ask, standing));
        };
        place = Some(standing.position);
        if !matches!(timeout_at(deadline, heads.changed()).await, Ok(Ok(()))) {
            return Ok(standing.stamp(StatusCode::NO_CONTENT.into_response()));
        }
    }
}

/// Whether the log is walked from its end.
pub(in crate::routes) fn descends(ask: &Ask, query: &PageQuery) -> bool {
    (ask.query.text("order") == Some("desc")) != query.is_backwards()
}

/// A cursor of a list of events is the sequence of a row.
pub(in crate::routes) fn place(query: &PageQuery) -> Result<Option<i64>, Problem> {
    let given = [("before", &query.before), ("after", &query.after)];
    let Some((name, text)) = given.into_iter().find_map(|(n, text)| Some((n, text.as_ref()?)))
    else {
        return Ok(None);
    };
    let wrong = || Problem::parameter(name, format!("{name} is no cursor of this list"), None);
    text.parse().ok().filter(|sequence| *sequence >= 0).map(Some).ok_or_else(wrong)
}

/// Events that were found, in the order in which the log was walked.
#[derive(Debug, Default)]
pub(in crate::routes) struct Rows(Vec<(i64, Value)>);

impl Rows {
    pub(in crate::routes) fn push(&mut self, sequence: i64, row: Value) {
        self.0.push((sequence, row));
    }

    pub(in crate::routes) fn len(&self) -> usize {
        self.0.len()
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::routes) fn last(&self) -> Option<i64> {
        self.0.last().map(|(sequence, _)| *sequence)
    }

    /// The page of them, from which the walk goes on at `onward`.
    pub(in crate::routes) fn page(mut self, query: &PageQuery, onward: Option<i64>) -> Page {
        let first = self.0.first().map(|(sequence, _)| sequence.to_string());
        let turns = Turns::of(query, onward.map(|sequence| sequence.to_string()), first);
        if query.is_backwards() {
            self.0.reverse();
        }
        Page::new(self.0.into_iter().map(|(_, row)| row).collect(), turns)
    }
}

struct Walk<'a> {
    scope: &'a Scope,
    types: &'a [String],
    descending: bool,
    place: Option<i64>,
}

impl Walk<'_> {
    /// The next rows, and where to go on if there may be more. They may be few, or none, and yet
    /// not the last.
    async fn rows(
        &self,
        ask: &Ask,
        standing: Standing,
        limit: usize,
    ) -> Result<(Rows, Option<i64>), Problem> {
        let mut rows = Rows::default();
        let mut seen = self.place;
        let stretches = Window::new(self.place, standing.position, self.descending);
        for (count, (from, to)) in stretches.enumerate() {
            if count == STRETCHES {
                return Ok((rows, seen));
            }
            seen = Some(if self.descending { from + 1 } else { to });
            let store = ask.app.store();
            let mut events = store.read_organisation(ask.organisation(), from, to, CHUNK).await?;
            if self.descending {
                events.reverse();
            }
            for event in events {
                if rows.len() == limit {
                    let onward = rows.last();
                    return Ok((rows, onward));
                }
                let wanted = self.types.is_empty() || self.types.contains(&event.type_name);
                if wanted && let Some(row) = shown(&ask.app, self.scope, &event).await? {
                    rows.push(event.sequence, row);
                }
            }
        }
        Ok((rows, None))
    }
}

/// The stretches of the log that are read one after the other: beyond the first number, up to and
/// with the second. Sequences are dense, so that a stretch has as many events as it is long.
struct Window {
    low: i64,
    high: i64,
    descending: bool,
}

impl Window {
    fn new(after: Option<i64>, head: i64, descending: bool) -> Self {
        if descending {
            let high = after.map_or(head, |after| (after - 1).min(head));
            Self { low: 0, high, descending }
        } else {
            Self { low: after.unwrap_or_default(), high: head, descending }
        }
    }
}

impl Iterator for Window {
    type Item = (i64, i64);

    fn next(&mut self) -> Option<(i64, i64)> {
        if self.low >= self.high {
            return None;
        }
        if self.descending {
            let from = (self.high - CHUNK).max(self.low);
            let stretch = (from, self.high);
            self.high = from;
            Some(stretch)
        } else {
            let to = (self.low + CHUNK).min(self.high);
            let stretch = (self.low, to);
            self.low = to;
            Some(stretch)
        }
    }
}
