use domain::customer;
use domain::rule::{Definition, Scope, Trigger};
use serde_json::json;

use super::*;

const RULE: Uuid = Uuid::from_u128(1);
const CUSTOMER: Uuid = Uuid::from_u128(2);

fn rule(event: &str, scope: Scope, when: Option<Value>) -> Active {
    let definition = Definition {
        name: "Rule".to_owned(),
        trigger: Trigger { events: vec![event.to_owned()], ..Trigger::default() },
        scope,
        when,
        then: Vec::new(),
        limits: None,
        time_zone: None,
    };
    Active::new(RULE, 1, definition)
}

fn customer(status: &str) -> Known {
    let customer = customer::State {
        presence: customer::Presence::Present,
        status: Some(status.to_owned()),
        ..customer::State::default()
    };
    Known { customer: customer.into(), ..Known::default() }
}

fn judged(rule: &Active, chain: &[(Uuid, Uuid)]) -> Verdict {
    let (before, after) = (customer("prospect"), customer("won"));
    let moment = Moment::new(json!({"from": "prospect", "to": "won"}), &before, &after);
    judge(rule, &moment, CUSTOMER, chain, Timestamp::UNIX_EPOCH)
}

#[test]
fn conditions_look_at_the_event_and_at_both_sides_of_it() {
    for (field, value, verdict) in [
        ("event.to", "won", Verdict::Fires),
        ("event.to", "prospect", Verdict::No),
        ("before.status", "prospect", Verdict::Fires),
        ("before.status", "won", Verdict::No),
        ("after.status", "won", Verdict::Fires),
        ("after.status", "prospect", Verdict::No),
    ] {
        let when = json!({"field": field, "op": "eq", "value": value});
        let rule = rule("customer.status_changed", Scope::default(), Some(when));
        assert_eq!(judged(&rule, &[]), verdict, "{field} {value}");
    }
}

#[test]
fn a_rule_without_condition_fires_within_its_scope() {
    let everywhere = rule("customer.status_changed", Scope::default(), None);
    assert_eq!(judged(&everywhere, &[]), Verdict::Fires);
    let elsewhere = Scope { folders: vec![Uuid::from_u128(9)], ..Scope::default() };
    assert_eq!(judged(&rule("customer.status_changed", elsewhere, None), &[]), Verdict::No);
}

#[test]
fn a_rule_that_meets_its_own_trace_is_withheld_only_where_it_would_fire() {
    let chain = [(CUSTOMER, RULE)];
    let fires = rule("customer.status_changed", Scope::default(), None);
    assert!(matches!(judged(&fires, &chain), Verdict::Withheld(_)));
    let never = json!({"field": "event.to", "op": "eq", "value": "lost"});
    let never = rule("customer.status_changed", Scope::default(), Some(never));
    assert_eq!(judged(&never, &chain), Verdict::No);
}

#[test]
fn a_condition_that_this_program_cannot_read_is_said_so() {
    let when = json!({"field": "event.from_a_newer_program", "op": "eq", "value": "x"});
    let rule = rule("customer.status_changed", Scope::default(), Some(when));
    assert!(matches!(judged(&rule, &[]), Verdict::Unreadable(_)));
}

#[test]
fn all_doors_set_rules_off_and_imports_and_bulk_commands_where_it_was_asked_for() {
    let through = |source: Source, runs_rules: bool| Metadata {
        actor: domain::Actor::System,
        on_behalf_of: None,
        correlation_id: RULE,
        causation_id: None,
        external_cause: None,
        rule: None,
        source,
        runs_rules,
        undoes: false,
        occurred_at: None,
    };
    for source in [Source::Import, Source::Bulk] {
        assert!(!triggers(&through(source, false)), "{source:?}");
        assert!(triggers(&through(source, true)), "{source:?}");
    }
    for source in [Source::Api, Source::Page, Source::Automation, Source::Cli, Source::System] {
        assert!(triggers(&through(source, false)), "{source:?}");
        let undone = Metadata { undoes: true, ..through(source, true) };
        assert!(!triggers(&undone), "{source:?}");
    }
}
