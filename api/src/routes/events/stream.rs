//! Events as they happen: server-sent events, each time as far as the caller may see them.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body as HttpBody, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use domain::Recorded;
use domain::access::{self, Action, Scope};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::{shown, types};
use crate::extract::{Ask, authenticate};
use crate::live::{Channel, Seat};
use crate::page::{self, Standing};
use crate::problem::{Code, Problem};
use crate::server::App;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// What a browser waits before it comes back.
const COME_BACK: &str = "retry: 2000\n\n";
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Bytes made ready for a reader before it has taken those it has.
const READY: usize = 64 * 1024;
const SUBJECTS: usize = 50;

pub(super) async fn stream(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::EventRead)?;
    let wanted = Wanted { types: types(&ask)?, subjects: subjects(&ask)? };
    let live = ask.app.live();
    let channel = live.channel(ask.organisation()).await?;
    let standing = page::of_log(&ask).await?;
    let begin = begin(&ask, standing)?;
    let seat = live.seat(ask.pass());
    let seat = seat.ok_or_else(|| Problem::new(Code::TooManyFeeds).retry_after_ms(10_000))?;
    let feed = Feed {
        heads: channel.head(),
        rights: ask.app.sessions().changes(),
        closing: live.closing(),
        pending: VecDeque::new(),
        frames: begin.frames.into(),
        after: begin.after,
        told: begin.after,
        until: standing.position,
        caught_up: false,
        ended: false,
        beat: Instant::now() + HEARTBEAT,
        app: ask.app,
        headers: ask.headers,
        scope,
        wanted,
        channel,
        _seat: seat,
    };
    let frames = stream::unfold(feed, |mut feed| async move {
        let bytes = feed.next().await?;
        Some((Ok::<_, Infallible>(bytes), feed))
    });
    let headers = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-store"),
        // A proxy of nginx's kind would hold frames back.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok(standing.stamp((headers, HttpBody::from_stream(frames)).into_response()))
}

/// Where a feed begins, and what is said first.
struct Begin {
    after: i64,
    frames: Vec<Bytes>,
}

/// The header of a reader that comes back goes before the address, which it repeats.
fn begin(ask: &Ask, standing: Standing) -> Result<Begin, Problem> {
    let head = standing.position;
    let mut frames = vec![Bytes::from_static(COME_BACK.as_bytes())];
    if let Some(id) = ask.headers.get(LAST_EVENT_ID) {
        let id = id.to_str().ok().and_then(|text| text.trim().parse::<i64>().ok());
        let wrong = || Problem::header(&LAST_EVENT_ID, "Last-Event-ID must be the id of a frame");
        let id = id.filter(|id| *id >= 0).ok_or_else(wrong)?;
        if id > head {
            // The log is another one, or was set back: what the reader has is worth nothing. A
            // refusal would keep a browser from ever coming back.
            frames.push(written(
                "dossier.reset",
                Some(head),
                &json!({ "position": head.to_string() }),
            ));
        }
        return Ok(Begin { after: id.min(head), frames });
    }
    let Some(text) = ask.query.text("after") else { return Ok(Begin { after: head, frames }) };
    let wrong = || Problem::parameter("after", "after must be the id of a frame", None);
    let after = text.parse().ok().filter(|after| *after >= 0).ok_or_else(wrong)?;
    page::within_log(Some(after), standing)?;
    Ok(Begin { after, frames })
}

/// What a reader asked for, beside what they may see.
struct Wanted {
    types: Vec<String>,
    subjects: Vec<String>,
}

fn subjects(ask: &Ask) -> Result<Vec<String>, Problem> {
    let subjects = ask.query.words("subject");
    let is_subject = |text: &String| {
        let parts = text.split_once('/');
        parts.is_some_and(|(kind, id)| !kind.is_empty() && id.parse::<Uuid>().is_ok())
    };
    if let Some(wrong) = subjects.iter().find(|text| !is_subject(text)) {
        let detail = format!("{wrong:?} is no subject; one is written as customers/<id>");
        return Err(Problem::parameter("subject", detail, None));
    }
    if subjects.len() > SUBJECTS {
        let detail = format!("a feed follows at most {SUBJECTS} subjects; leave them out for all");
        return Err(Problem::parameter("subject", detail, None));
    }
    Ok(subjects.iter().map(|subject| subject.to_lowercase()).collect())
}

/// One reader's feed. It does something only when its reader takes: who is slow costs nothing but
/// their place in the log.
struct Feed {
    app: App,
    /// With which the reader came: whether they still open the door is looked at again.
    headers: HeaderMap,
    scope: Scope,
    wanted: Wanted,
    channel: Arc<Channel>,
    heads: watch::Receiver<i64>,
    rights: watch::Receiver<()>,
    closing: watch::Receiver<bool>,
    /// Events that were read and not looked at.
    pending: VecDeque<Arc<Recorded>>,
    frames: VecDeque<Bytes>,
    /// The last sequence looked at, and the last one that the reader was told as an id.
    after: i64,
    told: i64,
    /// Where the log stood when the reader came.
    until: i64,
    caught_up: bool,
    ended: bool,
    beat: Instant,
    _seat: Seat,
}

enum Woken {
    Log,
    Rights,
    Heartbeat,
    End,
}

impl Feed {
    async fn next(&mut self) -> Option<Bytes> {
        while self.frames.is_empty() && !self.ended {
            if let Err(problem) = self.step().await {
                tracing::debug!(code = problem.code().name(), "a feed broke off");
                self.ended = true;
            }
        }
        let frames = self.frames.make_contiguous().concat();
        self.frames.clear();
        (!frames.is_empty()).then(|| frames.into())
    }

    async fn step(&mut self) -> Result<(), Problem> {
        if *self.closing.borrow() {
            self.ended = true;
            return Ok(());
        }
        if self.rights.has_changed().unwrap_or(true) {
            return self.look_at_rights().await;
        }
        if self.pending.is_empty() {
            self.pending = self.channel.beyond(self.after).await?;
        }
        if !self.pending.is_empty() {
            return self.take().await;
        }
        if !self.caught_up && self.after >= self.until {
            self.caught_up = true;
            let position = json!({ "position": self.after.to_string() });
            self.say("dossier.caught_up", &position);
            return Ok(());
        }
        match self.woken().await {
            Woken::Log => {}
            Woken::Rights => self.look_at_rights().await?,
            Woken::Heartbeat => self.beat(),
            Woken::End => self.ended = true,
        }
        Ok(())
    }

    async fn take(&mut self) -> Result<(), Problem> {
        let mut ready = 0;
        while ready < READY && !self.rights.has_changed().unwrap_or(true) {
            let Some(event) = self.pending.pop_front() else { break };
            if let Some(frame) = self.frame(&event).await? {
                ready += frame.len();
                self.frames.push_back(frame);
                self.told = event.sequence;
                self.beat = Instant::now() + HEARTBEAT;
            }
            self.after = event.sequence;
        }
        Ok(())
    }

    async fn frame(&self, event: &Recorded) -> Result<Option<Bytes>, Problem> {
        let Wanted { types, subjects } = &self.wanted;
        if !types.is_empty() && !types.contains(&event.type_name) {
            return Ok(None);
        }
        let Some(envelope) = shown(&self.app, &self.scope, event).await? else { return Ok(None) };
        let about =
            |subject: &String| envelope.get("subject").and_then(Value::as_str) == Some(subject);
        if !subjects.is_empty() && !subjects.iter().any(about) {
            return Ok(None);
        }
        Ok(Some(written(&event.type_name, Some(event.sequence), &envelope)))
    }

    /// Whoever may do less or more than before goes on so; whoever may not come in any more is
    /// told, and the feed ends.
    async fn look_at_rights(&mut self) -> Result<(), Problem> {
        self.rights.mark_unchanged();
        let visitor = authenticate(&self.app, &self.headers).await;
        let scope = visitor.and_then(|visitor| {
            access::scope(&visitor.principal, Action::EventRead).map_err(Problem::from)
        });
        match scope {
            Ok(scope) if scope == self.scope => {}
            Ok(scope) => {
                self.scope = scope;
                self.say("dossier.permissions_changed", &json!({ "ended": false }));
            }
            Err(problem) if problem.status_code().is_server_error() => return Err(problem),
            Err(problem) => {
                let word = json!({ "ended": true, "code": problem.code().name() });
                self.say("dossier.permissions_changed", &word);
                self.ended = true;
            }
        }
        Ok(())
    }

    fn say(&mut self, name: &str, data: &Value) {
        self.frames.push_back(written(name, None, data));
        self.beat = Instant::now() + HEARTBEAT;
    }

    /// A comment that keeps the line open; where events went by that the reader does not see, with
    /// the id from which to go on.
    fn beat(&mut self) {
        let beat = if self.after > self.told {
            format!("id: {}\n: hb\n\n", self.after)
        } else {
            ": hb\n\n".to_owned()
        };
        self.told = self.after;
        self.frames.push_back(beat.into());
        self.beat = Instant::now() + HEARTBEAT;
    }

    async fn woken(&mut self) -> Woken {
        tokio::select! {
            _ = self.closing.wait_for(|closing| *closing) => Woken::End,
            _ = self.rights.changed() => Woken::Rights,
            _ = self.heads.changed() => Woken::Log,
            () = sleep_until(self.beat) => Woken::Heartbeat,
        }
    }
}

/// A frame, with an id where the reader can come back to it. JSON on one line fits one `data`.
fn written(name: &str, id: Option<i64>, data: &Value) -> Bytes {
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    format!("{id}event: {name}\ndata: {data}\n\n").into()
}
