//! Webhooks: addresses outside are told of events, signed, once or again under the same id.

use std::time::{Duration, Instant};

use automation::egress;
use automation::outbox::{self, CallSettings};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_postgres::NoTls;

use crate::app::{DataDir, PATIENCE, Person, TestApp, column, new_database, rows};
use crate::load::Door;
use crate::process::Process;
use crate::sink::{Reply, Sink};

/// How calls go out where this machine may be called.
fn calling(loopback: bool) -> outbox::Settings {
    let egress = egress::Settings { loopback, ..egress::Settings::default() };
    let backoff = vec![Duration::from_millis(50); 3];
    let calls = CallSettings { egress, backoff, ..CallSettings::default() };
    outbox::Settings { calls, ..outbox::Settings::default() }
}

pub(crate) async fn start() -> TestApp {
    TestApp::start_sending(calling(true)).await
}

/// A webhook, by its owner.
pub(crate) struct Webhook {
    pub(crate) path: String,
    pub(crate) secret: String,
}

impl Webhook {
    async fn of(person: &Person, url: &str, mut body: Value) -> Self {
        body["url"] = json!(url);
        let answer = person.post("/v1/webhooks", body).await;
        let made = answer.expect(201);
        let path = format!("/v1/webhooks/{}", made["id"].as_str().unwrap());
        assert_eq!(answer.header("location"), path);
        Self { path, secret: made["secret"].as_str().unwrap().to_owned() }
    }

    pub(crate) async fn to(person: &Person, sink: &Sink, types: &[&str]) -> Self {
        Self::of(person, &sink.url(), json!({ "types": types })).await
    }

    pub(crate) fn id(&self) -> &str {
        &self.path["/v1/webhooks/".len()..]
    }

    pub(crate) fn at(&self, what: &str) -> String {
        format!("{}/{what}", self.path)
    }

    /// Its deliveries once they are as wanted, the newest event first.
    async fn deliveries(&self, person: &Person, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let wanted = |list: &Value| wanted(list["data"].as_array().unwrap());
        let list = person.until(&self.at("deliveries"), wanted).await;
        list["data"].as_array().unwrap().clone()
    }

    /// The webhook once it is switched off for this reason.
    pub(crate) async fn off(&self, person: &Person, reason: &str) {
        let off = |webhook: &Value| webhook["state"] == "disabled";
        assert_eq!(person.until(&self.path, off).await["reason"], reason);
    }
}

fn ended(deliveries: &[Value]) -> bool {
    !deliveries.is_empty() && deliveries.iter().all(|one| one["outcome"] != "pending")
}

async fn tag(person: &Person, customer: &str, tag: &str) {
    let path = format!("/v1/customers/{customer}/tags");
    person.post(&path, json!({ "tag": tag })).await.expect(200);
}

fn tags(sink: &Sink) -> Vec<String> {
    let tag = |call: &crate::sink::Received| call.json()["data"]["tag"].as_str().unwrap().into();
    sink.received().iter().map(tag).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_told_of_an_event_signed_and_as_the_api_shows_it() {
    let (app, sink) = (start().await, Sink::start(&[Reply::Echo]).await);
    let webhook = Webhook::to(&app, &sink, &["customer.created"]).await;
    let customer = app.person("Ada", "Byron").await;
    let call = &sink.got(1).await[0];
    let event = &app.events_of(&customer, "customer.created").await[0];
    let event = app.get(&format!("/v1/events/{}", event["id"].as_str().unwrap())).await;
    assert_eq!(call.json(), event.expect(200));
    assert!(call.is_signed_by(&webhook.secret), "{call:?}");
    assert!(!call.is_signed_by("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    let id = format!("{}_{}", event.json()["id"].as_str().unwrap(), webhook.id());
    assert_eq!(call.id(), id);
    assert_eq!(call.headers["content-type"], "application/json");
    let delivery = &webhook.deliveries(&app, ended).await[0];
    assert_eq!(delivery["outcome"], "delivered");
    assert_eq!(delivery["request"], call.json());
    let attempt = &delivery["attempts"][0];
    assert_eq!((&attempt["status"], &attempt["sent_as_shown"]), (&json!(200), &json!(true)));
    assert!(call.body.starts_with(attempt["response"].as_str().unwrap()), "{attempt}");
    // What was made once is not shown again, and who set it up stands in the audit.
    let list = rows(&app.get("/v1/webhooks").await);
    assert_eq!(list.len(), 1);
    assert!(list[0]["secret"].is_null() && list[0]["last_success_at"].is_string(), "{list:#?}");
    let made = rows(&app.get("/v1/events?types=webhook.*").await);
    assert_eq!(column(&made, "type"), ["webhook.created"]);
    assert!(!made[0].to_string().contains(&webhook.secret), "{made:#?}");
    assert_eq!(made[0]["actorid"], app.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_for_those_who_manage_and_their_addresses_for_owners() {
    let (app, sink) = (start().await, Sink::start(&[]).await);
    let webhook = Webhook::to(&app, &sink, &[]).await;
    let (sales, manager) = (app.user(&["sales"]).await, app.user(&["manager"]).await);
    let body = json!({ "url": sink.url() });
    sales.post("/v1/webhooks", body).await.denied("webhook.admin");
    sales.get(&webhook.path).await.denied("webhook.admin");
    sales.post(&webhook.at("rotate-secret"), json!({})).await.denied("webhook.admin");
    sales.delete(&webhook.path).await.denied("webhook.admin");
    assert_eq!(manager.get(&webhook.path).await.expect(200)["url"], sink.url());
    // The address may hold a secret: the audit tells everybody its host, and owners the rest.
    let made = &rows(&sales.get("/v1/events?types=webhook.created").await)[0];
    assert!(made["data"]["definition"]["url"].is_null(), "{made}");
    assert!(made["summary"].as_str().unwrap().contains("127.0.0.1"), "{made}");
    let abroad = app.abroad().await;
    abroad.get(&webhook.path).await.refused(404, "webhook_not_found");
    abroad.post(&webhook.at("ping"), json!({})).await.refused(404, "webhook_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn types_and_a_filter_narrow_what_a_webhook_is_told() {
    let (app, sink) = (start().await, Sink::start(&[]).await);
    let filter = json!({ "all": [
        { "field": "event.tag", "op": "eq", "value": "vip" },
        { "field": "after.last_name", "op": "eq", "value": "Byron" },
    ] });
    let body = json!({ "types": ["customer.tag*"], "filter": filter, "payload": "thin" });
    let webhook = Webhook::of(&app, &sink.url(), body).await;
    let (ada, ben) = (app.person("Ada", "Byron").await, app.person("Ben", "Jonson").await);
    tag(&app, &ada, "new").await;
    tag(&app, &ben, "vip").await;
    tag(&app, &ada, "vip").await;
    let call = sink.got(1).await[0].json();
    assert_eq!(call["subject"], format!("customers/{ada}"));
    assert!(call["data"].is_null() && call["summary"].is_null(), "{call}");
    // What was left out is not in the log of deliveries either.
    let deliveries = webhook.deliveries(&app, ended).await;
    assert_eq!((deliveries.len(), sink.received().len()), (1, 1));
    let create = async |body: Value| app.post("/v1/webhooks", body).await;
    let url = sink.url();
    let unknown = create(json!({ "url": url, "types": ["customer.taged"] })).await;
    let error = unknown.wrong_field("/types/0", "invalid_field");
    assert!(error["detail"].as_str().unwrap().contains("customer.tagged"), "{error}");
    let filter = json!({ "field": "event.colour", "op": "is_set" });
    create(json!({ "url": url, "filter": filter })).await.refused(422, "invalid_condition");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_webhook_is_told_follows_the_rights_of_its_owner_at_that_moment() {
    let (app, sink) = (start().await, Sink::start(&[]).await);
    let manager = app.user(&["manager"]).await;
    let types = ["account.*", "customer.created", "customer.tagged"];
    let webhook = Webhook::to(&manager, &sink, &types).await;
    let ada = app.customer(json!({ "type": "person", "last_name": "Byron" })).await;
    let invoice = async || {
        let lines = json!([{ "quantity": 1, "unit_price": 100 }]);
        let body = json!({ "currency": "EUR", "due_on": "2026-12-04", "lines": lines });
        app.created(&format!("/v1/customers/{ada}/invoices"), body).await;
    };
    invoice().await;
    sink.got(2).await;
    let role = json!({ "roles": ["viewer"] });
    app.post(&format!("/v1/users/{}/roles", manager.id), role).await.expect(200);
    invoice().await;
    tag(&app, &ada, "vip").await;
    let told = sink.got(3).await.iter().map(|call| call.json()).collect::<Vec<_>>();
    let mut types = column(&told, "type");
    types.sort();
    assert_eq!(types, ["account.invoice_issued", "customer.created", "customer.tagged"]);
    let deliveries = webhook.deliveries(&app, |all| ended(all) && all.len() == 3).await;
    assert_eq!(column(&deliveries, "outcome"), ["delivered"; 3]);
    // Whoever is no member any more is told nothing.
    app.delete(&format!("/v1/users/{}", manager.id)).await.expect(200);
    tag(&app, &ada, "new").await;
    webhook.off(&app, "owner_left").await;
    assert_eq!(sink.received().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_rotation_both_secrets_sign() {
    let (app, sink) = (start().await, Sink::start(&[]).await);
    let webhook = Webhook::to(&app, &sink, &["customer.created"]).await;
    let key = [("Idempotency-Key", "rotate")];
    let rotate = async || app.post_with(&webhook.at("rotate-secret"), &key, json!({})).await;
    let rotated = rotate().await.expect(200);
    let second = rotated["secret"].as_str().unwrap().to_owned();
    assert_ne!(second, webhook.secret);
    assert!(rotated["old_secret_until"].is_string(), "{rotated}");
    // Who did not hear the answer asks again and does not lose the first secret by it.
    let again = rotate().await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.expect(200)["secret"], second);
    app.person("Ada", "Byron").await;
    let call = &sink.got(1).await[0];
    assert!(call.is_signed_by(&webhook.secret) && call.is_signed_by(&second), "{call:?}");
    let over = "UPDATE state.webhook SET old_secret_until = clock_timestamp()";
    assert_eq!(app.superuser().await.execute(over, &[]).await.unwrap(), 1);
    app.person("Ben", "Jonson").await;
    let call = &sink.got(2).await[1];
    assert!(!call.is_signed_by(&webhook.secret) && call.is_signed_by(&second), "{call:?}");
    let audit = rows(&app.get("/v1/events?types=webhook.secret_rotated").await);
    assert_eq!(audit.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_makes_one_webhook_with_one_secret() {
    let app = start().await;
    let body = json!({ "url": "https://hooks.example.com", "types": ["task.*"] });
    let create = async |body: &Value| {
        app.post_with("/v1/webhooks", &[("Idempotency-Key", "once")], body.clone()).await
    };
    let (first, again) = (create(&body).await.expect(201), create(&body).await.expect(201));
    assert_eq!((&first["id"], &first["secret"]), (&again["id"], &again["secret"]));
    let other = json!({ "url": "https://other.example.com" });
    create(&other).await.refused(422, "idempotency_key_reused");
    let dry = app.post("/v1/webhooks?dry_run=true", body).await.expect(200);
    assert!(dry["secret"].is_null() && dry["would_emit"][0].is_object(), "{dry}");
    assert_eq!(rows(&app.get("/v1/webhooks").await).len(), 1);
    app.post("/v1/commands", json!({ "type": "webhook.create", "data": other })).await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_is_sent_again_under_its_id_and_a_redirect_is_not_followed() {
    let elsewhere = Sink::start(&[]).await;
    let replies = [Reply::Status(500), Reply::Redirect(elsewhere.url()), Reply::Later(503, "1")];
    let (app, sink) = (start().await, Sink::start(&replies).await);
    let webhook = Webhook::to(&app, &sink, &["customer.created"]).await;
    app.person("Ada", "Byron").await;
    let calls = sink.got(4).await;
    assert!(calls.iter().all(|call| call.id() == calls[0].id()), "{calls:#?}");
    let waited = calls[3].at.duration_since(calls[2].at);
    assert!(waited >= Duration::from_millis(950), "it asked for a second, and got {waited:?}");
    let delivery = &webhook.deliveries(&app, ended).await[0];
    assert_eq!(delivery["outcome"], "delivered");
    let attempts = delivery["attempts"].as_array().unwrap();
    let statuses: Vec<_> = attempts.iter().map(|one| one["status"].as_i64().unwrap()).collect();
    assert_eq!(statuses, [500, 307, 503, 204]);
    assert!(elsewhere.received().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_gone_switches_its_webhook_off_and_a_replay_brings_what_was_missed() {
    let (app, sink) = (start().await, Sink::start(&[Reply::Status(410)]).await);
    let webhook = Webhook::to(&app, &sink, &["customer.*"]).await;
    let first = app.head().await;
    let ada = app.person("Ada", "Byron").await;
    webhook.off(&app, "gone").await;
    let told = |list: &Value| list["data"][0]["text"].is_string();
    let notices = app.until("/v1/notifications", told).await;
    let text = notices["data"][0]["text"].as_str().unwrap();
    assert!(text.contains("it is gone"), "{text}");
    tag(&app, &ada, "vip").await;
    let body = json!({ "from": first, "to": app.head().await });
    let replay = async |body: &Value| app.post(&webhook.at("replay"), body.clone()).await;
    replay(&body).await.refused(409, "webhook_disabled");
    app.post(&webhook.at("enable"), json!({})).await.expect(200);
    assert_eq!(replay(&body).await.expect(202)["events"], 2);
    let calls = sink.got(3).await;
    let mut types: Vec<_> =
        calls.iter().map(|call| call.json()["type"].as_str().unwrap().to_owned()).collect();
    types.sort();
    assert_eq!(types, ["customer.created", "customer.created", "customer.tagged"]);
    let created = calls.iter().filter(|call| call.json()["type"] == "customer.created");
    let ids: std::collections::BTreeSet<_> = created.map(|call| call.id()).collect();
    assert_eq!(ids.len(), 1, "again is under the same id");
    let disabled = &rows(&app.get("/v1/events?types=webhook.disabled").await)[0];
    assert_eq!(
        (&disabled["actortype"], &disabled["data"]["reason"]),
        (&json!("system"), &json!("gone"))
    );
    for (from, to, pointer) in [("2", "1", "/to"), ("x", "1", "/from"), ("1", "999999", "/to")] {
        let wrong = replay(&json!({ "from": from, "to": to })).await;
        wrong.wrong_field(pointer, "invalid_field");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_takes_anything_is_given_up_and_its_owner_is_told() {
    let (app, sink) = (start().await, Sink::start(&vec![Reply::Status(500); 8]).await);
    let webhook = Webhook::to(&app, &sink, &["customer.created"]).await;
    app.person("Ada", "Byron").await;
    webhook.off(&app, "failing").await;
    let delivery = &webhook.deliveries(&app, ended).await[0];
    assert_eq!(delivery["outcome"], "failed");
    assert_eq!(delivery["attempts"].as_array().unwrap().len(), 4);
    let told = |list: &Value| list["data"][0]["text"].is_string();
    app.until("/v1/notifications", told).await;
    let again = format!("deliveries/{}/redeliver", delivery["id"].as_str().unwrap());
    app.post(&webhook.at(&again), json!({})).await.refused(409, "webhook_disabled");
    app.post(&webhook.at("enable"), json!({})).await.expect(200);
    let pending = app.post(&webhook.at(&again), json!({})).await.expect(202);
    assert_eq!(pending["id"], delivery["id"]);
    let delivered = |all: &[Value]| all[0]["attempts"].as_array().unwrap().len() >= 8;
    webhook.deliveries(&app, delivered).await;
    let ids: Vec<_> = sink.received().iter().map(|call| call.id().to_owned()).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

/// One that never answers has two calls under way, and nobody waits for them.
#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_hangs_delays_no_other() {
    let (app, good) = (start().await, Sink::start(&[]).await);
    let hung = Sink::start(&vec![Reply::Silent; 100]).await;
    Webhook::to(&app, &hung, &["customer.created"]).await;
    Webhook::to(&app, &good, &["customer.created"]).await;
    for number in 0..20 {
        app.person("Ada", &number.to_string()).await;
    }
    let since = Instant::now();
    good.got(20).await;
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
    assert!(hung.received().len() <= 2, "{}", hung.received().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn in_order_what_is_about_one_customer_waits_for_what_came_before() {
    let replies = [Reply::Status(500), Reply::Status(500)];
    let (app, sink) = (start().await, Sink::start(&replies).await);
    let body = json!({ "types": ["customer.tagged"], "order": "subject" });
    Webhook::of(&app, &sink.url(), body).await;
    let ada = app.person("Ada", "Byron").await;
    for name in ["a", "b", "c", "d"] {
        tag(&app, &ada, name).await;
    }
    sink.got(6).await;
    assert_eq!(tags(&sink), ["a", "a", "a", "b", "c", "d"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_are_not_public_are_refused_at_once_or_when_they_are_called() {
    let (app, sink) = (start().await, Sink::start(&[]).await);
    let webhook =
        Webhook::of(&app, &sink.url_by_name(), json!({ "types": ["customer.created"] })).await;
    let app = app.restart_sending(calling(false)).await;
    for url in [
        sink.url().as_str(),
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "https://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "https://localhost/",
        "ftp://hooks.example.com/",
        "https://me:pass@hooks.example.com/",
    ] {
        let answer = app.post("/v1/webhooks", json!({ "url": url })).await;
        answer.wrong_field("/url", "invalid_url");
        app.patch(&webhook.path, json!({ "url": url })).await.wrong_field("/url", "invalid_url");
    }
    // Its name leads to this machine, which shows only when it is called.
    app.person("Ada", "Byron").await;
    let tried = |all: &[Value]| all[0]["attempts"].as_array().is_some_and(|all| !all.is_empty());
    let delivery = &webhook.deliveries(&app, |all| !all.is_empty() && tried(all)).await[0];
    let attempt = &delivery["attempts"][0];
    assert!(attempt["error"].as_str().unwrap().contains("not a public address"), "{attempt}");
    let ping = app.post(&webhook.at("ping"), json!({})).await.expect(200);
    assert_eq!((&ping["delivered"], &ping["status"]), (&json!(false), &Value::Null));
    assert!(sink.received().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_pinged_changed_switched_off_and_deleted() {
    let (app, sink) = (start().await, Sink::start(&[]).await);
    let webhook = Webhook::to(&app, &sink, &["customer.created"]).await;
    let ping = app.post(&webhook.at("ping"), json!({})).await.expect(200);
    assert_eq!((&ping["delivered"], &ping["status"]), (&json!(true), &json!(204)));
    let call = &sink.got(1).await[0];
    assert!(call.json()["type"] == "webhook.ping" && call.is_signed_by(&webhook.secret));
    app.patch(&webhook.path, json!({ "types": ["customer.tagged"] })).await.expect(200);
    app.post(&webhook.at("disable"), json!({})).await.expect(200);
    let ada = app.person("Ada", "Byron").await;
    tag(&app, &ada, "unheard").await;
    let shown = app.get(&webhook.path).await.expect(200);
    assert_eq!((&shown["state"], &shown["reason"]), (&json!("disabled"), &json!("asked")));
    app.post(&webhook.at("enable"), json!({})).await.expect(200);
    tag(&app, &ada, "heard").await;
    assert_eq!(sink.got(2).await[1].json()["data"]["tag"], "heard");
    app.delete(&webhook.path).await.expect(200);
    tag(&app, &ada, "late").await;
    app.settled().await;
    app.get(&webhook.path).await.refused(404, "webhook_not_found");
    app.get(&webhook.at("deliveries")).await.refused(404, "webhook_not_found");
    assert!(rows(&app.get("/v1/webhooks").await).is_empty());
    assert_eq!(sink.received().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_receiver_said_about_somebody_erased_is_forgotten() {
    let (app, sink) = (start().await, Sink::start(&[Reply::Echo]).await);
    let webhook = Webhook::to(&app, &sink, &["customer.created"]).await;
    let ada = app.person("Ada", "Byron").await;
    let delivery = webhook.deliveries(&app, ended).await[0].to_string();
    assert!(delivery.contains("Byron"), "{delivery}");
    let version = format!("\"{}\"", app.strong(&ada).await["version"]);
    let headers = [("Idempotency-Key", "erase"), ("If-Match", version.as_str())];
    let erase = json!({ "confirm": "erase" });
    app.post_with(&format!("/v1/customers/{ada}/erase"), &headers, erase).await.expect(200);
    let forgotten = |all: &[Value]| all[0]["attempts"][0]["response"].is_null();
    let delivery = &webhook.deliveries(&app, forgotten).await[0];
    assert!(!delivery.to_string().contains("Byron"), "{delivery}");
    assert_eq!(delivery["attempts"][0]["sent_as_shown"], false);
}

/// The real program is killed after the receiver has the call and before it could say so.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_not_lost_when_the_process_dies_while_it_is_made() {
    let sink = Sink::start(&[Reply::Silent]).await;
    let (database, data_dir) = (new_database().await, DataDir::make());
    let variables = [("DOSSIER_ALLOW_LOOPBACK_CALLS", "true")];
    let service = Process::start_with(&database, &data_dir, &variables);
    let door_to = |service: &Process| {
        let (_, address) = watch::channel(service.address);
        Door { address, token: data_dir.owner_token(), client: Client::new() }
    };
    let door = door_to(&service);
    let body = json!({ "url": sink.url(), "types": ["customer.created"] });
    let made = door.command("/v1/webhooks", "webhook", &body).await;
    let body = json!({ "type": "person", "last_name": "Byron" });
    door.command("/v1/customers", "customer", &body).await;
    sink.got(1).await;
    service.kill();
    // As if the time of its claim were over.
    let (client, connection) = tokio_postgres::connect(&database, NoTls).await.unwrap();
    tokio::spawn(connection);
    let over = "UPDATE automation.effect SET due_at = clock_timestamp(), busy_until = NULL";
    assert_eq!(client.execute(over, &[]).await.unwrap(), 1);
    let service = Process::start_with(&database, &data_dir, &variables);
    let calls = sink.got(2).await;
    assert_eq!(calls[0].id(), calls[1].id(), "once more, as nobody knew, under the same id");
    assert_eq!(calls[0].body, calls[1].body);
    let door = door_to(&service);
    let path = format!("/v1/webhooks/{}/deliveries", made["id"].as_str().unwrap());
    let since = Instant::now();
    while door.send(Method::GET, &path, "", None).await.unwrap().1["data"][0]["outcome"]
        != "delivered"
    {
        assert!(since.elapsed() < PATIENCE, "nobody says that the call was made");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(sink.received().len(), 2);
}

/// What an endpoint answered could not be written down.
#[tokio::test(flavor = "multi_thread")]
async fn while_the_disk_is_nearly_full_no_endpoint_is_called() {
    let patience = Duration::from_secs(1);
    let calls = CallSettings { backoff: vec![patience; 3], ..calling(true).calls };
    let app = TestApp::start_sending(outbox::Settings { calls, ..calling(true) }).await;
    let sink = Sink::start(&[Reply::Status(500)]).await;
    let webhook = Webhook::to(&app, &sink, &["customer.created"]).await;
    app.person("Ada", "Byron").await;
    sink.got(1).await;
    app.service.store.set_read_only(true);
    tokio::time::sleep(patience * 3).await;
    assert_eq!(sink.received().len(), 1, "not while the disk is nearly full");
    app.service.store.set_read_only(false);
    sink.got(2).await;
    webhook.deliveries(&app, |list| list[0]["outcome"] == "delivered").await;
}
