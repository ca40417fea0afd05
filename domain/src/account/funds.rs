//! Decisions on money: payments, credit, what they are set against, and what is paid back.

use jiff::civil::Date;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::Error;
use super::commands::{
    AddCredit, AllocateCredit, AllocatePayment, AllocationInput, InvoiceRef, ReceivePayment,
    RefundCredit, ReverseAllocation, Share,
};
use super::documents::{may_be_booked, rounded};
use super::event::{Allocation, Event, Funding, Refund, Reversal};
use super::state::{Funds, FundsKind, OpenInvoice, State, evolve};
use crate::personal::Personal;
use crate::value::{Label, Money, minor_units};

/// A payment, and what of it is allocated in the same breath. One of 0.00 is real.
pub(super) fn receive_payment(state: &State, receive: ReceivePayment) -> Result<Vec<Event>, Error> {
    let payment_id = receive.payment_id.unwrap_or_default();
    let dated = receive.received_on.is_some();
    let on = receive.received_on.unwrap_or(receive.known.today);
    let funding = funding(receive.customer, receive.amount, on, receive.method, receive.reference);
    if state.invoices.contains_key(&payment_id) || state.funds.contains_key(&payment_id) {
        let before = state.funds.get(&payment_id).map(|funds| &funds.kind);
        return match before {
            Some(FundsKind::Payment(before)) if same(before, &funding, dated) => Ok(Vec::new()),
            Some(_) | None => Err(Error::Differs { pointer: "/payment_id" }),
        };
    }
    may_be_booked(state, &receive.known)?;
    let mut events = vec![Event::PaymentReceived { payment_id, funding }];
    let mut state = evolve_all(state, &events);
    for (index, input) in receive.allocations.into_iter().enumerate() {
        let at = format!("/allocations/{index}");
        let wanted = Wanted { customer: receive.customer, funds: payment_id, input, at };
        if let Some(allocation) = wanted.allocation(&state)? {
            let payment = payment_id;
            let event = Event::PaymentAllocated { payment, with_payment: true, allocation };
            state = evolve(state, &event);
            events.push(event);
        }
    }
    Ok(events)
}

fn evolve_all(state: &State, events: &[Event]) -> State {
    events.iter().fold(state.clone(), evolve)
}

fn funding(
    customer: Uuid,
    money: Money,
    on: Date,
    method: Option<Label>,
    reference: Option<Label>,
) -> Funding {
    let currency = String::from(money.currency);
    Funding {
        customer,
        amount: rounded(money.amount.value(), &currency),
        currency,
        on,
        method: method.map(String::from),
        reference: reference.map(|reference| Personal::Known(reference.into())),
    }
}

/// What was left to the service to fill in is not compared.
fn same(before: &Funding, now: &Funding, dated: bool) -> bool {
    let Funding { customer: _, amount, currency, on, method, reference } = before;
    *amount == now.amount
        && *currency == now.currency
        && (!dated || *on == now.on)
        && *method == now.method
        && *reference == now.reference
}

pub(super) fn add_credit(state: &State, add: AddCredit) -> Result<Vec<Event>, Error> {
    let credit_id = add.credit_id.unwrap_or_default();
    let dated = add.added_on.is_some();
    let on = add.added_on.unwrap_or(add.known.today);
    let funding = funding(add.customer, add.amount, on, add.method, add.reference);
    if state.invoices.contains_key(&credit_id) || state.funds.contains_key(&credit_id) {
        let before = state.funds.get(&credit_id).map(|funds| &funds.kind);
        return match before {
            Some(FundsKind::Credit(before)) if same(before, &funding, dated) => Ok(Vec::new()),
            Some(_) | None => Err(Error::Differs { pointer: "/credit_id" }),
        };
    }
    may_be_booked(state, &add.known)?;
    Ok(vec![Event::CreditAdded { credit_id, funding }])
}

pub(super) fn allocate_payment(
    state: &State,
    allocate: &AllocatePayment,
) -> Result<Vec<Event>, Error> {
    let payment = allocate.payment;
    match state.funds.get(&payment).map(|funds| &funds.kind) {
        Some(FundsKind::Payment(_)) => {}
        Some(FundsKind::Credit(_) | FundsKind::CreditNote(_)) | None => {
            return Err(Error::PaymentNotFound);
        }
    }
    let AllocatePayment { customer, allocation_id, invoice, amount, .. } = allocate.clone();
    let input = AllocationInput { allocation_id, invoice, amount };
    let wanted = Wanted { customer, funds: payment, input, at: String::new() };
    let allocation = wanted.allocation(state)?;
    let event = |allocation| Event::PaymentAllocated { payment, with_payment: false, allocation };
    Ok(allocation.map(event).into_iter().collect())
}

pub(super) fn allocate_credit(
    state: &State,
    allocate: &AllocateCredit,
) -> Result<Vec<Event>, Error> {
    let credit = allocate.credit;
    match state.funds.get(&credit).map(|funds| &funds.kind) {
        Some(FundsKind::Credit(_) | FundsKind::CreditNote(_)) => {}
        Some(FundsKind::Payment(_)) | None => return Err(Error::CreditNotFound),
    }
    let AllocateCredit { customer, allocation_id, invoice, amount, .. } = allocate.clone();
    let input = AllocationInput { allocation_id, invoice, amount };
    let wanted = Wanted { customer, funds: credit, input, at: String::new() };
    let allocation = wanted.allocation(state)?;
    let event = |allocation| Event::CreditAllocated { credit, allocation };
    Ok(allocation.map(event).into_iter().collect())
}

/// The invoice meant.
pub(super) fn find_invoice<'a>(
    state: &'a State,
    wanted: &InvoiceRef,
    pointer: &str,
) -> Result<(Uuid, &'a OpenInvoice), Error> {
    let found = match wanted {
        InvoiceRef::Id(id) => state.invoices.get(id).map(|invoice| (*id, invoice)),
        InvoiceRef::Number(number) => state.by_number(number.as_str()),
    };
    found.ok_or_else(|| Error::InvoiceNotFound { pointer: pointer.to_owned() })
}

/// An allocation that somebody wants, and where it stands in the command.
struct Wanted {
    customer: Uuid,
    funds: Uuid,
    input: AllocationInput,
    at: String,
}

impl Wanted {
    /// Nothing where the same allocation is there already.
    fn allocation(&self, state: &State) -> Result<Option<Allocation>, Error> {
        let funds = state.funds.get(&self.funds).ok_or(Error::PaymentNotFound)?;
        let (id, invoice) =
            find_invoice(state, &self.input.invoice, &format!("{}/invoice", self.at))?;
        let allocation_id = self.input.allocation_id.unwrap_or_default();
        if let Some(before) = state.allocations.get(&allocation_id) {
            let asked = self.input.amount.as_ref().map(|share| share.amount);
            let same = !before.reversed
                && before.funds == self.funds
                && before.invoice == id
                && asked.is_none_or(|asked| asked == before.amount);
            return if same { Ok(None) } else { Err(Error::Differs { pointer: "/allocation_id" }) };
        }
        if invoice.issued.currency != funds.currency {
            let (expected, found) = (invoice.issued.currency.clone(), funds.currency.clone());
            let pointer = format!("{}/invoice", self.at);
            return Err(Error::CurrencyDiffers { pointer, expected, found });
        }
        let amount = self.amount(funds, invoice)?;
        Ok(Some(Allocation {
            customer: self.customer,
            allocation_id,
            invoice: id,
            amount,
            currency: funds.currency.clone(),
        }))
    }

    /// What was asked for, or as much as is left of the one and open on the other. A payment of
    /// 0.00 is set against one invoice, as the payment that it is for.
    fn amount(&self, funds: &Funds, invoice: &OpenInvoice) -> Result<Decimal, Error> {
        let pointer = format!("{}/amount", self.at);
        let (left, open, currency) = (funds.left(), invoice.open(), &funds.currency);
        let asked = match &self.input.amount {
            Some(share) => share_of(share, currency, &pointer)?,
            None => left.min(open),
        };
        if asked > left {
            let currency = currency.clone();
            return Err(Error::ExceedsFunds { pointer, left, asked, currency });
        }
        if asked > open {
            let currency = currency.clone();
            return Err(Error::ExceedsInvoice { pointer, open, asked, currency });
        }
        if asked.is_zero() && !funds.amount.is_zero() {
            return Err(Error::NothingToAllocate { pointer });
        }
        Ok(asked)
    }
}

/// An amount of this currency, with no more decimals than the currency has.
fn share_of(share: &Share, currency: &str, pointer: &str) -> Result<Decimal, Error> {
    if let Some(found) = share.currency.as_ref().filter(|found| *found != currency) {
        let (pointer, expected) = (pointer.to_owned(), currency.to_owned());
        return Err(Error::CurrencyDiffers { pointer, expected, found: found.clone() });
    }
    let decimals = minor_units(currency);
    if share.amount.normalize().scale() > decimals {
        let (pointer, currency) = (pointer.to_owned(), currency.to_owned());
        return Err(Error::AmountTooFine { pointer, currency, decimals });
    }
    Ok(rounded(share.amount, currency))
}

pub(super) fn reverse_allocation(
    state: &State,
    reverse: ReverseAllocation,
) -> Result<Vec<Event>, Error> {
    let found = state.allocations.get(&reverse.allocation);
    let found = found.filter(|found| reverse.funds.is_none_or(|funds| funds == found.funds));
    let Some(found) = found else { return Err(Error::AllocationNotFound) };
    if found.reversed {
        return Ok(Vec::new());
    }
    let currency = state.funds.get(&found.funds).map(|funds| funds.currency.clone());
    Ok(vec![Event::AllocationReversed(Reversal {
        customer: reverse.customer,
        allocation_id: reverse.allocation,
        funds: found.funds,
        invoice: found.invoice,
        due_on: state.invoices.get(&found.invoice).and_then(|invoice| invoice.issued.due_on),
        amount: found.amount,
        currency: currency.unwrap_or_default(),
        reason: reverse.reason.map(|reason| Personal::Known(reason.into())),
    })])
}

pub(super) fn refund_credit(state: &State, refund: RefundCredit) -> Result<Vec<Event>, Error> {
    let funds = state.funds.get(&refund.credit).ok_or(Error::CreditNotFound)?;
    let (left, currency) = (funds.left(), funds.currency.clone());
    let refund_id = refund.refund_id.unwrap_or_default();
    let asked = match &refund.amount {
        Some(share) => Some(share_of(share, &currency, "/amount")?),
        None => None,
    };
    if let Some((credit, amount)) = state.refunds.get(&refund_id) {
        let same = *credit == refund.credit && asked.is_none_or(|asked| asked == *amount);
        return if same { Ok(Vec::new()) } else { Err(Error::Differs { pointer: "/refund_id" }) };
    }
    let amount = asked.unwrap_or(left);
    if amount > left {
        return Err(Error::ExceedsCredit { left, asked: amount, currency });
    }
    if amount.is_zero() {
        return Err(Error::NothingToRefund);
    }
    Ok(vec![Event::CreditRefunded(Refund {
        customer: refund.customer,
        refund_id,
        credit: refund.credit,
        amount,
        currency,
        on: refund.refunded_on.unwrap_or(refund.known.today),
        method: refund.method.map(String::from),
        reference: refund.reference.map(|reference| Personal::Known(reference.into())),
    })])
}
