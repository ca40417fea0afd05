//! Calls that schemathesis makes up from the reference, right ones and wrong ones, by two roles: no
//! answer is a failure of ours, and none is of a status, a type or a shape that the reference does
//! not tell.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::app::{DataDir, Person, TestApp};
use crate::openapi::World;

const SEED: &str = "4";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance";
/// A feed does not end.
const LEFT_OUT: [&str; 1] = ["events_stream"];

/// The reference with the ids of real records in its examples.
async fn reference(app: &TestApp, person: &Person, folder: &Path) -> PathBuf {
    let world = World::make(app, 1).await.with_work(app).await;
    let mut text = person.get("/openapi.json").await.text;
    for (sample, id) in &world.ids {
        text = text.replace(sample, id);
    }
    let file = folder.join("openapi.json");
    std::fs::write(&file, text).unwrap();
    file
}

/// Makes so many calls of each operation, and answers how many those were.
async fn called(person: &Person, reference: &Path, each: u32) -> u64 {
    let program = std::env::var("DOSSIER_SCHEMATHESIS")
        .expect("DOSSIER_SCHEMATHESIS is the program schemathesis: use ./test");
    let report = reference.with_extension("report");
    let mut command = Command::new(program);
    command
        .arg("run")
        .arg(reference)
        .args(["--url", &person.url(""), "--header"])
        .arg(format!("Authorization: Bearer {}", person.token))
        .args(["--phases", "examples,fuzzing", "--max-examples", &each.to_string()])
        .args(["--checks", CHECKS, "--seed", SEED, "--generation-deterministic", "--no-shrink"])
        .args(["--continue-on-failure", "--no-color"])
        .args(["--suppress-health-check", "all", "--warnings", "off", "--report", "json"])
        .arg("--report-json-path")
        .arg(&report);
    for operation in LEFT_OUT {
        command.args(["--exclude-operation-id", operation]);
    }
    // It keeps what it met in the folder in which it runs.
    command.current_dir(reference.parent().unwrap()).stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    report["test_cases"]["generated"].as_u64().unwrap()
}

async fn both_roles_meet_nothing_untold(each: u32, fewest: u64) {
    let app = TestApp::start().await;
    let folder = DataDir::make();
    let reference = reference(&app, &app, folder.path()).await;
    let sales = app.user(&["sales"]).await;
    let mut calls = 0;
    for person in [&sales, &*app] {
        calls += called(person, &reference, each).await;
    }
    assert!(calls >= fewest, "{calls}");
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_calls_of_two_roles_meet_nothing_that_the_reference_does_not_tell() {
    both_roles_meet_nothing_untold(3, 1_500).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_made_up_calls_of_two_roles_meet_nothing_that_the_reference_does_not_tell() {
    both_roles_meet_nothing_untold(25, 10_000).await;
}
