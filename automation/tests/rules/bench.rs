//! An organisation in a database of its own, with an owner, a folder and whoever is wanted.

use std::sync::Arc;
use std::time::{Duration, Instant};

use automation::runs::{self, Outcome, Query, Run};
use automation::{Handle, Settings, start_with};
use domain::access::{Action, Principal, Scope, scope};
use domain::customer::{self, Customer};
use domain::user::INSTALLATION;
use domain::value::Role;
use domain::{Command, Recorded, Source};
use eventstore::nats::{Nats, NatsSettings};
use eventstore::relay::{Relay, RelaySettings};
use eventstore::source::{EventSource, LogSource, StreamSource};
use eventstore::{Caller, Done, Options, Refused, SecretKey, Store, StoreSettings, migrate};
use projections::PageQuery;
use serde_json::{Value, json};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Bench {
    pub(crate) socket_dir: String,
    pub(crate) database: String,
    pub(crate) master_key: SecretKey,
    pub(crate) store: Store,
    pub(crate) organisation: Uuid,
    pub(crate) owner: Uuid,
    /// Statuses: prospect (default), won, lost.
    pub(crate) folder: Uuid,
    pub(crate) relay: Option<(Nats, Relay)>,
}

impl Bench {
    pub(crate) async fn start() -> Self {
        let socket_dir = std::env::var("DOSSIER_TEST_POSTGRES")
            .expect("DOSSIER_TEST_POSTGRES names the socket folder of a test server: use ./test");
        let database = format!("rules_{}", Uuid::now_v7().simple());
        let postgres = connect(&socket_dir, "postgres").await;
        postgres.batch_execute(&format!("CREATE DATABASE {database}")).await.unwrap();
        migrate(&settings(&socket_dir, &database)).await.unwrap();
        let master_key = SecretKey::generate();
        let store = open(&socket_dir, &database, &master_key).await;
        let relay = relay(&store, &database).await;
        let organisation = Uuid::now_v7();
        let nobody = Uuid::nil();
        let (owner, folder) = (nobody, nobody);
        let mut bench =
            Self { socket_dir, database, master_key, store, organisation, owner, folder, relay };
        bench.store.create_organisation(INSTALLATION).await.unwrap();
        bench.store.create_organisation(organisation).await.unwrap();
        bench.system("organisation.create", Some(organisation), json!({"name": "Test"})).await;
        bench.owner = bench.member(&[Role::Owner]).await;
        let folder = json!({"name": "Leads", "statuses": ["prospect", "won", "lost"],
            "default_status": "prospect"});
        bench.folder = bench.done("folder.create", None, folder).await.stream_id;
        bench
    }

    /// Another store, as another process has it.
    pub(crate) async fn open(&self) -> Store {
        open(&self.socket_dir, &self.database, &self.master_key).await
    }

    pub(crate) async fn superuser(&self) -> Client {
        connect(&self.socket_dir, &self.database).await
    }

    /// A user who is a member.
    pub(crate) async fn member(&self, roles: &[Role]) -> Uuid {
        let user = Uuid::now_v7();
        let register = json!({"email": format!("{user}@example.org"), "name": "Somebody"});
        let command = Command::parse("user.register", Some(user), register).unwrap();
        let caller = Caller::new(Principal::system(INSTALLATION), Source::System);
        self.store.execute(&caller, command, &Options::default()).await.unwrap();
        self.system("member.add", Some(user), json!({"user": user, "roles": roles})).await;
        user
    }

    pub(crate) async fn block(&self, user: Uuid) {
        let command = Command::parse("user.block", Some(user), json!({})).unwrap();
        let caller = Caller::new(Principal::system(INSTALLATION), Source::System);
        self.store.execute(&caller, command, &Options::default()).await.unwrap();
    }

    pub(crate) async fn system(&self, name: &str, target: Option<Uuid>, data: Value) -> Done {
        let caller = Caller::new(Principal::system(self.organisation), Source::System);
        self.issue(&caller, name, target, data).await.unwrap()
    }

    pub(crate) fn caller(&self, source: Source) -> Caller {
        Caller::new(Principal::user(self.organisation, self.owner, [Role::Owner]), source)
    }

    /// Done by the owner over the API.
    pub(crate) async fn done(&self, name: &str, target: Option<Uuid>, data: Value) -> Done {
        let caller = self.caller(Source::Api);
        let answer = self.issue(&caller, name, target, data).await;
        answer.unwrap_or_else(|refused| panic!("{name}: {refused}"))
    }

    pub(crate) async fn issue(
        &self,
        caller: &Caller,
        name: &str,
        target: Option<Uuid>,
        data: Value,
    ) -> Result<Done, Refused> {
        self.store.execute(caller, Self::command(name, target, data), &Options::default()).await
    }

    pub(crate) fn command(name: &str, target: Option<Uuid>, data: Value) -> Command {
        Command::parse(name, target, data)
            .unwrap_or_else(|invalid| panic!("{name}: {} {invalid}", invalid.pointer))
    }

    /// A new customer in the folder.
    pub(crate) async fn customer(&self) -> Uuid {
        self.customer_with(json!({})).await
    }

    pub(crate) async fn customer_with(&self, more: Value) -> Uuid {
        let mut data = json!({"type": "person", "last_name": "Byron", "folder": self.folder});
        let Value::Object(more) = more else { panic!("{more}") };
        data.as_object_mut().unwrap().extend(more);
        self.done("customer.create", None, data).await.stream_id
    }

    pub(crate) async fn tag(&self, customer: Uuid, tag: &str) -> Done {
        self.done("customer.tag", Some(customer), json!({"tag": tag})).await
    }

    /// An active rule.
    pub(crate) async fn rule(&self, event: &str, more: Value) -> Uuid {
        let mut data = json!({"name": "Rule", "trigger": {"events": [event]}, "state": "active"});
        let Value::Object(more) = more else { panic!("{more}") };
        data.as_object_mut().unwrap().extend(more);
        self.done("rule.create", None, data).await.stream_id
    }

    /// Where a matcher gets its events from.
    pub(crate) fn source(&self, store: &Store) -> Arc<dyn EventSource> {
        match &self.relay {
            Some((nats, _)) => Arc::new(StreamSource::new(store.clone(), nats.clone())),
            None => Arc::new(LogSource::new(store.clone())),
        }
    }

    /// Automation that loses patience soon.
    pub(crate) fn automation(&self) -> Handle {
        let backoff = vec![Duration::from_millis(20); 2];
        self.automation_with(Settings { backoff, ..Settings::default() })
    }

    pub(crate) fn automation_with(&self, settings: Settings) -> Handle {
        let lease = Duration::from_millis(300);
        let claim = Duration::from_millis(500);
        start_with(
            self.store.clone(),
            self.source(&self.store),
            Settings { lease, claim, ..settings },
        )
    }

    /// Waits until every event has been matched and every run has ended.
    pub(crate) async fn settled(&self) {
        let sql = "SELECT count(*) FROM es.lane AS l
            JOIN automation.checkpoint AS c ON c.lane = l.lane
            WHERE c.position < l.next_position - 1
            UNION ALL SELECT count(*) FROM automation.run WHERE finished_at IS NULL";
        self.until(sql, |counts| counts.iter().all(|count| *count == 0)).await;
    }

    /// Waits until what the query counts is as it should be.
    pub(crate) async fn until(&self, sql: &str, good: impl Fn(&[i64]) -> bool) {
        let client = self.superuser().await;
        let since = Instant::now();
        loop {
            let rows = client.query(sql, &[]).await.unwrap();
            let counts: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
            if good(&counts) {
                return;
            }
            assert!(since.elapsed() < PATIENCE, "still {counts:?} after {PATIENCE:?}: {sql}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) fn scope(&self) -> Scope {
        let principal = Principal::user(self.organisation, self.owner, [Role::Owner]);
        scope(&principal, Action::RuleRead).unwrap()
    }

    /// All runs, oldest first.
    pub(crate) async fn runs(&self) -> Vec<Run> {
        self.runs_by(Query::default()).await
    }

    pub(crate) async fn runs_by(&self, query: Query) -> Vec<Run> {
        let query = Query { page: PageQuery::first(10_000), ..query };
        let mut runs = runs::list(&self.store, &self.scope(), &query).await.unwrap().runs;
        runs.reverse();
        runs
    }

    pub(crate) async fn outcomes(&self) -> Vec<Outcome> {
        self.runs().await.iter().map(|run| run.state.outcome()).collect()
    }

    /// The organisation's events of this name, in order.
    pub(crate) async fn events(&self, name: &str) -> Vec<Recorded> {
        let all = self.store.read_organisation(self.organisation, 0, i64::MAX, i64::MAX);
        all.await.unwrap().into_iter().filter(|event| event.type_name == name).collect()
    }

    pub(crate) async fn state(&self, customer: Uuid) -> customer::State {
        let (_, state) = self.store.load::<Customer>(self.organisation, customer).await.unwrap();
        (*state).clone()
    }

    pub(crate) async fn tags(&self, customer: Uuid) -> Vec<String> {
        self.state(customer).await.tags.into_values().collect()
    }

    /// From now on the database refuses events of this name, about this customer if one is named.
    pub(crate) async fn break_events(&self, name: &str, customer: Option<Uuid>) {
        let about = customer.map(|id| format!("AND NEW.customer_id = '{id}'")).unwrap_or_default();
        let sql = format!(
            "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN RAISE EXCEPTION 'broken on purpose'; END $$;
             CREATE TRIGGER broken BEFORE INSERT ON es.event FOR EACH ROW
               WHEN (NEW.type = '{name}' {about}) EXECUTE FUNCTION broken()"
        );
        self.superuser().await.batch_execute(&sql).await.unwrap();
    }

    pub(crate) async fn mend_events(&self) {
        self.superuser().await.batch_execute("DROP TRIGGER broken ON es.event").await.unwrap();
    }
}

/// NATS and a relay to it, where `DOSSIER_TEST_WITH_NATS` asks for them: so that the same tests are
/// run with them and without.
async fn relay(store: &Store, database: &str) -> Option<(Nats, Relay)> {
    std::env::var("DOSSIER_TEST_WITH_NATS").ok()?;
    let url = std::env::var("DOSSIER_TEST_NATS")
        .expect("DOSSIER_TEST_NATS is the address of a test server: use ./test");
    let settings = NatsSettings { url, prefix: database.to_owned(), replicas: 1 };
    let nats = Nats::connect(settings).await.unwrap();
    let relay = Relay::start(store, &nats, RelaySettings::default());
    Some((nats, relay))
}

fn settings(socket_dir: &str, database: &str) -> String {
    format!("host={socket_dir} user=dossier dbname={database}")
}

async fn open(socket_dir: &str, database: &str, master_key: &SecretKey) -> Store {
    Store::open(StoreSettings {
        database: settings(socket_dir, database),
        master_key: master_key.clone(),
        pool_size: 8,
        committers: 1,
    })
    .await
    .unwrap()
}

async fn connect(socket_dir: &str, database: &str) -> Client {
    let settings = settings(socket_dir, database);
    let (client, connection) = tokio_postgres::connect(&settings, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
