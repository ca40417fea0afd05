//! The read models against a real PostgreSQL: `DOSSIER_TEST_POSTGRES` names the directory of its
//! socket.

mod answers;
mod conditions;
mod mix;
mod parking;
mod rebuilding;
mod runners;
mod support;
