//! A service of its own for one test, on a database cloned from the template.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use api::service::{Service, ServiceSettings};
use api::settings::Role;
use eventstore::SecretKey;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio_postgres::NoTls;
use uuid::Uuid;

/// How long a read model may take to catch up before a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct TestApp {
    pub(crate) service: Service,
    pub(crate) token: String,
    database: String,
    master_key: SecretKey,
    data_dir: PathBuf,
    client: Client,
}

/// An answer, read whole.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

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
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 5), "{}", self.text);
        problem
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        let id = Uuid::now_v7().simple().to_string();
        let name = format!("it_{id}");
        let postgres = connect("postgres").await;
        postgres
            .batch_execute(&format!(
                "CREATE DATABASE {name} TEMPLATE template_dossier STRATEGY file_copy"
            ))
            .await
            .unwrap();
        let data_dir = std::env::temp_dir().join(format!("dossier-it-{id}"));
        std::fs::create_dir_all(&data_dir).unwrap();
        Self::over(settings_of(&name), SecretKey::generate(), data_dir).await
    }

    async fn over(database: String, master_key: SecretKey, data_dir: PathBuf) -> Self {
        let service = Service::start(ServiceSettings {
            database: database.clone(),
            master_key: master_key.clone(),
            data_dir: data_dir.clone(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            roles: Role::ALL.to_vec(),
        })
        .await
        .unwrap();
        let token = std::fs::read_to_string(data_dir.join("owner-token")).unwrap();
        let token = token.trim().to_owned();
        Self { service, token, database, master_key, data_dir, client: Client::new() }
    }

    /// Stops the service and starts it again on the same data.
    pub(crate) async fn restart(self) -> Self {
        self.service.stop().await.unwrap();
        Self::over(self.database, self.master_key, self.data_dir).await
    }

    /// A connection of the superuser, to look behind the curtain or to tamper.
    pub(crate) async fn superuser(&self) -> tokio_postgres::Client {
        let (client, connection) =
            tokio_postgres::connect(&self.database, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    pub(crate) fn organisation(&self) -> Uuid {
        self.service.owner.principal.organisation
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.service.address);
        self.client.request(method, url).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// Reads after everything that was written so far: waits for the read models.
    pub(crate) async fn get_fresh(&self, path: &str) -> Answer {
        let head = self.service.store.head_sequence(self.organisation()).await.unwrap();
        let started = tokio::time::Instant::now();
        loop {
            let request = self.request(Method::GET, path);
            let answer = send(
                request
                    .header("Dossier-Min-Position", head.to_string())
                    .header("Prefer", "wait=5"),
            )
            .await;
            if answer.status != 503 || started.elapsed() > PATIENCE {
                return answer;
            }
        }
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        let request = self.request(Method::PATCH, path);
        send(request.header("content-type", "application/merge-patch+json").body(body.to_string()))
            .await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        send(self.request(Method::DELETE, path)).await
    }

    /// Creates a person and answers the id.
    pub(crate) async fn person(&self, first: &str, last: &str) -> String {
        let body = json!({ "type": "person", "first_name": first, "last_name": last });
        self.created("/v1/customers", body).await
    }

    /// Posts what must be created and answers its id.
    pub(crate) async fn created(&self, path: &str, body: Value) -> String {
        let answer = self.post(path, body).await.expect(201);
        answer["id"].as_str().unwrap_or_else(|| panic!("no id: {answer}")).to_owned()
    }

    /// A user with these roles, and the same service seen with a token of theirs.
    pub(crate) async fn token_for(&self, roles: &[&str]) -> String {
        let email = format!("{}@example.com", Uuid::now_v7().simple());
        let user = json!({ "email": email, "name": roles.join(" "), "roles": roles });
        let user = self.created("/v1/users", user).await;
        let answer = self.post("/v1/tokens", json!({ "user": user, "name": "test" })).await;
        answer.expect(201)["token"].as_str().unwrap().to_owned()
    }

    /// A GET with another token.
    pub(crate) async fn get_as(&self, token: &str, path: &str) -> Answer {
        let url = format!("http://{}{path}", self.service.address);
        send(self.client.get(url).bearer_auth(token)).await
    }

    /// A POST with another token.
    pub(crate) async fn post_as(&self, token: &str, path: &str, body: Value) -> Answer {
        let url = format!("http://{}{path}", self.service.address);
        send(self.client.post(url).bearer_auth(token).json(&body)).await
    }
}

pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response: Response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    Answer { status, headers, text }
}

fn settings_of(database: &str) -> String {
    let socket_dir = std::env::var("DOSSIER_TEST_POSTGRES")
        .expect("DOSSIER_TEST_POSTGRES names the socket folder of a test server: use ./test");
    format!("host={socket_dir} user=dossier dbname={database}")
}

async fn connect(database: &str) -> tokio_postgres::Client {
    let (client, connection) =
        tokio_postgres::connect(&settings_of(database), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
