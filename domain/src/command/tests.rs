use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::access::{Action, Principal};
use crate::testing::id;

fn invalid(name: &str, data: Value) -> Invalid {
    Command::parse(name, Some(id(1)), data).expect_err("the command is invalid")
}

#[test]
fn a_wrong_value_is_named_with_its_place_and_code() {
    let data = json!({"type": "person", "last_name": "B", "emails": ["a@b.de", {"address": "x"}]});
    let refused = invalid("customer.create", data);
    assert_eq!((refused.pointer.as_str(), refused.code), ("/emails/1/address", "invalid_email"));
    assert_eq!(refused.detail, "an e-mail address has one @ with something on both sides");

    let data = json!({"type": "person", "last_name": "B", "phones": ["no"]});
    let refused = invalid("customer.create", data);
    assert_eq!((refused.pointer.as_str(), refused.code), ("/phones/0", "invalid_phone"));

    let data = json!({"type": "person", "external_ids": {"a/b": "1"}});
    assert_eq!(invalid("customer.create", data).code, "invalid_source");
}

#[test]
fn an_unknown_field_is_refused_with_the_one_that_was_meant() {
    let refused = invalid("customer.tag", json!({"tga": "VIP"}));
    assert_eq!((refused.pointer.as_str(), refused.code), ("/tga", "unknown_field"));
    assert!(refused.detail.ends_with("did you mean tag?"), "{}", refused.detail);
    assert_eq!(refused.allowed, Some(vec!["tag".to_owned()]));

    let data = json!({"type": "person", "last_name": "B", "emails": [{"adress": "a@b.de"}]});
    let refused = invalid("customer.create", data);
    assert_eq!((refused.pointer.as_str(), refused.code), ("/emails/0/adress", "unknown_field"));

    let refused = invalid("customer.tag", json!({"a/b~c": 1}));
    assert_eq!((refused.pointer.as_str(), refused.code), ("/a~1b~0c", "unknown_field"));

    // A fact of another stream cannot be forged by the body.
    let refused = invalid("customer.assign_worker", json!({"user": id(5), "is_member": true}));
    assert_eq!((refused.pointer.as_str(), refused.code), ("/is_member", "unknown_field"));
}

#[test]
fn a_missing_field_and_an_unknown_word_are_named() {
    let refused = invalid("customer.raise_risk_flag", json!({"type": "manual_flag"}));
    assert_eq!((refused.pointer.as_str(), refused.code), ("/reason", "missing_field"));

    let refused = invalid("customer.log_interaction", json!({"type": "telegram"}));
    assert_eq!((refused.pointer.as_str(), refused.code), ("/type", "invalid_field"));
    assert_eq!(refused.allowed.unwrap_or_default().len(), 9);

    let refused = invalid("customer.tag", json!({"tag": 7}));
    assert_eq!((refused.pointer.as_str(), refused.code), ("/tag", "invalid_field"));
    // Serde alone would take a list for a struct, field by field.
    let refused = invalid("customer.tag", json!(["VIP"]));
    assert_eq!((refused.pointer.as_str(), refused.code), ("", "invalid_field"));
}

#[test]
fn an_unknown_command_is_refused_with_the_one_that_was_meant() {
    let refused = invalid("customer.change_staus", json!({}));
    assert_eq!((refused.pointer.as_str(), refused.code), ("/type", "unknown_command"));
    assert!(refused.detail.ends_with("did you mean customer.change_status?"));
}

#[test]
fn a_command_on_something_needs_its_id() {
    let refused = Command::parse("customer.archive", None, json!({})).unwrap_err();
    assert_eq!((refused.pointer.as_str(), refused.code), ("/id", "missing_field"));
}

#[test]
fn ids_are_filled_once_and_in_order() {
    let data = json!({"type": "company", "company_name": "A", "addresses": [{"line1": "x"}]});
    let mut command = Command::parse("customer.create", None, data).unwrap();
    let mut given = 0;
    let mut next = || {
        given += 1;
        id(given)
    };
    command.assign_ids(&mut next);
    command.assign_ids(&mut next);
    assert_eq!(command.stream_id(), id(1));
    assert!(command.creates());
    let Command::Customer { command: crate::customer::Command::Create(create), .. } = command
    else {
        panic!("another command")
    };
    assert_eq!(create.addresses.first().map(|address| address.id), Some(id(2)));
}

#[test]
fn the_id_of_a_document_follows_from_its_number() {
    let data = |number: &str| {
        json!({"customer": id(1), "source": "shop", "number": number, "currency": "EUR",
            "lines": [{"quantity": 1, "unit_price": 1}]})
    };
    let first = Command::parse("order.record", None, data("7")).unwrap();
    let again = Command::parse("order.record", None, data("7")).unwrap();
    let other = Command::parse("order.record", None, data("8")).unwrap();
    assert_eq!(first.stream_id(), again.stream_id());
    assert_eq!(first.occurred_at(), None);
    assert_ne!(first.stream_id(), other.stream_id());
    let refused = Command::parse("order.record", Some(id(4)), data("7")).unwrap_err();
    assert_eq!(refused.pointer, "/id");
}

#[test]
fn a_command_tells_whom_it_is_about_and_keeps_who_gave_it_first() {
    let parse = |name, data| Command::parse(name, Some(id(1)), data).unwrap();
    assert_eq!(parse("customer.tag", json!({"tag": "x"})).customer(), Some(id(1)));
    let task = parse("task.add", json!({"title": "x", "customer": id(3)}));
    assert_eq!(task.customer(), Some(id(3)));
    assert_eq!(parse("task.complete", json!({})).customer(), None);

    let mut rule = parse("rule.create", crate::stored::definition());
    rule.sign(&Principal::user(id(1), id(4), []));
    rule.sign(&Principal::user(id(1), id(5), []));
    let Command::Rule { command: crate::rule::Command::Create(create), .. } = rule else {
        panic!("another command")
    };
    assert_eq!(create.owner, id(4));
}

#[test]
fn the_registry_is_consistent() {
    let events: BTreeSet<&str> = crate::Event::type_names().iter().copied().collect();
    let mut names = BTreeSet::new();
    let mut emitted = BTreeSet::new();
    for spec in Command::specs() {
        assert!(names.insert(spec.name), "{} stands there twice", spec.name);
        let prefix = format!("{}.", spec.kind);
        assert!(spec.name.starts_with(&prefix), "{}", spec.name);
        for event in spec.emits {
            assert!(events.contains(event) && event.starts_with(&prefix), "{event}");
            emitted.insert(*event);
        }
    }
    assert_eq!(emitted, events, "every event comes of some command");
    let spec = Command::spec("customer.raise_risk_flag").unwrap();
    assert_eq!(spec.action, Action::RiskWrite);
    assert!(spec.needs_target && !spec.creates);
}

#[test]
fn every_command_has_a_schema_that_describes_itself_and_whose_name_is_its_own() {
    let mut by_name = std::collections::BTreeMap::new();
    for spec in Command::specs() {
        let schema = serde_json::to_value((spec.schema)()).unwrap();
        assert_eq!(schema.get("type"), Some(&json!("object")), "{}", spec.name);
        let mut referred = Vec::new();
        (spec.referred)(&mut referred);
        for (name, schema) in referred {
            let schema = serde_json::to_value(schema).unwrap();
            assert!(schema.get("description").is_some(), "{name} of {} says nothing", spec.name);
            let known = by_name.insert(name.clone(), schema.clone());
            assert!(known.is_none_or(|known| known == schema), "two schemas are named {name}");
        }
    }
    assert!(by_name.contains_key("NoteScope"));
}

#[test]
fn texts_that_cannot_be_kept_are_refused_at_the_edge() {
    for text in ["a\0b", "a\u{8}b"] {
        let refused = invalid("customer.flag", json!({"reason": text}));
        assert_eq!((refused.pointer.as_str(), refused.code), ("/reason", "invalid_text"));
    }
    let refused = invalid("customer.add_note", json!({"text": "x".repeat(1 << 20)}));
    assert_eq!((refused.pointer.as_str(), refused.code), ("/text", "invalid_text"));
    assert!(serde_json::from_str::<Value>("{\"reason\":\"\\ud800\"}").is_err());
    assert!(serde_json::from_str::<Value>("{\"quantity\":1e400000}").is_err());
}

/// Every member of every command, however deep, but for those that hold identifiers.
#[test]
fn no_command_takes_the_number_of_a_card() {
    let text = "charge 4111 1111 1111 1111 please";
    let mut looked_at = 0;
    for spec in Command::specs() {
        let schema = json!((spec.schema)());
        let Some(properties) = schema["properties"].as_object() else { continue };
        let free = |name: &&String| !cards::IDENTIFIERS.contains(&name.as_str());
        for name in properties.keys().filter(free) {
            for (inner, value) in [
                ("", json!(text)),
                ("/0", json!([text])),
                ("/0/deep", json!([{ "deep": text }])),
                ("/deep/er", json!({ "deep": { "er": text } })),
            ] {
                let target = spec.needs_target.then(Uuid::nil);
                let refusal = Command::parse(spec.name, target, json!({ (name): value }));
                let refusal = refusal.unwrap_err();
                assert_eq!(refusal.code, "card_number_refused", "{} {name}", spec.name);
                assert_eq!(refusal.pointer, format!("/{name}{inner}"), "{}", spec.name);
                assert!(!refusal.detail.contains("4111"));
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 500, "{looked_at}");
}
