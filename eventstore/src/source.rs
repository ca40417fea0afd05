//! Where followers of a lane get its events from: the log itself, or its copy in JetStream.

mod stream;

use futures_util::future::BoxFuture;

use crate::error::Error;
use crate::read::Read;
use crate::store::Store;

pub use stream::StreamSource;

/// Gives the events of a lane in order. Who follows keeps its checkpoint in PostgreSQL and asks
/// for what lies beyond it.
pub trait EventSource: std::fmt::Debug + Send + Sync {
    /// The events beyond a position without a gap, at most `limit`, and at least one where the log
    /// has one.
    fn page(&self, lane: i16, after: i64, limit: i64) -> BoxFuture<'_, Result<Vec<Read>, Error>>;
}

/// Straight from PostgreSQL.
#[derive(Debug, Clone)]
pub struct LogSource(Store);

impl LogSource {
    pub fn new(store: Store) -> Self {
        Self(store)
    }
}

impl EventSource for LogSource {
    fn page(&self, lane: i16, after: i64, limit: i64) -> BoxFuture<'_, Result<Vec<Read>, Error>> {
        Box::pin(self.0.follow_lane(lane, after, limit))
    }
}
