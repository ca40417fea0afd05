use super::*;

fn number(mut invoice: Value, number: &str) -> Value {
    invoice["number"] = json!(number);
    invoice
}

#[test]
fn an_invoice_keeps_its_lines_its_addressee_and_rounds_each_line() {
    let mut invoice = invoice_of(INVOICE, "0");
    invoice["lines"] = json!([
        {"item_code": "85123A", "description": "Lantern", "quantity": 1, "unit_price": "0.125"},
        {"quantity": 3, "unit_price": "0.335"},
        {"description": "Discount", "quantity": -1, "unit_price": "0.025"},
    ]);
    let events = given::<Account>([]).when("account.issue_invoice", invoice).events();
    let [Event::InvoiceIssued(issued)] = events.as_slice() else { panic!("{events:?}") };
    let amounts: Vec<_> = issued.lines.iter().map(|line| line.amount.to_string()).collect();
    // Half away from zero, line by line: 1.105 would be 1.11 if only the sum were rounded.
    assert_eq!(amounts, ["0.13", "1.01", "-0.03"]);
    assert_eq!(issued.total.to_string(), "1.11");
    assert_eq!(issued.lines[0].unit_price.to_string(), "0.125");
    assert_eq!(issued.issued_on, TODAY);
    assert_eq!(issued.name, Some(Personal::Known("Ada Byron".to_owned())));
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((event.series(), event.claims()), (Some("DI-"), Vec::new()));
    assert_eq!(event.key_id(id(1)), Some(id(1)), "the books have a key of their own");
    assert_eq!(event.customer_id(id(1)), Some(ADA));
    assert_eq!(event.sentence(), "issued an invoice: 3 lines, 1.11 GBP, due on 2026-12-04");
    let mut numbered = event.clone();
    numbered.take_number("DI-1".to_owned());
    assert!(numbered.sentence().starts_with("issued an invoice DI-1:"));
}

#[test]
fn amounts_have_the_decimals_of_their_currency() {
    for (currency, total) in [("JPY", "3"), ("KWD", "2.555"), ("EUR", "2.56")] {
        let mut invoice = invoice_of(INVOICE, "2.555");
        invoice["currency"] = json!(currency);
        let events = given::<Account>([]).when("account.issue_invoice", invoice).events();
        let [Event::InvoiceIssued(issued)] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!(issued.total.to_string(), total, "{currency}");
    }
}

#[test]
fn a_given_number_is_held_and_an_own_one_cannot_be_given() {
    let issue = |invoice| given::<Account>([]).when("account.issue_invoice", invoice);
    let events = issue(number(invoice_of(INVOICE, "1"), "Ré-7")).events();
    let claims: Vec<ClaimChange> = events.iter().flat_map(Event::claims).collect();
    assert_eq!(claims, [ClaimChange::take(ClaimKind::InvoiceNumber, "ré-7")]);
    assert_eq!(events[0].series(), None);
    for own in ["DI-1", "di-007", "DC-2"] {
        issue(number(invoice_of(INVOICE, "1"), own)).then_refused("number_reserved", "/number");
    }
    issue(number(invoice_of(INVOICE, "1"), "DI-1a")).events();
    let account =
        given::<Account>([]).after("account.issue_invoice", number(invoice_of(INVOICE, "1"), "R1"));
    let other = number(invoice_of(id(530), "1"), "r1");
    account.when("account.issue_invoice", other).then_refused("number_taken", "/number");
}

#[test]
fn the_same_invoice_again_is_no_change_and_another_content_is_refused() {
    invoiced("60").when("account.issue_invoice", invoice_of(INVOICE, "60.00")).then_nothing();
    let mut dated = invoice_of(INVOICE, "60");
    dated["issued_on"] = json!("2026-11-20");
    invoiced("60").when("account.issue_invoice", dated.clone()).then_nothing();
    dated["issued_on"] = json!("2026-11-21");
    let refused = invoiced("60").when("account.issue_invoice", dated);
    refused.then_refused("document_differs", "/invoice_id");
    let refused = invoiced("60").when("account.issue_invoice", invoice_of(INVOICE, "61"));
    refused.then_refused("document_differs", "/invoice_id");
}

#[test]
fn an_invoice_bills_orders_of_its_customer_each_once() {
    let bills = |mut invoice: Value, orders: Value| {
        invoice["orders"] = orders;
        invoice
    };
    let invoice = bills(invoice_of(INVOICE, "12.775"), json!([ORDER]));
    let events = given::<Account>([]).when("account.issue_invoice", invoice.clone()).events();
    let [Event::InvoiceIssued(issued)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(issued.orders, [BilledOrder { order: ORDER, counted: decimal("12.775") }]);
    let account = || given::<Account>([]).after("account.issue_invoice", invoice.clone());
    account().when("account.issue_invoice", invoice.clone()).then_nothing();
    let second = bills(invoice_of(id(530), "12.775"), json!([ORDER]));
    account().when("account.issue_invoice", second).then_refused("order_billed", "/orders/0");
    let issue = |invoice| given::<Account>([]).when("account.issue_invoice", invoice);
    let twice = bills(invoice_of(INVOICE, "1"), json!([ORDER, ORDER]));
    issue(twice).then_refused("order_billed", "/orders/1");
    let unknown = bills(invoice_of(INVOICE, "1"), json!([id(7)]));
    issue(unknown).then_refused("order_not_found", "/orders/0");
    let mut euros = bills(invoice_of(INVOICE, "1"), json!([ORDER]));
    euros["currency"] = json!("EUR");
    issue(euros).then_refused("currency_differs", "/orders/0");
}

#[test]
fn an_invoice_that_cannot_be_is_refused_at_its_place() {
    let issue = |lines: Value| {
        let mut invoice = invoice_of(INVOICE, "1");
        invoice["lines"] = lines;
        given::<Account>([]).when("account.issue_invoice", invoice)
    };
    issue(json!([])).then_refused("invalid_field", "/lines");
    issue(json!([{"quantity": -1, "unit_price": 1}])).then_refused("invalid_amount", "/lines");
    let much = "999999999999999";
    let line = json!({"quantity": much, "unit_price": 2});
    issue(json!([line])).then_refused("invalid_amount", "/lines");
    let line = json!({"quantity": 1, "unit_price": "x"});
    issue(json!([line])).then_refused("invalid_amount", "/lines/0/unit_price");
}
