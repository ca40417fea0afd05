use proptest::prelude::*;

use super::*;

fn any_command() -> impl Strategy<Value = (&'static str, Value)> {
    let word = prop::sample::select(vec!["a", "B", "b", "x y"]);
    let label = prop::sample::select(vec![Value::Null, json!("work"), json!("home")]);
    let email = prop::sample::select(vec!["a@x.example", "A@X.example", "b@x.example"]);
    let phone = prop::sample::select(vec!["+44 20 7946 0958", "00442079460958", "020 7946 0001"]);
    let status = prop::sample::select(vec!["prospect", "won", "lost"]);
    let folder = prop::sample::select(vec![LEADS, CLIENTS]);
    let thing = prop::sample::select(vec![id(1000), id(1001), id(1002)]);
    let user = prop::sample::select(vec![ANNA, BEN]);
    let channel = prop::sample::select(vec!["email", "sms"]);
    let yes = any::<bool>();
    let record = (email.clone(), phone.clone(), label, yes);
    prop_oneof![
        2 => word.clone().prop_map(|w| ("customer.rename", json!({"first_name": w}))),
        1 => word.clone().prop_map(|w| ("customer.rename", json!({"first_name": null, "company_name": w}))),
        6 => record.clone().prop_map(|(e, _, l, p)| ("customer.add_email", json!({"address": e, "label": l, "primary": p}))),
        3 => email.prop_map(|e| ("customer.remove_email", json!({"address": e}))),
        6 => record.prop_map(|(_, n, l, p)| ("customer.add_phone", json!({"number": n, "label": l, "primary": p, "country": "GB"}))),
        3 => phone.prop_map(|n| ("customer.remove_phone", json!({"number": n}))),
        3 => (word.clone(), any::<bool>()).prop_map(|(w, p)| ("customer.add_address", json!({"line1": w, "country": "GB", "primary": p}))),
        3 => (thing.clone(), word.clone(), any::<bool>()).prop_map(|(i, w, p)| ("customer.change_address", json!({"address_id": i, "line1": w, "primary": p}))),
        2 => thing.clone().prop_map(|i| ("customer.remove_address", json!({"address_id": i}))),
        2 => word.clone().prop_map(|w| ("customer.set_external_id", json!({"source": "shop", "id": w}))),
        1 => Just(("customer.remove_external_id", json!({"source": "shop"}))),
        4 => status.prop_map(|s| ("customer.change_status", json!({"status": s}))),
        4 => folder.prop_map(|f| ("customer.move_folder", json!({"folder": f}))),
        2 => word.clone().prop_map(|w| ("customer.tag", json!({"tag": w}))),
        2 => word.clone().prop_map(|w| ("customer.untag", json!({"tag": w}))),
        2 => user.clone().prop_map(|u| ("customer.assign_worker", json!({"user": u}))),
        1 => user.prop_map(|u| ("customer.unassign_worker", json!({"user": u}))),
        2 => word.clone().prop_map(|w| ("customer.add_note", json!({"text": w}))),
        2 => (thing.clone(), word.clone()).prop_map(|(i, w)| ("customer.edit_note", json!({"note_id": i, "text": w}))),
        1 => thing.clone().prop_map(|i| ("customer.delete_note", json!({"note_id": i}))),
        1 => thing.clone().prop_map(|i| ("customer.pin_note", json!({"note_id": i}))),
        1 => thing.clone().prop_map(|i| ("customer.unpin_note", json!({"note_id": i}))),
        1 => Just(("customer.set_referrer", json!({"customer": ADA}))),
        1 => Just(("customer.remove_referrer", json!({}))),
        2 => word.clone().prop_map(|w| ("customer.flag", json!({"reason": w}))),
        1 => Just(("customer.unflag", json!({}))),
        1 => word.clone().prop_map(|w| ("customer.raise_risk_flag", json!({"type": "manual_flag", "reason": w}))),
        1 => thing.prop_map(|i| ("customer.clear_risk_flag", json!({"flag_id": i}))),
        1 => word.clone().prop_map(|w| ("customer.mark_dormant", json!({"reason": w}))),
        1 => Just(("customer.reactivate", json!({}))),
        1 => channel.clone().prop_map(|c| ("customer.opt_out", json!({"channel": c}))),
        1 => channel.prop_map(|c| ("customer.opt_in", json!({"channel": c}))),
        1 => word.prop_map(|w| ("customer.set_do_not_work_with", json!({"reason": w}))),
        1 => Just(("customer.clear_do_not_work_with", json!({}))),
        1 => Just(("customer.archive", json!({}))),
        2 => Just(("customer.restore", json!({}))),
    ]
}

/// Refusals of deciders that an undo may meet: the record has gone on meanwhile.
const MET: [&str; 2] = ["customer_archived", "name_required"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Undone at once, any change that can be undone leaves the customer as it was.
    #[test]
    fn the_last_change_leaves_no_trace(commands in prop::collection::vec(any_command(), 1..20)) {
        let mut ada = ada();
        for ((name, data), first_id) in commands.into_iter().zip((1000..1004).cycle()) {
            let before = look(&ada.state);
            let Some(event) = ada.tries(name, data, first_id) else { continue };
            let after = look(&ada.state);
            match ada.undoes(event) {
                Ok(undone) => {
                    prop_assert_eq!(look(&ada.state), before, "{}", name);
                    let redone = undone.map(|undone| ada.undoes(undone));
                    prop_assert!(matches!(redone, Some(Ok(_))), "{}: {:?}", name, redone);
                    prop_assert_eq!(look(&ada.state), after, "{}", name);
                }
                Err(code) => prop_assert!(false, "{}: {}", name, code),
            }
        }
    }

    /// Whenever an earlier change is undone, undoing that brings it back; nothing else is touched.
    #[test]
    fn an_earlier_change_comes_back(
        commands in prop::collection::vec(any_command(), 1..20),
        chosen in any::<prop::sample::Index>(),
    ) {
        let mut ada = ada();
        for ((name, data), first_id) in commands.into_iter().zip((1000..1004).cycle()) {
            ada.tries(name, data, first_id);
        }
        let event = ada.changes[chosen.index(ada.changes.len())].id;
        let before = look(&ada.state);
        if let Ok(Some(undone)) = ada.undoes(event) {
            match ada.undoes(undone) {
                Ok(_) => prop_assert_eq!(look(&ada.state), before),
                Err(code) => prop_assert!(MET.contains(&code), "{}", code),
            }
        }
    }
}
