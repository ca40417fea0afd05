use serde_json::json;

use super::*;
use crate::testing::{ADA, ARCHIVED, ERASED, Given, given, id, repeats_are_harmless};

fn subject() -> Subject {
    let title = Personal::Known("Sofa".to_owned());
    Subject { customer: ADA, kind: ServiceKind::Delivery, title }
}

fn day(text: &str) -> When {
    When::Day(text.parse().unwrap())
}

fn delivery() -> Given<ServiceEntry> {
    let data = json!({"customer": ADA, "kind": "delivery", "title": "Sofa", "scheduled_for": "2026-12-01"});
    given::<ServiceEntry>([]).after("service_entry.add", data)
}

#[test]
fn an_entry_is_scheduled_for_a_day_or_a_moment() {
    for (time, when) in [
        ("2026-12-01", day("2026-12-01")),
        ("2026-12-01T10:30:00+01:00", When::Moment("2026-12-01T09:30:00Z".parse().unwrap())),
    ] {
        let data =
            json!({"customer": ADA, "kind": "delivery", "title": "Sofa", "scheduled_for": time});
        let state = ServiceState::Scheduled;
        let event = Event::Added { subject: subject(), scheduled_for: when, state };
        assert_eq!((event.customer_id(id(1)), event.key_id(id(1))), (Some(ADA), Some(ADA)));
        given::<ServiceEntry>([]).when("service_entry.add", data).then([event]);
    }
    assert!(
        day("2026-12-01").sorted() < When::Moment("2026-12-01T00:00:01Z".parse().unwrap()).sorted()
    );
    for time in ["soon", "2026-12-01T10:30", "2026-13-01", ""] {
        let data =
            json!({"customer": ADA, "kind": "delivery", "title": "x", "scheduled_for": time});
        let refused = given::<ServiceEntry>([]).when("service_entry.add", data);
        refused.then_refused("invalid_field", "/scheduled_for");
    }
}

#[test]
fn what_was_done_before_is_added_as_such() {
    let data = json!({"customer": ADA, "kind": "service_case", "title": "Leg broke",
        "scheduled_for": "2026-01-01", "state": "completed"});
    let events = given::<ServiceEntry>([]).when("service_entry.add", data).events();
    let sentences: Vec<_> = events.iter().map(Event::sentence).collect();
    assert_eq!(sentences, ["added the service case \"Leg broke\" of 2026-01-01, completed"]);
}

#[test]
fn an_entry_is_for_a_customer_who_is_there_and_of_a_known_kind() {
    let add = |customer, kind: &str| {
        let data = json!({"customer": customer, "kind": kind, "title": "x", "scheduled_for": "2026-12-01"});
        given::<ServiceEntry>([]).when("service_entry.add", data)
    };
    add(id(7), "delivery").then_refused("customer_not_found", "/customer");
    add(ARCHIVED, "delivery").then_refused("customer_archived", "/customer");
    add(ERASED, "delivery").then_refused("customer_erased", "/customer");
    add(ADA, "repair").then_refused("invalid_field", "/kind");
    let again =
        json!({"customer": ADA, "kind": "delivery", "title": "x", "scheduled_for": "2026-12-01"});
    delivery().when("service_entry.add", again).then_refused("service_entry_exists", "");
    let nowhere = given::<ServiceEntry>([]).when("service_entry.complete", json!({}));
    nowhere.then_refused("service_entry_not_found", "");
}

#[test]
fn an_entry_is_moved_done_or_called_off() {
    let (subject, from, to) = (subject(), day("2026-12-01"), day("2026-12-03"));
    let moved = || json!({"scheduled_for": "2026-12-03"});
    let event = Event::Rescheduled { subject: subject.clone(), from, to };
    assert_eq!(event.sentence(), "moved the delivery \"Sofa\" from 2026-12-01 to 2026-12-03");
    delivery().when("service_entry.reschedule", moved()).then([event]);
    delivery()
        .after("service_entry.reschedule", moved())
        .when("service_entry.reschedule", moved())
        .then_nothing();
    delivery()
        .when("service_entry.complete", json!({}))
        .then([Event::Completed { subject: subject.clone() }]);
    let reason = Some(Personal::Known("No lift".to_owned()));
    let cancelled = Event::Cancelled { subject, reason };
    assert_eq!(cancelled.sentence(), "cancelled the delivery \"Sofa\": \"No lift\"");
    delivery().when("service_entry.cancel", json!({"reason": "No lift"})).then([cancelled]);
}

/// FEATURES decision 6: what is undone comes back to where it stood.
#[test]
fn what_is_closed_is_reopened_before_it_changes() {
    for (command, from) in [
        ("service_entry.complete", ServiceState::Completed),
        ("service_entry.cancel", ServiceState::Cancelled),
    ] {
        let closed = || delivery().after(command, json!({}));
        closed().when(command, json!({})).then_nothing();
        let moved = json!({"scheduled_for": "2026-12-03"});
        closed().when("service_entry.reschedule", moved).then_refused("service_entry_closed", "");
        closed()
            .when("service_entry.reopen", json!({}))
            .then([Event::Reopened { subject: subject(), from }]);
        let open = closed().after("service_entry.reopen", json!({})).state;
        assert_eq!(open, delivery().state);
    }
    delivery().when("service_entry.reopen", json!({})).then_nothing();
}

#[test]
fn a_repeated_command_changes_nothing() {
    let (_, events) = repeats_are_harmless::<ServiceEntry>([
        (
            "service_entry.add",
            json!({"customer": ADA, "kind": "installation", "title": "x", "scheduled_for": "2026-12-01"}),
        ),
        ("service_entry.reschedule", json!({"scheduled_for": "2026-12-02T08:00:00Z"})),
        ("service_entry.complete", json!({})),
        ("service_entry.reopen", json!({})),
        ("service_entry.cancel", json!({"reason": "x"})),
    ]);
    assert_eq!(events.len(), 5);
}
