//! An entry as rows of the tables.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::Entry;
use super::terms::{self, Terms};
use crate::audience::Marks;

/// A row of the table `customers`.
#[derive(Debug, Serialize)]
pub(super) struct Record<'a> {
    pub(super) number: i32,
    pub(super) customer: Uuid,
    kind: &'a str,
    display_name: &'a str,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    company_name: Option<&'a str>,
    emails: &'a [String],
    phones: &'a [String],
    external_ids: Vec<String>,
    folder: Option<Uuid>,
    status: Option<&'a str>,
    tags: &'a [String],
    workers: &'a [Uuid],
    lifecycle: &'a str,
    flagged: Option<&'a str>,
    open_risk_flags: i32,
    pub(super) archived: bool,
    version: i64,
    position: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    last_activity_at: Timestamp,
    pub(super) sort_text: String,
    pub(super) terms: Vec<String>,
    document: &'a Value,
    /// Rows of a table of their own.
    #[serde(skip)]
    marks: &'a Marks,
}

impl<'a> Record<'a> {
    pub(super) fn new(number: i32, entry: &'a Entry) -> Self {
        let Terms { sort_text, terms } = terms::of(entry);
        Self {
            number,
            customer: entry.customer,
            kind: &entry.kind,
            display_name: &entry.display_name,
            first_name: entry.first_name.as_deref(),
            last_name: entry.last_name.as_deref(),
            company_name: entry.company_name.as_deref(),
            emails: &entry.emails,
            phones: &entry.phones,
            external_ids: entry
                .external_ids
                .iter()
                .map(|(source, id)| terms::external_key(source, id))
                .collect(),
            folder: entry.folder,
            status: entry.status.as_deref(),
            tags: &entry.tags,
            workers: &entry.workers,
            lifecycle: &entry.lifecycle,
            flagged: entry.flagged.as_deref(),
            open_risk_flags: entry.open_risk_flags,
            archived: entry.archived,
            version: entry.version,
            position: entry.position,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
            last_activity_at: entry.last_activity_at,
            sort_text,
            terms,
            document: &entry.document,
            marks: &entry.marks,
        }
    }

    pub(super) fn terms(&self) -> impl Iterator<Item = Term> + '_ {
        self.terms.iter().map(|term| Term {
            number: self.number,
            archived: self.archived,
            term: term.clone(),
            sort_text: self.sort_text.clone(),
            customer: self.customer,
        })
    }

    pub(super) fn marks(&self) -> impl Iterator<Item = MarkRow> + '_ {
        self.marks.iter().map(|(audience, mark)| MarkRow {
            number: self.number,
            archived: self.archived,
            audience: audience.to_string(),
            customer: self.customer,
            updated_at: mark.updated_at,
            last_activity_at: mark.last_activity_at,
        })
    }

    /// The values in the order of `copy_customers.sql`.
    pub(super) fn values(&self) -> [&(dyn ToSql + Sync); 26] {
        [
            &self.number,
            &self.customer,
            &self.kind,
            &self.display_name,
            &self.first_name,
            &self.last_name,
            &self.company_name,
            &self.emails,
            &self.phones,
            &self.external_ids,
            &self.folder,
            &self.status,
            &self.tags,
            &self.workers,
            &self.lifecycle,
            &self.flagged,
            &self.open_risk_flags,
            &self.archived,
            &self.version,
            &self.position,
            &self.created_at,
            &self.updated_at,
            &self.last_activity_at,
            &self.sort_text,
            &self.terms,
            &self.document,
        ]
    }

    pub(super) const TYPES: [Type; 26] = [
        Type::INT4,
        Type::UUID,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT_ARRAY,
        Type::TEXT_ARRAY,
        Type::TEXT_ARRAY,
        Type::UUID,
        Type::TEXT,
        Type::TEXT_ARRAY,
        Type::UUID_ARRAY,
        Type::TEXT,
        Type::TEXT,
        Type::INT4,
        Type::BOOL,
        Type::INT8,
        Type::INT8,
        Type::TIMESTAMPTZ,
        Type::TIMESTAMPTZ,
        Type::TIMESTAMPTZ,
        Type::TEXT,
        Type::TEXT_ARRAY,
        Type::JSONB,
    ];
}

/// A row of the table `marks`.
#[derive(Debug, Serialize)]
pub(super) struct MarkRow {
    number: i32,
    archived: bool,
    audience: String,
    customer: Uuid,
    updated_at: Timestamp,
    last_activity_at: Timestamp,
}

impl MarkRow {
    pub(super) const TYPES: [Type; 6] =
        [Type::INT4, Type::BOOL, Type::TEXT, Type::UUID, Type::TIMESTAMPTZ, Type::TIMESTAMPTZ];

    /// The values in the order of `copy_marks.sql`.
    pub(super) fn values(&self) -> [&(dyn ToSql + Sync); 6] {
        let Self { number, archived, audience, customer, updated_at, last_activity_at } = self;
        [number, archived, audience, customer, updated_at, last_activity_at]
    }
}

/// A row of the table `terms`, in the order of its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Term {
    pub(super) number: i32,
    pub(super) archived: bool,
    pub(super) term: String,
    pub(super) sort_text: String,
    pub(super) customer: Uuid,
}

impl Term {
    pub(super) fn word(&self) -> Option<(i32, &str)> {
        Some((self.number, self.term.strip_prefix('w')?))
    }
}

pub(super) fn stored_terms(row: &Row) -> Result<Vec<Term>, tokio_postgres::Error> {
    let (number, archived, customer) =
        (row.try_get("number")?, row.try_get("archived")?, row.try_get("customer")?);
    let sort_text: &str = row.try_get("sort_text")?;
    let terms: Vec<String> = row.try_get("terms")?;
    let term = |term| Term { number, archived, term, sort_text: sort_text.to_owned(), customer };
    Ok(terms.into_iter().map(term).collect())
}
