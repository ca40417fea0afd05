//! The list of a few customers that a condition names: read whole, and put in any order.

use std::cmp::Ordering;

use domain::access::Scope;
use domain::condition::Condition;
use eventstore::Store;
use uuid::Uuid;

use super::{Query, asked, shown};
use crate::customer_360::View;
use crate::directory::{self, Sort};
use crate::directory_model::{Directory, entry};
use crate::error::Error;
use crate::page::{Page, PageQuery, Turns, page, position};
use crate::predicate;
use crate::read_model::{Key, ReadModel};

/// Customers read at once.
const CHUNK: u16 = 1_000;

/// What a customer is sorted by: a moment or the name, then the customer.
type Place = (i64, String, Uuid);

/// The customers that match, as far as the query's text finds them; its filters are part of the
/// condition.
pub async fn among(
    store: &Store,
    scope: &Scope,
    condition: &Condition,
    query: &Query,
) -> Result<Page, Error> {
    let question = asked(scope, query, directory::Scope::All);
    let mut found: Vec<(Place, View)> = Vec::new();
    let mut chunk = PageQuery::first(CHUNK);
    loop {
        let rows = predicate::find(store, scope, condition, query.archived, &chunk).await?;
        for view in rows.views {
            let key = Key { organisation: scope.organisation(), id: view.id };
            let entry = entry(&(key, Box::new(view.clone())));
            if directory::finds(&entry, &question) {
                found.push((place(&view, directory::sort_text(&entry), query.sort, scope), view));
            }
        }
        chunk.after = rows.turns.next;
        if chunk.after.is_none() {
            break;
        }
    }
    let client = store.worker().get().await?;
    let position = position(&client, Directory::NAME, scope.organisation()).await?;
    drop(client);
    let (found, turns) = turn(found, query)?;
    let views: Vec<_> = found.into_iter().map(|(_, view)| (view, None)).collect();
    Ok(Page { data: shown(store, scope, &views).await?, turns, position })
}

fn place(view: &View, sort_text: String, sort: Sort, scope: &Scope) -> Place {
    let moment = match sort {
        Sort::Name | Sort::NameBackwards => return (0, sort_text, view.id),
        Sort::Updated => view.mark(scope).updated_at,
        Sort::Active => view.mark(scope).last_activity_at,
    };
    (moment.as_microsecond(), String::new(), view.id)
}

/// The page that is asked for. Names begin with the first, moments with the last.
fn turn(
    mut found: Vec<(Place, View)>,
    query: &Query,
) -> Result<(Vec<(Place, View)>, Turns), Error> {
    let begins_small = query.sort == Sort::Name;
    let upwards = begins_small != query.page.is_backwards();
    let beyond = if upwards { Ordering::Greater } else { Ordering::Less };
    if let Some(place) = query.page.key::<Place>()? {
        found.retain(|(key, _)| key.cmp(&place) == beyond);
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    if !upwards {
        found.reverse();
    }
    found.truncate(usize::from(query.page.limit) + 1);
    Ok(page(found, &query.page, |(key, _)| key.clone()))
}
