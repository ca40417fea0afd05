//! The event log in PostgreSQL: append, read, follow, prove, erase; and the state that is not
//! history. The only crate that writes the log.

pub mod append;
pub mod crypto;
mod error;
mod execute;
pub mod files;
mod follow;
mod keys;
mod migrations;
pub mod nats;
pub mod proof;
mod read;
pub mod relay;
pub mod source;
pub mod state;
mod store;
mod verify;
pub mod wake;

pub use append::CommandId;
pub use crypto::SecretKey;
pub use error::{Error, StoredError};
pub use execute::{Absent, Acting, Caller, Done, Options, Receipt, Refused};
pub use follow::Heads;
pub use migrations::migrate;
pub use read::{HistoryQuery, Read, Subjects};
pub use store::{LANES, Store, StoreSettings};
pub use verify::{CustomerVerification, FirstBad, Verification};
