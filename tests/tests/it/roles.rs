//! What roles give, and what somebody's roles come to.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::reach::set_reach;

#[tokio::test(flavor = "multi_thread")]
async fn f163_what_a_role_gives_is_listed_changed_and_given_back() {
    let app = TestApp::start().await;
    let ben = app.user(&["viewer"]).await;
    let ada = app.person("Ada", "Byron").await;
    let of = async |role: &str| {
        let roles = app.get("/v1/roles").await.expect(200);
        let rows = roles["data"].as_array().unwrap().clone();
        assert_eq!(rows.len(), 9);
        rows.into_iter().find(|row| row["role"] == role).unwrap()
    };
    let before = of("viewer").await;
    assert_eq!((&before["changed"], &before["fixed"]), (&json!(false), &json!(false)));
    assert_eq!(of("owner").await["fixed"], true);

    let groups = json!({ "field_groups": ["basic"] });
    app.put("/v1/roles/viewer/field-groups", groups).await.expect(200);
    let shown = ben.get_fresh(&format!("/v1/customers/{ada}")).await.expect(200);
    assert!(shown.get("emails").is_none(), "{shown}");
    assert!(shown["_redacted"].as_array().unwrap().contains(&json!("emails")));
    let permissions = json!({ "permissions": ["customer.read"] });
    app.put("/v1/roles/viewer/permissions", permissions).await.expect(200);
    ben.get("/v1/customers").await.denied("customer.list");
    assert_eq!(of("viewer").await["changed"], true);
    let senior = json!({ "field_groups": ["risk"] });
    let refused = app.put("/v1/roles/viewer/field-groups", senior).await;
    refused.wrong_field("/field_groups", "role_not_senior");
    app.put("/v1/roles/owner/permissions", json!({ "permissions": [] }))
        .await
        .refused(422, "role_fixed");

    app.post("/v1/roles/viewer/reset", json!({})).await.expect(200);
    assert_eq!(of("viewer").await["permissions"], before["permissions"]);
    ben.get("/v1/customers").await.expect(200);
    let manager = app.user(&["manager"]).await;
    manager.get("/v1/roles").await.denied("user.admin");
    manager.post("/v1/roles/viewer/reset", json!({})).await.denied("user.admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn f163_nobody_finds_a_customer_by_what_their_role_hides() {
    let app = TestApp::start().await;
    let body = json!({ "type": "person", "last_name": "Byron", "emails": ["hidden@example.com"],
        "phones": ["+442079460958"] });
    app.customer(body).await;
    let ben = app.user(&["viewer"]).await;
    let found = async |text: &str| {
        let answer = ben.get_fresh(&format!("/v1/customers?q={text}")).await.expect(200);
        answer["data"].as_array().unwrap().len()
    };
    for text in ["hidden@example.com", "hidden", "02079460958", "byron"] {
        assert_eq!(found(text).await, 1, "{text}");
    }
    let groups = json!({ "field_groups": ["basic"] });
    app.put("/v1/roles/viewer/field-groups", groups).await.expect(200);
    for (text, expected) in
        [("hidden@example.com", 0), ("hidden", 0), ("02079460958", 0), ("byron", 1)]
    {
        assert_eq!(found(text).await, expected, "{text}");
    }
    let filtered = ben.get("/v1/customers?filter[emails]=hidden@example.com").await;
    assert_eq!(filtered.status, 400, "{}", filtered.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn f165_effective_access_says_which_role_gives_what() {
    let app = TestApp::start().await;
    let folder = app.folder("North", &["prospect"]).await;
    let ben = app.user(&["sales", "viewer"]).await;
    let reach = json!({ "read": { "folders": [folder] }, "write": { "assigned": true } });
    set_reach(&app, &ben, reach).await;
    let path = format!("/v1/access/effective?user={}", ben.id);
    let told = app.get(&path).await.expect(200);
    let of = |list: &str, key: &str, name: &str| -> Value {
        let rows = told[list].as_array().unwrap();
        rows.iter().find(|row| row[key] == name).map_or(Value::Null, |row| row["roles"].clone())
    };
    assert_eq!(of("permissions", "permission", "customer.read"), json!(["sales", "viewer"]));
    assert_eq!(of("permissions", "permission", "customer.edit"), json!(["sales"]));
    assert_eq!(of("permissions", "permission", "risk.read"), Value::Null);
    assert_eq!(of("note_scopes", "note_scope", "sales"), json!(["sales"]));
    assert_eq!(told["reach"]["read"]["folders"], json!([{ "id": folder, "name": "North" }]));
    assert_eq!(told["reach"]["write"]["assigned"], true);

    // Of themselves, others are told no grants by name.
    let own = ben.get("/v1/access/effective").await.expect(200);
    assert_eq!(own["permissions"], told["permissions"]);
    assert_eq!(
        own["reach"]["read"],
        json!({ "all": false, "summary": "the customers in a folder" })
    );
    ben.get(&path).await.denied("user.admin");
    let nobody = format!("/v1/access/effective?user={folder}");
    app.get(&nobody).await.refused(404, "user_not_found");
    let members = ben.get_fresh("/v1/users").await;
    assert!(!members.text.contains("reach"), "{}", members.text);
    assert!(app.get_fresh("/v1/users").await.text.contains("reach"));
    let events = ben.get_fresh("/v1/events?limit=200").await;
    assert!(!events.text.contains("member.reach_set"), "{}", events.text);
}
