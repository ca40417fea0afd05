use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::testing::{ANNA, BEN, Given, given, id, repeats_are_harmless};

fn north() -> Given<Team> {
    given::<Team>([]).after("team.create", json!({"name": "North"}))
}

#[test]
fn a_team_begins_with_a_name_that_is_its_own() {
    let event = Event::Created { name: "North".to_owned() };
    assert_eq!(event.claims(), [ClaimChange::take(ClaimKind::TeamName, "north")]);
    given::<Team>([]).when("team.create", json!({"name": " North "})).then([event]);
    north().when("team.create", json!({"name": "North"})).then_refused("team_exists", "");
    let nameless = given::<Team>([]).when("team.create", json!({"name": " "}));
    nameless.then_refused("invalid_name", "/name");
}

#[test]
fn renaming_moves_the_claim_unless_only_the_case_changes() {
    let renamed = |to: &str| Event::Renamed { from: "North".to_owned(), to: to.to_owned() };
    north().when("team.rename", json!({"name": "South"})).then([renamed("South")]);
    assert_eq!(
        renamed("South").claims(),
        [
            ClaimChange::release(ClaimKind::TeamName, "north"),
            ClaimChange::take(ClaimKind::TeamName, "south"),
        ]
    );
    assert!(renamed("NORTH").claims().is_empty());
    north().when("team.rename", json!({"name": "North"})).then_nothing();
}

#[test]
fn only_members_of_the_organisation_come_into_a_team() {
    let anna = json!({"user": ANNA});
    north().when("team.add_member", anna.clone()).then([Event::MemberAdded { user: ANNA }]);
    let stranger = north().when("team.add_member", json!({"user": id(5)}));
    stranger.then_refused("member_not_found", "/user");
    let with_anna = || north().after("team.add_member", anna.clone());
    with_anna().when("team.add_member", anna.clone()).then_nothing();
    with_anna()
        .when("team.remove_member", anna.clone())
        .then([Event::MemberRemoved { user: ANNA }]);
    with_anna().when("team.remove_member", json!({"user": BEN})).then_nothing();
}

#[test]
fn an_archived_team_gives_its_name_free_and_takes_no_more_changes() {
    let event = Event::Archived { name: "North".to_owned() };
    assert_eq!(event.claims(), [ClaimChange::release(ClaimKind::TeamName, "north")]);
    north().when("team.archive", json!({})).then([event]);
    let archived = || north().after("team.archive", json!({}));
    archived().when("team.archive", json!({})).then_nothing();
    archived().when("team.rename", json!({"name": "X"})).then_refused("team_archived", "");
    archived().when("team.add_member", json!({"user": ANNA})).then_refused("team_archived", "");
    let nowhere = given::<Team>([]).when("team.archive", json!({}));
    nowhere.then_refused("team_not_found", "");
}

proptest! {
    #[test]
    fn a_repeated_command_changes_nothing(steps in prop::collection::vec((0..6, "[ab]{1,2}"), 1..12)) {
        let commands = steps.into_iter().map(|(kind, word)| match kind {
            0 | 1 => ("team.create", json!({"name": word})),
            2 => ("team.rename", json!({"name": word})),
            3 => ("team.add_member", json!({"user": if word.len() == 1 { ANNA } else { BEN }})),
            4 => ("team.remove_member", json!({"user": ANNA})),
            _ => ("team.archive", json!({})),
        });
        let (state, events) = repeats_are_harmless::<Team>(commands);
        let held: i32 = events.iter().flat_map(Event::claims).map(|c| if c.take { 1 } else { -1 }).sum();
        prop_assert_eq!(held, i32::from(state.exists && !state.archived));
    }
}
