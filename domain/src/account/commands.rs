//! The data of an account's commands, as they come over the wire.
//!
//! Each names the customer, from whom the account follows. New things may be given an id: the
//! same id again changes nothing. Dates left out are today in the organisation's time zone.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::documents::total_of;
use crate::command::{Data, Fact, Invalid, Need};
use crate::customer::CustomerFact;
use crate::order::{OrderFact, RecordLine};
use crate::value::{Amount, Code, Currency, Label, Money, Text, minor_units};

/// What an account's decision needs to know of other streams.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    pub customer: Option<CustomerFact>,
    pub today: Date,
    pub orders: BTreeMap<Uuid, OrderFact>,
}

impl Known {
    fn supply(&mut self, of: Uuid, fact: &Fact) {
        if let Fact::Customer { id, customer } = fact
            && *id == of
        {
            self.customer.clone_from(customer);
        } else if let Fact::Today(today) = fact {
            self.today = *today;
        } else if let Fact::Order { id, order: Some(order) } = fact {
            self.orders.insert(*id, order.clone());
        }
    }
}

/// Issues an invoice. Without a number it takes the next of the organisation's own.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = account::IssueInvoice)]
pub struct IssueInvoice {
    pub customer: Uuid,
    pub invoice_id: Option<Uuid>,
    pub number: Option<Code>,
    #[schema(value_type = Option<String>, format = Date, example = "2026-11-20")]
    pub issued_on: Option<Date>,
    /// Left out, it is never overdue.
    #[schema(value_type = Option<String>, format = Date, example = "2026-12-04")]
    pub due_on: Option<Date>,
    pub currency: Currency,
    #[schema(min_items = 1)]
    pub lines: Vec<RecordLine>,
    /// The orders that it bills; what they were worth then counts through the invoice alone.
    #[serde(default)]
    pub orders: Vec<Uuid>,
    #[serde(skip)]
    pub known: Known,
}

impl Data for IssueInvoice {
    fn check(&mut self) -> Result<(), Invalid> {
        check_lines(&self.lines)?;
        let total = total_of(&self.lines, self.currency.as_str()).ok_or_else(too_large)?;
        if total.is_sign_negative() && !total.is_zero() {
            let detail = "the total is below zero; issue a credit note instead";
            return Err(Invalid::new("/lines", "invalid_amount", detail));
        }
        Ok(())
    }

    fn assign_ids(&mut self, next: &mut dyn FnMut() -> Uuid) {
        self.invoice_id.get_or_insert_with(next);
    }

    fn needs(&self) -> Vec<Need> {
        let orders = self.orders.iter().copied().map(Need::Order);
        [Need::Customer(self.customer), Need::Today].into_iter().chain(orders).collect()
    }

    fn supply(&mut self, fact: &Fact) {
        self.known.supply(self.customer, fact);
    }
}

/// Issues a credit note, to an invoice or by itself. What the invoice does not take stays as
/// credit on account.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = account::IssueCreditNote)]
pub struct IssueCreditNote {
    pub customer: Uuid,
    pub credit_note_id: Option<Uuid>,
    pub number: Option<Code>,
    /// The invoice's id or number.
    #[schema(value_type = Option<String>, example = "DI-1")]
    pub invoice: Option<InvoiceRef>,
    #[schema(value_type = Option<String>, format = Date)]
    pub issued_on: Option<Date>,
    /// Left out, it is the invoice's.
    pub currency: Option<Currency>,
    /// What is given back, with amounts above zero.
    #[schema(min_items = 1)]
    pub lines: Vec<RecordLine>,
    pub reason: Option<Text>,
    #[serde(skip)]
    pub known: Known,
}

impl Data for IssueCreditNote {
    fn check(&mut self) -> Result<(), Invalid> {
        if self.invoice.is_none() && self.currency.is_none() {
            let detail = "a credit note to no invoice names its currency";
            return Err(Invalid::new("/currency", "missing_field", detail));
        }
        check_lines(&self.lines)?;
        // Rounding to fewer decimals than any currency has never makes less than zero of more.
        let total = total_of(&self.lines, self.currency.as_ref().map_or("CLF", Currency::as_str));
        if total.ok_or_else(too_large)? <= Decimal::ZERO {
            let detail = "a credit note gives back an amount above zero";
            return Err(Invalid::new("/lines", "invalid_amount", detail));
        }
        Ok(())
    }

    fn assign_ids(&mut self, next: &mut dyn FnMut() -> Uuid) {
        self.credit_note_id.get_or_insert_with(next);
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Customer(self.customer), Need::Today]
    }

    fn supply(&mut self, fact: &Fact) {
        self.known.supply(self.customer, fact);
    }
}

/// Records a payment and sets it against invoices. What is not allocated stays as credit.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = account::ReceivePayment)]
pub struct ReceivePayment {
    pub customer: Uuid,
    pub payment_id: Option<Uuid>,
    pub amount: Money,
    /// How it was paid: `transfer`, `cash`, `card`. Never a card's number.
    pub method: Option<Label>,
    #[schema(value_type = Option<String>, format = Date)]
    pub received_on: Option<Date>,
    /// What the payer wrote.
    pub reference: Option<Label>,
    #[serde(default)]
    pub allocations: Vec<AllocationInput>,
    #[serde(skip)]
    pub known: Known,
}

impl Data for ReceivePayment {
    fn check(&mut self) -> Result<(), Invalid> {
        check_money(&self.amount, true)?;
        for (index, allocation) in self.allocations.iter().enumerate() {
            let under = |invalid: Invalid| invalid.under(&format!("/allocations/{index}"));
            check_share(allocation.amount.as_ref()).map_err(under)?;
        }
        Ok(())
    }

    fn assign_ids(&mut self, next: &mut dyn FnMut() -> Uuid) {
        self.payment_id.get_or_insert_with(&mut *next);
        for allocation in &mut self.allocations {
            allocation.allocation_id.get_or_insert_with(&mut *next);
        }
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Customer(self.customer), Need::Today]
    }

    fn supply(&mut self, fact: &Fact) {
        self.known.supply(self.customer, fact);
    }
}

/// How much of a payment is for which invoice.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = account::AllocationInput)]
pub struct AllocationInput {
    pub allocation_id: Option<Uuid>,
    /// The invoice's id or number.
    #[schema(value_type = String, example = "DI-1")]
    pub invoice: InvoiceRef,
    /// Left out, as much as is left of the one and open on the other.
    #[schema(value_type = Option<String>, example = "12.50")]
    pub amount: Option<Share>,
}

/// Sets a payment against an invoice.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = account::AllocatePayment)]
pub struct AllocatePayment {
    /// Left out where an address names the payment or credit.
    #[serde(default)]
    pub customer: Uuid,
    pub payment: Uuid,
    pub allocation_id: Option<Uuid>,
    /// The invoice's id or number.
    #[schema(value_type = String, example = "DI-1")]
    pub invoice: InvoiceRef,
    /// Left out, as much as is left of the one and open on the other.
    #[schema(value_type = Option<String>, example = "12.50")]
    pub amount: Option<Share>,
}

/// Sets credit on account (also what a credit note left over) against an invoice.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = account::AllocateCredit)]
pub struct AllocateCredit {
    /// Left out where an address names the payment or credit.
    #[serde(default)]
    pub customer: Uuid,
    pub credit: Uuid,
    pub allocation_id: Option<Uuid>,
    /// The invoice's id or number.
    #[schema(value_type = String, example = "DI-1")]
    pub invoice: InvoiceRef,
    /// Left out, as much as is left of the one and open on the other.
    #[schema(value_type = Option<String>, example = "12.50")]
    pub amount: Option<Share>,
}

macro_rules! one_allocation {
    ($($data:ty),+) => { $(
        impl Data for $data {
            fn check(&mut self) -> Result<(), Invalid> {
                check_share(self.amount.as_ref())
            }

            fn assign_ids(&mut self, next: &mut dyn FnMut() -> Uuid) {
                self.allocation_id.get_or_insert_with(next);
            }
        }
    )+ };
}

one_allocation!(AllocatePayment, AllocateCredit);

/// Takes an allocation back: the amount is open and left again.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = account::ReverseAllocation)]
pub struct ReverseAllocation {
    /// Left out where an address names the payment or credit.
    #[serde(default)]
    pub customer: Uuid,
    /// The payment or credit that it must be of.
    pub funds: Option<Uuid>,
    pub allocation: Uuid,
    pub reason: Option<Text>,
}

crate::command::plain!(ReverseAllocation);

/// Puts credit on the account.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = account::AddCredit)]
pub struct AddCredit {
    pub customer: Uuid,
    pub credit_id: Option<Uuid>,
    pub amount: Money,
    pub method: Option<Label>,
    #[schema(value_type = Option<String>, format = Date)]
    pub added_on: Option<Date>,
    pub reference: Option<Label>,
    #[serde(skip)]
    pub known: Known,
}

impl Data for AddCredit {
    fn check(&mut self) -> Result<(), Invalid> {
        check_money(&self.amount, false)
    }

    fn assign_ids(&mut self, next: &mut dyn FnMut() -> Uuid) {
        self.credit_id.get_or_insert_with(next);
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Customer(self.customer), Need::Today]
    }

    fn supply(&mut self, fact: &Fact) {
        self.known.supply(self.customer, fact);
    }
}

/// Pays back what is left of a payment, of credit or of a credit note.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = account::RefundCredit)]
pub struct RefundCredit {
    /// Left out where an address names the payment or credit.
    #[serde(default)]
    pub customer: Uuid,
    /// The payment, credit or credit note that it is paid from.
    pub credit: Uuid,
    pub refund_id: Option<Uuid>,
    /// Left out, all that is left.
    #[schema(value_type = Option<String>, example = "12.50")]
    pub amount: Option<Share>,
    pub method: Option<Label>,
    #[schema(value_type = Option<String>, format = Date)]
    pub refunded_on: Option<Date>,
    pub reference: Option<Label>,
    #[serde(skip)]
    pub known: Known,
}

impl Data for RefundCredit {
    fn check(&mut self) -> Result<(), Invalid> {
        check_share(self.amount.as_ref())
    }

    fn assign_ids(&mut self, next: &mut dyn FnMut() -> Uuid) {
        self.refund_id.get_or_insert_with(next);
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Today]
    }

    fn supply(&mut self, fact: &Fact) {
        self.known.supply(self.customer, fact);
    }
}

/// An invoice of the account by its id, or by its number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Code")]
pub enum InvoiceRef {
    Id(Uuid),
    Number(Code),
}

impl From<Code> for InvoiceRef {
    fn from(code: Code) -> Self {
        Uuid::try_parse(code.as_str()).map_or(Self::Number(code), Self::Id)
    }
}

/// A part of an amount: a decimal number in the currency of the whole, or with its currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub amount: Decimal,
    pub currency: Option<String>,
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value.is_object() {
            let Money { amount, currency } = Money::deserialize(value).map_err(D::Error::custom)?;
            return Ok(Self { amount: amount.value(), currency: Some(currency.into()) });
        }
        let amount = Amount::deserialize(value).map_err(D::Error::custom)?;
        Ok(Self { amount: amount.value(), currency: None })
    }
}

fn check_lines(lines: &[RecordLine]) -> Result<(), Invalid> {
    if lines.is_empty() {
        let detail = "a document has at least one line";
        return Err(Invalid::new("/lines", "invalid_field", detail));
    }
    for (index, line) in lines.iter().enumerate() {
        line.check().map_err(|invalid| invalid.under(&format!("/lines/{index}")))?;
    }
    Ok(())
}

fn too_large() -> Invalid {
    let detail = "the sum of the lines has more digits than can be kept";
    Invalid::new("/lines", "invalid_amount", detail)
}

/// Money that really moved has no more decimals than its currency.
fn check_money(money: &Money, zero_is_real: bool) -> Result<(), Invalid> {
    let (amount, decimals) = (money.amount.value(), minor_units(money.currency.as_str()));
    let wrong = |detail: String| Err(Invalid::new("/amount/amount", "invalid_amount", detail));
    if amount.is_zero() && zero_is_real {
        Ok(())
    } else if amount <= Decimal::ZERO {
        wrong("the amount must be above zero".to_owned())
    } else if amount.normalize().scale() > decimals {
        wrong(format!("{} has {decimals} decimals", money.currency))
    } else {
        Ok(())
    }
}

fn check_share(share: Option<&Share>) -> Result<(), Invalid> {
    match share {
        Some(share) if share.amount < Decimal::ZERO => {
            Err(Invalid::new("/amount", "invalid_amount", "the amount must not be below zero"))
        }
        Some(_) | None => Ok(()),
    }
}
