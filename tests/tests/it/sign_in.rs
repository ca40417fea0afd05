//! Signing in by e-mail and password, from the site's own page.

use api::server::Door;
use eventstore::state::credential::{self, Maker};
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp, send};
use crate::browser::Browser;

const OWNER: &str = "owner@dossier.localhost";

/// "three ships in a bottle", with parameters of former days.
const OUTDATED: &str = "$argon2id$v=19$m=19456,t=2,p=1$UhhPxeqqa7blmTHQp7WfVA$Jq59Pfw08VJ0EOT/CzhqZurDmhJbvYlEZ3rJ9xomqlg";

fn cookies(answer: &Answer) -> Vec<String> {
    let all = answer.headers.get_all("set-cookie").iter();
    all.map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_comes_in_by_a_cookie_that_no_script_reads() {
    let app = TestApp::start().await;
    let mut browser = Browser::at(&app);
    let answer = browser.sign_in("Owner@Dossier.localhost", app.password()).await;
    let me = answer.expect(201);
    assert_eq!(me["user"]["email"], OWNER);
    assert_eq!((&me["roles"], &me["token"]), (&json!(["owner"]), &Value::Null));
    let set = cookies(&answer);
    assert!(set[0].starts_with("dossier_session="), "{set:?}");
    assert!(set[1].starts_with("dossier_device="), "{set:?}");
    for cookie in &set {
        for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");
    }
    assert_eq!(browser.get("/v1/me").await.expect(200), me);
    let ada = json!({ "type": "person", "last_name": "Byron" });
    browser.post("/v1/customers", ada.clone()).await.expect(201);
    // Not even the database has what the cookie holds.
    let stored = app.superuser().await;
    let stored = stored.query("SELECT s::text FROM state.session s", &[]).await.unwrap();
    assert!(
        stored
            .iter()
            .all(|row| !row.get::<_, String>(0).contains(&browser.cookies["dossier_session"]))
    );

    // With a token the cookie counts for nothing.
    let request = browser.request(Method::GET, "/v1/me").bearer_auth("dsr_pat_x");
    send(request).await.refused(401, "invalid_token");
    let stranger = Browser::at(&app);
    stranger.get("/v1/me").await.refused(401, "unauthenticated");
    let mut wrong = browser.clone();
    wrong.cookies.insert("dossier_session".to_owned(), "0".repeat(64));
    wrong.get("/v1/me").await.refused(401, "session_ended");

    let signed_out = browser.delete("/v1/session").await;
    signed_out.expect(204);
    assert!(cookies(&signed_out)[0].contains("Max-Age=0"));
    assert!(!browser.cookies.contains_key("dossier_session"));
    app.delete("/v1/session").await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_https_the_cookie_is_bound_to_the_host_and_goes_by_https_only() {
    let app = TestApp::start_behind(Door { https: true, ..Door::default() }).await;
    let mut browser = Browser::at(&app);
    let answer = browser.sign_in(OWNER, app.password()).await;
    answer.expect(201);
    for (cookie, name) in cookies(&answer).iter().zip(["__Host-dossier=", "__Host-dossier-device="])
    {
        assert!(cookie.starts_with(name) && cookie.ends_with("; Secure"), "{cookie}");
        assert!(cookie.contains("; Path=/;") && !cookie.contains("Domain"), "{cookie}");
    }
    browser.get("/v1/me").await.expect(200);
    // A cookie of the other name could have been set by a neighbour.
    let mut tossed = Browser::at(&app);
    tossed.cookies.insert("dossier_session".into(), browser.cookies["__Host-dossier"].clone());
    tossed.get("/v1/me").await.refused(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_plain_http_one_signs_in_on_the_machine_itself_only() {
    let app = TestApp::start().await;
    let browser = Browser::at(&app);
    let body = json!({ "email": OWNER, "password": app.password() });
    let request = browser.request(Method::POST, "/v1/session").json(&body);
    let request = request.header("host", "crm.example.com");
    send(request).await.refused(403, "https_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_email_are_answered_alike() {
    let app = TestApp::start().await;
    let mut browser = Browser::at(&app);
    let mut answers = Vec::new();
    for email in [OWNER, "nobody@example.com"] {
        let mut problem = browser.sign_in(email, "not the password").await.expect(401);
        problem.as_object_mut().unwrap().remove("request_id");
        answers.push(problem);
    }
    assert_eq!(answers[0]["code"], "invalid_credentials");
    assert_eq!(answers[0], answers[1]);
    assert!(browser.cookies.is_empty());
    let user = app.user(&["sales"]).await;
    // Registered, but without a password.
    let email = app.get(&format!("/v1/users/{}", user.id)).await.expect(200)["email"].clone();
    let answer = browser.sign_in(email.as_str().unwrap(), "").await;
    answer.refused(401, "invalid_credentials");
    browser.sign_in("nobody", "not the password").await.wrong_field("/email", "invalid_email");
    let body = json!({ "email": OWNER, "password": "x", "remember": true });
    browser.post("/v1/session", body).await.wrong_field("/remember", "unknown_field");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_grows_slower_and_locks_nobody_out() {
    let app = TestApp::start().await;
    let superuser = app.superuser().await;
    let pass = async |seconds: u32| {
        let pass = "UPDATE state.sign_in_attempt SET last_at = last_at - make_interval(secs => $1)";
        superuser.execute(pass, &[&f64::from(seconds)]).await.unwrap();
    };
    // As if the last failure were of this moment: a password takes its time to be checked.
    let just_failed = async || {
        let now = "UPDATE state.sign_in_attempt SET last_at = clock_timestamp()";
        superuser.execute(now, &[]).await.unwrap();
    };
    let known = Browser::of_owner(&app).await;
    let mut guesser = Browser::at(&app);
    for email in [OWNER, "nobody@example.com"] {
        for _ in 0..5 {
            guesser.sign_in(email, "a guess").await.refused(401, "invalid_credentials");
        }
        // The next one waits a second, the one after it two, and so on.
        for wait in [1, 2, 4] {
            just_failed().await;
            let answer = guesser.sign_in(email, app.password()).await;
            answer.refused(429, "too_many_attempts");
            assert!(answer.header("retry-after").parse::<u32>().unwrap() <= wait);
            pass(wait).await;
            guesser.sign_in(email, "a guess").await.refused(401, "invalid_credentials");
        }
    }
    // Who has signed in here before is not kept out by strangers, but counted for themselves.
    let mut own = known.clone();
    own.sign_in(OWNER, app.password()).await.expect(201);
    own.cookies.remove("dossier_session");
    for _ in 0..5 {
        own.sign_in(OWNER, "a slip").await.refused(401, "invalid_credentials");
    }
    just_failed().await;
    own.sign_in(OWNER, app.password()).await.refused(429, "too_many_attempts");
    let mut forged = Browser::at(&app);
    let device = known.cookies["dossier_device"].replace('.', ".0");
    forged.cookies.insert("dossier_device".to_owned(), device);
    forged.sign_in(OWNER, app.password()).await.refused(429, "too_many_attempts");
    // Nobody waits longer than a quarter of an hour. (The network has failed more often.)
    let most = "UPDATE state.sign_in_attempt SET failures = 1000 WHERE failures < 12";
    superuser.execute(most, &[]).await.unwrap();
    let answer = forged.sign_in(OWNER, app.password()).await;
    answer.refused(429, "too_many_attempts");
    let wait = answer.header("retry-after").parse::<u32>().unwrap();
    assert!(wait <= 900, "{wait}");
    pass(900).await;
    forged.sign_in(OWNER, app.password()).await.expect(201);
    // And the failures are forgotten.
    forged.cookies.clear();
    forged.sign_in(OWNER, "a guess").await.refused(401, "invalid_credentials");
    forged.sign_in(OWNER, app.password()).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_by_who_knows_it_and_ends_all_sessions() {
    let app = TestApp::start().await;
    let mut browser = Browser::of_owner(&app).await;
    let other = Browser::of_owner(&app).await;
    let old = app.password();
    let new = "a day at the sea";
    let wrong = json!({ "current": "not the password", "new": new });
    browser.post("/v1/me/password", wrong).await.refused(401, "invalid_credentials");
    for unfit in ["1234567", "PassWord", "football", &"x".repeat(129)] {
        let body = json!({ "current": old, "new": unfit });
        let answer = browser.post("/v1/me/password", body).await;
        answer.wrong_field("/new", "invalid_password");
    }
    browser.get("/v1/me").await.expect(200);
    let former = browser.clone();
    browser.post("/v1/me/password", json!({ "current": old, "new": new })).await.expect(204);
    browser.get("/v1/me").await.expect(200);
    for ended in [&former, &other] {
        ended.get("/v1/me").await.refused(401, "session_ended");
    }
    let mut again = Browser::at(&app);
    again.sign_in(OWNER, old).await.refused(401, "invalid_credentials");
    again.sign_in(OWNER, new).await.expect(201);
    // Tokens are not passwords: they go on.
    app.get("/v1/me").await.expect(200);
    let service = json!({ "name": "App", "kind": "service" });
    let service = app.post("/v1/tokens", service).await.expect(201);
    let change = json!({ "current": new, "new": old });
    let service = app.with_token(&service["token"]);
    service.post("/v1/me/password", change).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_hashed_otherwise_is_hashed_anew() {
    let app = TestApp::start().await;
    let client = app.service.store.app().get().await.unwrap();
    let owner = app.id.parse().unwrap();
    credential::set(&client, owner, OUTDATED, Maker::Person).await.unwrap();
    let mut browser = Browser::at(&app);
    browser.sign_in(OWNER, "three ships in a bottle").await.expect(201);
    let renewed = credential::get(&client, owner).await.unwrap().unwrap();
    assert!(renewed.hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$"), "{}", renewed.hash);
    browser.sign_in(OWNER, "three ships in a bottle").await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_cookie_only_the_sites_own_page_changes_anything() {
    let app = TestApp::start().await;
    let browser = Browser::of_owner(&app).await;
    let host = app.url("").replace("http://", "");
    let ada = json!({ "type": "person", "last_name": "Byron" });
    let create = || browser.bare(Method::POST, "/v1/customers").json(&ada);
    let own = format!("http://{host}");
    for (name, value) in
        [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none"), ("origin", own.as_str())]
    {
        send(create().header(name, value)).await.expect(201);
    }
    let before = app.head().await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", &format!("https://{host}")),
        ("accept", "*/*"),
    ] {
        send(create().header(name, value)).await.refused(403, "cross_site_request");
    }
    assert_eq!(app.head().await, before);
    // What a form sends needs no leave of the browser.
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
    {
        let form = browser.request(Method::POST, "/v1/imports?kind=customers");
        let form = form.header("content-type", kind).body("last_name\nEve\n");
        send(form).await.refused(403, "cross_site_request");
    }
    let upload = browser.request(Method::POST, "/v1/imports?kind=customers");
    let upload = upload.header("content-type", "text/csv").body("last_name\nEve\n");
    send(upload).await.expect(202);
    // Reading is left to the same-origin policy, but a foreign page that names itself is refused.
    for path in ["/v1/customers", "/v1/events/stream"] {
        let foreign = browser.bare(Method::GET, path).header("origin", "https://evil.example");
        send(foreign).await.refused(403, "cross_site_request");
    }
    send(browser.bare(Method::GET, "/v1/customers")).await.expect(200);
    // A token is sent by nobody but its program.
    let program = app.request(Method::POST, "/v1/customers").json(&ada);
    send(program.header("origin", "https://app.example")).await.expect(201);
    // Nobody is signed in by another site's page either.
    let body = json!({ "email": OWNER, "password": app.password() });
    let sign_in = Browser::at(&app).bare(Method::POST, "/v1/session").json(&body);
    let sign_in = sign_in.header("sec-fetch-site", "cross-site");
    send(sign_in).await.refused(403, "cross_site_request");
}
