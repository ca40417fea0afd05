use serde_json::json;

use super::super::Rule;
use super::*;
use crate::rule::{Definition, Event};
use crate::testing::{ANNA, CLIENTS, given, id};
use crate::value::time_zone;

fn definition(then: Value) -> Value {
    json!({"name": "Remind", "trigger": {"events": ["task.added"]}, "then": then,
        "time_zone": "Europe/Berlin"})
}

/// A rule with steps of every kind that steers.
fn steering() -> Value {
    json!([
        {"action": "add_tag", "tag": "asked"},
        {"action": "branch", "when": {"field": "after.status", "op": "eq", "value": "won"},
            "then": [{"action": "move_folder", "folder": CLIENTS},
                {"action": "branch", "when": {"field": "now.tags", "op": "has", "value": "vip"},
                    "then": [{"action": "notify", "to": ANNA, "text": "Look"}]}],
            "else": [{"action": "delay", "for": "P2D"},
                {"action": "create_task", "title": "Call", "assignee": ANNA}]},
        {"action": "wait_until", "time": "09:00", "weekdays": ["monday"]},
        {"action": "wait_until", "field": "event.due_on", "offset": "-P3D"},
        {"action": "remove_tag", "tag": "asked"},
    ])
}

fn written(then: Value) -> Definition {
    let events = given::<Rule>([]).when("rule.create", definition(then)).events();
    let [Event::Created { definition, .. }] = events.as_slice() else { panic!("{events:?}") };
    definition.as_ref().clone()
}

fn refused(then: Value, code: &str, pointer: &str) {
    given::<Rule>([]).when("rule.create", definition(then)).then_refused(code, pointer);
}

#[test]
fn steps_that_steer_are_kept_as_they_were_written() {
    let written = written(steering());
    assert_eq!(serde_json::to_value(&written).unwrap(), definition(steering()));
    let again: Definition = serde_json::from_value(definition(steering())).unwrap();
    assert_eq!(again, written);
}

#[test]
fn the_path_goes_into_a_branch_once_its_way_is_decided() {
    let written = written(steering());
    let ids = |ways: &[(&str, Way)]| {
        let way = |id: &str| ways.iter().find(|(known, _)| *known == id).map(|(_, way)| *way);
        written.path(way).into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&[]), ["1", "2", "3", "4", "5"]);
    assert_eq!(ids(&[("2", Way::Else)]), ["1", "2", "2.else.1", "2.else.2", "3", "4", "5"]);
    let then = [("2", Way::Then), ("2.then.2", Way::Then)];
    assert_eq!(ids(&then), ["1", "2", "2.then.1", "2.then.2", "2.then.2.then.1", "3", "4", "5"]);
}

#[test]
fn what_is_wrong_within_a_branch_is_named_at_its_place() {
    let branch = |more: Value| {
        let when = json!({"field": "now.status", "op": "eq", "value": "won"});
        let mut branch = json!({"action": "branch", "when": when,
            "then": [{"action": "add_tag", "tag": "x"}]});
        branch.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([branch])
    };
    given::<Rule>([]).when("rule.create", definition(branch(json!({})))).events();
    refused(branch(json!({"then": []})), "invalid_field", "/then/0/then");
    refused(branch(json!({"than": []})), "unknown_field", "/then/0/than");
    refused(
        branch(json!({"when": {}, "else": [{"action": "fly"}]})),
        "invalid_field",
        "/then/0/else/0/action",
    );
    let when = json!({"any": [{"field": "now.mood", "op": "is_set"}]});
    refused(branch(json!({"when": when})), "invalid_condition", "/then/0/when/any/0/field");
    let stranger = json!([{"action": "notify", "to": id(7), "text": "x"}]);
    refused(branch(json!({"else": stranger})), "member_not_found", "/then/0/else/0/to");
    // Only what has not happened yet is asked of now.
    let when = json!({"name": "x", "trigger": {"events": ["task.added"]},
        "when": {"field": "now.status", "op": "is_set"}, "then": [{"action": "add_tag", "tag": "x"}]});
    given::<Rule>([]).when("rule.create", when).then_refused("invalid_condition", "/when/field");
}

#[test]
fn rules_are_neither_too_deep_nor_too_long() {
    let nested = |depth: usize| {
        (0..depth).fold(
            json!([{"action": "add_tag", "tag": "x"}]),
            |steps, _| json!([{"action": "branch", "when": {}, "then": steps}]),
        )
    };
    written(nested(MAX_DEPTH));
    refused(nested(MAX_DEPTH + 1), "invalid_field", &"/then/0".repeat(MAX_DEPTH + 1));
    let many = |count: usize| Value::from(vec![json!({"action": "add_tag", "tag": "x"}); count]);
    written(many(MAX_STEPS));
    refused(many(MAX_STEPS + 1), "invalid_field", &format!("/then/{MAX_STEPS}"));
}

#[test]
fn a_wait_names_a_time_or_a_date_that_the_rule_knows() {
    let wait = |more: Value| {
        let mut wait = json!({"action": "wait_until"});
        wait.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([wait])
    };
    refused(wait(json!({})), "missing_field", "/then/0/time");
    refused(wait(json!({"time": "25:00"})), "invalid_time", "/then/0/time");
    refused(wait(json!({"time": "09:00", "offset": "P1D"})), "invalid_field", "/then/0/offset");
    refused(wait(json!({"field": "event.title"})), "invalid_field", "/then/0/field");
    refused(
        wait(json!({"field": "event.due_on", "offset": "3 days"})),
        "invalid_offset",
        "/then/0/offset",
    );
    refused(
        wait(json!({"time": "09:00", "weekdays": ["sunday", "someday"]})),
        "invalid_field",
        "/then/0/weekdays/1",
    );
    refused(json!([{"action": "delay", "for": "-P1D"}]), "invalid_period", "/then/0/for");
    let mut elsewhere = definition(steering());
    *elsewhere.pointer_mut("/time_zone").unwrap() = json!("Europe/Atlantis");
    given::<Rule>([])
        .when("rule.create", elsewhere)
        .then_refused("invalid_time_zone", "/time_zone");
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn zone(name: &str) -> TimeZone {
    time_zone(name).unwrap()
}

#[test]
fn a_delay_is_counted_by_the_clock_of_the_rules_place() {
    // In Berlin the clocks go forward on 29 March 2026 and back on 25 October.
    for (period, place, reached, until) in [
        ("P2D", "Europe/Berlin", "2026-03-27T08:00:00Z", "2026-03-29T07:00:00Z"),
        ("P2D", "UTC", "2026-03-27T08:00:00Z", "2026-03-29T08:00:00Z"),
        ("PT48H", "Europe/Berlin", "2026-03-27T08:00:00Z", "2026-03-29T08:00:00Z"),
        ("P1D", "Europe/Berlin", "2026-10-24T08:00:00Z", "2026-10-25T09:00:00Z"),
        ("P1M", "Europe/Berlin", "2026-01-31T08:00:00Z", "2026-02-28T08:00:00Z"),
    ] {
        let delay: Delay = serde_json::from_value(json!({"for": period})).unwrap();
        let found = delay.until(instant(reached), &zone(place));
        assert_eq!(found, Some(instant(until)), "{period} in {place}");
    }
}

#[test]
fn a_time_of_day_is_the_next_one_on_an_allowed_day() {
    for (wait, place, reached, until) in [
        // 22 November 2026 is a Sunday.
        (json!({"time": "09:00"}), "UTC", "2026-11-22T08:59:59Z", "2026-11-22T09:00:00Z"),
        (json!({"time": "09:00"}), "UTC", "2026-11-22T09:00:00Z", "2026-11-22T09:00:00Z"),
        (json!({"time": "09:00"}), "UTC", "2026-11-22T09:00:00.000001Z", "2026-11-23T09:00:00Z"),
        (
            json!({"time": "09:00"}),
            "Asia/Ho_Chi_Minh",
            "2026-11-22T03:00:00Z",
            "2026-11-23T02:00:00Z",
        ),
        (
            json!({"time": "09:00", "weekdays": ["sunday"]}),
            "UTC",
            "2026-11-22T10:00:00Z",
            "2026-11-29T09:00:00Z",
        ),
        (
            json!({"time": "09:00", "weekdays": ["friday", "tuesday"]}),
            "UTC",
            "2026-11-22T10:00:00Z",
            "2026-11-24T09:00:00Z",
        ),
        // 09:00 is an hour earlier by UTC after the clocks went forward, and later after they went back.
        (json!({"time": "09:00"}), "Europe/Berlin", "2026-03-28T09:00:00Z", "2026-03-29T07:00:00Z"),
        (json!({"time": "09:00"}), "Europe/Berlin", "2026-10-24T09:00:00Z", "2026-10-25T08:00:00Z"),
        // 02:30 is left out on that day, and comes twice on the other.
        (json!({"time": "02:30"}), "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:30:00Z"),
        (json!({"time": "02:30"}), "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
    ] {
        let read: WaitUntil = serde_json::from_value(wait.clone()).unwrap();
        let found = read.until(instant(reached), &zone(place), None);
        assert_eq!(found, Some(instant(until)), "{wait} in {place} from {reached}");
    }
}

#[test]
fn a_date_is_waited_for_with_its_offset() {
    let reached = instant("2026-01-01T00:00:00Z");
    for (wait, value, until) in [
        (json!({}), json!("2026-04-01"), Some("2026-03-31T22:00:00Z")),
        (json!({"time": "09:00"}), json!("2026-04-01"), Some("2026-04-01T07:00:00Z")),
        // Three days earlier the clocks have not been changed yet.
        (
            json!({"time": "09:00", "offset": "-P3D"}),
            json!("2026-03-31"),
            Some("2026-03-28T08:00:00Z"),
        ),
        (json!({"offset": "PT6H"}), json!("2026-11-22T10:00:00Z"), Some("2026-11-22T16:00:00Z")),
        (
            json!({"time": "09:00", "offset": "P1D"}),
            json!("2026-11-22T10:00:00Z"),
            Some("2026-11-23T08:00:00Z"),
        ),
        (
            json!({"time": "09:00", "weekdays": ["monday"]}),
            json!("2026-11-22"),
            Some("2026-11-23T08:00:00Z"),
        ),
        (json!({}), json!(null), None),
        (json!({}), json!("soon"), None),
    ] {
        let mut data = wait.clone();
        data["field"] = json!("event.due_on");
        let read: WaitUntil = serde_json::from_value(data).unwrap();
        let found = read.until(reached, &zone("Europe/Berlin"), Some(&value));
        assert_eq!(found, until.map(instant), "{wait} from {value}");
    }
    let read: WaitUntil = serde_json::from_value(json!({"field": "event.due_on"})).unwrap();
    assert_eq!(read.until(reached, &TimeZone::UTC, None), None);
}
