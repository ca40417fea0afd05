//! What belongs to lists alone.

use std::str::FromStr;

use jiff::Timestamp;
use projections::directory::{self, Cursor, CursorError, Entry, Error, Query, Sort};

use crate::support::{names, person, query, with};

#[tokio::test]
async fn a_list_is_in_the_order_asked_for_and_the_archive_is_another_list() {
    let at = |second| Timestamp::from_second(second).unwrap();
    let client = with(&[
        Entry { updated_at: at(3), ..person(1, "Berta") },
        Entry { updated_at: at(9), ..person(2, "Ängström") },
        Entry { updated_at: at(5), ..person(3, "Clara") },
        Entry { archived: true, ..person(4, "Old") },
    ])
    .await;
    let sorted = |sort| Query { sort, ..query("") };
    assert_eq!(names(&client, &sorted(Sort::Name)).await, ["Ängström", "Berta", "Clara"]);
    assert_eq!(names(&client, &sorted(Sort::NameBackwards)).await, ["Clara", "Berta", "Ängström"]);
    assert_eq!(names(&client, &sorted(Sort::Updated)).await, ["Ängström", "Clara", "Berta"]);
    assert_eq!(names(&client, &Query { archived: true, ..query("") }).await, ["Old"]);
    assert_eq!(names(&client, &Query { archived: true, ..query("old") }).await, ["Old"]);
    assert_eq!(names(&client, &query("old")).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_page_goes_on_where_the_last_one_ended_while_customers_come_and_go() {
    let mut client =
        with(&["Anna", "Berta", "Clara", "Dora"].map(|n| person(u128::from(n.as_bytes()[0]), n)))
            .await;
    let first = directory::list(&client, &Query { limit: 2, ..query("") }).await.unwrap();
    let tx = client.transaction().await.unwrap();
    directory::put(&tx, &[person(7, "Aaron"), person(8, "Cäcilie")]).await.unwrap();
    directory::remove(&tx, crate::support::ORGANISATION, &[person(u128::from(b'B'), "").customer])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        names(&client, &Query { after: first.next, ..query("") }).await,
        ["Cäcilie", "Clara", "Dora"]
    );
}

#[tokio::test]
async fn a_cursor_of_another_question_is_refused() {
    let client =
        with(&["Anna", "Anne", "Anni"].map(|n| person(u128::from(n.as_bytes()[3]), n))).await;
    let listed = directory::list(&client, &Query { limit: 1, ..query("") }).await.unwrap().next;
    let searched =
        directory::search(&client, &Query { limit: 1, ..query("ann") }).await.unwrap().next;
    assert!(listed.is_some() && searched.is_some());
    for (after, text) in [(listed.clone(), "ann"), (searched.clone(), ""), (searched, "anna")] {
        let refused = directory::search(&client, &Query { after, ..query(text) }).await;
        assert!(matches!(refused, Err(Error::Cursor(CursorError::OtherQuery))), "{text:?}");
    }
    assert_eq!(Cursor::from_str("nonsense"), Err(CursorError::Unreadable));
}
