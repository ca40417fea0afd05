//! One line of a ledger: what an event did to what is owed, and to what is left over.

use domain::account::Event;
use domain::value::exact_sum;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::customer_360::time;
use crate::item::Item;
use crate::read_model::Unfoldable;

/// An entry. Money that comes in is credit until it is allocated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub id: Uuid,
    pub customer: Uuid,
    /// The event's name without its stream: `invoice_issued`.
    pub what: String,
    pub on: Date,
    pub currency: String,
    pub amount: Decimal,
    pub balance_change: Decimal,
    pub credit_change: Decimal,
    /// The invoice, payment, credit or credit note.
    pub document: Uuid,
    pub number: Option<String>,
    /// The invoice that the money was set against, if it is not the document.
    pub invoice: Option<Uuid>,
    pub recorded_at: Timestamp,
    pub sequence: i64,
}

/// What an event does to the balance and to the credit on account.
struct Effect {
    on: Option<Date>,
    amount: Decimal,
    balance: Decimal,
    credit: Decimal,
    document: Uuid,
    number: Option<String>,
    invoice: Option<Uuid>,
}

impl Effect {
    fn of(event: &Event) -> Self {
        let zero = Decimal::ZERO;
        let plain = |on, amount, document, balance, credit| Self {
            on,
            amount,
            balance,
            credit,
            document,
            number: None,
            invoice: None,
        };
        match event {
            Event::InvoiceIssued(invoice) => {
                let (on, total) = (Some(invoice.issued_on), invoice.total);
                let number = invoice.number.clone();
                Self { number, ..plain(on, total, invoice.invoice_id, total, zero) }
            }
            Event::CreditNoteIssued(note) => {
                let (on, left) = (Some(note.issued_on), note.total - note.applied);
                let (number, invoice) = (note.number.clone(), note.invoice);
                let effect = plain(on, note.total, note.credit_note_id, -note.applied, left);
                Self { number, invoice, ..effect }
            }
            Event::PaymentReceived { payment_id: id, funding }
            | Event::CreditAdded { credit_id: id, funding } => {
                plain(Some(funding.on), funding.amount, *id, zero, funding.amount)
            }
            Event::PaymentAllocated { payment: id, allocation, .. }
            | Event::CreditAllocated { credit: id, allocation } => {
                let amount = allocation.amount;
                let effect = plain(None, amount, *id, -amount, -amount);
                Self { invoice: Some(allocation.invoice), ..effect }
            }
            Event::AllocationReversed(back) => {
                let effect = plain(None, back.amount, back.funds, back.amount, back.amount);
                Self { invoice: Some(back.invoice), ..effect }
            }
            Event::CreditRefunded(refund) => {
                plain(Some(refund.on), refund.amount, refund.credit, zero, -refund.amount)
            }
        }
    }
}

impl Entry {
    pub(super) fn of(id: Uuid, event: &Event, item: &Item) -> Self {
        let Effect { on, amount, balance, credit, document, number, invoice } = Effect::of(event);
        let day = || item.effective_at().to_zoned(TimeZone::UTC).date();
        Self {
            id,
            customer: event.customer(),
            what: item.type_name.split('.').nth(1).unwrap_or_default().to_owned(),
            on: on.unwrap_or_else(day),
            currency: event.currency().to_owned(),
            amount,
            balance_change: balance,
            credit_change: credit,
            document,
            number,
            invoice,
            recorded_at: item.recorded_at,
            sequence: item.sequence,
        }
    }

    /// What was allocated together with its payment.
    pub(super) fn apply(&mut self, event: &Event) -> Result<(), Unfoldable> {
        let effect = Effect::of(event);
        let sum = |one, other| exact_sum([one, other]).ok_or(Unfoldable::Sum);
        let balance = sum(self.balance_change, effect.balance)?;
        self.credit_change = sum(self.credit_change, effect.credit)?;
        self.balance_change = balance;
        self.invoice = self.invoice.or(effect.invoice);
        Ok(())
    }

    pub(super) fn body(&self, balance: Decimal, credit: Decimal) -> Value {
        json!({
            "id": self.id,
            "type": self.what,
            "on": self.on,
            "document": self.document,
            "number": self.number,
            "invoice": self.invoice,
            "amount": { "amount": self.amount, "currency": self.currency },
            "balance_change": self.balance_change,
            "credit_change": self.credit_change,
            "balance": balance,
            "credit_on_account": credit,
            "recorded_at": time(self.recorded_at),
            "position": self.sequence.to_string(),
        })
    }
}
