//! The books of customers' accounts: invoices with what is open, money with what is left, and the
//! entries that make the balance.

mod entry;
mod query;
mod rows;

use domain::account::Event;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::document::stored_as_documents;
use crate::item::Item;
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};

pub use entry::Entry;
pub use query::{
    InvoiceState, Invoices, entries, entries_as_of, funds, invoice, invoices, invoices_as_of,
    list_funds, list_funds_as_of, owner_of_funds,
};
pub use rows::{Funds, FundsKind, Invoice};

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Ledger;

/// A row: a document, or an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Row {
    Invoice(Box<Invoice>),
    /// A payment, credit or a credit note.
    Funds(Box<Funds>),
    Entry(Box<Entry>),
}

impl ReadModel for Ledger {
    type Row = Row;

    const NAME: &'static str = "ledger";
    const VERSION: i32 = 2;
    const TABLES: &'static str = include_str!("ledger/tables.sql");
    const INDEXES: &'static str = include_str!("ledger/indexes.sql");
    const EVENTS: &'static [&'static str] = &["account"];

    /// The books are kept when the customer is erased: they have a key of their own.
    fn touches(item: &Item) -> Touch {
        match item.event() {
            Ok(domain::Event::Account(event)) => Touch::Rows(touched(event, item.event_id)),
            // The fold says what is wrong with it.
            Ok(_) | Err(_) => Touch::Row(item.stream_id),
        }
    }

    fn fold(key: Key, row: &mut Option<Row>, item: &Item) -> Result<(), Unfoldable> {
        let domain::Event::Account(event) = item.event()? else { return Ok(()) };
        match row {
            Some(Row::Invoice(invoice)) => invoice.apply(event, item),
            Some(Row::Funds(funds)) => funds.apply(event, item),
            Some(Row::Entry(entry)) => entry.apply(event),
            None => {
                *row = begun_by(key, event, item);
                Ok(())
            }
        }
    }

    fn subject(_key: Key, row: &Row) -> Uuid {
        match row {
            Row::Invoice(invoice) => invoice.customer,
            Row::Funds(funds) => funds.customer,
            Row::Entry(entry) => entry.customer,
        }
    }

    stored_as_documents!();
}

/// The rows that an event changes: documents, and the entry.
fn touched(event: &Event, event_id: Uuid) -> Vec<Uuid> {
    match event {
        Event::InvoiceIssued(invoice) => vec![invoice.invoice_id, event_id],
        Event::CreditNoteIssued(note) => [Some(note.credit_note_id), note.invoice, Some(event_id)]
            .into_iter()
            .flatten()
            .collect(),
        Event::PaymentReceived { payment_id, .. } => vec![*payment_id, entry_of(*payment_id)],
        Event::CreditAdded { credit_id, .. } => vec![*credit_id, event_id],
        Event::PaymentAllocated { payment, with_payment, allocation } => {
            let entry = if *with_payment { entry_of(*payment) } else { event_id };
            vec![*payment, allocation.invoice, entry]
        }
        Event::CreditAllocated { credit, allocation } => {
            vec![*credit, allocation.invoice, event_id]
        }
        Event::AllocationReversed(reversal) => vec![reversal.funds, reversal.invoice, event_id],
        Event::CreditRefunded(refund) => vec![refund.credit, event_id],
    }
}

/// The entry of a payment, in which stands as well what was allocated in the same breath.
fn entry_of(payment: Uuid) -> Uuid {
    Uuid::new_v5(&payment, b"entry")
}

/// The row that begins with this event under this key, if one does.
fn begun_by(key: Key, event: &Event, item: &Item) -> Option<Row> {
    match event {
        Event::InvoiceIssued(invoice) if invoice.invoice_id == key.id => {
            return Some(Row::Invoice(Box::new(Invoice::issued(invoice, item))));
        }
        Event::CreditNoteIssued(note) if note.credit_note_id == key.id => {
            return Some(Row::Funds(Box::new(Funds::credit_note(note, item))));
        }
        Event::PaymentReceived { payment_id: id, funding } if *id == key.id => {
            return Some(Row::Funds(Box::new(Funds::came(FundsKind::Payment, *id, funding, item))));
        }
        Event::CreditAdded { credit_id: id, funding } if *id == key.id => {
            return Some(Row::Funds(Box::new(Funds::came(FundsKind::Credit, *id, funding, item))));
        }
        Event::PaymentReceived { payment_id, .. } if entry_of(*payment_id) == key.id => {}
        Event::InvoiceIssued(_)
        | Event::CreditNoteIssued(_)
        | Event::PaymentReceived { .. }
        | Event::CreditAdded { .. }
        | Event::PaymentAllocated { .. }
        | Event::CreditAllocated { .. }
        | Event::AllocationReversed(_)
        | Event::CreditRefunded(_) => {
            if key.id != item.event_id {
                return None;
            }
        }
    }
    Some(Row::Entry(Box::new(Entry::of(key.id, event, item))))
}
