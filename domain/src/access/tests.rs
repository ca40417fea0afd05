use std::collections::BTreeSet;

use super::*;

fn with(roles: &[Role]) -> Principal {
    Principal::user(Uuid::from_u128(1), Uuid::from_u128(2), roles.iter().copied())
}

fn may(role: Role, action: Action) -> bool {
    decide(&with(&[role]), action, &Facts::default()).allowed
}

#[test]
fn risk_and_money_are_for_the_six_senior_roles() {
    let senior =
        [Role::Admin, Role::Owner, Role::Manager, Role::Executive, Role::Support, Role::Finance];
    for role in Role::ALL.iter().copied() {
        let expected = senior.contains(&role);
        for action in
            [Action::RiskRead, Action::RiskWrite, Action::InsightRead, Action::FinanceRead]
        {
            assert_eq!(may(role, action), expected, "{role} {action}");
        }
        let shown = scope(&with(&[role]), Action::CustomerRead).unwrap();
        for group in [FieldGroup::Risk, FieldGroup::Financial, FieldGroup::Insight] {
            assert_eq!(shown.shows(group), expected, "{role} {group}");
        }
    }
}

#[test]
fn a_viewer_only_reads() {
    let allowed: Vec<_> =
        Action::ALL.iter().filter(|action| may(Role::Viewer, **action)).map(|a| a.name()).collect();
    assert_eq!(
        allowed,
        [
            "customer.list",
            "customer.read",
            "note.read",
            "file.read",
            "order.read",
            "message.read",
            "quote.read",
            "service.read",
            "task.read",
            "folder.read",
            "notification.read",
            "user.read",
            "token.own",
            "event.read",
            "audit.read",
        ]
    );
}

#[test]
fn sales_and_field_write_customers_but_administer_nothing() {
    for role in [Role::Sales, Role::Field] {
        for action in [Action::CustomerCreate, Action::CustomerEdit, Action::TaskWrite] {
            assert!(may(role, action), "{role} {action}");
        }
        for action in [
            Action::FolderAdmin,
            Action::RuleAdmin,
            Action::UserAdmin,
            Action::TokenAdmin,
            Action::ImportRun,
            Action::CustomerErase,
        ] {
            assert!(!may(role, action), "{role} {action}");
        }
    }
}

#[test]
fn note_scopes_are_those_of_the_table_and_roles_add_up() {
    use NoteScope::{Branch, Customer, Fulfillment, Internal, Sales};
    let scopes =
        |roles: &[Role]| scope(&with(roles), Action::NoteRead).unwrap().note_scopes().clone();
    assert_eq!(scopes(&[Role::Viewer]), BTreeSet::from([Customer]));
    assert_eq!(scopes(&[Role::Sales]), BTreeSet::from([Internal, Sales, Customer]));
    assert_eq!(
        scopes(&[Role::Sales, Role::Field]),
        BTreeSet::from([Internal, Sales, Customer, Branch, Fulfillment])
    );
    assert_eq!(scopes(&[Role::Manager]).len(), NoteScope::ALL.len());
}

#[test]
fn nobody_writes_in_a_scope_that_they_cannot_read() {
    let facts = Facts { note_scope: Some(NoteScope::Finance), ..Facts::default() };
    assert!(!decide(&with(&[Role::Sales]), Action::NoteWrite, &facts).allowed);
    assert!(decide(&with(&[Role::Finance]), Action::NoteWrite, &facts).allowed);
}

#[test]
fn a_record_of_another_organisation_is_out_of_reach_even_for_an_owner() {
    let facts = Facts { organisation: Some(Uuid::from_u128(7)), ..Facts::default() };
    assert!(!decide(&with(&[Role::Owner]), Action::CustomerRead, &facts).allowed);
}

#[test]
fn without_roles_there_is_no_scope_and_the_denial_names_the_action() {
    let denied = scope(&with(&[]), Action::CustomerList).unwrap_err();
    assert_eq!(denied.to_string(), "customer.list is not allowed: your role does not allow it");
    let decision = decide(&with(&[]), Action::CustomerList, &Facts::default());
    assert!(decision.row_scope.is_none());
    assert!(decision.field_groups.is_empty());
}

#[test]
fn only_the_service_records_how_a_rule_ran() {
    for role in Role::ALL.iter().copied() {
        assert!(!may(role, Action::RuleRunRecord), "{role}");
    }
    let automation = Principal { kind: PrincipalKind::Automation, ..with(&[Role::Viewer]) };
    assert!(decide(&automation, Action::RuleRunRecord, &Facts::default()).allowed);
    let system = Principal::system(Uuid::from_u128(1));
    assert!(Action::ALL.iter().all(|action| scope(&system, *action).is_ok()));
}

fn placed(folder: Option<Uuid>, workers: &[Uuid]) -> Placement {
    Placement { folder, workers: workers.iter().copied().collect() }
}

fn reaching(roles: &[Role], read: RowScope, write: RowScope) -> Principal {
    let given: Vec<_> = roles.iter().map(|role| RoleRights::default_of(*role)).collect();
    let rights = Arc::new(Rights::new(&given, read, write));
    Principal { rights, ..with(roles) }
}

fn within(folders: &[Uuid], workers: &[Uuid]) -> RowScope {
    RowScope::Within {
        folders: folders.iter().copied().collect(),
        workers: workers.iter().copied().collect(),
    }
}

#[test]
fn an_extent_is_the_union_of_its_parts() {
    let (folder, tree, below) = (Uuid::from_u128(3), Uuid::from_u128(4), Uuid::from_u128(5));
    let (me, colleague) = (Uuid::from_u128(6), Uuid::from_u128(7));
    let extent = Extent {
        folders: [folder].into(),
        subtrees: [tree].into(),
        teams: [Uuid::from_u128(8)].into(),
        ..Extent::assigned()
    };
    let rows = extent.resolve(me, [below], [colleague]);
    assert_eq!(rows, within(&[folder, tree, below], &[me, colleague]));
    for covered in [
        placed(Some(folder), &[]),
        placed(Some(tree), &[]),
        placed(Some(below), &[]),
        placed(None, &[me]),
        placed(Some(Uuid::from_u128(9)), &[colleague]),
    ] {
        assert!(rows.covers(&covered), "{covered:?}");
    }
    assert!(!rows.covers(&placed(None, &[])));
    assert!(!rows.covers(&placed(Some(Uuid::from_u128(9)), &[Uuid::from_u128(10)])));
    assert_eq!(Extent::all().resolve(me, [], []), RowScope::All);
    assert!(Extent::default().resolve(me, [], []).is_none());
}

#[test]
fn a_customer_out_of_reach_is_refused_whatever_the_role() {
    let (user, folder) = (Uuid::from_u128(4), Uuid::from_u128(5));
    let owner = reaching(&[Role::Owner], within(&[folder], &[user]), within(&[], &[user]));
    let asked = |action, customer| {
        let facts = Facts { customer: Some(customer), ..Facts::default() };
        decide(&owner, action, &facts)
    };
    assert!(asked(Action::CustomerEdit, placed(None, &[user])).allowed);
    assert!(asked(Action::CustomerRead, placed(Some(folder), &[])).allowed);
    let read_only = asked(Action::CustomerEdit, placed(Some(folder), &[]));
    assert_eq!((read_only.allowed, read_only.reason), (false, "the customer is out of your reach"));
    assert!(!asked(Action::CustomerRead, placed(None, &[])).allowed);
}

#[test]
fn nothing_is_changed_that_is_not_read() {
    let (one, two) = (Uuid::from_u128(4), Uuid::from_u128(5));
    let rows =
        |read, write| reaching(&[Role::Sales], read, write).rights.rows(Action::CustomerEdit);
    assert_eq!(rows(within(&[one], &[]), RowScope::All), within(&[one], &[]));
    assert_eq!(rows(RowScope::All, within(&[one], &[two])), within(&[one], &[two]));
    assert_eq!(rows(within(&[one, two], &[]), within(&[two], &[one])), within(&[two], &[]));
}

/// A token for less than its person may do.
#[test]
fn narrowed_rights_are_in_both() {
    let given = [RoleRights::default_of(Role::Sales)];
    let sales = Rights::new(&given, RowScope::All, RowScope::All);
    let narrowed = sales.clone().narrowed(&[RoleRights::default_of(Role::Finance)]);
    assert!(!narrowed.may(Action::FinanceRead), "the person may not");
    assert!(!narrowed.note_scopes().contains(&NoteScope::Sales), "the token may not");
    assert!(narrowed.may(Action::CustomerEdit));
    assert!(sales.include(&RoleRights::default_of(Role::Viewer)));
    assert!(!sales.include(&RoleRights::default_of(Role::Field)), "branch notes are not theirs");
}

#[test]
fn a_reach_by_folders_alone_ends_at_them() {
    let (folder, other) = (Uuid::from_u128(3), Uuid::from_u128(4));
    assert!(within(&[folder], &[]).names_folder(folder));
    assert!(!within(&[folder], &[]).names_folder(other));
    assert!(within(&[folder], &[other]).names_folder(other));
}
