//! A database for each test, with the directory in it.

use std::env;

use deadpool_postgres::{Manager, Object, Pool};
use jiff::Timestamp;
use projections::audience::{Audience, Mark, Marks};
use projections::directory::sample::Sample;
use projections::directory::{
    self, EXTENSIONS, Entry, FUNCTIONS, Filters, INDEXES, Page, Query, Scope, Sort, TABLES,
};
use serde_json::json;
use tokio_postgres::{Config, NoTls};
use uuid::Uuid;

pub(crate) const ORGANISATION: Uuid = Uuid::from_u128(0x0a);
pub(crate) const NEIGHBOUR: Uuid = Uuid::from_u128(0x0b);

const ROLES: &str = "DO $$
DECLARE name text;
BEGIN
  PERFORM pg_advisory_xact_lock(4711);
  FOREACH name IN ARRAY ARRAY['dossier_owner', 'dossier_appender', 'dossier_worker', 'dossier_app'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    END IF;
  END LOOP;
END $$";

pub(crate) fn socket() -> String {
    env::var("DOSSIER_TEST_POSTGRES").expect(
        "DOSSIER_TEST_POSTGRES must name the socket directory of a PostgreSQL with the role dossier",
    )
}

fn pool(database: &str) -> Pool {
    let mut config = Config::new();
    config.host_path(socket()).user("dossier").dbname(database);
    Pool::builder(Manager::new(config, NoTls)).max_size(4).build().unwrap()
}

/// A new database with an empty directory.
pub(crate) async fn empty() -> Object {
    let name = format!("directory_{}", Uuid::now_v7().simple());
    let postgres = pool("postgres").get().await.unwrap();
    postgres.batch_execute(ROLES).await.unwrap();
    postgres.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
    let client = pool(&name).get().await.unwrap();
    client.batch_execute(EXTENSIONS).await.unwrap();
    create(&client, "directory").await;
    client.batch_execute(INDEXES).await.unwrap();
    client.batch_execute(FUNCTIONS).await.unwrap();
    client
}

/// An empty build of the directory without keys, in a schema that is first on the path from now on.
pub(crate) async fn create(client: &Object, schema: &str) {
    let path = format!("CREATE SCHEMA {schema}; SET search_path TO {schema}, public");
    client.batch_execute(&path).await.unwrap();
    client.batch_execute(TABLES).await.unwrap();
}

/// A database with these customers, written as a rebuild writes them.
pub(crate) async fn with(entries: &[Entry]) -> Object {
    let mut client = empty().await;
    client.batch_execute("DROP SCHEMA directory CASCADE").await.unwrap();
    create(&client, "directory").await;
    let tx = client.transaction().await.unwrap();
    let copied = directory::copy_in(&tx, entries.iter().cloned()).await.unwrap();
    assert_eq!(copied, u64::try_from(entries.len()).unwrap());
    tx.commit().await.unwrap();
    client.batch_execute(INDEXES).await.unwrap();
    client.batch_execute("VACUUM (ANALYZE)").await.unwrap();
    client
}

/// Customers of two organisations, whose ids and names are made alike.
pub(crate) fn customers(count: u64) -> Vec<Entry> {
    let ours = Sample::new(ORGANISATION, 1, count);
    let others = Sample::new(NEIGHBOUR, 1, count / 4);
    ours.entries().chain(others.entries()).collect()
}

pub(crate) fn person(number: u128, name: &str) -> Entry {
    Entry {
        organisation: ORGANISATION,
        customer: Uuid::from_u128(number),
        kind: "person".to_owned(),
        display_name: name.to_owned(),
        first_name: None,
        last_name: None,
        company_name: None,
        emails: Vec::new(),
        phones: Vec::new(),
        external_ids: Vec::new(),
        folder: None,
        status: None,
        tags: Vec::new(),
        workers: Vec::new(),
        lifecycle: "active".to_owned(),
        flagged: None,
        open_risk_flags: 0,
        archived: false,
        version: 1,
        position: 1,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        last_activity_at: Timestamp::UNIX_EPOCH,
        marks: Marks::from([(Audience::Everybody, Mark::default())]),
        document: json!({ "display_name": name }),
    }
}

pub(crate) fn query(text: &str) -> Query {
    Query {
        organisation: ORGANISATION,
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

/// All pages of an answer, the cursor written out and read again between them.
pub(crate) async fn pages(client: &Object, query: &Query) -> Vec<Page> {
    let mut query = query.clone();
    let mut pages: Vec<Page> = Vec::new();
    loop {
        let page = directory::search(client, &query).await.unwrap();
        let next = page.next.clone();
        assert!(page.hits.len() <= usize::from(query.limit));
        assert!(
            next.is_none() || page.hits.len() == usize::from(query.limit),
            "a page is full if another follows"
        );
        pages.push(page);
        match next {
            Some(cursor) => query.after = Some(cursor.to_string().parse().unwrap()),
            None => return pages,
        }
    }
}

/// The names of the first page.
pub(crate) async fn names(client: &Object, query: &Query) -> Vec<String> {
    let page = directory::search(client, query).await.unwrap();
    page.hits.iter().map(|hit| hit.document["display_name"].as_str().unwrap().to_owned()).collect()
}
