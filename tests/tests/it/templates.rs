//! Kept templates: written, changed in versions, shown for a customer, and said by messages.

use serde_json::{Value, json};

use crate::app::{TestApp, column, rows};
use crate::messages::{ada, sending, until_state, write};
use crate::smtp::SmtpServer;

const TEMPLATES: &str = "/v1/templates";

fn thanks() -> Value {
    json!({ "name": "Thanks", "channel": "email", "subject": "Thank you, {customer.first_name}",
        "text": "Dear {customer.display_name}", "html": "<p>{customer.display_name}</p>" })
}

fn many_thanks() -> Value {
    json!({ "name": "Thanks", "subject": "Many thanks", "text": "Dear {customer.last_name}" })
}

#[tokio::test(flavor = "multi_thread")]
async fn f149_a_template_is_kept_in_versions_until_it_is_archived() {
    let app = TestApp::start().await;
    let made = app.post(TEMPLATES, thanks()).await;
    let id = made.expect(201)["id"].as_str().unwrap().to_owned();
    let place = format!("{TEMPLATES}/{id}");
    assert_eq!(made.header("location"), place);
    let sms = json!({ "name": "Short", "channel": "sms", "text": "Thank you" });
    app.created(TEMPLATES, sms).await;
    assert_eq!(column(&rows(&app.get_fresh(TEMPLATES).await), "name"), ["Short", "Thanks"]);
    let mails = app.get(&format!("{TEMPLATES}?filter[channel]=email")).await;
    assert_eq!(column(&rows(&mails), "id"), std::slice::from_ref(&id));

    let prefer = [("Prefer", "return=representation")];
    let request = app.request(reqwest::Method::PUT, &place).header(prefer[0].0, prefer[0].1);
    let changed = crate::app::send(request.json(&many_thanks())).await.expect(200);
    assert_eq!(changed["template"]["template_version"], 2);
    assert_eq!(changed["template"]["html"], Value::Null);
    assert_eq!(app.put(&place, many_thanks()).await.expect(200)["changed"], false);
    let read = app.get_fresh(&place).await.expect(200);
    assert_eq!((&read["subject"], &read["archived"]), (&json!("Many thanks"), &json!(false)));

    let unknown = json!({ "name": "x", "subject": "y", "text": "Hi {customer.shoe_size}" });
    let refused = app.put(&place, unknown).await.wrong_field("/text", "invalid_placeholder");
    assert!(refused["allowed"].to_string().contains("customer.first_name"), "{refused}");

    let sales = app.user(&["sales"]).await;
    assert_eq!(sales.get(&place).await.expect(200)["template_version"], 2);
    sales.post(TEMPLATES, thanks()).await.denied("template.admin");
    app.user(&["viewer"]).await.get(TEMPLATES).await.denied("template.read");
    app.abroad().await.get(&place).await.refused(404, "template_not_found");

    app.post(&format!("{place}/archive"), json!({})).await.expect(200);
    let other = json!({ "name": "x", "subject": "y", "text": "z" });
    app.put(&place, other).await.refused(422, "template_archived");
    assert_eq!(rows(&app.get_fresh(TEMPLATES).await).len(), 1);
    assert_eq!(rows(&app.get(&format!("{TEMPLATES}?archived=true")).await).len(), 1);
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f149_a_template_is_shown_for_a_customer_before_it_is_sent() {
    let app = TestApp::start().await;
    let place = format!("{TEMPLATES}/{}/preview", app.created(TEMPLATES, thanks()).await);
    let names = json!({ "type": "person", "first_name": "Ada & Co", "last_name": "Byron" });
    let customer = app.customer(names).await;
    let shown = app.post(&place, json!({ "customer": customer })).await.expect(200);
    assert_eq!(shown["subject"], "Thank you, Ada & Co");
    assert_eq!(shown["html"], "<p>Ada &amp; Co Byron</p>");
    assert!(app.events_of(&customer, "message.requested").await.is_empty());
    let company = json!({ "type": "company", "company_name": "Acme" });
    let company = app.customer(company).await;
    let nameless = app.post(&place, json!({ "customer": company })).await;
    nameless.refused(422, "placeholder_without_value");
    let nobody = json!({ "customer": "0199a1b2-0000-7000-8000-00000000dead" });
    app.post(&place, nobody).await.wrong_field("/customer", "customer_not_found");
    let missing = format!("{TEMPLATES}/0199a1b2-0000-7000-8000-00000000dead/preview");
    app.post(&missing, json!({ "customer": customer })).await.refused(404, "template_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn f149_a_message_says_what_the_template_said_when_it_was_asked_for() {
    let server = SmtpServer::start(&[]).await;
    let app = sending(&server).await;
    let customer = ada(&app).await;
    let template = app.created(TEMPLATES, thanks()).await;
    let by_template = || json!({ "template": template });
    let first = write(&app, &customer, by_template()).await;
    app.put(&format!("{TEMPLATES}/{template}"), many_thanks()).await.expect(200);
    let second = write(&app, &customer, by_template()).await;
    let (first, second) =
        (until_state(&app, &first, "sent").await, until_state(&app, &second, "sent").await);
    assert_eq!((&first["text"], &first["template_version"]), (&json!("Dear Ada Byron"), &json!(1)));
    assert_eq!((&second["text"], &second["template_version"]), (&json!("Dear Byron"), &json!(2)));
    assert_eq!(first["template"], json!(template));
    let subjects = server.got(2).await;
    let subjects: Vec<_> = subjects.iter().map(|mail| mail.header("Subject").unwrap()).collect();
    assert!(subjects.contains(&"Thank you, Ada".to_owned()), "{subjects:?}");

    let path = format!("/v1/customers/{customer}/messages");
    let both = json!({ "template": template, "text": "Hi" });
    app.post(&path, both).await.wrong_field("/text", "invalid_field");
    let nothing = json!({ "template": "0199a1b2-0000-7000-8000-00000000dead" });
    app.post(&path, nothing).await.refused(422, "template_not_found");
    app.post(&format!("{TEMPLATES}/{template}/archive"), json!({})).await.expect(200);
    app.post(&path, by_template()).await.refused(422, "template_archived");
}

#[tokio::test(flavor = "multi_thread")]
async fn f156_a_rule_says_what_its_template_says_when_it_fires() {
    let server = SmtpServer::start(&[]).await;
    let app = sending(&server).await;
    let customer = ada(&app).await;
    let template = app.created(TEMPLATES, thanks()).await;
    let then = |template: &str| json!([{ "action": "send_email", "template": template }]);
    app.sending_rule("customer.tagged", json!({ "then": then(&template) })).await;
    let tags = format!("/v1/customers/{customer}/tags");
    app.post(&tags, json!({ "tag": "one" })).await.expect(200);
    app.settled().await;
    app.put(&format!("{TEMPLATES}/{template}"), many_thanks()).await.expect(200);
    app.post(&tags, json!({ "tag": "two" })).await.expect(200);
    app.settled().await;
    let asked = app.events_of(&customer, "message.requested").await;
    let said: Vec<_> = asked.iter().map(|event| &event["data"]["template_version"]).collect();
    assert_eq!(said, [1, 2]);

    // A rule names a template of e-mails that is in use.
    let sms = json!({ "name": "Short", "channel": "sms", "text": "Thank you" });
    let sms = app.created(TEMPLATES, sms).await;
    for template in [sms.as_str(), "0199a1b2-0000-7000-8000-00000000dead"] {
        let rule = json!({ "name": "x", "trigger": { "events": ["customer.tagged"] },
            "then": then(template) });
        app.post("/v1/automation/rules", rule).await.refused(422, "template_not_found");
    }
    // One that is archived later stops the step, and the run says so.
    app.post(&format!("{TEMPLATES}/{template}/archive"), json!({})).await.expect(200);
    app.post(&tags, json!({ "tag": "three" })).await.expect(200);
    app.settled().await;
    let runs = rows(&app.get_fresh("/v1/automation/runs").await);
    assert_eq!(runs[0]["outcome"], "blocked", "{runs:#?}");
}
