//! Writes pages of changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use deadpool_postgres::GenericClient;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::record::{MarkRow, Record, Term, stored_terms};
use super::{Entry, Error};

const NUMBERS: &str = include_str!("numbers.sql");
const NEW_NUMBERS: &str = include_str!("new_numbers.sql");
const STORED: &str = include_str!("stored.sql");
const REMOVE_TERMS: &str = include_str!("remove_terms.sql");
const ADD_TERMS: &str = include_str!("add_terms.sql");
const ADD_WORDS: &str = include_str!("add_words.sql");
const FORGET_WORDS: &str = include_str!("forget_words.sql");
const PUT_CUSTOMERS: &str = include_str!("put_customers.sql");
const PUT_MARKS: &str = include_str!("put_marks.sql");
const REMOVE_CUSTOMERS: &str = include_str!("remove_customers.sql");
const CONTENTS: &str = include_str!("contents.sql");

/// Writes customers as they are now, new or known; of two entries for one customer the later counts.
///
/// To be called in a transaction, by the one writer of these organisations. Terms that stay are not touched.
pub async fn put<C: GenericClient>(client: &C, entries: &[Entry]) -> Result<(), Error> {
    let numbers = numbers(client, entries.iter().map(|e| e.organisation).collect()).await?;
    let mut records: BTreeMap<(i32, Uuid), Record<'_>> = BTreeMap::new();
    for entry in entries {
        if let Some(number) = numbers.get(&entry.organisation) {
            records.insert((*number, entry.customer), Record::new(*number, entry));
        }
    }
    if records.is_empty() {
        return Ok(());
    }
    let (known_numbers, known_customers): (Vec<i32>, Vec<Uuid>) = records.keys().copied().unzip();
    // Text and not a cached statement, here and below: a plan that was made while the tables were small would
    // stay with the connection while they grow.
    let stored = client.query(STORED, &[&known_numbers, &known_customers]).await?;
    let stored: Vec<Vec<Term>> = stored.iter().map(stored_terms).collect::<Result<_, _>>()?;
    let old: BTreeSet<Term> = stored.into_iter().flatten().collect();
    let new: BTreeSet<Term> = records.values().flat_map(Record::terms).collect();
    let gone: Vec<&Term> = old.difference(&new).collect();
    let come: Vec<&Term> = new.difference(&old).collect();
    remove_terms(client, &gone).await?;
    add_terms(client, &come).await?;
    let rows: Vec<&Record<'_>> = records.values().collect();
    let statement = client.prepare_cached(PUT_CUSTOMERS).await?;
    client.execute(&statement, &[&Json(rows)]).await?;
    let marks: Vec<MarkRow> = records.values().flat_map(Record::marks).collect();
    client.execute(PUT_MARKS, &[&Json(marks)]).await?;
    forget_words(client, &gone).await
}

/// Removes customers and every trace of them, as an erasure does.
pub async fn remove<C: GenericClient>(
    client: &C,
    organisation: Uuid,
    customers: &[Uuid],
) -> Result<(), Error> {
    let Some(number) = known_numbers(client, &[organisation]).await?.remove(&organisation) else {
        return Ok(());
    };
    let removed = client.query(REMOVE_CUSTOMERS, &[&number, &customers]).await?;
    let gone: Vec<Vec<Term>> = removed.iter().map(stored_terms).collect::<Result<_, _>>()?;
    let gone: Vec<&Term> = gone.iter().flatten().collect();
    remove_terms(client, &gone).await?;
    forget_words(client, &gone).await
}

/// Every row of an organisation as text, in order: two builds that are equal have equal contents.
pub async fn contents<C: GenericClient>(
    client: &C,
    organisation: Uuid,
) -> Result<Vec<String>, Error> {
    let rows = client.query(CONTENTS, &[&organisation]).await?;
    Ok(rows.iter().map(|row| row.try_get("line")).collect::<Result<_, _>>()?)
}

async fn remove_terms<C: GenericClient>(client: &C, gone: &[&Term]) -> Result<(), Error> {
    with_columns(client, REMOVE_TERMS, gone).await
}

async fn add_terms<C: GenericClient>(client: &C, come: &[&Term]) -> Result<(), Error> {
    with_columns(client, ADD_TERMS, come).await?;
    let words: BTreeSet<(i32, &str)> = come.iter().filter_map(|term| term.word()).collect();
    if words.is_empty() {
        return Ok(());
    }
    let (numbers, words): (Vec<i32>, Vec<&str>) = words.into_iter().unzip();
    client.execute(ADD_WORDS, &[&numbers, &words]).await?;
    Ok(())
}

async fn forget_words<C: GenericClient>(client: &C, gone: &[&Term]) -> Result<(), Error> {
    let words: BTreeSet<(i32, &str)> = gone.iter().filter_map(|term| term.word()).collect();
    if words.is_empty() {
        return Ok(());
    }
    let (numbers, words): (Vec<i32>, Vec<&str>) = words.into_iter().unzip();
    client.execute(FORGET_WORDS, &[&numbers, &words]).await?;
    Ok(())
}

async fn with_columns<C: GenericClient>(
    client: &C,
    sql: &str,
    terms: &[&Term],
) -> Result<(), Error> {
    if terms.is_empty() {
        return Ok(());
    }
    let numbers: Vec<i32> = terms.iter().map(|t| t.number).collect();
    let archived: Vec<bool> = terms.iter().map(|t| t.archived).collect();
    let texts: Vec<&str> = terms.iter().map(|t| t.term.as_str()).collect();
    let sort_texts: Vec<&str> = terms.iter().map(|t| t.sort_text.as_str()).collect();
    let customers: Vec<Uuid> = terms.iter().map(|t| t.customer).collect();
    client.execute(sql, &[&numbers, &archived, &texts, &sort_texts, &customers]).await?;
    Ok(())
}

/// The numbers of the organisations, new ones where there are none yet.
pub(super) async fn numbers<C: GenericClient>(
    client: &C,
    organisations: BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, i32>, Error> {
    if organisations.is_empty() {
        return Ok(HashMap::new());
    }
    let organisations: Vec<Uuid> = organisations.into_iter().collect();
    let known = known_numbers(client, &organisations).await?;
    if known.len() == organisations.len() {
        return Ok(known);
    }
    let unknown: Vec<Uuid> =
        organisations.iter().filter(|o| !known.contains_key(o)).copied().collect();
    client.execute(NEW_NUMBERS, &[&unknown]).await?;
    known_numbers(client, &organisations).await
}

async fn known_numbers<C: GenericClient>(
    client: &C,
    organisations: &[Uuid],
) -> Result<HashMap<Uuid, i32>, Error> {
    let rows = client.query(NUMBERS, &[&organisations]).await?;
    Ok(rows
        .iter()
        .map(|row| Ok((row.try_get("organisation")?, row.try_get("number")?)))
        .collect::<Result<_, tokio_postgres::Error>>()?)
}
