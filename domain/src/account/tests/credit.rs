use super::*;

fn note(invoice: Value, price: &str) -> Value {
    json!({"customer": ADA, "credit_note_id": CREDIT, "invoice": invoice,
        "lines": [{"description": "Came broken", "quantity": 1, "unit_price": price}]})
}

#[test]
fn a_credit_note_takes_off_its_invoice_what_is_open_and_leaves_the_rest_as_credit() {
    let account = || paid("60", "50").after("account.allocate_payment", allocate(json!(50)));
    let issue = note(json!(INVOICE), "30");
    let events = account().when("account.issue_credit_note", issue.clone()).events();
    let [Event::CreditNoteIssued(issued)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(
        (issued.total.to_string(), issued.applied.to_string()),
        ("30.00".into(), "10.00".into())
    );
    assert_eq!((issued.currency.as_str(), events[0].series()), ("GBP", Some("DC-")));
    let after = account().after("account.issue_credit_note", issue.clone());
    assert_eq!((open(&after.state), left(&after.state, CREDIT)), ("0.00".into(), "20.00".into()));
    after.when("account.issue_credit_note", issue).then_nothing();
}

#[test]
fn no_more_is_credited_than_the_invoice_came_to() {
    let account = || invoiced("60").after("account.issue_credit_note", note(json!(INVOICE), "50"));
    let mut second = note(json!(INVOICE), "10.01");
    second["credit_note_id"] = json!(id(540));
    let refused = account().when("account.issue_credit_note", second.clone());
    refused.then_refused("credit_exceeds_invoice", "/lines");
    second["lines"][0]["unit_price"] = json!("10");
    account().when("account.issue_credit_note", second).events();
    let refused = invoiced("60").when("account.issue_credit_note", note(json!("R-9"), "1"));
    refused.then_refused("invoice_not_found", "/invoice");
    let refused = invoiced("60").when("account.issue_credit_note", note(json!(INVOICE), "0"));
    refused.then_refused("invalid_amount", "/lines");
    let refused = invoiced("60").when("account.issue_credit_note", note(Value::Null, "1"));
    refused.then_refused("missing_field", "/currency");
    let refused = invoiced("60").when("account.issue_credit_note", note(json!(INVOICE), "0.001"));
    refused.then_refused("amount_too_fine", "/lines");
}

#[test]
fn a_free_credit_note_and_credit_can_be_allocated_and_paid_back() {
    let mut free = note(Value::Null, "20");
    free["currency"] = json!("GBP");
    let credit = json!({"customer": ADA, "credit_id": id(550), "method": "cash",
        "amount": {"amount": 15, "currency": "GBP"}});
    let account = || {
        invoiced("60")
            .after("account.issue_credit_note", free.clone())
            .after("account.add_credit", credit.clone())
    };
    account().when("account.add_credit", credit.clone()).then_nothing();
    for (funds, amount) in [(CREDIT, "20.00"), (id(550), "15.00")] {
        let allocate = json!({"customer": ADA, "credit": funds, "invoice": INVOICE,
            "allocation_id": ALLOCATION});
        let events = account().when("account.allocate_credit", allocate.clone()).events();
        let [Event::CreditAllocated { allocation, .. }] = events.as_slice() else {
            panic!("{events:?}")
        };
        assert_eq!(allocation.amount.to_string(), amount);
        let refund = json!({"customer": ADA, "credit": funds, "refund_id": id(551), "amount": "5"});
        let after = account().after("account.refund_credit", refund.clone());
        assert_eq!(after.state.funds[&funds].left(), decimal(amount) - decimal("5"));
        after.when("account.refund_credit", refund).then_nothing();
        let all = || account().after("account.allocate_credit", allocate.clone());
        let refund = json!({"customer": ADA, "credit": funds, "refund_id": id(552)});
        let refused = all().when("account.refund_credit", refund.clone());
        refused.then_refused("nothing_to_refund", "/amount");
        let mut one = refund;
        one["amount"] = json!(1);
        let refused = all().when("account.refund_credit", one);
        refused.then_refused("refund_exceeds_credit", "/amount");
    }
    let unknown = json!({"customer": ADA, "credit": id(7), "invoice": INVOICE});
    let refused = account().when("account.allocate_credit", unknown);
    refused.then_refused("credit_not_found", "/credit");
    let unknown = json!({"customer": ADA, "payment": CREDIT, "invoice": INVOICE});
    let refused = account().when("account.allocate_payment", unknown);
    refused.then_refused("payment_not_found", "/payment");
    let unknown = json!({"customer": ADA, "credit": id(7)});
    let refused = account().when("account.refund_credit", unknown);
    refused.then_refused("credit_not_found", "/credit");
}
