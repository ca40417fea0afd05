//! `dossier doctor` on a service that is well and on one that is not.

use std::time::Instant;

use eventstore::nats::NatsSettings;
use serde_json::{Value, json};
use tokio_postgres::NoTls;
use uuid::Uuid;

use crate::app::{DataDir, PATIENCE, nats_url, new_database};
use crate::process::{Process, tool};
use crate::processes::door;

/// What the doctor found, by its name, where something is wrong.
///
/// The tests' server syncs nothing, so that one thing is always wrong, and the exit code says so.
fn wrong(database: &str, data_dir: &DataDir, nats: &NatsSettings) -> Vec<(String, Value)> {
    let mut doctor = tool(&["doctor", "--json"], database, data_dir);
    doctor.env("NATS_URL", &nats.url).env("DOSSIER_NATS_PREFIX", &nats.prefix);
    let ended = doctor.output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let findings: Vec<Value> = serde_json::from_slice(&ended.stdout).unwrap();
    let name = |finding: &Value| finding["what"].as_str().unwrap().to_owned();
    let is_wrong = |finding: &Value| finding["ok"] == json!(false);
    let mut found: Vec<_> =
        findings.into_iter().filter(is_wrong).map(|finding| (name(&finding), finding)).collect();
    let durability = found.iter().position(|(name, _)| name == "durability").unwrap();
    found.remove(durability);
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_well_is_found_well() {
    let (database, data_dir) = (new_database().await, DataDir::make());
    let prefix = format!("it_{}", Uuid::now_v7().simple());
    let nats = NatsSettings { url: nats_url(), prefix, replicas: 1 };
    let all = "api,project,relay,automate,deliver";
    let service = Process::with_roles(all, &database, &data_dir, Some(&nats));
    let body = json!({ "type": "person", "last_name": "Byron" });
    door(&service, &data_dir).command("/v1/customers", "one", &body).await;
    let since = Instant::now();
    loop {
        let found = wrong(&database, &data_dir, &nats);
        if found.is_empty() {
            return;
        }
        assert!(since.elapsed() < PATIENCE, "{found:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sick_service_is_told_what_to_do() {
    let (database, data_dir) = (new_database().await, DataDir::make());
    let service = Process::with_roles("api", &database, &data_dir, None);
    let body = json!({ "type": "person", "last_name": "Byron" });
    let created = door(&service, &data_dir).command("/v1/customers", "one", &body).await;
    let customer: Uuid = created["id"].as_str().unwrap().parse().unwrap();
    let (client, connection) = tokio_postgres::connect(&database, NoTls).await.unwrap();
    tokio::spawn(connection);
    let park = "INSERT INTO state.parked (follower, organisation, subject, sequence, error)
        SELECT 'directory', organisation, $1, 1, 'broken' FROM es.organisation LIMIT 1";
    client.execute(park, &[&customer]).await.unwrap();
    let die = "INSERT INTO automation.run (organisation, run_id, lane, rule, rule_version,
            trigger_event, trigger_type, trigger_recorded_at, position, sequence, ordinal, customer,
            correlation_id, chain, state, finished_at)
        SELECT organisation, $1, lane, $1, 1, $1, 'customer.created', now(), 1, 1, 0, $1, $1, '[]',
            'dead', now() FROM es.organisation LIMIT 1";
    client.execute(die, &[&customer]).await.unwrap();

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("nats://{free}");
    let nats = NatsSettings { url, prefix: "nobody".to_owned(), replicas: 1 };
    let found = wrong(&database, &data_dir, &nats);
    for (name, advice) in [
        ("read model directory", "--roles project"),
        ("parked records of directory", "dossier rebuild directory"),
        ("rules", "--roles automate"),
        ("dead letters of rules", "/retry"),
        ("NATS", "unset NATS_URL"),
    ] {
        let finding = found.iter().find(|(found, _)| found == name);
        let (_, finding) = finding.unwrap_or_else(|| panic!("{name} is not in {found:#?}"));
        let told = finding["what_to_do"].as_str().unwrap();
        assert!(told.contains(advice), "{name}: {told}");
    }
}
