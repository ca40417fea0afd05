use std::fs;
use std::path::Path;
use std::sync::Arc;

use domain::Event;
use domain::access::{self, Principal, Rights, Role, RoleRights};
use domain::personal::unseal;
use uuid::Uuid;

use super::*;
use crate::customer_360::Customer360;
use crate::read_model::ReadModel;
use crate::redaction::{is_visible, other_end};

/// A stored event of every name, with its body.
fn samples() -> Vec<(String, Value, Event)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/samples");
    let sample = |file: fs::DirEntry| {
        let mut sample: Value = serde_json::from_slice(&fs::read(file.path()).unwrap()).unwrap();
        let name = sample["type"].as_str().unwrap().to_owned();
        let version = i16::try_from(sample["schema_version"].as_i64().unwrap()).unwrap();
        let private = serde_json::from_value(sample["private"].take()).unwrap();
        let mut body = sample["data"].take();
        let event = {
            let mut body = body.clone();
            unseal(&mut body, Some(private));
            Event::decode(&name, version, &body).unwrap()
        };
        unseal(&mut body, None);
        (name, body, event)
    };
    fs::read_dir(folder).unwrap().map(|file| sample(file.unwrap())).collect()
}

fn reader(role: &RoleRights, rows: RowScope) -> Scope {
    let rights = Arc::new(Rights::new([role], rows.clone(), rows));
    let principal = Principal::user(Uuid::from_u128(1), Uuid::from_u128(2), [Role::Viewer]);
    access::scope(&Principal { rights, ..principal }, Action::CustomerRead).unwrap()
}

/// Everybody by role, and who has one thing more than the least, or one less than all.
fn readers() -> Vec<Scope> {
    let all = RoleRights::default_of(Role::Owner);
    let mut least = RoleRights::default();
    least.permissions.extend([Action::CustomerRead, Action::FileRead]);
    let mut roles: Vec<RoleRights> =
        Role::ALL.iter().map(|role| RoleRights::default_of(*role)).collect();
    for group in FieldGroup::ALL {
        let (mut more, mut less) = (least.clone(), all.clone());
        more.field_groups.insert(*group);
        less.field_groups.remove(group);
        roles.extend([more, less]);
    }
    for scope in NoteScope::ALL {
        let (mut more, mut less) = (least.clone(), all.clone());
        more.note_scopes.insert(*scope);
        less.note_scopes.remove(scope);
        roles.extend([more, less]);
    }
    let mut without_files = all;
    without_files.permissions.remove(&Action::FileRead);
    roles.extend([least, without_files]);
    let folder = [Uuid::from_u128(3)].into();
    let within = RowScope::Within { folders: folder, workers: [].into() };
    let reaching = |rows: &RowScope| -> Vec<Scope> {
        roles.iter().map(|role| reader(role, rows.clone())).collect()
    };
    [reaching(&RowScope::All), reaching(&within)].concat()
}

#[test]
fn an_audience_sees_what_the_reader_is_shown() {
    let samples = samples();
    let of_customers: Vec<_> = samples
        .iter()
        .filter(|(name, ..)| Customer360::EVENTS.contains(&name.split('.').next().unwrap()))
        .collect();
    assert!(of_customers.len() > 60, "{}", of_customers.len());
    for scope in readers() {
        for (name, body, event) in &of_customers {
            let linked = other_end(event).is_some() && *scope.row_scope() != RowScope::All;
            let audience = Audience::of(name, body).unwrap();
            let (shown, seen) = (is_visible(&scope, event) && !linked, audience.includes(&scope));
            assert_eq!(seen, shown, "{name} for {audience}, read by {scope:?}");
        }
    }
}

#[test]
fn only_who_sees_everything_is_without_limits() {
    let roles = Role::ALL.iter().filter(|role| {
        let scope = reader(&RoleRights::default_of(**role), RowScope::All);
        Audience::limits(&scope).is_none()
    });
    let unlimited: Vec<_> = roles.map(|role| role.name()).collect();
    assert_eq!(unlimited, ["admin", "owner", "manager", "executive"]);
    let owner = RoleRights::default_of(Role::Owner);
    let within = RowScope::Within { folders: [].into(), workers: [].into() };
    let limits = Audience::limits(&reader(&owner, within)).unwrap();
    assert!(!limits.contains(&Audience::Links));
    assert_eq!(limits.len(), Audience::all().count() - 1);
}

#[test]
fn an_audience_is_stored_by_its_name() {
    for audience in Audience::all() {
        assert_eq!(audience.to_string().parse(), Ok(audience));
    }
    for unknown in ["", "everyone", "notes", "notes.x", "contact.internal", "files."] {
        assert!(unknown.parse::<Audience>().is_err(), "{unknown}");
    }
}
