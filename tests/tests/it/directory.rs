//! The list of customers: searched, filtered, paged.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::app::{Person, TestApp, column, rows};

/// The names that a search finds, in their order.
async fn found(person: &Person, query: &str) -> Vec<String> {
    let names = rows(&person.get_fresh(&format!("/v1/customers?{query}")).await);
    column(&names, "display_name")
}

/// The names that a condition finds.
async fn where_(person: &Person, condition: Value) -> Vec<String> {
    column(&rows(&person.search(condition).await), "display_name")
}

#[tokio::test(flavor = "multi_thread")]
async fn f001_the_list_holds_every_customer_once_page_by_page() {
    let app = TestApp::start().await;
    let mut created = BTreeSet::new();
    for number in 0..23 {
        let body = match number % 3 {
            0 => json!({ "type": "person", "last_name": format!("Byron {number:02}") }),
            1 => json!({ "type": "company", "company_name": format!("Acme {number:02}") }),
            _ => json!({ "type": "other", "company_name": format!("Club {number:02}") }),
        };
        created.insert(app.customer(body).await);
    }
    for sort in ["name", "-name", "-updated_at"] {
        let (mut seen, mut pages) = (Vec::new(), 0);
        let mut path = format!("/v1/customers?limit=5&sort={sort}");
        loop {
            let answer = app.get_fresh(&path).await;
            seen.extend(rows(&answer));
            pages += 1;
            assert!(pages < 10, "{sort}: the pages do not end");
            let body = answer.json();
            assert_eq!(body["position"], answer.header("dossier-position"));
            assert_eq!(body["page"]["has_more"], body["page"]["next"].is_string());
            if body["page"]["next"].is_null() {
                break;
            }
            let link = answer.header("link");
            let next = link.strip_prefix('<').and_then(|link| link.split_once(">; rel=\"next\""));
            path = next.unwrap().0.to_owned();
        }
        assert_eq!((pages, seen.len()), (5, 23), "{sort}");
        let ids: BTreeSet<String> = column(&seen, "id").into_iter().collect();
        assert_eq!(ids, created, "{sort}");
        let names = column(&seen, "display_name");
        match sort {
            "name" => assert!(names.is_sorted(), "{names:?}"),
            "-name" => assert!(names.iter().rev().is_sorted(), "{names:?}"),
            _ => assert_eq!(names[0], "Acme 22"),
        }
    }
    app.get("/v1/customers?limit=0").await.refused(400, "invalid_parameter");
    app.get("/v1/customers?limit=201").await.refused(400, "invalid_parameter");
    app.get("/v1/customers?after=nonsense").await.refused(400, "invalid_parameter");
    app.get("/v1/customers?sort=age").await.refused(400, "invalid_parameter");
    app.get("/v1/customers?statsu=won").await.refused(400, "unknown_parameter");
}

/// A page at any depth goes on where the one before it ended, also when the list changes.
#[tokio::test(flavor = "multi_thread")]
async fn pages_go_by_key_and_do_not_shift() {
    let app = TestApp::start().await;
    for letter in 'B'..='H' {
        app.person(&letter.to_string(), "Byron").await;
    }
    let first = app.get_fresh("/v1/customers?limit=3").await.expect(200);
    app.person("A", "Byron").await;
    let after = first["page"]["next"].as_str().unwrap();
    let second = app.get_fresh(&format!("/v1/customers?limit=3&after={after}")).await;
    assert_eq!(column(&rows(&second), "first_name"), ["E", "F", "G"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f002_a_search_finds_by_name_email_and_phone_in_any_writing() {
    let app = TestApp::start().await;
    let muller = json!({ "type": "person", "first_name": "Jürgen", "last_name": "Müller",
        "emails": ["j.mueller@example.org"], "phones": ["+44 20 7946 0958"] });
    app.customer(muller).await;
    let nguyen = json!({ "type": "person", "first_name": "Nguyễn", "last_name": "Văn Đức",
        "phones": [{ "number": "0171 2345678", "country": "DE" }] });
    app.customer(nguyen).await;
    let company = json!({ "type": "company", "company_name": "O'Brien & Sønner A/S",
        "emails": ["office@obrien.example"], "external_ids": { "shop": "17850" } });
    app.customer(company).await;

    let (muller, nguyen, company) = ("Jürgen Müller", "Nguyễn Văn Đức", "O'Brien & Sønner A/S");
    for (text, name) in [
        ("Müller", muller),
        ("muller", muller),
        ("MÜL", muller),
        ("jurg mul", muller),
        ("müller jürgen", muller),
        ("j.mueller@example.org", muller),
        ("J.Mueller@", muller),
        ("@example.org", muller),
        ("%2B44 20 7946 0958", muller),
        ("0044 (0)20-7946.0958", muller),
        ("020 79460958", muller),
        ("0958", muller),
        ("nguyen van duc", nguyen),
        ("NGUYỄN", nguyen),
        ("%2B49 171 2345678", nguyen),
        ("0171/2345678", nguyen),
        ("obrien", company),
        ("o'brien sonner", company),
        ("office@", company),
        ("17850", company),
    ] {
        assert_eq!(found(&app, &format!("q={text}")).await, [name], "{text}");
    }
    assert_eq!(found(&app, "q=byron").await, [""; 0]);
    // Nearly right is found where nothing else is, and said to be so.
    let similar = &rows(&app.get_fresh("/v1/customers?q=Jurgen Muler").await)[0];
    assert_eq!(
        (&similar["display_name"], &similar["matched"]),
        (&json!(muller), &json!("similar"))
    );
    // A number that was taken away is not found any more.
    let id = similar["id"].as_str().unwrap();
    app.delete(&format!("/v1/customers/{id}/phones/%2B442079460958")).await.expect(200);
    assert_eq!(found(&app, "q=79460958").await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f003_badges_say_vip_dormant_and_under_review() {
    let app = TestApp::start().await;
    let ada = app.person("Ada", "Byron").await;
    app.person("Ben", "Jonson").await;
    let post = async |what: &str, body: Value| {
        app.post(&format!("/v1/customers/{ada}/{what}"), body).await;
    };
    post("tags", json!({ "tag": "VIP" })).await;
    post("dormant", json!({})).await;
    post("risk-flags", json!({ "type": "manual_flag", "reason": "Look" })).await;
    let list = rows(&app.get_fresh("/v1/customers").await);
    assert_eq!(list[0]["badges"], json!(["vip", "dormant", "under_review"]));
    assert_eq!(list[1]["badges"], json!([]));
    let sales = app.user(&["sales"]).await;
    let list = rows(&sales.get("/v1/customers").await);
    assert_eq!(list[0]["badges"], json!(["vip", "dormant"]));
    assert_eq!(found(&app, "filter[under_review]=true").await, ["Ada Byron"]);
    post("reactivate", json!({})).await;
    app.delete(&format!("/v1/customers/{ada}/tags/vip")).await.expect(200);
    let list = rows(&app.get_fresh("/v1/customers").await);
    assert_eq!(list[0]["badges"], json!(["under_review"]));
}

/// Three customers in two folders, for the filters.
async fn people(app: &TestApp) -> (String, String) {
    let leads = app.folder("Leads", &["prospect", "won"]).await;
    let clients = app.folder("Clients", &["regular", "won"]).await;
    for body in [
        json!({ "type": "person", "first_name": "Ada", "last_name": "Byron", "folder": leads,
            "status": "won", "tags": ["vip", "Newsletter"], "external_ids": { "shop": "17850" } }),
        json!({ "type": "person", "first_name": "Ben", "last_name": "Jonson", "folder": clients,
            "tags": ["newsletter"] }),
        json!({ "type": "company", "company_name": "Looms Ltd", "folder": clients,
            "status": "won", "external_ids": { "till": "17850" } }),
    ] {
        app.customer(body).await;
    }
    (leads, clients)
}

#[tokio::test(flavor = "multi_thread")]
async fn f006_choosing_a_folder_narrows_the_list() {
    let app = TestApp::start().await;
    let (leads, clients) = people(&app).await;
    assert_eq!(found(&app, &format!("filter[folder]={leads}")).await, ["Ada Byron"]);
    assert_eq!(
        found(&app, &format!("filter[folder]={clients}")).await,
        ["Ben Jonson", "Looms Ltd"]
    );
    let both = format!("filter[folder][in]={leads},{clients}&q=by");
    assert_eq!(found(&app, &both).await, ["Ada Byron"]);
    let folders = rows(&app.get_fresh("/v1/folders").await);
    assert_eq!(column(&folders, "name"), ["Clients", "Leads"]);
    assert_eq!((&folders[0]["customers"], &folders[1]["customers"]), (&json!(2), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn f009_the_list_is_filtered_by_status_type_lifecycle_and_date() {
    let app = TestApp::start().await;
    people(&app).await;
    for (query, names) in [
        ("filter[status]=won", &["Ada Byron", "Looms Ltd"][..]),
        ("filter[status]=won&filter[type]=company", &["Looms Ltd"]),
        ("filter[status][in]=regular,prospect", &["Ben Jonson"]),
        ("filter[status][ne]=won", &["Ben Jonson"]),
        ("filter[type]=person", &["Ada Byron", "Ben Jonson"]),
        ("filter[lifecycle]=dormant", &[]),
        ("filter[external_id.shop]=17850", &["Ada Byron"]),
        ("filter[external_id.till]=17850", &["Looms Ltd"]),
        ("filter[external_id.till]=17851", &[]),
        ("filter[updated_at][within_last]=P1D&filter[type]=company", &["Looms Ltd"]),
        ("filter[updated_at][before]=2026-01-01T00:00:00Z", &[]),
        ("filter[flagged]=false&filter[status]=regular", &["Ben Jonson"]),
    ] {
        assert_eq!(found(&app, query).await, names, "{query}");
    }
    let wrong = app.get("/v1/customers?filter[colour]=red").await.refused(400, "unknown_parameter");
    let allowed = wrong["errors"][0]["allowed"].as_array().unwrap();
    assert!(allowed.contains(&json!("filter[status]")), "{wrong}");
    let near = app.get("/v1/customers?filter[statuss]=won").await;
    assert!(
        near.refused(400, "unknown_parameter")["detail"]
            .as_str()
            .unwrap()
            .contains("filter[status]")
    );
    app.get("/v1/customers?filter[folder]=x").await.refused(400, "invalid_parameter");
    app.get("/v1/customers?filter[tags][lt]=x").await.refused(400, "invalid_parameter");
}

#[tokio::test(flavor = "multi_thread")]
async fn f058_tags_filter_the_list_without_case() {
    let app = TestApp::start().await;
    people(&app).await;
    for (query, names) in [
        ("filter[tags]=NEWSLETTER", &["Ada Byron", "Ben Jonson"][..]),
        ("filter[tags][has]=vip", &["Ada Byron"]),
        ("filter[tags][has_all]=vip,newsletter", &["Ada Byron"]),
        ("filter[tags][has_any]=vip,newsletter", &["Ada Byron", "Ben Jonson"]),
        ("filter[tags]=vip&q=ben", &[]),
    ] {
        assert_eq!(found(&app, query).await, names, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_tree_finds_by_all_any_and_not() {
    let app = TestApp::start().await;
    let (leads, _) = people(&app).await;
    let leaf =
        |field: &str, op: &str, value: Value| json!({ "field": field, "op": op, "value": value });
    for (condition, names) in [
        (json!({}), &["Ada Byron", "Ben Jonson", "Looms Ltd"][..]),
        (leaf("status", "eq", json!("won")), &["Ada Byron", "Looms Ltd"]),
        (
            json!({ "all": [leaf("status", "eq", json!("won")), leaf("type", "ne", json!("company"))] }),
            &["Ada Byron"],
        ),
        (
            json!({ "any": [leaf("tags", "has", json!("VIP")), leaf("type", "in", json!(["company"]))] }),
            &["Ada Byron", "Looms Ltd"],
        ),
        (json!({ "not": leaf("folder", "eq", json!(leads)) }), &["Ben Jonson", "Looms Ltd"]),
        (leaf("last_name", "starts", json!("jon")), &["Ben Jonson"]),
        (leaf("display_name", "contains", json!("oo")), &["Looms Ltd"]),
        (json!({ "field": "company_name", "op": "is_empty" }), &["Ada Byron", "Ben Jonson"]),
        (
            leaf("created_at", "within_last", json!("P1D")),
            &["Ada Byron", "Ben Jonson", "Looms Ltd"],
        ),
        (leaf("external_id.shop", "eq", json!("17850")), &["Ada Byron"]),
        (leaf("order_count", "gte", json!(1)), &[]),
    ] {
        assert_eq!(where_(&app, condition.clone()).await, names, "{condition}");
    }
    let order = |customer: &Value, amount: &str| {
        json!({ "customer": customer, "source": "shop", "number": amount, "currency": "EUR",
            "lines": [{ "quantity": 1, "unit_price": amount }] })
    };
    let list = rows(&app.get("/v1/customers").await);
    app.post("/v1/orders", order(&list[0]["id"], "10.00")).await.expect(201);
    app.post("/v1/orders", order(&list[1]["id"], "99.99")).await.expect(201);
    let rich = leaf("gross", "gt", json!({ "amount": "50", "currency": "EUR" }));
    assert_eq!(where_(&app, rich).await, ["Ben Jonson"]);
    let dollars = leaf("gross", "gt", json!({ "amount": "1", "currency": "USD" }));
    assert_eq!(where_(&app, dollars).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_condition_says_where_and_what_would_be_right() {
    let app = TestApp::start().await;
    let leaf = json!({ "field": "status", "op": "eq", "value": "won" });
    let deep = (0..9).fold(leaf.clone(), |tree, _| json!({ "not": tree }));
    let wide: Vec<Value> = std::iter::repeat_n(leaf, 101).collect();
    for (condition, pointer) in [
        (json!({ "all": [{ "field": "colour", "op": "eq", "value": "red" }] }), "/all/0/field"),
        (json!({ "field": "status", "op": "within_last", "value": "P1D" }), "/op"),
        (json!({ "any": [{ "field": "folder", "op": "eq", "value": "x" }] }), "/any/0/value"),
        (json!({ "some": [] }), ""),
        (json!([]), ""),
        (json!({ "all": wide }), ""),
    ] {
        let problem = app.search(condition.clone()).await.refused(422, "invalid_condition");
        let found = problem["errors"][0]["pointer"].as_str();
        assert!(found.is_some_and(|found| found.starts_with(pointer)), "{condition}: {problem}");
    }
    let problem = app.search(deep).await.refused(422, "invalid_condition");
    assert!(problem["detail"].as_str().unwrap().contains('8'), "{problem}");
    let cel = json!({ "not": { "cel": "customer.balance > 2.0" } });
    app.search(cel).await.refused(422, "cel_not_supported");
    let colour = json!({ "field": "colour", "op": "eq", "value": "red" });
    let problem = app.search(colour).await.refused(422, "invalid_condition");
    let allowed = problem["errors"][0]["allowed"].as_array().unwrap();
    assert!(allowed.contains(&json!("status")), "{problem}");
}

/// Every field that is offered can be asked for with every operator that is offered.
#[tokio::test(flavor = "multi_thread")]
async fn every_field_and_operator_that_is_offered_can_be_searched_by() {
    let app = TestApp::start().await;
    people(&app).await;
    let fields = rows(&app.get("/v1/fields?for=customer").await);
    assert!(fields.len() > 20);
    for field in fields {
        let name = field["field"].as_str().unwrap().replace(".*", ".shop");
        for op in field["ops"].as_array().unwrap() {
            let one = example(&field);
            let value = match op.as_str().unwrap() {
                "in" | "nin" | "has_any" | "has_all" => json!([one]),
                "between" => json!([one, one]),
                "within_last" => json!("P7D"),
                "is_empty" | "is_set" => Value::Null,
                _ => one,
            };
            let mut leaf = json!({ "field": name, "op": op });
            if !value.is_null() {
                leaf["value"] = value;
            }
            app.search(leaf.clone()).await.expect(200);
        }
    }
    rows(&app.get("/v1/fields?for=event:customer.status_changed").await);
    app.get("/v1/fields?for=event:customer.exploded").await.refused(400, "invalid_parameter");
}

fn example(field: &Value) -> Value {
    match field["type"].as_str().unwrap() {
        "number" => json!("1"),
        "money" => json!({ "amount": "1", "currency": "EUR" }),
        "date" => json!("2026-01-01"),
        "instant" => json!("2026-01-01T00:00:00Z"),
        "bool" => json!(true),
        "uuid" | "uuids" => json!("0199a1b2-0000-7000-8000-0000000000c1"),
        _ => json!(field["choices"].get(0).and_then(Value::as_str).unwrap_or("won")),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f017_a_record_of_another_organisation_is_not_there() {
    let app = TestApp::start().await;
    let here = app.person("Ada", "Byron").await;
    let elsewhere = app.abroad().await;
    let there = elsewhere.person("Ben", "Jonson").await;
    assert_eq!(found(&app, "").await, ["Ada Byron"]);
    assert_eq!(found(&elsewhere, "").await, ["Ben Jonson"]);
    assert_eq!(found(&app, "q=ben").await, [""; 0]);
    assert_eq!(where_(&elsewhere, json!({})).await, ["Ben Jonson"]);
    for path in [
        "",
        "/history",
        "/notes",
        "/interactions",
        "/orders",
        "/tasks",
        "/risk-flags",
        "?as_of=2999-01-01T00:00:00Z",
        "?consistency=strong",
        "/diff?from=1&to=2",
    ] {
        let answer = app.get(&format!("/v1/customers/{there}{path}")).await;
        answer.refused(404, "customer_not_found");
        elsewhere.get_fresh(&format!("/v1/customers/{there}{path}")).await.expect(200);
    }
    let commands = [
        ("tags", json!({ "tag": "x" })),
        ("notes", json!({ "text": "x" })),
        ("archive", json!({})),
        ("name", json!({ "last_name": "X" })),
    ];
    for (what, body) in commands {
        let path = format!("/v1/customers/{there}/{what}");
        app.post(&path, body.clone()).await.refused(404, "customer_not_found");
        let path = format!("/v1/customers/{here}/{what}");
        elsewhere.post(&path, body).await.refused(404, "customer_not_found");
    }
    assert_eq!(elsewhere.history(&there).await, ["customer.created"]);
    let event = elsewhere.events_of(&there, "").await[0]["id"].clone();
    app.get(&format!("/v1/events/{}", event.as_str().unwrap())).await.refused(404, "not_found");
    // A token of somebody who is no member there opens nothing.
    let sales = app.user(&["sales"]).await;
    let request = sales.request(reqwest::Method::GET, "/v1/customers");
    let request = request.header("Dossier-Organization", elsewhere.organisation.to_string());
    crate::app::send(request).await.refused(404, "not_found");
}
