//! Reading customers: the list, the search, one of them now or in the past.

use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::access::{Action, Scope};
use domain::condition::Condition;
use domain::customer::Customer;
use projections::customer_360::{self, Answer, Found};
use projections::predicate;
use projections::tasks::Filter;
use projections::{customer_list, envelope};
use serde_json::{Value, json};
use uuid::Uuid;

use super::filter::{self, Wanted, Way};
use super::own;
use crate::commands::invalid;
use crate::extract::{Ask, JsonBody};
use crate::page::{self, Count, Standing};
use crate::past;
use crate::problem::{Code, Problem, nearest};
use crate::routes::{interactions, notes, orders, tasks};
use crate::server::App;
use crate::view;

/// The members of a customer that can be asked for one by one.
const FIELDS: &[&str] = &[
    "id",
    "type",
    "display_name",
    "first_name",
    "last_name",
    "company_name",
    "emails",
    "phones",
    "addresses",
    "lifecycle",
    "dormant",
    "status",
    "folder",
    "tags",
    "badges",
    "flag",
    "opted_out",
    "do_not_work_with",
    "portal",
    "workers",
    "external_ids",
    "source",
    "counters",
    "finance",
    "risk",
    "archived_at",
    "version",
    "position",
    "created_at",
    "updated_at",
    "last_activity_at",
    "matched",
    "favourite",
    "new_activity",
];

/// What can be read with a customer. The first ones are there anyway.
const PARTS: &[&str] =
    &["counters", "finance", "risk", "tags", "workers", "notes", "interactions", "tasks", "orders"];
/// An estimate is exact up to so many customers; of more it says only that there are more.
const ESTIMATED: i64 = 10_000;
/// Rows of a part that comes with its customer.
const PART_ROWS: u16 = 20;

pub(super) async fn list(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerList)?;
    let fields = words(&ask, "fields", FIELDS)?;
    let wanted = filter::read(&ask, &scope)?;
    let standing = page::of_views(&ask, "directory", &["folders"]).await?;
    let page = page::query(&ask)?;
    let store = ask.app.store();
    let Wanted { condition, query, way } = wanted;
    if ask.query.text("q").is_some() && count_to(&ask).is_some() {
        let detail = "a search by q is not counted; leave out count, or q";
        return Err(Problem::parameter("count", detail, None));
    }
    let query = customer_list::Query { page, ..*query };
    let archived = query.archived;
    let condition = match way {
        Way::Directory | Way::Condition => condition,
        Way::Favourites => Condition::All(vec![condition, own::favourites(&ask).await?]),
    };
    let found = match way {
        Way::Directory => customer_list::list(store, &scope, &query).await?,
        Way::Condition => {
            customer_list::search(store, &scope, &condition, archived, &query.page).await?
        }
        Way::Favourites => customer_list::among(store, &scope, &condition, &query).await?,
    };
    let count = count(&ask, &scope, &condition, archived).await?;
    answer(&ask, &scope, (found, count), &fields, standing).await
}

/// The rows with what is the reader's own, as far as their members are asked for.
async fn answer(
    ask: &Ask,
    scope: &Scope,
    (mut found, count): (projections::Page, Option<Count>),
    fields: &[String],
    standing: Standing,
) -> Result<Response, Problem> {
    if fields.is_empty() || fields.iter().any(|field| own::FIELDS.contains(&field.as_str())) {
        own::mark(ask, scope, &mut found.data).await?;
    }
    found.data.iter_mut().for_each(|row| narrow(row, fields));
    Ok(page::counted(ask, found, count, standing))
}

/// The body is the condition itself.
pub(super) async fn search(ask: Ask, JsonBody(tree): JsonBody) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerList)?;
    let fields = words(&ask, "fields", FIELDS)?;
    let catalogue = domain::condition::catalogue_customer().within(scope.field_groups());
    let condition = Condition::parse(&tree, &catalogue).map_err(invalid)?;
    let standing = page::of_views(&ask, "directory", &["folders"]).await?;
    let archived = ask.query.flag("archived");
    let page = page::query(&ask)?;
    let store = ask.app.store();
    let found = customer_list::search(store, &scope, &condition, archived, &page).await?;
    let count = count(&ask, &scope, &condition, archived).await?;
    answer(&ask, &scope, (found, count), &fields, standing).await
}

/// Whether the customers that match are to be counted, and up to how many.
fn count_to(ask: &Ask) -> Option<Option<i64>> {
    match ask.query.text("count") {
        Some("exact") => Some(None),
        Some("estimated") => Some(Some(ESTIMATED + 1)),
        Some(_) | None => None,
    }
}

async fn count(
    ask: &Ask,
    scope: &Scope,
    condition: &Condition,
    archived: bool,
) -> Result<Option<Count>, Problem> {
    let Some(most) = count_to(ask) else { return Ok(None) };
    let rows = predicate::count(ask.app.store(), scope, condition, archived, most).await?;
    let is_exact = most.is_none_or(|most| rows < most);
    let rows = if is_exact { rows } else { ESTIMATED };
    Ok(Some(Count { rows, is_exact }))
}

pub(super) async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let id = ask.id("customer_id")?;
    let fields = words(&ask, "fields", FIELDS)?;
    let parts = words(&ask, "include", PARTS)?;
    let (found, standing) = find(&ask, &scope, id).await?;
    let Answer { mut body, version, touched, position } = *customer(found)?;
    if past::moment(&ask)?.is_none() {
        own::mark(&ask, &scope, std::slice::from_mut(&mut body)).await?;
    }
    let own = own::tag(&body);
    narrow(&mut body, &fields);
    include(&ask, id, &parts, &mut body).await?;
    let tag = view::tag(&ask, version, touched, &own);
    let standing = Standing { position: position.max(standing.position), ..standing };
    let answer = standing.stamp(Json(body).into_response());
    Ok(view::tagged(&ask.headers, &tag, answer))
}

/// The customer that was asked for: now, strongly, or as it was.
async fn find(ask: &Ask, scope: &Scope, id: Uuid) -> Result<(Found, Standing), Problem> {
    let store = ask.app.store();
    let strong = ask.query.text("consistency") == Some("strong");
    match past::moment(ask)? {
        Some(moment) => {
            let standing = page::of_log(ask).await?;
            Ok((projections::past::get(store, scope, id, moment).await?, standing))
        }
        None if strong => {
            let standing = page::of_log(ask).await?;
            Ok((customer_360::get_strong(store, scope, id).await?, standing))
        }
        None => {
            let standing = page::of_views(ask, "customer_360", &["folders"]).await?;
            let found = match customer_360::get(store, scope, id).await? {
                // Just created, perhaps: the log knows.
                Found::Nothing { .. } => customer_360::get_strong(store, scope, id).await?,
                found @ (Found::Customer(_) | Found::Erased { .. }) => found,
            };
            Ok((found, standing))
        }
    }
}

/// The customer, or why there is none to show.
pub(crate) fn customer(found: Found) -> Result<Box<Answer>, Problem> {
    match found {
        Found::Customer(answer) => Ok(answer),
        Found::Erased { at, .. } => {
            Err(Problem::new(Code::CustomerErased).with("erased_at", view::time(at)))
        }
        Found::Nothing { .. } => Err(Problem::new(Code::CustomerNotFound)),
    }
}

/// One address of a customer, as it is now.
pub(super) async fn address(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let (id, address) = (ask.id("customer_id")?, ask.id("address_id")?);
    let standing = page::of_log(&ask).await?;
    let found = customer_360::get_strong(ask.app.store(), &scope, id).await?;
    let addresses = customer(found)?.body.get_mut("addresses").map(Value::take);
    let address = match addresses {
        Some(Value::Array(addresses)) => page::find(addresses, address),
        Some(_) | None => None,
    };
    let address = address.ok_or_else(|| Problem::new(Code::AddressNotFound))?;
    Ok(standing.stamp(Json(address).into_response()))
}

/// The customer folded from its events, for the answer of a command.
pub(crate) async fn strong(ask: &Ask, id: Uuid) -> Result<Option<Value>, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    Ok(match customer_360::get_strong(ask.app.store(), &scope, id).await? {
        Found::Customer(answer) => Some(answer.body),
        Found::Erased { at, .. } => {
            Some(json!({ "id": id, "erased": true, "erased_at": view::time(at) }))
        }
        Found::Nothing { .. } => None,
    })
}

/// The name of a customer, for somebody within whose reach it is.
pub(crate) async fn name_within(app: &App, scope: &Scope, id: Uuid) -> Option<String> {
    if !envelope::reaches(app.store(), scope, Some(id)).await.ok()? {
        return None;
    }
    let (_, state) = app.store().load::<Customer>(scope.organisation(), id).await.ok()?;
    state.names.display()?.into_known()
}

/// The words of a list parameter, each of which must be known.
fn words(ask: &Ask, name: &str, known: &[&str]) -> Result<Vec<String>, Problem> {
    let words = ask.query.words(name);
    match words.iter().find(|word| !known.contains(&word.as_str())) {
        None => Ok(words),
        Some(word) => {
            let near = nearest(word, known.iter().copied());
            let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            let allowed = known.iter().map(|word| (*word).to_owned()).collect();
            Err(Problem::parameter(name, format!("{name} has no {word:?}{hint}"), Some(allowed)))
        }
    }
}

/// Only these members; the id always, and what is hidden is still named.
fn narrow(body: &mut Value, fields: &[String]) {
    let kept = |name: &str| name == "id" || name == "_redacted" || fields.iter().any(|f| f == name);
    if let Value::Object(body) = body
        && !fields.is_empty()
    {
        body.retain(|name, _| kept(name));
    }
}

/// The first rows of what was asked for beside the customer itself, each from its own view, or as
/// it was then.
async fn include(ask: &Ask, id: Uuid, parts: &[String], body: &mut Value) -> Result<(), Problem> {
    let query = projections::PageQuery::first(PART_ROWS);
    for part in parts {
        let page = match part.as_str() {
            "notes" => notes::rows(ask, id, &query).await?,
            "interactions" => interactions::rows(ask, id, &query).await?,
            "tasks" => {
                page::of_view(ask, "tasks").await?;
                let filter = Filter { customer: Some(id), ..Filter::default() };
                Some(tasks::rows(ask, &filter, &query).await?)
            }
            "orders" => {
                page::of_view(ask, "orders").await?;
                Some(orders::rows(ask, Some(id), &query).await?)
            }
            _ => None,
        };
        if let (Some(page), Value::Object(body)) = (page, &mut *body) {
            let more = page.turns.next.is_some();
            body.insert(part.clone(), json!({ "data": page.data, "has_more": more }));
        }
    }
    Ok(())
}
