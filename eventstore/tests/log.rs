//! The log under two processes, quarrelling neighbours, cut connections and a tampering superuser.
//! Needs a PostgreSQL server: `./test` starts one and names its socket in `DOSSIER_TEST_POSTGRES`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where something unexpected happens"
)]

#[path = "log/bench.rs"]
mod bench;
#[path = "log/proxy.rs"]
mod proxy;

use std::time::Duration;

use bench::{Bench, claim, event, one};
use eventstore::append::{Append, AppendError, CommandId, Expected, NumberUse, StreamAppend};
use futures_util::future::join_all;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_lane_stay_dense_in_both_numbers() {
    let bench = Bench::start().await;
    let (first, second) = (bench.store().await, bench.store().await);
    let organisations = bench.organisations_of_one_lane(&first, 3).await;
    let rounds = (0..300_usize).map(|round| {
        let store = if round % 2 == 0 { first.clone() } else { second.clone() };
        let organisation = organisations[round % 3];
        async move { store.append(one(organisation, Uuid::now_v7(), 0)).await }
    });
    for answer in join_all(rounds).await {
        answer.expect("every append goes through");
    }
    bench.assert_dense(300).await;
    for organisation in organisations {
        assert!(first.verify(organisation).await.unwrap().ok);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_append_does_not_harm_its_neighbours_in_the_batch() {
    let bench = Bench::start().await;
    let store = bench.store().await;
    let organisation = bench.organisation(&store).await;
    let (stream, holder) = (Uuid::now_v7(), Uuid::now_v7());
    store.append(one(organisation, stream, 0)).await.unwrap();
    let mut taken = one(organisation, holder, 0);
    taken.claims.push(claim(holder, 7));
    taken.command = Some(CommandId::new(organisation, b"key", &[b"body"]));
    let first = store.append(taken.clone()).await.unwrap();

    let mut clash = one(organisation, Uuid::now_v7(), 0);
    clash.claims.push(claim(clash.streams[0].stream_id, 7));
    let mut other_body = one(organisation, Uuid::now_v7(), 0);
    other_body.command = Some(CommandId::new(organisation, b"key", &[b"another"]));
    let good = (0..40).map(|_| one(organisation, Uuid::now_v7(), 0));
    let mut all: Vec<Append> = good.collect();
    all.insert(7, one(organisation, stream, 0));
    all.insert(13, clash);
    all.insert(20, taken);
    all.insert(21, other_body);
    all.insert(30, one(Uuid::now_v7(), Uuid::now_v7(), 0));
    let answers = join_all(all.into_iter().map(|append| store.append(append))).await;

    assert!(
        matches!(answers[7], Err(AppendError::Conflict { current: 1, .. })),
        "{:?}",
        answers[7]
    );
    assert!(matches!(answers[13], Err(AppendError::ClaimTaken { holder: h, .. }) if h == holder));
    let replay = answers[20].as_ref().unwrap();
    assert!(replay.replayed && replay.first_sequence == first.first_sequence);
    assert!(matches!(answers[21], Err(AppendError::KeyReused)), "{:?}", answers[21]);
    assert!(matches!(answers[30], Err(AppendError::UnknownOrganisation)));
    let through = answers.iter().filter(|answer| matches!(answer, Ok(done) if !done.replayed));
    assert_eq!(through.count(), 40);
    bench.assert_dense(42).await;
    assert!(store.verify(organisation).await.unwrap().ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_rivals_for_one_version_exactly_one_wins() {
    let bench = Bench::start().await;
    let store = bench.store().await;
    let organisation = bench.organisation(&store).await;
    let stream = Uuid::now_v7();
    for version in 0..10 {
        let rivals = (0..8).map(|_| store.append(one(organisation, stream, version)));
        let won = join_all(rivals).await.into_iter().filter(Result::is_ok).count();
        assert_eq!(won, 1);
    }
    bench.assert_dense(10).await;
}

#[tokio::test]
async fn an_append_of_many_streams_is_all_or_nothing() {
    let bench = Bench::start().await;
    let store = bench.store().await;
    let organisation = bench.organisation(&store).await;
    let known = Uuid::now_v7();
    store.append(one(organisation, known, 0)).await.unwrap();
    let mut two = one(organisation, Uuid::now_v7(), 0);
    two.streams.push(StreamAppend {
        stream_id: known,
        expected: Expected::Version(5),
        events: vec![event("test.happened")],
    });
    assert!(matches!(store.append(two.clone()).await, Err(AppendError::Conflict { .. })));
    bench.assert_dense(1).await;
    two.streams[1].expected = Expected::Version(1);
    assert_eq!(store.append(two).await.unwrap().versions, [1, 2]);
    bench.assert_dense(3).await;
}

#[tokio::test]
async fn an_expected_version_that_is_not_there_is_refused_without_a_cache() {
    let bench = Bench::start().await;
    let organisation = bench.organisation(&bench.store().await).await;
    let store = bench.store().await;
    store.append(one(organisation, Uuid::now_v7(), 0)).await.unwrap();
    let answer = store.append(one(organisation, Uuid::now_v7(), 4)).await;
    assert!(matches!(answer, Err(AppendError::Conflict { current: 0, .. })), "{answer:?}");
}

#[tokio::test]
async fn a_stream_belongs_to_its_organisation() {
    let bench = Bench::start().await;
    let store = bench.store().await;
    let (a, b) = (bench.organisation(&store).await, bench.organisation(&store).await);
    let stream = Uuid::now_v7();
    store.append(one(a, stream, 0)).await.unwrap();
    let touched = store.append(one(b, stream, 1)).await;
    assert!(matches!(touched, Err(AppendError::Conflict { current: 0, .. })), "{touched:?}");
    assert!(store.read_stream(b, stream, 0).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_command_without_events_is_recorded_once() {
    let bench = Bench::start().await;
    let store = bench.store().await;
    let organisation = bench.organisation(&store).await;
    let mut nothing = Append::new(organisation);
    nothing.command = Some(CommandId::new(organisation, b"k", &[b"nothing"]));
    assert!(!store.append(nothing.clone()).await.unwrap().replayed);
    let again = store.append(nothing.clone()).await.unwrap();
    assert!(again.replayed && again.last_sequence == again.first_sequence - 1);
    nothing.command = Some(CommandId::new(organisation, b"k", &[b"something"]));
    assert!(matches!(store.append(nothing).await, Err(AppendError::KeyReused)));
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_of_a_series_have_no_gaps() {
    let bench = Bench::start().await;
    let store = bench.store().await;
    let organisation = bench.organisation(&store).await;
    let appends = (0..30).map(|round| {
        // Every third one fails, and must not burn a number.
        let mut append = one(organisation, Uuid::now_v7(), if round % 3 == 0 { 9 } else { 0 });
        append.numbers.push(NumberUse {
            series: "I-".to_owned(),
            stream: 0,
            event: 0,
            member: "number".to_owned(),
        });
        store.append(append)
    });
    let failed = join_all(appends).await.into_iter().filter(Result::is_err).count();
    assert_eq!(failed, 10);
    assert_eq!(bench.numbers().await, (1..=20).collect::<Vec<i64>>());
    assert!(store.verify(organisation).await.unwrap().ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_organisation_goes_on_in_its_new_lane() {
    let bench = Bench::start().await;
    let store = bench.store().await;
    let organisation = bench.organisation(&store).await;
    store.append(one(organisation, Uuid::now_v7(), 0)).await.unwrap();
    let lane: i16 = store.lane_of(organisation).await.unwrap();
    let sql = format!("UPDATE es.organisation SET lane = {}", (lane + 1) % 16);
    bench.superuser().await.batch_execute(&sql).await.unwrap();
    store.append(one(organisation, Uuid::now_v7(), 0)).await.unwrap();
    let superuser = bench.superuser().await;
    let rows = superuser.query("SELECT lane FROM es.event ORDER BY sequence", &[]).await.unwrap();
    let lanes: Vec<i16> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(lanes, [lane, (lane + 1) % 16]);
}

#[tokio::test]
async fn the_log_refuses_changes_and_the_app_role_does_not_reach_it() {
    let bench = Bench::start().await;
    let store = bench.store().await;
    let organisation = bench.organisation(&store).await;
    store.append(one(organisation, Uuid::now_v7(), 0)).await.unwrap();
    let superuser = bench.superuser().await;
    for statement in [
        "UPDATE es.event SET type = 'x'",
        "DELETE FROM es.event",
        "TRUNCATE es.event",
        "DELETE FROM es.batch",
    ] {
        let error = superuser.batch_execute(statement).await.unwrap_err();
        assert!(error.as_db_error().unwrap().message().contains("append-only"), "{statement}");
    }
    for (role, statement) in [
        ("dossier_app", "SELECT 1 FROM es.event"),
        ("dossier_app", "SELECT 1 FROM keys.person"),
        (
            "dossier_worker",
            "INSERT INTO es.claim VALUES (gen_random_uuid(), 1, gen_random_uuid(), gen_random_uuid())",
        ),
        ("dossier_appender", "UPDATE es.event SET type = 'x'"),
        ("dossier_appender", "SELECT 1 FROM state.credential"),
    ] {
        superuser.batch_execute(&format!("SET ROLE {role}")).await.unwrap();
        let error = superuser.batch_execute(statement).await.unwrap_err();
        let message = error.as_db_error().unwrap().message().to_owned();
        assert!(message.contains("permission denied"), "{role}: {message}");
        superuser.batch_execute("RESET ROLE").await.unwrap();
    }
}

#[tokio::test]
async fn tampering_shows_and_the_first_bad_event_is_named() {
    let bench = Bench::start().await;
    let store = bench.store().await;
    let organisation = bench.organisation(&store).await;
    for _ in 0..12 {
        store.append(one(organisation, Uuid::now_v7(), 0)).await.unwrap();
    }
    bench.keep_copy().await;
    for (statement, first_bad) in [
        ("UPDATE es.event SET data = '{}' WHERE sequence = 5", 5),
        (
            "UPDATE es.event SET recorded_at = recorded_at + interval '1 second' WHERE sequence = 6",
            6,
        ),
        ("DELETE FROM es.event WHERE sequence = 7", 7),
        ("DELETE FROM es.event WHERE sequence = 12", 12),
        ("UPDATE es.event SET sequence = 100 - sequence WHERE sequence IN (3, 4)", 3),
        (
            "UPDATE es.batch SET root = leaf FROM es.event WHERE sequence = 9 AND first_sequence = 9",
            9,
        ),
        ("UPDATE es.organisation SET head = '\\x00'", 13),
    ] {
        let superuser = bench.superuser().await;
        superuser.batch_execute("BEGIN; SET session_replication_role = replica").await.unwrap();
        assert!(store.verify(organisation).await.unwrap().ok);
        superuser.batch_execute(&format!("{statement}; COMMIT")).await.unwrap();
        let found = store.verify(organisation).await.unwrap();
        assert_eq!(found.first_bad.map(|bad| bad.sequence), Some(first_bad), "{statement}");
        bench.restore(&superuser).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_around_the_commit_loses_and_doubles_nothing() {
    cut_connections(200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_two_thousand_cuts_around_the_commit_lose_and_double_nothing() {
    cut_connections(2_000).await;
}

async fn cut_connections(cuts: usize) {
    let bench = Bench::start().await;
    let proxy = proxy::Proxy::start(bench.socket_dir(), cuts).await;
    let direct = bench.store().await;
    let organisation = bench.organisation(&direct).await;
    let store = bench.store_through(proxy.dir()).await;
    let mut acknowledged = 0;
    let mut round = 0_u64;
    while proxy.cuts_left() > 0 {
        round += 1;
        let appends = (0..4_u64).map(|writer| {
            let mut append = one(organisation, Uuid::now_v7(), 0);
            let key = format!("{round}-{writer}");
            append.command = Some(CommandId::new(organisation, key.as_bytes(), &[b"b"]));
            let store = store.clone();
            async move {
                // As a client does: the same key again until there is a clear answer.
                for _ in 0..50 {
                    match store.append(append.clone()).await {
                        Ok(done) => return done,
                        Err(AppendError::OutcomeUnknown | AppendError::Unavailable) => {
                            tokio::time::sleep(Duration::from_millis(20)).await;
                        }
                        Err(error) => panic!("{error:?}"),
                    }
                }
                panic!("no clear answer in 50 tries")
            }
        });
        acknowledged += join_all(appends).await.len();
    }
    assert!(proxy.cuts_after_commit() > cuts / 4, "too few cuts fell after the commit");
    assert!(proxy.cuts_before_commit() > cuts / 4, "too few cuts fell before the commit");
    bench.assert_dense(i64::try_from(acknowledged).unwrap()).await;
    assert!(direct.verify(organisation).await.unwrap().ok);
}
