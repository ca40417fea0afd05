//! The read models against a real PostgreSQL: `DOSSIER_TEST_POSTGRES` names the directory of its
//! socket.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    clippy::cognitive_complexity,
    reason = "a test ends where something unexpected happens"
)]

mod answers;
mod conditions;
mod extents;
mod isolation;
mod mix;
mod parking;
mod past;
mod rebuilding;
mod runners;
mod support;
