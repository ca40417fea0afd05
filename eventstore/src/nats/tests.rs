use super::{in_subject, is_new_enough};

#[test]
fn servers_from_2_12_on_are_new_enough() {
    for version in ["2.12.0", "2.12.0-RC.1", "2.15.1", "3.0.0"] {
        assert!(is_new_enough(version), "{version}");
    }
    for version in ["2.11.9", "2.10.1", "1.4.0", "", "new"] {
        assert!(!is_new_enough(version), "{version}");
    }
}

#[test]
fn a_type_of_any_spelling_makes_a_subject() {
    assert_eq!(in_subject("customer.status_changed"), "customer.status_changed");
    for (type_name, expected) in [("", "_"), ("..", "_"), ("a..b", "a.b"), ("a b.*.>", "a_b._._")] {
        assert_eq!(in_subject(type_name), expected, "{type_name}");
    }
}
