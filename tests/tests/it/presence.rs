//! Who has a customer before their eyes now.

use serde_json::{Value, json};

use crate::app::{Person, TestApp};
use crate::reach::set_reach;

async fn others(person: &Person, customer: &str) -> Vec<Value> {
    let here = person.post(&format!("/v1/customers/{customer}/presence"), json!({})).await;
    let here = here.expect(200);
    assert_eq!(here["again_in_seconds"], 20);
    here["others"].as_array().unwrap().iter().map(|other| other["id"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn f039_those_who_look_at_a_customer_know_of_one_another() {
    let app = TestApp::start().await;
    let (ada, karl) = (app.person("Ada", "Byron").await, app.person("Karl", "Seal").await);
    let (ben, cleo) = (app.user(&["sales"]).await, app.user(&["viewer"]).await);
    let before = app.head().await;
    assert!(others(&ben, &ada).await.is_empty());
    assert!(others(&ben, &ada).await.is_empty(), "one is not among the others");
    assert_eq!(others(&cleo, &ada).await, [ben.id.as_str()]);
    assert_eq!(others(&ben, &ada).await, [cleo.id.as_str()]);
    assert!(others(&ben, &karl).await.is_empty(), "another customer");
    for _ in 0..2 {
        assert_eq!(cleo.delete(&format!("/v1/customers/{ada}/presence")).await.status, 204);
    }
    assert!(others(&ben, &ada).await.is_empty());
    assert_eq!(app.head().await, before, "it is no history");
    set_reach(&app, &cleo, json!({ "read": { "assigned": true } })).await;
    let path = format!("/v1/customers/{ada}/presence");
    cleo.post(&path, json!({})).await.refused(404, "customer_not_found");
    cleo.delete(&path).await.refused(404, "customer_not_found");
}
