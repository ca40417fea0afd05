//! What a customer owes and has paid: invoices, credit notes, payments, credit on account and how
//! they are set against each other.
//!
//! A line's amount is quantity x unit price, exact, then rounded to the currency's minor unit, half
//! away from zero. Totals are sums of rounded lines, so a document adds up as it is printed.
//!
//! An open amount is never below zero and nothing is allocated twice: money that came in (a
//! payment, credit, or what a credit note leaves over) is set against invoices of its own currency
//! up to what is left of the one and open on the other. The rest stays as credit on account.

use rust_decimal::Decimal;
use uuid::Uuid;

use crate::decider::Decider;
use crate::refusal::{Refusal, RefusalKind};

mod commands;
mod documents;
mod event;
mod funds;
mod sentence;
mod state;

pub use commands::{
    AddCredit, AllocateCredit, AllocatePayment, AllocationInput, InvoiceRef, IssueCreditNote,
    IssueInvoice, ReceivePayment, RefundCredit, ReverseAllocation, Share,
};
pub use event::{
    Allocation, BilledOrder, CreditNote, Event, Funding, Invoice, Line, Refund, Reversal,
};
pub use state::{Funds, FundsKind, OpenInvoice, State};

/// The aggregate: one account for each customer.
#[derive(Debug, Clone, Copy)]
pub struct Account;

/// The namespace of the ids of accounts.
const NAMESPACE: Uuid = Uuid::from_u128(0x0d05_51e7_acc0_5a4b_8e21_3f7c_95d2_60b4);

/// The stream of a customer's account.
pub fn account_id(customer: Uuid) -> Uuid {
    Uuid::new_v5(&NAMESPACE, customer.as_bytes())
}

/// What can be asked of an account.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    IssueInvoice(Box<IssueInvoice>),
    IssueCreditNote(Box<IssueCreditNote>),
    ReceivePayment(Box<ReceivePayment>),
    AllocatePayment(AllocatePayment),
    AllocateCredit(AllocateCredit),
    ReverseAllocation(ReverseAllocation),
    AddCredit(AddCredit),
    RefundCredit(RefundCredit),
}

impl Command {
    /// The customer whose account it is.
    pub fn customer(&self) -> Uuid {
        match self {
            Self::IssueInvoice(issue) => issue.customer,
            Self::IssueCreditNote(issue) => issue.customer,
            Self::ReceivePayment(receive) => receive.customer,
            Self::AllocatePayment(allocate) => allocate.customer,
            Self::AllocateCredit(allocate) => allocate.customer,
            Self::ReverseAllocation(reverse) => reverse.customer,
            Self::AddCredit(add) => add.customer,
            Self::RefundCredit(refund) => refund.customer,
        }
    }
}

impl Command {
    /// The id of what it makes.
    pub fn makes(&self) -> Option<Uuid> {
        match self {
            Self::IssueInvoice(issue) => issue.invoice_id,
            Self::IssueCreditNote(issue) => issue.credit_note_id,
            Self::ReceivePayment(receive) => receive.payment_id,
            Self::AllocatePayment(allocate) => allocate.allocation_id,
            Self::AllocateCredit(allocate) => allocate.allocation_id,
            Self::ReverseAllocation(reverse) => Some(reverse.allocation),
            Self::AddCredit(add) => add.credit_id,
            Self::RefundCredit(refund) => refund.refund_id,
        }
    }
}

/// Why an account's command is refused. Pointers name the field of the command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such customer")]
    CustomerNotFound,
    #[error("the customer is archived; restore it before an invoice is issued")]
    CustomerArchived,
    #[error("the customer was erased")]
    CustomerErased,
    #[error("there is no such invoice on the customer's account")]
    InvoiceNotFound { pointer: String },
    #[error("there is no such payment on the customer's account")]
    PaymentNotFound,
    #[error("there is no such credit on the customer's account")]
    CreditNotFound,
    #[error("there is no such allocation on the customer's account")]
    AllocationNotFound,
    #[error("this id stands for something else on the account")]
    Differs { pointer: &'static str },
    #[error("another document of the account has the number {0}")]
    NumberTaken(String),
    #[error("numbers such as {0} are given by the service itself; leave the number out")]
    NumberReserved(String),
    #[error("{found} cannot be set against {expected}")]
    CurrencyDiffers { pointer: String, expected: String, found: String },
    #[error("{currency} has {decimals} decimals")]
    AmountTooFine { pointer: String, currency: String, decimals: u32 },
    #[error("{left} {currency} is left to allocate, not {asked}")]
    ExceedsFunds { pointer: String, left: Decimal, asked: Decimal, currency: String },
    #[error("{open} {currency} is open on the invoice, not {asked}")]
    ExceedsInvoice { pointer: String, open: Decimal, asked: Decimal, currency: String },
    #[error("nothing is left to allocate, or nothing is open on the invoice")]
    NothingToAllocate { pointer: String },
    #[error("{left} {currency} can be refunded, not {asked}")]
    ExceedsCredit { left: Decimal, asked: Decimal, currency: String },
    #[error("nothing is left to refund")]
    NothingToRefund,
    #[error("{left} {currency} of the invoice can still be credited, not {asked}")]
    CreditExceedsInvoice { left: Decimal, asked: Decimal, currency: String },
    #[error("the customer has no such order that could be billed")]
    OrderNotFound { pointer: String },
    #[error("the order is billed by another invoice")]
    OrderBilled { pointer: String },
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::CustomerNotFound => "customer_not_found",
            Self::CustomerArchived => "customer_archived",
            Self::CustomerErased => "customer_erased",
            Self::InvoiceNotFound { .. } => "invoice_not_found",
            Self::PaymentNotFound => "payment_not_found",
            Self::CreditNotFound => "credit_not_found",
            Self::AllocationNotFound => "allocation_not_found",
            Self::Differs { .. } => "document_differs",
            Self::NumberTaken(_) => "number_taken",
            Self::NumberReserved(_) => "number_reserved",
            Self::CurrencyDiffers { .. } => "currency_differs",
            Self::AmountTooFine { .. } => "amount_too_fine",
            Self::ExceedsFunds { .. } => "allocation_exceeds_payment",
            Self::ExceedsInvoice { .. } => "allocation_exceeds_invoice",
            Self::NothingToAllocate { .. } => "nothing_to_allocate",
            Self::ExceedsCredit { .. } => "refund_exceeds_credit",
            Self::NothingToRefund => "nothing_to_refund",
            Self::CreditExceedsInvoice { .. } => "credit_exceeds_invoice",
            Self::OrderNotFound { .. } => "order_not_found",
            Self::OrderBilled { .. } => "order_billed",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::CustomerNotFound | Self::CustomerArchived | Self::CustomerErased => {
                Some("/customer")
            }
            Self::InvoiceNotFound { pointer }
            | Self::CurrencyDiffers { pointer, .. }
            | Self::AmountTooFine { pointer, .. }
            | Self::ExceedsFunds { pointer, .. }
            | Self::ExceedsInvoice { pointer, .. }
            | Self::NothingToAllocate { pointer }
            | Self::OrderNotFound { pointer }
            | Self::OrderBilled { pointer } => Some(pointer),
            Self::PaymentNotFound => Some("/payment"),
            Self::CreditNotFound => Some("/credit"),
            Self::AllocationNotFound => Some("/allocation"),
            Self::Differs { pointer } => Some(pointer),
            Self::NumberTaken(_) | Self::NumberReserved(_) => Some("/number"),
            Self::ExceedsCredit { .. } | Self::NothingToRefund => Some("/amount"),
            Self::CreditExceedsInvoice { .. } => Some("/lines"),
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::PaymentNotFound | Self::CreditNotFound | Self::AllocationNotFound => {
                RefusalKind::NotFound
            }
            Self::Differs { .. } | Self::NumberTaken(_) => RefusalKind::Conflict,
            Self::CustomerNotFound
            | Self::CustomerArchived
            | Self::CustomerErased
            | Self::InvoiceNotFound { .. }
            | Self::NumberReserved(_)
            | Self::CurrencyDiffers { .. }
            | Self::AmountTooFine { .. }
            | Self::ExceedsFunds { .. }
            | Self::ExceedsInvoice { .. }
            | Self::NothingToAllocate { .. }
            | Self::ExceedsCredit { .. }
            | Self::NothingToRefund
            | Self::CreditExceedsInvoice { .. }
            | Self::OrderNotFound { .. }
            | Self::OrderBilled { .. } => RefusalKind::Rule,
        }
    }
}

impl Decider for Account {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "account";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match command {
            Command::IssueInvoice(issue) => documents::issue_invoice(state, *issue),
            Command::IssueCreditNote(issue) => documents::issue_credit_note(state, *issue),
            Command::ReceivePayment(receive) => funds::receive_payment(state, *receive),
            Command::AllocatePayment(allocate) => funds::allocate_payment(state, &allocate),
            Command::AllocateCredit(allocate) => funds::allocate_credit(state, &allocate),
            Command::ReverseAllocation(reverse) => funds::reverse_allocation(state, reverse),
            Command::AddCredit(add) => funds::add_credit(state, add),
            Command::RefundCredit(refund) => funds::refund_credit(state, refund),
        }
    }

    fn evolve(state: State, event: &Event) -> State {
        state::evolve(state, event)
    }
}

#[cfg(test)]
mod tests;
