//! A rebuild beside the live tables, and the swap.

use projections::directory::{self, INDEXES};

use crate::support::{create, names, person, query, with};

#[tokio::test]
async fn searches_go_on_over_the_new_tables_after_a_swap() {
    let mut client = with(&[person(1, "Old Anna"), person(2, "Old Berta")]).await;
    // More often than a plan is cached for, so that old plans would be found out.
    for text in ["anna", "berta", "old", "", "anno", "@x", "123"].repeat(8) {
        names(&client, &query(text)).await;
    }
    create(&client, "directory_next").await;
    let tx = client.transaction().await.unwrap();
    directory::copy_in(&tx, [person(1, "New Anna")].into_iter()).await.unwrap();
    directory::copy_in(&tx, [person(3, "New Clara")].into_iter()).await.unwrap();
    tx.commit().await.unwrap();
    client.batch_execute(INDEXES).await.unwrap();
    let tx = client.transaction().await.unwrap();
    directory::put(&tx, &[person(4, "New Dora")]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        names(&client, &query("anna")).await,
        ["Old Anna"],
        "the old one serves until the swap"
    );
    client
        .batch_execute(
            "BEGIN; ALTER SCHEMA directory RENAME TO directory_old; ALTER SCHEMA directory_next RENAME TO directory; COMMIT",
        )
        .await
        .unwrap();
    assert_eq!(names(&client, &query("")).await, ["New Anna", "New Clara", "New Dora"]);
    assert_eq!(names(&client, &query("old")).await, Vec::<String>::new());
    client
        .batch_execute("DROP SCHEMA directory_old CASCADE; SET search_path TO directory, public")
        .await
        .unwrap();
    for text in ["clara", "clraa", "lara", "new cl"] {
        assert_eq!(names(&client, &query(text)).await, ["New Clara"], "{text}");
    }
    let tx = client.transaction().await.unwrap();
    directory::put(&tx, &[person(5, "New Emil")]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(names(&client, &query("emil")).await, ["New Emil"]);
}
