//! Invitations: by link, once, for seven days; and blocking.

use serde_json::{Value, json};

use crate::app::{TestApp, rows};
use crate::browser::Browser;
use crate::messages::sending;
use crate::smtp::SmtpServer;

const EVE: &str = "eve@example.com";
const PASSWORD: &str = "three ships in a bottle";

fn eve(roles: &[&str]) -> Value {
    json!({ "email": EVE, "name": "Eve Hall", "roles": roles })
}

/// What the link of a new invitation holds.
async fn invited(app: &TestApp, body: Value) -> Value {
    app.post("/v1/invitations", body).await.expect(201)
}

fn acceptance(made: &Value, password: &str) -> Value {
    json!({ "token": made["token"], "password": password })
}

#[tokio::test(flavor = "multi_thread")]
async fn f026_who_is_invited_accepts_by_the_link_and_is_a_member_from_then_on() {
    let app = TestApp::start().await;
    let made = invited(&app, eve(&["sales"])).await;
    let (token, link) = (made["token"].as_str().unwrap(), made["link"].as_str().unwrap());
    assert_eq!(link, format!("{}/accept-invitation#{token}", app.url("")));
    assert_eq!(made["emailed"], false);
    // Until then nobody is a member, and the secret is shown nowhere.
    let list = app.get("/v1/invitations").await;
    let row = &rows(&list)[0];
    assert_eq!((&row["email"], &row["roles"]), (&json!(EVE), &json!(["sales"])));
    assert_eq!((&row["invited_by"], &row["expired"]), (&json!(app.id), &json!(false)));
    assert!(!list.text.contains(token));
    assert_eq!(rows(&app.get_fresh("/v1/users").await).len(), 1);
    let mut browser = Browser::at(&app);
    browser.sign_in(EVE, PASSWORD).await.refused(401, "invalid_credentials");

    for unfit in ["short", "football"] {
        let answer = browser.post("/v1/invitations/accept", acceptance(&made, unfit)).await;
        answer.wrong_field("/password", "invalid_password");
    }
    let me = browser.post("/v1/invitations/accept", acceptance(&made, PASSWORD)).await.expect(201);
    assert_eq!((&me["user"]["email"], &me["user"]["name"]), (&json!(EVE), &json!("Eve Hall")));
    assert_eq!(me["roles"], json!(["sales"]));
    assert_eq!(browser.get("/v1/me").await.expect(200), me);
    assert_eq!(rows(&app.get_fresh("/v1/users").await).len(), 2);
    assert_eq!(rows(&app.get("/v1/invitations").await), [] as [Value; 0]);
    // One use.
    let again = browser.post("/v1/invitations/accept", acceptance(&made, PASSWORD)).await;
    again.refused(422, "invitation_closed");
    Browser::at(&app).sign_in(EVE, PASSWORD).await.expect(201);
    // Who was invited is told by the member's name, not by what the invitation said.
    let told = app.get_fresh("/v1/audit?types=invitation.made").await;
    assert!(!told.text.contains(EVE), "{}", told.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn f026_an_invitation_is_sent_again_withdrawn_and_over_after_seven_days() {
    let app = TestApp::start().await;
    let mut browser = Browser::at(&app);
    let mut accept = async |made: &Value| {
        browser.post("/v1/invitations/accept", acceptance(made, PASSWORD)).await
    };
    let first = invited(&app, eve(&["sales"])).await;
    let path = format!("/v1/invitations/{}", first["id"].as_str().unwrap());
    let second = app.post(&format!("{path}/renew"), json!({})).await.expect(200);
    assert_eq!(first["id"], second["id"]);
    accept(&first).await.refused(422, "invitation_closed");
    let late = "UPDATE state.invitation SET expires_at = expires_at - interval '7 days'";
    app.superuser().await.execute(late, &[]).await.unwrap();
    accept(&second).await.refused(422, "invitation_closed");
    assert_eq!(rows(&app.get("/v1/invitations").await)[0]["expired"], true);
    let third = app.post(&format!("{path}/renew"), json!({})).await.expect(200);
    app.delete(&path).await.expect(204);
    app.delete(&path).await.expect(204);
    accept(&third).await.refused(422, "invitation_closed");
    app.post(&format!("{path}/renew"), json!({})).await.refused(422, "invitation_closed");
    let nowhere = "/v1/invitations/0199a1b2-0000-7000-8000-0000000000ff";
    app.delete(nowhere).await.refused(404, "invitation_not_found");
    app.abroad().await.delete(&path).await.refused(404, "invitation_not_found");
    let unknown = json!({ "token": "0".repeat(64) });
    accept(&unknown).await.refused(422, "invitation_closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_invites_to_more_than_they_may_do_themselves() {
    let app = TestApp::start().await;
    let admin = app.user(&["admin"]).await;
    let manager = app.user(&["manager"]).await;
    manager.post("/v1/invitations", eve(&["viewer"])).await.denied("user.admin");
    manager.get("/v1/invitations").await.denied("user.admin");
    let made = admin.post("/v1/invitations", eve(&["manager"])).await.expect(201);
    // Who may no longer invite has invited nobody.
    let roles = json!({ "roles": ["viewer"] });
    app.post(&format!("/v1/users/{}/roles", admin.id), roles).await.expect(200);
    let mut browser = Browser::at(&app);
    let answer = browser.post("/v1/invitations/accept", acceptance(&made, PASSWORD)).await;
    answer.refused(422, "invitation_closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn inviting_somebody_known_tells_nothing_and_takes_the_password_that_they_have() {
    let app = TestApp::start().await;
    let abroad = app.abroad().await;
    let mut browser = Browser::at(&app);
    let known = invited(&app, eve(&["sales"])).await;
    browser.post("/v1/invitations/accept", acceptance(&known, PASSWORD)).await.expect(201);

    let mut answers = Vec::new();
    for email in [EVE, "nobody@example.com"] {
        let body = json!({ "email": email, "name": "E", "roles": ["viewer"] });
        let mut made = abroad.post("/v1/invitations", body).await.expect(201);
        let token = made["token"].take();
        let made = made.as_object_mut().unwrap();
        for name in ["id", "link", "expires_at"] {
            assert!(made.remove(name).is_some());
        }
        answers.push((made.clone(), token));
    }
    assert_eq!(answers[0].0, answers[1].0);
    let listed = rows(&abroad.get("/v1/invitations").await);
    assert!(listed.iter().all(|row| row["name"] == "E"), "{listed:?}");
    // Not with a password of the inviting person's choice.
    let token = &answers[0].1;
    let mut stranger = Browser::at(&app);
    let chosen = json!({ "token": token, "password": "a day at the sea" });
    let answer = stranger.post("/v1/invitations/accept", chosen).await;
    answer.refused(401, "invalid_credentials");
    let own = json!({ "token": token, "password": PASSWORD });
    let me = stranger.post("/v1/invitations/accept", own).await.expect(201);
    assert_eq!(me["organisation"]["name"], "Elsewhere");
    assert_eq!((&me["user"]["name"], &me["roles"]), (&json!("Eve Hall"), &json!(["viewer"])));
    assert_eq!(me["organisations"].as_array().unwrap().len(), 2);

    // Registered here without a password: an organisation sets none for the people of others.
    let user = app.user(&["finance"]).await;
    let email = app.get(&format!("/v1/users/{}", user.id)).await.expect(200)["email"].clone();
    let body = json!({ "email": email, "name": "F", "roles": ["viewer"] });
    let theirs = abroad.post("/v1/invitations", body.clone()).await.expect(201);
    let answer = stranger.post("/v1/invitations/accept", acceptance(&theirs, PASSWORD)).await;
    answer.refused(401, "invalid_credentials");
    let ours = invited(&app, body).await;
    let me = stranger.post("/v1/invitations/accept", acceptance(&ours, PASSWORD)).await;
    assert_eq!(me.expect(201)["roles"], json!(["finance"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_emailed_in_the_name_of_the_organisation() {
    let server = SmtpServer::start(&[]).await;
    let app = sending(&server).await;
    let made = invited(&app, eve(&["sales"])).await;
    assert_eq!(made["emailed"], true);
    let mail = server.got(1).await.remove(0);
    assert_eq!((mail.to.as_str(), mail.from.as_str()), (EVE, "office@acme.example"));
    assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    let link = made["link"].as_str().unwrap();
    assert!(link.starts_with("https://crm.example/accept-invitation#"), "{link}");
    // Long lines come folded, with soft breaks.
    let text = mail.data.replace("=\r\n", "").replace("=3D", "=");
    assert!(text.contains(link) && text.contains("Dear Eve Hall"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f163_a_blocked_member_can_do_nothing_here_until_they_are_let_in_again() {
    let app = TestApp::start().await;
    let made = invited(&app, eve(&["sales"])).await;
    let mut browser = Browser::at(&app);
    let me = browser.post("/v1/invitations/accept", acceptance(&made, PASSWORD)).await.expect(201);
    let id = me["user"]["id"].as_str().unwrap();
    let token = app.post("/v1/tokens", json!({ "user": id, "name": "t" })).await.expect(201);
    let token = app.with_token(&token["token"]);
    let path = format!("/v1/users/{id}");
    let blocked = app.post(&format!("{path}/block"), json!({})).await.expect(200);
    assert_eq!(blocked["events"][0]["type"], "member.blocked");
    browser.get("/v1/me").await.refused(401, "session_ended");
    token.get("/v1/me").await.refused(401, "account_blocked");
    Browser::at(&app).sign_in(EVE, PASSWORD).await.refused(401, "account_blocked");
    assert_eq!(app.get_fresh(&path).await.expect(200)["blocked"], true);
    app.post(&format!("{path}/unblock"), json!({})).await.expect(200);
    token.get("/v1/me").await.expect(200);
    Browser::at(&app).sign_in(EVE, PASSWORD).await.expect(201);
    // The last owner who can come in stays so.
    let own = format!("/v1/users/{}/block", app.id);
    app.post(&own, json!({})).await.refused(422, "last_owner");
    let other = app.user(&["owner"]).await;
    app.post(&format!("/v1/users/{}/block", other.id), json!({})).await.expect(200);
    app.post(&own, json!({})).await.refused(422, "last_owner");
    let roles = json!({ "roles": ["admin"] });
    app.post(&format!("/v1/users/{}/roles", app.id), roles).await.refused(422, "last_owner");
}
