use super::*;

fn named(name: &str, state: Option<&str>) -> Value {
    let mut data = with("/name", json!(name));
    if let Some(state) = state {
        data["state"] = json!(state);
    }
    data
}

/// A rule that sends, rehearsed and switched on.
fn active() -> Given<Rule> {
    rule().after("rule.record_rehearsal", rehearsal(1, 1)).after("rule.activate", json!({}))
}

/// The same with a second version beside the first.
fn drafted() -> Given<Rule> {
    active().after("rule.change", named("Greet", Some("draft")))
}

#[test]
fn a_version_that_sends_is_rehearsed_before_it_is_switched_on() {
    const NEEDED: &str = "rehearsal_needed";
    create(named("Welcome", Some("active"))).then_refused(NEEDED, "");
    rule().when("rule.activate", json!({})).then_refused(NEEDED, "");
    rule().when("rule.change", named("Welcome", Some("active"))).then_refused(NEEDED, "");
    let rehearsed = || rule().after("rule.record_rehearsal", rehearsal(1, 1));
    rehearsed().when("rule.activate", json!({})).then([Event::Activated { rule_version: 1 }]);
    rehearsed()
        .when("rule.change", named("Welcome", Some("active")))
        .then([Event::Activated { rule_version: 1 }]);
    // Another version is another rehearsal.
    rehearsed().when("rule.change", named("Greet", Some("active"))).then_refused(NEEDED, "");
    rehearsed()
        .after("rule.change", named("Greet", None))
        .when("rule.activate", json!({}))
        .then_refused(NEEDED, "");
    for state in [None, Some("active")] {
        active().when("rule.change", named("Greet", state)).then_refused(NEEDED, "");
    }
}

#[test]
fn a_step_in_a_branch_sends_as_well() {
    let mail = json!({"action": "send_email", "subject": "Hi", "text": "Hello"});
    let branch = json!({"action": "branch", "when": {}, "then": [{"action": "branch", "when": {},
        "then": [{"action": "add_tag", "tag": "x"}], "else": [mail]}]});
    let mut data = quiet();
    data["then"] = json!([branch]);
    data["state"] = json!("active");
    create(data).then_refused("rehearsal_needed", "");
}

#[test]
fn a_draft_waits_beside_the_version_in_force() {
    let state = drafted().state;
    assert_eq!((state.status, state.version), (Status::Active, 1));
    let (version, definition) = state.latest().unwrap();
    assert_eq!((version, definition.name.as_str()), (2, "Greet"));
    drafted().when("rule.activate", json!({})).then_refused("rehearsal_needed", "");
    drafted().when("rule.change", named("Greet", Some("draft"))).then_nothing();
}

#[test]
fn a_rehearsed_draft_takes_the_place_of_the_version_in_force() {
    let rehearsed = || drafted().after("rule.record_rehearsal", rehearsal(2, 2));
    rehearsed().when("rule.activate", json!({})).then([Event::Activated { rule_version: 2 }]);
    rehearsed()
        .when("rule.change", named("Greet", None))
        .then([Event::Activated { rule_version: 2 }]);
    let state = rehearsed().after("rule.activate", json!({})).state;
    assert_eq!((state.version, &state.draft), (2, &None));
    assert_eq!(state.definition.unwrap().name, "Greet");
    // A rehearsal of the version before that ends later takes nothing back.
    rehearsed()
        .after("rule.record_rehearsal", rehearsal(3, 1))
        .when("rule.activate", json!({}))
        .then([Event::Activated { rule_version: 2 }]);
}

#[test]
fn switched_off_a_rule_goes_on_from_its_last_version() {
    let off = drafted().after("rule.deactivate", json!({}));
    assert_eq!((off.state.status, off.state.version), (Status::Draft, 2));
    off.when("rule.activate", json!({})).then_refused("rehearsal_needed", "");
}

#[test]
fn what_sends_nothing_takes_the_place_of_the_draft_at_once() {
    let events = drafted().when("rule.change", quiet()).events();
    assert!(matches!(events.as_slice(), [Event::Changed { rule_version: 3, .. }]), "{events:?}");
    assert_eq!(drafted().after("rule.change", quiet()).state.draft, None);
}
