//! A file of one kind as a stream of items.

pub(super) mod customers;
pub(super) mod orders;
pub(super) mod payments;

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Seek, SeekFrom};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::error::{Error, RowError, RowProblem};
use super::mapping::Mapping;
use super::sniff::{HEAD_BYTES, detect};
use super::table::{Record, Table, column_name};
use super::values::Dates;
use customers::{CustomerRow, Customers};
use orders::{OrderDocument, Orders};
use payments::{PaymentRow, Payments};

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One customer a row.
    Customers,
    /// One line of an order history a row.
    Orders,
    /// One line of an invoice a row.
    Invoices,
    /// One payment a row.
    Payments,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Customers, Self::Orders, Self::Invoices, Self::Payments];

    /// The name in routes and commands: `customers`, `orders`…
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Orders => "orders",
            Self::Invoices => "invoices",
            Self::Payments => "payments",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How to read a file, where the file itself does not say.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Columns that are not named as we would name them.
    pub mapping: Mapping,
    /// A label such as `windows-1252`; detected when missing.
    pub encoding: Option<String>,
    /// One of `,` `;` tab `|` or its name; detected when missing.
    pub separator: Option<String>,
    /// A `strptime` format such as `%m/%d/%Y %H:%M`; ISO dates and `21.11.2026` need none.
    pub date_format: Option<String>,
    /// An IANA name for dates without an offset; UTC when missing.
    pub time_zone: Option<String>,
    /// Numbers are written `1.234,50`.
    pub decimal_comma: bool,
    /// For documents of files without a currency column.
    pub currency: Option<String>,
    /// Moves all dates; the demo uses it to end in the present.
    pub shift_weeks: i32,
}

/// What one or several rows say.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A row of a customer file.
    Customer(Box<CustomerRow>),
    /// All rows of one document number.
    Order(Box<OrderDocument>),
    /// All rows of one invoice number.
    Invoice(Box<OrderDocument>),
    /// A row of a payment file.
    Payment(Box<PaymentRow>),
    /// A row that makes nothing.
    Problem(RowProblem),
}

/// What the first pass over the file found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Rows below the header.
    pub rows: u64,
    /// Customers, or document numbers.
    pub records: u64,
    /// The newest readable date, as it stands in the file.
    pub newest: Option<DateTime>,
}

/// Reads a file twice: once to see that it can be read to its end, once for its items.
///
/// So nothing is executed of a file that breaks off, and rows of one document may be scattered.
/// Between the passes it keeps the document numbers (about 130 bytes each), and in the second the
/// documents of which rows are still to come: one at a time in a file sorted by number, in the
/// worst case all of them. A million rows sorted took 7 MB, in random order 310 MB.
/// After an error it ends.
pub struct Reader<R> {
    table: Option<Table<R>>,
    record: Record,
    rows: Rows,
    pending: VecDeque<Item>,
    totals: Totals,
    unused: Vec<String>,
}

enum Rows {
    Customers(Customers),
    Orders(Orders),
    Payments(Payments),
}

impl<R> std::fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("totals", &self.totals).finish_non_exhaustive()
    }
}

impl<R: Read + Seek> Reader<R> {
    /// Looks through the whole file.
    ///
    /// # Errors
    /// Anything that makes the file as a whole unreadable.
    pub fn open(kind: Kind, mut source: R, options: &Options) -> Result<Self, Error> {
        let (head, whole) = read_head(&mut source)?;
        let format = detect(&head, whole, options)?;
        let table = Table::new(source, format)?;
        let (rows, unused) = match kind {
            Kind::Customers => {
                let (rows, unused) = Customers::new(table.header(), options)?;
                (Rows::Customers(rows), unused)
            }
            Kind::Orders | Kind::Invoices => {
                let (rows, unused) = Orders::new(kind, table.header(), options)?;
                (Rows::Orders(rows), unused)
            }
            Kind::Payments => {
                let (rows, unused) = Payments::new(table.header(), options)?;
                (Rows::Payments(rows), unused)
            }
        };
        let mut reader = Self {
            table: None,
            record: Record::default(),
            rows,
            pending: VecDeque::new(),
            totals: Totals::default(),
            unused,
        };
        reader.table = Some(reader.look_through(table)?.restart()?);
        Ok(reader)
    }

    /// What is in the file.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// Columns of the file that nothing is made of.
    #[must_use]
    pub fn unused_columns(&self) -> &[String] {
        &self.unused
    }

    /// Sets [`Options::shift_weeks`] when it depends on what the file holds.
    pub fn set_shift_weeks(&mut self, weeks: i32) {
        match &mut self.rows {
            Rows::Customers(rows) => rows.dates.shift_weeks = weeks,
            Rows::Orders(rows) => rows.dates.shift_weeks = weeks,
            Rows::Payments(rows) => rows.dates.shift_weeks = weeks,
        }
    }

    fn look_through(&mut self, mut table: Table<R>) -> Result<Table<R>, Error> {
        while table.read(&mut self.record)? {
            if self.record.is_cut() && self.record.len() < table.header().len() {
                let column = table.column_name(self.record.len());
                return Err(Error::EndsInTheMiddle { row: self.record.row(), column });
            }
            self.totals.rows += 1;
            let date = match &mut self.rows {
                Rows::Customers(rows) => rows.note(&self.record),
                Rows::Orders(rows) => rows.note(&self.record),
                Rows::Payments(rows) => rows.note(&self.record),
            };
            self.totals.newest = self.totals.newest.max(date);
        }
        self.totals.records = match &self.rows {
            Rows::Customers(_) | Rows::Payments(_) => self.totals.rows,
            Rows::Orders(rows) => rows.documents(),
        };
        Ok(table)
    }

    fn step(&mut self) -> Result<Option<Item>, Error> {
        loop {
            if let Some(item) = self.pending.pop_front() {
                return Ok(Some(item));
            }
            let Some(table) = &mut self.table else { return Ok(None) };
            if !table.read(&mut self.record)? {
                self.table = None;
                return Ok(None);
            }
            match &mut self.rows {
                Rows::Customers(rows) => {
                    self.pending.push_back(rows.item(&self.record, table.header()));
                }
                Rows::Payments(rows) => {
                    self.pending.push_back(rows.item(&self.record, table.header()));
                }
                Rows::Orders(rows) => {
                    rows.add(&self.record, table.header(), &mut self.pending)?;
                }
            }
        }
    }
}

impl<R: Read + Seek> Iterator for Reader<R> {
    type Item = Result<Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if step.is_err() {
            self.table = None;
        }
        step.transpose()
    }
}

/// The whole number of weeks that brings `newest` into the seven days that end `now`.
#[must_use]
pub fn weeks_until(newest: DateTime, now: DateTime) -> i32 {
    const WEEK_SECONDS: i64 = 7 * 24 * 60 * 60;
    let seconds = now.duration_since(newest).as_secs();
    i32::try_from(seconds.div_euclid(WEEK_SECONDS)).unwrap_or(0)
}

fn read_head(source: &mut (impl Read + Seek)) -> Result<(Vec<u8>, bool), Error> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    let limit = u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX);
    match source.by_ref().take(limit).read_to_end(&mut head) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::Interrupted => {}
        Err(error) => return Err(error.into()),
    }
    source.seek(SeekFrom::Start(0))?;
    let whole = head.len() < HEAD_BYTES;
    Ok((head, whole))
}

fn dates(options: &Options) -> Result<Dates, Error> {
    let time_zone = match &options.time_zone {
        Some(name) => TimeZone::get(name).map_err(|_| Error::UnknownTimeZone(name.clone()))?,
        None => TimeZone::UTC,
    };
    let format = options.date_format.clone();
    Ok(Dates { format, time_zone, shift_weeks: options.shift_weeks })
}

/// The faults that a row of any kind can have.
fn shape(record: &Record, header: &[String]) -> Result<(), RowProblem> {
    if record.cells().all(|cell| cell.trim().is_empty()) {
        return Err(RowProblem { row: record.row(), column: None, error: RowError::Blank });
    }
    if record.len() == header.len() {
        return Ok(());
    }
    let first_missing = (record.len() < header.len()).then(|| column_name(header, record.len()));
    let error = RowError::Ragged { found: record.len(), expected: header.len() };
    Err(RowProblem { row: record.row(), column: first_missing, error })
}

#[cfg(test)]
mod tests;
