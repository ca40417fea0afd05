//! Group append: waiting appends of many organisations go into the log in one call, one commit.
//!
//! [`types`] says what an append is, [`plan`] computes every row of a batch from what is known of
//! lanes, organisations and streams, [`write`] sends them, [`committer`] drains the queue and
//! chooses between the fast path (from its caches, no reads) and the slow one (locks and reads).
//! See docs/adr/0001-the-log.md.

pub(crate) mod committer;
mod connection;
mod known;
mod lock;
mod plan;
mod types;
mod write;

pub use types::{
    Append, AppendError, Appended, ClaimRow, CommandId, Expected, NewEvent, NewKey, NumberUse,
    StreamAppend,
};
