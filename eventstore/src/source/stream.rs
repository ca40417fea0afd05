//! From JetStream, and from the log whenever that does not give the next events at once: the
//! stream is missing, behind, rolled back, not ours, or out of reach.

use std::time::{Duration, Instant};

use async_nats::jetstream::consumer::DeliverPolicy;
use async_nats::jetstream::consumer::pull::{Ordered, OrderedConfig};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::EventSource;
use crate::error::Error;
use crate::nats::Nats;
use crate::read::{Read, Stored};
use crate::relay::message;
use crate::store::{LANES, Store};

#[cfg(test)]
mod tests;

/// How long the stream may take to have what the log has.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long a consumer may take to be made.
const MAKING: Duration = Duration::from_millis(500);
/// After a disappointment the log is read for so long.
const REST: Duration = Duration::from_secs(1);

/// The copy in JetStream, with the log behind it. For one follower of each lane.
#[derive(Debug)]
pub struct StreamSource {
    store: Store,
    nats: Nats,
    lanes: Vec<Mutex<Lane>>,
}

/// A lane's consumer.
#[derive(Default)]
struct Lane {
    consumer: Option<Consumer>,
    rests_until: Option<Instant>,
}

struct Consumer {
    messages: Ordered,
    /// The last position that was taken from it.
    position: i64,
}

impl std::fmt::Debug for Lane {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let position = self.consumer.as_ref().map(|consumer| consumer.position);
        formatter.debug_struct("Lane").field("position", &position).finish()
    }
}

impl EventSource for StreamSource {
    fn page(&self, lane: i16, after: i64, limit: i64) -> BoxFuture<'_, Result<Vec<Read>, Error>> {
        Box::pin(async move {
            if let Some(stored) = self.copied(lane, after, limit).await {
                count("stream", stored.len());
                return self.store.open_stored(stored).await;
            }
            let read = self.store.follow_lane(lane, after, limit).await?;
            count("log", read.len());
            Ok(read)
        })
    }
}

impl StreamSource {
    pub fn new(store: Store, nats: Nats) -> Self {
        Self { store, nats, lanes: (0..LANES).map(|_| Mutex::default()).collect() }
    }

    /// The next events, if the stream has them and they are those of the log.
    async fn copied(&self, number: i16, after: i64, limit: i64) -> Option<Vec<Stored>> {
        let mut lane = self.lanes.get(usize::try_from(number).ok()?)?.lock().await;
        let rests = lane.rests_until.is_some_and(|until| Instant::now() < until);
        if rests || !self.nats.is_connected() {
            return None;
        }
        let taken = self.take(&mut lane, number, after, limit).await;
        if taken.is_none() {
            *lane = Lane { consumer: None, rests_until: Some(Instant::now() + REST) };
        }
        taken
    }

    async fn take(
        &self,
        lane: &mut Lane,
        number: i16,
        after: i64,
        limit: i64,
    ) -> Option<Vec<Stored>> {
        if lane.consumer.as_ref().is_none_or(|consumer| consumer.position != after) {
            lane.consumer = Some(self.consumer(number, after).await?);
        }
        let consumer = lane.consumer.as_mut()?;
        let most = usize::try_from(limit).unwrap_or_default();
        let mut taken = Vec::new();
        let first = timeout(PATIENCE, consumer.messages.next()).await.ok()??;
        let mut next = Some(first);
        while let Some(message) = next {
            let message = message.ok()?;
            let sequence = message.info().ok()?.stream_sequence;
            taken.push(expected(consumer.position + 1, sequence, &message.payload)?);
            consumer.position += 1;
            if taken.len() >= most {
                break;
            }
            next = consumer.messages.next().now_or_never().flatten();
        }
        // Messages come only behind each other, so the last one stands for all: where the log has
        // it too, they are the log's.
        let last = taken.last()?;
        let in_log = self.store.event_at(number, last.position).await.ok()?;
        (in_log == Some(last.event_id)).then_some(taken)
    }

    async fn consumer(&self, lane: i16, after: i64) -> Option<Consumer> {
        let start_sequence = u64::try_from(after).ok()? + 1;
        let config = OrderedConfig {
            deliver_policy: DeliverPolicy::ByStartSequence { start_sequence },
            ..OrderedConfig::default()
        };
        let making = async {
            let jetstream = self.nats.jetstream();
            let consumer = jetstream.create_consumer_on_stream(config, self.nats.stream(lane));
            consumer.await.ok()?.messages().await.ok()
        };
        let messages = timeout(MAKING, making).await.ok()??;
        Some(Consumer { messages, position: after })
    }
}

/// The row that a message brings, if it is the one that has to come now.
fn expected(position: i64, sequence: u64, payload: &[u8]) -> Option<Stored> {
    let stored = message::decode(payload)?;
    let in_turn = stored.position == position && u64::try_from(position) == Ok(sequence);
    in_turn.then_some(stored)
}

fn count(from: &'static str, events: usize) {
    let events = u64::try_from(events).unwrap_or_default();
    metrics::counter!("dossier_source_events_total", "from" => from).increment(events);
}
