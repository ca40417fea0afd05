//! State that is not history, and so is not in the log: tokens, sessions, the secrets of invitations,
//! the portal and connections, the secrets of webhooks, credentials, leases, jobs, and what is each user's own.

pub mod connection;
pub mod credential;
pub mod favourite;
pub mod invitation;
pub mod job;
pub mod lease;
pub mod look;
pub mod portal;
pub mod session;
pub mod sign_in_attempt;
pub mod token;
pub mod webhook;
