use super::*;

#[test]
fn nothing_can_be_asked_of_a_customer_who_is_not_there() {
    let when = given::<Customer>([]).when("customer.tag", json!({"tag": "VIP"}));
    when.then_refused("customer_not_found", "");
}

#[test]
fn an_archived_customer_can_only_be_restored_or_erased() {
    ada().when("customer.archive", json!({})).then([Event::Archived {}]);
    let archived = || ada().after("customer.archive", json!({}));
    archived().when("customer.tag", json!({"tag": "V"})).then_refused("customer_archived", "");
    archived().when("customer.archive", json!({})).then_nothing();
    archived().when("customer.restore", json!({})).then([Event::Restored {}]);
    ada().when("customer.restore", json!({})).then_nothing();
    let erase = json!({"confirm": "erase"});
    assert_eq!(archived().when("customer.erase", erase).events().len(), 1);
}

#[test]
fn what_was_archived_more_than_thirty_days_ago_stays_so() {
    let archived = ada().after("customer.archive", json!({})).state;
    let restore = |hours| {
        let archived_for = Some(SignedDuration::from_hours(hours));
        Customer::decide(&archived, Command::Restore(Restore { archived_for }))
    };
    assert_eq!(restore(24 * 30), Ok(vec![Event::Restored {}]));
    assert_eq!(restore(24 * 30 + 1), Err(Error::RestoreTooLate));
}

#[test]
fn archiving_keeps_what_was_claimed() {
    assert!(Event::Archived {}.claims().is_empty());
}

#[test]
fn erasing_wants_its_word_and_lets_go_of_everything() {
    let refused = ada().when("customer.erase", json!({"confirm": "yes"}));
    let refused = refused.then_refused("confirmation_required", "/confirm");
    assert_eq!(refused.allowed, Some(vec!["erase".to_owned()]));
    ada().when("customer.erase", json!({})).then_refused("confirmation_required", "/confirm");

    let reachable = ada()
        .after("customer.add_email", json!({"address": "Ada@example.com"}))
        .after("customer.set_external_id", json!({"source": "shop", "id": "1"}));
    let events = reachable.when("customer.erase", json!({"confirm": "erase"})).events();
    let claims: Vec<_> = events.iter().flat_map(Event::claims).collect();
    assert_eq!(
        claims,
        [
            ClaimChange::release(ClaimKind::Email, "ada@example.com"),
            ClaimChange::release(ClaimKind::ExternalId, "shop\u{0}1"),
        ]
    );
}

#[test]
fn after_an_erasure_nothing_is_left_and_nothing_can_be_asked() {
    let erased = || ada().after("customer.erase", json!({"confirm": "erase"}));
    assert_eq!(erased().state, State { presence: Presence::Erased, ..State::default() });
    erased().when("customer.restore", json!({})).then_refused("customer_erased", "");
    let data = json!({"type": "person", "last_name": "B"});
    erased().when("customer.create", data).then_refused("customer_erased", "");
    assert_eq!(Error::Erased.kind(), RefusalKind::Gone);
}
