//! Order histories and invoices: all rows of one document number are one document.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;

use super::super::error::{Error, RowError, RowProblem};
use super::super::mapping::{Columns, Field};
use super::super::report::unguard;
use super::super::table::{Record, column_name};
use super::super::values::{Dates, decimal, excerpt, external_id, filled};
use super::{Item, Kind, Options, dates, shape};

/// A document of another system's order history.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderDocument {
    /// The document's number in the other system.
    pub number: String,
    /// A credit note of an order history: the number begins with `C`.
    pub credited: bool,
    /// The customer's id in the other system; `17850.0` is `17850`.
    pub customer: String,
    /// Of the file or of the options; the caller's default where neither names one.
    pub currency: Option<String>,
    /// The date of the first row, moved by `shift_weeks`.
    pub placed_at: DateTime,
    /// The same as an instant in the time zone asked for.
    pub occurred_at: Timestamp,
    /// When an invoice is due, moved by `shift_weeks`.
    pub due_on: Option<Date>,
    /// The orders that an invoice bills, by their numbers in the other system.
    pub orders: Vec<String>,
    /// The first country that a row names.
    pub country: Option<String>,
    /// The lines in the order of the file; equal rows are two lines.
    pub lines: Vec<OrderLine>,
    /// The lines in the file, beginning with 1, in the order of `lines`.
    pub rows: Vec<u64>,
}

impl OrderDocument {
    /// The line in the file where the document begins.
    #[must_use]
    pub fn first_row(&self) -> u64 {
        self.rows.first().copied().unwrap_or_default()
    }

    /// Quantities times unit prices; negative for most credit notes. `None` beyond 28 digits.
    #[must_use]
    pub fn total(&self) -> Option<Decimal> {
        self.lines.iter().try_fold(Decimal::ZERO, |sum, line| sum.checked_add(line.amount()?))
    }
}

/// A line of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// The item's code in the other system.
    pub item_code: Option<String>,
    /// What was sold, as the file has it.
    pub description: Option<String>,
    /// How many; negative where taken back.
    pub quantity: Decimal,
    /// The price of one, with all decimals of the file.
    pub unit_price: Decimal,
}

impl OrderLine {
    /// Quantity times unit price; `None` beyond 28 digits.
    #[must_use]
    pub fn amount(&self) -> Option<Decimal> {
        self.quantity.checked_mul(self.unit_price)
    }
}

const FIELDS: &[Field] = &[
    Field {
        name: "invoice_number",
        synonyms: &[
            "invoiceno",
            "invoice",
            "ordernumber",
            "orderno",
            "orderid",
            "documentnumber",
            "number",
        ],
    },
    Field {
        name: "item_code",
        synonyms: &["stockcode", "sku", "productcode", "itemno", "productid"],
    },
    Field { name: "description", synonyms: &["item", "itemdescription", "product", "productname"] },
    Field { name: "quantity", synonyms: &["qty", "menge"] },
    Field { name: "invoice_date", synonyms: &["orderdate", "date", "placedat"] },
    Field { name: "unit_price", synonyms: &["price", "priceperunit", "einzelpreis"] },
    Field {
        name: "customer_id",
        synonyms: &["customer", "customernumber", "customerno", "kundennummer"],
    },
    Field { name: "country", synonyms: &["countrycode", "land"] },
    Field { name: "currency", synonyms: &["currencycode"] },
];

/// What only an invoice has.
const INVOICE_FIELDS: &[Field] = &[
    Field { name: "due_date", synonyms: &["dueon", "due", "payableby", "faelligam"] },
    Field { name: "order_number", synonyms: &["orderno", "orderid", "order"] },
];

/// Makes [`OrderDocument`]s.
pub(super) struct Orders {
    kind: Kind,
    pub(super) dates: Dates,
    decimal_comma: bool,
    currency: Option<String>,
    columns: OrderColumns,
    /// How many rows of a number are still to come in the second pass.
    to_come: HashMap<String, u64>,
    documents: u64,
    open: HashMap<String, Open>,
}

struct OrderColumns {
    number: usize,
    item_code: Option<usize>,
    description: Option<usize>,
    quantity: usize,
    date: usize,
    unit_price: usize,
    customer: usize,
    country: Option<usize>,
    currency: Option<usize>,
    due: Option<usize>,
    order: Option<usize>,
}

/// A document of which rows are still to come.
#[derive(Default)]
struct Open {
    rows: Vec<(u64, Result<Row, RowProblem>)>,
}

struct Row {
    customer: String,
    currency: Option<String>,
    country: Option<String>,
    placed: (DateTime, Timestamp),
    due_on: Option<Date>,
    order: Option<String>,
    line: OrderLine,
}

impl Orders {
    pub(super) fn new(
        kind: Kind,
        header: &[String],
        options: &Options,
    ) -> Result<(Self, Vec<String>), Error> {
        let more = if kind == Kind::Invoices { INVOICE_FIELDS } else { &[] };
        let mut columns = Columns::new(header, &options.mapping, FIELDS.iter().chain(more))?;
        let needed = ["invoice_number", "quantity", "invoice_date", "unit_price", "customer_id"];
        let mut found = Vec::with_capacity(needed.len());
        let mut missing = Vec::new();
        for field in needed {
            match columns.one(field)? {
                Some(index) => found.push(index),
                None => missing.push(field),
            }
        }
        let [number, quantity, date, unit_price, customer] = *found.as_slice() else {
            return Err(Error::MissingColumns { missing, found: header.to_vec() });
        };
        let (due, order) = match kind {
            Kind::Invoices => (columns.one("due_date")?, columns.one("order_number")?),
            Kind::Customers | Kind::Orders | Kind::Payments => (None, None),
        };
        let rows = Self {
            kind,
            dates: dates(options)?,
            decimal_comma: options.decimal_comma,
            currency: options.currency.clone(),
            columns: OrderColumns {
                number,
                item_code: columns.one("item_code")?,
                description: columns.one("description")?,
                quantity,
                date,
                unit_price,
                customer,
                country: columns.one("country")?,
                currency: columns.one("currency")?,
                due,
                order,
            },
            to_come: HashMap::new(),
            documents: 0,
            open: HashMap::new(),
        };
        Ok((rows, columns.unused()))
    }

    pub(super) fn documents(&self) -> u64 {
        self.documents
    }

    /// First pass.
    pub(super) fn note(&mut self, record: &Record) -> Option<DateTime> {
        if let Some(number) = cell(record, self.columns.number) {
            let rows = self.to_come.entry(number).or_insert(0);
            self.documents += u64::from(*rows == 0);
            *rows += 1;
        }
        self.dates.read(record.get(self.columns.date)?)
    }

    /// Second pass: keeps the row until its document is complete.
    pub(super) fn add(
        &mut self,
        record: &Record,
        header: &[String],
        items: &mut VecDeque<Item>,
    ) -> Result<(), Error> {
        let parsed = self.row(record, header);
        let Some(number) = cell(record, self.columns.number) else {
            let problem = parsed.err().unwrap_or_else(|| self.no_number(record, header));
            items.push_back(Item::Problem(problem));
            return Ok(());
        };
        let Some(to_come) = self.to_come.get_mut(&number) else {
            return Err(Error::Changed { row: record.row() });
        };
        *to_come -= 1;
        let complete = *to_come == 0;
        if complete {
            self.to_come.remove(&number);
        }
        self.open.entry(number.clone()).or_default().rows.push((record.row(), parsed));
        if complete && let Some(open) = self.open.remove(&number) {
            self.close(number, open, header, items);
        }
        Ok(())
    }

    fn no_number(&self, record: &Record, header: &[String]) -> RowProblem {
        let column = Some(column_name(header, self.columns.number));
        RowProblem { row: record.row(), column, error: RowError::NoNumber }
    }

    fn row(&self, record: &Record, header: &[String]) -> Result<Row, RowProblem> {
        shape(record, header)?;
        let at = &self.columns;
        let problem = |index, error| {
            let column = Some(column_name(header, index));
            RowProblem { row: record.row(), column, error }
        };
        let text = |index: usize| unguard(record.get(index).unwrap_or_default());
        let number = |index| {
            decimal(text(index), self.decimal_comma).ok_or_else(|| {
                problem(index, RowError::InvalidNumber { value: excerpt(text(index)) })
            })
        };
        let date = |index| {
            let read = self.dates.read(text(index)).and_then(|date| self.dates.shifted(date));
            let value = || RowError::InvalidDate { value: excerpt(text(index)) };
            read.ok_or_else(|| problem(index, value()))
        };
        let due = at.due.filter(|index| !text(*index).trim().is_empty());
        Ok(Row {
            customer: external_id(text(at.customer))
                .ok_or_else(|| problem(at.customer, RowError::NoCustomer))?,
            line: OrderLine {
                item_code: at.item_code.and_then(|index| cell(record, index)),
                description: at
                    .description
                    .map(|index| text(index).to_owned())
                    .filter(|text| !text.trim().is_empty()),
                quantity: number(at.quantity)?,
                unit_price: number(at.unit_price)?,
            },
            placed: date(at.date)?,
            due_on: due.map(date).transpose()?.map(|(due, _)| due.date()),
            order: at.order.and_then(|index| cell(record, index)),
            currency: at.currency.and_then(|index| cell(record, index)),
            country: at.country.and_then(|index| cell(record, index)),
        })
    }

    /// A document whose rows are all good becomes one item, any other a problem for every row.
    fn close(&self, number: String, open: Open, header: &[String], items: &mut VecDeque<Item>) {
        if let Some(problem_row) = open.rows.iter().find(|(_, row)| row.is_err()).map(|(at, _)| *at)
        {
            items.extend(open.rows.into_iter().map(|(row, parsed)| {
                let incomplete =
                    || RowError::DocumentIncomplete { number: number.clone(), row: problem_row };
                Item::Problem(parsed.err().unwrap_or_else(|| RowProblem {
                    row,
                    column: None,
                    error: incomplete(),
                }))
            }));
            return;
        }
        let (numbers, rows): (Vec<u64>, Vec<Row>) =
            open.rows.into_iter().filter_map(|(at, row)| Some((at, row.ok()?))).unzip();
        let differs = |column: Option<usize>, error: RowError| {
            let column = column.map(|index| column_name(header, index));
            numbers.iter().map(move |row| {
                Item::Problem(RowProblem {
                    row: *row,
                    column: column.clone(),
                    error: error.clone(),
                })
            })
        };
        let Some(first) = rows.first() else { return };
        if rows.iter().any(|row| row.customer != first.customer) {
            let error = RowError::CustomersDiffer { number };
            items.extend(differs(Some(self.columns.customer), error));
        } else if rows.iter().any(|row| row.currency != first.currency) {
            let error = RowError::CurrenciesDiffer { number };
            items.extend(differs(self.columns.currency, error));
        } else {
            let is_order = self.kind != Kind::Invoices;
            let mut orders: Vec<String> = Vec::new();
            for order in rows.iter().filter_map(|row| row.order.as_ref()) {
                if !orders.contains(order) {
                    orders.push(order.clone());
                }
            }
            let document = Box::new(OrderDocument {
                credited: is_order && number.starts_with('C'),
                number,
                customer: first.customer.clone(),
                currency: first.currency.clone().or_else(|| self.currency.clone()),
                placed_at: first.placed.0,
                occurred_at: first.placed.1,
                due_on: first.due_on,
                orders,
                country: rows.iter().find_map(|row| row.country.clone()),
                lines: rows.into_iter().map(|row| row.line).collect(),
                rows: numbers,
            });
            items.push_back(if is_order { Item::Order(document) } else { Item::Invoice(document) });
        }
    }
}

fn cell(record: &Record, index: usize) -> Option<String> {
    record.get(index).and_then(|cell| filled(unguard(cell)))
}
