//! The dates from which rules count: of invoices, tasks and quotes that are still open, with the
//! customers whom they are about.

use domain::access::Scope;
use domain::rule::DateField;
use eventstore::Store;
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::Error;
use crate::ledger::Ledger;
use crate::quotes::Quotes;
use crate::read_model::ReadModel;
use crate::reader::{Reach, connection, reading};
use crate::tasks::Tasks;

const INVOICES: &str = include_str!("dated/invoices.sql");
const TASKS: &str = include_str!("dated/tasks.sql");
const QUOTES: &str = include_str!("dated/quotes.sql");

/// A record with its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    pub record: Uuid,
    pub customer: Uuid,
    pub on: Date,
}

/// Which records.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub field: DateField,
    /// Between these days, both included.
    pub days: (Date, Date),
    /// Of this customer alone.
    pub customer: Option<Uuid>,
    /// Those behind this one.
    pub after: Uuid,
    pub limit: i64,
}

/// The read model that holds the dates of a field.
pub fn model(field: DateField) -> &'static str {
    match field {
        DateField::InvoiceDueOn => Ledger::NAME,
        DateField::TaskDueOn => Tasks::NAME,
        DateField::QuoteValidUntil => Quotes::NAME,
    }
}

/// Records by their ids.
pub async fn list(store: &Store, scope: &Scope, wanted: &Wanted) -> Result<Vec<Dated>, Error> {
    let text = match wanted.field {
        DateField::InvoiceDueOn => INVOICES,
        DateField::TaskDueOn => TASKS,
        DateField::QuoteValidUntil => QUOTES,
    };
    let reach = Reach::of(scope);
    let (first, last) = (wanted.days.0.to_string(), wanted.days.1.to_string());
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(text).await?;
    let rows = tx
        .query(
            &statement,
            &[
                &scope.organisation(),
                &first,
                &last,
                &wanted.customer,
                &wanted.after,
                &wanted.limit,
                &reach.all,
                &reach.folders,
                &reach.workers,
            ],
        )
        .await?;
    let mut found = Vec::new();
    for row in &rows {
        let on: String = row.try_get("day")?;
        // What stands there was written as a date.
        let Ok(on) = on.parse() else { continue };
        found.push(Dated { record: row.try_get("id")?, customer: row.try_get("subject")?, on });
    }
    Ok(found)
}
