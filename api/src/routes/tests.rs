use std::collections::BTreeSet;

use domain::Command;

use super::all;
use crate::commands::has_route;
use crate::endpoint::{Guard, Target};

#[test]
fn every_open_command_has_a_route_or_a_reason() {
    // Made together with the user, by POST /v1/users; or by undoing what deleted it.
    let apart = ["member.add", "customer.restore_note", "task.restore"];
    let routed: BTreeSet<&str> = all()
        .filter_map(|endpoint| match endpoint.guard {
            Guard::Command(route) => Some(route.name),
            Guard::Public | Guard::SignedIn | Guard::Action(_) | Guard::AnyCommand => None,
        })
        .collect();
    for spec in Command::specs().iter().filter(|spec| has_route(spec.name)) {
        let known = routed.contains(spec.name) || apart.contains(&spec.name);
        assert!(known, "{} has no route", spec.name);
    }
    for name in routed {
        assert!(Command::spec(name).is_some_and(|spec| has_route(spec.name)), "{name}");
    }
}

#[test]
fn a_commands_route_names_its_target_and_fields() {
    for endpoint in all() {
        let Guard::Command(route) = endpoint.guard else { continue };
        let spec = Command::spec(route.name).unwrap();
        let in_path: BTreeSet<&str> = endpoint.path_parameters().collect();
        let mut used: BTreeSet<&str> = route.fields.iter().map(|(name, _)| *name).collect();
        match route.target {
            Target::Path(name) => {
                assert!(spec.needs_target, "{}", endpoint.path);
                used.insert(name);
            }
            Target::Organisation => assert!(spec.needs_target, "{}", endpoint.path),
            Target::New => assert!(spec.creates, "{}", endpoint.path),
        }
        assert_eq!(in_path, used, "{}", endpoint.path);
        let schema = serde_json::to_value((spec.schema)()).unwrap();
        for (_, field) in route.fields {
            assert!(schema["properties"].get(field).is_some(), "{} {field}", route.name);
        }
    }
}

#[test]
fn only_the_service_itself_is_public_and_where_one_first_shows_who_one_is() {
    let first = ["session_begin", "invitations_accept"];
    for endpoint in all() {
        let public = matches!(endpoint.guard, Guard::Public);
        let guarded = endpoint.path.starts_with("/v1/") && !first.contains(&endpoint.id);
        assert_eq!(public, !guarded, "{}", endpoint.path);
    }
}

#[test]
fn no_two_routes_meet() {
    let mut seen = BTreeSet::new();
    for endpoint in all() {
        assert!(seen.insert((endpoint.verb.name(), endpoint.path)), "{}", endpoint.path);
    }
    // Panics where two of them cannot be told apart.
    drop(crate::server::table());
}

#[test]
fn parameters_are_named_once() {
    for endpoint in all() {
        let mut seen = BTreeSet::new();
        for parameter in endpoint.parameters() {
            assert!(seen.insert(parameter.name), "{} {}", endpoint.path, parameter.name);
        }
    }
}
