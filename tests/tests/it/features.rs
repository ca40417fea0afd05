//! docs/features.md names every behaviour once, and the tests that it names are there: those of the
//! service by their functions, those of the page by their steps.

use std::collections::BTreeSet;
use std::path::Path;

const LAST: u32 = 197;

struct Row {
    number: u32,
    state: String,
    tests: Vec<String>,
    steps: Vec<String>,
}

fn rows() -> Vec<Row> {
    let list = std::fs::read_to_string("../docs/features.md").unwrap();
    let rows = list.lines().filter(|line| line.starts_with("| F"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 4, "{line}");
        let named = |kind| cells[3].split('`').filter(move |test| test.starts_with(kind));
        Row {
            number: cells[0].trim_start_matches('F').parse().unwrap(),
            state: cells[2].to_owned(),
            tests: named('f').map(str::to_owned).collect(),
            steps: named('a').map(str::to_owned).collect(),
        }
    })
    .collect()
}

/// The names of all test functions that begin with a feature's number.
fn written() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in std::fs::read_dir(Path::new("tests/it")).unwrap() {
        let file = file.unwrap().path();
        if file.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let source = std::fs::read_to_string(file).unwrap();
        for (_, rest) in source.match_indices("async fn f").map(|found| source.split_at(found.0)) {
            let name = rest.trim_start_matches("async fn ").split('(').next().unwrap();
            let digits = name.get(1..4).is_some_and(|part| part.parse::<u32>().is_ok());
            if digits {
                names.insert(name.to_owned());
            }
        }
    }
    names
}

/// The steps of the acceptance that a browser takes, as `a07`.
fn taken() -> BTreeSet<String> {
    let mut steps = BTreeSet::new();
    for file in std::fs::read_dir("../web/e2e").unwrap() {
        let file = file.unwrap().path();
        if !file.to_string_lossy().ends_with(".spec.ts") {
            continue;
        }
        let source = std::fs::read_to_string(file).unwrap();
        for (_, rest) in source.match_indices("test(\"a").map(|found| source.split_at(found.0)) {
            let step = rest.get(6..9).unwrap();
            if step.get(1..).is_some_and(|digits| digits.parse::<u32>().is_ok()) {
                steps.insert(step.to_owned());
            }
        }
    }
    steps
}

#[test]
fn the_list_names_every_behaviour_once() {
    let numbers: Vec<u32> = rows().iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=LAST).collect::<Vec<_>>());
}

#[test]
fn what_the_list_calls_done_has_a_test_and_no_test_is_missing_from_it() {
    let (written, taken) = (written(), taken());
    let (mut listed, mut walked) = (BTreeSet::new(), BTreeSet::new());
    for row in rows() {
        assert!(
            ["done", "partly", "not yet"].contains(&row.state.as_str()),
            "F{}: {}",
            row.number,
            row.state
        );
        let shown = !row.tests.is_empty() || !row.steps.is_empty();
        assert_eq!(row.state != "not yet", shown, "F{}", row.number);
        for step in row.steps {
            assert!(taken.contains(&step), "F{}: no test takes the step {step}", row.number);
            walked.insert(step);
        }
        for test in row.tests {
            assert!(written.contains(&test), "F{}: there is no test {test}", row.number);
            assert_eq!(test.get(1..4).unwrap().parse::<u32>().unwrap(), row.number, "{test}");
            listed.insert(test);
        }
    }
    assert_eq!(listed, written);
    assert_eq!(walked, taken);
}
