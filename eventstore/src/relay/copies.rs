//! How far the copies of the lanes have come, for those who look after a service.

use super::Error;
use super::lane::{boxed, is_missing};
use crate::nats::Nats;
use crate::store::Store;

/// A lane with events, and its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    pub lane: i16,
    /// The last position of the log.
    pub head: i64,
    /// The last position of the stream; `None` if there is no stream.
    pub published: Option<i64>,
}

/// The lanes that have events, with how far their streams have come.
///
/// # Errors
/// JetStream does not answer.
pub async fn copies(store: &Store, nats: &Nats) -> Result<Vec<Copied>, Error> {
    let mut heads: Vec<(i16, i64)> =
        store.heads().watch().borrow().iter().map(|(lane, head)| (*lane, *head)).collect();
    heads.sort_unstable();
    let mut copies = Vec::new();
    for (lane, head) in heads.into_iter().filter(|(_, head)| *head > 0) {
        let found = nats.jetstream().get_stream(nats.stream(lane)).await;
        let published = match found.map_err(|error| (error.kind(), error)) {
            Ok(stream) => i64::try_from(stream.cached_info().state.last_sequence).ok(),
            Err((kind, _)) if is_missing(&kind) => None,
            Err((_, error)) => return Err(boxed(error)),
        };
        copies.push(Copied { lane, head, published });
    }
    Ok(copies)
}
