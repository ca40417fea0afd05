//! The directory against a real PostgreSQL: `DOSSIER_TEST_POSTGRES` names the directory of its socket.

mod access;
mod finding;
mod lists;
mod reference;
mod similar;
mod support;
mod swap;
mod writing;
