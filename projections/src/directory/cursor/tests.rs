use std::str::FromStr;

use uuid::Uuid;

use super::{Cursor, CursorError, Place, SearchPlace};
use crate::directory::{Filters, Query, Scope, Sort};

fn query(text: &str) -> Query {
    Query {
        organisation: Uuid::nil(),
        archived: false,
        by_contact: true,
        text: text.to_owned(),
        scope: Scope::All,
        filters: Filters::default(),
        sort: Sort::Name,
        audiences: None,
        after: None,
        backwards: false,
        limit: 20,
    }
}

fn place() -> Place {
    Place::Search(SearchPlace {
        segment: 1,
        tier: 2,
        term: "e😀".to_owned(),
        sort_text: "łódź \u{1F}".to_owned(),
        customer: Uuid::max(),
        inside: true,
    })
}

#[test]
fn a_cursor_comes_back_as_it_went_out_and_fits_a_url() {
    let query = query("ma");
    for place in [
        place(),
        Place::List {
            sort_text: "é".to_owned(), moment_us: Some(i64::MIN), customer: Uuid::nil()
        },
    ] {
        let cursor = Cursor::new(&query, place.clone());
        let text = cursor.to_string();
        assert!(
            text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'),
            "{text}"
        );
        let back = Cursor::from_str(&text).unwrap();
        assert_eq!(back, cursor);
        assert_eq!(back.place(&query), Ok(&place));
    }
}

#[test]
fn a_cursor_of_another_query_is_refused() {
    let cursor = Cursor::new(&query("ma"), place());
    assert_eq!(cursor.place(&query(" ma ")), Ok(&place()));
    assert_eq!(cursor.place(&query("mar")), Err(CursorError::OtherQuery));
    assert_eq!(
        cursor.place(&Query { sort: Sort::Updated, ..query("ma") }),
        Err(CursorError::OtherQuery)
    );
    assert_eq!(
        cursor.place(&Query { archived: true, ..query("ma") }),
        Err(CursorError::OtherQuery)
    );
    assert_eq!(
        cursor.place(&Query { organisation: Uuid::max(), ..query("ma") }),
        Err(CursorError::OtherQuery)
    );
}

#[test]
fn what_is_no_cursor_is_refused() {
    let good = Cursor::new(&query(""), place()).to_string();
    let nul =
        Place::List { sort_text: "a\0".to_owned(), moment_us: Some(0), customer: Uuid::nil() };
    let nul = Cursor::new(&query(""), nul).to_string();
    let cut = good.get(..good.len() - 5).unwrap();
    for text in ["", "x", "💥", "bnVsbA", cut, &good.to_uppercase(), &nul] {
        assert_eq!(Cursor::from_str(text), Err(CursorError::Unreadable), "{text}");
    }
}
