//! What is known about a customer's worth and risk: the documents that make the lifetime value
//! and tell when it was bought, and all risk flags, open and cleared.

mod document;
mod forecast;
mod history;
mod past;
mod query;
mod report;
mod risk_flag;

use domain::customer::Event as Customer;
use domain::{Event, account};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::document::stored_as_documents;
use crate::item::Item;
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};

pub use document::{Document, DocumentKind};
pub use forecast::Forecasts;
pub use past::{documents_as_of, insight_as_of};
pub use query::{documents, insight};
pub use report::{PeriodsError, Step, Wanted, risk_flags};
pub use risk_flag::RiskFlag;

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Insight;

/// A row: a document, or a risk flag.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "row", rename_all = "snake_case")]
pub enum Row {
    Document(Box<Document>),
    RiskFlag(Box<RiskFlag>),
}

impl ReadModel for Insight {
    type Row = Row;

    const NAME: &'static str = "insight";
    const VERSION: i32 = 1;
    const TABLES: &'static str = include_str!("insight/tables.sql");
    const INDEXES: &'static str = include_str!("insight/indexes.sql");
    const EVENTS: &'static [&'static str] = &[
        "order",
        "account.invoice_issued",
        "account.credit_note_issued",
        "customer.risk_flag_raised",
        "customer.risk_flag_cleared",
        "customer.erased",
    ];

    fn touches(item: &Item) -> Touch {
        match item.event() {
            Ok(Event::Account(account::Event::InvoiceIssued(invoice))) => {
                let orders = invoice.orders.iter().map(|billed| billed.order);
                Touch::Rows([invoice.invoice_id].into_iter().chain(orders).collect())
            }
            Ok(Event::Account(account::Event::CreditNoteIssued(note))) => {
                Touch::Rows([note.credit_note_id].into_iter().chain(note.invoice).collect())
            }
            Ok(Event::Customer(
                Customer::RiskFlagRaised { flag_id, .. }
                | Customer::RiskFlagCleared { flag_id, .. },
            )) => Touch::Row(*flag_id),
            Ok(Event::Customer(Customer::Erased { .. })) => Touch::Subject,
            // An event that cannot be read is a row's as well, whose fold then tells.
            Ok(_) | Err(_) => Touch::Row(item.stream_id),
        }
    }

    fn fold(key: Key, row: &mut Option<Row>, item: &Item) -> Result<(), Unfoldable> {
        let event = item.event()?;
        if let Event::Order(event) = event {
            *row = Document::ordered(key.id, event, item).map(Row::from);
        } else if let Event::Account(event) = event {
            account(key, row, event, item)?;
        } else if let Event::Customer(event) = event {
            customer(row, event, item);
        }
        Ok(())
    }

    fn subject(_key: Key, row: &Row) -> Uuid {
        match row {
            Row::Document(document) => document.customer,
            Row::RiskFlag(flag) => flag.customer,
        }
    }

    stored_as_documents!();
}

fn account(
    key: Key,
    row: &mut Option<Row>,
    event: &account::Event,
    item: &Item,
) -> Result<(), Unfoldable> {
    if let account::Event::InvoiceIssued(invoice) = event {
        // The orders that it bills count by it from now on.
        let invoice = (invoice.invoice_id == key.id).then(|| Document::invoiced(invoice, item));
        *row = invoice.map(Row::from);
    } else if let account::Event::CreditNoteIssued(note) = event {
        match row {
            Some(Row::Document(invoice)) => invoice.take_back(note.total)?,
            Some(Row::RiskFlag(_)) => {}
            None => {
                let begins = note.credit_note_id == key.id;
                *row = begins.then(|| Row::from(Document::credited(note, item)));
            }
        }
    }
    Ok(())
}

fn customer(row: &mut Option<Row>, event: &Customer, item: &Item) {
    if let Customer::RiskFlagRaised { flag_id, flag_type, reason } = event {
        let flag = RiskFlag::raised(*flag_id, *flag_type, reason, item);
        *row = flag.map(|flag| Row::RiskFlag(Box::new(flag)));
    } else if let Some(Row::RiskFlag(flag)) = row {
        if let Customer::RiskFlagCleared { reason, .. } = event {
            flag.clear(reason.as_ref(), item);
        } else if let Customer::Erased { .. } = event {
            // The books are kept; what was thought of a person is not.
            *row = None;
        }
    }
}

impl From<Document> for Row {
    fn from(document: Document) -> Self {
        Self::Document(Box::new(document))
    }
}
