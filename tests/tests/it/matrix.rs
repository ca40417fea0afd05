//! The matrix of access: every operation of the reference, asked by everybody, of what is within
//! reach and what is not, against tables that people wrote (`tests/authz`).
//!
//! Every protected field holds a canary. One that somebody sees who may not is a leak, wherever
//! it stands: in an answer, its headers, a cursor, an export, a live feed.

#[path = "matrix/callers.rs"]
mod callers;
#[path = "matrix/canary.rs"]
mod canary;
#[path = "matrix/decisions.rs"]
mod decisions;
#[path = "matrix/feeds.rs"]
mod feeds;
#[path = "matrix/inference.rs"]
mod inference;
#[path = "matrix/requests.rs"]
mod requests;
#[path = "matrix/table.rs"]
mod table;
#[path = "matrix/world.rs"]
mod world;
#[path = "matrix/writes.rs"]
mod writes;

use std::collections::BTreeSet;
use std::sync::Arc;

use reqwest::Client;
use serde_json::{Value, json};
use uuid::Uuid;

use self::decisions::{Findings, Probe, plan, run};
use self::requests::Operation;
use self::table::{Expected, Verdict, role};
use self::world::World;
use crate::app::TestApp;
use crate::browser::Browser;
use crate::hooks;

/// Who owns the first organisation.
const OWNER: &str = "owner@dossier.localhost";

/// The world, what the tables say, and the operations of the running service.
async fn begin() -> (World, Expected, Vec<Arc<Operation>>, Value) {
    let world = World::make().await;
    let document = world.app.get("/openapi.json").await.expect(200);
    let operations = requests::operations(&document).into_iter().map(Arc::new).collect();
    (world, Expected::read(), operations, document)
}

#[expect(clippy::print_stdout, reason = "figures for docs/SECURITY.md")]
fn report(figures: &str) {
    println!("{figures}");
}

#[track_caller]
fn clean(findings: &Findings) {
    let (wrong, leaks) = (&findings.wrong, &findings.leaks);
    let (most, few) = (wrong.iter().take(60).collect::<Vec<_>>(), leaks.iter().take(60));
    let few: Vec<&String> = few.collect();
    assert!(
        wrong.is_empty() && leaks.is_empty(),
        "{} wrong: {most:#?}\n{} leaks: {few:#?}",
        wrong.len(),
        leaks.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn f161_every_operation_answers_everybody_as_the_tables_say() {
    let (world, expected, operations, _) = begin().await;
    let ids: BTreeSet<String> = operations.iter().map(|operation| operation.id.clone()).collect();
    let unmatched = expected.unmatched(&ids);
    assert!(unmatched.is_empty(), "no row, or no operation: {unmatched:?}");
    let (mut world, expected) = (Arc::new(world), Arc::new(expected));
    let asked = |operation: &&Arc<Operation>| !operation.path.starts_with("/hooks/");
    let probes: Vec<Probe> = operations
        .iter()
        .filter(asked)
        .flat_map(|operation| plan(&world, &expected, operation))
        // A feed has no end; it was followed.
        .filter(|probe| probe.operation.id != "events_stream" || probe.verdict != Verdict::Allow)
        .collect();
    let (done, tried): (Vec<Probe>, Vec<Probe>) = probes.into_iter().partition(Probe::is_done);
    let (refused, tried): (Vec<Probe>, Vec<Probe>) =
        tried.into_iter().partition(|probe| probe.verdict != Verdict::Allow);
    let mut findings = writes::changing_nothing(&world, &expected, &refused).await;
    findings.add(writes::changing_nothing(&world, &expected, &tried).await);
    findings.add(inference::searches(&world, &expected).await);
    findings.add(inference::filters(&world).await);
    findings.add(inference::counts(&world, &expected).await);
    findings.add(inference::duplicates(&world, &expected).await);
    findings.add(inference::links(&world).await);
    let alone = Arc::get_mut(&mut world).unwrap();
    findings.add(feeds::follow(alone, &expected).await);
    for probe in done {
        let probe = with_something_left(&world, probe).await;
        findings.add(run(&world, &expected, &[probe]).await);
    }
    findings.add(doors(&world, &operations).await);
    findings.add(feeds::pages(&world, &expected).await);
    // What somebody may see they do see: else the canaries would prove nothing.
    for caller in world.callers.iter().filter(|caller| role(caller.name).is_some()) {
        let seen = &findings.seen[caller.name];
        for (canary, place) in world.canaries.iter() {
            let (object, field) = (place.object, place.field.as_str());
            if expected.shows(caller.name, object, field) && !seen.contains(canary) {
                findings.wrong.push(format!("{} never sees {field} of {object}", caller.name));
            }
        }
    }
    report(&format!(
        "{} operations, {} principals, {} canaries, {} questions, {} leaks",
        operations.len(),
        world.callers.len(),
        world.canaries.iter().count(),
        findings.asked,
        findings.leaks.len()
    ));
    clean(&findings);
}

/// What can be done only once is done to something of its own.
async fn with_something_left(world: &World, mut probe: Probe) -> Probe {
    let owner = if probe.object == Some("other") { &world.abroad } else { &*world.app };
    match probe.operation.id.as_str() {
        "connections_delete" => {
            let id = hooks::connect(owner, "whatsapp").await.id;
            probe.request.path = format!("/v1/connections/{id}");
        }
        "invitations_withdraw" => {
            let email = format!("{}@example.com", Uuid::now_v7().simple());
            let body = json!({ "email": email, "name": "Eve", "roles": ["sales"] });
            let id = owner.created("/v1/invitations", body).await;
            probe.request.path = format!("/v1/invitations/{id}");
        }
        "sessions_end" => {
            let body = json!({ "email": OWNER, "password": world.app.password(),
                "organisation": owner.organisation });
            let answer = Browser::at(owner).post("/v1/session", body).await;
            probe.request.path = answer.header("location").to_owned();
        }
        _ => {}
    }
    probe
}

/// The doors of providers: the signature opens them, and nothing that a caller shows.
async fn doors(world: &World, operations: &[Arc<Operation>]) -> Findings {
    let mut findings = Findings::default();
    let client = Client::new();
    for operation in operations.iter().filter(|one| one.path.starts_with("/hooks/")) {
        let signed = hooks::example(&world.app, &operation.id).await;
        findings.asked += 1;
        if signed.status >= 300 {
            findings.wrong.push(format!("{}: {}", operation.id, signed.text));
        }
        for caller in &world.callers {
            let request = operation.request(caller, &world.objects["assigned"], "");
            let unsigned = request.send(world, &client).await;
            findings.asked += 1;
            if unsigned.status != 404 {
                let (id, who) = (&operation.id, caller.name);
                findings.wrong.push(format!("{id} by {who}: {}", unsigned.text));
            }
        }
    }
    findings
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_sets_what_its_schema_names_and_nothing_else() {
    let (world, _, operations, document) = begin().await;
    let names = writes::names(&document);
    assert!(names.len() > 150, "{names:?}");
    let before = writes::standing(&world).await;
    let mut findings = writes::commands(&document, &names);
    findings.add(writes::bodies(&world, &operations, &names).await);
    let after = writes::standing(&world).await;
    report(&format!("{} names, {} bodies with one too many", names.len(), findings.asked));
    clean(&findings);
    assert_eq!(before, after);
}

/// What one is told that one may do is what the tables say.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_what_they_may_do() {
    let (app, expected) = (TestApp::start().await, Expected::read());
    let operations = api::openapi::operations();
    let named = || operations.iter().filter_map(|one| Some((one, one.permission?)));
    assert!(named().count() > 150);
    for role in world::ROLES {
        let me = app.user(&[role]).await.get("/v1/me").await.expect(200);
        assert_eq!(me["roles"], json!([role]));
        let permissions = me["permissions"].as_array().unwrap();
        for (operation, permission) in named() {
            let may = expected.verdict(&operation.id, false, role, None) == Verdict::Allow;
            let told = permissions.contains(&json!(permission));
            assert_eq!(told, may, "{role} {permission} {}", operation.id);
        }
    }
    // Grants only add.
    let both = app.user(&["viewer", "finance"]).await;
    both.get("/v1/audit/verify").await.expect(200);
}

/// The matrix itself must be able to fail: it finds what is put there to be found.
#[tokio::test(flavor = "multi_thread")]
async fn the_matrix_finds_a_leak_a_turned_row_and_a_change() {
    let (world, mut expected, operations, _) = begin().await;
    let named = |id: &str| operations.iter().find(|operation| operation.id == id).unwrap();

    // A note of senior people that comes to stand where everybody reads.
    let (secret, _) = world
        .canaries
        .iter()
        .find(|(text, place)| {
            text.starts_with("zq") && place.object == "assigned" && place.field == "note.restricted"
        })
        .unwrap();
    let customer = &world.objects["assigned"]["customer_id"];
    let tags = format!("/v1/customers/{customer}/tags");
    world.app.post(&tags, json!({ "tag": secret })).await.expect(200);
    world.app.get_fresh("/v1/customers").await.expect(200);
    let secret = secret.to_owned();
    let (world, told) = (Arc::new(world), Arc::new(expected.clone()));
    let looks = plan(&world, &told, named("customers_get"));
    let found = run(&world, &told, &looks).await;
    assert!(found.wrong.is_empty(), "{:#?}", found.wrong);
    let readers: BTreeSet<&str> =
        found.leaks.iter().filter_map(|leak| leak.split(' ').next()).collect();
    assert_eq!(
        readers,
        BTreeSet::from(["assigned", "field", "narrowed", "reading", "sales", "viewer"]),
        "{secret}"
    );

    // Rows that say what is not so.
    expected.turn("customers_list", "viewer", Some("403"));
    expected.turn("customers_archive", "sales", Some("allow"));
    expected.turn("folders_list", "owner", None);
    let ids: BTreeSet<String> = operations.iter().map(|operation| operation.id.clone()).collect();
    assert_eq!(expected.unmatched(&ids), ["folders_list"]);
    let told = Arc::new(expected.clone());
    for (operation, caller) in [("customers_list", "viewer"), ("customers_archive", "sales")] {
        let probes = plan(&world, &told, named(operation));
        let wrong = run(&world, &told, &probes).await.wrong;
        let by = format!("by {caller}: ");
        assert!(!wrong.is_empty(), "{operation}");
        assert!(wrong.iter().all(|complaint| complaint.contains(&by)), "{wrong:#?}");
    }

    // Something that was taken for a refusal and is not one.
    expected.turn("folders_create", "manager", Some("403"));
    let told = Arc::new(expected);
    let probes = plan(&world, &told, named("folders_create"));
    let refused: Vec<Probe> =
        probes.into_iter().filter(|probe| probe.verdict != Verdict::Allow).collect();
    let wrong = writes::changing_nothing(&world, &told, &refused).await.wrong;
    assert!(wrong.iter().any(|complaint| complaint.starts_with("before ")), "{wrong:#?}");
}
