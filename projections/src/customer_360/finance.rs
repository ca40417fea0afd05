//! What was bought, billed and paid, by currency; currencies are never added up.

use std::collections::BTreeMap;

use domain::value::exact_sum;
use domain::{account, order};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::view::View;
use crate::read_model::Unfoldable;

/// What was bought, given back, billed and paid in one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finance {
    pub order_count: u32,
    pub invoice_count: u32,
    pub credit_note_count: u32,
    /// Issued invoices and recorded orders, an order that an invoice bills counted once.
    pub gross: Decimal,
    pub credits: Decimal,
    pub invoiced: Decimal,
    pub paid: Decimal,
    /// What is open on invoices.
    pub balance: Decimal,
    /// What came in and was neither allocated nor paid back.
    pub credit_on_account: Decimal,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub open_invoices: BTreeMap<Uuid, OpenInvoice>,
}

/// An invoice that is not paid in full.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvoice {
    pub open: Decimal,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
}

impl OpenInvoice {
    /// Below zero it is an allocation whose invoice has not come yet: the past is folded by the
    /// moments at which things happened.
    fn is_open(&self) -> bool {
        self.open > Decimal::ZERO
    }

    /// How many days it is overdue.
    fn overdue_days(&self, today: Date) -> Option<i32> {
        let due_on = self.due_on.filter(|due_on| self.is_open() && *due_on < today)?;
        Some((today - due_on).get_days())
    }
}

impl Finance {
    /// Invoices and orders less credit notes (FEATURES decision 21).
    pub fn lifetime_value(&self) -> Decimal {
        self.gross - self.credits
    }

    /// How many invoices are not paid in full.
    pub fn open_count(&self) -> usize {
        self.open_invoices.values().filter(|invoice| invoice.is_open()).count()
    }

    /// As the API shows it on this day.
    pub(super) fn body(&self, currency: &str, today: Date) -> Value {
        let overdue: Vec<i32> =
            self.open_invoices.values().filter_map(|open| open.overdue_days(today)).collect();
        json!({
            "currency": currency,
            "order_count": self.order_count,
            "invoice_count": self.invoice_count,
            "credit_note_count": self.credit_note_count,
            "gross": self.gross,
            "credits": self.credits,
            "lifetime_value": self.lifetime_value(),
            "invoiced": self.invoiced,
            "paid": self.paid,
            "balance": self.balance,
            "credit_on_account": self.credit_on_account,
            "open_invoices": self.open_count(),
            "overdue_invoices": overdue.len(),
            "debt_age_days": overdue.iter().max(),
        })
    }

    /// Changes what is open on an invoice; one that is paid is no longer kept.
    fn settle(
        &mut self,
        invoice: Uuid,
        by: Decimal,
        due_on: Option<Date>,
    ) -> Result<(), Unfoldable> {
        let mut open = self.open_invoices.remove(&invoice).unwrap_or_default();
        add(&mut open.open, by)?;
        open.due_on = due_on.or(open.due_on);
        if !open.open.is_zero() {
            self.open_invoices.insert(invoice, open);
        }
        add(&mut self.balance, by)
    }

    fn order(&mut self, event: &order::Event) -> Result<(), Unfoldable> {
        match event {
            order::Event::Recorded(_) => {
                self.order_count += 1;
                add(&mut self.gross, event.net())
            }
            order::Event::Credited(_) => {
                self.credit_note_count += 1;
                add(&mut self.credits, -event.net())
            }
            order::Event::Placed(_) | order::Event::Cancelled { .. } => Ok(()),
        }
    }

    fn account(&mut self, event: &account::Event) -> Result<(), Unfoldable> {
        use account::Event;
        match event {
            Event::InvoiceIssued(invoice) => {
                self.invoice_count += 1;
                add(&mut self.invoiced, invoice.total)?;
                add(&mut self.gross, invoice.total)?;
                for billed in &invoice.orders {
                    add(&mut self.gross, -billed.counted)?;
                }
                self.settle(invoice.invoice_id, invoice.total, invoice.due_on)
            }
            Event::CreditNoteIssued(note) => {
                self.credit_note_count += 1;
                add(&mut self.credits, note.total)?;
                add(&mut self.credit_on_account, note.total - note.applied)?;
                match note.invoice {
                    Some(invoice) => self.settle(invoice, -note.applied, None),
                    None => Ok(()),
                }
            }
            Event::PaymentReceived { payment_id: _, funding } => {
                add(&mut self.paid, funding.amount)?;
                add(&mut self.credit_on_account, funding.amount)
            }
            Event::CreditAdded { credit_id: _, funding } => {
                add(&mut self.credit_on_account, funding.amount)
            }
            Event::PaymentAllocated { allocation, .. }
            | Event::CreditAllocated { allocation, .. } => {
                add(&mut self.credit_on_account, -allocation.amount)?;
                self.settle(allocation.invoice, -allocation.amount, None)
            }
            Event::AllocationReversed(reversal) => {
                add(&mut self.credit_on_account, reversal.amount)?;
                self.settle(reversal.invoice, reversal.amount, reversal.due_on)
            }
            Event::CreditRefunded(refund) => add(&mut self.credit_on_account, -refund.amount),
        }
    }
}

fn add(sum: &mut Decimal, more: Decimal) -> Result<(), Unfoldable> {
    *sum = exact_sum([*sum, more]).ok_or(Unfoldable::Sum)?;
    Ok(())
}

impl View {
    /// What is not billed does not count (FEATURES decision 21).
    pub(super) fn order(&mut self, event: &order::Event) -> Result<(), Unfoldable> {
        match event {
            order::Event::Recorded(document) | order::Event::Credited(document) => {
                self.in_currency(&document.currency, |finance| finance.order(event))
            }
            order::Event::Placed(_) | order::Event::Cancelled { .. } => Ok(()),
        }
    }

    pub(super) fn account(&mut self, event: &account::Event) -> Result<(), Unfoldable> {
        self.in_currency(event.currency(), |finance| finance.account(event))
    }

    /// An event that fails changes nothing.
    fn in_currency(
        &mut self,
        currency: &str,
        change: impl FnOnce(&mut Finance) -> Result<(), Unfoldable>,
    ) -> Result<(), Unfoldable> {
        let mut finance = self.finance.get(currency).cloned().unwrap_or_default();
        change(&mut finance)?;
        self.finance.insert(currency.to_owned(), finance);
        Ok(())
    }
}
