use super::*;

fn noted() -> Given<Customer> {
    ada().after("customer.add_note", json!({"text": "Hello", "scope": "sales"}))
}

fn note() -> Value {
    json!({"note_id": id(1000)})
}

#[test]
fn a_note_is_internal_unless_said_otherwise() {
    let event = |scope| Event::NoteAdded { note_id: id(1000), scope, text: known("Hello") };
    ada().when("customer.add_note", json!({"text": "Hello"})).then([event(NoteScope::Internal)]);
    ada()
        .when("customer.add_note", json!({"text": "Hello", "scope": "customer"}))
        .then([event(NoteScope::Customer)]);
    let refused = ada().when("customer.add_note", json!({"text": "Hello", "scope": "all"}));
    let refused = refused.then_refused("invalid_field", "/scope");
    assert_eq!(refused.allowed.map(|allowed| allowed.len()), Some(NoteScope::ALL.len()));
    ada().when("customer.add_note", json!({"text": ""})).then_refused("invalid_text", "/text");
}

#[test]
fn an_edit_keeps_the_text_before_and_the_scope() {
    let edit = |text: &str| json!({"note_id": id(1000), "text": text});
    noted().when("customer.edit_note", edit("Bye")).then([Event::NoteEdited {
        note_id: id(1000),
        scope: NoteScope::Sales,
        from: known("Hello"),
        to: known("Bye"),
    }]);
    noted().when("customer.edit_note", edit("Hello")).then_nothing();
    ada().when("customer.edit_note", edit("x")).then_refused("note_not_found", "/note_id");
}

#[test]
fn a_deleted_note_is_gone_for_everything_but_deleting() {
    noted()
        .when("customer.delete_note", note())
        .then([Event::NoteDeleted { note_id: id(1000), scope: NoteScope::Sales }]);
    let deleted = || noted().after("customer.delete_note", note());
    deleted().when("customer.delete_note", note()).then_nothing();
    deleted().when("customer.pin_note", note()).then_refused("note_not_found", "/note_id");
    ada().when("customer.delete_note", note()).then_refused("note_not_found", "/note_id");
}

#[test]
fn a_note_is_pinned_and_unpinned_once() {
    let (note_id, scope) = (id(1000), NoteScope::Sales);
    noted().when("customer.pin_note", note()).then([Event::NotePinned { note_id, scope }]);
    noted().when("customer.unpin_note", note()).then_nothing();
    let pinned = || noted().after("customer.pin_note", note());
    pinned().when("customer.pin_note", note()).then_nothing();
    pinned().when("customer.unpin_note", note()).then([Event::NoteUnpinned { note_id, scope }]);
    ada().when("customer.unpin_note", note()).then_refused("note_not_found", "/note_id");
}

#[test]
fn all_nine_kinds_of_interactions_can_be_logged_and_nothing_else() {
    for kind in InteractionType::ALL.iter().copied() {
        ada().when("customer.log_interaction", json!({"type": kind, "note": "x"})).then([
            Event::InteractionLogged {
                interaction_id: id(1000),
                interaction_type: kind,
                note: Some(known("x")),
            },
        ]);
    }
    let refused = ada().when("customer.log_interaction", json!({"type": "fax"}));
    refused.then_refused("invalid_field", "/type");
}

#[test]
fn the_policy_is_told_the_scope_of_the_note_that_a_command_touches() {
    let state = noted().state;
    let scope = |name, data| {
        let command = crate::testing::ask::<Customer>(name, data, &state, 1000);
        command.expect("a valid command").note_scope(&state)
    };
    assert_eq!(scope("customer.pin_note", note()), Some(NoteScope::Sales));
    let edit = json!({"note_id": id(1000), "text": "x"});
    assert_eq!(scope("customer.edit_note", edit), Some(NoteScope::Sales));
    let add = json!({"text": "x", "scope": "finance"});
    assert_eq!(scope("customer.add_note", add), Some(NoteScope::Finance));
    assert_eq!(scope("customer.delete_note", json!({"note_id": id(7)})), None);
    assert_eq!(scope("customer.tag", json!({"tag": "x"})), None);
}
