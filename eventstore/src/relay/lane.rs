//! One lane of the relay.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::context::GetStreamErrorKind;
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{Config, LastRawMessageErrorKind, Stream};
use tokio::sync::watch;
use tokio::time::sleep;

use super::message::{encode, identity};
use super::{Error, Shared};
use crate::state::lease::{self, Lease};

/// Messages under way at a time.
const PAGE: i64 = 512;
/// What the headers of a message may take of the size that the server allows.
const HEADERS: usize = 1_024;
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Publishes one lane until told to stop.
pub(super) async fn publish(shared: Shared, lane: i16, mut stop: watch::Receiver<bool>) {
    let mut heads = shared.store.heads().watch();
    let mut connects = shared.nats.connects();
    let mut lane = Lane { shared, lane, lease: None, renewed: Instant::now(), checked: None };
    let stopping = stop.clone();
    let mut pause = SHORTEST_PAUSE;
    loop {
        let head = heads.borrow_and_update().get(&lane.lane).copied().unwrap_or_default();
        connects.mark_unchanged();
        let caught_up = lane.catch_up(head, &stopping).await;
        if caught_up.is_ok() {
            pause = SHORTEST_PAUSE;
        }
        let wait = lane.wait(caught_up, &mut heads, &mut connects, &mut pause);
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            () = wait => {}
        }
    }
    lane.leave().await;
}

/// A stream that was found to be a copy of the log.
struct Checked {
    /// On which connection.
    connect: u64,
    at: Instant,
    /// The last position that the stream has.
    published: i64,
}

#[derive(Debug, PartialEq, Eq)]
enum Standing {
    /// The stream has all events.
    AtHead,
    /// Another relay has the lane.
    Elsewhere,
}

struct Lane {
    shared: Shared,
    lane: i16,
    lease: Option<Lease>,
    renewed: Instant,
    checked: Option<Checked>,
}

impl Lane {
    /// Publishes what the stream does not have up to the head.
    async fn catch_up(
        &mut self,
        head: i64,
        stop: &watch::Receiver<bool>,
    ) -> Result<Standing, Error> {
        if head == 0 || self.published().is_some_and(|published| published >= head) {
            return Ok(Standing::AtHead);
        }
        if !self.shared.nats.is_connected() {
            return Err(Error::Away);
        }
        loop {
            if !self.hold().await? {
                self.checked = None;
                return Ok(Standing::Elsewhere);
            }
            let published = match self.published() {
                Some(published) => published,
                None => self.check().await?,
            };
            if published >= head || *stop.borrow() {
                return Ok(Standing::AtHead);
            }
            // After a failure the stream is looked at anew.
            let checked = self.checked.take();
            let published = self.publish_page(published).await?;
            self.checked = checked.map(|checked| Checked { published, ..checked });
        }
    }

    /// How far the stream has come, where that was found out on this connection and lately.
    fn published(&self) -> Option<i64> {
        let connect = *self.shared.nats.connects().borrow();
        let fresh = |checked: &&Checked| {
            checked.connect == connect && checked.at.elapsed() < self.shared.settings.check
        };
        self.checked.as_ref().filter(fresh).map(|checked| checked.published)
    }

    /// Has the lane to itself, for a while.
    async fn hold(&mut self) -> Result<bool, Error> {
        let time = self.shared.settings.lease;
        if self.lease.is_some() && self.renewed.elapsed() < time / 3 {
            return Ok(true);
        }
        let client = self.shared.store.worker().get().await?;
        let name = format!("relay.{}", self.lane);
        let held = lease::acquire(&client, &name, self.shared.owner, time).await?;
        let epoch = |lease: &Option<Lease>| lease.as_ref().map(|lease| lease.epoch);
        if epoch(&held) != epoch(&self.lease) {
            // Somebody else may have published since.
            self.checked = None;
        }
        self.lease = held;
        self.renewed = Instant::now();
        Ok(self.lease.is_some())
    }

    /// Finds out how far the stream has come; makes it anew where it is no copy of the log.
    async fn check(&mut self) -> Result<i64, Error> {
        let nats = &self.shared.nats;
        let connect = *nats.connects().borrow();
        nats.suits()?;
        let name = nats.stream(self.lane);
        let published = match nats.jetstream().get_stream(&name).await {
            Ok(stream) => match self.copied(&stream).await? {
                Some(published) => published,
                None => {
                    tracing::warn!(
                        relay.stream = name,
                        "the stream is not a copy of the log: it is made anew"
                    );
                    nats.jetstream().delete_stream(&name).await.map_err(boxed)?;
                    self.create().await?
                }
            },
            Err(error) if is_missing(&error.kind()) => self.create().await?,
            Err(error) => return Err(boxed(error)),
        };
        self.checked = Some(Checked { connect, at: Instant::now(), published });
        Ok(published)
    }

    /// The last position of the stream, if everything in it is in the log at the same place.
    ///
    /// Each message was taken only behind the very one before it, so the last one stands for all.
    async fn copied(&self, stream: &Stream) -> Result<Option<i64>, Error> {
        let info = stream.cached_info();
        let state = &info.state;
        if info.config.subjects != [self.shared.nats.subjects(self.lane)] {
            return Ok(None);
        }
        if state.last_sequence == 0 {
            return Ok(Some(0));
        }
        if state.messages != state.last_sequence + 1 - state.first_sequence {
            return Ok(None);
        }
        let last = match stream.get_raw_message(state.last_sequence).await {
            Ok(last) => last,
            Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => {
                return Ok(None);
            }
            Err(error) => return Err(boxed(error)),
        };
        let Some((position, event_id)) = identity(&last.payload) else { return Ok(None) };
        let is_last = u64::try_from(position) == Ok(state.last_sequence);
        let in_log = self.shared.store.event_at(self.lane, position).await?;
        Ok((is_last && in_log == Some(event_id)).then_some(position))
    }

    async fn create(&self) -> Result<i64, Error> {
        let nats = &self.shared.nats;
        let config = Config {
            name: nats.stream(self.lane),
            subjects: vec![nats.subjects(self.lane)],
            num_replicas: nats.replicas(),
            description: Some("A copy of a lane of Dossier's log".to_owned()),
            ..Config::default()
        };
        nats.jetstream().create_stream(config).await.map_err(boxed)?;
        Ok(0)
    }

    /// Publishes the next events; answers the position of the last one.
    async fn publish_page(&self, after: i64) -> Result<i64, Error> {
        let Shared { store, nats, .. } = &self.shared;
        let stream = nats.stream(self.lane);
        let most = nats.client().max_payload().saturating_sub(HEADERS);
        let mut under_way = Vec::new();
        let mut before = after;
        let mut event_before = None;
        for stored in store.read_sealed(self.lane, after, PAGE).await? {
            let position = stored.position;
            if position != before + 1 {
                let (lane, expected) = (self.lane, before + 1);
                return Err(Error::Gap { lane, expected, found: position });
            }
            let subject = nats.subject(self.lane, stored.organisation, &stored.type_name);
            let event_id = stored.event_id.to_string();
            let mut message = PublishMessage::build()
                .expected_stream(&stream)
                .expected_last_sequence(u64::try_from(before).unwrap_or_default())
                .message_id(&event_id);
            // A number alone does not tell whose message it is: one of somebody else in the place
            // of the first would let the second pass. What was there before the page was looked at.
            if let Some(event_before) = event_before.replace(event_id) {
                message = message.expected_last_message_id(event_before);
            }
            let message = message.payload(encode(stored, most)?.into());
            let sent = nats.jetstream().send_publish(subject, message).await;
            under_way.push((position, sent.map_err(|error| Error::Publish(position, error))?));
            before = position;
        }
        metrics::counter!("dossier_relay_events_total")
            .increment(u64::try_from(under_way.len()).unwrap_or_default());
        for (position, sent) in under_way {
            let taken = sent.await.map_err(|error| Error::Publish(position, error))?;
            if u64::try_from(position) != Ok(taken.sequence) {
                return Err(Error::Displaced { position, sequence: taken.sequence });
            }
        }
        Ok(before)
    }

    /// Waits until there may be something to do.
    async fn wait(
        &self,
        caught_up: Result<Standing, Error>,
        heads: &mut watch::Receiver<HashMap<i16, i64>>,
        connects: &mut watch::Receiver<u64>,
        pause: &mut Duration,
    ) {
        match caught_up {
            Ok(Standing::AtHead) => {}
            Ok(Standing::Elsewhere) => return sleep(self.shared.settings.lease / 2).await,
            Err(error) => {
                self.report(&error);
                let waited = *pause;
                *pause = (waited * 2).min(LONGEST_PAUSE);
                return sleep(waited).await;
            }
        }
        let seen = self.checked.as_ref().map_or(0, |checked| checked.published);
        let lane = self.lane;
        let beyond = |heads: &HashMap<i16, i64>| heads.get(&lane).is_some_and(|head| *head > seen);
        tokio::select! {
            _ = heads.wait_for(beyond) => {}
            _ = connects.changed() => {}
            () = sleep(self.shared.settings.check) => {}
        }
    }

    fn report(&self, error: &Error) {
        let lane = self.lane;
        let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        match error {
            // The connection has told of itself already.
            Error::Away => {}
            // Another relay was faster, or the stream has changed: both are looked into.
            Error::Publish(..) | Error::Displaced { .. } => {
                tracing::debug!(relay.lane = lane, error = %error, cause, "publishing again");
            }
            Error::Store(_)
            | Error::Database(_)
            | Error::Pool(_)
            | Error::Nats(_)
            | Error::Stream(_)
            | Error::Gap { .. }
            | Error::Encode(_) => tracing::warn!(
                relay.lane = lane,
                error = %error,
                cause,
                "the lane is not published just now: who follows it reads the log"
            ),
        }
    }

    /// Lets the lane go, so that the next relay need not wait.
    async fn leave(self) {
        let Some(lease) = self.lease else { return };
        if let Ok(client) = self.shared.store.worker().get().await {
            // If this fails the lease ends by itself.
            drop(lease::release(&client, &lease).await);
        }
    }
}

pub(super) fn boxed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Stream(Box::new(error))
}

pub(super) fn is_missing(kind: &GetStreamErrorKind) -> bool {
    matches!(kind, GetStreamErrorKind::JetStream(error)
        if error.error_code() == ErrorCode::STREAM_NOT_FOUND)
}
