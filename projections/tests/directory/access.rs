//! The app's role reaches the directory through the functions only.

use deadpool_postgres::Object;
use projections::directory::{self, FUNCTIONS};

use crate::support::{NEIGHBOUR, ORGANISATION, names, person, query, with};

#[tokio::test]
async fn the_app_may_search_but_not_read_the_tables() {
    let client = with(&[person(1, "Anna Abel")]).await;
    client.batch_execute("SET ROLE dossier_app").await.unwrap();
    for table in ["organisations", "customers", "terms", "lexicon"] {
        for schema in ["", "directory."] {
            let sql = format!("SELECT count(*) FROM {schema}{table}");
            assert!(client.query(sql.as_str(), &[]).await.is_err(), "{schema}{table}");
        }
    }
    let inner =
        "SELECT count(*) FROM directory_search.starting(1, false, NULL, 'a', NULL, NULL, NULL, 9)";
    assert!(client.query(inner, &[]).await.is_err(), "inner functions are closed");
    see(&client, &ORGANISATION.to_string()).await;
    for text in ["anna", "anan", "", "a@b", "1234"] {
        directory::search(&client, &query(text)).await.unwrap();
    }
    assert_eq!(names(&client, &query("anna")).await, ["Anna Abel"]);
}

#[tokio::test]
async fn the_app_finds_nobody_of_an_organisation_that_it_has_not_named() {
    let client = with(&[person(1, "Anna Abel")]).await;
    client.batch_execute("SET ROLE dossier_app").await.unwrap();
    for named in ["", &NEIGHBOUR.to_string()] {
        see(&client, named).await;
        for text in ["anna", "anan", ""] {
            assert_eq!(names(&client, &query(text)).await, [""; 0], "{text}, as {named:?}");
        }
    }
}

async fn see(client: &Object, organisation: &str) {
    client
        .execute("SELECT set_config('dossier.organisation', $1, false)", &[&organisation])
        .await
        .unwrap();
}

#[tokio::test]
async fn a_search_path_of_the_caller_changes_nothing() {
    let client = with(&[person(1, "Anna Abel")]).await;
    client
        .batch_execute(
            "CREATE SCHEMA trap; CREATE TABLE trap.customers (sort_text text); CREATE TABLE trap.organisations (number int);
             SET search_path TO trap, public",
        )
        .await
        .unwrap();
    assert_eq!(names(&client, &query("anna")).await, ["Anna Abel"]);
}

#[tokio::test]
async fn the_functions_may_be_created_again() {
    let client = with(&[person(1, "Anna Abel")]).await;
    client.batch_execute(FUNCTIONS).await.unwrap();
    assert_eq!(names(&client, &query("anna")).await, ["Anna Abel"]);
}
