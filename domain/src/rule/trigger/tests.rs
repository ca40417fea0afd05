use serde_json::{Value, json};

use super::super::Rule;
use super::*;
use crate::testing::given;
use crate::value::time_zone;

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn zone(name: &str) -> TimeZone {
    time_zone(name).unwrap()
}

fn trigger(value: Value) -> Trigger {
    serde_json::from_value(value).unwrap()
}

fn rule(trigger: &Value) -> Value {
    json!({"name": "Remind", "trigger": trigger, "then": [{"action": "add_tag", "tag": "x"}]})
}

#[test]
fn a_schedule_comes_at_its_time_of_day_in_the_rules_place() {
    let day = json!({"every": "day", "at": "09:00"});
    let late = json!({"every": "day", "at": "02:30"});
    let week = json!({"every": "week", "weekdays": ["monday", "friday"], "at": "09:00"});
    let last = json!({"every": "month", "day": 31, "at": "09:00"});
    for (schedule, place, after, next) in [
        (&day, "UTC", "2026-11-22T08:59:59Z", "2026-11-22T09:00:00Z"),
        (&day, "UTC", "2026-11-22T09:00:00Z", "2026-11-23T09:00:00Z"),
        (&day, "Asia/Ho_Chi_Minh", "2026-11-22T03:00:00Z", "2026-11-23T02:00:00Z"),
        // In Berlin the clocks go forward on 29 March 2026 and back on 25 October.
        (&day, "Europe/Berlin", "2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z"),
        (&day, "Europe/Berlin", "2026-10-24T07:00:00Z", "2026-10-25T08:00:00Z"),
        // 02:30 is left out on that day, and comes twice on the other: it counts once.
        (&late, "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:30:00Z"),
        (&late, "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
        (&late, "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
        // 22 November 2026 is a Sunday.
        (&week, "UTC", "2026-11-22T10:00:00Z", "2026-11-23T09:00:00Z"),
        (&week, "UTC", "2026-11-23T09:00:00Z", "2026-11-27T09:00:00Z"),
        (&last, "UTC", "2026-01-31T09:00:00Z", "2026-02-28T09:00:00Z"),
        (&last, "UTC", "2026-02-28T09:00:00Z", "2026-03-31T09:00:00Z"),
    ] {
        let trigger = trigger(json!({"schedule": schedule}));
        let found = trigger.next(instant(after), &zone(place));
        assert_eq!(found, Some(instant(next)), "{schedule} in {place} after {after}");
    }
}

#[test]
fn a_date_is_due_so_much_before_or_after_at_its_time_of_day() {
    for (offset, place, date, due) in [
        (None, "UTC", "2026-11-22", "2026-11-22T09:00:00Z"),
        // Three days earlier the clocks have not been changed yet.
        (Some("-P3D"), "Europe/Berlin", "2026-03-31", "2026-03-28T08:00:00Z"),
        (Some("P1D"), "Europe/Berlin", "2026-03-28", "2026-03-29T07:00:00Z"),
        (Some("P1M"), "UTC", "2026-01-31", "2026-02-28T09:00:00Z"),
    ] {
        let trigger =
            trigger(json!({"date": {"field": "invoice.due_on", "offset": offset, "at": "09:00"}}));
        let date_trigger = trigger.date.unwrap();
        let (zone, date) = (zone(place), date.parse().unwrap());
        assert_eq!(date_trigger.due(date, &zone), Some(instant(due)), "{offset:?} from {date}");
        let (first, last) = date_trigger.dates(instant(due), &zone).unwrap();
        assert!((first..=last).contains(&date), "{date} is not between {first} and {last}");
    }
}

#[test]
fn a_trigger_is_of_one_kind_and_whole() {
    let day = json!({"every": "day", "at": "09:00"});
    for (trigger, code, pointer) in [
        (json!({}), "unknown_event", "/trigger/events"),
        (json!({"events": ["task.added"], "schedule": day}), "invalid_field", "/trigger"),
        (
            json!({"schedule": {"every": "week", "at": "09:00"}}),
            "invalid_field",
            "/trigger/schedule/weekdays",
        ),
        (
            json!({"schedule": {"every": "day", "weekdays": ["monday"], "at": "09:00"}}),
            "invalid_field",
            "/trigger/schedule/weekdays",
        ),
        (
            json!({"schedule": {"every": "month", "day": 32, "at": "09:00"}}),
            "invalid_field",
            "/trigger/schedule/day",
        ),
        (
            json!({"schedule": {"every": "day", "day": 1, "at": "09:00"}}),
            "invalid_field",
            "/trigger/schedule/day",
        ),
        (
            json!({"schedule": {"every": "day", "at": "25:00"}}),
            "invalid_time",
            "/trigger/schedule/at",
        ),
        (
            json!({"date": {"field": "invoice.due_on", "offset": "PT6H", "at": "09:00"}}),
            "invalid_field",
            "/trigger/date/offset",
        ),
        (
            json!({"date": {"field": "customer.birthday", "at": "09:00"}}),
            "invalid_field",
            "/trigger/date/field",
        ),
    ] {
        given::<Rule>([]).when("rule.create", rule(&trigger)).then_refused(code, pointer);
    }
}

#[test]
fn a_rule_of_the_clock_asks_for_the_customer_and_for_what_came_due() {
    let mut data =
        rule(&json!({"date": {"field": "task.due_on", "offset": "-P1D", "at": "09:00"}}));
    data["when"] = json!({"all": [{"field": "after.status", "op": "eq", "value": "won"},
        {"field": "event.on", "op": "gte", "value": "2026-01-01"}]});
    let events = given::<Rule>([]).when("rule.create", data.clone()).events();
    assert_eq!(
        events[0].sentence(),
        "wrote the rule Remind (draft): -P1D from task.due_on at 09:00: add_tag"
    );
    data["when"] = json!({"field": "event.title", "op": "is_set"});
    given::<Rule>([]).when("rule.create", data).then_refused("invalid_condition", "/when/field");
}
