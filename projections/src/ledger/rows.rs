//! The documents of an account, and what became of them.

use domain::account::{BilledOrder, CreditNote, Event, Funding, Line};
use domain::value::{Address, exact_sum};
use domain::{Personal, account};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::customer_360::time;
use crate::item::Item;
use crate::read_model::Unfoldable;
use crate::shown::{Shown, shown};

/// An invoice as it was issued, and what was set against it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invoice {
    pub id: Uuid,
    pub customer: Uuid,
    pub number: Option<String>,
    pub issued_on: Date,
    pub due_on: Option<Date>,
    pub currency: String,
    pub lines: Vec<Line>,
    pub total: Decimal,
    pub open: Decimal,
    pub orders: Vec<Uuid>,
    pub name: Option<Shown<String>>,
    pub address: Option<Shown<Address>>,
    pub settled: Vec<Settled>,
    pub recorded_at: Timestamp,
    pub sequence: i64,
    /// The last sequence that changed it.
    pub position: i64,
}

/// An amount that money on the account took off an invoice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    /// Nothing for what a credit note took off by itself.
    pub allocation: Option<Uuid>,
    pub funds: Uuid,
    pub invoice: Uuid,
    pub amount: Decimal,
}

impl Settled {
    fn by(event: &Event) -> Option<Self> {
        match event {
            Event::PaymentAllocated { payment: funds, allocation, .. }
            | Event::CreditAllocated { credit: funds, allocation } => Some(Self {
                allocation: Some(allocation.allocation_id),
                funds: *funds,
                invoice: allocation.invoice,
                amount: allocation.amount,
            }),
            Event::CreditNoteIssued(note) => Some(Self {
                allocation: None,
                funds: note.credit_note_id,
                invoice: note.invoice?,
                amount: note.applied,
            }),
            Event::InvoiceIssued(_)
            | Event::PaymentReceived { .. }
            | Event::AllocationReversed(_)
            | Event::CreditAdded { .. }
            | Event::CreditRefunded(_) => None,
        }
    }

    fn body(&self) -> Value {
        json!({
            "allocation_id": self.allocation,
            "funds": self.funds,
            "invoice": self.invoice,
            "amount": self.amount,
        })
    }
}

pub(super) fn sum(one: Decimal, other: Decimal) -> Result<Decimal, Unfoldable> {
    exact_sum([one, other]).ok_or(Unfoldable::Sum)
}

/// Notes what was settled, or takes it out again; the answer is by how much it grew.
fn settle(settled: &mut Vec<Settled>, event: &Event) -> Decimal {
    if let Event::AllocationReversed(back) = event {
        settled.retain(|settled| settled.allocation != Some(back.allocation_id));
        return -back.amount;
    }
    let Some(new) = Settled::by(event) else { return Decimal::ZERO };
    let amount = new.amount;
    settled.push(new);
    amount
}

impl Invoice {
    pub(super) fn issued(invoice: &account::Invoice, item: &Item) -> Self {
        Self {
            id: invoice.invoice_id,
            customer: invoice.customer,
            number: invoice.number.clone(),
            issued_on: invoice.issued_on,
            due_on: invoice.due_on,
            currency: invoice.currency.clone(),
            lines: invoice.lines.clone(),
            total: invoice.total,
            open: invoice.total,
            orders: invoice.orders.iter().map(|billed: &BilledOrder| billed.order).collect(),
            name: shown(invoice.name.as_ref()),
            address: invoice.address.as_ref().map(|address| Shown(Personal::clone(address))),
            settled: Vec::new(),
            recorded_at: item.recorded_at,
            sequence: item.sequence,
            position: item.sequence,
        }
    }

    pub(super) fn apply(&mut self, event: &Event, item: &Item) -> Result<(), Unfoldable> {
        let mut settled = self.settled.clone();
        self.open = sum(self.open, -settle(&mut settled, event))?;
        self.settled = settled;
        self.position = item.sequence;
        Ok(())
    }

    /// `paid`, `overdue` or `open`, as it stands on this day.
    pub(super) fn state(&self, today: Date) -> &'static str {
        if self.open.is_zero() {
            "paid"
        } else if self.due_on.is_some_and(|due_on| due_on < today) {
            "overdue"
        } else {
            "open"
        }
    }

    pub(crate) fn body(&self, today: Date) -> Value {
        let money = |amount: Decimal| json!({ "amount": amount, "currency": self.currency });
        let state = self.state(today);
        let overdue = self.due_on.filter(|_| state == "overdue");
        json!({
            "id": self.id,
            "customer": self.customer,
            "number": self.number,
            "state": state,
            "issued_on": self.issued_on,
            "due_on": self.due_on,
            "overdue_days": overdue.map(|due_on| (today - due_on).get_days()),
            "total": money(self.total),
            "open": money(self.open),
            "lines": self.lines,
            "orders": self.orders,
            "name": self.name,
            "address": self.address,
            "settled_by": self.settled.iter().map(Settled::body).collect::<Vec<_>>(),
            "recorded_at": time(self.recorded_at),
            "position": self.position.to_string(),
        })
    }
}

/// What money on an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FundsKind {
    Payment,
    Credit,
    CreditNote,
}

/// Money on the account: a payment, credit or a credit note, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Funds {
    pub id: Uuid,
    pub customer: Uuid,
    pub what: FundsKind,
    pub number: Option<String>,
    /// The invoice that a credit note is to.
    pub invoice: Option<Uuid>,
    pub on: Date,
    pub currency: String,
    pub amount: Decimal,
    /// What is neither allocated nor paid back.
    pub left: Decimal,
    pub refunded: Decimal,
    pub method: Option<String>,
    /// What the payer wrote, or why the credit note was issued.
    pub reference: Option<Shown<String>>,
    pub lines: Vec<Line>,
    pub settled: Vec<Settled>,
    pub recorded_at: Timestamp,
    pub sequence: i64,
    pub position: i64,
}

impl Funds {
    pub(super) fn came(what: FundsKind, id: Uuid, funding: &Funding, item: &Item) -> Self {
        Self {
            id,
            customer: funding.customer,
            what,
            number: None,
            invoice: None,
            on: funding.on,
            currency: funding.currency.clone(),
            amount: funding.amount,
            left: funding.amount,
            refunded: Decimal::ZERO,
            method: funding.method.clone(),
            reference: shown(funding.reference.as_ref()),
            lines: Vec::new(),
            settled: Vec::new(),
            recorded_at: item.recorded_at,
            sequence: item.sequence,
            position: item.sequence,
        }
    }

    pub(super) fn credit_note(note: &CreditNote, item: &Item) -> Self {
        let funding = Funding {
            customer: note.customer,
            amount: note.total,
            currency: note.currency.clone(),
            on: note.issued_on,
            method: None,
            reference: note.reason.clone(),
        };
        let funds = Self::came(FundsKind::CreditNote, note.credit_note_id, &funding, item);
        let settled = Settled::by(&Event::CreditNoteIssued(Box::new(note.clone())));
        Self {
            number: note.number.clone(),
            invoice: note.invoice,
            left: note.total - note.applied,
            lines: note.lines.clone(),
            settled: settled.into_iter().collect(),
            ..funds
        }
    }

    pub(super) fn apply(&mut self, event: &Event, item: &Item) -> Result<(), Unfoldable> {
        if let Event::CreditRefunded(refund) = event {
            let left = sum(self.left, -refund.amount)?;
            self.refunded = sum(self.refunded, refund.amount)?;
            self.left = left;
        } else {
            let mut settled = self.settled.clone();
            self.left = sum(self.left, -settle(&mut settled, event))?;
            self.settled = settled;
        }
        self.position = item.sequence;
        Ok(())
    }

    pub(super) fn body(&self) -> Value {
        let money = |amount: Decimal| json!({ "amount": amount, "currency": self.currency });
        let mut body = json!({
            "id": self.id,
            "customer": self.customer,
            "type": self.what,
            "amount": money(self.amount),
            "unallocated": money(self.left),
            "refunded": money(self.refunded),
            "on": self.on,
            "allocations": self.settled.iter().map(Settled::body).collect::<Vec<_>>(),
            "recorded_at": time(self.recorded_at),
            "position": self.position.to_string(),
        });
        let own = match self.what {
            FundsKind::Payment | FundsKind::Credit => {
                json!({ "method": self.method, "reference": self.reference })
            }
            FundsKind::CreditNote => json!({
                "number": self.number,
                "invoice": self.invoice,
                "lines": self.lines,
                "reason": self.reference,
            }),
        };
        if let (Value::Object(body), Value::Object(own)) = (&mut body, own) {
            body.extend(own);
        }
        body
    }
}
