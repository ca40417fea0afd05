//! Why: from an event up to what led to it, and down to what came of it.

use automation::outbox;
use serde_json::{Value, json};

use crate::app::{TestApp, column, rows};
use crate::smtp::SmtpServer;

/// The rule of the demo that thanks for payments.
fn thanks() -> Value {
    let lines = include_str!("../../../demo/supplement.jsonl").lines();
    let commands = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    let named = |command: &Value| command["data"]["name"] == "Thank for a payment";
    commands.into_iter().find(named).unwrap()["data"].take()
}

fn by_type<'a>(effects: &'a [Value], name: &str) -> &'a Value {
    effects.iter().find(|effect| effect["type"] == name).unwrap_or_else(|| panic!("{effects:#?}"))
}

/// The payment on a customer's account, the rule of the demo, and a real mail server: everything
/// that came of it is there, and Why tells all of it from either end.
#[tokio::test(flavor = "multi_thread")]
async fn f156_a_payment_sets_off_tag_task_and_thanks_and_why_walks_the_chain() {
    let server = SmtpServer::start(&[]).await;
    let outbox = outbox::Settings {
        smtp: Some(server.url().parse().unwrap()),
        public_url: Some("https://crm.example".to_owned()),
        ..outbox::Settings::default()
    };
    let app = TestApp::start_sending(outbox).await;
    let sender = json!({ "name": "Film rental", "address": "office@rental.example" });
    app.post("/v1/organisation/sender", sender).await.expect(200);
    let rule = app.sending_rule("account.payment_received", thanks()).await;
    let person = json!({ "type": "person", "first_name": "Ada", "last_name": "Byron",
        "emails": ["ada@example.com"] });
    let customer = app.customer(person).await;
    let pay = async |amount: &str| {
        let amount = json!({ "amount": { "amount": amount, "currency": "USD" },
            "method": "transfer", "received_on": "2026-11-20" });
        let key = uuid::Uuid::now_v7().to_string();
        let path = format!("/v1/customers/{customer}/payments");
        let paid = app.post_with(&path, &[("Idempotency-Key", &key)], amount).await.expect(201);
        paid["events"][0]["id"].as_str().unwrap().to_owned()
    };
    pay("9.99").await;
    let payment = pay("10.99").await;
    app.settled().await;
    let mails = server.got(1).await;
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, "ada@example.com"));
    assert_eq!(mails[0].header("Subject").unwrap(), "Thank you, Ada");
    assert_eq!(app.strong(&customer).await["tags"], json!(["paid-lately"]));
    let tasks = rows(&app.get_fresh("/v1/tasks").await);
    assert_eq!(column(&tasks, "title"), ["Look whether anything is left to pay"]);
    let path = format!("/v1/customers/{customer}/messages");
    app.until(&path, |messages| messages["data"][0]["state"] == "sent").await;

    let sent = app.events_of(&customer, "message.sent").await[0]["id"].as_str().unwrap().to_owned();
    let why = app.get(&format!("/v1/events/{sent}/why")).await.expect(200);
    let causes = why["causes"].as_array().unwrap();
    assert_eq!(column(causes, "type"), ["message.requested", "account.payment_received"]);
    assert_eq!(causes[1]["id"], payment);
    let by = &causes[0]["rule"];
    assert_eq!((&by["id"], &by["name"]), (&json!(rule), &json!("Thank for a payment")));
    assert_eq!((&by["version"], &by["step"]), (&json!(1), &json!("3")));
    let run = &causes[1]["runs"][0];
    assert_eq!((&run["id"], &run["outcome"]), (&by["run"], &json!("done")));
    assert_eq!(run["rule"]["version"], 1);
    assert_eq!(column(run["steps"].as_array().unwrap(), "outcome"), ["done", "done", "done"]);
    let conditions = run["conditions"].as_array().unwrap();
    assert_eq!(column(conditions, "field"), ["event.amount", "after.lifecycle"]);
    assert!(conditions.iter().all(|condition| condition["holds"] == true), "{conditions:#?}");
    assert_eq!(
        (&conditions[0]["found"], &conditions[1]["found"]),
        (&json!("10.99"), &json!("active"))
    );

    let why = app.get(&format!("/v1/events/{payment}/why")).await.expect(200);
    assert_eq!(why["causes"], json!([]));
    let effects = why["effects"].as_array().unwrap();
    for name in ["customer.tagged", "task.added", "message.requested", "rule_run.finished"] {
        assert_eq!(by_type(effects, name)["rule"]["run"], run["id"], "{name}");
    }
    let requested = by_type(effects, "message.requested");
    assert_eq!(requested["effects"][0]["id"], sent);
}
