//! Folders and the status lists that they bring.

use serde_json::{Value, json};

use crate::app::{TestApp, column, rows};

#[tokio::test(flavor = "multi_thread")]
async fn f048_folders_are_made_renamed_archived_and_a_customer_is_in_one() {
    let app = TestApp::start().await;
    let leads = app.folder("Leads", &["prospect", "won"]).await;
    let clients = json!({ "name": "Clients", "statuses": ["regular"], "parent": leads });
    let clients = app.created("/v1/folders", clients).await;
    app.post("/v1/folders", json!({ "name": " LEADS", "statuses": ["a"] }))
        .await
        .refused(409, "folder_name_taken");
    let id = app.customer(json!({ "type": "person", "last_name": "Byron", "folder": leads })).await;
    let path = format!("/v1/customers/{id}/folder");
    let moved = app.post(&path, json!({ "folder": clients })).await.expect(200);
    assert_eq!(moved["events"][0]["type"], "customer.folder_moved");
    assert_eq!(app.post(&path, json!({ "folder": clients })).await.expect(200)["changed"], false);
    let event = &app.events_of(&id, "customer.folder_moved").await[0]["data"];
    assert_eq!((&event["from"], &event["to"]), (&json!(leads), &json!(clients)));

    app.post(&format!("/v1/folders/{leads}/name"), json!({ "name": "Prospects" }))
        .await
        .expect(200);
    let shown = app.get_fresh(&format!("/v1/folders/{leads}")).await.expect(200);
    assert_eq!((&shown["name"], &shown["customers"]), (&json!("Prospects"), &json!(0)));
    let shown = app.get_fresh(&format!("/v1/folders/{clients}")).await.expect(200);
    assert_eq!((&shown["parent"], &shown["customers"]), (&json!(leads), &json!(1)));
    app.folder("Leads", &["a"]).await;
    app.post(&format!("/v1/folders/{leads}/archive"), json!({})).await.expect(200);
    app.post(&path, json!({ "folder": leads })).await.refused(422, "folder_archived");
    let archive = rows(&app.get_fresh("/v1/folders?archived=true").await);
    assert_eq!(column(&archive, "name"), ["Prospects"]);
    assert_eq!(column(&rows(&app.get("/v1/folders").await), "name"), ["Clients", "Leads"]);
    app.post(&format!("/v1/folders/{leads}/name"), json!({ "name": "x" }))
        .await
        .refused(422, "folder_archived");
    app.post(&path, json!({ "folder": id })).await.wrong_field("/folder", "folder_not_found");
    let orphan = json!({ "name": "Orphan", "statuses": ["a"], "parent": id });
    app.post("/v1/folders", orphan).await.refused(422, "parent_not_found");
}

/// A status that the new folder does not have becomes its default, and the event says why.
#[tokio::test(flavor = "multi_thread")]
async fn f049_moving_to_a_folder_without_the_status_sets_its_default() {
    let app = TestApp::start().await;
    let leads = app.folder("Leads", &["prospect", "won"]).await;
    let clients = app.folder("Clients", &["regular", "won"]).await;
    let id = app.customer(json!({ "type": "person", "last_name": "Byron", "folder": leads })).await;
    let path = format!("/v1/customers/{id}/folder");
    assert_eq!(app.strong(&id).await["status"], "prospect");
    let moved = app.post(&path, json!({ "folder": clients })).await.expect(200);
    assert_eq!(moved["events"].as_array().unwrap().len(), 2);
    let changed = &app.events_of(&id, "customer.status_changed").await[0]["data"];
    assert_eq!(*changed, json!({ "from": "prospect", "to": "regular", "cause": "folder_move" }));
    app.post(&format!("/v1/customers/{id}/status"), json!({ "status": "won" })).await.expect(200);
    // One that both have stays.
    let back = app.post(&path, json!({ "folder": leads })).await.expect(200);
    assert_eq!(back["events"].as_array().unwrap().len(), 1);
    assert_eq!(app.strong(&id).await["status"], "won");
}

#[tokio::test(flavor = "multi_thread")]
async fn f050_a_status_is_one_of_the_folders_list() {
    let app = TestApp::start().await;
    let seven = [
        "prospect",
        "first_contact",
        "proposal_sent",
        "in_negotiation",
        "low_confidence",
        "won",
        "lost",
    ];
    let leads = app.folder("Leads", &seven).await;
    let id = app.customer(json!({ "type": "person", "last_name": "Byron", "folder": leads })).await;
    let path = format!("/v1/customers/{id}/status");
    for status in &seven[1..] {
        app.post(&path, json!({ "status": status })).await.expect(200);
    }
    let unheard = app.post(&path, json!({ "status": "unheard_of" })).await;
    let problem = unheard.refused(422, "status_not_in_folder");
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["allowed_values"]),
        (&json!("/status"), &json!(seven))
    );
    app.post(&path, json!({ "status": "Won!" })).await.wrong_field("/status", "invalid_status");
    // Without a folder there is no list.
    let free = app.person("Ben", "Jonson").await;
    let path = format!("/v1/customers/{free}/status");
    let problem =
        app.post(&path, json!({ "status": "won" })).await.refused(422, "status_not_in_folder");
    assert_eq!(problem["allowed_values"], json!([]));

    let list = format!("/v1/folders/{leads}/statuses");
    app.post(&list, json!({ "statuses": ["open", "closed"] })).await.expect(200);
    let shown = app.get_fresh(&format!("/v1/folders/{leads}")).await.expect(200);
    assert_eq!(shown["default_status"], "open");
    for (body, pointer) in [
        (json!({ "statuses": [] }), "/statuses"),
        (json!({ "statuses": ["a", "a"] }), "/statuses/1"),
        (json!({ "statuses": ["a"], "default_status": "b" }), "/default_status"),
    ] {
        app.post(&list, body).await.wrong_field(pointer, "invalid_statuses");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f051_a_status_change_is_one_event_and_has_no_side_effects() {
    let app = TestApp::start().await;
    let leads = app.folder("Leads", &["prospect", "won"]).await;
    let id = app.customer(json!({ "type": "person", "last_name": "Byron", "folder": leads })).await;
    let all = async || rows(&app.get("/v1/events?limit=200").await).len();
    let customer = app.get_fresh(&format!("/v1/customers/{id}")).await.expect(200);
    let before = (all().await, customer);
    let body = json!({ "status": "won", "reason": "signed offer 2026-114" });
    let done = app.post(&format!("/v1/customers/{id}/status"), body).await.expect(200);
    assert_eq!(done["events"].as_array().unwrap().len(), 1);
    app.settled().await;
    assert_eq!(all().await, before.0 + 1);
    let mut after = app.get_fresh(&format!("/v1/customers/{id}")).await.expect(200);
    for moving in ["status", "version", "position", "updated_at", "last_activity_at"] {
        assert_ne!(after[moving], before.1[moving], "{moving}");
        after[moving] = before.1[moving].clone();
    }
    assert_eq!(after, before.1);
    let again = app.post(&format!("/v1/customers/{id}/status"), json!({ "status": "won" })).await;
    assert_eq!(again.expect(200)["events"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn f052_new_customers_go_to_the_default_folder_with_its_default_status() {
    let app = TestApp::start().await;
    let leads = app.folder("Leads", &["prospect", "won"]).await;
    let clients = app.folder("Clients", &["regular"]).await;
    let free = app.person("Ada", "Byron").await;
    assert_eq!(app.strong(&free).await["folder"], Value::Null);
    let default = json!({ "folder": leads });
    app.post("/v1/organisation/default-folder", default.clone()).await.expect(200);
    let id = app.person("Ben", "Jonson").await;
    let customer = app.strong(&id).await;
    assert_eq!(
        (&customer["folder"]["id"], &customer["status"]),
        (&json!(leads), &json!("prospect"))
    );
    let named = json!({ "type": "person", "last_name": "B", "folder": clients, "tags": ["new"] });
    let named = app.customer(named).await;
    assert_eq!(app.strong(&named).await["status"], "regular");
    let wrong = json!({ "type": "person", "last_name": "B", "folder": clients, "status": "won" });
    app.post("/v1/customers", wrong).await.refused(422, "status_not_in_folder");
    let manager = app.user(&["manager"]).await;
    let answer = manager.post("/v1/organisation/default-folder", default).await;
    answer.denied("organisation.admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_are_written_by_who_manages_and_read_by_all() {
    let app = TestApp::start().await;
    let leads = app.folder("Leads", &["prospect"]).await;
    for role in ["executive", "support", "finance", "sales", "field", "viewer"] {
        let somebody = app.user(&[role]).await;
        let body = json!({ "name": "Mine", "statuses": ["a"] });
        somebody.post("/v1/folders", body).await.denied("folder.admin");
        for (what, body) in [
            ("name", json!({ "name": "Mine" })),
            ("statuses", json!({ "statuses": ["a"] })),
            ("archive", json!({})),
        ] {
            somebody
                .post(&format!("/v1/folders/{leads}/{what}"), body)
                .await
                .denied("folder.admin");
        }
        assert_eq!(rows(&somebody.get_fresh("/v1/folders").await).len(), 1);
    }
    app.user(&["manager"]).await.folder("Theirs", &["a"]).await;
}
