//! What happened on an account, in words.

use super::event::{Event, Funding};
use crate::sentence::{count, reason};

impl Event {
    /// What happened, without its subject and final full stop.
    pub fn sentence(&self) -> String {
        match self {
            Self::InvoiceIssued(invoice) => {
                let lines = count(invoice.lines.len(), "line", "lines");
                let due = invoice.due_on.map(|due| format!(", due on {due}")).unwrap_or_default();
                let (total, currency) = (invoice.total, &invoice.currency);
                let number = named(invoice.number.as_deref());
                format!("issued an invoice{number}: {lines}, {total} {currency}{due}")
            }
            Self::CreditNoteIssued(note) => {
                let (total, currency) = (note.total, &note.currency);
                let number = named(note.number.as_deref());
                let reason = reason(note.reason.as_ref());
                format!("issued a credit note{number} over {total} {currency}{reason}")
            }
            Self::PaymentReceived { payment_id: _, funding } => {
                format!("received a payment of {}", came(funding))
            }
            Self::CreditAdded { credit_id: _, funding } => {
                format!("added credit of {}", came(funding))
            }
            Self::PaymentAllocated { payment: _, with_payment: _, allocation } => {
                let (amount, currency) = (allocation.amount, &allocation.currency);
                format!("set {amount} {currency} of a payment against an invoice")
            }
            Self::CreditAllocated { credit: _, allocation } => {
                let (amount, currency) = (allocation.amount, &allocation.currency);
                format!("set {amount} {currency} of credit against an invoice")
            }
            Self::AllocationReversed(reversal) => {
                let (amount, currency) = (reversal.amount, &reversal.currency);
                let reason = reason(reversal.reason.as_ref());
                format!("took back an allocation of {amount} {currency}{reason}")
            }
            Self::CreditRefunded(refund) => {
                let (amount, currency) = (refund.amount, &refund.currency);
                format!("paid back {amount} {currency}")
            }
        }
    }
}

fn named(number: Option<&str>) -> String {
    number.map(|number| format!(" {number}")).unwrap_or_default()
}

fn came(funding: &Funding) -> String {
    let method = funding.method.as_ref().map(|method| format!(" by {method}")).unwrap_or_default();
    format!("{} {}{method}", funding.amount, funding.currency)
}
