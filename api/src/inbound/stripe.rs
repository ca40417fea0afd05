//! Stripe: payments and what is paid back of them. One payment is told of by several events (its
//! intent, its charge, its invoice, its checkout), in any order and more than once; all of them
//! name the intent, where there is one, and by that it is one payment.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use super::{IncomingPayment, Item, PaidBack, member};

/// Currencies whose amounts Stripe counts in whole units. UGX and ISK have no smaller unit either,
/// but Stripe counts them in hundredths.
const WHOLE: [&str; 15] = [
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
    "XOF", "XPF",
];
/// Currencies whose amounts Stripe counts in thousandths.
const THOUSANDTHS: [&str; 5] = ["BHD", "JOD", "KWD", "OMR", "TND"];

/// What an event holds.
pub(crate) fn item(event: &Value) -> Item {
    let Some(object) = event.pointer("/data/object") else { return Item::Other };
    let happened = moment(event, "/created");
    let payment = match member(event, "/type") {
        Some("payment_intent.succeeded") => of_intent(object, happened),
        Some("charge.succeeded" | "charge.captured") => of_charge(object),
        Some("charge.refunded") => of_charge(object).map(|payment| IncomingPayment {
            paid_back: paid_back(event, object, &payment.currency),
            ..payment
        }),
        Some("invoice.paid" | "invoice.payment_succeeded") => of_invoice(object),
        Some("checkout.session.completed" | "checkout.session.async_payment_succeeded") => {
            of_checkout(object, happened)
        }
        Some(_) | None => None,
    };
    payment.map_or(Item::Other, |payment| Item::Payment(Box::new(payment)))
}

fn of_intent(intent: &Value, happened: Option<Timestamp>) -> Option<IncomingPayment> {
    let id = member(intent, "/id")?;
    let told = payment(intent, id, intent.get("amount_received")?)?;
    Some(IncomingPayment {
        payer_email: told.payer_email.or_else(|| text(intent, "/receipt_email")),
        paid_at: happened.or(told.paid_at),
        ..told
    })
}

/// A charge that is only authorised is no payment yet.
fn of_charge(charge: &Value) -> Option<IncomingPayment> {
    if charge.get("captured").and_then(Value::as_bool) != Some(true) {
        return None;
    }
    let id = reference(charge, "payment_intent").or_else(|| member(charge, "/id"))?;
    let captured = charge.get("amount_captured").or_else(|| charge.get("amount"))?;
    let told = payment(charge, id, captured)?;
    let email = || text(charge, "/billing_details/email");
    Some(IncomingPayment {
        payer_name: text(charge, "/billing_details/name"),
        payer_email: told.payer_email.or_else(email).or_else(|| text(charge, "/receipt_email")),
        payer_phone: text(charge, "/billing_details/phone"),
        ..told
    })
}

/// An invoice tells which payment it was paid by, or that it was paid elsewhere. One that does
/// neither is passed over: the intent that paid it is told of by itself.
fn of_invoice(invoice: &Value) -> Option<IncomingPayment> {
    let elsewhere = invoice.get("paid_out_of_band").and_then(Value::as_bool) == Some(true);
    let by = invoice.pointer("/payments/data/0/payment");
    let id = reference(invoice, "payment_intent")
        .or_else(|| reference(invoice, "charge"))
        .or_else(|| reference(by?, "payment_intent").or_else(|| reference(by?, "charge")))
        .or_else(|| member(invoice, "/id").filter(|_| elsewhere))?;
    let told = payment(invoice, id, invoice.get("amount_paid")?)?;
    Some(IncomingPayment {
        reference: text(invoice, "/number").or(told.reference),
        payer_name: text(invoice, "/customer_name"),
        payer_email: told.payer_email.or_else(|| text(invoice, "/customer_email")),
        payer_phone: text(invoice, "/customer_phone"),
        paid_at: moment(invoice, "/status_transitions/paid_at").or(told.paid_at),
        ..told
    })
}

/// A checkout that began a subscription names no intent: its invoice tells of the payment.
fn of_checkout(session: &Value, happened: Option<Timestamp>) -> Option<IncomingPayment> {
    if member(session, "/payment_status") != Some("paid") {
        return None;
    }
    let id = reference(session, "payment_intent")?;
    let told = payment(session, id, session.get("amount_total")?)?;
    let email = || text(session, "/customer_details/email");
    Some(IncomingPayment {
        customer: told.customer.or_else(|| text(session, "/client_reference_id")),
        payer_name: text(session, "/customer_details/name"),
        payer_email: told.payer_email.or_else(email).or_else(|| text(session, "/customer_email")),
        payer_phone: text(session, "/customer_details/phone"),
        paid_at: happened.or(told.paid_at),
        ..told
    })
}

/// What all of them say in the same way. Of nothing there is nothing to tell.
fn payment(object: &Value, id: &str, minor: &Value) -> Option<IncomingPayment> {
    let currency = member(object, "/currency")?.to_ascii_uppercase();
    let amount = amount(minor, &currency).filter(|amount| *amount > Decimal::ZERO)?;
    Some(IncomingPayment {
        provider: "stripe",
        provider_id: id.to_owned(),
        amount,
        currency,
        reference: text(object, "/description"),
        customer: text(object, "/metadata/customer"),
        invoice: text(object, "/metadata/invoice"),
        provider_customer: reference(object, "customer").map(str::to_owned),
        payer_name: None,
        payer_email: text(object, "/metadata/email"),
        payer_phone: None,
        paid_at: moment(object, "/created"),
        paid_back: None,
    })
}

/// `amount_refunded` is what was paid back in all; the event tells what it was before.
fn paid_back(event: &Value, charge: &Value, currency: &str) -> Option<PaidBack> {
    let in_all = charge.get("amount_refunded")?;
    let before = event.pointer("/data/previous_attributes/amount_refunded");
    let before = before.map_or(Some(Decimal::ZERO), |before| amount(before, currency))?;
    let amount = amount(in_all, currency)? - before;
    let key = format!("{} {in_all}", member(charge, "/id")?);
    let at = moment(event, "/created");
    (amount > Decimal::ZERO).then_some(PaidBack { key, amount, at })
}

/// An amount in the currency itself.
fn amount(minor: &Value, currency: &str) -> Option<Decimal> {
    let scale = if WHOLE.contains(&currency) {
        0
    } else if THOUSANDTHS.contains(&currency) {
        3
    } else {
        2
    };
    Decimal::try_from_i128_with_scale(i128::from(minor.as_i64()?), scale).ok()
}

/// The id of another object, be it only named or there as a whole.
fn reference<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    let value = object.get(name)?;
    value.as_str().or_else(|| member(value, "/id"))
}

fn text(object: &Value, pointer: &str) -> Option<String> {
    member(object, pointer).map(str::to_owned)
}

fn moment(object: &Value, pointer: &str) -> Option<Timestamp> {
    object.pointer(pointer)?.as_i64().and_then(|at| Timestamp::from_second(at).ok())
}
