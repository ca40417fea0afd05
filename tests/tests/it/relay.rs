//! The copy of the log in JetStream: whatever happens to relays and streams, in the end it holds
//! every event once, in order, and who follows it misses nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_nats::jetstream::{self, stream};
use eventstore::append::{Append, Expected, NewEvent, StreamAppend};
use eventstore::nats::{Nats, NatsSettings};
use eventstore::relay::{Relay, RelaySettings};
use eventstore::source::{EventSource, StreamSource};
use eventstore::{SecretKey, Store, StoreSettings};
use serde_json::Value;
use tests::nats_server::NatsServer;
use tokio::time::sleep;
use uuid::Uuid;

use crate::app::{DataDir, PATIENCE, nats_url, new_database};

/// Relays that look again soon.
const SOON: RelaySettings =
    RelaySettings { lease: Duration::from_secs(5), check: Duration::from_millis(200) };

/// A log of one organisation, and where its copy is.
struct Log {
    database: String,
    master_key: SecretKey,
    store: Store,
    organisation: Uuid,
    lane: i16,
    url: String,
    prefix: String,
}

impl Log {
    async fn start(url: &str) -> Self {
        let database = new_database().await;
        let prefix = database.rsplit('=').next().unwrap().to_owned();
        Self::over(database, url, prefix).await
    }

    async fn over(database: String, url: &str, prefix: String) -> Self {
        let master_key = SecretKey::generate();
        let store = open(&database, &master_key).await;
        let organisation = Uuid::now_v7();
        store.create_organisation(organisation).await.unwrap();
        let lane = store.lane_of(organisation).await.unwrap();
        Self { database, master_key, store, organisation, lane, url: url.to_owned(), prefix }
    }

    async fn nats(&self) -> Nats {
        let settings =
            NatsSettings { url: self.url.clone(), prefix: self.prefix.clone(), replicas: 1 };
        Nats::connect(settings).await.unwrap()
    }

    /// A relay with a store and a connection of its own, as in another process.
    async fn relay(&self, settings: RelaySettings) -> Relay {
        let store = open(&self.database, &self.master_key).await;
        Relay::start(&store, &self.nats().await, settings)
    }

    async fn write(&self, events: usize) {
        for _ in 0..events {
            let mut append = Append::new(self.organisation);
            append.streams.push(StreamAppend {
                stream_id: Uuid::now_v7(),
                expected: Expected::Version(0),
                events: vec![event(), event()],
            });
            self.store.append(append).await.unwrap();
        }
    }

    async fn jetstream(&self) -> jetstream::Context {
        jetstream::new(async_nats::connect(&self.url).await.unwrap())
    }

    fn stream_name(&self) -> String {
        format!("{}_{}", self.prefix, self.lane)
    }

    /// The event ids of the log, by position.
    async fn events(&self) -> BTreeMap<u64, String> {
        let events = self.store.read_lane(self.lane, 0, i64::MAX).await.unwrap();
        let of = |event: domain::Recorded| {
            (u64::try_from(event.position).unwrap(), event.event_id.to_string())
        };
        events.into_iter().map(of).collect()
    }

    /// Waits until the stream has as many messages as the log has events, then compares them one
    /// by one.
    async fn copied(&self) {
        let events = self.events().await;
        let since = Instant::now();
        let jetstream = self.jetstream().await;
        loop {
            let found = jetstream.get_stream(self.stream_name()).await;
            let last = found.as_ref().map_or(0, |found| found.cached_info().state.last_sequence);
            if last == *events.keys().last().unwrap() && messages(&found.unwrap()).await == events {
                return;
            }
            assert!(since.elapsed() < PATIENCE, "the stream stays at {last}");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

/// The event ids of a stream, by sequence; a message that is none of ours has none.
async fn messages(stream: &stream::Stream) -> BTreeMap<u64, String> {
    let mut found = BTreeMap::new();
    for sequence in 1..=stream.cached_info().state.last_sequence {
        if let Ok(message) = stream.get_raw_message(sequence).await {
            let message: Value = serde_json::from_slice(&message.payload).unwrap_or_default();
            found.insert(sequence, message["event_id"].as_str().unwrap_or_default().to_owned());
        }
    }
    found
}

async fn open(database: &str, master_key: &SecretKey) -> Store {
    let settings = StoreSettings {
        database: database.to_owned(),
        master_key: master_key.clone(),
        pool_size: 4,
        committers: 1,
    };
    Store::open(settings).await.unwrap()
}

fn event() -> NewEvent {
    NewEvent {
        event_id: Uuid::now_v7(),
        type_name: "test.happened".to_owned(),
        schema_version: 1,
        customer_id: None,
        key_id: None,
        meta: br#"{"actor":{"type":"system"},"correlation_id":"00000000-0000-0000-0000-000000000000","source":"system"}"#.to_vec(),
        data: b"{\"a\":1}".to_vec(),
        private: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn relays_that_race_copy_each_event_once() {
    let log = Log::start(&nats_url()).await;
    // So impatient that they take each other's lane all the time.
    let settings = RelaySettings { lease: Duration::from_millis(1), ..RelaySettings::default() };
    let relays = [log.relay(settings).await, log.relay(settings).await, log.relay(settings).await];
    for _ in 0..20 {
        log.write(10).await;
    }
    log.copied().await;
    for relay in relays {
        relay.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_dies_in_the_middle_loses_and_doubles_nothing() {
    let log = Log::start(&nats_url()).await;
    let settings = RelaySettings { lease: Duration::from_millis(50), ..RelaySettings::default() };
    for round in 0..12_u64 {
        let relay = log.relay(settings).await;
        log.write(20).await;
        // Aborts its tasks wherever they are just now.
        sleep(Duration::from_millis(round * 7 % 31)).await;
        drop(relay);
    }
    let _relay = log.relay(settings).await;
    log.copied().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_no_copy_of_the_log_is_made_anew() {
    let log = Log::start(&nats_url()).await;
    log.write(20).await;
    let _relay = log.relay(SOON).await;
    log.copied().await;
    let (jetstream, name) = (log.jetstream().await, log.stream_name());
    let stream = jetstream.get_stream(&name).await.unwrap();

    jetstream.delete_stream(&name).await.unwrap();
    log.copied().await;
    log.write(3).await;
    jetstream.delete_stream(&name).await.unwrap();
    log.write(3).await;
    log.copied().await;
    stream.purge().await.unwrap();
    log.copied().await;
    stream.delete_message(7).await.unwrap();
    log.copied().await;
    // In the place of the next event.
    let subject = format!("{}.{}.somebody.else", log.prefix, log.lane);
    let foreign = async || {
        let sent = jetstream.publish(subject.clone(), "of somebody else".into()).await;
        sent.unwrap().await.unwrap();
    };
    foreign().await;
    log.copied().await;
    foreign().await;
    log.write(3).await;
    log.copied().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_another_log_is_made_anew() {
    let url = nats_url();
    let old = Log::start(&url).await;
    old.write(20).await;
    let relay = old.relay(SOON).await;
    old.copied().await;
    relay.stop().await;
    // As after a restore of PostgreSQL: the log has fewer events, and others.
    let new = Log::over(new_database().await, &url, old.prefix.clone()).await;
    let put = "UPDATE es.organisation SET lane = $1";
    let (client, connection) =
        tokio_postgres::connect(&new.database, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.execute(put, &[&old.lane]).await.unwrap();
    let new = Log { lane: old.lane, store: open(&new.database, &new.master_key).await, ..new };
    new.write(5).await;
    let _relay = new.relay(SOON).await;
    new.copied().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_wiped_or_rolled_back_is_brought_up_to_date() {
    let folder = DataDir::make();
    let (store, copy) = (folder.path().join("store"), folder.path().join("copy"));
    let server = NatsServer::start(&store).unwrap();
    let port = server.port().to_owned();
    let log = Log::start(server.url()).await;
    log.write(20).await;
    let _relay = log.relay(SOON).await;
    log.copied().await;

    drop(server);
    copy_folder(&store, &copy);
    let server = NatsServer::start_with(&store, &port, &[]).unwrap();
    log.write(20).await;
    log.copied().await;

    drop(server);
    std::fs::remove_dir_all(&store).unwrap();
    let server = NatsServer::start_with(&store, &port, &[]).unwrap();
    log.copied().await;

    drop(server);
    std::fs::remove_dir_all(&store).unwrap();
    copy_folder(&copy, &store);
    let _server = NatsServer::start_with(&store, &port, &[]).unwrap();
    log.copied().await;
    log.write(20).await;
    log.copied().await;
}

fn copy_folder(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").args([from, to]).status().unwrap();
    assert!(copied.success());
}

/// Follows a lane until it is told that nothing more comes; answers the events that it saw.
async fn follow(log: &Log, source: StreamSource, ends: &AtomicBool) -> BTreeMap<u64, String> {
    let mut seen = BTreeMap::new();
    let mut after = 0;
    loop {
        let last_look = ends.load(Ordering::Relaxed);
        let page = source.page(log.lane, after, 7).await.unwrap();
        if page.is_empty() && last_look {
            return seen;
        }
        for read in page {
            assert!(read.broken.is_none());
            assert_eq!(read.recorded.position, after + 1);
            after += 1;
            let position = u64::try_from(after).unwrap();
            seen.insert(position, read.recorded.event_id.to_string());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_follows_the_copy_misses_nothing_when_it_is_wiped_or_away() {
    let folder = DataDir::make();
    let server = NatsServer::start(folder.path()).unwrap();
    let port = server.port().to_owned();
    let log = Arc::new(Log::start(server.url()).await);
    let _relay = log.relay(SOON).await;
    let source = StreamSource::new(log.store.clone(), log.nats().await);
    let ends = Arc::new(AtomicBool::new(false));
    let follower = tokio::spawn({
        let (log, ends) = (Arc::clone(&log), Arc::clone(&ends));
        async move { follow(&log, source, &ends).await }
    });
    log.write(40).await;
    log.copied().await;
    log.jetstream().await.delete_stream(log.stream_name()).await.unwrap();
    log.write(40).await;
    drop(server);
    log.write(40).await;
    std::fs::remove_dir_all(folder.path()).unwrap();
    let _server = NatsServer::start_with(folder.path(), &port, &[]).unwrap();
    log.write(40).await;
    log.copied().await;
    log.write(40).await;
    ends.store(true, Ordering::Relaxed);
    assert_eq!(follower.await.unwrap(), log.events().await);
}
