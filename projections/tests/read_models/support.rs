//! A database for each test, with a store, an organisation and the read models' runners.

use std::env;
use std::time::Duration;

use domain::access::{self, Action, Principal, Scope};
use domain::user::INSTALLATION;
use domain::value::Role;
use domain::{Command, Source};
use eventstore::{Caller, Done, Options, Refused, SecretKey, Store, StoreSettings};
use jiff::Timestamp;
use projections::{Handle, models};
use serde_json::{Value, json};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

pub(crate) const WAIT: Duration = Duration::from_secs(20);
const TEMPLATE: &str = "template_dossier";

pub(crate) struct World {
    pub(crate) settings: String,
    pub(crate) store: Store,
    pub(crate) organisation: Uuid,
    runners: Option<Handle>,
}

impl World {
    /// With runners.
    pub(crate) async fn new() -> Self {
        let mut world = Self::without_runners().await;
        world.runners = Some(projections::start(world.store.clone()));
        world
    }

    pub(crate) async fn without_runners() -> Self {
        let settings = database().await;
        let store = open(&settings).await;
        let organisation = Uuid::now_v7();
        for organisation in [INSTALLATION, organisation] {
            store.create_organisation(organisation).await.unwrap();
        }
        Self { settings, store, organisation, runners: None }
    }

    pub(crate) async fn stop(&mut self) {
        if let Some(runners) = self.runners.take() {
            runners.stop().await;
        }
    }

    pub(crate) fn start(&mut self) {
        self.runners = Some(projections::start(self.store.clone()));
    }

    pub(crate) fn statuses(&self) -> Vec<(&'static str, projections::Status)> {
        self.runners.as_ref().map(Handle::statuses).unwrap_or_default()
    }

    pub(crate) async fn try_run(
        &self,
        organisation: Uuid,
        name: &str,
        target: Option<Uuid>,
        data: Value,
        occurred_at: Option<Timestamp>,
    ) -> Result<Done, Refused> {
        let command =
            Command::parse(name, target, data).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        let mut caller = Caller::new(Principal::system(organisation), Source::Api);
        caller.occurred_at = occurred_at;
        self.store.execute(&caller, command, &Options::default()).await
    }

    pub(crate) async fn run(&self, name: &str, target: Option<Uuid>, data: Value) -> Done {
        let done = self.try_run(self.organisation, name, target, data, None).await;
        done.unwrap_or_else(|refused| panic!("{name}: {refused:?}"))
    }

    pub(crate) async fn person(&self, first: &str, last: &str) -> Uuid {
        let data = json!({"type": "person", "first_name": first, "last_name": last});
        self.run("customer.create", None, data).await.stream_id
    }

    /// Somebody who signs in and is a member with this role.
    pub(crate) async fn member(&self, name: &str, role: Role) -> Uuid {
        let email = format!("{}@example.com", name.to_lowercase());
        let data = json!({"email": email, "name": name});
        let user = self.try_run(INSTALLATION, "user.register", None, data, None).await;
        let user = user.unwrap().stream_id;
        self.run("member.add", None, json!({"user": user, "roles": [role]})).await;
        user
    }

    /// Waits until every read model has come to the organisation's head.
    pub(crate) async fn settle(&self) {
        for organisation in [INSTALLATION, self.organisation] {
            let head = self.store.head_sequence(organisation).await.unwrap();
            for name in models::NAMES {
                let reached =
                    projections::wait_for(&self.store, name, organisation, head, WAIT).await;
                reached.unwrap_or_else(|error| panic!("{name}: {error} {:?}", self.statuses()));
            }
        }
    }

    pub(crate) async fn sql(&self) -> Client {
        connect(&self.settings).await
    }

    pub(crate) fn scope(&self, role: Role, action: Action) -> Scope {
        scope_of(self.organisation, Uuid::nil(), role, action)
    }
}

pub(crate) fn scope_of(organisation: Uuid, user: Uuid, role: Role, action: Action) -> Scope {
    access::scope(&Principal::user(organisation, user, [role]), action).unwrap()
}

/// Every read model, built anew, is what it is live.
pub(crate) async fn assert_rebuilt_equals_live(store: &Store) {
    for name in models::NAMES {
        let comparison = projections::rebuilt_equals_live(store, name).await;
        let comparison = comparison.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert!(comparison.is_equal(), "{name}: {:#?}", comparison.differing);
    }
}

pub(crate) async fn open(settings: &str) -> Store {
    let settings = StoreSettings {
        database: settings.to_owned(),
        master_key: SecretKey::generate(),
        pool_size: 6,
        committers: 1,
    };
    Store::open(settings).await.unwrap()
}

fn server(database: &str) -> String {
    let socket = env::var("DOSSIER_TEST_POSTGRES").expect(
        "DOSSIER_TEST_POSTGRES must name the socket directory of a PostgreSQL with the role dossier",
    );
    let user = env::var("DOSSIER_TEST_POSTGRES_USER").unwrap_or_else(|_| "dossier".to_owned());
    format!("host={socket} user={user} dbname={database}")
}

pub(crate) async fn connect(settings: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(settings, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A fresh database: a copy of the template where there is one, else migrated here.
async fn database() -> String {
    let name = format!("read_models_{}", Uuid::now_v7().simple());
    let postgres = connect(&server("postgres")).await;
    let template = "SELECT FROM pg_database WHERE datname = $1";
    let there = postgres.query_opt(template, &[&TEMPLATE]).await.unwrap().is_some();
    if there {
        let create = format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}");
        postgres.batch_execute(&create).await.unwrap();
    } else {
        // Roles belong to the whole server: tests must not make them side by side.
        postgres.batch_execute("SELECT pg_advisory_lock(815)").await.unwrap();
        postgres.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        eventstore::migrate(&server(&name)).await.unwrap();
    }
    // Rights on a database are not copied with it.
    projections::install(&server(&name)).await.unwrap();
    server(&name)
}
