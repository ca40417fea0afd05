//! A statement that does not fit the database cannot ship.

use std::path::{Path, PathBuf};

use crate::bench::Bench;

fn statements(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { statements(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect()
}

#[tokio::test]
async fn every_statement_can_be_prepared() {
    let bench = Bench::start().await;
    let found = statements(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(found.len() > 20, "{found:?}");
    let client = bench.store.worker().get().await.unwrap();
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        if let Err(error) = client.prepare(&text).await {
            panic!("{}: {error:?}", path.display());
        }
    }
}
