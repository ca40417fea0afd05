//! Numbers may be phones, ids and parts of names.

use projections::directory::{self, Entry, Filters, Matched, Query};

use crate::support::{names, person, query, with};

#[tokio::test]
async fn a_phone_is_found_in_any_writing() {
    let entries = [
        Entry { phones: vec!["+491701234567".to_owned()], ..person(1, "German") },
        Entry { phones: vec!["+442079460958".to_owned()], ..person(2, "British") },
        Entry { phones: vec!["+74951234567".to_owned()], ..person(3, "Russian") },
        Entry { phones: vec!["030 / 555 01 34".to_owned()], ..person(4, "As typed") },
        Entry { phones: vec!["+390669812345".to_owned()], ..person(5, "Italian") },
        Entry { phones: vec!["+12125550100".to_owned()], ..person(6, "American") },
    ];
    let client = with(&entries).await;
    for (typed, name) in [
        ("+49 170 1234567", "German"),
        ("0049 (0) 170 1234567", "German"),
        ("0170/1234567", "German"),
        ("(0170) 123 45 67", "German"),
        ("170 1234567", "German"),
        ("tel:+49-170-123-4567", "German"),
        ("+44 (0)20 7946 0958", "British"),
        ("020 7946 0958", "British"),
        ("0958", "British"),
        ("0305550134", "As typed"),
        ("5550134", "As typed"),
        ("06 6981 2345", "Italian"),
        ("+39 06 69812345", "Italian"),
        ("(212) 555-0100 ext. 7", "American"),
        ("1-212-555-0100", "American"),
        ("٠١٧٠ ١٢٣٤٥٦٧", "German"),
        ("8 (495) 123-45-67", "Russian"),
        ("011 49 170 1234567", "German"),
    ] {
        assert_eq!(names(&client, &query(typed)).await, [name], "{typed}");
    }
    let hits = directory::search(&client, &query("0170 1234567")).await.unwrap().hits;
    assert_eq!(hits[0].matched, Some(Matched::Phone));
    let hits = directory::search(&client, &query("8 (495) 123-45-67")).await.unwrap().hits;
    assert_eq!(hits[0].matched, Some(Matched::Similar), "another beginning is only similar");
}

#[tokio::test]
async fn a_number_finds_the_id_first_then_names_then_phones() {
    let entries = [
        Entry { phones: vec!["+4930178501".to_owned()], ..person(1, "By phone") },
        Entry {
            external_ids: vec![("shop".to_owned(), "178501".to_owned())],
            ..person(2, "By id")
        },
        Entry {
            external_ids: vec![("shop".to_owned(), "1785019".to_owned())],
            ..person(3, "By beginning of an id")
        },
        person(4, "Studio 178501"),
    ];
    let client = with(&entries).await;
    assert_eq!(
        names(&client, &query("178501")).await,
        ["By id", "Studio 178501", "By phone", "By beginning of an id"]
    );
    let filters = Filters {
        external_id: Some(("shop".to_owned(), "178501".to_owned())),
        ..Filters::default()
    };
    assert_eq!(names(&client, &Query { filters, ..query("") }).await, ["By id"]);
    let filters = Filters {
        external_id: Some(("erp".to_owned(), "178501".to_owned())),
        ..Filters::default()
    };
    assert_eq!(names(&client, &Query { filters, ..query("") }).await, Vec::<String>::new());
}
