//! Payment files: one payment a row.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;

use super::super::error::{Error, RowError, RowProblem};
use super::super::mapping::{Columns, Field};
use super::super::report::unguard;
use super::super::table::{Record, column_name};
use super::super::values::{Dates, decimal, excerpt, external_id, filled};
use super::{Item, Options, dates, shape};

/// A payment of another system's books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRow {
    /// The line in the file, beginning with 1.
    pub row: u64,
    /// The payment's number in the other system.
    pub number: String,
    /// The customer's id in the other system.
    pub customer: String,
    pub amount: Decimal,
    /// Of the file or of the options; the caller's default where neither names one.
    pub currency: Option<String>,
    /// The day, moved by `shift_weeks`.
    pub received_on: Date,
    /// The same as an instant in the time zone asked for.
    pub occurred_at: Timestamp,
    pub method: Option<String>,
    pub reference: Option<String>,
    /// The number of the invoice that it is for.
    pub invoice: Option<String>,
}

const FIELDS: &[Field] = &[
    Field {
        name: "payment_number",
        synonyms: &["paymentno", "paymentid", "transactionid", "number", "id"],
    },
    Field {
        name: "customer_id",
        synonyms: &["customer", "customernumber", "customerno", "kundennummer"],
    },
    Field { name: "amount", synonyms: &["paid", "sum", "total", "betrag"] },
    Field { name: "payment_date", synonyms: &["receivedon", "paidon", "paidat", "date", "datum"] },
    Field { name: "currency", synonyms: &["currencycode"] },
    Field { name: "method", synonyms: &["paymentmethod", "paidby"] },
    Field { name: "reference", synonyms: &["memo", "text", "verwendungszweck"] },
    Field { name: "invoice_number", synonyms: &["invoiceno", "invoice"] },
];

/// Makes [`PaymentRow`]s.
pub(super) struct Payments {
    pub(super) dates: Dates,
    decimal_comma: bool,
    currency: Option<String>,
    columns: PaymentColumns,
}

struct PaymentColumns {
    number: usize,
    customer: usize,
    amount: usize,
    date: usize,
    currency: Option<usize>,
    method: Option<usize>,
    reference: Option<usize>,
    invoice: Option<usize>,
}

impl Payments {
    pub(super) fn new(header: &[String], options: &Options) -> Result<(Self, Vec<String>), Error> {
        let mut columns = Columns::new(header, &options.mapping, FIELDS)?;
        let needed = ["payment_number", "customer_id", "amount", "payment_date"];
        let mut found = Vec::with_capacity(needed.len());
        let mut missing = Vec::new();
        for field in needed {
            match columns.one(field)? {
                Some(index) => found.push(index),
                None => missing.push(field),
            }
        }
        let [number, customer, amount, date] = *found.as_slice() else {
            return Err(Error::MissingColumns { missing, found: header.to_vec() });
        };
        let rows = Self {
            dates: dates(options)?,
            decimal_comma: options.decimal_comma,
            currency: options.currency.clone(),
            columns: PaymentColumns {
                number,
                customer,
                amount,
                date,
                currency: columns.one("currency")?,
                method: columns.one("method")?,
                reference: columns.one("reference")?,
                invoice: columns.one("invoice_number")?,
            },
        };
        Ok((rows, columns.unused()))
    }

    /// First pass.
    pub(super) fn note(&self, record: &Record) -> Option<DateTime> {
        self.dates.read(record.get(self.columns.date)?)
    }

    /// Second pass.
    pub(super) fn item(&self, record: &Record, header: &[String]) -> Item {
        match self.row(record, header) {
            Ok(row) => Item::Payment(Box::new(row)),
            Err(problem) => Item::Problem(problem),
        }
    }

    fn row(&self, record: &Record, header: &[String]) -> Result<PaymentRow, RowProblem> {
        shape(record, header)?;
        let at = &self.columns;
        let problem = |index, error| {
            let column = Some(column_name(header, index));
            RowProblem { row: record.row(), column, error }
        };
        let text = |index: usize| unguard(record.get(index).unwrap_or_default());
        let cell = |index: usize| filled(text(index));
        let date = self.dates.read(text(at.date)).and_then(|date| self.dates.shifted(date));
        let (received, occurred_at) = date.ok_or_else(|| {
            problem(at.date, RowError::InvalidDate { value: excerpt(text(at.date)) })
        })?;
        Ok(PaymentRow {
            row: record.row(),
            number: cell(at.number).ok_or_else(|| problem(at.number, RowError::NoNumber))?,
            customer: external_id(text(at.customer))
                .ok_or_else(|| problem(at.customer, RowError::NoCustomer))?,
            amount: decimal(text(at.amount), self.decimal_comma).ok_or_else(|| {
                problem(at.amount, RowError::InvalidNumber { value: excerpt(text(at.amount)) })
            })?,
            currency: at.currency.and_then(cell).or_else(|| self.currency.clone()),
            received_on: received.date(),
            occurred_at,
            method: at.method.and_then(cell),
            reference: at.reference.and_then(cell),
            invoice: at.invoice.and_then(cell),
        })
    }
}
