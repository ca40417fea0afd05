use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::access::FieldGroup;

fn now() -> Timestamp {
    "2026-11-21T16:00:00Z".parse().unwrap()
}

fn parse(tree: Value) -> Result<Condition, Invalid> {
    Condition::parse(&tree, catalogue_customer())
}

fn holds(tree: Value, facts: &Value) -> bool {
    parse(tree.clone())
        .unwrap_or_else(|invalid| panic!("{tree}: {invalid:?}"))
        .matches(facts, now())
        .holds
}

fn leaf(field: &str, op: &str, value: Value) -> Value {
    json!({"field": field, "op": op, "value": value})
}

/// Refused at this place.
fn refused(tree: Value, pointer: &str) -> Invalid {
    let invalid = parse(tree.clone()).expect_err("the condition is invalid");
    assert_eq!((invalid.pointer.as_str(), invalid.code), (pointer, "invalid_condition"), "{tree}");
    invalid
}

#[test]
fn leaves_compare_as_their_fields_kind_does() {
    let facts = json!({
        "display_name": "José Müller", "status": "won", "tags": ["VIP", "Nice"],
        "folder": "00000000-0000-0000-0000-000000000064", "flagged": true,
        "created_at": "2026-11-20T16:00:00.000001Z", "order_count": 12,
        "gross": [{"amount": "10.50", "currency": "EUR"}, {"amount": "99", "currency": "USD"}],
        "emails": ["jose@example.com"], "city": ["Berlin", "Bonn"],
        "external_id": {"shop": "17850"},
    });
    let eur = |amount: &str| json!({"amount": amount, "currency": "EUR"});
    for (field, op, value, expected) in [
        ("display_name", "eq", json!("josé MÜLLER"), true),
        ("display_name", "eq", json!("jose muller"), false),
        ("display_name", "starts", json!("jos"), true),
        ("display_name", "contains", json!("MÜL"), true),
        ("display_name", "contains", json!("mul"), false),
        ("status", "in", json!(["lost", "won"]), true),
        ("status", "nin", json!(["lost", "won"]), false),
        ("status", "ne", json!("lost"), true),
        ("tags", "has", json!("vip"), true),
        ("tags", "has_any", json!(["x", "nice"]), true),
        ("tags", "has_all", json!(["vip", "nice"]), true),
        ("tags", "has_all", json!(["vip", "x"]), false),
        ("folder", "eq", json!("00000000-0000-0000-0000-000000000064"), true),
        ("flagged", "eq", json!(true), true),
        ("flagged", "ne", json!(true), false),
        ("order_count", "gte", json!(12), true),
        ("order_count", "between", json!(["12", 13]), true),
        ("order_count", "gt", json!("12.0"), false),
        ("created_at", "within_last", json!("P1D"), true),
        ("created_at", "within_last", json!("PT23H"), false),
        ("created_at", "before", json!("2026-11-20"), false),
        ("created_at", "after", json!("2026-11-20"), true),
        ("created_at", "eq", json!("2026-11-20T17:00:00.000001+01:00"), true),
        ("gross", "gt", eur("10"), true),
        ("gross", "gt", eur("50"), false),
        ("gross.amount", "gt", json!("50"), true),
        ("gross.currency", "eq", json!("usd"), true),
        ("emails", "eq", json!("Jose@Example.com"), true),
        ("city", "ne", json!("Bonn"), false),
        ("city", "ne", json!("Köln"), true),
        ("external_id.shop", "eq", json!("17850"), true),
        ("external_id.other", "is_empty", Value::Null, true),
    ] {
        assert_eq!(holds(leaf(field, op, value.clone()), &facts), expected, "{field} {op} {value}");
    }
}

#[test]
fn of_an_empty_field_only_is_empty_and_ne_and_nin_hold() {
    let empties = [
        json!({}),
        json!({"status": null}),
        json!({"status": ""}),
        json!({"status": {"erased": true}}),
    ];
    for facts in empties {
        for (op, value, expected) in [
            ("is_empty", Value::Null, true),
            ("is_set", Value::Null, false),
            ("eq", json!("won"), false),
            ("ne", json!("won"), true),
            ("in", json!(["won"]), false),
            ("nin", json!(["won"]), true),
            ("starts", json!("w"), false),
            ("contains", json!("w"), false),
        ] {
            assert_eq!(holds(leaf("status", op, value), &facts), expected, "{facts} {op}");
        }
    }
    assert!(holds(leaf("tags", "is_empty", Value::Null), &json!({"tags": []})));
    assert!(!holds(leaf("created_at", "within_last", json!("P1D")), &json!({})));
    assert!(!holds(
        leaf("gross", "lt", json!({"amount": "1", "currency": "EUR"})),
        &json!({"gross": []})
    ));
}

#[test]
fn groups_hold_as_their_names_say_and_every_leaf_explains_itself() {
    let facts = json!({"status": "won", "tags": []});
    let (yes, no) = (leaf("status", "eq", json!("won")), leaf("tags", "has", json!("vip")));
    assert!(holds(json!({}), &facts));
    assert!(holds(json!({"all": []}), &facts));
    assert!(!holds(json!({"any": []}), &facts));
    assert!(!holds(json!({"all": [yes, no]}), &facts));
    assert!(holds(json!({"any": [yes, no]}), &facts));
    assert!(holds(json!({"not": {"all": [yes, no]}}), &facts));

    let outcome = parse(json!({"any": [yes, {"not": no}]})).unwrap().matches(&facts, now());
    let why: Vec<_> = outcome.why.iter().map(|leaf| (leaf.pointer.as_str(), leaf.holds)).collect();
    assert_eq!(why, [("/any/0", true), ("/any/1/not", false)]);
    assert_eq!(outcome.why.first().and_then(|leaf| leaf.found.clone()), Some(json!("won")));
}

#[test]
fn a_wrong_tree_is_refused_where_it_is_wrong() {
    refused(json!([]), "");
    refused(json!({"all": {}}), "/all");
    refused(json!({"all": [], "any": []}), "");
    refused(json!({"all": [{}]}), "/all/0");
    refused(json!({"some": []}), "/some");
    let invalid = refused(json!({"all": [leaf("mood", "eq", json!("x"))]}), "/all/0/field");
    assert!(invalid.allowed.unwrap().contains(&"status".to_owned()));
    let invalid = refused(leaf("tags", "eq", json!("x")), "/op");
    assert_eq!(invalid.allowed.unwrap(), ["has", "has_any", "has_all", "is_empty", "is_set"]);
    refused(json!({"field": "status", "op": "eq", "value": "x", "values": []}), "/values");
    for (field, op, value, pointer) in [
        ("status", "eq", json!(7), "/value"),
        ("status", "eq", Value::Null, "/value"),
        ("status", "in", json!([]), "/value"),
        ("status", "in", json!(["a", 1]), "/value/1"),
        ("status", "is_set", json!(true), "/value"),
        ("lifecycle", "eq", json!("sleepy"), "/value"),
        ("order_count", "gt", json!("many"), "/value"),
        ("order_count", "between", json!([1]), "/value"),
        ("gross", "gt", json!("10"), "/value"),
        ("created_at", "after", json!("yesterday"), "/value"),
        ("created_at", "within_last", json!("30 days"), "/value"),
        ("folder", "eq", json!("Leads"), "/value"),
        ("flagged", "eq", json!("yes"), "/value"),
    ] {
        refused(leaf(field, op, value), pointer);
    }
}

#[test]
fn cel_is_refused_with_a_code_of_its_own() {
    let invalid = parse(json!({"all": [{"cel": "1 > 0"}]})).unwrap_err();
    assert_eq!((invalid.pointer.as_str(), invalid.code), ("/all/0/cel", "cel_not_supported"));
}

#[test]
fn depth_and_size_have_limits_that_the_refusal_names() {
    let nested = |depth: usize| {
        (1..depth).fold(leaf("status", "eq", json!("x")), |tree, _| json!({"not": tree}))
    };
    assert!(parse(nested(MAX_DEPTH)).is_ok());
    let invalid = parse(nested(MAX_DEPTH + 1)).unwrap_err();
    assert!(invalid.detail.contains('8'), "{}", invalid.detail);
    let wide = |leaves: usize| json!({"any": vec![leaf("status", "eq", json!("x")); leaves]});
    assert!(parse(wide(MAX_LEAVES)).is_ok());
    assert!(parse(wide(MAX_LEAVES + 1)).unwrap_err().detail.contains("100"));
    let empty = json!({"any": vec![json!({"all": []}); 200]});
    assert!(parse(empty).is_err());
}

#[test]
fn what_is_hidden_cannot_be_asked_for() {
    let seen = catalogue_customer().within(&[FieldGroup::Basic, FieldGroup::Contact].into());
    assert!(seen.get("status").is_some() && seen.get("emails").is_some());
    for hidden in ["risk_flags", "under_review", "gross", "gross.amount", "lifetime_value"] {
        assert!(
            catalogue_customer().get(hidden).is_some() && seen.get(hidden).is_none(),
            "{hidden}"
        );
    }
}

#[test]
fn events_offer_their_data_and_the_customer_before_and_after() {
    let status = catalogue_event("customer.status_changed").unwrap();
    assert_eq!(status.get("event.to").map(|field| field.kind), Some(Kind::Label));
    assert!(
        status.get("before.status").is_some() && status.get("after.external_id.shop").is_some()
    );
    assert!(status.get("status").is_none());
    assert!(catalogue_event("weather.changed").is_none());
    // A label and a text are a text; an id and a label are nothing in common.
    let names = ["customer.status_changed", "customer.note_edited"];
    assert_eq!(catalogue_events(names).get("event.to").map(|field| field.kind), Some(Kind::Text));
    let names = ["customer.status_changed", "customer.folder_moved"];
    assert_eq!(catalogue_events(names).get("event.to"), None);
}

#[test]
fn every_event_is_in_the_catalogue_and_every_choice_is_a_word_of_its_list() {
    for name in crate::Event::type_names() {
        assert!(catalogue_event(name).is_some(), "{name}");
    }
    let words = |names: Vec<&'static str>, field: &str| {
        assert_eq!(catalogue_customer().get(field).unwrap().choices, names, "{field}");
    };
    words(crate::value::CustomerType::ALL.iter().map(|word| word.name()).collect(), "type");
    words(crate::value::Lifecycle::ALL.iter().map(|word| word.name()).collect(), "lifecycle");
    words(crate::value::RiskFlagType::ALL.iter().map(|word| word.name()).collect(), "risk_flags");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec!["status", "eq", "in", "tags", "has", "P1D", "2026-01-01", "won"])
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key =
            prop::sample::select(vec!["all", "any", "not", "field", "op", "value", "cel", "x"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key, inner, 0..4).prop_map(|map| map
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_tree_and_no_facts_make_it_panic(tree in any_json(), facts in any_json()) {
        if let Ok(condition) = parse(tree) {
            let _ = condition.matches(&facts, now());
        }
    }

    #[test]
    fn a_turned_round_leaf_is_the_opposite(
        wanted in "[a-c]{1,2}",
        found in prop::option::of("[a-cA-C]{1,2}"),
    ) {
        let facts = json!({"status": found});
        for (op, opposite, value) in [("eq", "ne", json!(wanted)), ("in", "nin", json!([wanted]))] {
            let holds_not = holds(leaf("status", opposite, value.clone()), &facts);
            prop_assert_ne!(holds(leaf("status", op, value.clone()), &facts), holds_not);
            prop_assert_eq!(holds(json!({"not": leaf("status", op, value)}), &facts), holds_not);
        }
    }
}
