use serde_json::json;

use super::*;
use crate::testing::{ADA, given, id, repeats_are_harmless};

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
