//! What the matrix is tried on: customers within and out of reach, each with one record of every
//! kind, in two organisations; and everybody who asks.

use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;

use super::callers::{Caller, callers};
use super::canary::Canaries;
use crate::app::{Person, TestApp, rows};
use crate::files;
use crate::inbound::mail;

pub(crate) const SCOPES: [&str; 8] =
    ["internal", "sales", "branch", "support", "finance", "fulfillment", "restricted", "customer"];
pub(crate) const ROLES: [&str; 9] =
    ["owner", "admin", "manager", "executive", "support", "finance", "sales", "field", "viewer"];
/// The customers that everybody at home might be asked for, and one of another organisation.
pub(crate) const OBJECTS: [&str; 5] = ["assigned", "unassigned", "hidden", "archived", "other"];

/// The ids of an object and of what belongs to it, by the path parameter that takes them.
pub(crate) type Ids = BTreeMap<String, String>;

pub(crate) struct World {
    pub(crate) app: TestApp,
    /// The owner of the other organisation.
    pub(crate) abroad: Person,
    pub(crate) callers: Vec<Caller>,
    pub(crate) objects: BTreeMap<&'static str, Ids>,
    pub(crate) canaries: Canaries,
}

/// Where an organisation's customers come to stand.
struct Setting {
    open: String,
    hidden: String,
    workers: Vec<String>,
    /// What is set up for all, and a customer with whom the others are linked.
    ids: Ids,
}

impl World {
    pub(crate) async fn make() -> Self {
        let app = TestApp::start().await;
        let mut canaries = Canaries::default();
        let abroad = app.abroad().await;
        let abroad = abroad.user(&["owner"]).await;
        let (sales, reading) = (app.user(&["sales"]).await, app.user(&["sales"]).await);
        let home = set_up(&app, &app, "organisation", &[&sales, &reading], &mut canaries).await;
        let there = set_up(&app, &abroad, "other", &[], &mut canaries).await;
        let mut objects = BTreeMap::new();
        for object in OBJECTS {
            let (owner, setting): (&Person, _) =
                if object == "other" { (&abroad, &there) } else { (&app, &home) };
            let mut ids = setting.ids.clone();
            ids.extend(customer(&app, owner, object, setting, &mut canaries).await);
            objects.insert(object, ids);
        }
        app.settled().await;
        for (object, ids) in &mut objects {
            let owner: &Person = if *object == "other" { &abroad } else { &app };
            look_up(owner, object, ids, &mut canaries).await;
        }
        let archived = format!("/v1/customers/{}/archive", objects["archived"]["customer_id"]);
        app.post(&archived, json!({})).await.expect(200);
        let mut closed = objects["assigned"].clone();
        closed.insert("folder_id".to_owned(), home.hidden);
        let home_ids = objects["assigned"].clone();
        objects.extend([
            ("organisation", home_ids.clone()),
            ("job", home_ids.clone()),
            ("session", home_ids),
            ("hidden_folder", closed),
        ]);
        let callers = callers(&app, &abroad, [&sales, &reading], &home.open).await;
        for person in [&*app, &abroad] {
            for view in ["customers", "tasks", "orders", "quotes", "invoices", "folders"] {
                person.get_fresh(&format!("/v1/{view}")).await.expect(200);
            }
        }
        Self { app, abroad, callers, objects, canaries }
    }

    pub(crate) fn caller(&self, name: &str) -> &Caller {
        self.callers.iter().find(|caller| caller.name == name).unwrap()
    }
}

/// What an organisation has for all of its customers.
async fn set_up(
    app: &TestApp,
    owner: &Person,
    object: &'static str,
    workers: &[&Person],
    canaries: &mut Canaries,
) -> Setting {
    let mut word = |field: &str| canaries.word(object, field);
    let (colleague, token, told) =
        (word("colleague"), word("owners_token"), word("owners_notification"));
    let (team, invited) = (word("team"), word("invitation"));
    let names = ["folder", "template", "template", "rule", "webhook", "connection", "unmatched"];
    let names = names.map(&mut word);
    let (hidden, job) =
        if object == "organisation" { ("hidden_folder", "job") } else { (object, object) };
    let import = canaries.word(job, "import");
    let hidden = owner.folder(&canaries.word(hidden, "folder"), &["prospect", "won"]).await;
    let [folder, template, text, rule, webhook, connection, unmatched] = names;
    let open = owner.folder(&folder, &["prospect", "won"]).await;
    let body = json!({ "name": template, "channel": "email", "subject": "Hello", "text": text });
    let template = owner.created("/v1/templates", body).await;
    let then = json!([{ "action": "add_tag", "tag": "seen" }]);
    let rule = owner.rule("customer.flagged", json!({ "name": rule, "then": then })).await;
    let url = format!("https://hooks.example.com/{webhook}");
    let body = json!({ "url": url, "types": ["customer.flagged"] });
    let webhook = owner.created("/v1/webhooks", body).await;
    let body = json!({ "provider": "whatsapp", "name": connection, "secret": "9f2c1e7ab4d05368" });
    let connection = owner.created("/v1/connections", body).await;
    let letter = format!("From: {unmatched}@example.org\r\nMessage-ID: <1@{object}>\r\n\r\nHi\r\n");
    let unmatched = mail(owner, letter).await.expect(200)["id"].as_str().unwrap().to_owned();
    let file = format!("type,company_name\n{import},Looms\n");
    let job = owner.import("kind=customers&source=x", file.into()).await;
    assert_eq!(job["failed"], 1, "{job}");
    owner.post("/v1/tokens", json!({ "name": token })).await.expect(201);
    owner.created("/v1/notifications", json!({ "to": [owner.id], "text": told })).await;
    let body = json!({ "email": format!("{colleague}@example.com"), "name": colleague, "roles": ["viewer"] });
    let colleague = owner.created("/v1/users", body).await;
    let body =
        json!({ "email": format!("{invited}@example.com"), "name": invited, "roles": ["sales"] });
    let invitation = owner.created("/v1/invitations", body).await;
    let team = owner.created("/v1/teams", json!({ "name": team })).await;
    let ids = [
        ("team_id", team),
        ("invitation_id", invitation),
        ("folder_id", open.clone()),
        ("template_id", template),
        ("rule_id", rule),
        ("webhook_id", webhook),
        ("connection_id", connection),
        ("unmatched_id", unmatched),
        ("job_id", job["id"].as_str().unwrap().to_owned()),
        ("user_id", colleague.clone()),
        ("user", colleague),
    ];
    let ids = ids.map(|(name, id)| (name.to_owned(), id)).into();
    let mut setting = Setting {
        open,
        hidden,
        workers: workers.iter().map(|worker| worker.id.clone()).collect(),
        ids,
    };
    // Everybody at home reaches it, as they do the assigned one.
    let object = if object == "other" { object } else { "assigned" };
    let linked = customer(app, owner, object, &setting, canaries).await;
    setting.ids.insert("referrer".to_owned(), linked["customer_id"].clone());
    setting
}

/// A customer with one record of every kind, whose every text and number is a canary.
async fn customer(
    app: &TestApp,
    owner: &Person,
    object: &'static str,
    setting: &Setting,
    canaries: &mut Canaries,
) -> Ids {
    let mut ids = Ids::new();
    let mut profile = || canaries.word(object, "profile");
    let (email, tag) = (format!("{}@example.com", profile()), profile());
    let mut body = json!({ "type": "person", "first_name": profile(), "last_name": profile(),
        "emails": [email], "addresses": [{ "line1": profile(), "city": profile() }],
        "tags": [tag], "external_ids": { "shop": profile() } });
    // A German mobile number: two digits for the country and three for the network.
    let phone = canaries.number_after("49151", object, "profile", 8);
    body["phones"] = json!([format!("+{phone}")]);
    body["folder"] = json!(if object == "hidden" { &setting.hidden } else { &setting.open });
    let id = owner.customer(body).await;
    canaries.known(id.clone(), object, "profile");
    let at = |what: &str| format!("/v1/customers/{id}/{what}");
    if !["unassigned", "hidden"].contains(&object) {
        for worker in &setting.workers {
            owner.post(&at("workers"), json!({ "user": worker })).await.expect(200);
        }
    }
    for scope in SCOPES {
        let field = format!("note.{scope}");
        let body = json!({ "text": canaries.word(object, &field), "scope": scope });
        let note = owner.post(&at("notes"), body).await.expect(201)["note_id"].clone();
        let note = canaries.known(note.as_str().unwrap().to_owned(), object, &field);
        ids.insert(field, note);
        let field = format!("file.{scope}");
        let name = canaries.word(object, &field);
        let file = files::upload(owner, &id, &format!("name={name}&scope={scope}"), name).await;
        let file = file.expect(201)["id"].as_str().unwrap().to_owned();
        ids.insert(field.clone(), canaries.known(file, object, &field));
    }
    let mut word = |field: &str| canaries.word(object, field);
    let price = |price: String| format!("{price}.37");
    let records = [
        ("addresses", "address_id", "profile", json!({ "line1": word("profile") })),
        (
            "interactions",
            "interaction_id",
            "interaction",
            json!({ "type": "call", "note": word("interaction") }),
        ),
        ("risk-flags", "flag_id", "risk", json!({ "type": "manual_flag", "reason": word("risk") })),
        ("tasks", "task_id", "task", json!({ "title": word("task"), "note": word("task") })),
        (
            "service-entries",
            "entry_id",
            "service_entry",
            json!({ "kind": "delivery", "title": word("service_entry"), "scheduled_for": "2026-12-01" }),
        ),
        (
            "messages",
            "message_id",
            "message",
            json!({ "to": email, "subject": word("message"), "text": word("message") }),
        ),
    ];
    for (what, parameter, field, body) in records {
        let made = owner.post(&at(what), body).await.expect(201);
        let made = made.get(parameter).unwrap_or(&made["id"]).as_str().unwrap().to_owned();
        ids.insert(parameter.to_owned(), canaries.known(made, object, field));
    }
    for (what, parameter, field) in [
        ("orders", "another_order_id", "order"),
        ("orders", "order_id", "order"),
        ("quotes", "quote_id", "quote"),
        ("invoices", "invoice_id", "invoice"),
    ] {
        let amount = price(canaries.number(object, field, 9));
        let line = json!({ "description": canaries.word(object, field), "quantity": 1, "unit_price": amount });
        let mut body = json!({ "currency": "EUR", "lines": [line] });
        if what == "quotes" {
            body["valid_until"] = json!("2099-12-31");
        }
        let made = owner.created(&at(what), body).await;
        ids.insert(parameter.to_owned(), canaries.known(made, object, field));
    }
    ids.extend(money(owner, object, &ids["invoice_id"], &at, canaries).await);
    let reason = json!({ "reason": canaries.word(object, "flag") });
    owner.post(&at("flags"), reason).await.expect(200);
    if let Some(referrer) = setting.ids.get("referrer") {
        owner.put(&at("referrer"), json!({ "customer": referrer })).await.expect(200);
    }
    let (store, known) = (&app.service.store, id.parse().unwrap());
    let link = automation::outbox::unsubscribe::token(store, owner.organisation, known).await;
    ids.extend(
        [
            ("customer_id", id),
            ("address", email),
            ("number", format!("+{phone}")),
            ("tag", tag),
            ("source", "shop".to_owned()),
            ("link", link.unwrap()),
        ]
        .map(|(name, id)| (name.to_owned(), id)),
    );
    ids
}

/// A payment and credit of which something is left, and a credit note.
async fn money(
    owner: &Person,
    object: &'static str,
    invoice: &str,
    at: &impl Fn(&str) -> String,
    canaries: &mut Canaries,
) -> Ids {
    let mut amount = |field: &str| {
        let amount = canaries.number(object, field, 8);
        json!({ "amount": amount, "currency": "EUR" })
    };
    let (paid, credited) = (amount("payment"), amount("credit"));
    let allocation = canaries.known(Uuid::now_v7().to_string(), object, "payment");
    let part = json!([{ "invoice": invoice, "amount": 10, "allocation_id": allocation }]);
    let body = json!({ "amount": paid, "reference": canaries.word(object, "payment"), "allocations": part });
    let key = Uuid::now_v7().to_string();
    let key = [("Idempotency-Key", key.as_str())];
    let payment = owner.post_with(&at("payments"), &key, body).await.expect(201);
    let payment = payment["id"].as_str().unwrap().to_owned();
    let body = json!({ "amount": credited, "reference": canaries.word(object, "credit") });
    let credit = owner.created(&at("account-credits"), body).await;
    let body = json!({ "invoice": invoice, "amount": 5 });
    let used = owner.created(&format!("/v1/account-credits/{credit}/allocations"), body).await;
    let line =
        json!({ "description": canaries.word(object, "invoice"), "quantity": 1, "unit_price": 5 });
    let body = json!({ "invoice": invoice, "lines": [line] });
    let note = owner.created(&at("credit-notes"), body).await;
    canaries.known(note, object, "invoice");
    let ids = [
        ("payment_id", payment, "payment"),
        ("allocation_id", allocation, "payment"),
        ("credit_id", credit, "credit"),
        ("credit_allocation_id", used, "credit"),
    ];
    ids.map(|(name, id, field)| (name.to_owned(), canaries.known(id, object, field))).into()
}

/// What came about by itself: sums, the rule's run, what the webhook was told, the first event.
async fn look_up(owner: &Person, object: &'static str, ids: &mut Ids, canaries: &mut Canaries) {
    let id = ids["customer_id"].clone();
    let shown = owner.get_fresh(&format!("/v1/customers/{id}")).await.expect(200);
    for (name, value) in shown["finance"]["by_currency"][0].as_object().unwrap() {
        let whole = value.as_str().and_then(|text| text.trim_start_matches('-').split('.').next());
        if let Some(whole) = whole.filter(|whole| whole.len() >= 8) {
            let field = if ["gross", "credits"].contains(&name.as_str()) {
                "order_sums"
            } else {
                "balance"
            };
            canaries.known(whole.to_owned(), object, field);
        }
    }
    let runs = rows(&owner.get(&format!("/v1/automation/runs?filter[customer]={id}")).await);
    let told = format!("/v1/webhooks/{}/deliveries", ids["webhook_id"]);
    let told = owner.until(&told, |list| list["data"][0].is_object()).await;
    let created = owner.events_of(&id, "customer.created").await;
    for (parameter, row) in
        [("run_id", &runs[0]), ("delivery_id", &told["data"][0]), ("event_id", &created[0])]
    {
        ids.insert(parameter.to_owned(), row["id"].as_str().unwrap().to_owned());
    }
    ids.insert("if-match".to_owned(), shown["version"].to_string());
    for (parameter, field) in [("run_id", "rule"), ("event_id", "profile")] {
        canaries.known(ids[parameter].clone(), object, field);
    }
}
