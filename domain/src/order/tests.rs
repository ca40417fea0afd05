use serde_json::{Value, json};

use super::*;
use crate::testing::{ADA, ARCHIVED, ERASED, Given, given, id, repeats_are_harmless};

fn document(number: &str, lines: Value) -> Value {
    json!({"customer": ADA, "source": "shop", "number": number, "currency": "GBP",
        "placed_at": "2010-12-01T08:26:00Z", "lines": lines})
}

fn lines() -> Value {
    json!([
        {"item_code": "85123A", "description": "Holder", "quantity": 6, "unit_price": "2.555"},
        {"item_code": "85123A", "description": "Holder", "quantity": 6, "unit_price": "2.555"},
        {"quantity": "-1", "unit_price": 0.3},
    ])
}

fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

#[test]
fn a_document_keeps_its_lines_and_all_their_decimals() {
    let events = given::<Order>([]).when("order.record", document("536365", lines())).events();
    let [Event::Recorded(recorded)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(recorded.gross, decimal("30.36"));
    assert_eq!(recorded.lines.len(), 3, "identical lines are real lines");
    let prices: Vec<_> = recorded.lines.iter().map(|line| line.unit_price.to_string()).collect();
    assert_eq!(prices, ["2.555", "2.555", "0.3"]);
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(event.claims(), [ClaimChange::take(ClaimKind::DocumentNumber, "shop\u{0}536365")]);
    assert_eq!(event.customer_id(id(1)), Some(ADA));
    assert_eq!(event.sentence(), "recorded order 536365 of shop: 3 lines, 30.360 GBP");
}

#[test]
fn a_credit_takes_away_with_whichever_sign_it_is_written() {
    for quantity in [-2, 2] {
        let mut credit = document("C1", json!([{"quantity": quantity, "unit_price": "4.95"}]));
        credit["credited"] = json!(true);
        let events = given::<Order>([]).when("order.record", credit).events();
        let nets: Vec<_> = events.iter().map(Event::net).collect();
        assert_eq!(nets, [decimal("-9.90")]);
        assert!(matches!(events.as_slice(), [Event::Credited(_)]));
    }
}

#[test]
fn the_same_document_again_is_no_change_and_another_content_is_refused() {
    let recorded = || given::<Order>([]).after("order.record", document("1", lines()));
    recorded().when("order.record", document("1", lines())).then_nothing();
    // 2.550 is 2.55: another writing is not another content.
    let same = json!([{"quantity": 1, "unit_price": "2.550"}]);
    let written = json!([{"quantity": 1, "unit_price": 2.55}]);
    given::<Order>([])
        .after("order.record", document("2", same))
        .when("order.record", document("2", written))
        .then_nothing();
    let other = json!([{"quantity": 1, "unit_price": 1}]);
    let refused = recorded().when("order.record", document("1", other));
    refused.then_refused("document_differs", "/number");
}

#[test]
fn a_document_is_about_a_customer_who_is_there() {
    let record = |customer| {
        let mut document = document("1", lines());
        document["customer"] = json!(customer);
        given::<Order>([]).when("order.record", document)
    };
    record(id(7)).then_refused("customer_not_found", "/customer");
    record(ERASED).then_refused("customer_erased", "/customer");
    assert_eq!(record(ARCHIVED).events().len(), 1, "history is taken over for archived ones too");
}

#[test]
fn what_cannot_be_kept_exactly_is_refused_at_its_place() {
    let record = |lines| given::<Order>([]).when("order.record", document("1", lines));
    record(json!([])).then_refused("invalid_field", "/lines");
    let many = "999999999999999.999999999999";
    record(json!([{"quantity": many, "unit_price": many}]))
        .then_refused("invalid_amount", "/lines/0/unit_price");
    record(json!([{"quantity": 1, "unit_price": 1}, {"quantity": "x", "unit_price": 1}]))
        .then_refused("invalid_amount", "/lines/1/quantity");
    record(json!([{"quantity": 1, "unit_price": 1, "description": "a\u{0}b"}]))
        .then_refused("invalid_text", "/lines/0/description");
    let mut euro = document("1", lines());
    euro["currency"] = json!("EURO");
    given::<Order>([]).when("order.record", euro).then_refused("invalid_currency", "/currency");
}

#[test]
fn a_repeated_command_changes_nothing() {
    let other = json!([{"quantity": 1, "unit_price": 1}]);
    let (_, events) = repeats_are_harmless::<Order>([
        ("order.record", document("1", lines())),
        ("order.record", document("1", other)),
    ]);
    assert_eq!(events.len(), 1);
}

fn placed() -> Given<Order> {
    let lines = json!([{"description": "Lantern", "quantity": 2, "unit_price": "10.00"}]);
    let order = json!({"customer": ADA, "currency": "EUR", "lines": lines});
    given::<Order>([]).after("order.place", order)
}

#[test]
fn a_placed_order_takes_its_number_from_the_series_and_counts_for_nothing_yet() {
    let lines =
        json!([{"quantity": 2, "unit_price": "10.00"}, {"quantity": 1, "unit_price": "5.50"}]);
    let order = json!({"customer": ADA, "currency": "EUR", "lines": lines});
    let events = given::<Order>([]).when("order.place", order).events();
    let [event @ Event::Placed(placed)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((placed.gross, event.net()), (decimal("25.50"), Decimal::ZERO));
    assert_eq!((event.series(), placed.quote), (Some("O-"), None));
    let mut numbered = event.clone();
    numbered.take_number("O-7".to_owned());
    assert_eq!(numbered.series(), None);
    assert_eq!(numbered.sentence(), "placed order O-7: 2 lines, 25.50 EUR");
}

#[test]
fn an_order_is_placed_for_a_customer_in_use() {
    for (customer, code) in [
        (id(7), "customer_not_found"),
        (ARCHIVED, "customer_archived"),
        (ERASED, "customer_erased"),
    ] {
        let order = json!({"customer": customer, "currency": "EUR", "lines": lines()});
        given::<Order>([]).when("order.place", order).then_refused(code, "/customer");
    }
    let again = json!({"customer": ADA, "currency": "EUR", "lines": lines()});
    placed().when("order.place", again).then_refused("order_exists", "");
}

#[test]
fn a_placed_order_is_cancelled_once_and_a_recorded_one_never() {
    let reason = Some(Personal::Known("Moved".to_owned()));
    let cancelled = Event::Cancelled { customer: ADA, number: None, reason };
    placed().when("order.cancel", json!({"reason": "Moved"})).then([cancelled]);
    placed().after("order.cancel", json!({})).when("order.cancel", json!({})).then_nothing();
    given::<Order>([]).when("order.cancel", json!({})).then_refused("order_not_found", "");
    let recorded = given::<Order>([]).after("order.record", document("1", lines()));
    recorded.when("order.cancel", json!({})).then_refused("order_recorded", "");
}

#[test]
fn a_billed_order_is_not_cancelled() {
    let place = json!({"customer": ADA, "currency": "EUR", "lines": lines()});
    let [event] = &given::<Order>([]).when("order.place", place).events()[..] else { panic!() };
    let state = Order::evolve(State::Absent, event);
    let cancel =
        |is_billed| Order::decide(&state, Command::Cancel(Cancel { reason: None, is_billed }));
    assert_eq!(cancel(true), Err(Error::Billed));
    assert_eq!(cancel(false).map(|events| events.len()), Ok(1));
}
