//! Row-level security as the second line: with the application's own predicate taken out of a
//! statement, a request sees the rows of the organisation that it has named, and no others.

use std::fs;
use std::path::{Path, PathBuf};

use domain::value::{NoteScope, Role};
use projections::models;
use serde_json::json;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::mix::Mix;
use crate::support::World;

/// Read as the worker, who folds all organisations: directories whose rows have no organisation of
/// their own, names of people, and what compares and rebuilds.
const AS_WORKER: [&str; 9] = [
    "directory/contents.sql",
    "document/lines.sql",
    "folders/counts.sql",
    "members/list.sql",
    "predicate/count.sql",
    "predicate/find.sql",
    "reader/folders.sql",
    "reader/rules.sql",
    "reader/users.sql",
];
/// It ends with the first values that find something.
const TRIES: usize = 20_000;

#[tokio::test(flavor = "multi_thread")]
async fn without_the_applications_predicate_no_row_of_another_organisation_is_read() {
    let mut world = World::new().await;
    furnish(&world).await;
    world.settle().await;
    let reader = world.sql().await;
    reader.batch_execute("SET ROLE dossier_app").await.unwrap();
    let elsewhere = Uuid::now_v7();
    world.store.create_organisation(elsewhere).await.unwrap();
    let mut tried = 0;
    for path in statements() {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(source()).unwrap().display().to_string();
        if !text.contains("organisation = $1") || AS_WORKER.contains(&name.as_str()) {
            continue;
        }
        let text = stripped(&text).replace("{schema}", "tasks");
        let statement = reader.prepare(&text).await;
        let statement = statement.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let ids = ids_of(&world, name.split('/').next().unwrap()).await;
        let mut random = Random(7);
        see(&reader, &world.organisation.to_string()).await;
        let mut found = None;
        for _ in 0..TRIES {
            let values: Vec<_> =
                statement.params().iter().map(|kind| random.value(kind, &ids)).collect();
            if rows(&reader, &statement, &values).await > 0 {
                found = Some(values);
                break;
            }
        }
        let values = found.unwrap_or_else(|| panic!("{name} finds nothing at all"));
        for named in [elsewhere.to_string(), String::new()] {
            see(&reader, &named).await;
            assert_eq!(rows(&reader, &statement, &values).await, 0, "{name}, as {named:?}");
        }
        tried += 1;
    }
    assert!(tried > 25, "only {tried} statements were tried");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_of_a_read_model_shows_one_organisation_or_none() {
    let mut world = World::new().await;
    furnish(&world).await;
    world.settle().await;
    let (reader, all) = (world.sql().await, world.sql().await);
    reader.batch_execute("SET ROLE dossier_app").await.unwrap();
    let tables = "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.columns
        WHERE column_name = 'organisation' AND table_schema = ANY ($1)
          AND has_table_privilege('dossier_app', format('%I.%I', table_schema, table_name), 'SELECT')";
    let schemas: Vec<&str> = models::NAMES.to_vec();
    let tables = all.query(tables, &[&schemas]).await.unwrap();
    assert!(tables.len() > 20, "only {} tables", tables.len());
    let mut seen = 0;
    for table in tables {
        let table: String = table.get(0);
        let own = format!("SELECT count(*) FROM {table} WHERE organisation = $1");
        let own: i64 = all.query_one(&own, &[&world.organisation]).await.unwrap().get(0);
        let count = format!("SELECT count(*) FROM {table}");
        for (named, expected) in [
            (world.organisation.to_string(), own),
            (Uuid::now_v7().to_string(), 0),
            (String::new(), 0),
        ] {
            see(&reader, &named).await;
            let found: i64 = reader.query_one(&count, &[]).await.unwrap().get(0);
            assert_eq!(found, expected, "{table}, as {named:?}");
        }
        seen += own;
    }
    assert!(seen > 100, "the tables are empty: {seen}");
    world.stop().await;
}

/// Something for every read model.
async fn furnish(world: &World) {
    let mut mix = Mix::new(world, 5).await;
    mix.commands(250).await;
    let mary = world.member("Mary", Role::Sales).await;
    let customer = world.person("Ada", "Byron").await;
    let sent = json!({"to": [mary], "customer": customer, "text": "Ada waits"});
    world.run("notification.send", None, sent).await;
    world.run("team.create", None, json!({"name": "North"})).await;
    let template = json!({"name": "T", "channel": "sms", "text": "Hello"});
    world.run("template.create", None, template).await;
    let letter =
        json!({"channel": "sms", "from": "+4930123456", "text": "Hello", "provider_id": "1"});
    world.run("unmatched.receive_message", Some(Uuid::now_v7()), letter).await;
    let rule = json!({"name": "R", "trigger": {"events": ["customer.tagged"]},
        "then": [{"action": "add_tag", "tag": "seen"}]});
    let rule = world.run("rule.create", None, rule).await.stream_id;
    let finish = json!({"rule": rule, "rule_version": 1, "trigger_event": Uuid::now_v7(),
        "customer": customer, "outcome": "done"});
    world.run("rule_run.finish", Some(Uuid::now_v7()), finish).await;
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn statements() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![source()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "sql") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The statement with every `organisation = $1` taken out.
fn stripped(text: &str) -> String {
    let mut parts = text.split("organisation = $1");
    let mut stripped = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // The alias of the table stands in front.
        if stripped.ends_with('.') {
            stripped.truncate(stripped.len() - 2);
        }
        stripped.push_str("$1::uuid IS NOT NULL");
        stripped.push_str(part);
    }
    stripped
}

async fn see(client: &Client, organisation: &str) {
    let name = "SELECT set_config('dossier.organisation', $1, false)";
    client.execute(name, &[&organisation]).await.unwrap();
}

/// Rows in which there is something.
async fn rows(
    client: &Client,
    statement: &tokio_postgres::Statement,
    values: &[Box<dyn ToSql + Sync + Send>],
) -> usize {
    let values: Vec<&(dyn ToSql + Sync)> =
        values.iter().map(|value| -> &(dyn ToSql + Sync) { &**value }).collect();
    let rows = client.query(statement, &values).await.unwrap();
    rows.iter().filter(|row| has_body(row)).count()
}

fn has_body(row: &Row) -> bool {
    let at = row.columns().iter().position(|column| column.name() == "body");
    at.is_none_or(|at| row.get::<_, Option<serde_json::Value>>(at).is_some())
}

/// Ids and subjects of a few rows; those of tables of others where the folder is no read model.
async fn ids_of(world: &World, model: &str) -> Vec<Uuid> {
    let model = if models::NAMES.contains(&model) { model } else { "tasks" };
    let client = world.sql().await;
    let rows = if model == "notifications" {
        let text = "SELECT recipient FROM notifications.document WHERE organisation = $1 LIMIT 3";
        client.query(text, &[&world.organisation]).await
    } else {
        let text = format!(
            "SELECT id FROM (SELECT DISTINCT ON (body ->> 'kind') id, subject FROM {model}.document WHERE organisation = $1) d
             UNION SELECT subject FROM (SELECT DISTINCT ON (body ->> 'kind') subject FROM {model}.document WHERE organisation = $1) d"
        );
        client.query(text.as_str(), &[&world.organisation]).await
    };
    rows.unwrap().iter().map(|row| row.get(0)).collect()
}

struct Random(u64);

impl Random {
    fn below(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(below).unwrap()).unwrap()
    }

    /// A value of this type that may well find something.
    fn value(&mut self, kind: &Type, ids: &[Uuid]) -> Box<dyn ToSql + Sync + Send> {
        const WORDS: [&str; 10] = [
            "",
            "9999-12-31",
            "\u{10FFFF}",
            "invoice",
            "note",
            "interaction",
            "%",
            "tasks",
            "posted",
            "message",
        ];
        let word = WORDS[self.below(WORDS.len())];
        let words = self.below(2) == 0;
        match *kind {
            Type::UUID if self.below(ids.len() + 1) == 0 => Box::new(None::<Uuid>),
            Type::UUID => Box::new(ids.get(self.below(ids.len().max(1))).copied()),
            Type::UUID_ARRAY => Box::new(ids.to_vec()),
            Type::BOOL => Box::new([None, Some(true), Some(false)][self.below(3)]),
            Type::INT8 => Box::new([0, 20, i64::MAX][self.below(3)]),
            Type::INT8_ARRAY => Box::new(vec![0, i64::MAX]),
            Type::TEXT if words => Box::new(word),
            Type::TEXT => Box::new(None::<&str>),
            Type::TEXT_ARRAY if words => Box::new(None::<Vec<String>>),
            Type::TEXT_ARRAY => {
                let scopes = NoteScope::ALL.iter().map(|scope| scope.name());
                let kinds = ["payment", "credit", "message", "invoice"];
                Box::new(kinds.into_iter().chain(scopes).collect::<Vec<_>>())
            }
            ref other => panic!("no value for {other}"),
        }
    }
}
