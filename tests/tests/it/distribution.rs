//! A service with NATS beside it, which comes and goes: nothing depends on it.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use async_nats::jetstream;
use eventstore::nats::NatsSettings;
use serde_json::{Value, json};
use tests::nats_server::NatsServer;
use tokio::time::sleep;
use uuid::Uuid;

use crate::app::{DataDir, PATIENCE, TestApp, nats_url, rows};

fn settings(url: &str, replicas: usize) -> NatsSettings {
    NatsSettings { url: url.to_owned(), prefix: "test".to_owned(), replicas }
}

/// Each new customer gets a tag, by a rule.
async fn write_rule(app: &TestApp) {
    app.rule("customer.created", json!({ "then": [{ "action": "add_tag", "tag": "new" }] })).await;
}

/// How far the stream of the organisation's lane has come, and where the lane ends.
async fn progress(app: &TestApp, url: &str) -> (u64, u64) {
    let lane = app.service.store.lane_of(app.organisation).await.unwrap();
    let head = app.service.store.read_lane(lane, 0, i64::MAX).await.unwrap().len();
    let jetstream = jetstream::new(async_nats::connect(url).await.unwrap());
    let stream = jetstream.get_stream(format!("test_{lane}")).await;
    let last = stream.map_or(0, |stream| stream.cached_info().state.last_sequence);
    (last, u64::try_from(head).unwrap())
}

/// Waits until the stream has all that the log has; answers how long that took.
async fn copied(app: &TestApp, url: &str) -> Duration {
    let since = Instant::now();
    loop {
        let (last, head) = progress(app, url).await;
        if last == head {
            return since.elapsed();
        }
        assert!(since.elapsed() < PATIENCE, "the stream stays at {last} of {head}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// Creates customers for a while, one after the other; answers how many a second.
async fn rate(app: &TestApp, time: Duration) -> f64 {
    let since = Instant::now();
    let mut count = 0.0;
    while since.elapsed() < time {
        app.person("Ada", "Byron").await;
        count += 1.0;
    }
    count / since.elapsed().as_secs_f64()
}

/// NATS is killed under load and comes back: writes and rules go on meanwhile, and the streams
/// have everything afterwards. Answers the rates with NATS and without it.
async fn outage(time: Duration) -> (f64, f64) {
    let folder = DataDir::make();
    let server = NatsServer::start(folder.path()).unwrap();
    let (url, port) = (server.url().to_owned(), server.port().to_owned());
    let app = TestApp::start_with(settings(&url, 1)).await;
    write_rule(&app).await;
    rate(&app, time / 4).await;
    let with = rate(&app, time).await;
    drop(server);
    let without = rate(&app, time).await;
    // The rules have seen all of it, from the log.
    app.settled().await;
    let _server = NatsServer::start_with(folder.path(), &port, &[]).unwrap();
    rate(&app, time / 4).await;
    app.settled().await;
    copied(&app, &url).await;
    let untagged = json!({ "not": { "field": "tags", "op": "has", "value": "new" } });
    assert_eq!(rows(&app.search(untagged).await), [Value::Null; 0]);
    (with, without)
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_and_rules_go_on_while_nats_is_down() {
    outage(Duration::from_secs(1)).await;
}

#[expect(clippy::print_stdout, reason = "a figure for who runs the long tests")]
fn tell(figure: &str) {
    println!("{figure}");
}

/// The figure is printed; `./test long` gives no verdict on a rate.
#[tokio::test(flavor = "multi_thread")]
async fn long_writes_and_rules_go_on_while_nats_is_down_for_thirty_seconds() {
    let (with, without) = outage(Duration::from_secs(30)).await;
    let share = 100.0 * without / with;
    tell(&format!("{with:.0} commands/s with NATS, {without:.0} without it: {share:.0} %"));
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_get_their_events_from_jetstream() {
    let prefix = format!("it_{}", Uuid::now_v7().simple());
    let app = TestApp::start_with(NatsSettings { url: nats_url(), prefix, replicas: 1 }).await;
    write_rule(&app).await;
    // The first events of a lane may be read before it has a stream.
    let since = Instant::now();
    loop {
        app.person("Ada", "Byron").await;
        app.settled().await;
        let metrics = app.get("/metrics").await.text;
        let from_stream = "dossier_source_events_total{from=\"stream\"} ";
        let count = metrics.lines().find_map(|line| line.strip_prefix(from_stream));
        if count.is_some_and(|count| count.parse::<f64>().unwrap() > 10.0) {
            return;
        }
        assert!(since.elapsed() < PATIENCE, "no event comes from JetStream");
    }
}

/// Ports that were free a moment ago.
fn free_ports(count: usize) -> Vec<u16> {
    let listeners: Vec<_> = (0..count).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    listeners.iter().map(|listener| listener.local_addr().unwrap().port()).collect()
}

/// Three servers that keep each stream together.
fn cluster(folder: &DataDir) -> Vec<NatsServer> {
    let ports = free_ports(3);
    let routes: Vec<String> = ports.iter().map(|port| format!("nats://127.0.0.1:{port}")).collect();
    let start = |node: usize| {
        let arguments = [
            "--server_name".to_owned(),
            format!("node{node}"),
            "--cluster_name".to_owned(),
            "test".to_owned(),
            "--cluster".to_owned(),
            routes[node].clone(),
            "--routes".to_owned(),
            routes.join(","),
        ];
        NatsServer::start_with(&folder.path().join(format!("node{node}")), "-1", &arguments)
    };
    (0..3).map(|node| start(node).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn long_a_cluster_that_loses_a_streams_leader_goes_on_within_fifteen_seconds() {
    let folder = DataDir::make();
    let mut servers = cluster(&folder);
    let urls: Vec<&str> = servers.iter().map(NatsServer::url).collect();
    let url = urls.join(",");
    let app = TestApp::start_with(settings(&url, 3)).await;
    write_rule(&app).await;
    rate(&app, Duration::from_secs(2)).await;
    copied(&app, urls[0]).await;
    let jetstream = jetstream::new(async_nats::connect(urls[0]).await.unwrap());
    let lane = app.service.store.lane_of(app.organisation).await.unwrap();
    let stream = jetstream.get_stream(format!("test_{lane}")).await.unwrap();
    let info = stream.cached_info();
    assert_eq!(info.config.num_replicas, 3);
    let leader = info.cluster.as_ref().unwrap().leader.clone().unwrap();
    let leader: usize = leader.trim_start_matches("node").parse().unwrap();
    drop(servers.remove(leader));
    let since = Instant::now();
    rate(&app, Duration::from_secs(2)).await;
    copied(&app, servers[0].url()).await;
    let took = since.elapsed();
    tell(&format!("the relay has caught up {took:.1?} after the leader was killed"));
    assert!(took < Duration::from_secs(15), "{took:?}");
    app.settled().await;
}
