use serde_json::{Value, json};

use super::*;
use crate::claim::{ClaimChange, ClaimKind};
use crate::personal::Personal::{self, Known};
use crate::testing::{ANNA, BEN, CLIENTS, CLOSED, Given, LEADS, given, id};
use crate::value::{InteractionType, NoteScope, RiskFlagType};

mod contact;
mod flags;
mod life;
mod notes;
mod placement;
mod portal;
mod preferences;
mod profile;
mod properties;
mod referral;

fn known(text: &str) -> Personal<String> {
    Known(text.to_owned())
}

/// Ada Byron, a prospect in the folder of leads.
fn ada() -> Given<Customer> {
    given::<Customer>([]).after(
        "customer.create",
        json!({"type": "person", "first_name": "Ada", "last_name": "Byron"}),
    )
}

#[test]
fn sentences_say_what_happened_and_never_what_was_erased() {
    let status = Event::StatusChanged {
        from: Some("prospect".to_owned()),
        to: "won".to_owned(),
        reason: Some(known("signed\noffer")),
        cause: None,
    };
    assert_eq!(status.sentence(), "changed the status from prospect to won: \"signed offer\"");
    let erased = Event::Flagged { reason: Personal::Erased };
    assert_eq!(erased.sentence(), "flagged the customer: (erased)");
    let long = Event::Flagged { reason: known(&"x".repeat(500)) };
    assert!(long.sentence().len() < 200);
}

#[test]
fn facts_are_the_fields_of_the_catalogue() {
    let state = ada()
        .after("customer.tag", json!({"tag": "VIP"}))
        .after("customer.raise_risk_flag", json!({"type": "manual_flag", "reason": "x"}))
        .after("customer.add_phone", json!({"number": "+44 20 7946 0958"}))
        .state;
    let facts = state.facts();
    assert_eq!(facts.get("display_name"), Some(&json!("Ada Byron")));
    assert_eq!(facts.get("under_review"), Some(&json!(true)));
    assert_eq!(facts.get("phones"), Some(&json!(["+442079460958"])));
    let catalogue = crate::condition::catalogue_event("customer.tagged").unwrap();
    for name in facts.as_object().unwrap().keys() {
        let path = if name == "external_id" {
            "before.external_id.shop".to_owned()
        } else {
            format!("before.{name}")
        };
        assert!(catalogue.get(&path).is_some(), "{path}");
    }
    assert_eq!(State::default().facts(), Value::Null);
}
