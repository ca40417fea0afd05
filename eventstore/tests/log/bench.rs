//! A database of its own for one test.

use eventstore::append::{Append, ClaimRow, Expected, NewEvent, StreamAppend};
use eventstore::{SecretKey, Store, StoreSettings, migrate};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

pub(crate) struct Bench {
    socket_dir: String,
    database: String,
    master_key: SecretKey,
}

impl Bench {
    pub(crate) async fn start() -> Self {
        let socket_dir = std::env::var("DOSSIER_TEST_POSTGRES")
            .expect("DOSSIER_TEST_POSTGRES names the socket folder of a test server: use ./test");
        let database = format!("log_{}", Uuid::now_v7().simple());
        let postgres = connect(&socket_dir, "postgres").await;
        postgres.batch_execute(&format!("CREATE DATABASE {database}")).await.unwrap();
        let bench = Self { socket_dir, database, master_key: SecretKey::generate() };
        migrate(&bench.settings(&bench.socket_dir)).await.unwrap();
        bench
    }

    pub(crate) fn socket_dir(&self) -> &str {
        &self.socket_dir
    }

    fn settings(&self, host: &str) -> String {
        format!("host={host} user=dossier dbname={}", self.database)
    }

    pub(crate) async fn store(&self) -> Store {
        self.store_through(&self.socket_dir).await
    }

    pub(crate) async fn store_through(&self, host: &str) -> Store {
        let settings = StoreSettings {
            database: self.settings(host),
            master_key: self.master_key.clone(),
            pool_size: 4,
            committers: 1,
        };
        Store::open(settings).await.unwrap()
    }

    pub(crate) async fn superuser(&self) -> Client {
        connect(&self.socket_dir, &self.database).await
    }

    pub(crate) async fn organisation(&self, store: &Store) -> Uuid {
        let organisation = Uuid::now_v7();
        store.create_organisation(organisation).await.unwrap();
        organisation
    }

    pub(crate) async fn organisations_of_one_lane(&self, store: &Store, count: usize) -> Vec<Uuid> {
        let mut organisations = Vec::new();
        for _ in 0..count {
            organisations.push(self.organisation(store).await);
        }
        self.superuser().await.batch_execute("UPDATE es.organisation SET lane = 3").await.unwrap();
        organisations
    }

    /// Positions of each lane and sequences of each organisation run from 1 without a gap, and
    /// the counters stand right behind them.
    pub(crate) async fn assert_dense(&self, events: i64) {
        let client = self.superuser().await;
        let count: i64 =
            client.query_one("SELECT count(*) FROM es.event", &[]).await.unwrap().get(0);
        assert_eq!(count, events);
        let gaps = "SELECT count(*) FROM (
                SELECT lane::text, count(*), max(position), (SELECT next_position - 1 FROM es.lane l WHERE l.lane = e.lane) AS counter
                FROM es.event e GROUP BY lane
                UNION ALL
                SELECT organisation::text, count(*), max(sequence), (SELECT next_sequence - 1 FROM es.organisation o WHERE o.organisation = e.organisation)
                FROM es.event e GROUP BY organisation
            ) AS numbers WHERE count <> max OR max <> counter";
        let gaps: i64 = client.query_one(gaps, &[]).await.unwrap().get(0);
        assert_eq!(gaps, 0);
    }

    pub(crate) async fn numbers(&self) -> Vec<i64> {
        let sql = "SELECT substr(convert_from(data, 'UTF8')::jsonb ->> 'number', 3)::bigint FROM es.event ORDER BY 1";
        let rows = self.superuser().await.query(sql, &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// Puts the log back as it was at [`keep_copy`](Self::keep_copy).
    pub(crate) async fn restore(&self, superuser: &Client) {
        superuser
            .batch_execute(
                "BEGIN; SET LOCAL session_replication_role = replica;
                 DELETE FROM es.event; INSERT INTO es.event SELECT * FROM copy_event;
                 DELETE FROM es.batch; INSERT INTO es.batch SELECT * FROM copy_batch;
                 UPDATE es.organisation o SET head = c.head FROM copy_organisation c WHERE c.organisation = o.organisation;
                 COMMIT",
            )
            .await
            .unwrap();
    }

    pub(crate) async fn keep_copy(&self) {
        self.superuser()
            .await
            .batch_execute(
                "CREATE TABLE copy_event AS SELECT * FROM es.event;
                 CREATE TABLE copy_batch AS SELECT * FROM es.batch;
                 CREATE TABLE copy_organisation AS SELECT * FROM es.organisation",
            )
            .await
            .unwrap();
    }
}

async fn connect(socket_dir: &str, database: &str) -> Client {
    let settings = format!("host={socket_dir} user=dossier dbname={database}");
    let (client, connection) = tokio_postgres::connect(&settings, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

pub(crate) fn event(name: &str) -> NewEvent {
    NewEvent {
        event_id: Uuid::now_v7(),
        type_name: name.to_owned(),
        schema_version: 1,
        customer_id: None,
        key_id: None,
        meta: b"{}".to_vec(),
        data: b"{\"a\":1}".to_vec(),
        private: None,
    }
}

pub(crate) fn one(organisation: Uuid, stream_id: Uuid, version: i64) -> Append {
    let mut append = Append::new(organisation);
    append.streams.push(StreamAppend {
        stream_id,
        expected: Expected::Version(version),
        events: vec![event("test.happened")],
    });
    append
}

pub(crate) fn claim(stream_id: Uuid, value: u128) -> ClaimRow {
    ClaimRow { kind: 1, value: Uuid::from_u128(value), stream_id, take: true }
}
