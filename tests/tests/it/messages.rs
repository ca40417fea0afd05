//! Messages: written, sent through a real mail server, withheld, and what is told of them.

use std::time::{Duration, Instant};

use automation::outbox;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_postgres::NoTls;

use crate::app::{DataDir, PATIENCE, TestApp, column, new_database, rows};
use crate::load::Door;
use crate::process::Process;
use crate::smtp::{Fault, Mail, SmtpServer};

/// A service that sends by this server, in the name of an office.
pub(crate) async fn sending(server: &SmtpServer) -> TestApp {
    let outbox = outbox::Settings {
        smtp: Some(server.url().parse().unwrap()),
        public_url: Some("https://crm.example".to_owned()),
        backoff: vec![Duration::from_millis(50); 3],
        ..outbox::Settings::default()
    };
    let app = TestApp::start_sending(outbox).await;
    app.post("/v1/organisation/sender", sender()).await.expect(200);
    app
}

fn sender() -> Value {
    json!({ "name": "Acme", "address": "office@acme.example" })
}

pub(crate) async fn ada(app: &TestApp) -> String {
    app.customer(json!({ "type": "person", "first_name": "Ada", "last_name": "Byron",
        "emails": ["ada@example.com"] }))
        .await
}

fn hello() -> Value {
    json!({ "subject": "Hello", "text": "Dear Ada,\n\nyour order is ready." })
}

/// Writes to the customer and answers the message's address.
pub(crate) async fn write(app: &TestApp, customer: &str, message: Value) -> String {
    let path = format!("/v1/customers/{customer}/messages");
    format!("/v1/messages/{}", app.created(&path, message).await)
}

/// The message once it is in this state.
pub(crate) async fn until_state(app: &TestApp, message: &str, state: &str) -> Value {
    app.until(message, |message| message["state"] == state).await
}

fn ids(mails: &[Mail]) -> Vec<String> {
    mails.iter().map(|mail| mail.header("Message-ID").unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn f149_an_email_is_written_sent_and_stands_on_the_timeline() {
    let server = SmtpServer::start(&[]).await;
    let app = sending(&server).await;
    let customer = ada(&app).await;
    let message = write(&app, &customer, hello()).await;
    let sent = until_state(&app, &message, "sent").await;
    assert_eq!((&sent["direction"], &sent["asked_by"]), (&json!("out"), &json!("person")));
    assert_eq!((&sent["to"], &sent["text"]), (&json!("ada@example.com"), &hello()["text"]));
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!((mail.from.as_str(), mail.to.as_str()), ("office@acme.example", "ada@example.com"));
    assert_eq!(mail.header("Subject").unwrap(), "Hello");
    assert!(mail.header("Message-ID").unwrap().ends_with("@acme.example>"), "{}", mail.data);
    assert!(mail.header("List-Unsubscribe").is_none(), "{}", mail.data);
    assert!(mail.data.contains("your order is ready."), "{}", mail.data);
    let list = app.get_fresh(&format!("/v1/customers/{customer}/messages")).await;
    assert_eq!(column(&rows(&list), "state"), ["sent"]);
    let history = app.events_of(&customer, "message.requested,message.sent").await;
    assert_eq!(column(&history, "type"), ["message.requested", "message.sent"]);
    assert_eq!(history[1]["causationid"], history[0]["id"]);
    let read = app.get_fresh(&format!("/v1/customers/{customer}")).await.expect(200);
    assert_eq!(read["counters"]["messages"], 1);
    let viewer = app.user(&["viewer"]).await;
    let path = format!("/v1/customers/{customer}/messages");
    viewer.post(&path, hello()).await.denied("message.write");
    assert_eq!(rows(&viewer.get_fresh(&path).await).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn f149_without_an_address_there_is_no_email() {
    let app = TestApp::start().await;
    let customer = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{customer}/messages");
    app.post(&path, hello()).await.refused(422, "recipient_without_address");
    app.post(&path, json!({ "subject": "Hello" })).await.wrong_field("/text", "missing_field");
    // Nobody has said by which server to send: it waits.
    let waiting = json!({ "to": "ada@example.com", "subject": "Hello", "text": "Dear Ada" });
    let message = write(&app, &customer, waiting).await;
    assert_eq!(app.get_fresh(&message).await.expect(200)["state"], "requested");
}

#[tokio::test(flavor = "multi_thread")]
async fn f160_automatic_messages_are_withheld_with_the_reason() {
    let server = SmtpServer::start(&[]).await;
    let app = sending(&server).await;
    let then = json!([{ "action": "send_email", "subject": "Thank you, {customer.first_name}",
        "text": "Dear {customer.first_name}", "html": "<p>Dear {customer.first_name}</p>" }]);
    app.sending_rule("customer.tagged", json!({ "then": then })).await;
    let mut customers = Vec::new();
    for (what, number) in [("dormant", 1), ("opt-outs/email", 2), ("do-not-work-with", 3), ("", 4)]
    {
        let email = format!("c{number}@example.com");
        let body = json!({ "type": "person", "first_name": "Ada & Co", "emails": [email] });
        let customer = app.customer(body).await;
        if !what.is_empty() {
            let reason = json!({ "reason": "They said so" });
            app.post(&format!("/v1/customers/{customer}/{what}"), reason).await.expect(200);
        }
        let tags = format!("/v1/customers/{customer}/tags");
        app.post(&tags, json!({ "tag": "paid" })).await.expect(200);
        customers.push(customer);
    }
    app.settled().await;
    let mails = server.got(1).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "c4@example.com");
    assert_eq!(mails[0].header("Subject").unwrap(), "Thank you, Ada & Co");
    assert_eq!(mails[0].header("Auto-Submitted").unwrap(), "auto-generated");
    assert!(mails[0].data.contains("<p>Dear Ada &amp; Co</p>"), "{}", mails[0].data);
    for (customer, reason) in customers.iter().zip(["dormant", "opted_out", "do_not_work_with"]) {
        let list = rows(&app.get_fresh(&format!("/v1/customers/{customer}/messages")).await);
        assert_eq!((&list[0]["state"], &list[0]["withheld"]), (&json!("withheld"), &json!(reason)));
        let runs = app.get(&format!("/v1/automation/runs?filter[customer]={customer}")).await;
        let run = &rows(&runs)[0];
        assert_eq!(run["outcome"], "withheld", "{run:#}");
        assert_eq!(run["steps"][0]["outcome"], "withheld", "{run:#}");
        let event = &app.events_of(customer, "message.withheld").await[0];
        assert!(event["summary"].as_str().unwrap().starts_with("withheld an e-mail"), "{event}");
    }
    // What a person writes is stopped only by the opt-out.
    let path = |customer: &str| format!("/v1/customers/{customer}/messages");
    app.post(&path(&customers[0]), hello()).await.expect(201);
    app.post(&path(&customers[1]), hello()).await.refused(422, "recipient_opted_out");
    app.post(&path(&customers[2]), hello()).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn f151_a_customer_unsubscribes_by_the_link_in_the_email() {
    let server = SmtpServer::start(&[]).await;
    let app = sending(&server).await;
    let customer = ada(&app).await;
    let mut newsletter = hello();
    newsletter["asked_by"] = json!("automatic");
    until_state(&app, &write(&app, &customer, newsletter.clone()).await, "sent").await;
    let mail = &server.mails()[0];
    assert_eq!(mail.header("List-Unsubscribe-Post").unwrap(), "List-Unsubscribe=One-Click");
    let link = mail.header("List-Unsubscribe").unwrap();
    let path =
        link.trim_matches(['<', '>']).strip_prefix("https://crm.example").unwrap().to_owned();
    let nobody = app.with_token(&json!("none"));
    // A program that looks at the link in advance unsubscribes nobody.
    assert_eq!(nobody.get(&path).await.status, 200);
    assert!(app.strong(&customer).await.get("opted_out").is_none());
    assert_eq!(nobody.post(&path, json!({})).await.status, 200);
    assert_eq!(app.strong(&customer).await["opted_out"], json!(["email"]));
    assert_eq!(nobody.post(&path, json!({})).await.status, 200);
    let forged =
        path.replace(&customer.replace('-', ""), &uuid::Uuid::now_v7().simple().to_string());
    nobody.post(&forged, json!({})).await.refused(404, "not_found");
    nobody.get("/unsubscribe/x").await.refused(404, "not_found");
    let withheld = write(&app, &customer, newsletter.clone()).await;
    assert_eq!(app.get_fresh(&withheld).await.expect(200)["withheld"], "opted_out");
    app.delete(&format!("/v1/customers/{customer}/opt-outs/email")).await.expect(200);
    until_state(&app, &write(&app, &customer, newsletter).await, "sent").await;
    assert_eq!(
        app.events_of(&customer, "customer.opted_out,customer.opted_in").await.len(),
        2,
        "unsubscribing again changes nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn f150_messages_wait_for_the_organisations_sender() {
    let server = SmtpServer::start(&[]).await;
    let outbox = outbox::Settings {
        smtp: Some(server.url().parse().unwrap()),
        no_sender: Duration::from_millis(50),
        ..outbox::Settings::default()
    };
    let app = TestApp::start_sending(outbox).await;
    let customer = ada(&app).await;
    let message = write(&app, &customer, hello()).await;
    let sales = app.user(&["sales"]).await;
    sales.post("/v1/organisation/sender", sender()).await.denied("organisation.admin");
    let wrong = json!({ "name": "Acme", "address": "office" });
    app.post("/v1/organisation/sender", wrong).await.wrong_field("/address", "invalid_email");
    assert_eq!(app.get_fresh(&message).await.expect(200)["state"], "requested");
    app.post("/v1/organisation/sender", sender()).await.expect(200);
    until_state(&app, &message, "sent").await;
    assert_eq!(server.mails()[0].header("From").unwrap(), "Acme <office@acme.example>");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_fate_is_unknown_is_sent_again_under_its_id() {
    let server = SmtpServer::start(&[Fault::TryLater, Fault::HangUpAfterData]).await;
    let app = sending(&server).await;
    let customer = ada(&app).await;
    let message = write(&app, &customer, hello()).await;
    until_state(&app, &message, "sent").await;
    let ids = ids(&server.mails());
    assert_eq!(ids.len(), 2, "the server kept it twice");
    assert_eq!(ids[0], ids[1]);
    assert_eq!(app.events_of(&customer, "message.sent").await.len(), 1);
    let failed = app.events_of(&customer, "message.failed").await;
    assert!(failed.iter().all(|event| event["data"]["final"] == false), "{failed:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_refuses_for_good_has_failed() {
    let server = SmtpServer::start(&[Fault::UnknownRecipient]).await;
    let app = sending(&server).await;
    let customer = ada(&app).await;
    let message = write(&app, &customer, hello()).await;
    let failed = until_state(&app, &message, "failed").await;
    assert!(failed["failure"].as_str().unwrap().contains("no such mailbox"), "{failed}");
    assert!(server.mails().is_empty());
    // What fails again and again is given up as well.
    let busy = SmtpServer::start(&[Fault::TryLater; 4]).await;
    let app = sending(&busy).await;
    let customer = ada(&app).await;
    let message = write(&app, &customer, hello()).await;
    until_state(&app, &message, "failed").await;
    assert_eq!(app.events_of(&customer, "message.failed").await.len(), 2, "the first and the last");
}

fn door_to(service: &Process, data_dir: &DataDir) -> Door {
    let (_, address) = watch::channel(service.address);
    Door { address, token: data_dir.owner_token(), client: Client::new() }
}

/// The real program is killed after the server has the message and before it could say so.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_not_lost_when_the_process_dies_while_it_is_sent() {
    let server = SmtpServer::start(&[Fault::SilentAfterData]).await;
    let (database, data_dir) = (new_database().await, DataDir::make());
    let url = server.url();
    let variables = [("DOSSIER_SMTP_URL", url.as_str())];
    let service = Process::start_with(&database, &data_dir, &variables);
    let door = door_to(&service, &data_dir);
    door.command("/v1/organisation/sender", "sender", &sender()).await;
    let body = json!({ "type": "person", "last_name": "Byron", "emails": ["ada@example.com"] });
    let customer = door.command("/v1/customers", "customer", &body).await;
    let path = format!("/v1/customers/{}/messages", customer["id"].as_str().unwrap());
    door.command(&path, "message", &hello()).await;
    server.got(1).await;
    service.kill();
    // As if the time of its claim were over.
    let (client, connection) = tokio_postgres::connect(&database, NoTls).await.unwrap();
    tokio::spawn(connection);
    let over = "UPDATE automation.effect SET due_at = clock_timestamp()";
    assert_eq!(client.execute(over, &[]).await.unwrap(), 1);

    let service = Process::start_with(&database, &data_dir, &variables);
    let door = door_to(&service, &data_dir);
    let ids = ids(&server.got(2).await);
    assert_eq!(ids[0], ids[1], "once more, as nobody knew, under the same id");
    let since = Instant::now();
    while door.events("message.sent").await.is_empty() {
        assert!(since.elapsed() < PATIENCE, "nobody says that the message was sent");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(door.events("message.requested").await.len(), 1);
    assert_eq!(server.mails().len(), 2);
}
