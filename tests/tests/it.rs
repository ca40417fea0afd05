//! Acceptance tests: the service as apps and people meet it, through HTTP, on a real PostgreSQL.
//!
//! A test that shows a behaviour of FEATURES begins with its number: `f057_…`.
//! Needs the server that `./test` starts (`DOSSIER_TEST_POSTGRES`).

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where something unexpected happens"
)]

#[path = "it/app.rs"]
mod app;
#[path = "it/architecture.rs"]
mod architecture;
#[path = "it/features.rs"]
mod features;
