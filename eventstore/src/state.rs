//! State that is not history, and so is not in the log: tokens, connections, the secrets of webhooks,
//! credentials, leases, jobs.

pub mod connection;
pub mod credential;
pub mod job;
pub mod lease;
pub mod token;
pub mod webhook;
