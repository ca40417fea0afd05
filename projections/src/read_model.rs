//! What a read model is: rows folded from events, in a schema of its own.

use std::fmt::Debug;

use deadpool_postgres::Transaction;
use uuid::Uuid;

use crate::error::Error;
use crate::item::{Item, Unreadable};

/// Rows folded from events.
///
/// The rows of a subject (a customer, else a stream; see [`Item::subject`]) follow from the events
/// of that subject alone. So a subject can be parked, folded again and rebuilt without the others.
pub trait ReadModel: Sized + Send + Sync + 'static {
    type Row: Debug + Clone + PartialEq + Send + Sync + 'static;

    /// Its name and that of its schema.
    const NAME: &'static str;
    /// Raised when rows or tables change; a database that holds another version is rebuilt.
    const VERSION: i32;
    /// Creates its tables without keys and indexes, so that they can be filled by COPY.
    const TABLES: &'static str;
    /// Creates keys and indexes, on empty tables or after a COPY.
    const INDEXES: &'static str;
    /// The events that it folds: kinds of streams (`customer`), or whole names
    /// (`customer.erased`). Others do not touch it.
    const EVENTS: &'static [&'static str];

    /// Whether it folds this event.
    fn follows(item: &Item) -> bool {
        item.is_one_of(Self::EVENTS)
    }

    /// The rows that such an event changes.
    fn touches(item: &Item) -> Touch;

    /// Of these (kinds or whole names) it folds only what is not personal: in a rebuild the
    /// rest stays sealed, and [`Item::event`] must not be asked for.
    const SEALED: &'static [&'static str] = &[];

    /// Makes the row what it is after the event; `None` is no row. Pure, and an event that fails
    /// leaves the row as it was.
    fn fold(key: Key, row: &mut Option<Self::Row>, item: &Item) -> Result<(), Unfoldable>;

    /// The subject of the events that make this row.
    fn subject(key: Key, row: &Self::Row) -> Uuid;

    /// The rows of these keys, and all rows of these subjects.
    fn load(
        tx: &Transaction<'_>,
        wanted: &Wanted,
    ) -> impl Future<Output = Result<Vec<(Key, Self::Row)>, Error>> + Send;

    /// Writes rows that changed, new or known, and takes those away that are gone.
    fn save(
        tx: &Transaction<'_>,
        changes: &Changes<Self::Row>,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Fills tables that have no keys yet.
    fn copy_in(
        tx: &Transaction<'_>,
        rows: &[(Key, Self::Row)],
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Every row of an organisation as a line, in order: two builds that are equal have equal
    /// lines.
    fn lines(
        tx: &Transaction<'_>,
        organisation: Uuid,
    ) -> impl Future<Output = Result<Vec<String>, Error>> + Send;
}

/// Which row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub organisation: Uuid,
    pub id: Uuid,
}

/// What an event touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touch {
    Nothing,
    Row(Uuid),
    Rows(Vec<Uuid>),
    /// Every row of its subject that there is.
    Subject,
}

/// Rows to be loaded, as pairs of columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Organisations and ids of single rows.
    pub rows: (Vec<Uuid>, Vec<Uuid>),
    /// Organisations and subjects of which all rows are wanted.
    pub subjects: (Vec<Uuid>, Vec<Uuid>),
}

/// What a page of events changed.
#[derive(Debug, Clone)]
pub struct Changes<R> {
    pub put: Vec<(Key, R)>,
    pub gone: Vec<Key>,
}

impl<R> Default for Changes<R> {
    fn default() -> Self {
        Self { put: Vec::new(), gone: Vec::new() }
    }
}

impl<R> Changes<R> {
    pub fn is_empty(&self) -> bool {
        self.put.is_empty() && self.gone.is_empty()
    }
}

/// Why an event does not fold; its subject is parked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfoldable {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error("a sum has more digits than can be kept")]
    Sum,
    #[error("it has no readable {0}")]
    Field(&'static str),
}

impl From<&Unreadable> for Unfoldable {
    fn from(error: &Unreadable) -> Self {
        Self::Unreadable(error.clone())
    }
}
