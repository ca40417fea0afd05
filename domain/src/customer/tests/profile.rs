use super::*;

#[test]
fn a_customer_begins_with_its_whole_profile() {
    let data = json!({
        "type": "company", "company_name": " Acme ", "last_name": null,
        "emails": ["Info@Acme.example", {"address": "sales@acme.example", "label": "sales"},
            "info@acme.example"],
        "phones": ["030 901820", {"number": "+49 30 901821", "primary": true}],
        "addresses": [{"line1": "Platz 1", "city": "Berlin", "country": "de"}],
        "folder": CLIENTS, "status": "lost", "tags": ["VIP", "vip", "New"],
        "external_ids": {"shop": "17850"}, "source": "fair",
    });
    let email = |address: &str, label: Option<&str>, primary| EmailRecord {
        address: known(address),
        label: label.map(known),
        primary,
    };
    let phone = |number: &str, e164: &str, primary| PhoneRecord {
        number: known(number),
        e164: Some(known(e164)),
        label: None,
        primary,
    };
    let address = crate::value::Address {
        line1: "Platz 1".to_owned(),
        city: Some("Berlin".to_owned()),
        country: Some("DE".to_owned()),
        ..Default::default()
    };
    let created = Created {
        customer_type: CustomerType::Company,
        first_name: None,
        last_name: None,
        company_name: Some(known("Acme")),
        emails: vec![
            email("Info@Acme.example", None, true),
            email("sales@acme.example", Some("sales"), false),
        ],
        phones: vec![
            phone("030 901820", "+4930901820", false),
            phone("+49 30 901821", "+4930901821", true),
        ],
        addresses: vec![AddressRecord {
            address_id: id(1001),
            address: Known(address),
            label: None,
            primary: true,
        }],
        folder: Some(CLIENTS),
        status: Some("lost".to_owned()),
        tags: vec!["VIP".to_owned(), "New".to_owned()],
        external_ids: [("shop".to_owned(), known("17850"))].into(),
        source: Some(known("fair")),
        workers: [].into(),
    };
    let event = Event::Created(Box::new(created));
    assert_eq!(
        event.claims(),
        [
            ClaimChange::take(ClaimKind::Email, "info@acme.example"),
            ClaimChange::take(ClaimKind::Email, "sales@acme.example"),
            ClaimChange::take(ClaimKind::ExternalId, "shop\u{0}17850"),
        ]
    );
    given::<Customer>([]).when("customer.create", data).then([event]);
}

#[test]
fn without_a_folder_a_customer_begins_in_the_default_one_with_its_default_status() {
    let state = ada().state;
    assert_eq!((state.folder, state.status.as_deref()), (Some(LEADS), Some("prospect")));
}

#[test]
fn each_type_needs_its_names() {
    for (customer_type, pointer) in
        [("person", "/last_name"), ("company", "/company_name"), ("supplier", "/company_name")]
    {
        let data = json!({"type": customer_type});
        let when = given::<Customer>([]).when("customer.create", data);
        when.then_refused("name_required", pointer);
    }
    let data = json!({"type": "person", "company_name": "Acme"});
    let when = given::<Customer>([]).when("customer.create", data);
    when.then_refused("name_required", "/last_name");
    let data = json!({"type": "other", "company_name": "Acme"});
    assert_eq!(given::<Customer>([]).when("customer.create", data).events().len(), 1);
}

#[test]
fn a_folder_that_is_not_in_use_and_a_status_that_it_lacks_are_refused() {
    let create = |folder, status: Option<&str>| {
        let data = json!({"type": "person", "last_name": "B", "folder": folder, "status": status});
        given::<Customer>([]).when("customer.create", data)
    };
    create(id(7), None).then_refused("folder_not_found", "/folder");
    create(CLOSED, None).then_refused("folder_archived", "/folder");
    let refused = create(LEADS, Some("lost")).then_refused("status_not_in_folder", "/status");
    assert_eq!(refused.allowed, Some(vec!["prospect".to_owned(), "won".to_owned()]));
}

#[test]
fn a_customer_is_created_once() {
    let data = json!({"type": "person", "last_name": "Byron"});
    ada().when("customer.create", data).then_refused("customer_exists", "");
}

#[test]
fn renaming_changes_what_is_said_and_null_takes_a_name_away() {
    let names = |first: Option<&str>, last: Option<&str>| Names {
        first_name: first.map(known),
        last_name: last.map(known),
        company_name: None,
    };
    ada().when("customer.rename", json!({"last_name": "Lovelace", "first_name": null})).then([
        Event::Renamed {
            from: names(Some("Ada"), Some("Byron")),
            to: names(None, Some("Lovelace")),
        },
    ]);
    ada().when("customer.rename", json!({"last_name": "Byron"})).then_nothing();
    let nameless = json!({"last_name": null, "first_name": null});
    ada().when("customer.rename", nameless).then_refused("name_required", "/last_name");
}

#[test]
fn a_type_is_changed_together_with_the_names_that_it_needs() {
    let change = |data| ada().when("customer.change_type", data);
    change(json!({"type": "company"})).then_refused("name_required", "/company_name");
    let events = change(json!({"type": "company", "company_name": "Acme"})).events();
    assert_eq!(events.len(), 2);
    assert_eq!(
        events.last(),
        Some(&Event::TypeChanged { from: CustomerType::Person, to: CustomerType::Company })
    );
    change(json!({"type": "person"})).then_nothing();
}

#[test]
fn dormant_and_back() {
    ada()
        .when("customer.mark_dormant", json!({"reason": "moved abroad"}))
        .then([Event::MarkedDormant { reason: Some(known("moved abroad")) }]);
    let dormant = || ada().after("customer.mark_dormant", json!({}));
    dormant().when("customer.mark_dormant", json!({"reason": "x"})).then_nothing();
    dormant().when("customer.reactivate", json!({})).then([Event::Reactivated {}]);
    ada().when("customer.reactivate", json!({})).then_nothing();
}

#[test]
fn members_are_assigned_from_the_start() {
    let create = |worker: uuid::Uuid| {
        let data = json!({"type": "person", "last_name": "Byron", "workers": [worker]});
        given::<Customer>([]).when("customer.create", data)
    };
    let events = create(ANNA).events();
    assert!(matches!(&events[..], [Event::Created(created)] if created.workers == [ANNA].into()));
    create(LEADS).then_refused("member_not_found", "/workers");
}
