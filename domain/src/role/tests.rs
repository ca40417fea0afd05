use serde_json::json;

use super::*;
use crate::testing::{given, repeats_are_harmless};

#[test]
fn what_a_role_gives_is_changed_and_reset() {
    let changed = given::<Role>([])
        .after("role.change_note_scopes", json!({"role": "viewer", "note_scopes": ["internal"]}));
    let rights = changed.state.rights(value::Role::Viewer);
    assert_eq!(rights.note_scopes, [NoteScope::Internal].into());
    assert_eq!(rights.permissions, RoleRights::default_of(value::Role::Viewer).permissions);
    changed
        .when("role.reset", json!({"role": "viewer"}))
        .then([Event::Reset { role: value::Role::Viewer }]);
    given::<Role>([]).when("role.reset", json!({"role": "viewer"})).then_nothing();
}

#[test]
fn risk_and_money_are_given_to_senior_roles_only() {
    for permission in ["risk.read", "risk.write", "insight.read", "finance.read", "finance.write"] {
        let data = json!({"role": "sales", "permissions": ["customer.read", permission]});
        given::<Role>([])
            .when("role.change_permissions", data)
            .then_refused("role_not_senior", "/permissions");
    }
    for group in ["risk", "financial", "insight"] {
        let to = |role: &str| json!({"role": role, "field_groups": [group]});
        given::<Role>([])
            .when("role.change_field_groups", to("field"))
            .then_refused("role_not_senior", "/field_groups");
        assert_eq!(
            given::<Role>([]).when("role.change_field_groups", to("support")).events().len(),
            1
        );
    }
}

#[test]
fn what_the_service_does_is_in_no_role() {
    let data = json!({"role": "manager", "permissions": ["rule_run.record"]});
    given::<Role>([])
        .when("role.change_permissions", data)
        .then_refused("invalid_field", "/permissions");
}

#[test]
fn owner_and_admin_are_fixed() {
    for role in ["owner", "admin"] {
        let data = json!({"role": role, "permissions": []});
        given::<Role>([]).when("role.change_permissions", data).then_refused("role_fixed", "");
    }
}

#[test]
fn a_repeated_command_changes_nothing() {
    repeats_are_harmless::<Role>([
        ("role.change_permissions", json!({"role": "viewer", "permissions": ["customer.read"]})),
        ("role.change_field_groups", json!({"role": "viewer", "field_groups": ["basic"]})),
        ("role.change_note_scopes", json!({"role": "viewer", "note_scopes": ["internal"]})),
        ("role.reset", json!({"role": "viewer"})),
    ]);
}
