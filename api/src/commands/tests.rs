use jiff::{Timestamp, ToSpan};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::changes::{fields, mergeable};
use super::patch::split;
use super::{is_open, take_occurred_at};
use crate::problem::Problem;

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn code(problem: &Problem) -> String {
    problem.document(None)["errors"][0]["code"].as_str().unwrap().to_owned()
}

#[test]
fn a_patch_becomes_one_command_per_meaning() {
    let folder = Uuid::from_u128(7);
    let body = json!({ "status": "won", "first_name": "Ada", "folder": folder, "last_name": null });
    let commands = split(Uuid::from_u128(1), &object(body)).unwrap();
    let names: Vec<_> = commands.iter().map(|command| command.name()).collect();
    assert_eq!(names, ["customer.rename", "customer.move_folder", "customer.change_status"]);
    assert!(commands.iter().all(|command| command.stream_id() == Uuid::from_u128(1)));
}

#[test]
fn a_patch_of_something_else_is_refused() {
    let refused = |body| code(&split(Uuid::from_u128(1), &object(body)).unwrap_err());
    assert_eq!(refused(json!({ "firstname": "Ada" })), "unknown_field");
    assert_eq!(refused(json!({ "status": null })), "invalid_field");
    assert_eq!(refused(json!({})), "missing_field");
    assert_eq!(refused(json!({ "first_name": "x".repeat(300) })), "invalid_name");
}

#[test]
fn occurred_at_is_a_moment_of_the_past() {
    let take = |value: Value| take_occurred_at(&mut object(json!({ "occurred_at": value })));
    let at: Timestamp = "2026-11-20T16:00:00Z".parse().unwrap();
    assert_eq!(take(json!("2026-11-20T17:00:00+01:00")).unwrap(), Some(at));
    assert_eq!(take(Value::Null).unwrap(), None);
    let tomorrow = Timestamp::now() + 24.hours();
    for wrong in [json!("yesterday"), json!(5), json!(tomorrow.to_string())] {
        let problem = take(wrong.clone()).unwrap_err();
        let document = problem.document(None);
        assert_eq!(document["errors"][0]["pointer"], "/occurred_at", "{wrong}");
    }
}

#[test]
fn changes_of_other_fields_can_be_merged() {
    let tagged = fields("customer.tagged", None);
    let status = fields("customer.status_changed", None);
    let renamed = json!({ "from": { "first_name": "A" }, "to": { "first_name": "B" } });
    let renamed = fields("customer.renamed", Some(&renamed));
    assert_eq!(renamed, ["first_name"]);
    assert!(mergeable(&[tagged.clone(), renamed], std::slice::from_ref(&status)));
    assert!(!mergeable(&[tagged, status.clone()], std::slice::from_ref(&status)));
    let unknown = fields("customer.enchanted", None);
    assert!(!mergeable(&[unknown], &[status]));
}

#[test]
fn commands_of_the_service_itself_are_not_open() {
    assert!(is_open("customer.tag") && is_open("member.change_roles"));
    for name in ["user.register", "rule_run.finish", "organisation.create", "order.place_quoted"] {
        assert!(!is_open(name), "{name}");
    }
}
