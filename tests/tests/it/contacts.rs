//! How to reach a customer, and under which ids others know them.

use serde_json::{Value, json};

use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn f021_emails_and_phones_come_and_go_and_one_of_each_is_primary() {
    let app = TestApp::start().await;
    let id = app
        .customer(json!({
            "type": "person",
            "first_name": "Ada",
            "emails": ["ada@example.com", { "address": "a.byron@example.com", "label": "work" }],
            "phones": ["+44 20 7946 0958"],
        }))
        .await;
    let (emails, phones) =
        (format!("/v1/customers/{id}/emails"), format!("/v1/customers/{id}/phones"));
    let customer = app.strong(&id).await;
    assert_eq!(
        customer["emails"],
        json!([
            { "address": "ada@example.com", "label": null, "primary": true },
            { "address": "a.byron@example.com", "label": "work", "primary": false },
        ])
    );
    assert_eq!(customer["phones"][0]["number"], "+44 20 7946 0958");
    assert_eq!(customer["phones"][0]["e164"], "+442079460958");

    let third = json!({ "address": "third@example.com", "primary": true });
    let added = app.post(&emails, third).await.expect(200);
    assert_eq!(added["events"][0]["type"], "customer.email_added");
    app.post(&phones, json!({ "number": "+49 30 901820" })).await.expect(200);
    app.delete(&format!("{emails}/third@example.com")).await.expect(200);
    // In whatever writing.
    app.delete(&format!("{phones}/0044-20-79460958")).await.expect(200);
    let customer = app.strong(&id).await;
    assert_eq!(customer["emails"].as_array().unwrap().len(), 2);
    assert_eq!(customer["emails"][0]["primary"], true);
    assert_eq!(customer["phones"].as_array().unwrap().len(), 1);
    assert_eq!(customer["phones"][0]["primary"], true);

    let gone = app.delete(&format!("{emails}/third@example.com")).await.expect(200);
    assert_eq!(gone["changed"], false);
    app.post(&emails, json!({ "address": "ada@" })).await.wrong_field("/address", "invalid_email");
    app.post(&phones, json!({ "number": "no" })).await.wrong_field("/number", "invalid_phone");
    app.post(&phones, json!({})).await.wrong_field("/number", "missing_field");
}

#[tokio::test(flavor = "multi_thread")]
async fn f023_a_phone_number_has_a_label_and_is_read_in_its_country() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let phones = format!("/v1/customers/{id}/phones");
    let office = json!({ "number": "030 901820", "label": "Office", "country": "DE" });
    app.post(&phones, office).await.expect(200);
    app.post(&phones, json!({ "number": "0171 2345678" })).await.expect(200);
    let customer = app.strong(&id).await;
    let phone = |index: usize| customer["phones"][index].clone();
    assert_eq!(phone(0)["label"], "Office");
    assert_eq!(phone(0)["number"], "030 901820");
    assert_eq!(phone(0)["e164"], "+4930901820");
    assert_eq!(phone(1)["e164"], Value::Null);
    let wrong = json!({ "number": "030 901821", "country": "XX" });
    app.post(&phones, wrong).await.wrong_field("/country", "invalid_country");
}

#[tokio::test(flavor = "multi_thread")]
async fn f032_an_address_needs_its_first_line_and_is_replaced_as_a_whole() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let addresses = format!("/v1/customers/{id}/addresses");
    let home = json!({ "line1": "12 St James's Square", "city": "London", "postcode": "SW1Y 4JH",
        "country": "gb", "label": "home" });
    let added = app.post(&addresses, home).await.expect(201);
    let address = added["address_id"].as_str().unwrap().to_owned();
    assert_eq!(app.strong(&id).await["addresses"][0]["country"], "GB");

    let moved = json!({ "line1": "Ockham Park", "city": "Ockham" });
    app.put(&format!("{addresses}/{address}"), moved).await.expect(200);
    let customer = app.strong(&id).await;
    assert_eq!(customer["addresses"][0]["id"], address);
    assert_eq!(customer["addresses"][0]["line1"], "Ockham Park");
    assert_eq!(customer["addresses"][0]["postcode"], Value::Null);
    assert_eq!(customer["addresses"][0]["primary"], true);

    app.post(&addresses, json!({ "city": "London" })).await.wrong_field("/line1", "missing_field");
    let blank = json!({ "line1": " " });
    app.post(&addresses, blank).await.wrong_field("/line1", "invalid_address");
    let nowhere = json!({ "line1": "1 High Street", "country": "UK" });
    app.post(&addresses, nowhere).await.wrong_field("/country", "invalid_country");
    app.delete(&format!("{addresses}/{address}")).await.expect(200);
    app.delete(&format!("{addresses}/{address}")).await.refused(404, "address_not_found");
    assert_eq!(app.strong(&id).await["addresses"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_ids_are_set_changed_removed_and_unique() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("Ada", "Byron").await, app.person("Ben", "Jonson").await);
    let ids = |id: &str| format!("/v1/customers/{id}/external-ids");
    let shop = |id: &str| json!({ "source": "shop", "id": id });
    app.post(&ids(&ada), shop("17850")).await.expect(200);
    let taken = app.post(&ids(&ben), shop("17850")).await.refused(409, "duplicate_customer");
    assert_eq!(taken["existing"][0]["id"], ada);
    assert_eq!(taken["existing"][0]["matched_on"], "external_id");
    // What is let go is free for others.
    app.post(&ids(&ada), shop("17851")).await.expect(200);
    app.post(&ids(&ben), shop("17850")).await.expect(200);
    app.delete(&format!("{}/shop", ids(&ada))).await.expect(200);
    assert_eq!(app.strong(&ada).await["external_ids"], json!({}));
    assert_eq!(app.strong(&ben).await["external_ids"], json!({ "shop": "17850" }));
    let spaced = json!({ "source": "the shop", "id": "1" });
    app.post(&ids(&ada), spaced).await.wrong_field("/source", "invalid_source");
}

#[tokio::test(flavor = "multi_thread")]
async fn f042_the_same_email_twice_is_refused_within_one_organisation_only() {
    let app = TestApp::start().await;
    let ada = json!({ "type": "person", "first_name": "Ada", "emails": ["Ada@Example.com"] });
    let id = app.customer(ada.clone()).await;
    let again = json!({ "type": "person", "first_name": "Eve", "emails": [" ada@example.COM"] });
    let answer = app.post("/v1/customers", again).await;
    let problem = answer.refused(409, "duplicate_customer");
    assert_eq!(problem["existing"], json!([{ "id": id, "name": "Ada", "matched_on": "email" }]));
    let eve = app.person("Eve", "Adams").await;
    let path = format!("/v1/customers/{eve}/emails");
    app.post(&path, json!({ "address": "ada@example.com" }))
        .await
        .refused(409, "duplicate_customer");

    let elsewhere = app.abroad().await;
    let other = elsewhere.customer(ada).await;
    elsewhere.get(&format!("/v1/customers/{id}")).await.refused(404, "customer_not_found");
    app.get(&format!("/v1/customers/{other}")).await.refused(404, "customer_not_found");
    // An address that was taken away is free again.
    app.delete(&format!("/v1/customers/{id}/emails/ada@example.com")).await.expect(200);
    app.post(&path, json!({ "address": "ada@example.com" })).await.expect(200);
}
