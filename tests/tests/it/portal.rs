//! The portal: a customer comes in by a link and reads what is written for them, and nothing else.

use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::messages::sending;
use crate::smtp::SmtpServer;

const SCOPES: [&str; 8] =
    ["internal", "sales", "branch", "support", "finance", "fulfillment", "restricted", "customer"];

/// Somebody's browser, without an account here.
struct Visitor {
    client: Client,
    base: String,
    cookie: Option<String>,
}

/// What is told of a link that is none, or none any more.
const CLOSED: &str = "<h1>This link leads nowhere</h1>";

struct Page {
    status: StatusCode,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Page {
    fn is_open(&self) -> bool {
        assert!(self.status.is_success(), "{}", self.text);
        !self.text.contains(CLOSED)
    }
}

impl Visitor {
    fn of(app: &TestApp) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, base: app.url(""), cookie: None }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Page {
        let request = match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        Page { status, headers, text: answer.text().await.unwrap() }
    }

    async fn get(&self, path: &str) -> Page {
        self.send(self.client.get(format!("{}{path}", self.base))).await
    }

    /// Presses the button behind the link. The answer is where that leads.
    async fn enter(&mut self, link: &str) -> String {
        let post = self.client.post(format!("{}{link}", self.base));
        let page = self.send(post.header("sec-fetch-site", "same-origin")).await;
        if let Some(cookie) = page.headers.get("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("HttpOnly") && cookie.contains("Path=/portal"), "{cookie}");
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        assert_eq!(page.status, 303, "{}", page.text);
        page.headers["location"].to_str().unwrap().to_owned()
    }
}

/// Eleanor, with a note in each scope.
async fn eleanor(app: &TestApp) -> String {
    let body = json!({ "type": "person", "first_name": "Eleanor", "last_name": "Hunt <b>",
        "emails": ["eleanor@example.com"], "tags": ["canary-tag"] });
    let id = app.customer(body).await;
    for scope in SCOPES {
        let note =
            json!({ "text": format!("canary-{scope} <script>alert(1)</script>"), "scope": scope });
        app.post(&format!("/v1/customers/{id}/notes"), note).await.expect(201);
    }
    app.post(&format!("/v1/customers/{id}/flags"), json!({ "reason": "canary-flag" })).await;
    let risk = json!({ "type": "manual_flag", "reason": "canary-risk" });
    app.post(&format!("/v1/customers/{id}/risk-flags"), risk).await.expect(201);
    app.settled().await;
    id
}

async fn link(app: &TestApp, customer: &str) -> String {
    let path = format!("/v1/customers/{customer}/portal-access");
    let made = app.post(&path, json!({})).await.expect(200);
    assert_eq!(made["sent"], false);
    made["url"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn f062_of_eight_notes_the_customer_reads_the_one_that_is_for_them() {
    let app = TestApp::start().await;
    let customer = eleanor(&app).await;
    let link = link(&app, &customer).await;
    let mut visitor = Visitor::of(&app);
    assert_eq!(visitor.enter(&link).await, "/portal");
    let page = visitor.get("/portal").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("canary-customer &lt;script&gt;"), "{}", page.text);
    assert_eq!(page.text.matches("canary").count(), 1, "{}", page.text);
    assert!(page.text.contains("Eleanor Hunt &lt;b&gt;"), "{}", page.text);
    let owner = app.get("/v1/me").await.expect(200)["user"].clone();
    for hidden in ["@", &app.id, owner["name"].as_str().unwrap_or("Owner"), &customer] {
        assert!(!page.text.contains(hidden), "{hidden}: {}", page.text);
    }
    // A cookie of the portal opens nothing else.
    for path in ["/v1/me", "/v1/customers", &format!("/v1/customers/{customer}")] {
        assert_eq!(visitor.get(path).await.status, 401, "{path}");
    }
    for note in ["canary-customer-2"] {
        let body = json!({ "text": note, "scope": "customer" });
        app.post(&format!("/v1/customers/{customer}/notes"), body).await.expect(201);
    }
    app.settled().await;
    assert!(visitor.get("/portal").await.text.contains("canary-customer-2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn f167_a_link_lets_in_until_it_is_taken_back_replaced_or_run_out() {
    let app = TestApp::start().await;
    let customer = eleanor(&app).await;
    let path = format!("/v1/customers/{customer}/portal-access");
    let record = format!("/v1/customers/{customer}");
    let first = link(&app, &customer).await;
    assert!(app.strong(&customer).await["portal"]["until"].is_string());
    // A program that looks at the link in advance does not come in.
    let mut visitor = Visitor::of(&app);
    let door = visitor.get(&first).await;
    assert_eq!((door.status.as_u16(), door.headers.contains_key("set-cookie")), (200, false));
    assert!(door.text.contains("<form method=\"post\">"), "{}", door.text);
    assert!(!door.text.contains("Eleanor"), "who it is for is not told before");
    let foreign = visitor.client.post(app.url(&first)).header("sec-fetch-site", "cross-site");
    assert_eq!(visitor.send(foreign).await.status, 403);
    visitor.enter(&first).await;
    assert!(visitor.get("/portal").await.is_open());

    let second = link(&app, &customer).await;
    assert!(!visitor.get("/portal").await.is_open(), "another link took its place");
    assert!(!visitor.get(&first).await.is_open());
    visitor.enter(&second).await;
    assert!(visitor.get("/portal").await.is_open());
    app.delete(&path).await.expect(200);
    assert!(!visitor.get("/portal").await.is_open(), "at once");
    assert_eq!(visitor.enter(&second).await, second);
    assert!(app.strong(&customer).await.get("portal").is_none());

    for unknown in ["/portal/x", &format!("/portal/{}", "0".repeat(64)), "/portal"] {
        let page = Visitor::of(&app).get(unknown).await;
        assert!(!page.is_open(), "{unknown}");
    }
    let third = link(&app, &customer).await;
    visitor.enter(&third).await;
    app.post(&format!("{record}/archive"), json!({})).await.expect(200);
    assert!(!visitor.get("/portal").await.is_open());
    app.post(&format!("{record}/restore"), json!({})).await.expect(200);
    assert!(visitor.get("/portal").await.is_open());
    app.superuser()
        .await
        .execute("UPDATE state.portal_session SET expires_at = now() - interval '1 s'", &[])
        .await
        .unwrap();
    assert!(!visitor.get("/portal").await.is_open(), "twelve hours are over");
    visitor.enter(&third).await;
    let seen = app.strong(&customer).await["version"].clone();
    let headers = [("Idempotency-Key", "erase"), ("If-Match", &format!("\"{seen}\""))];
    app.post_with(&format!("{record}/erase"), &headers, json!({ "confirm": "erase" }))
        .await
        .expect(200);
    assert!(!visitor.get("/portal").await.is_open());
    assert_eq!(visitor.enter(&third).await, third);
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f167_who_edits_a_customer_opens_the_portal_and_the_secret_is_nowhere() {
    let app = TestApp::start().await;
    let customer = eleanor(&app).await;
    let path = format!("/v1/customers/{customer}/portal-access");
    app.user(&["viewer"]).await.post(&path, json!({})).await.denied("customer.edit");
    let sales = app.user(&["sales"]).await;
    let made = sales.post(&path, json!({ "send": true })).await.expect(200);
    assert_eq!(made["sent"], false, "there is no mail server");
    let secret = made["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    assert_eq!(secret.len(), 64);
    let key = [("Idempotency-Key", "k")];
    let first = app.post_with(&path, &key, json!({})).await.expect(200);
    let again = app.post_with(&path, &key, json!({})).await.expect(200);
    assert_eq!(first["events"], again["events"], "the same grant");
    assert!(Visitor::of(&app).get(again["url"].as_str().unwrap()).await.is_open());
    let would = app.post(&format!("{path}?dry_run=true"), json!({})).await.expect(200);
    assert!(would.get("url").is_none(), "{would}");
    let nobody = app.person("Grace", "Hopper").await;
    let nobody = format!("/v1/customers/{nobody}/portal-access");
    app.post(&nobody, json!({ "send": true }))
        .await
        .wrong_field("/send", "portal_mail_without_address");
    let off = format!("/v1/customers/{customer}/opt-outs/email");
    app.post(&off, json!({})).await.expect(200);
    app.post(&path, json!({ "send": true })).await.wrong_field("/send", "portal_mail_unwanted");
    let events = app.get("/v1/events?limit=200").await;
    assert!(!events.text.contains(&secret));
    let rows = app.superuser().await.query("SELECT l::text FROM state.portal_link l", &[]).await;
    let rows: Vec<String> = rows.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(!rows.is_empty() && rows.iter().all(|row| !row.contains(&secret)), "kept as a hash");
    let command = json!({ "type": "customer.grant_portal_access", "id": customer, "data": {} });
    app.post("/v1/commands", command).await.refused(422, "unknown_command");
}

#[tokio::test(flavor = "multi_thread")]
async fn f168_the_page_is_small_safe_and_in_the_customers_language() {
    let app = TestApp::start().await;
    let customer = eleanor(&app).await;
    let link = link(&app, &customer).await;
    let mut visitor = Visitor::of(&app);
    visitor.enter(&link).await;
    let page = visitor.get("/portal").await;
    assert!(page.text.len() < 60_000);
    for wanted in ["<html lang=\"en\">", "<main>", "<h1>", "<title>", "name=\"viewport\""] {
        assert!(page.text.contains(wanted), "{wanted}: {}", page.text);
    }
    assert!(!page.text.contains("<script") && !page.text.contains("style=\""), "{}", page.text);
    let header = |name: &str| page.headers[name].to_str().unwrap().to_owned();
    assert!(header("content-security-policy").contains("default-src 'none'"));
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("cache-control"), "private, no-store");
    let request = visitor.client.get(app.url("/portal")).header("accept-language", "fr, vi;q=0.8");
    let vietnamese = visitor.send(request).await;
    assert!(vietnamese.text.contains("<html lang=\"vi\">"), "{}", vietnamese.text);
    assert!(vietnamese.text.contains("Xin chào, Eleanor"), "{}", vietnamese.text);
    let none: Value =
        app.get(&format!("/v1/customers/{customer}")).await.expect(200)["portal"].clone();
    assert!(none["until"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn f167_the_link_goes_to_the_customers_primary_email() {
    let server = SmtpServer::start(&[]).await;
    let app = sending(&server).await;
    let customer = eleanor(&app).await;
    let path = format!("/v1/customers/{customer}/portal-access");
    let made = app.post(&path, json!({ "send": true })).await.expect(200);
    assert_eq!(made["sent"], true);
    let link = made["url"].as_str().unwrap();
    assert!(link.starts_with("https://crm.example/portal/"), "{link}");
    let mail = server.got(1).await.remove(0);
    assert_eq!(mail.to, "eleanor@example.com");
    let text = mail.data.replace("=\r\n", "").replace("=3D", "=");
    assert!(text.contains(link), "{text}");
    let history = app.history(&customer).await;
    assert!(
        history.last().is_some_and(|last| last == "customer.portal_access_granted"),
        "{history:?}"
    );
}
