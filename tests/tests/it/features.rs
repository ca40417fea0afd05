//! docs/features.md names every behaviour once, and the tests that it names are there.

use std::collections::BTreeSet;
use std::path::Path;

const LAST: u32 = 197;

struct Row {
    number: u32,
    state: String,
    tests: Vec<String>,
}

fn rows() -> Vec<Row> {
    let list = std::fs::read_to_string("../docs/features.md").unwrap();
    let rows = list.lines().filter(|line| line.starts_with("| F"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 4, "{line}");
        let tests = cells[3].split('`').filter(|test| test.starts_with('f'));
        Row {
            number: cells[0].trim_start_matches('F').parse().unwrap(),
            state: cells[2].to_owned(),
            tests: tests.map(str::to_owned).collect(),
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

#[test]
fn the_list_names_every_behaviour_once() {
    let numbers: Vec<u32> = rows().iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=LAST).collect::<Vec<_>>());
}

#[test]
fn what_the_list_calls_done_has_a_test_and_no_test_is_missing_from_it() {
    let written = written();
    let mut listed = BTreeSet::new();
    for row in rows() {
        assert!(
            ["done", "partly", "not yet"].contains(&row.state.as_str()),
            "F{}: {}",
            row.number,
            row.state
        );
        assert_eq!(row.state != "not yet", !row.tests.is_empty(), "F{}", row.number);
        for test in row.tests {
            assert!(written.contains(&test), "F{}: there is no test {test}", row.number);
            assert_eq!(test.get(1..4).unwrap().parse::<u32>().unwrap(), row.number, "{test}");
            listed.insert(test);
        }
    }
    assert_eq!(listed, written);
}
