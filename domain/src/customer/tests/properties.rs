use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::testing::repeats_are_harmless;

fn any_command() -> impl Strategy<Value = (&'static str, Value)> {
    let word = prop::sample::select(vec!["a", "B", "b", "Æther", "x y", "", "\u{0}", "$personal"]);
    let email = prop::sample::select(vec!["a@x.example", "A@X.example", "b@x.example", "no"]);
    let phone = prop::sample::select(vec!["+44 20 7946 0958", "00442079460958", "110", "1"]);
    let status = prop::sample::select(vec!["prospect", "won", "lost", "Won"]);
    let folder = prop::sample::select(vec![LEADS, CLIENTS, CLOSED, id(7)]);
    let thing = prop::sample::select(vec![id(1000), id(1001), id(1002), id(7)]);
    let user = prop::sample::select(vec![ANNA, BEN, id(7)]);
    let yes = any::<bool>();
    let create = (word.clone(), email.clone(), email.clone(), phone.clone(), folder.clone());
    prop_oneof![
        3 => create.prop_map(|(word, email, second, phone, folder)| ("customer.create", json!({
            "type": "person", "last_name": word, "emails": [email, second], "phones": [phone],
            "addresses": [{"line1": "x"}], "folder": folder, "tags": [word],
            "external_ids": {"shop": "1"},
        }))),
        1 => Just(("customer.create", json!({"type": "person", "last_name": "Byron"}))),
        2 => word.clone().prop_map(|w| ("customer.rename", json!({"first_name": w}))),
        1 => word.clone().prop_map(|w| ("customer.change_type", json!({"type": "company", "company_name": w}))),
        4 => (email.clone(), yes).prop_map(|(e, p)| ("customer.add_email", json!({"address": e, "primary": p}))),
        2 => email.prop_map(|e| ("customer.remove_email", json!({"address": e}))),
        4 => (phone.clone(), any::<bool>()).prop_map(|(n, p)| ("customer.add_phone", json!({"number": n, "primary": p}))),
        2 => phone.prop_map(|n| ("customer.remove_phone", json!({"number": n}))),
        2 => word.clone().prop_map(|w| ("customer.add_address", json!({"line1": w}))),
        2 => (thing.clone(), word.clone()).prop_map(|(i, w)| ("customer.change_address", json!({"address_id": i, "line1": w}))),
        1 => thing.clone().prop_map(|i| ("customer.remove_address", json!({"address_id": i}))),
        2 => word.clone().prop_map(|w| ("customer.set_external_id", json!({"source": "shop", "id": w}))),
        1 => Just(("customer.remove_external_id", json!({"source": "shop"}))),
        3 => status.prop_map(|s| ("customer.change_status", json!({"status": s}))),
        3 => folder.prop_map(|f| ("customer.move_folder", json!({"folder": f}))),
        2 => word.clone().prop_map(|w| ("customer.tag", json!({"tag": w}))),
        2 => word.clone().prop_map(|w| ("customer.untag", json!({"tag": w}))),
        2 => user.clone().prop_map(|u| ("customer.assign_worker", json!({"user": u}))),
        1 => user.prop_map(|u| ("customer.unassign_worker", json!({"user": u}))),
        2 => word.clone().prop_map(|w| ("customer.add_note", json!({"text": w}))),
        2 => (thing.clone(), word.clone()).prop_map(|(i, w)| ("customer.edit_note", json!({"note_id": i, "text": w}))),
        1 => thing.clone().prop_map(|i| ("customer.delete_note", json!({"note_id": i}))),
        1 => thing.clone().prop_map(|i| ("customer.pin_note", json!({"note_id": i}))),
        1 => thing.clone().prop_map(|i| ("customer.unpin_note", json!({"note_id": i}))),
        1 => Just(("customer.log_interaction", json!({"type": "call"}))),
        1 => word.prop_map(|w| ("customer.flag", json!({"reason": w}))),
        1 => Just(("customer.unflag", json!({}))),
        1 => Just(("customer.raise_risk_flag", json!({"type": "manual_flag", "reason": "x"}))),
        1 => thing.prop_map(|i| ("customer.clear_risk_flag", json!({"flag_id": i}))),
        1 => Just(("customer.mark_dormant", json!({}))),
        1 => Just(("customer.reactivate", json!({}))),
        1 => Just(("customer.archive", json!({}))),
        2 => Just(("customer.restore", json!({}))),
        1 => Just(("customer.erase", json!({"confirm": "erase"}))),
    ]
}

/// What is held after these events; taking twice or letting go of nothing is a fault.
fn held(events: &[Event]) -> BTreeSet<(ClaimKind, String)> {
    let mut held = BTreeSet::new();
    for claim in events.iter().flat_map(Event::claims) {
        let key = (claim.kind, claim.value);
        let changed = if claim.take { held.insert(key.clone()) } else { held.remove(&key) };
        assert!(changed, "{key:?}");
    }
    held
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_repeated_command_changes_nothing(commands in prop::collection::vec(any_command(), 1..25)) {
        let (state, events) = repeats_are_harmless::<Customer>(commands);

        // What is claimed is what the customer has.
        let mut has: BTreeSet<(ClaimKind, String)> = BTreeSet::new();
        has.extend(state.emails.iter().filter_map(|email| {
            let address = crate::value::normalise_email(email.address.known()?);
            Some((ClaimKind::Email, address))
        }));
        has.extend(state.external_ids.iter().filter_map(|(source, id)| {
            Some((ClaimKind::ExternalId, format!("{source}\0{}", id.known()?)))
        }));
        prop_assert_eq!(held(&events), has);

        // One of several is the primary one.
        let one = |marks: Vec<bool>| marks.is_empty() || marks.iter().filter(|mark| **mark).count() == 1;
        prop_assert!(one(state.emails.iter().map(|email| email.primary).collect()));
        prop_assert!(one(state.phones.iter().map(|phone| phone.primary).collect()));
        prop_assert!(one(state.addresses.iter().map(|address| address.primary).collect()));

        // A status is always one of the folder's.
        if let Some(folder) = state.folder {
            let statuses = crate::testing::folder(folder).unwrap().statuses;
            prop_assert!(statuses.contains(state.status.as_ref().unwrap()));
        }

        // Stored and read again, it is the same history, also with the key destroyed.
        for event in &events {
            // What an erasure lets go of is for the append alone and is not stored.
            let written = if matches!(event, Event::Erased { .. }) {
                Event::Erased { releases: Vec::new() }
            } else {
                event.clone()
            };
            let stored = crate::stored::there_and_back(&event.clone().into());
            prop_assert_eq!(stored, crate::Event::from(written));
        }
        let erased = events.iter().map(|event| crate::stored::erased(&event.clone().into())).fold(State::default(), |state, event| {
            let crate::Event::Customer(event) = event else { panic!("another aggregate") };
            Customer::evolve(state, &event)
        });
        prop_assert_eq!(erased.presence, state.presence);
    }
}
