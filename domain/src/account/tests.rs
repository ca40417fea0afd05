use serde_json::{Value, json};

use super::*;
use crate::claim::{ClaimChange, ClaimKind};
use crate::personal::Personal;
use crate::testing::{ADA, ARCHIVED, ERASED, Given, ORDER, TODAY, given, id};

mod credit;
mod documents;
mod properties;

const INVOICE: Uuid = Uuid::from_u128(500);
const PAYMENT: Uuid = Uuid::from_u128(501);
const ALLOCATION: Uuid = Uuid::from_u128(502);
const CREDIT: Uuid = Uuid::from_u128(503);

fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

fn invoice_of(invoice_id: Uuid, price: &str) -> Value {
    json!({"customer": ADA, "invoice_id": invoice_id, "currency": "GBP", "due_on": "2026-12-04",
        "lines": [{"description": "Lantern", "quantity": 1, "unit_price": price}]})
}

fn payment_of(payment_id: Uuid, amount: &str) -> Value {
    json!({"customer": ADA, "payment_id": payment_id,
        "amount": {"amount": amount, "currency": "GBP"}})
}

/// An account with an invoice over this amount.
fn invoiced(price: &str) -> Given<Account> {
    given::<Account>([]).after("account.issue_invoice", invoice_of(INVOICE, price))
}

/// The same, and a payment that was not allocated.
fn paid(price: &str, amount: &str) -> Given<Account> {
    invoiced(price).after("account.receive_payment", payment_of(PAYMENT, amount))
}

fn allocate(amount: Value) -> Value {
    json!({"customer": ADA, "payment": PAYMENT, "allocation_id": ALLOCATION, "invoice": INVOICE,
        "amount": amount})
}

fn open(state: &State) -> String {
    state.invoices[&INVOICE].open().to_string()
}

fn left(state: &State, funds: Uuid) -> String {
    state.funds[&funds].left().to_string()
}

#[test]
fn a_payment_is_set_against_invoices_as_it_comes_in() {
    let mut payment = payment_of(PAYMENT, "100");
    payment["allocations"] = json!([
        {"invoice": INVOICE, "amount": "40.00", "allocation_id": ALLOCATION},
        {"invoice": id(510), "amount": {"amount": 25.5, "currency": "GBP"}, "allocation_id": id(511)},
    ]);
    payment["received_on"] = json!("2026-11-19");
    payment["reference"] = json!("Ada's November");
    let account = invoiced("60").after("account.issue_invoice", invoice_of(id(510), "30.00"));
    let events = account.when("account.receive_payment", payment.clone()).events();
    let [Event::PaymentReceived { funding, .. }, first, second] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(
        (funding.amount.to_string(), funding.on.to_string()),
        ("100.00".into(), "2026-11-19".into())
    );
    assert_eq!(funding.reference, Some(Personal::Known("Ada's November".to_owned())));
    let amount = |event: &Event| {
        let Event::PaymentAllocated { with_payment: true, allocation, .. } = event else {
            panic!("{event:?}")
        };
        allocation.amount.to_string()
    };
    assert_eq!((amount(first), amount(second)), ("40.00".to_owned(), "25.50".to_owned()));
    let after = invoiced("60")
        .after("account.issue_invoice", invoice_of(id(510), "30.00"))
        .after("account.receive_payment", payment.clone());
    assert_eq!((open(&after.state), left(&after.state, PAYMENT)), ("20.00".into(), "34.50".into()));
    let facts = after.state.facts();
    assert_eq!(facts["balance"], json!([{"amount": "24.50", "currency": "GBP"}]));
    assert_eq!(facts["credit_on_account"], json!([{"amount": "34.50", "currency": "GBP"}]));
    assert_eq!(facts["open_invoices"], 2);
    after.when("account.receive_payment", payment).then_nothing();
}

#[test]
fn without_an_amount_as_much_is_allocated_as_is_left_and_open() {
    for (price, amount, expected) in [("60", "100", "60.00"), ("60", "12.34", "12.34")] {
        let events =
            paid(price, amount).when("account.allocate_payment", allocate(Value::Null)).events();
        let [Event::PaymentAllocated { with_payment: false, allocation, .. }] = events.as_slice()
        else {
            panic!("{events:?}")
        };
        assert_eq!(allocation.amount.to_string(), expected);
    }
}

#[test]
fn no_more_is_allocated_than_is_left_and_open() {
    let refused = |price, amount, asked: &str, code| {
        let refused = paid(price, amount).when("account.allocate_payment", allocate(json!(asked)));
        refused.then_refused(code, "/amount");
    };
    refused("60", "50", "50.01", "allocation_exceeds_payment");
    refused("60", "100", "60.01", "allocation_exceeds_invoice");
    refused("60", "50", "0", "nothing_to_allocate");
    refused("60", "50", "0.001", "amount_too_fine");
    refused("60", "50", "-1", "invalid_amount");
    let all = || paid("60", "60").after("account.allocate_payment", allocate(Value::Null));
    let mut more = allocate(Value::Null);
    more["allocation_id"] = json!(id(520));
    all().when("account.allocate_payment", more).then_refused("nothing_to_allocate", "/amount");
    let mut both = payment_of(id(521), "100");
    both["allocations"] =
        json!([{"invoice": INVOICE, "amount": 40}, {"invoice": INVOICE, "amount": 40}]);
    let refused = invoiced("60").when("account.receive_payment", both);
    refused.then_refused("allocation_exceeds_invoice", "/allocations/1/amount");
}

#[test]
fn currencies_are_never_mixed() {
    let dollars = json!({"customer": ADA, "payment_id": PAYMENT,
        "amount": {"amount": 10, "currency": "USD"}});
    let account = || invoiced("60").after("account.receive_payment", dollars.clone());
    let refused = account().when("account.allocate_payment", allocate(json!(10)));
    refused.then_refused("currency_differs", "/invoice");
    let pounds = json!({"amount": "10", "currency": "GBP"});
    let refused = account().when("account.allocate_payment", allocate(pounds));
    refused.then_refused("currency_differs", "/invoice");
    let mut yen = allocate(json!({"amount": 10, "currency": "JPY"}));
    yen["invoice"] = json!(INVOICE);
    let refused = paid("60", "10").when("account.allocate_payment", yen);
    refused.then_refused("currency_differs", "/amount");
}

#[test]
fn an_invoice_is_named_by_its_id_or_its_number() {
    let mut numbered = invoice_of(INVOICE, "60");
    numbered["number"] = json!("R-1");
    let account = || given::<Account>([]).after("account.issue_invoice", numbered.clone());
    let mut payment = payment_of(PAYMENT, "60");
    payment["allocations"] = json!([{"invoice": "r-1"}]);
    assert_eq!(account().when("account.receive_payment", payment.clone()).events().len(), 2);
    payment["allocations"] = json!([{"invoice": "R-2"}]);
    let refused = account().when("account.receive_payment", payment);
    refused.then_refused("invoice_not_found", "/allocations/0/invoice");
}

#[test]
fn an_allocation_is_taken_back_once() {
    let allocated = || paid("60", "60").after("account.allocate_payment", allocate(json!(60)));
    let reverse = json!({"customer": ADA, "funds": PAYMENT, "allocation": ALLOCATION,
        "reason": "It was for another invoice"});
    let after = allocated().after("account.reverse_allocation", reverse.clone());
    assert_eq!((open(&after.state), left(&after.state, PAYMENT)), ("60.00".into(), "60.00".into()));
    after.when("account.reverse_allocation", reverse.clone()).then_nothing();
    let mut other = reverse;
    other["funds"] = json!(CREDIT);
    let refused = allocated().when("account.reverse_allocation", other);
    refused.then_refused("allocation_not_found", "/allocation");
    // The same allocation again is there already, or was taken back for good.
    allocated().when("account.allocate_payment", allocate(json!(60))).then_nothing();
    let refused = allocated().when("account.allocate_payment", allocate(json!(59)));
    refused.then_refused("document_differs", "/allocation_id");
}

#[test]
fn a_payment_of_nothing_is_real_and_belongs_to_its_invoice() {
    let mut payment = payment_of(PAYMENT, "0.00");
    payment["allocations"] = json!([{"invoice": INVOICE, "allocation_id": ALLOCATION}]);
    assert_eq!(invoiced("0.00").when("account.receive_payment", payment).events().len(), 2);
    let below = payment_of(PAYMENT, "-1");
    let refused = given::<Account>([]).when("account.receive_payment", below);
    refused.then_refused("invalid_amount", "/amount/amount");
    let fine = payment_of(PAYMENT, "1.005");
    let refused = given::<Account>([]).when("account.receive_payment", fine);
    refused.then_refused("invalid_amount", "/amount/amount");
}

#[test]
fn the_same_payment_again_is_no_change_and_another_content_is_refused() {
    let account =
        || given::<Account>([]).after("account.receive_payment", payment_of(PAYMENT, "5"));
    account().when("account.receive_payment", payment_of(PAYMENT, "5.00")).then_nothing();
    let refused = account().when("account.receive_payment", payment_of(PAYMENT, "6"));
    refused.then_refused("document_differs", "/payment_id");
    let credit = json!({"customer": ADA, "credit_id": PAYMENT,
        "amount": {"amount": 5, "currency": "GBP"}});
    let refused = account().when("account.add_credit", credit);
    refused.then_refused("document_differs", "/credit_id");
}

#[test]
fn an_archived_customer_pays_but_gets_no_invoice() {
    let of = |customer: Uuid, mut data: Value| {
        data["customer"] = json!(customer);
        data
    };
    let invoice = |customer| {
        given::<Account>([]).when("account.issue_invoice", of(customer, invoice_of(INVOICE, "1")))
    };
    invoice(ARCHIVED).then_refused("customer_archived", "/customer");
    invoice(ERASED).then_refused("customer_erased", "/customer");
    invoice(id(7)).then_refused("customer_not_found", "/customer");
    let payment = |account: Given<Account>, customer| {
        account.when("account.receive_payment", of(customer, payment_of(PAYMENT, "1")))
    };
    assert_eq!(payment(given([]), ARCHIVED).events().len(), 1);
    payment(given([]), id(7)).then_refused("customer_not_found", "/customer");
    payment(given([]), ERASED).then_refused("customer_erased", "/customer");
    // What was owed before the erasure can still be paid: the books are kept.
    assert_eq!(payment(invoiced("60"), ERASED).events().len(), 1);
}
