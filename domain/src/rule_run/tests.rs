use serde_json::json;

use super::*;
use crate::testing::{ADA, ARCHIVED, ERASED, RULES, given, id, repeats_are_harmless};

fn finish(outcome: &str) -> serde_json::Value {
    json!({"rule": id(80), "rule_version": 1, "trigger_event": id(82), "customer": ADA,
        "outcome": outcome, "reason": "the customer is dormant",
        "steps": [{"step": "1", "action": "notify", "outcome": outcome, "events": [id(83)]}]})
}

#[test]
fn a_run_is_recorded_with_its_steps() {
    let events = given::<RuleRun>([]).when("rule_run.finish", finish("withheld")).events();
    let [Event::Finished(finished)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((finished.outcome, finished.steps.len()), (Outcome::Withheld, 1));
    let sentence = Event::Finished(finished.clone()).sentence();
    assert_eq!(
        sentence,
        "ran a rule for the customer, one step, withheld: the customer is dormant"
    );
    assert_eq!(Event::Finished(finished.clone()).customer_id(id(1)), Some(ADA));
}

#[test]
fn only_a_failed_run_can_end_another_way_later() {
    let failed = || given::<RuleRun>([]).after("rule_run.finish", finish("failed"));
    failed().when("rule_run.finish", finish("failed")).then_nothing();
    assert_eq!(failed().when("rule_run.finish", finish("done")).events().len(), 1);
    let done = || given::<RuleRun>([]).after("rule_run.finish", finish("done"));
    done().when("rule_run.finish", finish("failed")).then_refused("rule_run_finished", "");
    let refused = given::<RuleRun>([]).when("rule_run.finish", finish("perhaps"));
    let refused = refused.then_refused("invalid_field", "/outcome");
    assert_eq!(refused.allowed.map(|allowed| allowed.len()), Some(Outcome::ALL.len()));
}

#[test]
fn a_repeated_command_changes_nothing() {
    repeats_are_harmless::<RuleRun>([
        ("rule_run.finish", finish("failed")),
        ("rule_run.finish", finish("done")),
    ]);
}

#[test]
fn a_run_comes_due_once() {
    let due = json!({"rule": id(80), "rule_version": 1, "customer": ADA,
        "due_at": "2026-11-20T08:00:00Z", "on": "2026-11-23", "record": id(83)});
    let events = given::<RuleRun>([]).when("rule_run.come_due", due.clone()).events();
    assert_eq!(events[0].sentence(), "found a rule due for the customer at 2026-11-20T08:00:00Z");
    let begun = || given::<RuleRun>([]).after("rule_run.come_due", due.clone());
    begun().when("rule_run.come_due", due.clone()).then_nothing();
    assert_eq!(begun().when("rule_run.finish", finish("done")).events().len(), 1);
}

#[test]
fn a_person_has_an_active_rule_run_for_a_customer_that_it_is_for() {
    let request = |rule: Uuid, customer: Uuid| json!({"rule": rule, "customer": customer});
    let [on, off, archived, elsewhere] = RULES;
    let requested = Event::Requested { rule: on, rule_version: 3, customer: ADA };
    assert_eq!(requested.customer_id(id(1)), Some(ADA));
    let asked = || given::<RuleRun>([]).after("rule_run.request", request(on, ADA));
    given::<RuleRun>([]).when("rule_run.request", request(on, ADA)).then([requested]);
    asked().when("rule_run.request", request(on, ADA)).then_refused("rule_run_exists", "");
    assert_eq!(asked().when("rule_run.finish", finish("done")).events().len(), 1);
    for (rule, customer, code, pointer) in [
        (id(7), ADA, "rule_not_found", "/rule"),
        (off, ADA, "rule_not_active", "/rule"),
        (archived, ADA, "rule_archived", "/rule"),
        (elsewhere, ADA, "outside_rule_scope", "/customer"),
        (on, id(7), "customer_not_found", "/customer"),
        (on, ARCHIVED, "customer_archived", "/customer"),
        (on, ERASED, "customer_erased", "/customer"),
    ] {
        given::<RuleRun>([])
            .when("rule_run.request", request(rule, customer))
            .then_refused(code, pointer);
    }
}
