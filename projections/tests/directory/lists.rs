//! What belongs to lists alone.

use std::str::FromStr;

use jiff::Timestamp;
use projections::audience::{Audience, Mark};
use projections::directory::{self, Cursor, CursorError, Entry, Error, Query, Sort};

use crate::support::{customers, names, pages, person, query, with};

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

#[tokio::test]
async fn who_sees_less_lists_by_the_moments_of_what_they_see() {
    let at = |second| Timestamp::from_second(second).unwrap();
    let mark = |second| Mark { position: 1, updated_at: at(second), last_activity_at: at(second) };
    let entry = |number, name, everybody, risk: Option<i64>, contact: Option<i64>| {
        let all = [Some(everybody), risk, contact].into_iter().flatten().max().unwrap();
        let kinds = [Audience::Everybody, Audience::Risk, Audience::Contact];
        let marks = kinds.into_iter().zip([Some(everybody), risk, contact]);
        let marks = marks.filter_map(|(audience, second)| Some((audience, mark(second?))));
        let (updated_at, last_activity_at) = (at(all), at(all));
        Entry { updated_at, last_activity_at, marks: marks.collect(), ..person(number, name) }
    };
    let client = with(&[
        entry(1, "Anna", 1, Some(9), None),
        entry(2, "Berta", 5, None, Some(6)),
        entry(3, "Clara", 7, Some(8), Some(2)),
        entry(4, "Dora", 3, None, None),
    ])
    .await;
    let by = |sort, audiences| Query { sort, audiences, ..query("") };
    let (everybody, contact) =
        (Some(vec![Audience::Everybody]), Some(vec![Audience::Everybody, Audience::Contact]));
    for sort in [Sort::Updated, Sort::Active] {
        let listed = names(&client, &by(sort, None)).await;
        assert_eq!(listed, ["Anna", "Clara", "Berta", "Dora"]);
        for less in [&everybody, &contact] {
            let listed = names(&client, &by(sort, less.clone())).await;
            assert_eq!(listed, ["Clara", "Berta", "Dora", "Anna"]);
        }
    }
    // A cursor of one reader is none of another's, and in the order of names it tells no moment.
    let first = Query { limit: 1, ..by(Sort::Updated, everybody) };
    let after = directory::list(&client, &first).await.unwrap().next;
    for audiences in [None, contact] {
        let other = Query { after: after.clone(), ..by(Sort::Updated, audiences) };
        let refused = directory::list(&client, &other).await;
        assert!(matches!(refused, Err(Error::Cursor(CursorError::OtherQuery))));
    }
    let by_name = directory::list(&client, &Query { limit: 1, ..query("") }).await.unwrap();
    let cursor = format!("{:?}", by_name.next.unwrap());
    assert!(cursor.contains("moment_us: None"), "{cursor}");
}

#[tokio::test]
async fn pages_by_the_moments_of_some_are_the_same_there_and_back() {
    let mut client = with(&customers(600)).await;
    let limited = vec![Audience::Everybody, Audience::Contact];
    let query = Query { sort: Sort::Active, audiences: Some(limited), limit: 37, ..query("") };
    let there = pages(&client, &query).await;
    let mut before = there.last().unwrap().prev.clone();
    for page in there.iter().rev().skip(1) {
        let back = Query { after: before, backwards: true, ..query.clone() };
        let back = directory::list(&client, &back).await.unwrap();
        assert_eq!(back.hits, page.hits);
        before = back.prev;
    }
    assert_eq!(before, None);
    let tx = client.transaction().await.unwrap();
    let mut last = customers(600).into_iter().find(|entry| !entry.archived).unwrap();
    let now = Timestamp::from_second(2_000_000_000).unwrap();
    let mark = Mark { position: 1, updated_at: now, last_activity_at: now };
    last.marks.insert(Audience::Contact, mark);
    directory::put(&tx, &[last.clone()]).await.unwrap();
    tx.commit().await.unwrap();
    let page = directory::list(&client, &query).await.unwrap();
    assert_eq!(page.hits[0].customer, last.customer);
}
