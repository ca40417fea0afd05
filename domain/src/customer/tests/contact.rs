use super::*;

#[test]
fn the_first_email_becomes_primary_and_a_later_one_only_if_asked() {
    let record =
        |address: &str, primary| EmailRecord { address: known(address), label: None, primary };
    ada()
        .when("customer.add_email", json!({"address": "a@x.example"}))
        .then([Event::EmailAdded(record("a@x.example", true))]);
    let one = || ada().after("customer.add_email", json!({"address": "a@x.example"}));
    one()
        .when("customer.add_email", json!({"address": "b@x.example"}))
        .then([Event::EmailAdded(record("b@x.example", false))]);
    one().when("customer.add_email", json!({"address": "A@X.example"})).then_nothing();

    let two = one().after("customer.add_email", json!({"address": "b@x.example", "primary": true}));
    let primary: Vec<_> = two.state.emails.iter().map(|email| email.primary).collect();
    assert_eq!(primary, [false, true]);
    two.when("customer.add_email", json!({"address": "a@x.example", "primary": true}))
        .then([Event::EmailChanged(record("a@x.example", true))]);
}

#[test]
fn removing_the_primary_email_names_the_next_and_lets_the_address_go() {
    let two = ada()
        .after("customer.add_email", json!({"address": "a@x.example"}))
        .after("customer.add_email", json!({"address": "b@x.example"}));
    let event = Event::EmailRemoved {
        address: known("a@x.example"),
        new_primary: Some(known("b@x.example")),
    };
    assert_eq!(event.claims(), [ClaimChange::release(ClaimKind::Email, "a@x.example")]);
    two.when("customer.remove_email", json!({"address": "A@x.example"})).then([event]);
    ada().when("customer.remove_email", json!({"address": "a@x.example"})).then_nothing();
}

#[test]
fn a_phone_is_known_in_any_writing() {
    let one = || ada().after("customer.add_phone", json!({"number": "+44 20 7946 0958"}));
    one().when("customer.add_phone", json!({"number": "0044 20 79460958"})).then_nothing();
    let event = PhoneRecord {
        number: known("+44 20 7946 0958"),
        e164: Some(known("+442079460958")),
        label: Some(known("desk")),
        primary: true,
    };
    one()
        .when("customer.add_phone", json!({"number": "+442079460958", "label": "desk"}))
        .then([Event::PhoneChanged(event)]);
    one()
        .when("customer.remove_phone", json!({"number": "00442079460958"}))
        .then([Event::PhoneRemoved { number: known("+44 20 7946 0958"), new_primary: None }]);
    one().when("customer.remove_phone", json!({"number": "+49 30 901820"})).then_nothing();
}

#[test]
fn a_national_number_is_read_in_its_country() {
    let data = json!({"number": "030 901820", "country": "DE"});
    let state = ada().after("customer.add_phone", data).state;
    let e164 = state.phones.first().and_then(|phone| phone.e164.clone());
    assert_eq!(e164, Some(known("+4930901820")));
}

#[test]
fn addresses_are_added_changed_and_removed_by_their_id() {
    let one = || ada().after("customer.add_address", json!({"line1": "12 St James's Square"}));
    let added = one().state.addresses;
    assert_eq!(added.len(), 1);
    assert!(added.iter().all(|address| address.primary && address.address_id == id(1000)));

    let same = json!({"address_id": id(1000), "line1": "12 St James's Square"});
    one().when("customer.change_address", same).then_nothing();
    let moved = json!({"address_id": id(1000), "line1": "1 High Street", "city": "Bath"});
    let events = one().when("customer.change_address", moved.clone()).events();
    let [Event::AddressChanged { from: _, to }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(to.address.known().map(ToString::to_string).as_deref(), Some("1 High Street, Bath"));
    assert!(to.primary);
    ada().when("customer.change_address", moved).then_refused("address_not_found", "/address_id");

    let remove = json!({"address_id": id(1000)});
    assert_eq!(one().when("customer.remove_address", remove.clone()).events().len(), 1);
    ada().when("customer.remove_address", remove).then_refused("address_not_found", "/address_id");
}

#[test]
fn an_outside_id_is_changed_and_the_old_one_let_go() {
    let set = |id: &str| json!({"source": "shop", "id": id});
    let one = || ada().after("customer.set_external_id", set("1"));
    let event =
        Event::ExternalIdSet { source: "shop".to_owned(), from: Some(known("1")), to: known("2") };
    assert_eq!(
        event.claims(),
        [
            ClaimChange::release(ClaimKind::ExternalId, "shop\u{0}1"),
            ClaimChange::take(ClaimKind::ExternalId, "shop\u{0}2"),
        ]
    );
    one().when("customer.set_external_id", set("2")).then([event]);
    one().when("customer.set_external_id", set("1")).then_nothing();
    let remove = json!({"source": "shop"});
    one()
        .when("customer.remove_external_id", remove.clone())
        .then([Event::ExternalIdRemoved { source: "shop".to_owned(), id: known("1") }]);
    ada().when("customer.remove_external_id", remove).then_nothing();
}
