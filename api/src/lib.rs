//! The service: HTTP, the command line, and what a process of it needs to run.

pub mod demo;
pub mod embedded_postgres;
pub mod import;
pub mod settings;
