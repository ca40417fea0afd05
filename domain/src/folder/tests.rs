use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::testing::{CLIENTS, CLOSED, Given, given, id, repeats_are_harmless};

fn leads() -> Given<Folder> {
    let data = json!({"name": "Leads", "statuses": ["prospect", "won"]});
    given::<Folder>([]).after("folder.create", data)
}

#[test]
fn a_folder_begins_with_its_statuses_and_the_first_is_the_default() {
    let data = json!({"name": " Leads ", "parent": CLIENTS, "statuses": ["prospect", "won"]});
    let event = Event::Created {
        name: "Leads".to_owned(),
        parent: Some(CLIENTS),
        statuses: vec!["prospect".to_owned(), "won".to_owned()],
        default_status: "prospect".to_owned(),
    };
    assert_eq!(event.claims(), [ClaimChange::take(ClaimKind::FolderName, "leads")]);
    given::<Folder>([]).when("folder.create", data).then([event]);
    let again = json!({"name": "Leads", "statuses": ["prospect"]});
    leads().when("folder.create", again).then_refused("folder_exists", "");
}

#[test]
fn a_list_of_statuses_has_at_least_one_each_once_and_the_default_among_them() {
    let create = |statuses: serde_json::Value, default: Option<&str>| {
        let data = json!({"name": "L", "statuses": statuses, "default_status": default});
        given::<Folder>([]).when("folder.create", data)
    };
    create(json!([]), None).then_refused("invalid_statuses", "/statuses");
    create(json!(["a", "b", "a"]), None).then_refused("invalid_statuses", "/statuses/2");
    create(json!(["Won"]), None).then_refused("invalid_status", "/statuses/0");
    let refused = create(json!(["a", "b"]), Some("c"));
    let refused = refused.then_refused("invalid_statuses", "/default_status");
    assert_eq!(refused.allowed, Some(vec!["a".to_owned(), "b".to_owned()]));
}

#[test]
fn a_parent_must_be_in_use() {
    for parent in [id(7), CLOSED] {
        let data = json!({"name": "L", "statuses": ["a"], "parent": parent});
        let when = given::<Folder>([]).when("folder.create", data);
        when.then_refused("parent_not_found", "/parent");
    }
}

#[test]
fn renaming_moves_the_claim_unless_only_the_case_changes() {
    let renamed = |to: &str| Event::Renamed { from: "Leads".to_owned(), to: to.to_owned() };
    leads().when("folder.rename", json!({"name": "Prospects"})).then([renamed("Prospects")]);
    assert_eq!(
        renamed("Prospects").claims(),
        [
            ClaimChange::release(ClaimKind::FolderName, "leads"),
            ClaimChange::take(ClaimKind::FolderName, "prospects"),
        ]
    );
    assert!(renamed("LEADS").claims().is_empty());
    leads().when("folder.rename", json!({"name": "Leads"})).then_nothing();
}

#[test]
fn the_list_is_replaced_as_a_whole() {
    leads().when("folder.change_statuses", json!({"statuses": ["won"]})).then([
        Event::StatusesChanged {
            from: vec!["prospect".to_owned(), "won".to_owned()],
            to: vec!["won".to_owned()],
            default_status: "won".to_owned(),
        },
    ]);
    let same = json!({"statuses": ["prospect", "won"], "default_status": "prospect"});
    leads().when("folder.change_statuses", same).then_nothing();
    let empty = json!({"statuses": []});
    leads().when("folder.change_statuses", empty).then_refused("invalid_statuses", "/statuses");
}

#[test]
fn an_archived_folder_gives_its_name_free_and_takes_no_more_changes() {
    let event = Event::Archived { name: "Leads".to_owned() };
    assert_eq!(event.claims(), [ClaimChange::release(ClaimKind::FolderName, "leads")]);
    leads().when("folder.archive", json!({})).then([event]);
    let archived = || leads().after("folder.archive", json!({}));
    archived().when("folder.archive", json!({})).then_nothing();
    archived().when("folder.rename", json!({"name": "X"})).then_refused("folder_archived", "");
    let list = json!({"statuses": ["x"]});
    archived().when("folder.change_statuses", list).then_refused("folder_archived", "");
    let nowhere = given::<Folder>([]).when("folder.archive", json!({}));
    nowhere.then_refused("folder_not_found", "");
}

proptest! {
    #[test]
    fn a_repeated_command_changes_nothing(steps in prop::collection::vec((0..5, "[ab]{1,2}"), 1..12)) {
        let commands = steps.into_iter().map(|(kind, word)| match kind {
            0 | 1 => ("folder.create", json!({"name": word, "statuses": [word, "z"]})),
            2 => ("folder.rename", json!({"name": word})),
            3 => ("folder.change_statuses", json!({"statuses": ["z", word]})),
            _ => ("folder.archive", json!({})),
        });
        let (state, events) = repeats_are_harmless::<Folder>(commands);
        let held: i32 = events.iter().flat_map(Event::claims).map(|c| if c.take { 1 } else { -1 }).sum();
        prop_assert_eq!(held, i32::from(state.exists && !state.archived));
        prop_assert!(!state.exists || state.statuses.contains(&state.default_status));
    }
}
