use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::testing::repeats_are_harmless;
use crate::value::minor_units;

fn any_command() -> impl Strategy<Value = (&'static str, Value)> {
    let amount =
        prop::sample::select(vec!["0", "0.00", "0.01", "10", "12.345", "33.33", "60", "-5"]);
    let share = prop::sample::select(vec![
        json!(null),
        json!("0.01"),
        json!("10"),
        json!("33.33"),
        json!(60),
    ]);
    let currency = prop::sample::select(vec!["GBP", "GBP", "GBP", "JPY"]);
    let thing = prop::sample::select(vec![id(1), id(2), id(3), id(4)]);
    let other = thing.clone();
    let invoice =
        prop::sample::select(vec![json!(id(1)), json!(id(2)), json!("R-1"), json!("R-2")]);
    let number = prop::sample::select(vec![json!(null), json!("R-1"), json!("r-1"), json!("R-2")]);
    let orders = prop::sample::select(vec![json!([]), json!([ORDER])]);
    let price = prop::sample::select(vec!["0", "0.005", "10", "12.345", "33.335", "60"]);
    prop_oneof![
        4 => (thing.clone(), number.clone(), currency.clone(), price.clone(), orders).prop_map(|(i, n, c, p, o)| {
            ("account.issue_invoice", json!({"customer": ADA, "invoice_id": i, "number": n, "currency": c,
                "lines": [{"quantity": 3, "unit_price": p}], "orders": o}))
        }),
        2 => (thing.clone(), number, invoice.clone(), price).prop_map(|(i, n, invoice, p)| {
            ("account.issue_credit_note", json!({"customer": ADA, "credit_note_id": i, "number": n,
                "invoice": invoice, "lines": [{"quantity": 1, "unit_price": p}]}))
        }),
        4 => (thing.clone(), amount.clone(), currency.clone(), invoice.clone(), share.clone()).prop_map(|(i, a, c, invoice, s)| {
            ("account.receive_payment", json!({"customer": ADA, "payment_id": i,
                "amount": {"amount": a, "currency": c}, "allocations": [{"invoice": invoice, "amount": s}]}))
        }),
        1 => (thing.clone(), amount.clone()).prop_map(|(i, a)| {
            ("account.receive_payment", json!({"customer": ADA, "payment_id": i, "amount": {"amount": a, "currency": "GBP"}}))
        }),
        2 => (thing.clone(), amount, currency).prop_map(|(i, a, c)| {
            ("account.add_credit", json!({"customer": ADA, "credit_id": i, "amount": {"amount": a, "currency": c}}))
        }),
        3 => (thing.clone(), other.clone(), invoice.clone(), share.clone()).prop_map(|(i, p, invoice, s)| {
            ("account.allocate_payment", json!({"customer": ADA, "allocation_id": i, "payment": p, "invoice": invoice, "amount": s}))
        }),
        3 => (thing.clone(), other.clone(), invoice, share.clone()).prop_map(|(i, p, invoice, s)| {
            ("account.allocate_credit", json!({"customer": ADA, "allocation_id": i, "credit": p, "invoice": invoice, "amount": s}))
        }),
        2 => thing.clone().prop_map(|i| ("account.reverse_allocation", json!({"customer": ADA, "allocation": i}))),
        2 => (thing, other, share).prop_map(|(i, c, s)| {
            ("account.refund_credit", json!({"customer": ADA, "refund_id": i, "credit": c, "amount": s}))
        }),
    ]
}

/// What is allocated, from the events alone: by funds and by invoice.
fn allocated(events: &[Event]) -> (BTreeMap<Uuid, Decimal>, BTreeMap<Uuid, Decimal>) {
    let (mut funds, mut invoices) = (BTreeMap::new(), BTreeMap::new());
    let mut book = |of: Uuid, to: Uuid, amount: Decimal| {
        *funds.entry(of).or_insert(Decimal::ZERO) += amount;
        *invoices.entry(to).or_insert(Decimal::ZERO) += amount;
    };
    for event in events {
        match event {
            Event::PaymentAllocated { payment: of, allocation, .. }
            | Event::CreditAllocated { credit: of, allocation } => {
                book(*of, allocation.invoice, allocation.amount);
            }
            Event::AllocationReversed(back) => book(back.funds, back.invoice, -back.amount),
            Event::CreditNoteIssued(note) => {
                if let Some(invoice) = note.invoice {
                    book(note.credit_note_id, invoice, note.applied);
                }
            }
            Event::CreditRefunded(refund) => book(refund.credit, Uuid::nil(), refund.amount),
            Event::InvoiceIssued(_) | Event::PaymentReceived { .. } | Event::CreditAdded { .. } => {
            }
        }
    }
    (funds, invoices)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_is_asked_the_books_are_right(commands in prop::collection::vec(any_command(), 1..30)) {
        let (state, events) = repeats_are_harmless::<Account>(commands);
        let (funds, invoices) = allocated(&events);
        for (id, invoice) in &state.invoices {
            let set = invoices.get(id).copied().unwrap_or_default();
            prop_assert!(set >= Decimal::ZERO && set <= invoice.issued.total, "{set} of {invoice:?}");
            prop_assert_eq!(invoice.open(), invoice.issued.total - set);
            prop_assert!(invoice.credited <= invoice.issued.total);
            let rows: Decimal = invoice.issued.lines.iter().map(|line| line.amount).sum();
            prop_assert_eq!(rows, invoice.issued.total);
            prop_assert_eq!(invoice.issued.total.scale(), minor_units(&invoice.issued.currency));
        }
        for (id, money) in &state.funds {
            let spent = funds.get(id).copied().unwrap_or_default();
            prop_assert!(spent >= Decimal::ZERO && spent <= money.amount, "{spent} of {money:?}");
            prop_assert_eq!(money.left(), money.amount - spent);
        }
        for event in &events {
            if let Event::PaymentAllocated { payment: of, allocation, .. }
            | Event::CreditAllocated { credit: of, allocation } = event
            {
                prop_assert_eq!(&state.funds[of].currency, &state.invoices[&allocation.invoice].issued.currency);
            }
            let stored = crate::stored::there_and_back(&event.clone().into());
            prop_assert_eq!(stored, crate::Event::from(event.clone()));
        }
        // A number stands for one invoice, and an order is billed once.
        let claims: Vec<_> = events.iter().flat_map(Event::claims).collect();
        let distinct: std::collections::HashSet<_> = claims.iter().map(|claim| (claim.kind, &claim.value)).collect();
        prop_assert_eq!(claims.len(), distinct.len());
        let billed = events.iter().filter(|event| matches!(event, Event::InvoiceIssued(invoice) if !invoice.orders.is_empty()));
        prop_assert!(billed.count() <= 1);
    }
}
