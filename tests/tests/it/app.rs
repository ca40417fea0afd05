//! A service of its own for one test, on a database cloned from the template.

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use api::server::Door;
use api::service::{Service, ServiceSettings};
use api::settings::Role;
use automation::outbox;
use domain::access::Principal;
use domain::{Command, Source};
use eventstore::nats::NatsSettings;
use eventstore::{Caller, Options, SecretKey, Store};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio_postgres::NoTls;
use uuid::Uuid;

/// How long something may take to come about before a test gives up.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);
/// Between two looks at something that is not a read model.
const LOOK: Duration = Duration::from_millis(15);

pub(crate) struct TestApp {
    pub(crate) service: Service,
    pub(crate) database: String,
    pub(crate) data_dir: DataDir,
    owner: Person,
    master_key: SecretKey,
    outbox: outbox::Settings,
    door: Door,
}

/// Somebody with a token, at the door of the service.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) organisation: Uuid,
    /// Whether the organisation is another one than the token's own.
    abroad: bool,
    address: SocketAddr,
    pub(crate) store: Store,
    client: Client,
}

/// A folder that goes with its owner.
pub(crate) struct DataDir(PathBuf);

/// An answer, read whole.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl DataDir {
    pub(crate) fn make() -> Self {
        let name = format!("dossier-it-{}", Uuid::now_v7().simple());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The owner's token, as the service wrote it.
    pub(crate) fn owner_token(&self) -> String {
        std::fs::read_to_string(self.0.join("owner-token")).unwrap().trim().to_owned()
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
    }

    /// The body of an answer that must have this status.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// Asserts a refusal: its status and code, and that it is a problem document.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(problem["code"], code, "{}", self.text);
        assert_eq!(problem["status"], status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["type"], format!("/docs/errors/{code}"), "{}", self.text);
        assert_eq!(problem["request_id"], self.header("dossier-request-id"), "{}", self.text);
        assert!(problem["title"].as_str().is_some_and(|title| title.len() > 5), "{}", self.text);
        problem
    }

    /// Asserts that one field is wrong, at this pointer and with this code.
    #[track_caller]
    pub(crate) fn wrong_field(&self, pointer: &str, code: &str) -> Value {
        let problem = self.expect(422);
        let error = &problem["errors"][0];
        assert_eq!(error["pointer"], pointer, "{}", self.text);
        assert_eq!(error["code"], code, "{}", self.text);
        assert!(error["detail"].as_str().is_some_and(|detail| detail.len() > 5), "{}", self.text);
        error.clone()
    }

    /// Asserts that the role does not allow it, and that the missing permission is named.
    #[track_caller]
    pub(crate) fn denied(&self, permission: &str) {
        let problem = self.refused(403, "permission_denied");
        assert_eq!(problem["required_permission"], permission, "{}", self.text);
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_sending(outbox::Settings::default()).await
    }

    /// A service whose messages go out like this.
    pub(crate) async fn start_sending(outbox: outbox::Settings) -> Self {
        let database = new_database().await;
        let nats = nats_of(&database);
        let (key, door) = (SecretKey::generate(), Door::default());
        Self::over(database, key, DataDir::make(), nats, outbox, door).await
    }

    /// A service that is reached like this.
    pub(crate) async fn start_behind(door: Door) -> Self {
        let (database, outbox) = (new_database().await, outbox::Settings::default());
        let (nats, key) = (nats_of(&database), SecretKey::generate());
        Self::over(database, key, DataDir::make(), nats, outbox, door).await
    }

    /// With the events in this NATS.
    pub(crate) async fn start_with(nats: NatsSettings) -> Self {
        let (database, outbox) = (new_database().await, outbox::Settings::default());
        let (key, door) = (SecretKey::generate(), Door::default());
        Self::over(database, key, DataDir::make(), Some(nats), outbox, door).await
    }

    async fn over(
        database: String,
        master_key: SecretKey,
        data_dir: DataDir,
        nats: Option<NatsSettings>,
        outbox: outbox::Settings,
        door: Door,
    ) -> Self {
        let service = Service::start(ServiceSettings {
            database: database.clone(),
            master_key: master_key.clone(),
            data_dir: data_dir.path().to_owned(),
            largest_file: 25 << 20,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            roles: Role::ALL.to_vec(),
            nats,
            door,
            outbox: outbox.clone(),
        })
        .await
        .unwrap();
        let principal = &service.owner.as_ref().unwrap().principal;
        let owner = Person {
            id: principal.user.to_string(),
            token: data_dir.owner_token(),
            organisation: principal.organisation,
            abroad: false,
            address: service.address,
            store: service.store.clone(),
            client: Client::new(),
        };
        Self { service, database, data_dir, owner, master_key, outbox, door }
    }

    /// Stops the service and starts it again on the same data.
    pub(crate) async fn restart(self) -> Self {
        let Self { service, database, data_dir, master_key, outbox, door, .. } = self;
        service.stop().await.unwrap();
        let nats = nats_of(&database);
        Self::over(database, master_key, data_dir, nats, outbox, door).await
    }

    /// The same, and from then on it is reached like this.
    pub(crate) async fn restart_behind(self, door: Door) -> Self {
        Self { door, ..self }.restart().await
    }

    /// The same, and from then on messages and calls go out like this.
    pub(crate) async fn restart_sending(self, outbox: outbox::Settings) -> Self {
        Self { outbox, ..self }.restart().await
    }

    /// The owner's password, as it was shown at the first start.
    pub(crate) fn password(&self) -> &str {
        self.service.owner.as_ref().unwrap().password.as_deref().unwrap()
    }

    /// For another process on the same data.
    pub(crate) fn master_key(&self) -> String {
        self.master_key.to_hex().to_string()
    }

    /// A connection of the superuser, to look behind the curtain or to tamper.
    pub(crate) async fn superuser(&self) -> tokio_postgres::Client {
        let (client, connection) = tokio_postgres::connect(&self.database, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    /// The owner in another organisation of the same service.
    pub(crate) async fn abroad(&self) -> Person {
        let organisation = Uuid::now_v7();
        let store = &self.service.store;
        store.create_organisation(organisation).await.unwrap();
        let owner = json!({ "user": self.owner.id, "roles": ["owner"] });
        for (name, target, data) in [
            ("organisation.create", Some(organisation), json!({ "name": "Elsewhere" })),
            ("member.add", None, owner),
        ] {
            let command = Command::parse(name, target, data).unwrap();
            let caller = Caller::new(Principal::system(organisation), Source::System);
            store.execute(&caller, command, &Options::default()).await.unwrap();
        }
        Person { organisation, abroad: true, ..self.owner.clone() }
    }

    /// Waits until the rules have seen everything and have nothing left to do.
    pub(crate) async fn settled(&self) {
        const LEFT: &str = "SELECT count(*) FROM (
            SELECT 1 FROM es.lane l JOIN automation.checkpoint c USING (lane)
            WHERE c.position < l.next_position - 1
            UNION ALL SELECT 1 FROM automation.run WHERE finished_at IS NULL) AS waiting";
        let client = self.superuser().await;
        let since = Instant::now();
        loop {
            let left: i64 = client.query_one(LEFT, &[]).await.unwrap().get(0);
            if left == 0 {
                return;
            }
            assert!(since.elapsed() < PATIENCE, "the rules still have {left} things to do");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Asserts that every read model built anew from the log equals the live one, row by row;
    /// answers how many rows were compared.
    pub(crate) async fn rebuilt_equals_live(&self) -> u64 {
        let mut rows = 0;
        for model in projections::models::NAMES {
            let compared =
                projections::rebuilt_equals_live(&self.service.store, model).await.unwrap();
            assert!(compared.is_equal(), "{model}: {:#?}", compared.differing);
            rows += compared.rows;
        }
        rows
    }
}

impl Deref for TestApp {
    type Target = Person;

    /// The owner, who speaks where nobody else is named.
    fn deref(&self) -> &Person {
        &self.owner
    }
}

impl Person {
    /// The same person with another token of theirs, or with none that is good.
    pub(crate) fn with_token(&self, token: &Value) -> Self {
        Self { token: token.as_str().unwrap().to_owned(), ..self.clone() }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, self.url(path)).bearer_auth(&self.token);
        if self.abroad {
            request.header("Dossier-Organization", self.organisation.to_string())
        } else {
            request
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// Reads after everything that was written so far: waits for the read models.
    pub(crate) async fn get_fresh(&self, path: &str) -> Answer {
        self.fresh(self.request(Method::GET, path)).await
    }

    /// Sends a read so that it waits for everything that was written so far.
    pub(crate) async fn fresh(&self, request: RequestBuilder) -> Answer {
        let head = self.store.head_sequence(self.organisation).await.unwrap().to_string();
        let since = Instant::now();
        loop {
            let again = request.try_clone().unwrap();
            let again = again.header("Dossier-Min-Position", &head).header("Prefer", "wait=5");
            let answer = send(again).await;
            if answer.status != 503 || since.elapsed() > PATIENCE {
                return answer;
            }
        }
    }

    /// A search by a condition, after everything that was written so far.
    pub(crate) async fn search(&self, condition: Value) -> Answer {
        self.fresh(self.request(Method::POST, "/v1/customers/search").json(&condition)).await
    }

    /// Reads again and again until the body is as wanted.
    pub(crate) async fn until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let since = Instant::now();
        loop {
            let body = self.get(path).await.expect(200);
            if wanted(&body) {
                return body;
            }
            assert!(since.elapsed() < PATIENCE, "{path} stays as it is: {body:#}");
            tokio::time::sleep(LOOK).await;
        }
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::PUT, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        let request = self.request(Method::PATCH, path);
        send(request.header("content-type", "application/merge-patch+json").body(body.to_string()))
            .await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        send(self.request(Method::DELETE, path)).await
    }

    /// Posts with further headers.
    pub(crate) async fn post_with(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let request = self.request(Method::POST, path).json(&body);
        send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)))
            .await
    }

    /// Another user of the organisation with these roles, and a token of theirs.
    pub(crate) async fn user(&self, roles: &[&str]) -> Self {
        let email = format!("{}@example.com", Uuid::now_v7().simple());
        let body = json!({ "email": email, "name": roles.join(" "), "roles": roles });
        let id = self.created("/v1/users", body).await;
        let token = json!({ "user": id, "name": "test" });
        let answer = self.post("/v1/tokens", token).await.expect(201);
        let token = answer["token"].as_str().unwrap().to_owned();
        // People's names come from another organisation, so that no position tells of them.
        let named = |users: &Value| {
            let users = users["data"].as_array().unwrap();
            users.iter().any(|user| user["id"] == id && user["name"].is_string())
        };
        self.until("/v1/users", named).await;
        Self { id, token, abroad: false, ..self.clone() }
    }

    /// Creates a person and answers the id.
    pub(crate) async fn person(&self, first: &str, last: &str) -> String {
        let body = json!({ "type": "person", "first_name": first, "last_name": last });
        self.customer(body).await
    }

    /// Creates a customer and answers the id.
    pub(crate) async fn customer(&self, body: Value) -> String {
        self.created("/v1/customers", body).await
    }

    /// Creates a folder with these statuses, the first being the default; answers the id.
    pub(crate) async fn folder(&self, name: &str, statuses: &[&str]) -> String {
        let body = json!({ "name": name, "statuses": statuses, "default_status": statuses[0] });
        self.created("/v1/folders", body).await
    }

    /// Writes a rule that is active and answers the id.
    pub(crate) async fn rule(&self, event: &str, mut rule: Value) -> String {
        rule["trigger"] = json!({ "events": [event] });
        if rule["name"].is_null() {
            rule["name"] = json!(format!("When {event}"));
        }
        if rule["state"].is_null() {
            rule["state"] = json!("active");
        }
        self.created("/v1/automation/rules", rule).await
    }

    /// Writes a rule that sends something, rehearses it and switches it on; answers the id.
    pub(crate) async fn sending_rule(&self, event: &str, mut rule: Value) -> String {
        rule["state"] = json!("draft");
        let rule = self.rule(event, rule).await;
        self.rehearse(&rule, ever("effective")).await;
        self.post(&format!("/v1/automation/rules/{rule}/activate"), json!({})).await.expect(200);
        rule
    }

    /// Rehearses a rule and answers the finished job.
    pub(crate) async fn rehearse(&self, rule: &str, body: Value) -> Value {
        let answer = self.post(&format!("/v1/automation/rules/{rule}/rehearse"), body).await;
        answer.expect(202);
        let job = self.until(answer.header("location"), |job| !job["finished_at"].is_null()).await;
        let kind = (&job["state"], &job["kind"]);
        assert_eq!(kind, (&json!("done"), &json!("rule.rehearsal")), "{job}");
        job
    }

    /// Posts what must be created and answers its id.
    pub(crate) async fn created(&self, path: &str, body: Value) -> String {
        let answer = self.post(path, body).await.expect(201);
        answer["id"].as_str().unwrap_or_else(|| panic!("no id: {answer}")).to_owned()
    }

    /// The customer, folded now.
    pub(crate) async fn strong(&self, id: &str) -> Value {
        self.get(&format!("/v1/customers/{id}?consistency=strong")).await.expect(200)
    }

    /// Where the organisation's log stands.
    pub(crate) async fn head(&self) -> String {
        let events = self.get("/v1/events?limit=1").await.expect(200);
        events["position"].as_str().unwrap().to_owned()
    }

    /// The types of the events in a customer's history, oldest first.
    pub(crate) async fn history(&self, id: &str) -> Vec<String> {
        let events = self.events_of(id, "").await;
        events.iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }

    /// A customer's events, oldest first; `types` narrows them.
    pub(crate) async fn events_of(&self, id: &str, types: &str) -> Vec<Value> {
        let filter = if types.is_empty() { String::new() } else { format!("&types={types}") };
        let path = format!("/v1/customers/{id}/history?limit=200{filter}");
        rows(&self.get(&path).await)
    }

    /// Imports a file and answers the finished job.
    pub(crate) async fn import(&self, query: &str, file: Vec<u8>) -> Value {
        let request = self.request(Method::POST, &format!("/v1/imports?{query}")).body(file);
        let answer = send(request).await;
        let job = answer.expect(202);
        assert_eq!(answer.header("location"), format!("/v1/jobs/{}", job["id"].as_str().unwrap()));
        self.until(answer.header("location"), |job| !job["finished_at"].is_null()).await
    }
}

/// The period of a rehearsal: all there is, from long ago until long from now.
pub(crate) fn ever(time: &str) -> Value {
    json!({ "from": "1970-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z", "time": time })
}

/// The rows of a page that must have come.
#[track_caller]
pub(crate) fn rows(answer: &Answer) -> Vec<Value> {
    answer.expect(200)["data"].as_array().unwrap_or_else(|| panic!("{}", answer.text)).clone()
}

/// One member of each row, as text.
pub(crate) fn column(rows: &[Value], name: &str) -> Vec<String> {
    let text = |row: &Value| row[name].as_str().unwrap_or_else(|| panic!("{row}")).to_owned();
    rows.iter().map(text).collect()
}

pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response: Response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    Answer { status, headers, text }
}

/// A database of its own; answers how to connect to it.
pub(crate) async fn new_database() -> String {
    let name = format!("it_{}", Uuid::now_v7().simple());
    let clone = format!("CREATE DATABASE {name} TEMPLATE template_dossier STRATEGY file_copy");
    let (postgres, connection) =
        tokio_postgres::connect(&settings_of("postgres"), NoTls).await.unwrap();
    tokio::spawn(connection);
    postgres.batch_execute(&clone).await.unwrap();
    settings_of(&name)
}

/// NATS, with the database's name as prefix, where `DOSSIER_TEST_WITH_NATS` asks for it: so that the
/// same tests are run with it and without it.
pub(crate) fn nats_of(database: &str) -> Option<NatsSettings> {
    std::env::var("DOSSIER_TEST_WITH_NATS").is_ok().then(|| NatsSettings {
        url: nats_url(),
        prefix: database.rsplit('=').next().unwrap_or_default().to_owned(),
        replicas: 1,
    })
}

pub(crate) fn nats_url() -> String {
    std::env::var("DOSSIER_TEST_NATS")
        .expect("DOSSIER_TEST_NATS is the address of a test server: use ./test")
}

fn settings_of(database: &str) -> String {
    let socket_dir = std::env::var("DOSSIER_TEST_POSTGRES")
        .expect("DOSSIER_TEST_POSTGRES names the socket folder of a test server: use ./test");
    format!("host={socket_dir} user=dossier dbname={database}")
}
