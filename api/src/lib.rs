//! The service: HTTP, the command line, and what a process of it needs to run.

pub mod bench;
pub mod bootstrap;
mod bulk;
pub mod cli;
mod commands;
mod csp;
pub mod demo;
pub mod disk;
pub mod embedded_postgres;
pub mod endpoint;
mod extract;
pub mod files;
pub mod import;
mod inbound;
mod invitations;
mod live;
mod log;
pub mod openapi;
mod organisations;
mod page;
pub mod passwords;
mod past;
mod portal;
mod presence;
pub mod problem;
mod rehearsals;
mod request_id;
pub mod routes;
pub mod server;
pub mod service;
pub mod settings;
mod sign_in;
mod view;
mod web;

pub use domain::user::INSTALLATION;
pub use server::{App, router, serve};
