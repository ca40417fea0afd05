//! The documents that make a customer's lifetime value, and what was bought by them.

use domain::account::{CreditNote, Invoice};
use domain::order::Event;
use domain::value::exact_sum;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::item::Item;
use crate::read_model::Unfoldable;

/// An invoice, an order or a credit note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    pub id: Uuid,
    pub customer: Uuid,
    pub kind: DocumentKind,
    pub number: Option<String>,
    pub on: Date,
    pub currency: String,
    /// What it adds to the lifetime value.
    pub amount: Decimal,
    /// What was bought by it and not taken back: what it tells about the customer's purchases.
    pub bought: Decimal,
    pub sequence: i64,
}

/// What a document is. A placed order that no invoice bills yet is a purchase, but adds nothing to
/// the lifetime value (FEATURES decision 21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    Invoice,
    /// Of another system's history.
    Order,
    PlacedOrder,
    CreditNote,
}

impl DocumentKind {
    /// As it is stored.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::Order => "order",
            Self::PlacedOrder => "placed_order",
            Self::CreditNote => "credit_note",
        }
    }
}

impl Document {
    /// An order that was placed or recorded, or a recorded credit note; what was bought is less by
    /// that on the day of the note, since it names no order.
    pub(super) fn ordered(id: Uuid, event: &Event, item: &Item) -> Option<Self> {
        let (kind, customer, number, currency, at) = match event {
            Event::Recorded(document) | Event::Credited(document) => {
                let credit = matches!(event, Event::Credited(_));
                let kind = if credit { DocumentKind::CreditNote } else { DocumentKind::Order };
                let at = document.placed_at.unwrap_or_else(|| item.effective_at());
                let number = Some(document.number.clone());
                (kind, document.customer, number, &document.currency, at)
            }
            Event::Placed(placed) => {
                let (number, at) = (placed.number.clone(), item.effective_at());
                (DocumentKind::PlacedOrder, placed.customer, number, &placed.currency, at)
            }
            Event::Cancelled { .. } => return None,
        };
        let amount = event.net();
        let bought = if let Event::Placed(placed) = event { placed.gross } else { amount };
        let (currency, on, sequence) = (currency.clone(), day(at), item.sequence);
        Some(Self { id, customer, kind, number, on, currency, amount, bought, sequence })
    }

    pub(super) fn invoiced(invoice: &Invoice, item: &Item) -> Self {
        Self {
            id: invoice.invoice_id,
            customer: invoice.customer,
            kind: DocumentKind::Invoice,
            number: invoice.number.clone(),
            on: invoice.issued_on,
            currency: invoice.currency.clone(),
            amount: invoice.total,
            bought: invoice.total,
            sequence: item.sequence,
        }
    }

    /// What a note takes back of an invoice that it names is taken off that invoice.
    pub(super) fn credited(note: &CreditNote, item: &Item) -> Self {
        Self {
            id: note.credit_note_id,
            customer: note.customer,
            kind: DocumentKind::CreditNote,
            number: note.number.clone(),
            on: note.issued_on,
            currency: note.currency.clone(),
            amount: -note.total,
            bought: if note.invoice.is_some() { Decimal::ZERO } else { -note.total },
            sequence: item.sequence,
        }
    }

    pub(super) fn take_back(&mut self, amount: Decimal) -> Result<(), Unfoldable> {
        self.bought = exact_sum([self.bought, -amount]).ok_or(Unfoldable::Sum)?;
        Ok(())
    }

    pub(super) fn body(&self) -> Value {
        json!({
            "id": self.id,
            "kind": self.kind,
            "number": self.number,
            "on": self.on,
            "amount": { "amount": self.amount, "currency": self.currency },
            "position": self.sequence.to_string(),
        })
    }
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
