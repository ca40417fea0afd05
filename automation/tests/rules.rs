//! Rules against a real log. Needs a PostgreSQL server: `./test` starts one and names its socket in
//! `DOSSIER_TEST_POSTGRES`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something unexpected happens"
)]

#[path = "rules/bench.rs"]
mod bench;
#[path = "rules/faults.rs"]
mod faults;
#[path = "rules/firing.rs"]
mod firing;
#[path = "rules/queue.rs"]
mod queue;
#[path = "rules/sql.rs"]
mod sql;
#[path = "rules/waits.rs"]
mod waits;
