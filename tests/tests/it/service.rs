//! The service for its operators: readiness, figures, and a database that goes away.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{PATIENCE, TestApp, send};

#[tokio::test(flavor = "multi_thread")]
async fn an_overtaken_reader_is_told_when_to_come_back() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}");
    app.get_fresh(&path).await.expect(200);
    // The view is held fast where it is.
    let superuser = app.superuser().await;
    superuser
        .batch_execute("BEGIN; LOCK TABLE customer_360.progress IN EXCLUSIVE MODE")
        .await
        .unwrap();
    let tagged = app.post(&format!("{path}/tags"), json!({ "tag": "vip" })).await.expect(200);
    let position = tagged["position"].as_str().unwrap();
    let read = async |prefer: &str| {
        let request = app.request(Method::GET, &format!("{path}?min_position={position}"));
        send(request.header("prefer", prefer)).await
    };
    let late = read("wait=0").await;
    let problem = late.refused(503, "projection_lagging");
    assert!(late.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert!(problem["retry_after_ms"].as_u64().unwrap() > 0);
    let stale = read("wait=0, handling=lenient").await;
    assert_eq!(stale.expect(200)["tags"], json!([]));
    assert_eq!(stale.header("dossier-stale"), "behind=1");
    // Folded now, it waits for nobody.
    assert_eq!(app.strong(&id).await["tags"], json!(["vip"]));
    superuser.batch_execute("ROLLBACK").await.unwrap();
    let fresh = app.get_fresh(&path).await;
    assert_eq!(fresh.expect(200)["tags"], json!(["vip"]));
    assert!(!fresh.headers.contains_key("dossier-stale"));
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_find_health_readiness_and_figures_without_a_token() {
    let app = TestApp::start().await;
    let open = async |path: &str| reqwest::get(app.url(path)).await.unwrap();
    assert_eq!(open("/healthz").await.status(), 200);
    let ready: Value = app.until("/readyz", |ready| ready["status"] == "ready").await;
    assert_eq!(ready["database"], true);
    let views = ready["views"].as_object().unwrap();
    for view in ["directory", "customer_360", "orders", "tasks", "folders", "notifications"] {
        assert_eq!(views[view]["halted"], false, "{view}");
    }
    app.person("Ada", "Byron").await;
    let figures = open("/metrics").await.text().await.unwrap();
    assert!(figures.lines().any(|line| line.contains("/v1/customers")), "{figures}");
    assert!(!figures.contains("Byron"));
    for path in ["/v1/customers", "/v1/audit/verify", "/v1/me", "/v1/openapi"] {
        let answer = open(path).await;
        assert!([401, 404].contains(&answer.status().as_u16()), "{path}");
    }
}

/// While the database is away everything is a 503 with the time to come back, never a 500; when
/// it is there again, so is the service, and nothing was lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_is_said_and_waited_for() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let (_, name) = app.database.split_once("dbname=").unwrap();
    let elsewhere = app.database.replace(name, "postgres");
    let (server, connection) =
        tokio_postgres::connect(&elsewhere, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let allow = async |allowed: bool| {
        let allow = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}");
        server.batch_execute(&allow).await.unwrap();
    };
    allow(false).await;
    let ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
    server.query(ends, &[&name]).await.unwrap();
    let body = json!({ "tag": "vip" });
    let tags = format!("/v1/customers/{id}/tags");
    for _ in 0..5 {
        for path in ["/v1/customers", "/v1/folders", "/v1/events", &format!("/v1/customers/{id}")] {
            let answer = app.get(path).await;
            assert_eq!(answer.status, 503, "{path}: {}", answer.text);
            assert!(answer.header("retry-after").parse::<u32>().unwrap() >= 1);
        }
        let answer = app.post_with(&tags, &[("Idempotency-Key", "vip")], body.clone()).await;
        assert_eq!(answer.status, 503, "{}", answer.text);
        assert!(
            ["unavailable", "outcome_unknown"].contains(&answer.json()["code"].as_str().unwrap())
        );
    }
    assert_eq!(app.get("/readyz").await.status, 503);
    assert_eq!(app.get("/healthz").await.status, 200);
    allow(true).await;
    let since = std::time::Instant::now();
    let tagged = loop {
        let answer = app.post_with(&tags, &[("Idempotency-Key", "vip")], body.clone()).await;
        if answer.status != 503 {
            break answer.expect(200);
        }
        assert!(since.elapsed() < PATIENCE, "{}", answer.text);
    };
    assert_eq!(tagged["events"][0]["type"], "customer.tagged");
    let customer = app.get_fresh(&format!("/v1/customers/{id}")).await.expect(200);
    assert_eq!(customer["tags"], json!(["vip"]));
    assert_eq!(app.history(&id).await, ["customer.created", "customer.tagged"]);
}
