//! Rules that call a webhook, wait for its answer and go on when it failed.

use serde_json::{Value, json};

use crate::app::{TestApp, ever, rows};
use crate::sink::{Reply, Sink};
use crate::webhooks::{Webhook, start};

/// A rule over tags that calls the webhook and flags the customer afterwards.
fn rule(webhook: &Webhook) -> Value {
    json!({ "name": "Tell the shop",
        "then": [{ "action": "call_webhook", "webhook": webhook.id() },
            { "action": "raise_flag", "reason": "The shop knows" }] })
}

/// The newest run once it ended like this.
async fn run(app: &TestApp, outcome: &str) -> Value {
    app.settled().await;
    let run = rows(&app.get("/v1/automation/runs").await)[0].clone();
    assert_eq!(run["outcome"], outcome, "{run:#}");
    run
}

async fn tag(app: &TestApp, customer: &str, tag: &str) {
    let path = format!("/v1/customers/{customer}/tags");
    app.post(&path, json!({ "tag": tag })).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn f156_a_rule_calls_a_webhook_signed_and_tells_what_it_answered() {
    let (app, sink) = (start().await, Sink::start(&[Reply::Status(500)]).await);
    let webhook = Webhook::to(&app, &sink, &["task.added"]).await;
    let customer = app.person("Ada", "Byron").await;
    tag(&app, &customer, "old").await;
    let mut draft = rule(&webhook);
    draft["state"] = json!("draft");
    let id = app.rule("customer.tagged", draft).await;
    let activate = format!("/v1/automation/rules/{id}/activate");
    app.post(&activate, json!({})).await.refused(422, "rehearsal_needed");
    let job = app.rehearse(&id, ever("recorded")).await;
    let would = &job["result"]["runs"][0]["steps"][0];
    assert_eq!(would["reason"], "the webhook would be called", "{job:#}");
    app.post(&activate, json!({})).await.expect(200);
    app.settled().await;
    assert!(sink.received().is_empty());

    tag(&app, &customer, "vip").await;
    let run = run(&app, "done").await;
    assert_eq!(run["steps"][0]["reason"], "the webhook answered 204");
    assert_eq!(app.strong(&customer).await["flag"]["reason"], "The shop knows");
    let calls = sink.received();
    assert_eq!(calls.len(), 2, "once more under its id, and no more once it was taken");
    assert_eq!((calls[0].id(), &calls[0].body), (calls[1].id(), &calls[1].body));
    assert!(calls.iter().all(|call| call.is_signed_by(&webhook.secret)), "{calls:#?}");
    let told = calls[1].json();
    assert_eq!((&told["id"], &told["data"]["tag"]), (&run["trigger_event"], &json!("vip")));
    assert_eq!(
        (&told["ruleid"], &told["rulename"], &told["ruleversion"]),
        (&json!(id), &json!("Tell the shop"), &json!(1))
    );
    let delivery = &rows(&app.get(&webhook.at("deliveries")).await)[0];
    assert_eq!((&delivery["id"], &delivery["request"]), (&json!(calls[0].id()), &told));
    assert_eq!(delivery["attempts"][1]["sent_as_shown"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn f156_a_run_whose_call_failed_goes_on_from_that_step_under_the_same_id() {
    let (app, sink) = (start().await, Sink::start(&vec![Reply::Status(500); 4]).await);
    let webhook = Webhook::to(&app, &sink, &["task.added"]).await;
    app.sending_rule("customer.tagged", rule(&webhook)).await;
    let customer = app.person("Ada", "Byron").await;
    tag(&app, &customer, "vip").await;
    let failed = run(&app, "failed").await;
    assert!(failed["reason"].as_str().unwrap().contains("its last answer was 500"), "{failed:#}");
    assert!(app.strong(&customer).await["flag"].is_null());
    webhook.off(&app, "failing").await;
    let retry = format!("/v1/automation/runs/{}/retry", failed["id"].as_str().unwrap());
    app.post(&retry, json!({})).await.expect(202);
    let failed = run(&app, "failed").await;
    assert!(failed["reason"].as_str().unwrap().contains("switched off"), "{failed:#}");
    app.post(&webhook.at("enable"), json!({})).await.expect(200);
    app.post(&retry, json!({})).await.expect(202);
    let done = run(&app, "done").await;
    assert_eq!(done["steps"][0]["reason"], "the webhook answered 204");
    let calls = sink.received();
    assert_eq!(calls.len(), 5);
    assert!(calls.iter().all(|call| call.id() == calls[0].id()), "{calls:#?}");
    assert_eq!(app.strong(&customer).await["flag"]["reason"], "The shop knows");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_calls_only_a_webhook_that_is_there_and_on_for_those_who_may() {
    let (app, sink) = (start().await, Sink::start(&[]).await);
    let webhook = Webhook::to(&app, &sink, &["task.added"]).await;
    let id = app.sending_rule("customer.tagged", rule(&webhook)).await;
    let mut unknown = rule(&webhook);
    unknown["trigger"] = json!({ "events": ["customer.tagged"] });
    unknown["then"][0]["webhook"] = json!(id);
    let refused = app.post("/v1/automation/rules", unknown).await;
    refused.refused(422, "webhook_not_found");
    let customer = app.person("Ada", "Byron").await;
    let by_hand = format!("/v1/automation/rules/{id}/run");
    let seller = app.user(&["sales"]).await;
    seller.post(&by_hand, json!({ "customer": customer })).await.expect(201);
    let blocked = run(&app, "blocked").await;
    assert_eq!(blocked["reason"], "who has the rule run may not call webhooks");
    app.post(&webhook.at("disable"), json!({})).await.expect(200);
    tag(&app, &customer, "vip").await;
    assert_eq!(run(&app, "blocked").await["reason"], "the webhook is switched off");
    app.delete(&webhook.path).await.expect(200);
    tag(&app, &customer, "new").await;
    assert_eq!(run(&app, "blocked").await["reason"], "there is no such webhook");
    assert!(sink.received().is_empty());
}
