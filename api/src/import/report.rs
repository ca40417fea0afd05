//! The outcome of every row as a CSV file that people download and open in a spreadsheet.

use std::io::Write;

use domain::value::mask_card_numbers;
use serde::{Deserialize, Serialize};

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Something new was recorded.
    Created,
    /// Something known was changed.
    Updated,
    /// All of it was known already.
    Unchanged,
    /// Left out on purpose.
    Skipped,
    /// Refused; mend the row and import again.
    Failed,
}

impl Outcome {
    /// The name that stands in reports and counters.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }
}

/// One line of the report.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// The line in the imported file, beginning with 1.
    pub row: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// The error's code, empty where all went well.
    pub code: &'a str,
    /// The error in words.
    pub message: &'a str,
    /// The id of what the row made or met.
    pub id: &'a str,
}

/// Writes a report line by line.
#[derive(Debug)]
pub struct Writer<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> Writer<W> {
    /// Begins a report with its header.
    ///
    /// # Errors
    /// The target cannot be written.
    pub fn new(target: W) -> csv::Result<Self> {
        let mut report = Self::resume(target);
        report.csv.write_record(["row", "outcome", "code", "message", "id"])?;
        Ok(report)
    }

    /// Goes on with a report that has its header already.
    pub fn resume(target: W) -> Self {
        Self { csv: csv::Writer::from_writer(target) }
    }

    /// Adds a line.
    ///
    /// # Errors
    /// The target cannot be written.
    pub fn write(&mut self, line: &Line<'_>) -> csv::Result<()> {
        let row = line.row.to_string();
        let (code, message, id) =
            (guard(line.code), guard(&mask_card_numbers(line.message)), guard(line.id));
        self.csv.write_record([&row, line.outcome.as_str(), &code, &message, &id])
    }

    /// Hands over all that is buffered.
    ///
    /// # Errors
    /// The target cannot be written.
    pub fn flush(&mut self) -> std::io::Result<()> {
        self.csv.flush()
    }
}

/// A cell that a spreadsheet would run as a formula gets a leading `'`.
#[must_use]
pub fn guard(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// Takes off what [`guard`] put on, and nothing else.
#[must_use]
pub fn unguard(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Spreadsheets look behind blanks, quotation marks and a byte order mark, and take the full-width
/// forms for the plain ones.
fn is_formula(cell: &str) -> bool {
    let begins =
        |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠');
    let hidden = |c: char| matches!(c, ' ' | '"' | '\'' | '\u{feff}');
    cell.trim_start_matches(hidden).starts_with(begins)
}

#[cfg(test)]
mod tests;
