//! Events page by page, and by long poll.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Recorded;
use domain::access::{Action, Scope};
use projections::{PageQuery, Turns};
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::{shown, types};
use crate::extract::Ask;
use crate::live::{Channel, Seat};
use crate::page::{self, Page, Standing};
use crate::problem::{Code, Problem};

/// Events read at once; more are read where many of them are not for the caller.
const CHUNK: i64 = 500;
/// The database looks so far at once for events of the types asked for.
const STRETCH: i64 = 20_000;
/// So long a page looks for rows; then it is answered with those it has, and where to go on.
const LOOKING: Duration = Duration::from_secs(2);

pub(super) async fn list(mut ask: Ask) -> Result<Response, Problem> {
    let mut scope = ask.scope(Action::EventRead)?;
    let types = types(&ask)?;
    let query = page::query(&ask)?;
    let mut place = place(&query)?;
    let descending = descends(&ask, &query);
    let wait = Duration::from_secs(ask.query.integer("wait").unwrap_or_default().unsigned_abs());
    let deadline = Instant::now() + wait;
    // Listened to before the log is read, so that nothing comes in between.
    let mut following = match wait.is_zero() {
        true => None,
        false => Some(Following::new(&ask).await?),
    };
    loop {
        if let Some(following) = &mut following {
            following.heads.mark_unchanged();
        }
        let standing = page::of_log(&ask).await?;
        if !descending {
            page::within_log(place, standing)?;
        }
        let walk = Walk { scope: &scope, types: &types, descending, place };
        let (rows, onward) = walk.rows(&ask, standing, usize::from(query.limit)).await?;
        let ended = rows.is_empty() && onward.is_none() && !descending;
        let Some(following) = following.as_mut().filter(|_| ended) else {
            return Ok(rows.page(&query, onward).answer(&ask, standing));
        };
        place = Some(standing.position);
        match timeout_at(deadline, following.woken()).await {
            Ok(Woken::Log) => {}
            Ok(Woken::Rights) => {
                ask.come_in_again().await?;
                scope = ask.scope(Action::EventRead)?;
            }
            Err(_) => return Ok(standing.stamp(StatusCode::NO_CONTENT.into_response())),
        }
    }
}

/// Who waits for the next event: word of it, and of rights that have changed meanwhile.
struct Following {
    heads: watch::Receiver<i64>,
    rights: watch::Receiver<()>,
    _channel: Arc<Channel>,
    _seat: Seat,
}

enum Woken {
    Log,
    Rights,
}

impl Following {
    async fn new(ask: &Ask) -> Result<Self, Problem> {
        let live = ask.app.live();
        let channel = live.channel(ask.organisation()).await?;
        let seat = live.seat(ask.pass());
        let seat = seat.ok_or_else(|| Problem::new(Code::TooManyFeeds).retry_after_ms(10_000))?;
        let (heads, rights) = (channel.head(), ask.app.sessions().changes());
        Ok(Self { heads, rights, _channel: channel, _seat: seat })
    }

    async fn woken(&mut self) -> Woken {
        // Rights first: whoever lost theirs is not told the event that says so.
        tokio::select! {
            biased;
            _ = self.rights.changed() => Woken::Rights,
            _ = self.heads.changed() => Woken::Log,
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
    /// The next rows, and where to go on if there may be more. They are few, or none, and yet not
    /// the last only where the time was over.
    async fn rows(
        &self,
        ask: &Ask,
        standing: Standing,
        limit: usize,
    ) -> Result<(Rows, Option<i64>), Problem> {
        let mut rows = Rows::default();
        let mut left = Left::new(self.place, standing.position, self.descending);
        let until = Instant::now() + LOOKING;
        while let Some(stretch) = left.stretch(self.length()) {
            if Instant::now() > until {
                return Ok((rows, left.place()));
            }
            let events = self.read(ask, stretch).await?;
            let is_full = i64::try_from(events.len()) == Ok(CHUNK);
            let last = events.last().map(|event| event.sequence).filter(|_| is_full);
            for event in events {
                if rows.len() == limit {
                    let onward = rows.last();
                    return Ok((rows, onward));
                }
                if let Some(row) = shown(&ask.app, self.scope, &event).await? {
                    rows.push(event.sequence, row);
                }
            }
            left.pass(stretch, last);
        }
        Ok((rows, None))
    }

    fn length(&self) -> i64 {
        if self.types.is_empty() { CHUNK } else { STRETCH }
    }

    /// The first events of a stretch, in the order of the walk.
    async fn read(&self, ask: &Ask, stretch: (i64, i64)) -> Result<Vec<Recorded>, Problem> {
        let (store, organisation) = (ask.app.store(), ask.organisation());
        if !self.types.is_empty() {
            let (types, descending) = (self.types, self.descending);
            return Ok(store.read_types(organisation, types, stretch, descending, CHUNK).await?);
        }
        let (from, to) = stretch;
        let mut events = store.read_organisation(organisation, from, to, CHUNK).await?;
        if self.descending {
            events.reverse();
        }
        Ok(events)
    }
}

/// What is left of the log to be walked: beyond `low`, up to and with `high`.
struct Left {
    low: i64,
    high: i64,
    descending: bool,
}

impl Left {
    fn new(after: Option<i64>, head: i64, descending: bool) -> Self {
        if descending {
            let high = after.map_or(head, |after| (after - 1).min(head));
            Self { low: 0, high, descending }
        } else {
            Self { low: after.unwrap_or_default(), high: head, descending }
        }
    }

    /// The next so many events: beyond the first number, up to and with the second.
    fn stretch(&self, length: i64) -> Option<(i64, i64)> {
        if self.low >= self.high {
            None
        } else if self.descending {
            Some(((self.high - length).max(self.low), self.high))
        } else {
            Some((self.low, (self.low + length).min(self.high)))
        }
    }

    /// A stretch was read, to its end or up to and with an event.
    fn pass(&mut self, (from, to): (i64, i64), last: Option<i64>) {
        if self.descending {
            self.high = last.map_or(from, |last| last - 1);
        } else {
            self.low = last.unwrap_or(to);
        }
    }

    /// The cursor from which the walk goes on.
    fn place(&self) -> Option<i64> {
        Some(if self.descending { self.high + 1 } else { self.low })
    }
}
