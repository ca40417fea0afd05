use std::collections::BTreeSet;

use domain::Command;
use jiff::Zoned;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Error, ExternalId, Step, read};

const DEMO: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/supplement.jsonl"));

fn now() -> Zoned {
    "2026-11-21T16:00:00+00:00[UTC]".parse().unwrap()
}

fn line(at: &str, due: &str) -> String {
    json!({
        "type": "task.add",
        "target": {"external_id": {"source": "demo", "id": "7"}},
        "data": {"title": "Call", "due_on": due},
        "at": at,
    })
    .to_string()
}

#[test]
fn times_are_counted_from_the_moment_of_loading() {
    let steps = read(line("P-3DT09:40", "P5D").as_bytes(), &now()).unwrap();
    let data = json!({"title": "Call", "due_on": "2026-11-26"});
    let expected = Step {
        row: 1,
        command: "task.add".to_owned(),
        target: Some(ExternalId { source: "demo".to_owned(), id: "7".to_owned() }),
        data: data.as_object().unwrap().clone(),
        occurred_at: Some("2026-11-18T09:40:00Z".parse().unwrap()),
    };
    assert_eq!(steps, [expected]);
}

#[test]
fn a_time_that_is_not_in_the_past_or_not_readable_is_refused_with_its_line() {
    for (at, due) in
        [("P0DT16:01", "P1D"), ("P-3D", "P1D"), ("yesterday", "P1D"), ("P-1DT09:00", "5")]
    {
        let text = format!("\n{}", line(at, due));
        let error = read(text.as_bytes(), &now()).unwrap_err();
        assert!(matches!(error, Error::BadTime { row: 2, .. }), "{at} {due}: {error}");
    }
}

#[test]
fn a_line_that_is_no_command_is_refused_with_its_line() {
    for text in ["{}", "[]", r#"{"type":"x","data":{},"color":"red"}"#, "{\"type\":"] {
        let error = read(text.as_bytes(), &now()).unwrap_err();
        assert!(matches!(error, Error::NotACommand { row: 1, .. }), "{text}: {error}");
    }
}

fn demo() -> Vec<Step> {
    read(DEMO.as_bytes(), &now()).unwrap()
}

fn values(command: &str, field: &str) -> BTreeSet<String> {
    let steps = demo().into_iter().filter(|step| step.command == command);
    steps.map(|step| step.data[field].as_str().unwrap().to_owned()).collect()
}

fn set(names: &str) -> BTreeSet<String> {
    names.split(' ').map(str::to_owned).collect()
}

#[test]
fn the_demo_shows_every_kind_of_entry() {
    let calls = "call visit email sms showroom_visit meeting demo follow_up other";
    assert_eq!(values("customer.log_interaction", "type"), set(calls));
    let risks = "overdue_payment frequent_refunds discount_dependency frequent_claims \
        delivery_failures abusive_behavior cancellation_pattern manual_flag";
    assert_eq!(values("customer.raise_risk_flag", "type"), set(risks));
    let scopes = "internal sales branch support finance fulfillment restricted customer";
    assert_eq!(values("customer.add_note", "scope"), set(scopes));
    let commands: BTreeSet<_> = demo().into_iter().map(|step| step.command).collect();
    let known = "folder.create customer.move_folder customer.change_status customer.tag \
        customer.add_note customer.log_interaction customer.flag customer.raise_risk_flag \
        customer.mark_dormant task.add rule.create";
    assert_eq!(commands, set(known));
}

#[test]
fn the_domain_takes_every_command_of_the_demo() {
    let id = Uuid::from_u128(1);
    for mut step in demo() {
        if step.command == "customer.move_folder" {
            step.data.insert("folder".to_owned(), id.to_string().into());
        }
        let mut target = step.target.map(|_| id);
        if step.command == "task.add" {
            target = None;
            step.data.insert("customer".to_owned(), id.to_string().into());
        }
        if let Err(invalid) = Command::parse(&step.command, target, Value::Object(step.data)) {
            panic!("row {}: {invalid:?}", step.row);
        }
    }
}

#[test]
fn the_demo_moves_only_into_folders_and_statuses_that_it_made_before() {
    let mut folders: Vec<(String, Vec<Value>)> = Vec::new();
    let mut of_customer = std::collections::BTreeMap::new();
    for step in demo() {
        let text = |field: &str| step.data[field].as_str().unwrap().to_owned();
        let customer = step.target.as_ref().map(|target| target.id.clone());
        match step.command.as_str() {
            "folder.create" => {
                let statuses = step.data["statuses"].as_array().unwrap().clone();
                assert!(statuses.contains(&step.data["default_status"]), "row {}", step.row);
                folders.push((text("name"), statuses));
            }
            "customer.move_folder" => {
                let folder = folders.iter().find(|(name, _)| *name == text("folder")).unwrap();
                of_customer.insert(customer.unwrap(), folder.1.clone());
            }
            "customer.change_status" => {
                let statuses = &of_customer[&customer.unwrap()];
                assert!(statuses.contains(&step.data["status"]), "row {}", step.row);
            }
            _ => {}
        }
    }
    assert_eq!(of_customer.len(), 120);
}

#[test]
fn the_demo_names_only_customers_that_its_file_has_and_leaves_the_audited_ones_alone() {
    // The acceptance by hand counts every entry of these from zero.
    const UNTOUCHED: [&str; 8] = ["1", "148", "259", "526", "16", "130", "401", "546"];
    for step in demo() {
        let Some(target) = step.target else {
            assert!(matches!(step.command.as_str(), "folder.create" | "rule.create"));
            continue;
        };
        assert_eq!(target.source, "demo");
        assert!((1..=599).contains(&target.id.parse::<u16>().unwrap()), "row {}", step.row);
        let dormant = step.command == "customer.mark_dormant";
        assert!(dormant || !UNTOUCHED.contains(&target.id.as_str()), "row {}", step.row);
    }
}

#[test]
fn the_demo_marks_the_fifteen_customers_dormant_whom_sakila_calls_inactive() {
    let dormant = demo().into_iter().filter(|step| step.command == "customer.mark_dormant");
    let mut ids: Vec<u16> = dormant.map(|step| step.target.unwrap().id.parse().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, [16, 64, 124, 169, 241, 271, 315, 368, 406, 446, 482, 510, 534, 558, 592]);
}
