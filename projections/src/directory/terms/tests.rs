use uuid::Uuid;

use super::{external_id, external_id_beginning, external_id_exactly, external_key, of};
use crate::directory::Entry;
use crate::directory::sample::Sample;

fn entry() -> Entry {
    Entry {
        kind: "person".to_owned(),
        display_name: "Zoë O'Brien".to_owned(),
        first_name: Some("Zoë Ann".to_owned()),
        last_name: Some("O’Brien".to_owned()),
        company_name: Some("Brien & Söhne GmbH".to_owned()),
        emails: vec!["Zoe@Example.com".to_owned()],
        phones: vec!["+4917012345".to_owned(), "none".to_owned()],
        external_ids: vec![("shop".to_owned(), "AB-1".to_owned())],
        tags: vec!["VIP".to_owned()],
        workers: vec![Uuid::nil()],
        lifecycle: "active".to_owned(),
        open_risk_flags: 0,
        ..Sample::new(Uuid::nil(), 1, 1).entry(0)
    }
}

#[test]
fn the_display_name_leads_and_the_other_names_add_their_words() {
    let terms = of(&entry());
    assert_eq!(terms.sort_text, "zoe obrien ann brien sohne gmbh");
    let expected = [
        "a00000000-0000-0000-0000-000000000000",
        "dexample.com",
        "ezoe@example.com",
        "p54321071 94".trim(),
        "tVIP",
        "wann",
        "wbrien",
        "wgmbh",
        "wobrien",
        "wsohne",
        "wzoe",
        "xab-1\u{1F}shop",
    ]
    .map(|term| term.replace(' ', ""));
    assert_eq!(terms.terms, expected);
}

#[test]
fn what_is_rare_has_a_term_of_its_own() {
    let mut entry = entry();
    entry.kind = "supplier".to_owned();
    entry.lifecycle = "dormant".to_owned();
    entry.open_risk_flags = 2;
    let terms = of(&entry).terms;
    for term in ["ksupplier", "ldormant", "r"] {
        assert!(terms.iter().any(|t| t == term), "{term}");
    }
}

#[test]
fn the_longest_names_and_keys_still_fit_an_index_row() {
    let mut entry = entry();
    entry.display_name = format!("{} {}", "ü".repeat(3_000), "王 ".repeat(3_000));
    entry.emails = vec![format!("{}@{}", "a".repeat(5_000), "b".repeat(5_000))];
    entry.external_ids = vec![("s".repeat(5_000), "é".repeat(5_000))];
    entry.tags = vec!["𐍈".repeat(1_000)];
    let terms = of(&entry);
    assert!(terms.sort_text.len() <= 512);
    assert!(terms.terms.iter().all(|term| term.len() <= 256));
    for word in terms.sort_text.split(' ') {
        assert!(terms.terms.contains(&format!("w{word}")), "every word of the sort text is a term");
    }
}

#[test]
fn an_external_id_is_found_exactly_by_its_beginning_and_with_its_source() {
    let term = external_id("Shop", "AB-1");
    assert!(term.starts_with(&external_id_exactly(" ab-1 ")));
    assert!(term.starts_with(&external_id_beginning("aB")));
    assert!(!external_id("shop", "AB-12").starts_with(&external_id_exactly("ab-1")));
    assert_ne!(external_id("shop", "1"), external_id("erp", "1"));
    assert_eq!(external_key("shop", "AB-1"), "shop\u{1F}AB-1");
    let long = "7".repeat(400);
    assert!(external_id("shop", &long).starts_with(&external_id_exactly(&long)));
}

#[test]
fn names_without_a_letter_have_no_words() {
    let mut entry = entry();
    entry.display_name = "...".to_owned();
    (entry.first_name, entry.last_name, entry.company_name) = (None, None, None);
    let terms = of(&entry);
    assert_eq!(terms.sort_text, "");
    assert!(!terms.terms.iter().any(|term| term.starts_with('w')));
}
