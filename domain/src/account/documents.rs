//! Decisions on invoices and credit notes.

use rust_decimal::{Decimal, RoundingStrategy};

use super::Error;
use super::commands::{InvoiceRef, IssueCreditNote, IssueInvoice, Known};
use super::event::{BilledOrder, CreditNote, Event, Invoice, Line, OWN_CREDIT_NOTE, OWN_INVOICE};
use super::funds::find_invoice;
use super::state::{FundsKind, State};
use crate::order::RecordLine;
use crate::personal::Personal;
use crate::value::{exact_product, exact_sum, fold, minor_units};

/// The most that a document can come to, as for any amount.
const LIMIT: i64 = 1_000_000_000_000_000;

/// Rounded to the currency's minor unit, half away from zero, and written with all its decimals.
pub(super) fn rounded(amount: Decimal, currency: &str) -> Decimal {
    let decimals = minor_units(currency);
    let mut rounded =
        amount.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(decimals);
    rounded
}

/// The sum of the rounded lines; nothing where it has more digits than can be kept.
pub(super) fn total_of(lines: &[RecordLine], currency: &str) -> Option<Decimal> {
    let amounts: Option<Vec<Decimal>> = lines
        .iter()
        .map(|line| exact_product(line.quantity.value(), line.unit_price.value()))
        .map(|amount| amount.map(|amount| rounded(amount, currency)))
        .collect();
    exact_sum(amounts?).filter(|total| total.abs() < Decimal::from(LIMIT))
}

fn lines(lines: Vec<RecordLine>, currency: &str) -> Vec<Line> {
    lines
        .into_iter()
        .map(|line| {
            let (quantity, unit_price) = (line.quantity.value(), line.unit_price.value());
            let exact = exact_product(quantity, unit_price).unwrap_or_default();
            Line {
                item_code: line.item_code,
                description: line.description,
                quantity,
                unit_price,
                amount: rounded(exact, currency),
            }
        })
        .collect()
}

/// Archived customers get no new invoices; what they owe can still be paid and credited.
pub(super) fn issue_invoice(state: &State, issue: IssueInvoice) -> Result<Vec<Event>, Error> {
    let invoice_id = issue.invoice_id.unwrap_or_default();
    if state.invoices.contains_key(&invoice_id) || state.funds.contains_key(&invoice_id) {
        return again(state, issue);
    }
    match &issue.known.customer {
        None => return Err(Error::CustomerNotFound),
        Some(customer) if customer.erased => return Err(Error::CustomerErased),
        Some(customer) if customer.archived => return Err(Error::CustomerArchived),
        Some(_) => {}
    }
    let number = issue.number.as_ref().map(|number| number.as_str().to_owned());
    if let Some(number) = &number {
        not_reserved(number)?;
        if state.by_number(number).is_some() {
            return Err(Error::NumberTaken(number.clone()));
        }
    }
    let orders = billed(state, &issue)?;
    Ok(vec![Event::InvoiceIssued(Box::new(invoice(issue, orders)))])
}

fn invoice(issue: IssueInvoice, orders: Vec<BilledOrder>) -> Invoice {
    let currency = String::from(issue.currency);
    let lines = lines(issue.lines, &currency);
    let customer = issue.known.customer;
    Invoice {
        customer: issue.customer,
        invoice_id: issue.invoice_id.unwrap_or_default(),
        number: issue.number.map(String::from),
        issued_on: issue.issued_on.unwrap_or(issue.known.today),
        due_on: issue.due_on,
        total: lines.iter().map(|line| line.amount).sum(),
        currency,
        lines,
        orders,
        name: customer.as_ref().and_then(|customer| customer.name.clone()),
        address: customer.and_then(|customer| customer.address),
    }
}

/// The same id with the same content changes nothing. To whom it was addressed, and what was left
/// to the service to fill in, is not compared.
fn again(state: &State, issue: IssueInvoice) -> Result<Vec<Event>, Error> {
    let differs = Err(Error::Differs { pointer: "/invoice_id" });
    let Some(before) = state.invoices.get(&issue.invoice_id.unwrap_or_default()) else {
        return differs;
    };
    let before = &before.issued;
    let (dated, numbered) = (issue.issued_on.is_some(), issue.number.is_some());
    let ids = issue.orders.clone();
    let now = invoice(issue, Vec::new());
    let same = now.due_on == before.due_on
        && now.currency == before.currency
        && now.lines == before.lines
        && ids.iter().eq(before.orders.iter().map(|billed| &billed.order))
        && (!dated || now.issued_on == before.issued_on)
        && (!numbered || now.number == before.number);
    if same { Ok(Vec::new()) } else { differs }
}

/// The orders that it bills: the customer's own, of its currency, each billed once.
fn billed(state: &State, issue: &IssueInvoice) -> Result<Vec<BilledOrder>, Error> {
    let mut billed: Vec<BilledOrder> = Vec::with_capacity(issue.orders.len());
    for (index, order) in issue.orders.iter().enumerate() {
        let pointer = format!("/orders/{index}");
        let known = issue.known.orders.get(order);
        let Some(fact) = known.filter(|fact| fact.customer == issue.customer && fact.billable)
        else {
            return Err(Error::OrderNotFound { pointer });
        };
        if fact.currency != issue.currency.as_str() {
            let (expected, found) = (issue.currency.to_string(), fact.currency.clone());
            return Err(Error::CurrencyDiffers { pointer, expected, found });
        }
        if state.billed.contains(order) || billed.iter().any(|before| before.order == *order) {
            return Err(Error::OrderBilled { pointer });
        }
        billed.push(BilledOrder { order: *order, counted: fact.counted });
    }
    Ok(billed)
}

/// Numbers of the organisation's own series are not to be given by hand: it would meet them.
fn not_reserved(number: &str) -> Result<(), Error> {
    let folded = fold(number);
    let own = [OWN_INVOICE, OWN_CREDIT_NOTE].iter().any(|prefix| {
        let rest = folded.strip_prefix(fold(prefix).as_str());
        rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    });
    if own { Err(Error::NumberReserved(number.to_owned())) } else { Ok(()) }
}

pub(super) fn issue_credit_note(
    state: &State,
    issue: IssueCreditNote,
) -> Result<Vec<Event>, Error> {
    let note_id = issue.credit_note_id.unwrap_or_default();
    if state.invoices.contains_key(&note_id) || state.funds.contains_key(&note_id) {
        return note_again(state, issue);
    }
    may_be_booked(state, &issue.known)?;
    let number = issue.number.as_ref().map(|number| number.as_str().to_owned());
    if let Some(number) = &number {
        not_reserved(number)?;
        if state.has_credit_note(number) {
            return Err(Error::NumberTaken(number.clone()));
        }
    }
    let note = credit_note(state, issue)?;
    Ok(vec![Event::CreditNoteIssued(Box::new(note))])
}

/// Money still moves on the account of somebody archived or erased, where there is one.
pub(super) fn may_be_booked(state: &State, known: &Known) -> Result<(), Error> {
    match &known.customer {
        None => Err(Error::CustomerNotFound),
        Some(customer) if customer.erased && state.is_empty() => Err(Error::CustomerErased),
        Some(_) => Ok(()),
    }
}

fn credit_note(state: &State, issue: IssueCreditNote) -> Result<CreditNote, Error> {
    let invoice = match &issue.invoice {
        Some(wanted) => Some(find_invoice(state, wanted, "/invoice")?),
        None => None,
    };
    let asked = issue.currency.map(String::from);
    let currency = match (invoice, asked) {
        (Some((_, invoice)), Some(found)) if found != invoice.issued.currency => {
            let (pointer, expected) = ("/currency".to_owned(), invoice.issued.currency.clone());
            return Err(Error::CurrencyDiffers { pointer, expected, found });
        }
        (Some((_, invoice)), _) => invoice.issued.currency.clone(),
        (None, asked) => asked.unwrap_or_default(),
    };
    let lines = lines(issue.lines, &currency);
    let total: Decimal = lines.iter().map(|line| line.amount).sum();
    if total <= Decimal::ZERO {
        let (pointer, decimals) = ("/lines".to_owned(), minor_units(&currency));
        return Err(Error::AmountTooFine { pointer, currency, decimals });
    }
    let applied = match invoice {
        Some((_, invoice)) => {
            let left = invoice.issued.total - invoice.credited;
            if total > left {
                return Err(Error::CreditExceedsInvoice { left, asked: total, currency });
            }
            total.min(invoice.open())
        }
        None => rounded(Decimal::ZERO, &currency),
    };
    Ok(CreditNote {
        customer: issue.customer,
        credit_note_id: issue.credit_note_id.unwrap_or_default(),
        number: issue.number.map(String::from),
        invoice: invoice.map(|(id, _)| id),
        issued_on: issue.issued_on.unwrap_or(issue.known.today),
        currency,
        lines,
        total,
        applied,
        reason: issue.reason.map(|reason| Personal::Known(reason.into())),
    })
}

fn note_again(state: &State, issue: IssueCreditNote) -> Result<Vec<Event>, Error> {
    let differs = Err(Error::Differs { pointer: "/credit_note_id" });
    let before = state.funds.get(&issue.credit_note_id.unwrap_or_default());
    let Some(FundsKind::CreditNote(before)) = before.map(|funds| &funds.kind) else {
        return differs;
    };
    let invoice = match &issue.invoice {
        None => None,
        Some(InvoiceRef::Id(id)) => Some(*id),
        Some(InvoiceRef::Number(number)) => state.by_number(number.as_str()).map(|(id, _)| id),
    };
    let same = invoice == before.invoice
        && issue.currency.is_none_or(|currency| currency.as_str() == before.currency)
        && lines(issue.lines, &before.currency) == before.lines
        && issue.issued_on.is_none_or(|date| date == before.issued_on)
        && issue.number.is_none_or(|number| Some(number.as_str()) == before.number.as_deref());
    if same { Ok(Vec::new()) } else { differs }
}
