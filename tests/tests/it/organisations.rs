//! Several organisations in one installation.

use std::process::Command;

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, send};
use crate::browser::Browser;
use crate::process::tool;

fn within(
    person: &Person,
    organisation: &Value,
    method: Method,
    path: &str,
) -> reqwest::RequestBuilder {
    let organisation = organisation.as_str().unwrap();
    person.request(method, path).header("Dossier-Organization", organisation)
}

#[tokio::test(flavor = "multi_thread")]
async fn f165_who_administers_the_installation_makes_organisations_and_owns_them() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/v1/me").await.expect(200)["installation_admin"], true);
    let key = [("Idempotency-Key", "graz")];
    let graz = json!({ "name": "Branch in Graz" });
    let made = app.post_with("/v1/organisations", &key, graz.clone()).await.expect(201);
    let again = app.post_with("/v1/organisations", &key, graz).await.expect(201);
    assert_eq!(made, again);
    let other = json!({ "name": "Branch in Wels" });
    let answer = app.post_with("/v1/organisations", &key, other).await;
    answer.refused(422, "idempotency_key_reused");
    let me = app.get("/v1/me").await.expect(200);
    assert_ne!(me["organisation"]["id"], made["id"]);
    let names: Vec<&Value> =
        me["organisations"].as_array().unwrap().iter().map(|row| &row["name"]).collect();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&&json!("Branch in Graz")), "{names:?}");
    let there = send(within(&app, &made["id"], Method::GET, "/v1/me")).await.expect(200);
    assert_eq!(there["organisation"], made);
    assert_eq!(there["roles"], json!(["owner"]));

    // By cookie as well; and one may begin there.
    let mut browser = Browser::at(&app);
    let body = json!({ "email": "owner@dossier.localhost", "password": app.password(),
        "organisation": made["id"] });
    let me = browser.post("/v1/session", body).await.expect(201);
    assert_eq!(me["organisation"], made);
    let home = browser.request(Method::GET, "/v1/me");
    let home = home.header("Dossier-Organization", app.organisation.to_string());
    assert_eq!(send(home).await.expect(200)["organisation"]["id"], app.organisation.to_string());

    for role in ["admin", "owner", "sales"] {
        let person = app.user(&[role]).await;
        let answer = person.post("/v1/organisations", json!({ "name": "Mine" })).await;
        assert_eq!(answer.status, 403, "{role}: {}", answer.text);
        send(within(&person, &made["id"], Method::GET, "/v1/me")).await.refused(404, "not_found");
    }
    // Nobody comes into the organisation that holds the people.
    let installation = json!(api::INSTALLATION);
    send(within(&app, &installation, Method::GET, "/v1/me")).await.refused(404, "not_found");
    // A token that is held to a lesser role makes none.
    let token = json!({ "name": "reader", "role": "manager" });
    let token = app.post("/v1/tokens", token).await.expect(201);
    let held = app.with_token(&token["token"]);
    held.post("/v1/organisations", json!({ "name": "M" })).await.denied("organisation.admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_made_by_somebody_else_opens_their_organisation_only() {
    let app = TestApp::start().await;
    let made = app.post("/v1/organisations", json!({ "name": "Branch" })).await.expect(201);
    let own = app.post("/v1/tokens", json!({ "name": "own" })).await.expect(201);
    let own = app.with_token(&own["token"]);
    send(within(&own, &made["id"], Method::GET, "/v1/me")).await.expect(200);
    // The owner is a member of both; who administers one has no say in the other.
    let admin = app.user(&["admin", "owner"]).await;
    let body = json!({ "name": "theirs", "user": app.id });
    let theirs = admin.post("/v1/tokens", body).await.expect(201);
    let theirs = app.with_token(&theirs["token"]);
    theirs.get("/v1/me").await.expect(200);
    send(within(&theirs, &made["id"], Method::GET, "/v1/me")).await.refused(404, "not_found");
    // Nor does a token that was made with it.
    let next = theirs.post("/v1/tokens", json!({ "name": "next" })).await.expect(201);
    let next = app.with_token(&next["token"]);
    send(within(&next, &made["id"], Method::GET, "/v1/me")).await.refused(404, "not_found");
}

/// A record is of one organisation for ever: the same id elsewhere is another record.
#[tokio::test(flavor = "multi_thread")]
async fn f017_a_closed_record_is_not_reopened_from_another_organisation() {
    let app = TestApp::start().await;
    let abroad = app.abroad().await;
    let ada = app.person("Ada", "Byron").await;
    app.post(&format!("/v1/customers/{ada}/archive"), json!({})).await.expect(200);
    let (here, there) = (app.head().await, abroad.head().await);
    let restore = abroad.post(&format!("/v1/customers/{ada}/restore"), json!({})).await;
    restore.refused(404, "customer_not_found");
    let restore = json!({ "type": "customer.restore", "id": ada, "data": {} });
    abroad.post("/v1/commands", restore).await.refused(404, "customer_not_found");
    let data = json!({ "type": "person", "last_name": "Seal", "id": ada });
    abroad.post("/v1/customers", data).await.wrong_field("/id", "unknown_field");
    assert_eq!(abroad.head().await, there);
    let data = json!({ "type": "person", "last_name": "Seal" });
    let create = json!({ "type": "customer.create", "id": ada, "data": data });
    abroad.post("/v1/commands", create).await.expect(201);
    assert_eq!(abroad.strong(&ada).await["display_name"], "Seal");
    assert_eq!(app.head().await, here);
    assert_eq!(app.strong(&ada).await["display_name"], "Ada Byron");
    assert_eq!(app.history(&ada).await, ["customer.created", "customer.archived"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_makes_organisations_and_blocks_people_on_the_command_line() {
    let app = TestApp::start().await;
    let run = |arguments: &[&str]| {
        let mut command: Command = tool(arguments, &app.database, &app.data_dir);
        let key = app.master_key();
        let ended = command.env("DOSSIER_MASTER_KEY", key).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stdout).trim().to_owned();
        (ended.status.success(), said, String::from_utf8_lossy(&ended.stderr).into_owned())
    };
    const OWNER: &str = "owner@dossier.localhost";
    let (well, id, _) = run(&["organisation", "create", "Branch", "--owner", OWNER]);
    assert!(well);
    let there = send(within(&app, &json!(id), Method::GET, "/v1/me")).await.expect(200);
    assert_eq!(there["organisation"]["name"], "Branch");
    assert!(run(&["organisation", "list"]).1.contains(&id));
    let (well, _, said) = run(&["user", "block", "nobody@example.com"]);
    assert!(!well && said.contains("nobody signs in with"), "{said}");

    let browser = Browser::of_owner(&app).await;
    assert!(run(&["user", "block", OWNER]).0);
    browser.get("/v1/me").await.refused(401, "session_ended");
    let since = std::time::Instant::now();
    while app.get("/v1/me").await.status == 200 {
        assert!(since.elapsed() < crate::app::PATIENCE, "the owner stays in");
    }
    Browser::at(&app).sign_in(OWNER, app.password()).await.refused(401, "account_blocked");
    assert!(run(&["user", "unblock", OWNER]).0);
    assert!(run(&["user", "revoke-admin", OWNER]).0);
    let since = std::time::Instant::now();
    loop {
        let me = app.get("/v1/me").await;
        if me.status == 200 && me.json()["installation_admin"] == false {
            break;
        }
        assert!(since.elapsed() < crate::app::PATIENCE, "{}", me.text);
    }
    let answer = app.post("/v1/organisations", json!({ "name": "Mine" })).await;
    answer.refused(403, "installation_admin_only");
    assert!(run(&["user", "grant-admin", OWNER]).0);
}
