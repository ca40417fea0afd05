//! Writing page by page leaves exactly what a rebuild makes.

use deadpool_postgres::Object;
use projections::directory::sample::Sample;
use projections::directory::{self, Entry, INDEXES};
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    NEIGHBOUR, ORGANISATION, create, customers, empty, names, person, query, with,
};

async fn put(client: &mut Object, entries: &[Entry]) {
    let tx = client.transaction().await.unwrap();
    directory::put(&tx, entries).await.unwrap();
    tx.commit().await.unwrap();
}

async fn remove(client: &mut Object, customers: &[Uuid]) {
    let tx = client.transaction().await.unwrap();
    directory::remove(&tx, ORGANISATION, customers).await.unwrap();
    tx.commit().await.unwrap();
}

/// The same customers after many changes of all kinds.
fn changed(entries: &[Entry], round: u64) -> Vec<Entry> {
    let other = Sample::new(ORGANISATION, 77 + round, 3_000);
    let change = |(at, entry): (usize, &Entry)| {
        let from = other.entry(u64::try_from(at).unwrap());
        let mut entry = entry.clone();
        entry.version += 1;
        match (at + usize::try_from(round).unwrap()) % 8 {
            0 => entry.status = from.status,
            1 => (entry.display_name, entry.last_name) = (from.display_name, from.last_name),
            2 => (entry.emails, entry.phones) = (from.emails, from.phones),
            3 => (entry.tags, entry.workers) = (from.tags, from.workers),
            4 => entry.archived = !entry.archived,
            5 => (entry.folder, entry.open_risk_flags) = (from.folder, 1 - entry.open_risk_flags),
            6 => (entry.external_ids, entry.kind) = (from.external_ids, from.kind),
            _ => return entry,
        }
        entry.document = json!({ "display_name": entry.display_name, "version": entry.version });
        entry
    };
    entries.iter().enumerate().map(change).collect()
}

#[tokio::test]
async fn pages_of_changes_leave_what_a_rebuild_makes() {
    let mut client = empty().await;
    let mut entries = customers(1_200);
    for page in entries.chunks(100) {
        put(&mut client, page).await;
    }
    for round in 0..5 {
        entries = changed(&entries, round);
        for page in entries.chunks(333) {
            put(&mut client, page).await;
        }
    }
    let (gone, kept): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|e| e.organisation == ORGANISATION && e.version % 3 == 0);
    remove(&mut client, &gone.iter().map(|e| e.customer).collect::<Vec<_>>()).await;
    let mut lived = Vec::new();
    for organisation in [ORGANISATION, NEIGHBOUR] {
        lived.push(directory::contents(&client, organisation).await.unwrap());
    }

    create(&client, "directory_next").await;
    let tx = client.transaction().await.unwrap();
    directory::copy_in(&tx, kept.iter().rev().cloned()).await.unwrap();
    tx.commit().await.unwrap();
    client.batch_execute(INDEXES).await.unwrap();
    for (at, organisation) in [ORGANISATION, NEIGHBOUR].into_iter().enumerate() {
        let rebuilt = directory::contents(&client, organisation).await.unwrap();
        assert!(rebuilt.len() > kept.len(), "{} rows", rebuilt.len());
        for (live, rebuilt) in lived[at].iter().zip(&rebuilt) {
            assert_eq!(live, rebuilt);
        }
        assert_eq!(lived[at].len(), rebuilt.len());
    }
}

#[tokio::test]
async fn a_status_change_touches_no_term() {
    let mut client = with(&customers(50)).await;
    let rows = "SELECT string_agg(t.ctid::text || t.xmin::text, ' ' ORDER BY t.ctid) FROM terms t";
    let before: String = client.query_one(rows, &[]).await.unwrap().get(0);
    let changed: Vec<Entry> = customers(50)
        .into_iter()
        .map(|e| Entry { status: Some("elsewhere".to_owned()), version: 99, folder: None, ..e })
        .collect();
    put(&mut client, &changed).await;
    let after: String = client.query_one(rows, &[]).await.unwrap().get(0);
    assert_eq!(before, after);
    let page = directory::search(&client, &query("")).await.unwrap();
    assert!(page.hits.iter().all(|hit| hit.version == 99) && !page.hits.is_empty());
}

#[tokio::test]
async fn a_renamed_customer_is_found_by_the_new_name_only() {
    let mut client = with(&[person(1, "Anna Unique"), person(2, "Anna Other")]).await;
    put(&mut client, &[person(1, "Berta Changed")]).await;
    assert_eq!(names(&client, &query("anna")).await, ["Anna Other"]);
    assert_eq!(names(&client, &query("unique")).await, Vec::<String>::new());
    assert_eq!(names(&client, &query("berta")).await, ["Berta Changed"]);
    assert_eq!(words(&client).await, ["anna", "berta", "changed", "other"]);
}

#[tokio::test]
async fn a_removed_customer_leaves_no_word_behind() {
    let mut client =
        with(&[person(1, "Anna Unique"), Entry { archived: true, ..person(2, "Anna Other") }])
            .await;
    remove(&mut client, &[Uuid::from_u128(1), Uuid::from_u128(77)]).await;
    assert_eq!(words(&client).await, ["anna", "other"]);
    remove(&mut client, &[Uuid::from_u128(2)]).await;
    let left = directory::contents(&client, ORGANISATION).await.unwrap();
    assert_eq!(left, Vec::<String>::new());
}

#[tokio::test]
async fn of_two_entries_for_one_customer_the_later_counts() {
    let mut client = empty().await;
    put(&mut client, &[person(1, "First"), person(1, "Second")]).await;
    assert_eq!(names(&client, &query("")).await, ["Second"]);
    assert_eq!(words(&client).await, ["second"]);
    put(&mut client, &[]).await;
    let tx = client.transaction().await.unwrap();
    directory::remove(&tx, NEIGHBOUR, &[Uuid::from_u128(1)]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(names(&client, &query("")).await, ["Second"]);
}

#[tokio::test]
async fn odd_texts_are_stored_as_they_are() {
    let mut client = empty().await;
    let odd = Entry {
        emails: vec!["weird\"@{x},\\y".to_owned(), "no at sign".to_owned()],
        phones: vec!["{,\"".to_owned()],
        external_ids: vec![("a{\"".to_owned(), "é\\,NULL".to_owned())],
        tags: vec!["NULL".to_owned(), "a,b".to_owned(), "\"".to_owned()],
        flagged: Some("😀 \n".to_owned()),
        ..person(1, &"Łong ".repeat(900))
    };
    put(&mut client, std::slice::from_ref(&odd)).await;
    let lived = directory::contents(&client, ORGANISATION).await.unwrap();
    create(&client, "directory_next").await;
    let tx = client.transaction().await.unwrap();
    directory::copy_in(&tx, [odd].into_iter()).await.unwrap();
    tx.commit().await.unwrap();
    client.batch_execute(INDEXES).await.unwrap();
    assert_eq!(directory::contents(&client, ORGANISATION).await.unwrap(), lived);
    assert!(lived.iter().any(|line| line.contains("\"term\": \"tNULL\"")), "{lived:?}");
}

async fn words(client: &Object) -> Vec<String> {
    let rows = client.query("SELECT l.word FROM lexicon l ORDER BY l.word", &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}
