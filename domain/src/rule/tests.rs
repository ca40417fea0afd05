use serde_json::{Value, json};

use super::*;
use crate::condition::Facts;
use crate::stored::definition;
use crate::testing::{
    ANNA, CLOSED, Given, HOOK, OLD_THANKS, THANKS, THANKS_BY_SMS, given, id, repeats_are_harmless,
};
use crate::value::Role;

fn with(path: &str, value: Value) -> Value {
    let mut definition = definition();
    *definition.pointer_mut(path).expect("a field of the definition") = value;
    definition
}

fn rule() -> Given<Rule> {
    given::<Rule>([]).after("rule.create", definition())
}

/// The definition without the step that sends something.
fn quiet() -> Value {
    let mut definition = definition();
    definition["then"].as_array_mut().expect("steps").retain(|step| step["action"] != "send_email");
    definition
}

fn quiet_rule() -> Given<Rule> {
    given::<Rule>([]).after("rule.create", quiet())
}

fn rehearsal(job: u128, rule_version: i64) -> Value {
    json!({"job": id(job), "rule_version": rule_version, "from": "2026-10-01T00:00:00Z",
        "to": "2026-11-01T00:00:00Z", "time": "effective", "counts": {"done": 2, "blocked": 1}})
}

fn create(data: Value) -> crate::testing::When<Rule> {
    given::<Rule>([]).when("rule.create", data)
}

#[test]
fn a_rule_begins_as_a_draft_with_version_1_and_its_whole_definition() {
    let events = create(definition()).events();
    let [Event::Created { rule_version, state, definition: written, .. }] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!((*rule_version, *state), (1, RunState::Draft));
    assert_eq!(serde_json::to_value(written).unwrap(), definition());
    let path = written.path(|_| None);
    let steps: Vec<_> = path.iter().map(|(id, step)| (id.as_str(), step.action())).collect();
    assert_eq!(steps[..2], [("1", "create_task"), ("2", "change_status")]);
    assert_eq!(written.condition().unwrap().leaves().len(), 1);

    let mut active = quiet();
    active["state"] = json!("active");
    let active = given::<Rule>([]).after("rule.create", active);
    assert_eq!(active.state.status, Status::Active);
    rule().when("rule.create", definition()).then_refused("rule_exists", "");
}

#[test]
fn an_email_of_a_rule_says_something_itself_or_by_a_template_in_use() {
    let email = |step: Value| create(with("/then/8", step));
    let by = |template| json!({"action": "send_email", "template": template});
    assert_eq!(email(by(THANKS)).events().len(), 1);
    for template in [OLD_THANKS, THANKS_BY_SMS, id(7)] {
        email(by(template)).then_refused("template_not_found", "/then/8/template");
    }
    let both = json!({"action": "send_email", "template": THANKS, "subject": "Hi"});
    email(both).then_refused("invalid_field", "/then/8/subject");
    email(json!({"action": "send_email", "text": "Hi"}))
        .then_refused("missing_field", "/then/8/subject");
}

#[test]
fn a_rule_calls_a_webhook_that_is_there() {
    let call = |webhook| json!({"action": "call_webhook", "webhook": webhook});
    assert_eq!(create(with("/then/8", call(HOOK))).events().len(), 1);
    let branch = json!({"action": "branch", "when": {}, "then": [], "else": [call(id(7))]});
    create(with("/then/8", branch)).then_refused("webhook_not_found", "/then/8/else/0/webhook");
    let url = json!({"action": "call_webhook", "url": "https://hooks.example.com"});
    create(with("/then/8", url)).then_refused("unknown_field", "/then/8/url");
    let mut active = quiet();
    active["then"] = json!([call(HOOK)]);
    active["state"] = json!("active");
    create(active).then_refused("rehearsal_needed", "");
}

#[test]
fn what_is_wrong_in_a_rule_is_named_at_its_place() {
    let refused = create(with("/trigger/events/1", json!("customer.promoted")))
        .then_refused("unknown_event", "/trigger/events/1");
    let allowed = refused.allowed.unwrap();
    assert!(allowed.contains(&"order.recorded".to_owned()));
    assert!(
        !allowed.iter().any(|name| name.starts_with("rule_run.")),
        "a rule on rules never ends"
    );
    create(with("/trigger/events", json!([]))).then_refused("unknown_event", "/trigger/events");
    create(with("/then", json!([]))).then_refused("invalid_field", "/then");
    let refused = create(with("/then/1", json!({"action": "fly"})))
        .then_refused("invalid_field", "/then/1/action");
    assert_eq!(refused.allowed.map(|allowed| allowed.len()), Some(Step::ACTIONS.len()));
    create(with("/then/0/due_in", json!("2 days")))
        .then_refused("invalid_period", "/then/0/due_in");
    create(with("/then/1", json!({"action": "change_status", "state": "won"})))
        .then_refused("unknown_field", "/then/1/state");
    create(with("/then/3/tag", json!(" "))).then_refused("invalid_tag", "/then/3/tag");
    create(with("/then/6/to", json!("everybody"))).then_refused("invalid_field", "/then/6/to");
    create(with("/then/8/text", json!("Dear {customer.shoe_size}")))
        .then_refused("invalid_placeholder", "/then/8/text");
    create(with("/when/all/0/field", json!("after.mood")))
        .then_refused("invalid_condition", "/when/all/0/field");
    create(with("/when", json!({"not": {"cel": "true"}})))
        .then_refused("cel_not_supported", "/when/not/cel");
    create(with("/limits/runs_per_hour", json!(0)))
        .then_refused("invalid_field", "/limits/runs_per_hour");
    create(with("/scope/tags/0", json!(""))).then_refused("invalid_tag", "/scope/tags/0");
}

#[test]
fn folders_and_members_that_a_rule_names_must_be_there() {
    for folder in [CLOSED, id(7)] {
        create(with("/scope/folders/0", json!(folder)))
            .then_refused("folder_not_found", "/scope/folders/0");
    }
    create(with("/then/2/folder", json!(id(7)))).then_refused("folder_not_found", "/then/2/folder");
    create(with("/then/0/assignee", json!(id(7))))
        .then_refused("member_not_found", "/then/0/assignee");
    create(with("/then/7/to", json!(id(7)))).then_refused("member_not_found", "/then/7/to");
    rule()
        .when("rule.change", with("/then/2/folder", json!(CLOSED)))
        .then_refused("folder_not_found", "/then/2/folder");
}

#[test]
fn another_definition_is_another_version() {
    rule().when("rule.change", definition()).then_nothing();
    let mut changed = quiet();
    changed["name"] = json!("Greet");
    let events = quiet_rule().when("rule.change", changed.clone()).events();
    assert!(matches!(events.as_slice(), [Event::Changed { rule_version: 2, .. }]), "{events:?}");
    changed["state"] = json!("active");
    let events = quiet_rule().when("rule.change", changed).events();
    assert!(
        matches!(
            events.as_slice(),
            [Event::Changed { rule_version: 2, .. }, Event::Activated { rule_version: 2 }]
        ),
        "{events:?}"
    );
}

#[test]
fn a_rule_is_switched_on_and_off_each_once() {
    quiet_rule().when("rule.activate", json!({})).then([Event::Activated { rule_version: 1 }]);
    quiet_rule().when("rule.deactivate", json!({})).then_nothing();
    let active = || quiet_rule().after("rule.activate", json!({}));
    active().when("rule.activate", json!({})).then_nothing();
    active().when("rule.deactivate", json!({})).then([Event::Deactivated { rule_version: 1 }]);
}

#[test]
fn an_archived_rule_stays_as_it_was() {
    rule().when("rule.archive", json!({})).then([Event::Archived {}]);
    let archived = || rule().after("rule.archive", json!({}));
    archived().when("rule.archive", json!({})).then_nothing();
    for command in ["rule.activate", "rule.deactivate"] {
        archived().when(command, json!({})).then_refused("rule_archived", "");
        given::<Rule>([]).when(command, json!({})).then_refused("rule_not_found", "");
    }
    archived().when("rule.change", definition()).then_refused("rule_archived", "");
}

#[test]
fn every_rehearsal_is_recorded_once() {
    let rehearsed = || rule().after("rule.record_rehearsal", rehearsal(1, 1));
    assert_eq!(rehearsed().state.rehearsed, Some((id(1), 1)));
    rehearsed().when("rule.record_rehearsal", rehearsal(1, 1)).then_nothing();
    let events = rehearsed().when("rule.record_rehearsal", rehearsal(2, 1)).events();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(event.sentence(), "rehearsed version 1 of the rule: 3 runs");
    given::<Rule>([])
        .when("rule.record_rehearsal", rehearsal(1, 1))
        .then_refused("rule_not_found", "");
}

#[test]
fn whom_to_notify_is_read_and_written_alike() {
    for (word, target) in [
        ("owner".to_owned(), NotifyTarget::Owner),
        ("workers".to_owned(), NotifyTarget::Workers),
        ("support".to_owned(), NotifyTarget::Role(Role::Support)),
        (ANNA.to_string(), NotifyTarget::User(ANNA)),
    ] {
        assert_eq!(NotifyTarget::try_from(word.clone()), Ok(target));
        assert_eq!(String::from(target), word);
    }
}

#[test]
fn a_scope_narrows_by_folder_type_and_tag() {
    let scope = rule().state.definition.unwrap().scope;
    let mut customer = customer::State {
        folder: Some(crate::testing::LEADS),
        customer_type: crate::value::CustomerType::Person,
        tags: [("vip".to_owned(), "Vip".to_owned())].into(),
        ..Default::default()
    };
    assert!(scope.covers(&customer));
    assert!(Scope::default().covers(&customer::State::default()));
    customer.tags.clear();
    assert!(!scope.covers(&customer));
}

#[test]
fn the_condition_sees_the_event_and_the_customer_before_and_after() {
    let mut data = definition();
    data["when"] = json!({"all": [
        {"field": "event.to", "op": "eq", "value": "won"},
        {"field": "before.status", "op": "ne", "value": "won"},
        {"field": "after.tags", "op": "has", "value": "vip"},
    ]});
    let definition = given::<Rule>([]).after("rule.create", data).state.definition.unwrap();
    let facts = json!({
        "event": {"from": "prospect", "to": "won"},
        "before": {"status": "prospect"}, "after": {"status": "won", "tags": ["VIP"]},
    });
    let outcome = definition.condition().unwrap().matches(&facts, Timestamp::UNIX_EPOCH);
    assert!(outcome.holds, "{outcome:?}");
    assert_eq!(facts.value("after.status"), Some(json!("won")));
}

#[test]
fn a_repeated_command_changes_nothing() {
    let mut renamed = quiet();
    renamed["name"] = json!("Greet");
    let (state, _) = repeats_are_harmless::<Rule>([
        ("rule.create", quiet()),
        ("rule.change", renamed),
        ("rule.activate", json!({})),
        ("rule.deactivate", json!({})),
        ("rule.archive", json!({})),
    ]);
    assert_eq!((state.status, state.version), (Status::Archived, 2));
}

mod versions;
