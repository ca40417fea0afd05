//! Why a customer is not in a list.

use serde_json::{Value, json};

use crate::app::{Person, TestApp};
use crate::reach::set_reach;

/// What hides the customer: kind and parameter of each reason.
async fn reasons(person: &Person, customer: &str, query: &str) -> Vec<String> {
    let path = format!("/v1/customers/{customer}/why-hidden?{query}");
    let told = person.get_fresh(&path).await.expect(200);
    let reasons = told["hidden_by"].as_array().unwrap();
    assert_eq!(told["shown"], reasons.is_empty(), "{told}");
    let words = |reason: &Value| {
        let parameter = reason["parameter"].as_str().map(|name| format!(" {name}"));
        format!("{}{}", reason["kind"].as_str().unwrap(), parameter.unwrap_or_default())
    };
    reasons.iter().map(words).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn f014_a_missing_customer_is_explained_by_ones_own_filters() {
    let app = TestApp::start().await;
    let folder = app.folder("North", &["prospect", "won"]).await;
    let body = json!({ "type": "person", "first_name": "Ada", "last_name": "Byron",
        "folder": folder, "tags": ["vip"], "emails": ["ada@example.com"] });
    let ada = app.customer(body).await;
    let ben = app.user(&["sales"]).await;
    for (query, expected) in [
        ("", vec![]),
        ("q=byr&filter[status]=prospect", vec![]),
        ("q=ada@example", vec![]),
        ("q=Bryon", vec![]),
        ("q=zzzz", vec!["search q"]),
        ("filter[status]=won", vec!["filter filter[status]"]),
        (
            "filter[status]=won&filter[tags][has]=vip&filter[workers][is_set]=&archived=true",
            vec!["archive archived", "filter filter[status]", "filter filter[workers][is_set]"],
        ),
    ] {
        assert_eq!(reasons(&ben, &ada, query).await, expected, "{query}");
    }
    let path = format!("/v1/customers/{ada}/why-hidden");
    let wrong = ben.get(&format!("{path}?filter[balance][gte]=1")).await;
    assert_eq!(wrong.status, 400, "{}", wrong.text);
    app.post(&format!("/v1/customers/{ada}/archive"), json!({})).await.expect(200);
    assert_eq!(reasons(&ben, &ada, "").await, ["archive archived"]);

    // Out of reach is not there, whatever else hides it.
    set_reach(&app, &ben, json!({ "read": { "assigned": true } })).await;
    let unknown = ben.get(&format!("/v1/customers/{folder}/why-hidden")).await;
    let hidden = ben.get(&path).await;
    hidden.refused(404, "customer_not_found");
    let without_id = |answer: &crate::app::Answer| {
        let mut body = answer.json();
        body["request_id"] = Value::Null;
        body
    };
    assert_eq!(without_id(&hidden), without_id(&unknown));
}

#[tokio::test(flavor = "multi_thread")]
async fn f015_who_administers_users_is_told_grants_and_reach() {
    let app = TestApp::start().await;
    let folder = app.folder("North", &["prospect"]).await;
    let ada = app.person("Ada", "Byron").await;
    let ben = app.user(&["sales"]).await;
    let through = |query: &str| format!("as={}&{query}", ben.id);
    assert_eq!(reasons(&app, &ada, &through("")).await, Vec::<String>::new());
    set_reach(&app, &ben, json!({ "read": { "folders": [folder] } })).await;
    assert_eq!(
        reasons(&app, &ada, &through("filter[status]=won&filter[under_review]=false")).await,
        ["reach", "filter filter[status]", "field filter[under_review]"]
    );
    let path = format!("/v1/customers/{ada}/why-hidden?as={}", ben.id);
    let told = app.get(&path).await.expect(200);
    assert_eq!(told["hidden_by"][0]["extent"]["folders"][0]["name"], "North");
    assert_eq!(told["as"], json!(ben.id));

    let permissions = json!({ "permissions": ["customer.read"] });
    app.put("/v1/roles/sales/permissions", permissions).await.expect(200);
    assert_eq!(reasons(&app, &ada, &through("")).await, ["permission"]);
    let manager = app.user(&["manager"]).await;
    manager.get(&path).await.denied("user.admin");
    let nobody = format!("/v1/customers/{ada}/why-hidden?as={folder}");
    app.get(&nobody).await.refused(404, "user_not_found");
}
