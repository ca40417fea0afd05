use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::personal::Personal::Known;
use crate::testing::{ADA, ANNA, ARCHIVED, BEN, ERASED, Given, given, id, repeats_are_harmless};

fn known(text: &str) -> Personal<String> {
    Known(text.to_owned())
}

fn task() -> Given<Task> {
    given::<Task>([]).after("task.add", json!({"customer": ADA, "title": "Call"}))
}

#[test]
fn a_task_is_added_for_a_customer_with_a_day_and_somebody_to_do_it() {
    let data = json!({"customer": ADA, "title": "Call", "due_on": "2026-11-23", "assignee": ANNA});
    let event = Event::Added {
        customer: Some(ADA),
        title: known("Call"),
        due_on: "2026-11-23".parse().ok(),
        assignee: Some(ANNA),
        note: None,
    };
    assert_eq!((event.customer_id(id(1)), event.key_id(id(1))), (Some(ADA), Some(ADA)));
    assert_eq!(event.sentence(), "added the task \"Call\", due on 2026-11-23");
    given::<Task>([]).when("task.add", data).then([event]);
}

#[test]
fn a_task_without_a_customer_has_a_key_of_its_own() {
    let events = given::<Task>([]).when("task.add", json!({"title": "Water the plants"})).events();
    assert_eq!(
        events.iter().map(|e| (e.customer_id(id(1)), e.key_id(id(1)))).collect::<Vec<_>>(),
        [(None, Some(id(1)))]
    );
}

#[test]
fn a_task_is_for_a_customer_who_is_there_and_for_a_member() {
    let add = |customer, assignee| {
        let data = json!({"customer": customer, "title": "Call", "assignee": assignee});
        given::<Task>([]).when("task.add", data)
    };
    add(id(7), ANNA).then_refused("customer_not_found", "/customer");
    add(ARCHIVED, ANNA).then_refused("customer_archived", "/customer");
    add(ERASED, ANNA).then_refused("customer_erased", "/customer");
    add(ADA, id(7)).then_refused("member_not_found", "/assignee");
    let data = json!({"title": "Call", "due_on": "soon"});
    given::<Task>([]).when("task.add", data).then_refused("invalid_field", "/due_on");
    given::<Task>([]).when("task.add", json!({})).then_refused("missing_field", "/title");
    task().when("task.add", json!({"title": "Call"})).then_refused("task_exists", "");
}

#[test]
fn an_edit_changes_what_is_said_and_null_takes_it_away() {
    let due = || task().after("task.edit", json!({"due_on": "2026-11-23", "assignee": ANNA}));
    let content = |title: &str, due_on: Option<&str>, assignee| Content {
        title: known(title),
        due_on: due_on.and_then(|due| due.parse().ok()),
        assignee,
        note: None,
    };
    due().when("task.edit", json!({"title": "Write", "due_on": null})).then([Event::Edited {
        customer: Some(ADA),
        from: content("Call", Some("2026-11-23"), Some(ANNA)),
        to: content("Write", None, Some(ANNA)),
    }]);
    due().when("task.edit", json!({"title": "Call", "assignee": ANNA})).then_nothing();
    due()
        .when("task.edit", json!({"assignee": id(7)}))
        .then_refused("member_not_found", "/assignee");
    assert_eq!(due().when("task.edit", json!({"assignee": BEN})).events().len(), 1);
}

#[test]
fn a_task_is_done_and_opened_again_each_once() {
    let (customer, title) = (Some(ADA), known("Call"));
    task()
        .when("task.complete", json!({}))
        .then([Event::Completed { customer, title: title.clone() }]);
    task().when("task.reopen", json!({})).then_nothing();
    let done = || task().after("task.complete", json!({}));
    done().when("task.complete", json!({})).then_nothing();
    done().when("task.reopen", json!({})).then([Event::Reopened { customer, title }]);
}

#[test]
fn a_deleted_task_is_gone() {
    let title = known("Call");
    task().when("task.delete", json!({})).then([Event::Deleted { customer: Some(ADA), title }]);
    let deleted = || task().after("task.delete", json!({}));
    deleted().when("task.delete", json!({})).then_nothing();
    for command in ["task.complete", "task.reopen", "task.edit"] {
        deleted().when(command, json!({})).then_refused("task_deleted", "");
        given::<Task>([]).when(command, json!({})).then_refused("task_not_found", "");
    }
}

proptest! {
    #[test]
    fn a_repeated_command_changes_nothing(steps in prop::collection::vec((0..7, "[ab]{1,2}"), 1..12)) {
        let commands = steps.into_iter().map(|(kind, word)| match kind {
            0 => ("task.add", json!({"title": word, "customer": ADA})),
            1 => ("task.edit", json!({"title": word})),
            2 => ("task.edit", json!({"assignee": if word.len() == 1 { Some(ANNA) } else { None }})),
            3 | 4 => ("task.complete", json!({})),
            5 => ("task.reopen", json!({})),
            _ => ("task.delete", json!({})),
        });
        repeats_are_harmless::<Task>(commands);
    }
}
