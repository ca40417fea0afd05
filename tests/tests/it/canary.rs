//! A thousand words that nobody says, sent in by every door: none of them stands in a log.

use std::cell::RefCell;
use std::fs::File;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::app::{Answer, DataDir, send};
use crate::process::Process;

const WORDS: usize = 1_000;

/// Somebody who never says a word twice.
struct Canary {
    client: Client,
    address: String,
    token: String,
    said: RefCell<Vec<String>>,
}

impl Canary {
    /// A new word, of letters alone, so that it fits in wherever a text does.
    fn word(&self) -> String {
        let mut said = self.said.borrow_mut();
        let mut number = said.len();
        let mut word = "qzj".to_owned();
        for _ in 0..4 {
            word.push(char::from(b'a' + u8::try_from(number % 26).unwrap()));
            number /= 26;
        }
        word.push_str("vxk");
        said.push(word.clone());
        word
    }

    /// A new number of a phone.
    fn phone(&self) -> String {
        let mut said = self.said.borrow_mut();
        let digits = format!("1512{:07}", 7_310_000 + said.len());
        said.push(digits.clone());
        format!("+49{digits}")
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.address);
        self.client.request(method, url).bearer_auth(&self.token)
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::POST, path).json(&body)).await
    }

    async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    fn person(&self) -> Value {
        json!({
            "type": "person", "first_name": self.word(), "last_name": self.word(),
            "emails": [format!("{}@{}.example", self.word(), self.word())],
            "phones": [self.phone()],
            "addresses": [{ "line1": self.word(), "city": self.word() }],
            "tags": [self.word()], "external_ids": { "shop": self.word() },
        })
    }
}

/// Records, and everything that is said about them.
async fn says_what_is_right(canary: &Canary) -> String {
    let mut id = String::new();
    for _ in 0..25 {
        let created = canary.post("/v1/customers", canary.person()).await.expect(201);
        id = created["id"].as_str().unwrap().to_owned();
        let of = |path: &str| format!("/v1/customers/{id}/{path}");
        for (path, body) in [
            ("notes", json!({ "text": canary.word() })),
            ("interactions", json!({ "type": "call", "note": canary.word() })),
            ("tasks", json!({ "title": canary.word(), "note": canary.word() })),
            ("flags", json!({ "reason": canary.word() })),
            ("risk-flags", json!({ "type": "manual_flag", "reason": canary.word() })),
            (
                "messages",
                json!({ "to": format!("{}@example.com", canary.word()),
                "subject": canary.word(), "text": canary.word() }),
            ),
        ] {
            let answer = canary.post(&of(path), body).await;
            assert!(answer.status < 300, "{path}: {}", answer.text);
        }
    }
    id
}

/// What is refused: by the door, by a field, by the record, by another record.
async fn says_what_is_wrong(canary: &Canary, id: &str) {
    let word = || canary.word();
    let taken = canary.person();
    canary.post("/v1/customers", taken.clone()).await.expect(201);
    canary.post("/v1/customers", taken).await.expect(409);
    for _ in 0..15 {
        let (phone, path) = (canary.phone(), format!("/v1/customers/{id}"));
        for (status, request) in [
            (400, canary.request(Method::GET, &format!("/v1/customers?{}=1", word()))),
            (400, canary.request(Method::GET, &format!("/v1/customers?limit={}", word()))),
            (200, canary.request(Method::GET, &format!("/v1/customers?q={}", word()))),
            (200, canary.request(Method::GET, &format!("/v1/search?q={phone}"))),
            (404, canary.request(Method::GET, &format!("/v1/customers/{}", word()))),
            (404, canary.request(Method::GET, &format!("/{}", word()))),
            (404, canary.request(Method::GET, &format!("/unsubscribe/{}", word()))),
            (404, canary.request(Method::POST, &format!("/hooks/stripe/{}", word())).body(word())),
            (
                400,
                canary
                    .request(Method::POST, "/v1/customers")
                    .header("content-type", "application/json")
                    .body(format!("{{\"{}\": ", word())),
            ),
            (415, canary.request(Method::POST, "/v1/customers").body(word())),
            (422, canary.request(Method::POST, "/v1/customers").json(&json!({ word(): 1 }))),
            (422, canary.request(Method::POST, "/v1/customers").json(&json!({ "type": word() }))),
            (422, canary.request(Method::POST, "/v1/commands").json(&json!({ "type": word() }))),
            (
                422,
                canary.request(Method::POST, "/v1/automation/rules").json(&json!({
                "name": word(), "trigger": { "events": [word()] }, "then": [] })),
            ),
            (
                422,
                canary.request(Method::POST, "/v1/webhooks").json(&json!({
                "url": format!("https://user:{}@{}.example", word(), word()), "types": ["*"] })),
            ),
            (
                401,
                canary
                    .client
                    .get(format!("{}/v1/me", canary.address))
                    .bearer_auth(format!("dsr_pat_{}", word())),
            ),
            (
                400,
                canary
                    .request(Method::POST, &format!("{path}/tags"))
                    .header("if-match", word())
                    .json(&json!({ "tag": "vip" })),
            ),
            (
                412,
                canary
                    .request(Method::POST, &format!("{path}/tags"))
                    .header("if-match", "\"1\"")
                    .header("idempotency-key", word())
                    .header("dossier-causation-id", word())
                    .json(&json!({ "tag": word() })),
            ),
        ] {
            let answer = send(request).await;
            assert_eq!(answer.status, status, "{}", answer.text);
        }
    }
}

/// Files with good and bad rows, secrets of connections, what providers bring with a wrong and with
/// a right signature, a mail, and a rule that fails.
async fn says_it_through_other_doors(canary: &Canary, id: &str) {
    let word = || canary.word();
    let mut file = "external_id,first_name,last_name,email,folder\n".to_owned();
    for row in 0..40 {
        let folder = if row % 3 == 0 { word() } else { String::new() };
        let email = if row % 5 == 0 { word() } else { format!("{}@example.org", word()) };
        file.push_str(&format!("{},{},{},{email},{folder}\n", word(), word(), word()));
    }
    let imports = canary.request(Method::POST, "/v1/imports?kind=customers&source=shop");
    let job = send(imports.body(file)).await;
    job.expect(202);
    loop {
        let state = canary.get(job.header("location")).await.expect(200);
        if !state["finished_at"].is_null() {
            assert!(state["failed"].as_i64().unwrap() > 5, "{state}");
            break;
        }
    }
    for provider in ["stripe", "whatsapp"] {
        let connection = json!({ "provider": provider, "name": word(), "secret": word() });
        let connection = canary.post("/v1/connections", connection).await.expect(201);
        let path = connection["path"].as_str().unwrap();
        let delivery = json!({ word(): { word(): word() } }).to_string();
        let request = canary.request(Method::POST, path).body(delivery);
        let signed = request.header("stripe-signature", format!("t=1,v1={}", word()));
        let answer = send(signed.header("x-hub-signature-256", word())).await;
        assert_eq!(answer.status, 401, "{}", answer.text);
    }
    let mail = format!(
        "From: {0} <{0}@example.com>\r\nMessage-ID: <{1}@example.com>\r\nSubject: {2}\r\n\r\n{3}\r\n",
        word(),
        word(),
        word(),
        word()
    );
    send(canary.request(Method::POST, "/v1/inbound/mail").body(mail)).await.expect(200);
    let folder = json!({ "name": word(), "statuses": ["new"], "default_status": "new" });
    canary.post("/v1/folders", folder).await.expect(201);
    // The customer's folder does not know the status: the run fails.
    let rule = json!({ "name": word(), "state": "active",
        "trigger": { "events": ["customer.tagged"] },
        "then": [{ "action": "change_status", "status": word() },
            { "action": "raise_flag", "reason": word() }] });
    canary.post("/v1/automation/rules", rule).await.expect(201);
    canary.post(&format!("/v1/customers/{id}/tags"), json!({ "tag": word() })).await.expect(200);
    loop {
        let runs = canary.get("/v1/automation/runs").await.expect(200);
        if runs["data"].as_array().unwrap().iter().any(|run| !run["finished_at"].is_null()) {
            break;
        }
    }
    let token = canary.post("/v1/tokens", json!({ "name": word() })).await.expect(201);
    canary.said.borrow_mut().push(token["token"].as_str().unwrap().to_owned());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_words_none_stands_in_a_log() {
    let data_dir = DataDir::make();
    let log = data_dir.path().join("service.log");
    let file = File::create(&log).unwrap();
    let process = Process::start_logging(&data_dir, file, &[("DOSSIER_LOG", "trace")]);
    let canary = Canary {
        client: Client::new(),
        address: format!("http://{}", process.address),
        token: data_dir.owner_token(),
        said: RefCell::default(),
    };
    let id = says_what_is_right(&canary).await;
    says_what_is_wrong(&canary, &id).await;
    says_it_through_other_doors(&canary, &id).await;
    // Whatever is left goes into one letter.
    let left = WORDS.saturating_sub(canary.said.borrow().len());
    let letter: Vec<String> = (0..left).map(|_| canary.word()).collect();
    let note = json!({ "text": letter.join(" "), "scope": letter.last() });
    canary.post(&format!("/v1/customers/{id}/notes"), note).await.expect(422);
    process.end();
    let mut words = canary.said.into_inner();
    words.push(canary.token);
    assert!(words.len() > WORDS);
    let service = std::fs::read_to_string(&log).unwrap();
    assert!(service.matches("answered").count() > 300, "the log is at its most talkative");
    let database = std::fs::read_to_string(data_dir.path().join("postgresql.log")).unwrap();
    assert!(database.contains("database system is ready"), "{database}");
    for (name, log) in [("the service's", &service), ("PostgreSQL's", &database)] {
        for line in log.lines() {
            let spoken = words.iter().find(|word| line.contains(word.as_str()));
            assert_eq!(spoken, None, "in {name} log: {line}");
        }
    }
}
