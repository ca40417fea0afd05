use super::*;

#[test]
fn a_status_change_is_one_event_and_must_be_in_the_folders_list() {
    ada().when("customer.change_status", json!({"status": "won", "reason": "signed"})).then([
        Event::StatusChanged {
            from: Some("prospect".to_owned()),
            to: "won".to_owned(),
            reason: Some(known("signed")),
            cause: None,
        },
    ]);
    ada().when("customer.change_status", json!({"status": "prospect"})).then_nothing();
    let refused = ada().when("customer.change_status", json!({"status": "lost"}));
    let refused = refused.then_refused("status_not_in_folder", "/status");
    assert_eq!(refused.allowed, Some(vec!["prospect".to_owned(), "won".to_owned()]));
}

#[test]
fn without_a_folder_no_status_is_right() {
    let created: Created = serde_json::from_value(json!({"type": "other"})).unwrap();
    let nowhere = given::<Customer>([Event::Created(Box::new(created))]);
    let refused = nowhere.when("customer.change_status", json!({"status": "won"}));
    let refused = refused.then_refused("status_not_in_folder", "/status");
    assert_eq!(refused.allowed, Some(vec![]));
}

#[test]
fn moving_sets_the_default_status_only_where_the_present_one_is_not_in_the_list() {
    let moved = Event::FolderMoved { from: Some(LEADS), to: CLIENTS };
    let status = Event::StatusChanged {
        from: Some("prospect".to_owned()),
        to: "won".to_owned(),
        reason: None,
        cause: Some(StatusCause::FolderMove),
    };
    let to = json!({"folder": CLIENTS});
    ada().when("customer.move_folder", to.clone()).then([moved.clone(), status]);
    let won = ada().after("customer.change_status", json!({"status": "won"}));
    won.when("customer.move_folder", to).then([moved]);
    ada().when("customer.move_folder", json!({"folder": LEADS})).then_nothing();
}

#[test]
fn a_folder_that_is_not_in_use_takes_nobody() {
    let to = |folder| ada().when("customer.move_folder", json!({"folder": folder}));
    to(id(7)).then_refused("folder_not_found", "/folder");
    to(CLOSED).then_refused("folder_archived", "/folder");
}

#[test]
fn a_tag_is_one_in_any_case_and_goes_as_it_was_written() {
    ada()
        .when("customer.tag", json!({"tag": " VIP "}))
        .then([Event::Tagged { tag: "VIP".to_owned() }]);
    let vip = || ada().after("customer.tag", json!({"tag": "VIP"}));
    vip().when("customer.tag", json!({"tag": "vip"})).then_nothing();
    vip()
        .when("customer.untag", json!({"tag": "vip"}))
        .then([Event::Untagged { tag: "VIP".to_owned() }]);
    ada().when("customer.untag", json!({"tag": "vip"})).then_nothing();
    ada().when("customer.tag", json!({"tag": " "})).then_refused("invalid_tag", "/tag");
    let long = json!({"tag": "x".repeat(65)});
    ada().when("customer.tag", long).then_refused("invalid_tag", "/tag");
}

#[test]
fn only_members_become_workers() {
    ada()
        .when("customer.assign_worker", json!({"user": ANNA}))
        .then([Event::WorkerAssigned { user: ANNA }]);
    let stranger = json!({"user": id(7)});
    ada().when("customer.assign_worker", stranger).then_refused("member_not_found", "/user");
    let assigned = || ada().after("customer.assign_worker", json!({"user": ANNA}));
    assigned().when("customer.assign_worker", json!({"user": ANNA})).then_nothing();
    assigned()
        .when("customer.unassign_worker", json!({"user": ANNA}))
        .then([Event::WorkerUnassigned { user: ANNA }]);
    assigned().when("customer.unassign_worker", json!({"user": BEN})).then_nothing();
}
