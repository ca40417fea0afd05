//! An account as its decider sees it, and what conditions can ask of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::event::{Allocation, CreditNote, Event, Funding, Invoice};
use crate::value::fold;

/// An account as folded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    pub invoices: BTreeMap<Uuid, OpenInvoice>,
    /// Payments, credits and credit notes.
    pub funds: BTreeMap<Uuid, Funds>,
    pub allocations: BTreeMap<Uuid, Allocated>,
    pub refunds: BTreeMap<Uuid, (Uuid, Decimal)>,
    pub billed: BTreeSet<Uuid>,
}

/// An invoice, and what was set against it.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenInvoice {
    pub issued: Arc<Invoice>,
    pub allocated: Decimal,
    /// What credit notes took off.
    pub applied: Decimal,
    /// The sum of its credit notes, also where they left credit over.
    pub credited: Decimal,
}

impl OpenInvoice {
    /// What is still to be paid.
    pub fn open(&self) -> Decimal {
        self.issued.total - self.allocated - self.applied
    }
}

/// What money on the account is.
#[derive(Debug, Clone, PartialEq)]
pub enum FundsKind {
    Payment(Arc<Funding>),
    Credit(Arc<Funding>),
    CreditNote(Arc<CreditNote>),
}

/// Money on the account, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Funds {
    pub kind: FundsKind,
    pub amount: Decimal,
    pub currency: String,
    pub allocated: Decimal,
    pub refunded: Decimal,
}

impl Funds {
    fn new(kind: FundsKind, amount: Decimal, currency: &str) -> Self {
        let (allocated, refunded) = (Decimal::ZERO, Decimal::ZERO);
        Self { kind, amount, currency: currency.to_owned(), allocated, refunded }
    }

    /// What is neither allocated nor refunded: credit on account.
    pub fn left(&self) -> Decimal {
        self.amount - self.allocated - self.refunded
    }
}

/// An allocation; one that was reversed is known still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocated {
    pub funds: Uuid,
    pub invoice: Uuid,
    pub amount: Decimal,
    pub reversed: bool,
}

impl State {
    /// The invoice of a number.
    pub fn by_number(&self, number: &str) -> Option<(Uuid, &OpenInvoice)> {
        let wanted = fold(number);
        let has = |invoice: &OpenInvoice| {
            invoice.issued.number.as_deref().is_some_and(|number| fold(number) == wanted)
        };
        self.invoices.iter().find(|(_, invoice)| has(invoice)).map(|(id, found)| (*id, found))
    }

    /// Whether a credit note has the number.
    pub(super) fn has_credit_note(&self, number: &str) -> bool {
        let wanted = fold(number);
        self.funds.values().any(|funds| match &funds.kind {
            FundsKind::CreditNote(note) => {
                note.number.as_deref().is_some_and(|number| fold(number) == wanted)
            }
            FundsKind::Payment(_) | FundsKind::Credit(_) => false,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.invoices.is_empty() && self.funds.is_empty()
    }

    /// The values of the catalogue's fields about the account, by currency where they are money.
    pub fn facts(&self) -> Value {
        let mut balance: BTreeMap<&str, Decimal> = BTreeMap::new();
        for invoice in self.invoices.values() {
            *balance.entry(&invoice.issued.currency).or_default() += invoice.open();
        }
        let mut credit: BTreeMap<&str, Decimal> = BTreeMap::new();
        for funds in self.funds.values() {
            *credit.entry(&funds.currency).or_default() += funds.left();
        }
        let open = self.invoices.values().filter(|invoice| !invoice.open().is_zero());
        json!({
            "balance": money(balance),
            "credit_on_account": money(credit),
            "open_invoices": open.count(),
        })
    }
}

fn money(amounts: BTreeMap<&str, Decimal>) -> Vec<Value> {
    let amounts = amounts.into_iter();
    amounts.map(|(currency, amount)| json!({ "amount": amount, "currency": currency })).collect()
}

pub(super) fn evolve(mut state: State, event: &Event) -> State {
    match event {
        Event::InvoiceIssued(invoice) => {
            state.billed.extend(invoice.orders.iter().map(|billed| billed.order));
            let (allocated, applied, credited) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
            let issued = Arc::new((**invoice).clone());
            let invoice = OpenInvoice { issued, allocated, applied, credited };
            state.invoices.insert(invoice.issued.invoice_id, invoice);
        }
        Event::CreditNoteIssued(note) => {
            if let Some(invoice) = note.invoice.and_then(|id| state.invoices.get_mut(&id)) {
                invoice.applied += note.applied;
                invoice.credited += note.total;
            }
            let kind = FundsKind::CreditNote(Arc::new((**note).clone()));
            let mut funds = Funds::new(kind, note.total, &note.currency);
            funds.allocated = note.applied;
            state.funds.insert(note.credit_note_id, funds);
        }
        Event::PaymentReceived { payment_id, funding } => {
            let kind = FundsKind::Payment(Arc::new(funding.clone()));
            let funds = Funds::new(kind, funding.amount, &funding.currency);
            state.funds.insert(*payment_id, funds);
        }
        Event::CreditAdded { credit_id, funding } => {
            let kind = FundsKind::Credit(Arc::new(funding.clone()));
            let funds = Funds::new(kind, funding.amount, &funding.currency);
            state.funds.insert(*credit_id, funds);
        }
        Event::PaymentAllocated { payment, with_payment: _, allocation } => {
            allocate(&mut state, *payment, allocation);
        }
        Event::CreditAllocated { credit, allocation } => {
            allocate(&mut state, *credit, allocation);
        }
        Event::AllocationReversed(reversal) => {
            if let Some(allocated) = state.allocations.get_mut(&reversal.allocation_id) {
                allocated.reversed = true;
            }
            move_amount(&mut state, reversal.funds, reversal.invoice, -reversal.amount);
        }
        Event::CreditRefunded(refund) => {
            state.refunds.insert(refund.refund_id, (refund.credit, refund.amount));
            if let Some(funds) = state.funds.get_mut(&refund.credit) {
                funds.refunded += refund.amount;
            }
        }
    }
    state
}

fn allocate(state: &mut State, funds: Uuid, allocation: &Allocation) {
    let Allocation { customer: _, allocation_id, invoice, amount, currency: _ } = allocation;
    let allocated = Allocated { funds, invoice: *invoice, amount: *amount, reversed: false };
    state.allocations.insert(*allocation_id, allocated);
    move_amount(state, funds, *invoice, *amount);
}

fn move_amount(state: &mut State, funds: Uuid, invoice: Uuid, amount: Decimal) {
    if let Some(funds) = state.funds.get_mut(&funds) {
        funds.allocated += amount;
    }
    if let Some(invoice) = state.invoices.get_mut(&invoice) {
        invoice.allocated += amount;
    }
}
