//! The list of customers as somebody may see it: searched, filtered, or by a condition.

mod among;

use domain::access::{self, FieldGroup, RowScope};
use domain::condition::Condition;
use domain::value::fold;
use eventstore::Store;
use serde_json::Value;

use crate::audience::Audience;
use crate::customer_360::{View, names_for, row};
use crate::directory::{self, Cursor, Filters, Matched, Scope, Sort};
use crate::directory_model::{Directory, entry};
use crate::error::Error;
use crate::page::{Page, PageQuery, Turns, position};
use crate::predicate;
use crate::read_model::{Key, ReadModel};
use crate::reader::{connection, reading};

pub use among::among;

/// Which customers, in which order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// What was typed; blank for a plain list.
    pub text: String,
    /// The archive in place of the list.
    pub archived: bool,
    pub filters: Filters,
    pub sort: Sort,
    pub page: PageQuery,
}

/// Finds customers by text and filters. Each row is a customer without its sections; where a text
/// was searched for, `matched` says what it matched.
pub async fn list(store: &Store, scope: &access::Scope, query: &Query) -> Result<Page, Error> {
    // What is hidden cannot be asked for: nobody is found by it.
    let hidden = query.filters.under_review.is_some() && !scope.shows(FieldGroup::Risk);
    let place = query.page.before.as_deref().or(query.page.after.as_deref());
    let after = place.map(str::parse).transpose();
    let rows = if hidden { nobody() } else { rows(scope.row_scope()) };
    let asked = directory::Query {
        after: after.map_err(directory::Error::from)?,
        ..asked(scope, query, rows)
    };
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let found = directory::search(&tx, &asked).await?;
    let position = position(&tx, Directory::NAME, scope.organisation()).await?;
    drop(tx);
    drop(client);
    let text = |cursor: Cursor| cursor.to_string();
    let turns = Turns { next: found.next.map(text), prev: found.prev.map(text) };
    let mut views = Vec::with_capacity(found.hits.len());
    for hit in found.hits {
        let view = serde_json::from_value(hit.document);
        views.push((view.map_err(|error| Error::Row(Directory::NAME, error))?, hit.matched));
    }
    Ok(Page { data: shown(store, scope, &views).await?, turns, position })
}

/// The question to the directory, from its first row on.
fn asked(scope: &access::Scope, query: &Query, rows: Scope) -> directory::Query {
    let mut filters = query.filters.clone();
    filters.tags.iter_mut().for_each(|tag| *tag = fold(tag));
    directory::Query {
        organisation: scope.organisation(),
        archived: query.archived,
        text: query.text.clone(),
        by_contact: scope.shows(FieldGroup::Contact),
        scope: rows,
        filters,
        sort: query.sort,
        audiences: Audience::limits(scope),
        after: None,
        backwards: query.page.is_backwards(),
        limit: query.page.limit,
    }
}

/// Finds customers by a condition tree, by name. Fields that the reader does not see must have
/// been left out of the catalogue that the condition was read with.
pub async fn search(
    store: &Store,
    scope: &access::Scope,
    condition: &Condition,
    archived: bool,
    page: &PageQuery,
) -> Result<Page, Error> {
    let found = predicate::find(store, scope, condition, archived, page).await?;
    let client = store.worker().get().await?;
    let position = position(&client, Directory::NAME, scope.organisation()).await?;
    drop(client);
    let views: Vec<(View, Option<Matched>)> =
        found.views.into_iter().map(|view| (view, None)).collect();
    Ok(Page { data: shown(store, scope, &views).await?, turns: found.turns, position })
}

/// Whether a search by this text finds the customer, with every other filter left out.
pub async fn finds(
    store: &Store,
    scope: &access::Scope,
    customer: &View,
    text: &str,
) -> Result<bool, Error> {
    const MOST: u16 = 200;
    let query = Query {
        text: text.to_owned(),
        archived: customer.archived_at.is_some(),
        page: PageQuery::first(MOST),
        ..Query::default()
    };
    let asked = asked(scope, &query, Scope::All);
    let key = Key { organisation: scope.organisation(), id: customer.id };
    if directory::finds(&entry(&(key, Box::new(customer.clone()))), &asked) {
        return Ok(true);
    }
    // Close spellings stand at the end of the first page.
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let found = directory::search(&tx, &asked).await?;
    Ok(found.hits.iter().any(|hit| hit.customer == customer.id))
}

async fn shown(
    store: &Store,
    scope: &access::Scope,
    views: &[(View, Option<Matched>)],
) -> Result<Vec<Value>, Error> {
    let ids = names_for(views.iter().map(|(view, _)| view));
    let names = ids.names(store, scope.organisation()).await?;
    let rows = views.iter().map(|(view, matched)| {
        let mut row = row(view, scope, &names);
        if let (Value::Object(row), Some(matched)) = (&mut row, matched) {
            row.insert("matched".to_owned(), matched.as_str().into());
        }
        row
    });
    Ok(rows.collect())
}

/// The row scope as the directory takes it.
fn rows(scope: &RowScope) -> Scope {
    match scope {
        RowScope::All => Scope::All,
        RowScope::Within { folders, workers } => Scope::Within {
            folders: folders.iter().copied().collect(),
            workers: workers.iter().copied().collect(),
        },
    }
}

fn nobody() -> Scope {
    Scope::Within { folders: Vec::new(), workers: Vec::new() }
}
