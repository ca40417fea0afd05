//! What tests and their environment share.

pub mod nats_server;
