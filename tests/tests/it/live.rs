//! Live feeds: events as they happen, each once, in order, and only what one may see.

use std::time::Duration;

use api::INSTALLATION;
use domain::access::Principal;
use domain::{Command, Source};
use eventstore::{Caller, Options};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::app::{Person, TestApp, column, rows, send};

const PATIENCE: Duration = Duration::from_secs(20);

/// A frame; a comment has no name.
#[derive(Debug, Clone, PartialEq)]
struct Frame {
    id: Option<i64>,
    name: String,
    data: Value,
}

/// An open feed.
struct Feed {
    response: Response,
    text: String,
}

impl Feed {
    async fn open(person: &Person, query: &str) -> Self {
        Self::of(person.request(Method::GET, &format!("/v1/events/stream{query}"))).await
    }

    async fn again(person: &Person, last: i64) -> Self {
        let request = person.request(Method::GET, "/v1/events/stream");
        Self::of(request.header("Last-Event-ID", last.to_string())).await
    }

    async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut feed = Self { response, text: String::new() };
        assert_eq!(feed.block().await.as_deref(), Some("retry: 2000"));
        feed
    }

    /// The next block of lines; `None` where the feed has ended.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                return Some(block.trim_end().to_owned());
            }
            let chunk = timeout(PATIENCE, self.response.chunk()).await.expect("nothing comes");
            self.text.push_str(std::str::from_utf8(&chunk.ok()??).unwrap());
        }
    }

    /// The next frame or comment.
    async fn next(&mut self) -> Option<Frame> {
        let block = self.block().await?;
        let line = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
        Some(Frame {
            id: line("id: ").map(|id| id.parse().unwrap()),
            name: line("event: ").unwrap_or_default().to_owned(),
            data: line("data: ").map_or(Value::Null, |data| serde_json::from_str(data).unwrap()),
        })
    }

    /// The frames up to and without one of this name.
    async fn until(&mut self, name: &str) -> Vec<Frame> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await.unwrap_or_else(|| panic!("no {name}: {frames:#?}"));
            if frame.name == name {
                return frames;
            }
            frames.push(frame);
        }
    }

    /// The next frame, which must be of this name.
    async fn expect(&mut self, name: &str) -> Frame {
        let frame = self.next().await.unwrap();
        assert_eq!(frame.name, name, "{frame:#?}");
        frame
    }
}

async fn head(person: &Person) -> i64 {
    person.store.head_sequence(person.organisation).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn f086_what_others_do_is_seen_at_once() {
    let app = TestApp::start().await;
    let customer = app.person("Ada", "Byron").await;
    let task = json!({ "title": "Call back" });
    let task = app.created(&format!("/v1/customers/{customer}/tasks"), task).await;
    let sales = app.user(&["sales"]).await;
    let mut feed = Feed::open(&sales, "").await;
    let caught_up = feed.expect("dossier.caught_up").await;
    assert_eq!(caught_up.data["position"], head(&app).await.to_string());
    app.post(&format!("/v1/tasks/{task}/complete"), json!({})).await.expect(200);
    let seen = feed.expect("task.completed").await;
    assert_eq!(seen.id, Some(head(&app).await));
    assert_eq!(seen.data["subject"], format!("customers/{customer}"));
    // The same as one reads of it afterwards, by the same rights.
    let id = seen.data["id"].as_str().unwrap();
    assert_eq!(seen.data, sales.get(&format!("/v1/events/{id}")).await.expect(200));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_goes_on_after_a_restart_without_loss_or_repetition() {
    let app = TestApp::start().await;
    let customer = app.person("Ada", "Byron").await;
    let mut feed = Feed::open(&app, "?after=0").await;
    let mut seen: Vec<i64> =
        feed.until("dossier.caught_up").await.iter().map(|frame| frame.id.unwrap()).collect();
    for round in 0..3 {
        let tag = |number: usize| json!({ "tag": format!("t{round} {number}") });
        let path = format!("/v1/customers/{customer}/tags");
        for number in 0..5 {
            app.post(&path, tag(number)).await.expect(200);
        }
        for _ in 0..3 {
            seen.push(feed.expect("customer.tagged").await.id.unwrap());
        }
        // Two are on their way, or lost with the line.
        drop(feed);
        if round == 1 {
            break;
        }
        feed = Feed::again(&app, *seen.last().unwrap()).await;
        let missed = feed.until("dossier.caught_up").await;
        seen.extend(missed.iter().map(|frame| frame.id.unwrap()));
    }
    let app = app.restart().await;
    let mut feed = Feed::again(&app, *seen.last().unwrap()).await;
    seen.extend(feed.until("dossier.caught_up").await.iter().map(|frame| frame.id.unwrap()));
    assert_eq!(seen, (1..=head(&app).await).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_ends_its_feeds_at_once() {
    let app = TestApp::start().await;
    let mut feed = Feed::open(&app, "").await;
    feed.expect("dossier.caught_up").await;
    let since = Instant::now();
    app.service.stop().await.unwrap();
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
    assert_eq!(feed.next().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_comes_once_and_in_order_while_eight_write() {
    const WRITERS: usize = 8;
    const EACH: usize = 40;
    let app = TestApp::start().await;
    let begin = head(&app).await;
    let mut feeds = Vec::new();
    for _ in 0..3 {
        feeds.push(Feed::open(&app, "").await);
    }
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let person = (*app).clone();
            tokio::spawn(async move {
                for number in 0..EACH {
                    person.person("Ada", &format!("Byron {writer} {number}")).await;
                }
            })
        })
        .collect();
    for feed in &mut feeds {
        let mut seen = Vec::new();
        while seen.len() < WRITERS * EACH {
            let frame = feed.next().await.unwrap();
            if frame.name == "customer.created" {
                seen.push(frame.id.unwrap());
            }
        }
        let all: Vec<i64> = (begin + 1..=begin + 320).collect();
        assert_eq!(seen, all);
    }
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_holds_what_its_reader_may_see_and_changes_with_their_roles() {
    let app = TestApp::start().await;
    let customer = app.person("Ada", "Byron").await;
    let viewer = app.user(&["viewer"]).await;
    let mut feed = Feed::open(&viewer, "").await;
    feed.expect("dossier.caught_up").await;
    let notes = format!("/v1/customers/{customer}/notes");
    let note = |scope: &str| json!({ "text": "A secret", "scope": scope });
    let flags = format!("/v1/customers/{customer}/risk-flags");
    let flag = json!({ "type": "manual_flag", "reason": "Look" });
    app.post(&notes, note("restricted")).await.expect(201);
    app.post(&flags, flag).await.expect(201);
    app.post(&notes, note("customer")).await.expect(201);
    let seen = feed.expect("customer.note_added").await;
    assert_eq!(
        (seen.id, &seen.data["data"]["scope"]),
        (Some(head(&app).await), &json!("customer"))
    );
    let path = format!("/v1/users/{}/roles", viewer.id);
    app.post(&path, json!({ "roles": ["manager"] })).await.expect(200);
    let told = feed.until("dossier.permissions_changed").await;
    assert!(told.iter().all(|frame| frame.name == "member.roles_changed"), "{told:#?}");
    app.post(&notes, note("restricted")).await.expect(201);
    let rest = feed.until("customer.note_added").await;
    assert!(rest.iter().all(|frame| frame.name == "member.roles_changed"), "{rest:#?}");
    // Another organisation is another feed.
    let abroad = app.abroad().await;
    abroad.person("Eve", "Elsewhere").await;
    app.post(&notes, note("finance")).await.expect(201);
    feed.expect("customer.note_added").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_a_blocked_user_and_a_lost_membership_end_their_feeds() {
    let app = TestApp::start().await;
    let own = async |person: &Person| {
        let tokens = rows(&person.get("/v1/tokens").await);
        column(&tokens, "id")[0].clone()
    };
    let ended = async |mut feed: Feed, code: &str, what: &str| {
        let since = Instant::now();
        let last = loop {
            match feed.next().await {
                Some(frame) if frame.name == "dossier.permissions_changed" => break frame,
                Some(_) => {}
                None => panic!("{what}: ended without a word"),
            }
        };
        assert_eq!(last.data, json!({ "ended": true, "code": code }), "{what}");
        assert_eq!(feed.next().await, None, "{what}");
        assert!(since.elapsed() < Duration::from_secs(5), "{what}: {:?}", since.elapsed());
    };
    let sales = app.user(&["sales"]).await;
    let (token, feed) = (own(&sales).await, Feed::open(&sales, "").await);
    let other = app.user(&["sales"]).await;
    let mut others = Feed::open(&other, "").await;
    app.delete(&format!("/v1/tokens/{token}")).await.expect(204);
    ended(feed, "token_revoked", "revoked").await;

    // By another process, which this one is not told of.
    let sales = app.user(&["sales"]).await;
    let (token, feed) = (own(&sales).await, Feed::open(&sales, "").await);
    let revoke = format!("UPDATE state.token SET revoked_at = now() WHERE token_id = '{token}'");
    app.superuser().await.execute(&revoke, &[]).await.unwrap();
    ended(feed, "token_revoked", "revoked elsewhere").await;

    let sales = app.user(&["sales"]).await;
    let feed = Feed::open(&sales, "").await;
    // People are blocked in the installation, not in the organisation.
    let block = Command::parse("user.block", Some(sales.id.parse().unwrap()), json!({})).unwrap();
    let caller = Caller::new(Principal::system(INSTALLATION), Source::System);
    app.service.store.execute(&caller, block, &Options::default()).await.unwrap();
    ended(feed, "account_blocked", "blocked").await;

    let sales = app.user(&["sales"]).await;
    let feed = Feed::open(&sales, "").await;
    app.delete(&format!("/v1/users/{}", sales.id)).await.expect(200);
    ended(feed, "account_blocked", "no member any more").await;

    app.person("Ada", "Byron").await;
    others.until("customer.created").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_far_behind_reads_the_log_and_then_goes_on_with_the_others() {
    let app = TestApp::start().await;
    // So that the process holds the newest events, which are fewer than those to come.
    let mut quick = Feed::open(&app, "").await;
    quick.expect("dossier.caught_up").await;
    let begin = head(&app).await;
    let names = (0..1_500).map(|number| format!("Byron {number}\n"));
    let file = ["last_name\n".to_owned()].into_iter().chain(names).collect::<String>();
    let mut slow = Feed::open(&app, "").await;
    app.import("kind=customers", file.into_bytes()).await;
    let all: Vec<i64> = (begin + 1..=head(&app).await).collect();
    let mut late = Feed::open(&app, &format!("?after={begin}")).await;
    app.person("Ada", "Byron").await;
    for feed in [&mut quick, &mut slow, &mut late] {
        let mut seen = Vec::new();
        while seen.len() <= all.len() {
            seen.extend(feed.next().await.unwrap().id);
        }
        assert_eq!((&seen[..all.len()], seen[all.len()]), (all.as_slice(), head(&app).await));
    }
}

/// More than the lines between them hold: the one that does not read stands still in the log.
#[tokio::test(flavor = "multi_thread")]
async fn long_who_reads_slowly_holds_up_nobody_and_misses_nothing() {
    const CUSTOMERS: usize = 80;
    let app = TestApp::start().await;
    let notes = "?types=customer.note_added";
    let mut slow = Feed::open(&app, notes).await;
    slow.expect("dossier.caught_up").await;
    let mut quick = Feed::open(&app, notes).await;
    quick.expect("dossier.caught_up").await;
    let text = "x".repeat(9_000);
    let mut writers = Vec::new();
    for number in 0..CUSTOMERS {
        let path = format!("/v1/customers/{}/notes", app.person("Ada", &number.to_string()).await);
        let (person, text) = ((*app).clone(), text.clone());
        writers.push(tokio::spawn(async move {
            for _ in 0..20 {
                person.post(&path, json!({ "text": text })).await.expect(201);
            }
        }));
    }
    let mut seen = Vec::new();
    while seen.len() < CUSTOMERS * 20 {
        seen.push(quick.next().await.unwrap().id.unwrap());
    }
    assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
    for writer in writers {
        writer.await.unwrap();
    }
    // It may have been cut off meanwhile; then it comes back with the last id that it has.
    let mut late: Vec<i64> = Vec::new();
    while late.len() < seen.len() {
        match slow.next().await {
            Some(frame) => late.extend(frame.id),
            None => {
                let request = app.request(Method::GET, &format!("/v1/events/stream{notes}"));
                let last = late.last().unwrap().to_string();
                slow = Feed::of(request.header("Last-Event-ID", last)).await;
            }
        }
    }
    assert_eq!(late, seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_narrowed_by_types_and_subjects() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("Ada", "Byron").await, app.person("Ben", "Jonson").await);
    let query = format!("?after=0&types=customer.note_*,customer.tagged&subject=customers/{ben}");
    let mut feed = Feed::open(&app, &query).await;
    assert!(feed.until("dossier.caught_up").await.is_empty());
    for id in [&ada, &ben] {
        let path = format!("/v1/customers/{id}");
        app.post(&format!("{path}/tags"), json!({ "tag": "vip" })).await.expect(200);
        app.post(&format!("{path}/flags"), json!({ "reason": "Look" })).await.expect(200);
        app.post(&format!("{path}/notes"), json!({ "text": "Tea" })).await.expect(201);
    }
    for name in ["customer.tagged", "customer.note_added"] {
        assert_eq!(feed.expect(name).await.data["subject"], format!("customers/{ben}"));
    }
    for wrong in
        ["types=customer.tagg", "subject=ada", "subject=customers/1", "after=x", "after=-1"]
    {
        let path = format!("/v1/events/stream?{wrong}");
        app.get(&path).await.refused(400, "invalid_parameter");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_begins_anywhere_in_the_log_and_nowhere_beyond_it() {
    let app = TestApp::start().await;
    app.person("Ada", "Byron").await;
    let head = head(&app).await;
    let mut feed = Feed::open(&app, "?after=0").await;
    assert_eq!(feed.until("dossier.caught_up").await.len(), usize::try_from(head).unwrap());
    let beyond = head + 1;
    for path in ["/v1/events/stream?", "/v1/events?", "/v1/events?wait=1&"] {
        let problem = app.get(&format!("{path}after={beyond}")).await;
        let problem = problem.refused(400, "unknown_position");
        assert_eq!(problem["current_position"], head.to_string());
    }
    // A browser comes back by itself with an id of a log that is no more.
    let mut feed = Feed::again(&app, beyond).await;
    let reset = feed.expect("dossier.reset").await;
    assert_eq!((reset.id, &reset.data), (Some(head), &json!({ "position": head.to_string() })));
    feed.expect("dossier.caught_up").await;
    let wrong = app.request(Method::GET, "/v1/events/stream").header("Last-Event-ID", "x");
    send(wrong).await.refused(400, "invalid_header");
    let mut none = (*app).clone();
    none.token = "dsr_pat_none".to_owned();
    none.get("/v1/events/stream").await.refused(401, "invalid_token");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_polls_waits_for_the_next_event() {
    let app = TestApp::start().await;
    let customer = app.person("Ada", "Byron").await;
    let head = head(&app).await;
    let path = format!("/v1/events?after={head}&wait=");
    let none = app.get(&format!("{path}1")).await;
    assert_eq!((none.status, none.header("dossier-position")), (204, head.to_string().as_str()));
    let (person, asked) = ((*app).clone(), format!("{path}30"));
    let waiting = tokio::spawn(async move { person.get(&asked).await });
    app.post(&format!("/v1/customers/{customer}/tags"), json!({ "tag": "vip" })).await.expect(200);
    let events = rows(&waiting.await.unwrap());
    assert_eq!(column(&events, "type"), ["customer.tagged"]);
    // What is there comes at once, and what one may not see is nothing.
    assert_eq!(rows(&app.get(&format!("{path}30")).await), events);
    let viewer = app.user(&["viewer"]).await;
    let from = app.head().await;
    let note = json!({ "text": "A secret", "scope": "restricted" });
    app.post(&format!("/v1/customers/{customer}/notes"), note).await.expect(201);
    let none = viewer.get(&format!("/v1/events?after={from}&wait=1")).await;
    assert_eq!(none.status, 204);
    app.get("/v1/events?wait=31").await.refused(400, "invalid_parameter");
}

#[tokio::test(flavor = "multi_thread")]
async fn long_a_quiet_feed_beats_every_fifteen_seconds_with_the_id_to_go_on_from() {
    let app = TestApp::start().await;
    let viewer = app.user(&["viewer"]).await;
    let mut feed = Feed::open(&viewer, "").await;
    feed.expect("dossier.caught_up").await;
    let since = Instant::now();
    assert_eq!(feed.block().await.as_deref(), Some(": hb"));
    assert!((14..18).contains(&since.elapsed().as_secs()), "{:?}", since.elapsed());
    let customer = app.person("Ada", "Byron").await;
    feed.expect("customer.created").await;
    let note = json!({ "text": "A secret", "scope": "restricted" });
    app.post(&format!("/v1/customers/{customer}/notes"), note).await.expect(201);
    let beat = feed.block().await;
    assert_eq!(beat.as_deref(), Some(format!("id: {}\n: hb", head(&app).await).as_str()));
}

/// Resident memory of this process, in which both ends of each feed are.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn long_five_hundred_idle_feeds_stay_within_sixty_four_mebibytes() {
    let app = TestApp::start().await;
    app.person("Ada", "Byron").await;
    Feed::open(&app, "?after=0").await.until("dossier.caught_up").await;
    let before = resident_kib();
    let mut feeds = Vec::new();
    for _ in 0..500 {
        feeds.push(Feed::open(&app, "").await);
    }
    for feed in &mut feeds {
        feed.expect("dossier.caught_up").await;
    }
    let grown = resident_kib().saturating_sub(before);
    assert!(grown <= 64 * 1024, "{grown} KiB for 500 feeds");
    app.person("Ada", "Lovelace").await;
    for feed in &mut feeds {
        feed.expect("customer.created").await;
    }
}
