use serde_json::{Value, json};

use super::*;

const CUSTOMER: Uuid = Uuid::from_u128(1);
const EFFECT: Uuid = Uuid::from_u128(2);
const RULE: Uuid = Uuid::from_u128(3);
const ANNA: Uuid = Uuid::from_u128(4);

fn cause(people: Vec<Uuid>) -> Cause {
    Cause {
        rule: RULE,
        trigger: Trigger { events: vec!["task.added".to_owned()], ..Trigger::default() },
        zone: TimeZone::UTC,
        customer: CUSTOMER,
        triggered_at: "2026-02-27T23:30:00Z".parse().unwrap(),
        effect: EFFECT,
        people,
        reached: "2026-02-28T08:00:00Z".parse().unwrap(),
        facts: json!({"event": {"due_on": "2026-03-10"}, "now": {"status": "won"}}),
    }
}

fn reaction(step: Value, people: Vec<Uuid>) -> Reaction {
    react(&serde_json::from_value(step).unwrap(), &cause(people))
}

fn command(step: Value) -> Command {
    match reaction(step.clone(), vec![ANNA]) {
        Reaction::Do(command) => *command,
        other @ (Reaction::Nothing(_)
        | Reaction::Call(_)
        | Reaction::Take(_)
        | Reaction::Wait(_)
        | Reaction::Stop(_)
        | Reaction::Unreadable(_)) => panic!("{step}: {other:?}"),
    }
}

/// The command as it would come in over the wire.
fn sent(name: &str, target: Uuid, data: Value) -> Command {
    Command::parse(name, Some(target), data).unwrap()
}

#[test]
fn each_action_is_one_command_as_a_person_would_give_it() {
    let folder = Uuid::from_u128(9);
    for (step, name, data) in [
        (json!({"action": "add_tag", "tag": "vip"}), "customer.tag", json!({"tag": "vip"})),
        (json!({"action": "remove_tag", "tag": "vip"}), "customer.untag", json!({"tag": "vip"})),
        (
            json!({"action": "change_status", "status": "won"}),
            "customer.change_status",
            json!({"status": "won"}),
        ),
        (
            json!({"action": "move_folder", "folder": folder}),
            "customer.move_folder",
            json!({"folder": folder}),
        ),
        (
            json!({"action": "raise_flag", "reason": "Look"}),
            "customer.flag",
            json!({"reason": "Look"}),
        ),
    ] {
        assert_eq!(command(step), sent(name, CUSTOMER, data), "{name}");
    }
}

#[test]
fn a_task_is_due_so_long_after_the_day_of_the_event() {
    let step = json!({"action": "create_task", "title": "Call", "due_in": "P2D", "assignee": ANNA});
    let data = json!({"customer": CUSTOMER, "title": "Call", "due_on": "2026-03-01",
        "assignee": ANNA});
    assert_eq!(command(step), sent("task.add", EFFECT, data));
    let step = json!({"action": "create_task", "title": "Call"});
    let data = json!({"customer": CUSTOMER, "title": "Call"});
    assert_eq!(command(step), sent("task.add", EFFECT, data));
}

#[test]
fn a_notification_names_the_customer_and_the_rule() {
    let step = json!({"action": "notify", "to": "workers", "text": "Look"});
    let data = json!({"to": [ANNA], "customer": CUSTOMER, "text": "Look", "rule": RULE});
    assert_eq!(command(step.clone()), sent("notification.send", EFFECT, data));
    assert_eq!(reaction(step, Vec::new()), Reaction::Nothing("there is nobody to notify"));
}

#[test]
fn a_branch_goes_by_what_is_known_when_it_is_reached() {
    for (status, way) in [("won", Way::Then), ("lost", Way::Else)] {
        let when = json!({"field": "now.status", "op": "eq", "value": status});
        let step = json!({"action": "branch", "when": when, "then": []});
        assert_eq!(reaction(step, Vec::new()), Reaction::Take(way));
    }
    let when = json!({"field": "now.from_a_newer_program", "op": "is_set"});
    let step = json!({"action": "branch", "when": when, "then": []});
    assert!(matches!(reaction(step, Vec::new()), Reaction::Unreadable(_)));
}

#[test]
fn a_wait_is_for_a_moment_that_is_still_to_come() {
    let until = |text: &str| Reaction::Wait(text.parse().unwrap());
    for (step, expected) in [
        (json!({"action": "delay", "for": "P2D"}), until("2026-03-02T08:00:00Z")),
        (json!({"action": "wait_until", "time": "09:00"}), until("2026-02-28T09:00:00Z")),
        (
            json!({"action": "wait_until", "field": "event.due_on", "offset": "-P3D"}),
            until("2026-03-07T00:00:00Z"),
        ),
        (
            json!({"action": "wait_until", "field": "event.due_on", "offset": "-P30D"}),
            Reaction::Nothing("the moment to wait for has passed"),
        ),
        (
            json!({"action": "wait_until", "field": "event.completed_on"}),
            Reaction::Stop("there is no date to wait for"),
        ),
    ] {
        assert_eq!(reaction(step.clone(), Vec::new()), expected, "{step}");
    }
}

#[test]
fn an_email_is_automatic_and_speaks_of_the_customer() {
    let step = json!({"action": "send_email", "subject": "Hi", "text": "{customer.first_name}"});
    let data = json!({"customer": CUSTOMER, "subject": "Hi", "text": "{customer.first_name}",
        "placeholders": true, "asked_by": "automatic"});
    assert_eq!(command(step), sent("message.request", EFFECT, data));
}

#[test]
fn a_webhook_is_called_by_its_id() {
    let step = json!({"action": "call_webhook", "webhook": ANNA});
    assert_eq!(reaction(step, Vec::new()), Reaction::Call(ANNA));
}

#[test]
fn every_action_of_the_domain_is_tried_above() {
    let source = include_str!("tests.rs");
    for action in Step::ACTIONS {
        assert!(source.contains(&format!("\"action\": \"{action}\"")), "{action}");
    }
}
