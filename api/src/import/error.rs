//! What can be wrong with an import file, and with a row of it.

use super::report::Outcome;

/// The file as a whole cannot be read; nothing of it may be executed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk or the upload failed.
    #[error("the file could not be read")]
    Unreadable(#[from] std::io::Error),
    /// Not one line of text.
    #[error("the file is empty")]
    Empty,
    /// A picture, an archive, a web page: anything but a table in text form.
    #[error("the file is not a CSV or TSV table, it looks like {looks_like}")]
    NotATable {
        /// What the first bytes say that it is.
        looks_like: &'static str,
    },
    /// A byte sequence that the encoding does not have.
    #[error(
        "row {row}, {column}: a byte here is not valid {encoding}; \
         save the file as UTF-8 or name its encoding"
    )]
    Undecodable {
        /// The line in the file, beginning with 1.
        row: u64,
        /// The column's name, or its place where the header has no name.
        column: String,
        /// The encoding that was detected or asked for.
        encoding: &'static str,
    },
    /// NUL is no character of a text.
    #[error("row {row}, {column}: there is a NUL character here, so this is not a text file")]
    NulCharacter {
        /// The line in the file, beginning with 1.
        row: u64,
        /// The column's name, or its place where the header has no name.
        column: String,
    },
    /// A quotation mark opens a cell and no other closes it.
    #[error("row {row}, {column}: the quotation mark that opens here is never closed")]
    UnclosedQuote {
        /// The line in the file, beginning with 1.
        row: u64,
        /// The column's name, or its place where the header has no name.
        column: String,
    },
    /// The last line has no line end and fewer cells than the header.
    #[error("row {row}, {column}: the file ends in the middle of this row")]
    EndsInTheMiddle {
        /// The line in the file, beginning with 1.
        row: u64,
        /// The first column that is missing.
        column: String,
    },
    /// One row of several megabytes: most often a quotation mark that was never closed.
    #[error("row {row} is longer than {limit_bytes} bytes; is a quotation mark never closed?")]
    RowTooLong {
        /// The line in the file, beginning with 1.
        row: u64,
        /// The most that a row may have.
        limit_bytes: usize,
    },
    /// The file was written to while it was read.
    #[error("row {row}: the file changed while it was read")]
    Changed {
        /// The line in the file, beginning with 1.
        row: u64,
    },
    /// The header does not name what the import needs.
    #[error(
        "the header lacks {}; its columns are {}; name the right ones with the mapping option, \
         for example {{\"{}\":\"<column>\"}}",
        .missing.join(", "), shortened(.found), .missing.first().copied().unwrap_or_default()
    )]
    MissingColumns {
        /// Our names of the fields.
        missing: Vec<&'static str>,
        /// The header as it stands in the file.
        found: Vec<String>,
    },
    /// Two columns would do and the file does not say which.
    #[error("{field} could be any of the columns {}; name one with the mapping option",
        .columns.join(", "))]
    AmbiguousColumn {
        /// Our name of the field.
        field: &'static str,
        /// The columns as they stand in the file.
        columns: Vec<String>,
    },
    /// The mapping names a column that the header has not.
    #[error("the mapping names the column {column} for {field}, the header has {}",
        shortened(.found))]
    MappedColumnMissing {
        /// Our name of the field.
        field: String,
        /// The name that the mapping gave.
        column: String,
        /// The header as it stands in the file.
        found: Vec<String>,
    },
    /// The mapping gives several columns for a field that has one value.
    #[error("the mapping gives several columns for {field}, which takes one")]
    MappedTwice {
        /// Our name of the field.
        field: &'static str,
    },
    /// The mapping names a field that this kind of import has not.
    #[error("the mapping names the field {field}, this import has {}", .known.join(", "))]
    UnknownField {
        /// The name that the mapping gave.
        field: String,
        /// All our names.
        known: Vec<&'static str>,
    },
    /// The mapping is not JSON of the agreed shape.
    #[error("the mapping is not an object from our field names to column names")]
    InvalidMapping(#[source] serde_json::Error),
    /// No encoding of this name.
    #[error("there is no text encoding named {0}")]
    UnknownEncoding(String),
    /// No time zone of this name.
    #[error("there is no time zone named {0}")]
    UnknownTimeZone(String),
    /// A separator is one ASCII character.
    #[error("the separator must be one of comma, semicolon, tab and pipe, not {0}")]
    BadSeparator(String),
}

impl Error {
    /// The stable name of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "file_unreadable",
            Self::Empty => "file_empty",
            Self::NotATable { .. } => "not_a_table",
            Self::Undecodable { .. } => "wrong_encoding",
            Self::NulCharacter { .. } => "nul_character",
            Self::UnclosedQuote { .. } => "quote_not_closed",
            Self::EndsInTheMiddle { .. } => "file_ends_in_row",
            Self::RowTooLong { .. } => "row_too_long",
            Self::Changed { .. } => "file_changed",
            Self::MissingColumns { .. } => "columns_missing",
            Self::AmbiguousColumn { .. } => "column_ambiguous",
            Self::MappedColumnMissing { .. } => "mapped_column_missing",
            Self::MappedTwice { .. } => "mapped_twice",
            Self::UnknownField { .. } => "unknown_mapping_field",
            Self::InvalidMapping(_) => "invalid_mapping",
            Self::UnknownEncoding(_) => "unknown_encoding",
            Self::UnknownTimeZone(_) => "unknown_time_zone",
            Self::BadSeparator(_) => "bad_separator",
        }
    }

    /// The line in the file, beginning with 1, where one line is to blame.
    #[must_use]
    pub fn row(&self) -> Option<u64> {
        match self {
            Self::Undecodable { row, .. }
            | Self::NulCharacter { row, .. }
            | Self::UnclosedQuote { row, .. }
            | Self::EndsInTheMiddle { row, .. }
            | Self::RowTooLong { row, .. }
            | Self::Changed { row } => Some(*row),
            Self::MissingColumns { .. } | Self::AmbiguousColumn { .. } => Some(1),
            Self::Unreadable(_)
            | Self::Empty
            | Self::NotATable { .. }
            | Self::MappedColumnMissing { .. }
            | Self::MappedTwice { .. }
            | Self::UnknownField { .. }
            | Self::InvalidMapping(_)
            | Self::UnknownEncoding(_)
            | Self::UnknownTimeZone(_)
            | Self::BadSeparator(_) => None,
        }
    }

    /// The column in the file, where one column is to blame.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Undecodable { column, .. }
            | Self::NulCharacter { column, .. }
            | Self::UnclosedQuote { column, .. }
            | Self::EndsInTheMiddle { column, .. }
            | Self::MappedColumnMissing { column, .. } => Some(column),
            Self::Unreadable(_)
            | Self::Empty
            | Self::NotATable { .. }
            | Self::RowTooLong { .. }
            | Self::Changed { .. }
            | Self::MissingColumns { .. }
            | Self::AmbiguousColumn { .. }
            | Self::MappedTwice { .. }
            | Self::UnknownField { .. }
            | Self::InvalidMapping(_)
            | Self::UnknownEncoding(_)
            | Self::UnknownTimeZone(_)
            | Self::BadSeparator(_) => None,
        }
    }
}

/// A row that makes no command; the others go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The line in the file, beginning with 1.
    pub row: u64,
    /// The column to blame, as the header names it.
    pub column: Option<String>,
    /// What is the matter.
    pub error: RowError,
}

impl RowProblem {
    /// Left out on purpose, or to be mended and imported again.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self.error {
            RowError::NoCustomer | RowError::Blank => Outcome::Skipped,
            RowError::Ragged { .. }
            | RowError::NoNumber
            | RowError::InvalidNumber { .. }
            | RowError::InvalidDate { .. }
            | RowError::DocumentIncomplete { .. }
            | RowError::CustomersDiffer { .. }
            | RowError::CurrenciesDiffer { .. } => Outcome::Failed,
        }
    }
}

/// What is the matter with one row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// More or fewer cells than the header.
    #[error("the row has {found} cells, the header {expected}")]
    Ragged {
        /// Cells of this row.
        found: usize,
        /// Cells of the header.
        expected: usize,
    },
    /// Separators and nothing between them.
    #[error("all cells of the row are empty")]
    Blank,
    /// A document without a number would be another one at each import.
    #[error("the row has no document number")]
    NoNumber,
    /// Nobody to book it on; this is never guessed.
    #[error("the row names no customer")]
    NoCustomer,
    /// Not a decimal number.
    #[error("{value:?} is not a number such as 12.50")]
    InvalidNumber {
        /// The cell, cut to a readable length.
        value: String,
    },
    /// Not a date in a writing that has one meaning.
    #[error(
        "{value:?} is not a date such as 2026-11-21 08:26:00; other writings need a date format"
    )]
    InvalidDate {
        /// The cell, cut to a readable length.
        value: String,
    },
    /// A document is taken over whole or not at all.
    #[error("document {number} is not taken over, because its row {row} cannot be")]
    DocumentIncomplete {
        /// The document's number.
        number: String,
        /// The first row of it that has a problem of its own.
        row: u64,
    },
    /// Rows of one number that name different customers.
    #[error("the rows of document {number} name different customers")]
    CustomersDiffer {
        /// The document's number.
        number: String,
    },
    /// Rows of one number in different currencies.
    #[error("the rows of document {number} name different currencies")]
    CurrenciesDiffer {
        /// The document's number.
        number: String,
    },
}

impl RowError {
    /// The stable name of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ragged { .. } => "ragged_row",
            Self::Blank => "blank_row",
            Self::NoNumber => "no_number",
            Self::NoCustomer => "no_customer",
            Self::InvalidNumber { .. } => "invalid_number",
            Self::InvalidDate { .. } => "invalid_date",
            Self::DocumentIncomplete { .. } => "document_incomplete",
            Self::CustomersDiffer { .. } => "customers_differ",
            Self::CurrenciesDiffer { .. } => "currencies_differ",
        }
    }
}

/// A header in an error message: enough to recognise the file by.
fn shortened(columns: &[String]) -> String {
    const SHOWN: usize = 20;
    let mut text: String =
        columns.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if columns.len() > SHOWN {
        text.push_str(", …");
    }
    text
}
