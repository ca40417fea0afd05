//! What happens on an account. Every event names the customer; what is personal lies under the
//! account's own key, which covers the books and outlives the customer's.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::{ClaimChange, ClaimKind};
use crate::personal::Personal;
use crate::value::{Address, fold};

/// An account's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "account.invoice_issued")]
    InvoiceIssued(Box<Invoice>),
    #[serde(rename = "account.credit_note_issued")]
    CreditNoteIssued(Box<CreditNote>),
    #[serde(rename = "account.payment_received")]
    PaymentReceived {
        payment_id: Uuid,
        #[serde(flatten)]
        funding: Funding,
    },
    #[serde(rename = "account.payment_allocated")]
    PaymentAllocated {
        payment: Uuid,
        /// Said in one breath with the payment.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        with_payment: bool,
        #[serde(flatten)]
        allocation: Allocation,
    },
    #[serde(rename = "account.allocation_reversed")]
    AllocationReversed(Reversal),
    #[serde(rename = "account.credit_added")]
    CreditAdded {
        credit_id: Uuid,
        #[serde(flatten)]
        funding: Funding,
    },
    #[serde(rename = "account.credit_allocated")]
    CreditAllocated {
        credit: Uuid,
        #[serde(flatten)]
        allocation: Allocation,
    },
    #[serde(rename = "account.credit_refunded")]
    CreditRefunded(Refund),
}

/// An invoice as it was issued; it never changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Invoice {
    pub customer: Uuid,
    pub invoice_id: Uuid,
    /// Missing until the append gives one of the organisation's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    pub issued_on: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    pub currency: String,
    pub lines: Vec<Line>,
    pub total: Decimal,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<BilledOrder>,
    /// Whom it was addressed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Personal<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Personal<Address>>,
}

/// A line of a document, with its rounded amount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub item_code: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    pub quantity: Decimal,
    pub unit_price: Decimal,
    pub amount: Decimal,
}

/// An order that an invoice bills, and what it had counted for by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BilledOrder {
    pub order: Uuid,
    pub counted: Decimal,
}

/// A credit note as it was issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CreditNote {
    pub customer: Uuid,
    pub credit_note_id: Uuid,
    /// Missing until the append gives one of the organisation's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<Uuid>,
    pub issued_on: Date,
    pub currency: String,
    pub lines: Vec<Line>,
    pub total: Decimal,
    /// What it takes off the invoice; the rest is credit on account.
    pub applied: Decimal,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Personal<String>>,
}

/// Money that came onto the account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Funding {
    pub customer: Uuid,
    pub amount: Decimal,
    pub currency: String,
    pub on: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Personal<String>>,
}

/// An amount set against an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Allocation {
    pub customer: Uuid,
    pub allocation_id: Uuid,
    pub invoice: Uuid,
    pub amount: Decimal,
    pub currency: String,
}

/// An allocation taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Reversal {
    pub customer: Uuid,
    pub allocation_id: Uuid,
    /// The payment or credit that has the amount left again.
    pub funds: Uuid,
    pub invoice: Uuid,
    /// When the invoice, now open again, is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    pub amount: Decimal,
    pub currency: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Personal<String>>,
}

/// An amount paid back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Refund {
    pub customer: Uuid,
    pub refund_id: Uuid,
    /// The payment, credit or credit note that it is paid from.
    pub credit: Uuid,
    pub amount: Decimal,
    pub currency: String,
    pub on: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Personal<String>>,
}

/// The organisation's own numbers begin with these.
pub(super) const OWN_INVOICE: &str = "DI-";
pub(super) const OWN_CREDIT_NOTE: &str = "DC-";

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &[
        "account.invoice_issued",
        "account.credit_note_issued",
        "account.payment_received",
        "account.payment_allocated",
        "account.allocation_reversed",
        "account.credit_added",
        "account.credit_allocated",
        "account.credit_refunded",
    ];

    /// The customer whose account it is.
    pub fn customer(&self) -> Uuid {
        match self {
            Self::InvoiceIssued(invoice) => invoice.customer,
            Self::CreditNoteIssued(note) => note.customer,
            Self::PaymentReceived { funding, .. } | Self::CreditAdded { funding, .. } => {
                funding.customer
            }
            Self::PaymentAllocated { allocation, .. }
            | Self::CreditAllocated { allocation, .. } => allocation.customer,
            Self::AllocationReversed(reversal) => reversal.customer,
            Self::CreditRefunded(refund) => refund.customer,
        }
    }

    /// The currency of its amounts.
    pub fn currency(&self) -> &str {
        match self {
            Self::InvoiceIssued(invoice) => &invoice.currency,
            Self::CreditNoteIssued(note) => &note.currency,
            Self::PaymentReceived { funding, .. } | Self::CreditAdded { funding, .. } => {
                &funding.currency
            }
            Self::PaymentAllocated { allocation, .. }
            | Self::CreditAllocated { allocation, .. } => &allocation.currency,
            Self::AllocationReversed(reversal) => &reversal.currency,
            Self::CreditRefunded(refund) => &refund.currency,
        }
    }

    /// The series from which the append takes its number, if it has none of its own.
    pub fn series(&self) -> Option<&'static str> {
        match self {
            Self::InvoiceIssued(invoice) if invoice.number.is_none() => Some(OWN_INVOICE),
            Self::CreditNoteIssued(note) if note.number.is_none() => Some(OWN_CREDIT_NOTE),
            Self::InvoiceIssued(_)
            | Self::CreditNoteIssued(_)
            | Self::PaymentReceived { .. }
            | Self::PaymentAllocated { .. }
            | Self::AllocationReversed(_)
            | Self::CreditAdded { .. }
            | Self::CreditAllocated { .. }
            | Self::CreditRefunded(_) => None,
        }
    }

    /// Takes the number that the append gave.
    pub fn take_number(&mut self, number: String) {
        match self {
            Self::InvoiceIssued(invoice) => invoice.number = Some(number),
            Self::CreditNoteIssued(note) => note.number = Some(number),
            Self::PaymentReceived { .. }
            | Self::PaymentAllocated { .. }
            | Self::AllocationReversed(_)
            | Self::CreditAdded { .. }
            | Self::CreditAllocated { .. }
            | Self::CreditRefunded(_) => {}
        }
    }

    /// Own numbers differ by themselves; given ones are held.
    pub fn claims(&self) -> Vec<ClaimChange> {
        let (kind, number) = match self {
            Self::InvoiceIssued(invoice) => (ClaimKind::InvoiceNumber, &invoice.number),
            Self::CreditNoteIssued(note) => (ClaimKind::CreditNoteNumber, &note.number),
            Self::PaymentReceived { .. }
            | Self::PaymentAllocated { .. }
            | Self::AllocationReversed(_)
            | Self::CreditAdded { .. }
            | Self::CreditAllocated { .. }
            | Self::CreditRefunded(_) => return Vec::new(),
        };
        number.iter().map(|number| ClaimChange::take(kind, fold(number))).collect()
    }

    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        Some(self.customer())
    }

    /// The books have a key of their own: the law has one keep them when the person is erased.
    pub fn key_id(&self, stream_id: Uuid) -> Option<Uuid> {
        Some(stream_id)
    }
}
