use serde_json::{Value, json};

use super::*;
use crate::testing::{ADA, ARCHIVED, ERASED, Given, given, id, repeats_are_harmless};
use crate::value::exact_sum;

/// The last day is the tests' today.
fn draft(number: Option<&str>) -> Value {
    json!({"customer": ADA, "number": number, "valid_until": "2026-11-20", "currency": "EUR", "lines": [
        {"description": "Lantern", "quantity": 2, "unit_price": "10.00"},
        {"description": "Oil", "quantity": 1, "unit_price": "5.50"},
    ]})
}

fn quote() -> Given<Quote> {
    given::<Quote>([]).after("quote.draft", draft(Some("2026-114")))
}

fn number() -> Option<String> {
    Some("2026-114".to_owned())
}

#[test]
fn a_quote_is_drafted_with_its_lines_and_their_sum() {
    let events = given::<Quote>([]).when("quote.draft", draft(Some("2026-114"))).events();
    let [event @ Event::Drafted(drafted)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(drafted.terms.total.to_string(), "25.50");
    assert_eq!(
        exact_sum(drafted.terms.lines.iter().map(crate::order::Line::total)),
        Some(drafted.terms.total)
    );
    assert_eq!(event.claims(), [ClaimChange::take(ClaimKind::QuoteNumber, "2026-114")]);
    assert_eq!((event.customer_id(id(1)), event.series()), (Some(ADA), None));
    let sentence = "drafted the quote 2026-114: 2 lines, 25.50 EUR, valid until 2026-11-20";
    assert_eq!(event.sentence(), sentence);
}

#[test]
fn without_a_number_it_takes_the_next_one_of_the_series() {
    let events = given::<Quote>([]).when("quote.draft", draft(None)).events();
    let series: Vec<_> = events.iter().map(Event::series).collect();
    assert_eq!(series, [Some("Q-")]);
    assert!(events.iter().all(|event| event.claims().is_empty()));
    for own in ["Q-7", "q-12"] {
        let refused = given::<Quote>([]).when("quote.draft", draft(Some(own)));
        refused.then_refused("invalid_code", "/number");
    }
    for number in ["Q-", "Q-7a", "Q7", "2026-7", "ÄQ"] {
        let taken = given::<Quote>([]).when("quote.draft", draft(Some(number))).events();
        assert_eq!(taken.len(), 1, "{number}");
    }
}

#[test]
fn a_quote_is_for_a_customer_who_is_there_and_has_lines() {
    let draft = |change: fn(&mut Value)| {
        let mut data = draft(None);
        change(&mut data);
        given::<Quote>([]).when("quote.draft", data)
    };
    draft(|data| data["customer"] = json!(id(7))).then_refused("customer_not_found", "/customer");
    draft(|data| data["customer"] = json!(ARCHIVED)).then_refused("customer_archived", "/customer");
    draft(|data| data["customer"] = json!(ERASED)).then_refused("customer_erased", "/customer");
    draft(|data| data["lines"] = json!([])).then_refused("invalid_field", "/lines");
    draft(|data| data["valid_until"] = json!("soon")).then_refused("invalid_field", "/valid_until");
    draft(|data| data["lines"][1]["quantity"] = json!("x"))
        .then_refused("invalid_amount", "/lines/1/quantity");
    quote().when("quote.draft", self::draft(None)).then_refused("quote_exists", "");
    for command in ["quote.edit", "quote.send", "quote.accept", "quote.reject"] {
        given::<Quote>([]).when(command, json!({})).then_refused("quote_not_found", "");
    }
}

#[test]
fn only_a_draft_is_changed() {
    let line = json!([{"quantity": 3, "unit_price": 1}]);
    let events = quote().when("quote.edit", json!({"lines": line})).events();
    let [event @ Event::Edited { from, to, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((from.total.to_string(), to.total.to_string()), ("25.50".into(), "3".into()));
    assert_eq!(event.sentence(), "changed the quote 2026-114, now 3 EUR");
    quote().when("quote.edit", json!({"valid_until": "2026-11-20"})).then_nothing();
    quote().when("quote.edit", json!({"lines": []})).then_refused("invalid_field", "/lines");
    let sent = quote().after("quote.send", json!({}));
    sent.when("quote.edit", json!({"currency": "USD"})).then_refused("quote_not_draft", "");
}

#[test]
fn accepting_names_the_order_that_it_places() {
    for quote in [quote(), quote().after("quote.send", json!({}))] {
        let events = quote.when("quote.accept", json!({})).events();
        let [event @ Event::Accepted(accepted)] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!((accepted.order, accepted.number.clone()), (id(1000), number()));
        let sentence = "recorded that the quote 2026-114 was accepted: 25.50 EUR";
        assert_eq!(event.sentence(), sentence);
        let entailed = crate::Event::from(event.clone()).entails(id(9));
        let [order] = entailed.as_slice() else { panic!("{entailed:?}") };
        assert_eq!((order.name(), order.stream_id()), ("order.place_quoted", id(1000)));
        assert_eq!(order.customer(), Some(ADA));
    }
}

#[test]
fn after_its_last_day_it_is_neither_sent_nor_accepted() {
    let old = || quote().after("quote.edit", json!({"valid_until": "2026-11-19"}));
    old().when("quote.send", json!({})).then_refused("quote_expired", "");
    old().when("quote.accept", json!({})).then_refused("quote_expired", "");
    assert_eq!(old().when("quote.reject", json!({})).events().len(), 1);
}

#[test]
fn what_was_decided_stays_so() {
    let reason = json!({"reason": "Too dear"});
    let rejected = Event::Rejected {
        customer: ADA,
        number: number(),
        reason: Some(Personal::Known("Too dear".to_owned())),
    };
    let sentence = "recorded that the quote 2026-114 was rejected: \"Too dear\"";
    assert_eq!(rejected.sentence(), sentence);
    quote().when("quote.reject", reason.clone()).then([rejected]);
    let rejected = || quote().after("quote.reject", reason.clone());
    rejected().when("quote.reject", json!({})).then_nothing();
    let accepted = || quote().after("quote.accept", json!({}));
    accepted().when("quote.accept", json!({})).then_nothing();
    for command in ["quote.send", "quote.accept"] {
        rejected().when(command, json!({})).then_refused("quote_decided", "");
    }
    for command in ["quote.send", "quote.reject"] {
        accepted().when(command, json!({})).then_refused("quote_decided", "");
    }
}

#[test]
fn a_repeated_command_changes_nothing() {
    let (_, events) = repeats_are_harmless::<Quote>([
        ("quote.draft", draft(None)),
        ("quote.edit", json!({"currency": "USD"})),
        ("quote.send", json!({})),
        ("quote.accept", json!({})),
        ("quote.reject", json!({})),
    ]);
    assert_eq!(events.len(), 4);
}
