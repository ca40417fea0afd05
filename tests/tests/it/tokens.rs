//! Users, their tokens, and what a token opens.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, column, rows, send};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_a_valid_token_is_told_to_sign_in() {
    let app = TestApp::start().await;
    let with = async |value: Option<&str>| {
        let request = reqwest::Client::new().get(app.url("/v1/customers"));
        let request = value.map_or_else(
            || request.try_clone().unwrap(),
            |value| request.try_clone().unwrap().header("authorization", value),
        );
        send(request).await
    };
    for missing in [None, Some("Basic b3duZXI6cGFzcw=="), Some("Bearer")] {
        let answer = with(missing).await;
        answer.refused(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let unknown = format!("Bearer dsr_pat_{}", "A".repeat(43));
    for wrong in ["Bearer nonsense", unknown.as_str(), "Bearer dsr_pat_", "Bearer \u{fc}"] {
        with(Some(wrong)).await.refused(401, "invalid_token");
    }
    with(Some(&format!("bearer {}", app.token))).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_held_to_a_role_does_no_more_than_that_and_no_more_than_its_person() {
    let app = TestApp::start().await;
    let held = async |person: &Person, role: &str| {
        let body = json!({ "name": "held", "user": person.id, "role": role });
        let made = app.post("/v1/tokens", body).await.expect(201);
        assert_eq!(made["role"], role);
        app.with_token(&made["token"])
    };
    let reader = held(&app, "viewer").await;
    reader.get("/v1/customers").await.expect(200);
    let ada = json!({ "type": "person", "last_name": "Byron" });
    reader.post("/v1/customers", ada.clone()).await.denied("customer.create");
    for more in [json!({ "name": "more" }), json!({ "name": "more", "role": "owner" })] {
        reader.post("/v1/tokens", more).await.denied("token.admin");
    }
    reader.post("/v1/tokens", json!({ "name": "same", "role": "viewer" })).await.expect(201);
    assert_eq!(reader.get("/v1/me").await.expect(200)["roles"], json!(["owner"]));
    // A role beyond the person's own gives nothing.
    let viewer = app.user(&["viewer"]).await;
    let bold = held(&viewer, "owner").await;
    bold.post("/v1/customers", ada).await.denied("customer.create");
    bold.get("/v1/audit/verify").await.denied("audit.verify");
    let unknown = json!({ "name": "x", "role": "king" });
    app.post("/v1/tokens", unknown).await.wrong_field("/role", "invalid_field");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_once_and_listed_without_its_secret() {
    let app = TestApp::start().await;
    let answer = app.post("/v1/tokens", json!({ "name": "Till in the shop" })).await;
    let made = answer.expect(201);
    let secret = made["token"].as_str().unwrap();
    assert!(secret.starts_with("dsr_pat_") && secret.len() > 40, "{secret}");
    assert_eq!(made["user"], app.id);
    let list = app.get("/v1/tokens").await;
    assert!(!list.text.contains(secret));
    let till = rows(&list).into_iter().find(|token| token["name"] == "Till in the shop").unwrap();
    assert_eq!(
        (&till["id"], &till["last_used_at"], &till["revoked_at"]),
        (&made["id"], &Value::Null, &Value::Null)
    );
    let person = app.with_token(&made["token"]);
    assert_eq!(person.get("/v1/me").await.expect(200)["token"], made["id"]);
    let used = |tokens: &Value| {
        let tokens = tokens["data"].as_array().unwrap();
        tokens.iter().any(|token| token["id"] == made["id"] && token["last_used_at"].is_string())
    };
    app.until("/v1/tokens", used).await;
    // Not even the database has it.
    let superuser = app.superuser().await;
    let stored = superuser.query("SELECT t::text FROM state.token t", &[]).await.unwrap();
    assert!(stored.iter().all(|row| !row.get::<_, String>(0).contains(secret)));
    app.post("/v1/tokens", json!({ "name": "" })).await.wrong_field("/name", "invalid_name");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_or_expired_token_opens_nothing() {
    let app = TestApp::start().await;
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(2);
    let body = json!({ "name": "short", "expires_at": soon.to_string() });
    let made = app.post("/v1/tokens", body).await.expect(201);
    let short = app.with_token(&made["token"]);
    short.get("/v1/me").await.expect(200);
    let past = json!({ "name": "past", "expires_at": "2026-01-01T00:00:00Z" });
    app.post("/v1/tokens", past).await.wrong_field("/expires_at", "invalid_field");

    let made = app.post("/v1/tokens", json!({ "name": "to go" })).await.expect(201);
    let person = app.with_token(&made["token"]);
    person.get("/v1/me").await.expect(200);
    let path = format!("/v1/tokens/{}", made["id"].as_str().unwrap());
    assert_eq!(app.delete(&path).await.status, 204);
    person.get("/v1/me").await.refused(401, "token_revoked");
    assert_eq!(app.delete(&path).await.status, 204);
    app.delete(&format!("/v1/tokens/{}", app.id)).await.refused(404, "not_found");

    let since = std::time::Instant::now();
    loop {
        let answer = short.get("/v1/me").await;
        if answer.status == 401 {
            answer.refused(401, "token_expired");
            break;
        }
        assert!(since.elapsed() < crate::app::PATIENCE, "the token does not expire");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_has_their_own_tokens_and_admins_all() {
    let app = TestApp::start().await;
    let (sales, admin) = (app.user(&["sales"]).await, app.user(&["admin"]).await);
    let own = sales.post("/v1/tokens", json!({ "name": "mine" })).await.expect(201);
    assert_eq!(own["user"], sales.id);
    for body in [json!({ "name": "x", "user": app.id }), json!({ "name": "x", "kind": "service" })]
    {
        sales.post("/v1/tokens", body).await.denied("token.admin");
    }
    let users = column(&rows(&sales.get("/v1/tokens").await), "user");
    assert!(users.iter().all(|user| *user == sales.id) && users.len() == 2, "{users:?}");
    assert!(rows(&admin.get("/v1/tokens").await).len() >= 4);
    let owners = rows(&app.get("/v1/tokens").await);
    let owners = owners.iter().find(|token| token["name"] == "owner-token").unwrap();
    let owners = format!("/v1/tokens/{}", owners["id"].as_str().unwrap());
    sales.delete(&owners).await.refused(404, "not_found");
    let mine = format!("/v1/tokens/{}", own["id"].as_str().unwrap());
    assert_eq!(admin.delete(&mine).await.status, 204);
    let stranger = json!({ "name": "x", "user": "0199a1b2-0000-7000-8000-0000000000b1" });
    app.post("/v1/tokens", stranger).await.refused(422, "member_not_found");

    // A service acts under its own name, for its organisation alone.
    let service =
        admin.post("/v1/tokens", json!({ "name": "shop", "kind": "service" })).await.expect(201);
    assert!(service["token"].as_str().unwrap().starts_with("dsr_svc_"));
    let service = admin.with_token(&service["token"]);
    let id = service.person("Ada", "Byron").await;
    let event = &app.events_of(&id, "").await[0];
    assert_eq!((&event["actortype"], &event["onbehalfof"]), (&json!("service"), &json!(admin.id)));
    let elsewhere = app.abroad().await.organisation.to_string();
    let request = service.request(Method::GET, "/v1/me").header("Dossier-Organization", elsewhere);
    send(request).await.refused(404, "not_found");
    let request = app.request(Method::GET, "/v1/me").header("Dossier-Organization", "here");
    send(request).await.refused(400, "invalid_header");
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_registered_given_roles_and_removed() {
    let app = TestApp::start().await;
    let body = json!({ "email": "m.kern@example.com", "name": "M. Kern", "roles": ["sales"] });
    let made = app.post("/v1/users", body.clone()).await;
    let id = made.expect(201)["id"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location"), format!("/v1/users/{id}"));
    // The same again is nothing to do; other roles are given elsewhere.
    let again = app.post("/v1/users", body.clone()).await.expect(200);
    assert_eq!((&again["id"], &again["changed"]), (&json!(id), &json!(false)));
    let mut other = body;
    other["roles"] = json!(["owner"]);
    let problem = app.post("/v1/users", other).await.refused(409, "duplicate_user");
    assert_eq!(problem["existing"][0]["id"], id);
    let shown = |users: &Value| {
        let users = users["data"].as_array().unwrap();
        users.iter().any(|user| user["name"] == "M. Kern" && user["roles"] == json!(["sales"]))
    };
    app.until("/v1/users", shown).await;
    let token = app.post("/v1/tokens", json!({ "user": id, "name": "x" })).await.expect(201);
    let kern = app.with_token(&token["token"]);
    let me = kern.get("/v1/me").await.expect(200);
    assert_eq!((&me["roles"], &me["user"]["name"]), (&json!(["sales"]), &json!("M. Kern")));
    assert_eq!(me["user"]["email"], "m.kern@example.com");
    assert_eq!(me["note_scopes"].as_array().unwrap().len(), 3);
    kern.get("/v1/audit/verify").await.denied("audit.verify");

    // Another role counts within a moment, and a removed member is out.
    let path = format!("/v1/users/{id}");
    app.post(&format!("{path}/roles"), json!({ "roles": ["finance"] })).await.expect(200);
    kern.until("/v1/me", |me| me["roles"] == json!(["finance"])).await;
    kern.get("/v1/audit/verify").await.expect(200);
    app.delete(&path).await.expect(200);
    let since = std::time::Instant::now();
    while kern.get("/v1/me").await.status == 200 {
        assert!(since.elapsed() < crate::app::PATIENCE, "the member stays in");
    }
    kern.get("/v1/me").await.refused(401, "account_blocked");

    for (body, pointer, code) in [
        (json!({ "email": "m.kern", "name": "K", "roles": ["sales"] }), "/email", "invalid_email"),
        (
            json!({ "email": "k@example.com", "name": "", "roles": ["sales"] }),
            "/name",
            "invalid_name",
        ),
        (
            json!({ "email": "k@example.com", "name": "K", "roles": ["boss"] }),
            "/roles/0",
            "invalid_field",
        ),
    ] {
        app.post("/v1/users", body).await.wrong_field(pointer, code);
    }
    for role in ["manager", "sales", "viewer"] {
        let somebody = app.user(&[role]).await;
        let body = json!({ "email": "x@example.com", "name": "X", "roles": ["owner"] });
        somebody.post("/v1/users", body).await.denied("user.admin");
        let roles = json!({ "roles": ["owner"] });
        let own = format!("/v1/users/{}/roles", somebody.id);
        somebody.post(&own, roles).await.denied("user.admin");
        somebody.delete(&format!("/v1/users/{}", app.id)).await.denied("user.admin");
    }
}
