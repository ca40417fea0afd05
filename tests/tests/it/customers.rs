//! The profile of a customer: who they are, how to reach them, where they stand, how it ends.

use serde_json::{Value, json};

use crate::app::{Answer, TestApp, rows};

#[tokio::test(flavor = "multi_thread")]
async fn f019_customers_are_persons_companies_suppliers_and_others() {
    let app = TestApp::start().await;
    for (body, name) in [
        (json!({ "type": "person", "first_name": "Ada", "last_name": "Byron" }), "Ada Byron"),
        (json!({ "type": "company", "company_name": "Byron & Co" }), "Byron & Co"),
        (json!({ "type": "supplier", "company_name": "Looms Ltd" }), "Looms Ltd"),
        (json!({ "type": "other", "emails": ["guest@example.com"] }), "guest@example.com"),
    ] {
        let answer = app.post("/v1/customers", body.clone()).await;
        let created = answer.expect(201);
        let id = created["id"].as_str().unwrap();
        assert_eq!(answer.header("location"), format!("/v1/customers/{id}"));
        assert_eq!((&created["version"], &created["changed"]), (&json!(1), &json!(true)));
        assert_eq!(created["events"][0]["type"], "customer.created");
        assert_eq!(created["position"], answer.header("dossier-position"));
        let customer = app.strong(id).await;
        assert_eq!((&customer["type"], &customer["display_name"]), (&body["type"], &json!(name)));
    }
    let guide = app.post("/v1/customers", json!({ "type": "guide", "last_name": "Byron" })).await;
    let error = guide.wrong_field("/type", "invalid_field");
    assert_eq!(error["allowed"], json!(["person", "company", "supplier", "other"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn f020_names_are_required_by_type_and_can_be_changed() {
    let app = TestApp::start().await;
    for (kind, pointer) in
        [("person", "/first_name"), ("company", "/company_name"), ("supplier", "/company_name")]
    {
        let answer = app.post("/v1/customers", json!({ "type": kind })).await;
        let problem = answer.refused(422, "name_required");
        assert!(problem["errors"][0]["pointer"].as_str().unwrap().ends_with("_name"));
        assert!(kind == "person" || problem["errors"][0]["pointer"] == pointer, "{problem}");
    }
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/name");
    // What is left out stays.
    let answer = app.post(&path, json!({ "last_name": "Lovelace" })).await.expect(200);
    assert_eq!(answer["events"][0]["type"], "customer.renamed");
    let customer = app.strong(&id).await;
    assert_eq!(customer["display_name"], "Ada Lovelace");
    let renamed = &app.events_of(&id, "customer.renamed").await[0];
    assert_eq!(renamed["data"]["from"]["last_name"], "Byron");
    assert_eq!(renamed["data"]["to"]["last_name"], "Lovelace");
    let same = app.post(&path, json!({ "last_name": " Lovelace " })).await.expect(200);
    assert_eq!((&same["changed"], &same["events"]), (&json!(false), &json!([])));
    let none = json!({ "first_name": null, "last_name": null });
    app.post(&path, none).await.refused(422, "name_required");
    app.post(&path, json!({ "first_name": "" })).await.wrong_field("/first_name", "invalid_name");
}

#[tokio::test(flavor = "multi_thread")]
async fn f024_status_source_and_tags_are_said_at_creation() {
    let app = TestApp::start().await;
    let folder = app.folder("Leads", &["prospect", "won"]).await;
    let id = app
        .customer(json!({
            "type": "person",
            "last_name": "Byron",
            "folder": folder,
            "status": "won",
            "source": "Trade fair",
            "tags": ["Upsell target", "vip"],
            "external_ids": { "shop": "17850" },
        }))
        .await;
    let customer = app.get_fresh(&format!("/v1/customers/{id}")).await.expect(200);
    assert_eq!(customer["folder"], json!({ "id": folder, "name": "Leads" }));
    assert_eq!(customer["status"], "won");
    assert_eq!(customer["source"], "Trade fair");
    assert_eq!(customer["tags"], json!(["Upsell target", "vip"]));
    assert_eq!(customer["external_ids"], json!({ "shop": "17850" }));
    assert_eq!(customer["lifecycle"], "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn f038_the_type_changes_for_good_and_needs_the_names_of_the_new_one() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}/type");
    let company = json!({ "type": "company" });
    app.post(&path, company.clone()).await.refused(428, "precondition_required");
    let seen = [("If-Match", "\"1\"")];
    app.post_with(&path, &seen, company).await.refused(422, "name_required");
    let named = json!({ "type": "company", "company_name": "Byron & Co" });
    app.post_with(&path, &seen, named).await.expect(200);
    let customer = app.strong(&id).await;
    assert_eq!(
        (&customer["type"], &customer["company_name"]),
        (&json!("company"), &json!("Byron & Co"))
    );
    let types = app.history(&id).await;
    assert_eq!(types, ["customer.created", "customer.renamed", "customer.type_changed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f012_a_flag_has_a_reason_and_stands_in_the_list() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let flags = format!("/v1/customers/{id}/flags");
    app.post(&flags, json!({})).await.wrong_field("/reason", "missing_field");
    app.post(&flags, json!({ "reason": "Wants to be called back" })).await.expect(200);
    // Everybody sees it, also who may not see risk.
    let sales = app.user(&["sales"]).await;
    let row = &rows(&sales.get_fresh("/v1/customers").await)[0];
    assert_eq!(row["badges"], json!(["flagged"]));
    assert_eq!(row["flag"]["reason"], "Wants to be called back");
    assert_eq!(row["flag"]["by"]["id"], app.id);
    sales.delete(&flags).await.expect(200);
    let row = &rows(&app.get_fresh("/v1/customers").await)[0];
    assert_eq!((&row["badges"], row.get("flag")), (&json!([]), None));
    assert_eq!(app.history(&id).await.last().unwrap(), "customer.unflagged");
}

#[tokio::test(flavor = "multi_thread")]
async fn f053_a_dormant_customer_says_since_when_and_why_and_can_be_reactivated() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let dormant = format!("/v1/customers/{id}/dormant");
    let reason = json!({ "reason": "Moved away", "occurred_at": "2026-03-01T10:00:00Z" });
    app.post(&dormant, reason).await.expect(200);
    let row = &rows(&app.get_fresh("/v1/customers?filter[lifecycle]=dormant").await)[0];
    assert_eq!((&row["id"], &row["badges"]), (&json!(id), &json!(["dormant"])));
    let since = json!({ "since": "2026-03-01T10:00:00.000000Z", "reason": "Moved away" });
    assert_eq!(row["dormant"], since);
    // Work on what is open goes on.
    app.post(&format!("/v1/customers/{id}/tags"), json!({ "tag": "later" })).await.expect(200);
    app.post(&format!("/v1/customers/{id}/reactivate"), json!({})).await.expect(200);
    let customer = app.strong(&id).await;
    assert_eq!((&customer["lifecycle"], customer.get("dormant")), (&json!("active"), None));
    let again = app.post(&format!("/v1/customers/{id}/reactivate"), json!({})).await.expect(200);
    assert_eq!(again["changed"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn f057_tags_are_free_words_compared_without_case() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let tags = format!("/v1/customers/{id}/tags");
    let tag = async |tag: &str| app.post(&tags, json!({ "tag": tag })).await;
    assert_eq!(tag("Cold lead").await.expect(200)["changed"], true);
    assert_eq!(tag(" cold LEAD ").await.expect(200)["changed"], false);
    assert_eq!(tag("Kärnten").await.expect(200)["changed"], true);
    assert_eq!(app.strong(&id).await["tags"], json!(["Cold lead", "Kärnten"]));
    tag("  ").await.wrong_field("/tag", "invalid_tag");
    tag(&"x".repeat(65)).await.wrong_field("/tag", "invalid_tag");
    tag("a\nb").await.wrong_field("/tag", "invalid_tag");
    app.delete(&format!("{tags}/COLD%20LEAD")).await.expect(200);
    app.delete(&format!("{tags}/k%C3%A4rnten")).await.expect(200);
    assert_eq!(app.strong(&id).await["tags"], json!([]));
    let untagged = app.events_of(&id, "customer.untagged").await;
    assert_eq!(untagged[0]["data"]["tag"], "Cold lead");
}

#[tokio::test(flavor = "multi_thread")]
async fn f162_workers_are_members_and_can_be_asked_for() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("Ada", "Byron").await, app.person("Ben", "Jonson").await);
    let worker = app.user(&["sales"]).await;
    let workers = format!("/v1/customers/{ada}/workers");
    app.post(&workers, json!({ "user": worker.id })).await.expect(200);
    let stranger = json!({ "user": ben });
    let problem = app.post(&workers, stranger).await.refused(422, "member_not_found");
    assert_eq!(problem["errors"][0]["pointer"], "/user");
    let customer = app.get_fresh(&format!("/v1/customers/{ada}")).await.expect(200);
    assert_eq!(customer["workers"], json!([{ "id": worker.id, "name": "sales" }]));
    let found = rows(&app.get_fresh(&format!("/v1/customers?filter[workers]={}", worker.id)).await);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["id"], ada);
    app.delete(&format!("{workers}/{}", worker.id)).await.expect(200);
    assert_eq!(app.strong(&ada).await["workers"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn f175_an_archived_customer_leaves_the_list_and_comes_back() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = |what: &str| format!("/v1/customers/{id}/{what}");
    app.post(&path("archive"), json!({})).await.expect(200);
    assert_eq!(rows(&app.get_fresh("/v1/customers").await), [Value::Null; 0]);
    let archive = rows(&app.get_fresh("/v1/customers?archived=true").await);
    assert_eq!(archive[0]["id"], id);
    assert!(archive[0]["archived_at"].is_string());
    // It can be read, but takes no commands.
    app.get(&format!("/v1/customers/{id}")).await.expect(200);
    for (what, body) in [
        ("tags", json!({ "tag": "vip" })),
        ("notes", json!({ "text": "Hello" })),
        ("tasks", json!({ "title": "Call" })),
    ] {
        app.post(&path(what), body).await.refused(422, "customer_archived");
    }
    app.post(&path("restore"), json!({})).await.expect(200);
    assert_eq!(rows(&app.get_fresh("/v1/customers").await)[0]["id"], id);
    assert_eq!(app.post(&path("restore"), json!({})).await.expect(200)["changed"], false);
    let events = app.history(&id).await;
    assert_eq!(events[1..], ["customer.archived", "customer.restored"]);
}

/// FEATURES decision 3: archiving is undone for thirty days, by the time of the log.
#[tokio::test(flavor = "multi_thread")]
async fn f175_archiving_is_undone_for_thirty_days() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = |what: &str| format!("/v1/customers/{id}/{what}");
    let superuser = app.superuser().await;
    let older = async |days: u8| {
        let change = format!(
            "BEGIN; SET LOCAL session_replication_role = replica;
             UPDATE es.event SET recorded_at = recorded_at - interval '{days} days'
             WHERE type = 'customer.archived' AND stream_id = '{id}'; COMMIT"
        );
        superuser.batch_execute(&change).await.unwrap();
    };
    app.post(&path("archive"), json!({})).await.expect(200);
    older(29).await;
    app.post(&path("restore"), json!({})).await.expect(200);
    // What counts is the last time.
    older(29).await;
    app.post(&path("archive"), json!({})).await.expect(200);
    app.post(&path("restore"), json!({})).await.expect(200);
    app.post(&path("archive"), json!({})).await.expect(200);
    older(31).await;
    app.post(&path("restore"), json!({})).await.refused(422, "restore_too_late");
    app.get(&format!("/v1/customers/{id}")).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn f176_erasing_wants_a_typed_word_a_key_and_the_version_seen() {
    let app = TestApp::start().await;
    let body = json!({ "type": "person", "first_name": "Ada", "emails": ["ada@example.com"] });
    let id = app.customer(body.clone()).await;
    let path = format!("/v1/customers/{id}/erase");
    let (key, seen) = (("Idempotency-Key", "erase-ada"), ("If-Match", "\"1\""));
    let yes = json!({ "confirm": "erase" });
    app.post_with(&path, &[seen], yes.clone()).await.refused(400, "idempotency_key_missing");
    app.post_with(&path, &[key], yes.clone()).await.refused(428, "precondition_required");
    let word = app.post_with(&path, &[key, seen], json!({ "confirm": "yes" })).await;
    let problem = word.refused(422, "confirmation_required");
    assert_eq!(problem["allowed_values"], json!(["erase"]));
    app.post_with(&path, &[key, seen], json!({})).await.refused(422, "confirmation_required");

    app.post_with(&path, &[key, seen], yes.clone()).await.expect(200);
    let again = app.post_with(&path, &[key, seen], yes).await;
    again.expect(200);
    assert_eq!(again.header("idempotency-replayed"), "true");
    let gone = app.get_fresh(&format!("/v1/customers/{id}")).await;
    assert!(gone.refused(410, "customer_erased")["erased_at"].is_string());
    let tag = app.post(&format!("/v1/customers/{id}/tags"), json!({ "tag": "vip" })).await;
    tag.refused(410, "customer_erased");
    assert_eq!(rows(&app.get_fresh("/v1/customers").await), [Value::Null; 0]);
    assert_eq!(rows(&app.get("/v1/customers?archived=true").await), [Value::Null; 0]);
    // What was claimed is free again.
    app.customer(body).await;
}

/// Writing is for those whose role has it; each refusal names the permission.
#[tokio::test(flavor = "multi_thread")]
async fn f163_creating_editing_and_deleting_are_allowed_separately() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let path = |what: &str| format!("/v1/customers/{id}/{what}");
    let viewer = app.user(&["viewer"]).await;
    let body = json!({ "type": "person", "last_name": "Jonson" });
    viewer.post("/v1/customers", body.clone()).await.denied("customer.create");
    let edits = [
        ("name", json!({ "last_name": "Lovelace" })),
        ("emails", json!({ "address": "ada@example.com" })),
        ("phones", json!({ "number": "+44 20 7946 0958" })),
        ("addresses", json!({ "line1": "Ockham Park" })),
        ("external-ids", json!({ "source": "shop", "id": "1" })),
        ("tags", json!({ "tag": "vip" })),
        ("flags", json!({ "reason": "Look" })),
        ("dormant", json!({})),
        ("reactivate", json!({})),
        ("workers", json!({ "user": app.id })),
    ];
    for (what, body) in &edits {
        viewer.post(&path(what), body.clone()).await.denied("customer.edit");
    }
    viewer
        .patch(&format!("/v1/customers/{id}"), json!({ "last_name": "X" }))
        .await
        .denied("customer.edit");
    viewer.post(&path("notes"), json!({ "text": "x" })).await.denied("note.write");
    viewer.post(&path("interactions"), json!({ "type": "call" })).await.denied("interaction.write");
    viewer.post(&path("tasks"), json!({ "title": "x" })).await.denied("task.write");
    viewer.get(&format!("/v1/customers/{id}")).await.expect(200);

    let sales = app.user(&["sales"]).await;
    sales.created("/v1/customers", body).await;
    for (what, body) in edits {
        assert!([200, 201].contains(&sales.post(&path(what), body).await.status), "{what}");
    }
    for what in ["archive", "restore"] {
        sales.post(&path(what), json!({})).await.denied("customer.delete");
    }
    let headers = [("Idempotency-Key", "k"), ("If-Match", "\"1\"")];
    let erase = |who: &'static str, answer: Answer| {
        assert_eq!(
            answer.refused(403, "permission_denied")["required_permission"],
            "customer.erase",
            "{who}"
        );
    };
    for role in ["manager", "support", "sales"] {
        let somebody = app.user(&[role]).await;
        let answer =
            somebody.post_with(&path("erase"), &headers, json!({ "confirm": "erase" })).await;
        erase(role, answer);
    }
    app.user(&["support"]).await.post(&path("archive"), json!({})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_patch_becomes_one_event_for_each_changed_meaning() {
    let app = TestApp::start().await;
    let folder = app.folder("Leads", &["prospect", "won"]).await;
    let id = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{id}");
    let patch =
        json!({ "last_name": "Lovelace", "first_name": null, "folder": folder, "status": "won" });
    let done = app.patch(&path, patch.clone()).await.expect(200);
    let types: Vec<&str> = done["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(types.first(), Some(&"customer.renamed"));
    assert_eq!(types.get(1), Some(&"customer.folder_moved"));
    assert_eq!(types.last(), Some(&"customer.status_changed"));
    let customer = app.strong(&id).await;
    assert_eq!(customer["display_name"], "Lovelace");
    assert_eq!((&customer["status"], &customer["folder"]["id"]), (&json!("won"), &json!(folder)));
    assert_eq!(app.patch(&path, patch).await.expect(200)["changed"], false);
    // All or nothing.
    let half = json!({ "last_name": "Nobody", "status": "unheard_of" });
    app.patch(&path, half).await.refused(422, "status_not_in_folder");
    assert_eq!(app.strong(&id).await["display_name"], "Lovelace");
    app.patch(&path, json!({ "lastname": "X" })).await.wrong_field("/lastname", "unknown_field");
    app.patch(&path, json!({ "folder": null })).await.wrong_field("/folder", "invalid_field");
}

/// Nobody registers a customer whom they would not find again.
#[tokio::test(flavor = "multi_thread")]
async fn f162_whoever_reaches_only_their_own_is_assigned_to_whom_they_register() {
    let app = TestApp::start().await;
    let (mine, other) = (app.folder("Mine", &["new"]).await, app.folder("Other", &["new"]).await);
    let somebody = async |reach: Value| {
        let person = app.user(&["sales"]).await;
        let me = person.get("/v1/me").await.expect(200)["user"]["id"].clone();
        let me = me.as_str().unwrap().to_owned();
        app.post(&format!("/v1/users/{me}/reach"), reach).await.expect(200);
        (person, me)
    };
    let new = |folder: &str| json!({ "type": "person", "last_name": "Byron", "folder": folder });

    let (own, me) = somebody(json!({ "read": { "assigned": true } })).await;
    let made = own.post("/v1/customers", new(&other)).await.expect(201);
    let path = format!("/v1/customers/{}?consistency=strong", made["id"].as_str().unwrap());
    assert_eq!(own.get(&path).await.expect(200)["workers"][0]["id"], me.as_str());
    // They may hand it on, and then it is another's.
    let worker = format!("/v1/customers/{}/workers/{me}", made["id"].as_str().unwrap());
    own.delete(&worker).await.expect(200);
    own.get(&path).await.refused(404, "customer_not_found");

    let (limited, _) = somebody(json!({ "read": { "folders": [mine] } })).await;
    limited.post("/v1/customers", new(&mine)).await.expect(201);
    limited.post("/v1/customers", new(&other)).await.refused(403, "permission_denied");
    let nowhere = json!({ "type": "person", "last_name": "Byron" });
    limited.post("/v1/customers", nowhere).await.refused(403, "permission_denied");
    let ours = limited.post("/v1/customers", new(&mine)).await.expect(201);
    let folder = format!("/v1/customers/{}/folder", ours["id"].as_str().unwrap());
    let moved = limited.post(&folder, json!({ "folder": other })).await;
    moved.refused(422, "folder_not_found");
}
