//! The directory against a real PostgreSQL: `DOSSIER_TEST_POSTGRES` names the directory of its socket.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test ends where something unexpected happens"
)]

mod access;
mod finding;
mod lists;
mod numbers;
mod reference;
mod similar;
mod support;
mod swap;
mod writing;
