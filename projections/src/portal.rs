//! What a customer reads in the portal: their name, and the notes that are written for them.

use domain::access::Visit;
use domain::value::NoteScope;
use eventstore::Store;
use jiff::Timestamp;
use tokio_postgres::types::Json;

use crate::customer_360::{Note, View};
use crate::error::Error;
use crate::reader::{connection, reading_in};

const CUSTOMER: &str = include_str!("customer_360/get.sql");
const NOTES: &str = include_str!("customer_360/parts.sql");

/// So many of them fit on a page without a second one.
const MOST: i64 = 500;

/// All that the portal shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portal {
    pub name: String,
    /// The newest first.
    pub notes: Vec<Written>,
}

/// A note for the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub text: String,
    pub at: Timestamp,
}

/// Nothing where the read model does not know the customer (any more).
pub async fn read(store: &Store, visit: &Visit) -> Result<Option<Portal>, Error> {
    let mut client = connection(store).await?;
    let tx = reading_in(&mut client, visit.organisation()).await?;
    let statement = tx.prepare_cached(CUSTOMER).await?;
    let row = tx.query_one(&statement, &[&visit.organisation(), &visit.customer()]).await?;
    let view: Option<Json<View>> = row.try_get("body")?;
    let Some(Json(view)) = view else { return Ok(None) };
    let Some(name) = view.display_name().known().cloned() else {
        return Ok(None);
    };
    let statement = tx.prepare_cached(NOTES).await?;
    let (organisation, customer) = (visit.organisation(), visit.customer());
    let theirs = [NoteScope::Customer.name()];
    let rows = tx
        .query(
            &statement,
            &[&organisation, &customer, &"note", &Some(theirs.as_slice()), &i64::MAX, &MOST],
        )
        .await?;
    let mut notes = Vec::with_capacity(rows.len());
    for row in &rows {
        let Json(note): Json<Note> = row.try_get("body")?;
        if let Some(text) = note.text.known() {
            notes.push(Written { text: text.clone(), at: note.written_at });
        }
    }
    Ok(Some(Portal { name, notes }))
}
