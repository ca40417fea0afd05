//! The list of customers: its tables, how a page of changes is written, and how it is searched.
//!
//! Each way to find a customer is a row of one table (`terms`) that carries the normalised name as well, so that a
//! search is a walk in the order of an index. There is no score: first comes who begins with the text, then whose
//! words begin so, then who has it inside a word, each in the order of the alphabet; people can foresee that.

mod copy;
mod cursor;
mod filter;
mod finds;
mod read;
mod record;
mod route;
pub mod sample;
mod similar;
mod terms;
mod write;

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::audience::{Audience, Marks};

pub use copy::copy_in;
pub use cursor::{Cursor, CursorError};
pub use finds::finds;
pub use read::{list, search};
pub use terms::{external_key, sort_text};
pub use write::{contents, put, remove};

/// Creates the extensions that [`INDEXES`] and [`FUNCTIONS`] need, once for each database.
pub const EXTENSIONS: &str = include_str!("directory/extensions.sql");
/// Creates the tables in the schema that `search_path` names first.
pub const TABLES: &str = include_str!("directory/tables.sql");
/// Creates keys and indexes for the same, after a [`copy_in`] or at once.
pub const INDEXES: &str = include_str!("directory/indexes.sql");
/// Creates or replaces the search functions in a schema of their own. They read the schema `directory`, whichever
/// tables it holds at the moment, and may be created before it.
pub const FUNCTIONS: &str = concat!(
    include_str!("directory/functions.sql"),
    include_str!("directory/functions/words.sql"),
    include_str!("directory/functions/find.sql"),
    include_str!("directory/functions/list.sql"),
    include_str!("directory/functions/open.sql"),
);

/// The version of what the tables hold beside the customers' own data: change it, and the directory is rebuilt.
pub const VERSION: u32 = 4;

/// A customer as the directory holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub organisation: Uuid,
    pub customer: Uuid,
    /// person, company, supplier or other.
    pub kind: String,
    pub display_name: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub company_name: Option<String>,
    pub emails: Vec<String>,
    /// E.164 where known, else as typed.
    pub phones: Vec<String>,
    /// Source and id.
    pub external_ids: Vec<(String, String)>,
    pub folder: Option<Uuid>,
    pub status: Option<String>,
    pub tags: Vec<String>,
    pub workers: Vec<Uuid>,
    /// active or dormant.
    pub lifecycle: String,
    /// The reason of the plain flag.
    pub flagged: Option<String>,
    pub open_risk_flags: i32,
    pub archived: bool,
    pub version: i64,
    /// The last sequence of the organisation that touched the customer.
    pub position: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub last_activity_at: Timestamp,
    /// The same for each audience; of what was put before none may be missing.
    pub marks: Marks,
    /// The row that the list shows.
    pub document: Value,
}

/// What the caller may see at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every customer of the organisation.
    All,
    /// A customer that lies in one of the folders, **or** has one of the workers: grants only add. Both empty: nobody.
    Within { folders: Vec<Uuid>, workers: Vec<Uuid> },
}

/// What the caller asks for; all that is given must hold. `None` restricts nothing, an empty list finds nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// In one of these.
    pub folders: Option<Vec<Uuid>>,
    /// One of these.
    pub statuses: Option<Vec<String>>,
    /// One of these.
    pub kinds: Option<Vec<String>>,
    pub lifecycle: Option<String>,
    /// All of these.
    pub tags: Vec<String>,
    /// At least one of these.
    pub workers: Option<Vec<Uuid>>,
    /// Exactly this source and id.
    pub external_id: Option<(String, String)>,
    /// With an open risk flag, or without.
    pub under_review: Option<bool>,
}

/// The order of a list without a text; a search has its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Name,
    NameBackwards,
    /// The latest change first.
    Updated,
    /// The customer with whom something happened last, first.
    Active,
}

/// A question to the directory.
#[derive(Debug, Clone)]
pub struct Query {
    pub organisation: Uuid,
    /// The archive in place of the list; a customer is in one of the two.
    pub archived: bool,
    /// What was typed; blank for a plain list.
    pub text: String,
    /// Whether e-mails and phone numbers are looked through as well.
    pub by_contact: bool,
    pub scope: Scope,
    pub filters: Filters,
    pub sort: Sort,
    /// Whose events count for an order by moments, unless all do.
    pub audiences: Option<Vec<Audience>>,
    /// Where the page begins, or, walking to the front of a list, where it ends.
    pub after: Option<Cursor>,
    pub backwards: bool,
    pub limit: u16,
}

/// One page of an answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    pub hits: Vec<Hit>,
    /// Where the next page begins; `None` if this is the last.
    pub next: Option<Cursor>,
    /// Where the page before ends; `None` if this is the first. A search knows no way back.
    pub prev: Option<Cursor>,
}

/// A customer that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub customer: Uuid,
    /// What the text matched; `None` in a plain list.
    pub matched: Option<Matched>,
    pub version: i64,
    pub document: Value,
}

/// Why a customer was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// The name begins with the text.
    Starts,
    /// Every word typed begins a word of the names.
    Word,
    /// The text stands inside the names.
    Inside,
    /// Not what was typed, but close to it.
    Similar,
    Email,
    Domain,
    Phone,
    ExternalId,
}

impl Matched {
    /// The name in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Starts => "starts",
            Self::Word => "word",
            Self::Inside => "inside",
            Self::Similar => "similar",
            Self::Email => "email",
            Self::Domain => "domain",
            Self::Phone => "phone",
            Self::ExternalId => "external_id",
        }
    }
}

/// What can go wrong with the directory.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the directory could not be read or written")]
    Database(#[from] tokio_postgres::Error),
    #[error(transparent)]
    Cursor(#[from] CursorError),
    #[error("a search by text has no way back")]
    OneWay,
}
