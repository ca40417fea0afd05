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
        for action in [Action::RiskRead, Action::RiskWrite, Action::FinanceRead] {
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
    assert_eq!(decision.row_scope, RowScope::None);
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

#[test]
fn a_row_scope_covers_by_folder_or_by_worker() {
    let (folder, user) = (Uuid::from_u128(3), Uuid::from_u128(4));
    let nobody = BTreeSet::new();
    assert!(RowScope::Folders([folder].into()).covers(Some(folder), &nobody));
    assert!(!RowScope::Folders([folder].into()).covers(None, &nobody));
    assert!(RowScope::Assigned(user).covers(None, &[user].into()));
    assert!(!RowScope::Assigned(user).covers(Some(folder), &nobody));
    assert!(!RowScope::None.covers(Some(folder), &[user].into()));
}

/// The tables give every role all rows as yet, so the reach is made by hand.
#[test]
fn a_customer_out_of_reach_is_refused_whatever_the_role() {
    let user = Uuid::from_u128(4);
    let reach = policy::Reach {
        row_scope: RowScope::Assigned(user),
        field_groups: FieldGroups::new(),
        note_scopes: BTreeSet::new(),
    };
    let of = |workers: &[Uuid]| {
        let workers = workers.iter().copied().collect();
        let customer = Some(Placement { folder: None, workers });
        let facts = Facts { customer, ..Facts::default() };
        refusal(&with(&[Role::Owner]), Action::CustomerRead, &facts, &reach)
    };
    assert_eq!(of(&[user]), None);
    assert_eq!(of(&[]), Some("the customer is out of your reach"));
}
