//! What can go wrong between the log and an answer.

use uuid::Uuid;

/// A failure of a read model: of following, rebuilding or asking it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the read models' database refused or did not answer")]
    Database(#[from] tokio_postgres::Error),
    #[error("no connection to the database could be had")]
    Pool(#[from] deadpool_postgres::PoolError),
    #[error("the log could not be read")]
    Store(#[from] eventstore::Error),
    #[error("the directory could not be read or written")]
    Directory(#[from] crate::directory::Error),
    /// An event that should be there is not: following stops, since a read model that skipped it
    /// would be wrong for ever.
    #[error("lane {lane} goes on at position {found} where {expected} was due")]
    Gap { lane: i16, expected: i64, found: i64 },
    #[error("there is no read model {0}")]
    UnknownModel(String),
    #[error("read model {name} holds version {found}, this program knows {known}")]
    OtherVersion { name: &'static str, found: i32, known: i32 },
    #[error("read model {0} is being rebuilt by somebody else")]
    Rebuilding(&'static str),
    #[error("the lease was lost to another process")]
    LeaseLost,
    #[error("a task of the rebuild ended early")]
    Task(#[from] tokio::task::JoinError),
    #[error("this is no cursor of a page")]
    Cursor,
    #[error(transparent)]
    Periods(#[from] crate::insight::PeriodsError),
    #[error("a row of read model {0} cannot be read")]
    Row(&'static str, #[source] serde_json::Error),
    #[error("an event of the history cannot be read")]
    History(#[from] crate::read_model::Unfoldable),
    #[error("organisation {organisation} has no position {asked} yet; it is at {head}")]
    UnknownPosition { organisation: Uuid, asked: i64, head: i64 },
    #[error("read model {name} has not come to position {asked} in time; it is at {reached}")]
    Lagging { name: &'static str, asked: i64, reached: i64 },
}

impl Error {
    /// Whether the data itself is refused, so that trying again changes nothing.
    pub(crate) fn is_about_data(&self) -> bool {
        let database = match self {
            Self::Database(error) | Self::Directory(crate::directory::Error::Database(error)) => {
                error
            }
            Self::Directory(
                crate::directory::Error::Cursor(_) | crate::directory::Error::OneWay,
            )
            | Self::Pool(_)
            | Self::Store(_)
            | Self::Gap { .. }
            | Self::UnknownModel(_)
            | Self::OtherVersion { .. }
            | Self::Rebuilding(_)
            | Self::LeaseLost
            | Self::Task(_)
            | Self::Cursor
            | Self::Periods(_)
            | Self::Row(..)
            | Self::History(_)
            | Self::UnknownPosition { .. }
            | Self::Lagging { .. } => return false,
        };
        // Data exceptions, violated constraints, limits of the program.
        database.code().is_some_and(|state| {
            ["22", "23", "54"].iter().any(|class| state.code().starts_with(class))
        })
    }
}
