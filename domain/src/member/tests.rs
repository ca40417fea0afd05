use serde_json::json;

use super::*;
use crate::testing::{ANNA, Given, LEADS, TEAM, given, repeats_are_harmless};

fn anna() -> Given<Member> {
    given::<Member>([]).after("member.add", json!({"user": ANNA, "roles": ["sales"]}))
}

#[test]
fn a_member_has_at_least_one_known_role() {
    let add = |roles: &[&str]| {
        given::<Member>([]).when("member.add", json!({"user": ANNA, "roles": roles}))
    };
    add(&["sales", "sales"]).then([Event::Added { user: ANNA, roles: [Role::Sales].into() }]);
    add(&[]).then_refused("invalid_field", "/roles");
    let refused = add(&["king"]).then_refused("invalid_field", "/roles/0");
    assert_eq!(refused.allowed.map(|allowed| allowed.len()), Some(Role::ALL.len()));
    anna()
        .when("member.change_roles", json!({"roles": []}))
        .then_refused("invalid_field", "/roles");
}

#[test]
fn roles_are_changed_as_a_whole() {
    anna()
        .when("member.change_roles", json!({"roles": ["owner"]}))
        .then([Event::RolesChanged { from: [Role::Sales].into(), to: [Role::Owner].into() }]);
    anna().when("member.change_roles", json!({"roles": ["sales"]})).then_nothing();
    let again = json!({"user": ANNA, "roles": ["sales"]});
    anna().when("member.add", again).then_nothing();
    let other = json!({"user": ANNA, "roles": ["owner"]});
    anna().when("member.add", other).then_refused("member_exists", "");
}

#[test]
fn whoever_was_removed_can_come_back() {
    anna().when("member.remove", json!({})).then([Event::Removed {}]);
    let removed = || anna().after("member.remove", json!({}));
    removed().when("member.remove", json!({})).then_refused("member_not_found", "");
    let roles = json!({"roles": ["owner"]});
    removed().when("member.change_roles", roles).then_refused("member_not_found", "");
    let back = json!({"user": ANNA, "roles": ["viewer"]});
    assert_eq!(removed().when("member.add", back).events().len(), 1);
}

#[test]
fn a_member_is_blocked_and_let_in_again_each_once() {
    anna().when("member.block", json!({})).then([Event::Blocked {}]);
    anna().when("member.unblock", json!({})).then_nothing();
    let blocked = || anna().after("member.block", json!({}));
    blocked().when("member.block", json!({})).then_nothing();
    blocked().when("member.unblock", json!({})).then([Event::Unblocked {}]);
    let owner =
        || given::<Member>([]).after("member.add", json!({"user": ANNA, "roles": ["owner"]}));
    owner().when("member.block", json!({})).then_refused("last_owner", "");
    for command in ["member.block", "member.unblock"] {
        given::<Member>([]).when(command, json!({})).then_refused("member_not_found", "");
    }
}

#[test]
fn a_repeated_command_changes_nothing() {
    repeats_are_harmless::<Member>([
        ("member.add", json!({"user": ANNA, "roles": ["sales"]})),
        ("member.change_roles", json!({"roles": ["owner", "admin"]})),
        ("member.block", json!({})),
        ("member.unblock", json!({})),
        ("member.remove", json!({})),
    ]);
}

#[test]
fn a_reach_names_folders_that_are_there_and_write_follows_read() {
    let extent = |folder: Uuid| json!({"folders": [folder]});
    let to = Extent { folders: [LEADS].into(), ..Extent::default() };
    let reach = Reach { read: to.clone(), write: to };
    anna()
        .when("member.set_reach", json!({"read": extent(LEADS)}))
        .then([Event::ReachSet { from: Box::default(), to: Box::new(reach) }]);
    anna()
        .when("member.set_reach", json!({"read": {}, "write": extent(ANNA)}))
        .then_refused("folder_not_found", "/write/folders");
    anna()
        .when("member.set_reach", json!({"read": {"teams": [LEADS]}}))
        .then_refused("team_not_found", "/read/teams");
    let team = json!({"read": {"teams": [TEAM]}});
    assert_eq!(anna().when("member.set_reach", team).events().len(), 1);
    anna().when("member.set_reach", json!({"read": {"all": true}})).then_nothing();
}

#[test]
fn the_last_owner_stays_one() {
    let owner =
        || given::<Member>([]).after("member.add", json!({"user": ANNA, "roles": ["owner"]}));
    let roles = json!({"roles": ["sales"]});
    owner().when("member.change_roles", roles).then_refused("last_owner", "");
    owner().when("member.remove", json!({})).then_refused("last_owner", "");
    let more = json!({"roles": ["owner", "sales"]});
    assert_eq!(owner().when("member.change_roles", more).events().len(), 1);
    let remove = Command::Remove(Remove { other_owner: true });
    assert_eq!(Member::decide(&owner().state, remove), Ok(vec![Event::Removed {}]));
}
