//! Why a customer is not in somebody's list (F14, F15; FEATURES decision 23).

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::{self, Action, Facts, Principal, Scope};
use domain::condition::{Condition, catalogue_customer};
use domain::customer::Customer;
use domain::member::Member;
use domain::organisation::Organisation;
use eventstore::Absent;
use jiff::Timestamp;
use projections::customer_360::{self, View};
use projections::customer_list;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::access::{extent, member};
use super::{LIST, filter, own};
use crate::endpoint::{Answer, Endpoint, Guard, Kind, Parameter, READ, Request, Verb};
use crate::extract::Ask;
use crate::page;
use crate::problem::{Code, Problem};
use crate::view;

/// The same for everybody: it depends on no data.
const NOTE: &str = "What lies outside your permissions is not shown in any list, nor named here.";

pub(in crate::routes) const ENDPOINTS: &[Endpoint] = &[Endpoint {
    verb: Verb::Get,
    path: "/v1/customers/{customer_id}/why-hidden",
    id: "customers_why_hidden",
    tag: "Access",
    summary: "Which filter or permission keeps a customer out of a list; takes what the list takes",
    guard: Guard::Action(Action::CustomerRead),
    parameters: &[
        LIST,
        READ,
        &[Parameter::new(
            "as",
            Kind::Id,
            "Out of this member's list in place of yours; for who administers users",
        )],
    ],
    request: Request::None,
    answer: Answer::Json(200, "WhyHidden"),
    handler: |verb| on(verb, why_hidden),
}];

async fn why_hidden(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::CustomerRead)?;
    let viewer = ask.query.id("as");
    if viewer.is_some() {
        ask.scope(Action::UserAdmin)?;
    }
    let standing = page::of_log(&ask).await?;
    let id = ask.id("customer_id")?;
    let store = ask.app.store();
    let found = customer_360::seen(store, &scope, id).await?;
    let customer = found.ok_or_else(|| Problem::new(Code::CustomerNotFound))?;
    if let Some(at) = customer.erased_at {
        return Err(Problem::new(Code::CustomerErased).with("erased_at", view::time(at)));
    }
    let mut reasons = Vec::new();
    let eyes = match viewer {
        Some(user) => theirs(&ask, user, id, &mut reasons).await?,
        None => Some(scope.clone()),
    };
    if let Some(eyes) = eyes {
        reasons.extend(by_filters(&ask, &scope, &eyes, &customer).await?);
    }
    let organisation = ask.organisation();
    let (_, active) = store.load::<Organisation>(organisation, organisation).await?;
    let mut body = json!({
        "customer": id,
        "organisation": { "id": organisation, "name": active.name },
        "shown": reasons.is_empty(),
        "hidden_by": reasons,
        "note": NOTE,
    });
    if let (Some(user), Value::Object(body)) = (viewer, &mut body) {
        body.insert("as".to_owned(), json!(user));
    }
    Ok(standing.stamp(Json(body).into_response()))
}

/// What a member's rights keep from them; their scope, where they list customers at all.
async fn theirs(
    ask: &Ask,
    user: Uuid,
    customer: Uuid,
    reasons: &mut Vec<Value>,
) -> Result<Option<Scope>, Problem> {
    let principal = match member(ask, user).await? {
        Ok(principal) => principal,
        Err(Absent::NoMember) => return Err(Problem::new(Code::UserNotFound)),
        Err(Absent::Blocked) => {
            reasons.push(json!({ "kind": "account", "detail": "the member is blocked" }));
            return Ok(None);
        }
    };
    let Ok(scope) = access::scope(&principal, Action::CustomerList) else {
        let detail = "no role of the member gives this permission";
        let permission = Action::CustomerList;
        reasons.push(json!({ "kind": "permission", "permission": permission, "detail": detail }));
        return Ok(None);
    };
    if !reaches(ask, &principal, customer).await? {
        let (_, state) = ask.app.store().load::<Member>(ask.organisation(), user).await?;
        let read = &state.reach.read;
        reasons.push(json!({
            "kind": "reach",
            "detail": format!("the member reads {}, and the customer is not among them", read.words()),
            "extent": extent(ask, read, true).await?,
        }));
    }
    Ok(Some(scope))
}

async fn reaches(ask: &Ask, principal: &Principal, customer: Uuid) -> Result<bool, Problem> {
    let (_, state) = ask.app.store().load::<Customer>(ask.organisation(), customer).await?;
    let facts = Facts { customer: state.fact().as_ref().map(Into::into), ..Facts::default() };
    Ok(access::decide(principal, Action::CustomerList, &facts).allowed)
}

/// What the caller's own parameters keep out, looked at with these eyes.
async fn by_filters(
    ask: &Ask,
    scope: &Scope,
    eyes: &Scope,
    customer: &View,
) -> Result<Vec<Value>, Problem> {
    let filter::Wanted { condition, query, way } = filter::read(ask, scope)?;
    let mut reasons = Vec::new();
    if query.archived != customer.archived_at.is_some() {
        let detail = if query.archived {
            "the customer is in use, and the archive is listed"
        } else {
            "the customer is in the archive, which archived=true lists"
        };
        reasons.push(json!({ "kind": "archive", "parameter": "archived", "detail": detail }));
    }
    if !query.text.is_empty()
        && !customer_list::finds(ask.app.store(), eyes, customer, &query.text).await?
    {
        let detail = "the text finds the customer by nothing that may be searched";
        reasons.push(json!({ "kind": "search", "parameter": "q", "detail": detail }));
    }
    // Another's favourites are not told.
    if way == filter::Way::Favourites
        && ask.query.id("as").is_none()
        && !own::is_favourite(ask, customer.id).await?
    {
        let detail = "the customer is none of your favourites";
        let parameter = "filter[favourite]";
        reasons.push(json!({ "kind": "filter", "parameter": parameter, "detail": detail }));
    }
    let Condition::All(leaves) = condition else { return Ok(reasons) };
    let known = catalogue_customer().within(eyes.field_groups());
    let (facts, now) = (customer.facts(eyes), Timestamp::now());
    let filters = ask.query.filters.iter().filter(|filter| filter.field != filter::FAVOURITE);
    for (filter, leaf) in filters.zip(leaves) {
        let parameter = &filter.parameter;
        if known.get(&filter.field).is_none() {
            let detail = "the field is hidden from the member, and a list by it is refused";
            reasons.push(json!({ "kind": "field", "parameter": parameter, "detail": detail }));
        } else if !leaf.matches(&facts, now).holds {
            let detail = "the customer does not pass this filter";
            reasons.push(json!({ "kind": "filter", "parameter": parameter, "detail": detail }));
        }
    }
    Ok(reasons)
}
