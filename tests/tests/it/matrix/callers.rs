//! Everybody who asks, with what they show at the door.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use reqwest::Client;
use serde_json::{Value, json};

use super::world::ROLES;
use crate::app::{PATIENCE, Person, TestApp};
use crate::browser::Browser;

/// Somebody who asks, with what they show at the door.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) name: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// A token of theirs that nobody uses.
    pub(crate) spare_token: String,
}

/// Everybody who asks.
pub(super) async fn callers(
    app: &TestApp,
    abroad: &Person,
    [sales, reading]: [&Person; 2],
    open: &str,
) -> Vec<Caller> {
    let token = async |person: &Person, name: &str| {
        let body = json!({ "user": person.id, "name": name });
        let maker: &Person = if person.organisation == app.organisation { app } else { abroad };
        maker.post("/v1/tokens", body).await.expect(201)
    };
    let known = async |name: &'static str, person: &Person| Caller {
        name,
        headers: bearer(&person.token),
        spare_token: token(person, "spare").await["id"].as_str().unwrap().to_owned(),
    };
    let mut callers = vec![known("owner", app).await];
    for role in ROLES.into_iter().filter(|role| *role != "owner") {
        callers.push(known(role, &app.user(&[role]).await).await);
    }
    let support = app.user(&["support"]).await;
    let (all, assigned, folder) =
        (json!({ "all": true }), json!({ "assigned": true }), json!({ "folders": [open] }));
    for (name, person, read, write) in [
        ("assigned", sales, &assigned, &assigned),
        ("reading", reading, &all, &assigned),
        ("folder", &support, &folder, &folder),
    ] {
        let reach = json!({ "type": "member.set_reach", "id": person.id,
            "data": { "read": read, "write": write } });
        app.post("/v1/commands", reach).await.expect(200);
        callers.push(known(name, person).await);
    }
    let body = json!({ "name": "narrowed", "role": "viewer" });
    let narrowed = app.post("/v1/tokens", body).await.expect(201)["token"].clone();
    callers.push(known("narrowed", &app.with_token(&narrowed)).await);
    callers.push(known("foreign", abroad).await);

    let stranger = |name, token: &Value| Caller {
        name,
        headers: bearer(token.as_str().unwrap()),
        spare_token: callers[0].spare_token.clone(),
    };
    let since = Instant::now();
    let soon = Timestamp::now() + SignedDuration::from_secs(1);
    let body = json!({ "name": "short", "expires_at": soon.to_string() });
    let expired = app.post("/v1/tokens", body).await.expect(201)["token"].clone();
    let revoked = token(app, "to go").await;
    let path = format!("/v1/tokens/{}", revoked["id"].as_str().unwrap());
    assert_eq!(app.delete(&path).await.status, 204);
    let removed = app.user(&["owner"]).await;
    app.delete(&format!("/v1/users/{}", removed.id)).await.expect(200);
    let blocked = app.user(&["owner"]).await;
    app.post(&format!("/v1/users/{}/block", blocked.id), json!({})).await.expect(200);
    let out = [
        Caller { headers: Vec::new(), ..stranger("anonymous", &json!("")) },
        stranger("expired", &expired),
        stranger("revoked", &revoked["token"]),
        stranger("removed", &json!(removed.token)),
        stranger("blocked", &json!(blocked.token)),
        Caller { headers: ended(app).await, ..stranger("ended", &json!("")) },
    ];
    for caller in &out[1..] {
        while get(app, caller, "/v1/me").await != 401 {
            assert!(since.elapsed() < PATIENCE, "{} is let in", caller.name);
        }
    }
    callers.extend(out);
    callers
}

/// The cookie of a session that is over.
async fn ended(app: &TestApp) -> Vec<(&'static str, String)> {
    let mut browser = Browser::of_owner(app).await;
    let cookies: Vec<String> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(browser.delete("/v1/session").await.status, 204);
    vec![("cookie", cookies.join("; ")), ("sec-fetch-site", "same-origin".to_owned())]
}

fn bearer(token: &str) -> Vec<(&'static str, String)> {
    vec![("authorization", format!("Bearer {token}"))]
}

async fn get(app: &TestApp, caller: &Caller, path: &str) -> u16 {
    let request = Client::new().get(app.url(path));
    let request =
        caller.headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
    request.send().await.unwrap().status().as_u16()
}
