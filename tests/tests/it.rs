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
#[path = "it/customer_360.rs"]
mod customer_360;
#[path = "it/customers.rs"]
mod customers;
#[path = "it/directory.rs"]
mod directory;
#[path = "it/features.rs"]
mod features;
#[path = "it/history.rs"]
mod history;
#[path = "it/interactions.rs"]
mod interactions;
#[path = "it/notes.rs"]
mod notes;
#[path = "it/risk.rs"]
mod risk;
