//! What became of each customer: counted, reported line by line, the first refusals shown.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use domain::access::Action;
use eventstore::Refused;
use eventstore::state::job::Counts;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Error;
use crate::extract::Ask;
use crate::import::report::{self, Line, Writer};
use crate::problem::{Code, Problem};
use crate::routes;

/// Refusals that stand in the job itself; the report has all of them.
const SHOWN: usize = 100;

/// What became of one customer.
#[derive(Debug)]
pub(super) enum Outcome {
    Changed,
    /// It was so already.
    Unchanged,
    Refused {
        code: &'static str,
        detail: String,
    },
}

impl Outcome {
    pub(super) fn refused(refused: Refused) -> Self {
        let problem = if matches!(refused, Refused::NotFound) {
            Problem::new(Code::CustomerNotFound)
        } else {
            Problem::from(refused)
        };
        let document = problem.document(None);
        let text = |name: &str| document.get(name).and_then(Value::as_str);
        let detail = text("detail").or_else(|| text("title")).unwrap_or_default().to_owned();
        Self::Refused { code: problem.code().name(), detail }
    }
}

/// The outcomes so far.
pub(super) struct Tally {
    counts: Counts,
    report: Writer<BufWriter<File>>,
    /// How many by code, with a sentence that one of them got.
    codes: BTreeMap<&'static str, (i64, String)>,
    rows: Vec<Value>,
}

impl Tally {
    pub(super) fn new(path: &Path) -> Result<Self, Error> {
        let report = Writer::new(BufWriter::new(File::create(path)?))?;
        let (counts, codes, rows) = (Counts::default(), BTreeMap::new(), Vec::new());
        Ok(Self { counts, report, codes, rows })
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    pub(super) fn add(&mut self, customer: Uuid, outcome: Outcome) -> Result<(), Error> {
        self.counts.done += 1;
        let (row, id) = (u64::try_from(self.counts.done).unwrap_or_default(), customer.to_string());
        let (outcome, code, detail) = match outcome {
            Outcome::Changed => {
                self.counts.updated += 1;
                (report::Outcome::Updated, "", String::new())
            }
            Outcome::Unchanged => {
                self.counts.unchanged += 1;
                (report::Outcome::Unchanged, "", String::new())
            }
            Outcome::Refused { code, detail } => {
                self.counts.failed += 1;
                self.codes.entry(code).or_insert_with(|| (0, detail.clone())).0 += 1;
                if self.rows.len() < SHOWN {
                    self.rows.push(json!({ "customer": id, "code": code, "detail": detail }));
                }
                (report::Outcome::Failed, code, detail)
            }
        };
        self.report.write(&Line { row, outcome, code, message: &detail, id: &id })?;
        Ok(())
    }

    pub(super) fn result(mut self) -> Result<Value, Error> {
        self.report.flush()?;
        let refused = self.codes.iter().map(
            |(code, (count, detail))| json!({ "code": code, "count": count, "detail": detail }),
        );
        let complete = usize::try_from(self.counts.failed) == Ok(self.rows.len());
        Ok(json!({
            "refused": refused.collect::<Vec<_>>(),
            "rows": self.rows,
            "complete": complete,
        }))
    }
}

/// Says who they are of whom a job tells that they were refused, where the caller sees them.
pub(crate) async fn name_rows(ask: &Ask, result: &mut Value) -> Result<(), Problem> {
    let scope = ask.scope(Action::JobRead)?;
    let Some(Value::Array(rows)) = result.get_mut("rows") else { return Ok(()) };
    for row in rows {
        let id = row.get("customer").and_then(Value::as_str).and_then(|id| id.parse().ok());
        let name = match id {
            Some(id) => routes::customers::name_within(&ask.app, &scope, id).await,
            None => None,
        };
        if let Value::Object(row) = row {
            row.insert("name".to_owned(), json!(name));
        }
    }
    Ok(())
}

/// In a list of jobs the counts are enough.
pub(crate) fn without_rows(result: &mut Value) {
    if let Value::Object(result) = result {
        result.remove("rows");
    }
}
