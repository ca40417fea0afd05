use serde_json::json;

use super::*;
use crate::testing::{CLIENTS, CLOSED, Given, LEADS, given, id, repeats_are_harmless};

fn acme() -> Given<Organisation> {
    given::<Organisation>([]).after("organisation.create", json!({"name": "Acme"}))
}

#[test]
fn an_organisation_is_created_once() {
    let create = json!({"name": "Acme"});
    given::<Organisation>([])
        .when("organisation.create", create.clone())
        .then([Event::Created { name: "Acme".to_owned() }]);
    acme().when("organisation.create", create).then_refused("organisation_exists", "");
    let nameless = given::<Organisation>([]).when("organisation.create", json!({"name": ""}));
    nameless.then_refused("invalid_name", "/name");
}

#[test]
fn the_default_folder_is_one_in_use() {
    let set = |folder| json!({"folder": folder});
    acme()
        .when("organisation.set_default_folder", set(LEADS))
        .then([Event::DefaultFolderSet { from: None, to: LEADS }]);
    let leads = || acme().after("organisation.set_default_folder", set(LEADS));
    leads().when("organisation.set_default_folder", set(LEADS)).then_nothing();
    leads()
        .when("organisation.set_default_folder", set(CLIENTS))
        .then([Event::DefaultFolderSet { from: Some(LEADS), to: CLIENTS }]);
    for folder in [CLOSED, id(7)] {
        let refused = acme().when("organisation.set_default_folder", set(folder));
        refused.then_refused("folder_not_found", "/folder");
    }
    let nowhere = given::<Organisation>([]).when("organisation.set_default_folder", set(LEADS));
    nowhere.then_refused("organisation_not_found", "");
}

#[test]
fn the_days_are_those_of_a_known_time_zone() {
    let set = |zone: &str| json!({"time_zone": zone});
    let vienna = "Europe/Vienna".to_owned();
    acme()
        .when("organisation.set_time_zone", set("europe/vienna"))
        .then([Event::TimeZoneSet { from: None, to: vienna }]);
    let refused = acme().when("organisation.set_time_zone", set("Vienna"));
    refused.then_refused("invalid_time_zone", "/time_zone");
    assert_eq!(acme().state.time_zone(), TimeZone::UTC);
    let there = acme().after("organisation.set_time_zone", set("Europe/Vienna")).state;
    assert_eq!(there.time_zone().iana_name(), Some("Europe/Vienna"));
}

#[test]
fn a_repeated_command_changes_nothing() {
    repeats_are_harmless::<Organisation>([
        ("organisation.create", json!({"name": "Acme"})),
        ("organisation.set_default_folder", json!({"folder": LEADS})),
        ("organisation.set_default_folder", json!({"folder": CLIENTS})),
        ("organisation.set_time_zone", json!({"time_zone": "Asia/Tokyo"})),
    ]);
}
