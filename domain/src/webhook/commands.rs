//! The data of a webhook's commands, and the decisions that take more than a line.

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Definition, Error, Event, Order, Payload, Reason, State};
use crate::command::{given, plain};
use crate::event::pattern::Pattern;
use crate::value::WebAddress;

/// Sets up a webhook.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = webhook::Create)]
pub struct Create {
    /// Where events are sent. It must be reachable from the internet.
    pub url: WebAddress,
    /// Names of events, or their beginnings with a star: `customer.*`. None means all.
    #[serde(default)]
    pub types: Vec<Pattern>,
    /// A condition tree over `event.*`, `before.*` and `after.*`.
    #[schema(value_type = Option<Object>)]
    pub filter: Option<Value>,
    /// Left out: full.
    #[schema(inline)]
    pub payload: Option<Payload>,
    /// Left out: any.
    #[schema(inline)]
    pub order: Option<Order>,
    /// Who sets it up; the shell says so.
    #[serde(skip)]
    pub owner: Uuid,
}

/// Changes what a webhook is told, or where; what is left out stays.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = webhook::Change)]
pub struct Change {
    pub url: Option<WebAddress>,
    pub types: Option<Vec<Pattern>>,
    /// Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    pub filter: Option<Option<Value>>,
    #[schema(inline)]
    pub payload: Option<Payload>,
    #[schema(inline)]
    pub order: Option<Order>,
}

/// Switches a webhook off that cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = webhook::Suspend)]
pub struct Suspend {
    pub reason: Reason,
}

plain!(Create, Change, Suspend);

pub(super) fn create(create: Create) -> Result<Vec<Event>, Error> {
    let Create { url, types, filter, payload, order, owner } = create;
    let definition = Definition {
        url: url.into(),
        types: words(types),
        filter,
        payload: payload.unwrap_or(Payload::Full),
        order: order.unwrap_or(Order::Any),
    };
    definition.condition()?;
    Ok(vec![Event::Created { owner, definition: Box::new(definition) }])
}

pub(super) fn change(state: &State, change: Change) -> Result<Vec<Event>, Error> {
    let Some(before) = &state.definition else { return Err(Error::NotFound) };
    let Change { url, types, filter, payload, order } = change;
    let definition = Definition {
        url: url.map_or_else(|| before.url.clone(), Into::into),
        types: types.map_or_else(|| before.types.clone(), words),
        filter: filter.unwrap_or_else(|| before.filter.clone()),
        payload: payload.unwrap_or(before.payload),
        order: order.unwrap_or(before.order),
    };
    definition.condition()?;
    if definition == *before {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Changed { definition: Box::new(definition) }])
}

fn words(types: Vec<Pattern>) -> Vec<String> {
    types.into_iter().map(Into::into).collect()
}
