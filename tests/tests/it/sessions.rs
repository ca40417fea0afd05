//! Sessions: listed, ended, and over by themselves; and how soon it is felt that somebody's right
//! to come in has ended.

use std::time::{Duration, Instant};

use eventstore::state::session::{self, NewSession};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::time::sleep;
use tokio_postgres::NoTls;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::app::{DataDir, Person, TestApp, column, nats_of, new_database, rows};
use crate::browser::Browser;
use crate::process::Process;

/// A browser in which somebody has signed in.
async fn signed_in(person: &Person) -> Browser {
    let client = person.store.app().get().await.unwrap();
    let user_id = person.id.parse().unwrap();
    let new =
        NewSession { user_id, organisation: person.organisation, user_agent: Some("Test/1.0") };
    let (_, secret) = session::begin(&client, &new).await.unwrap();
    let mut browser = Browser::at(person);
    browser.cookies.insert("dossier_session".to_owned(), secret);
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_and_ended_by_their_person_and_by_who_administers_tokens() {
    let app = TestApp::start().await;
    let (kern, voss) = (app.user(&["sales"]).await, app.user(&["sales"]).await);
    let (mut here, there) = (signed_in(&kern).await, signed_in(&kern).await);
    let elsewhere = signed_in(&voss).await;
    let list = here.get("/v1/sessions").await;
    let own = rows(&list);
    assert_eq!(column(&own, "user"), [kern.id.clone(), kern.id.clone()]);
    assert_eq!((&own[0]["current"], &own[1]["current"]), (&json!(true), &json!(false)));
    assert_eq!(own[0]["user_agent"], "Test/1.0");
    assert!(!list.text.contains(&here.cookies["dossier_session"]));
    assert_eq!(rows(&app.get("/v1/sessions").await).len(), 3);

    let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
    let theirs = id(&rows(&elsewhere.get("/v1/sessions").await)[0]);
    here.delete(&format!("/v1/sessions/{theirs}")).await.refused(404, "not_found");
    elsewhere.get("/v1/me").await.expect(200);
    here.delete(&format!("/v1/sessions/{}", id(&own[1]))).await.expect(204);
    there.get("/v1/me").await.refused(401, "session_ended");
    app.delete(&format!("/v1/sessions/{theirs}")).await.expect(204);
    elsewhere.get("/v1/me").await.refused(401, "session_ended");
    app.delete(&format!("/v1/sessions/{theirs}")).await.refused(404, "not_found");
    here.get("/v1/me").await.expect(200);
    // Another organisation's people are not listed.
    assert_eq!(rows(&app.abroad().await.get("/v1/sessions").await), [] as [Value; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_after_half_an_hour_without_use_and_after_twelve_hours() {
    let app = TestApp::start().await;
    let superuser = app.superuser().await;
    let session = async |change: &str| {
        let browser = signed_in(&app).await;
        let newest = "SELECT session_id FROM state.session ORDER BY session_id DESC LIMIT 1";
        let id: Uuid = superuser.query_one(newest, &[]).await.unwrap().get(0);
        let change = format!("UPDATE state.session SET {change} WHERE session_id = $1");
        superuser.execute(&change, &[&id]).await.unwrap();
        (browser, id)
    };
    let lasts = async |id: Uuid| -> f64 {
        let lasts = "SELECT extract(epoch FROM expires_at - clock_timestamp())::float8
            FROM state.session WHERE session_id = $1";
        superuser.query_one(lasts, &[&id]).await.unwrap().get(0)
    };
    let back = |minutes: u32| {
        format!(
            "last_used_at = last_used_at - interval '{minutes} min',
             expires_at = expires_at - interval '{minutes} min'"
        )
    };
    let (unused, _) = session(&back(31)).await;
    unused.get("/v1/me").await.refused(401, "session_ended");
    let (used, id) = session(&back(29)).await;
    used.get("/v1/me").await.expect(200);
    let left = lasts(id).await;
    assert!((1790.0..=1800.0).contains(&left), "half an hour more: {left}");
    // Used all the time, it ends all the same.
    let begun = "created_at = created_at - interval '710 min'";
    let (long, id) = session(&format!("{begun}, {}", back(2))).await;
    long.get("/v1/me").await.expect(200);
    let left = lasts(id).await;
    assert!((590.0..=600.0).contains(&left), "ten minutes more: {left}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_the_organisation_is_signed_out() {
    let app = TestApp::start().await;
    let kern = app.user(&["sales"]).await;
    let browser = signed_in(&kern).await;
    app.delete(&format!("/v1/users/{}", kern.id)).await.expect(200);
    browser.get("/v1/me").await.refused(401, "session_ended");
    // Also where they come back.
    let email = "SELECT 1 FROM state.session WHERE ended_at IS NULL";
    assert!(app.superuser().await.query_opt(email, &[]).await.unwrap().is_none());
}

/// A door that somebody has open in the second process.
struct Door {
    what: &'static str,
    opened: tokio::task::JoinHandle<Instant>,
}

impl Door {
    /// Asks again and again until it is told no.
    fn asking(request: RequestBuilder) -> Self {
        let opened = tokio::spawn(async move {
            loop {
                let answer = request.try_clone().unwrap().send().await.unwrap();
                if answer.status() == StatusCode::UNAUTHORIZED {
                    return Instant::now();
                }
                sleep(Duration::from_millis(5)).await;
            }
        });
        Self { what: "a request", opened }
    }

    /// Waits until the answer has come to its end.
    fn waiting(what: &'static str, request: RequestBuilder, status: u16) -> Self {
        let opened = tokio::spawn(async move {
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), status, "{what}");
            answer.text().await.unwrap();
            Instant::now()
        });
        Self { what, opened }
    }
}

/// Two processes on one database; what is ended through the first is felt at the second.
struct Two {
    first: Process,
    second: Process,
    owner: String,
    database: tokio_postgres::Client,
    client: Client,
    _data_dir: DataDir,
}

/// Somebody in the second process, by token or by cookie.
struct Somebody {
    id: String,
    token_id: String,
    token: String,
    session_id: Uuid,
    cookie: String,
}

impl Two {
    async fn start() -> Self {
        let (name, data_dir) = (new_database().await, DataDir::make());
        let nats = nats_of(&name);
        let start = || Process::with_roles("api,project", &name, &data_dir, nats.as_ref());
        let (first, second) = (start(), start());
        let (database, connection) = tokio_postgres::connect(&name, NoTls).await.unwrap();
        tokio::spawn(connection);
        let (owner, client) = (data_dir.owner_token(), Client::new());
        Self { first, second, owner, database, client, _data_dir: data_dir }
    }

    async fn command(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("http://{}{path}", self.first.address);
        let request = self.client.request(method, url).bearer_auth(&self.owner).json(&body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        let text = answer.text().await.unwrap();
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn somebody(&self) -> Somebody {
        let email = format!("{}@example.com", Uuid::now_v7().simple());
        let user = json!({ "email": email, "name": "Somebody", "roles": ["sales"] });
        let user = self.command(Method::POST, "/v1/users", user).await;
        let id = user["id"].as_str().unwrap().to_owned();
        let token = json!({ "user": id, "name": "test" });
        let token = self.command(Method::POST, "/v1/tokens", token).await;
        let me = self.command(Method::GET, "/v1/me", Value::Null).await;
        let organisation: Uuid = me["organisation"]["id"].as_str().unwrap().parse().unwrap();
        let cookie = hex::encode(Uuid::now_v7());
        let insert =
            "INSERT INTO state.session (session_id, user_id, organisation, hash, expires_at)
            VALUES ($1, $2, $3, $4, clock_timestamp() + interval '30 min')";
        let user: Uuid = id.parse().unwrap();
        let hash = Sha256::digest(cookie.as_bytes()).to_vec();
        let session_id = Uuid::now_v7();
        let row: [&(dyn ToSql + Sync); 4] = [&session_id, &user, &organisation, &hash];
        self.database.execute(insert, &row).await.unwrap();
        let text = |name: &str| token[name].as_str().unwrap().to_owned();
        Somebody { id, token_id: text("id"), token: text("token"), session_id, cookie }
    }

    /// What somebody has open in the second process: a feed, a poll, and one request after another.
    async fn doors(&self, open: impl Fn(RequestBuilder) -> RequestBuilder) -> [Door; 3] {
        let head = self.command(Method::GET, "/v1/events?limit=1", Value::Null).await;
        let poll = format!("/v1/events?wait=30&after={}", head["position"].as_str().unwrap());
        let request =
            |path: &str| open(self.client.get(format!("http://{}{path}", self.second.address)));
        let doors = [
            Door::waiting("a feed", request("/v1/events/stream"), 200),
            Door::waiting("a poll", request(&poll), 401),
            Door::asking(request("/v1/me")),
        ];
        sleep(Duration::from_millis(700)).await;
        for door in &doors {
            assert!(!door.opened.is_finished(), "{} ended before its time", door.what);
        }
        doors
    }

    /// How long somebody's doors stay open after their right to come in has ended in this way.
    async fn felt_after(&self, end: End) -> Duration {
        let somebody = self.somebody().await;
        let cookie = format!("dossier_session={}", somebody.cookie);
        let doors = match end {
            End::Session => self.doors(|request| request.header("cookie", &cookie)).await,
            End::Token | End::Membership => {
                self.doors(|request| request.bearer_auth(&somebody.token)).await
            }
        };
        let path = match end {
            End::Token => format!("/v1/tokens/{}", somebody.token_id),
            End::Membership => format!("/v1/users/{}", somebody.id),
            End::Session => format!("/v1/sessions/{}", somebody.session_id),
        };
        self.command(Method::DELETE, &path, json!({})).await;
        let since = Instant::now();
        let mut longest = Duration::ZERO;
        for Door { what, opened } in doors {
            let closed = tokio::time::timeout(Duration::from_secs(20), opened).await;
            let closed = closed.unwrap_or_else(|_| panic!("{what} stays open")).unwrap();
            longest = longest.max(closed.saturating_duration_since(since));
        }
        longest
    }
}

/// How somebody's right to come in ends.
#[derive(Debug, Clone, Copy)]
enum End {
    Token,
    Session,
    Membership,
}

/// Their requests are refused, and their live feeds and polls end, also in another process. Of
/// three tries the fastest counts, since the machine has other things to do.
#[tokio::test(flavor = "multi_thread")]
async fn whose_right_to_come_in_has_ended_is_out_within_a_second_in_every_process() {
    let two = Two::start().await;
    for end in [End::Token, End::Session, End::Membership] {
        let mut fastest = Duration::MAX;
        for _ in 0..3 {
            fastest = fastest.min(two.felt_after(end).await);
            if fastest < Duration::from_secs(1) {
                break;
            }
        }
        assert!(fastest < Duration::from_secs(1), "{end:?}: {fastest:?}");
    }
}
