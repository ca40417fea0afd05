//! Fills the tables of a new build.

use std::collections::HashMap;
use std::pin::pin;

use bytes::Bytes;
use deadpool_postgres::Transaction;
use tokio_postgres::CopyInSink;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::record::{MarkRow, Record};
use super::write::numbers;
use super::{Entry, Error};

const COPY_CUSTOMERS: &str = include_str!("copy_customers.sql");
const COPY_MARKS: &str = include_str!("copy_marks.sql");
const COPY_TERMS: &str = include_str!("copy_terms.sql");

/// So many customers are held in memory while copying.
const COPIED_AT_ONCE: usize = 5_000;

/// Fills tables that have no keys yet; may be called several times, with other customers each time. Running
/// [`INDEXES`](super::INDEXES) completes the build.
pub async fn copy_in(
    tx: &Transaction<'_>,
    entries: impl Iterator<Item = Entry>,
) -> Result<u64, Error> {
    let mut known: HashMap<Uuid, i32> = HashMap::new();
    let mut copied = 0;
    let mut entries = entries.peekable();
    while entries.peek().is_some() {
        let page: Vec<Entry> = entries.by_ref().take(COPIED_AT_ONCE).collect();
        let unknown =
            page.iter().map(|e| e.organisation).filter(|o| !known.contains_key(o)).collect();
        known.extend(numbers(tx, unknown).await?);
        let records =
            page.iter().filter_map(|e| Some(Record::new(*known.get(&e.organisation)?, e)));
        let records: Vec<Record<'_>> = records.collect();
        copied += copy_customers(tx, &records).await?;
        copy_terms(tx, &records).await?;
        copy_marks(tx, &records).await?;
    }
    Ok(copied)
}

async fn copy_customers(tx: &Transaction<'_>, records: &[Record<'_>]) -> Result<u64, Error> {
    let sink: CopyInSink<Bytes> = tx.copy_in(COPY_CUSTOMERS).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &Record::TYPES));
    for record in records {
        writer.as_mut().write(&record.values()).await?;
    }
    Ok(writer.finish().await?)
}

async fn copy_terms(tx: &Transaction<'_>, records: &[Record<'_>]) -> Result<(), Error> {
    let types = [Type::INT4, Type::BOOL, Type::TEXT, Type::TEXT, Type::UUID];
    let sink: CopyInSink<Bytes> = tx.copy_in(COPY_TERMS).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
    for record in records {
        for term in &record.terms {
            let row: [&(dyn ToSql + Sync); 5] =
                [&record.number, &record.archived, term, &record.sort_text, &record.customer];
            writer.as_mut().write(&row).await?;
        }
    }
    writer.finish().await?;
    Ok(())
}

async fn copy_marks(tx: &Transaction<'_>, records: &[Record<'_>]) -> Result<(), Error> {
    let sink: CopyInSink<Bytes> = tx.copy_in(COPY_MARKS).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &MarkRow::TYPES));
    for mark in records.iter().flat_map(Record::marks) {
        writer.as_mut().write(&mark.values()).await?;
    }
    writer.finish().await?;
    Ok(())
}
