//! The webhooks of a lane as of the matcher's checkpoint: in memory for matching, and as rows for
//! the next start.

use std::collections::{BTreeMap, HashMap};

use deadpool_postgres::GenericClient;
use domain::Decider;
use domain::webhook::{self, Order, Status, Webhook};
use serde_json::Value;
use uuid::Uuid;

use crate::error::Error;

const LOAD: &str = include_str!("webhooks/sql/load.sql");
const PUT: &str = include_str!("webhooks/sql/put.sql");
const REMOVE: &str = include_str!("webhooks/sql/remove.sql");

/// A webhook's row, or that there is none any more.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WebhookRow {
    organisation: Uuid,
    webhook: Uuid,
    kept: Option<(bool, Value)>,
}

/// The webhooks of a lane, by organisation and id.
#[derive(Debug, Default)]
pub(crate) struct Webhooks(HashMap<Uuid, BTreeMap<Uuid, webhook::State>>);

impl Webhooks {
    /// The webhooks as they were at the lane's checkpoint.
    pub(crate) async fn load(client: &impl GenericClient, lane: i16) -> Result<Self, Error> {
        let statement = client.prepare_cached(LOAD).await?;
        let mut webhooks = Self::default();
        for row in client.query(&statement, &[&lane]).await? {
            let id: Uuid = row.try_get("webhook_id")?;
            let definition: Value = row.try_get("definition")?;
            let definition =
                serde_json::from_value(definition).map_err(|error| Error::Webhook(id, error))?;
            let active: bool = row.try_get("active")?;
            let state = webhook::State {
                status: if active { Status::Active } else { Status::Disabled },
                definition: Some(definition),
                // Who owns it, and why it is off, are asked for where it is delivered.
                ..webhook::State::default()
            };
            webhooks.0.entry(row.try_get("organisation")?).or_default().insert(id, state);
        }
        Ok(webhooks)
    }

    /// Folds an event of a webhook in; the row is to be written with the checkpoint.
    pub(crate) fn apply(
        &mut self,
        organisation: Uuid,
        webhook: Uuid,
        event: &webhook::Event,
    ) -> Result<WebhookRow, Error> {
        let of_organisation = self.0.entry(organisation).or_default();
        let state = of_organisation.remove(&webhook).unwrap_or_default();
        let state = Webhook::evolve(state, event);
        let kept = match &state.definition {
            Some(definition) if state.status != Status::Deleted => {
                let definition = serde_json::to_value(definition).map_err(Error::Encode)?;
                Some((state.status == Status::Active, definition))
            }
            Some(_) | None => None,
        };
        if kept.is_some() {
            of_organisation.insert(webhook, state);
        }
        Ok(WebhookRow { organisation, webhook, kept })
    }

    /// The webhooks that are told of an event of this name, and whether in order.
    pub(crate) fn told_of(
        &self,
        organisation: Uuid,
        name: &str,
    ) -> impl Iterator<Item = (Uuid, bool)> {
        let webhooks = self.0.get(&organisation).into_iter().flatten();
        webhooks.filter_map(move |(id, state)| {
            let definition = state.definition.as_ref()?;
            let told = state.status == Status::Active && definition.wants(name);
            told.then_some((*id, definition.order == Order::Subject))
        })
    }
}

/// Writes rows, in the order in which they came about. What waits for a webhook that is deleted
/// goes with it.
pub(crate) async fn put(
    client: &impl GenericClient,
    lane: i16,
    rows: &[WebhookRow],
) -> Result<(), Error> {
    for WebhookRow { organisation, webhook, kept } in rows {
        match kept {
            Some((active, definition)) => {
                let statement = client.prepare_cached(PUT).await?;
                client
                    .execute(&statement, &[organisation, webhook, &lane, active, definition])
                    .await?;
            }
            None => {
                let statement = client.prepare_cached(REMOVE).await?;
                client.execute(&statement, &[organisation, webhook]).await?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::webhook::{Definition, Event, Payload, Reason};

    use super::*;

    const OURS: Uuid = Uuid::from_u128(1);

    fn created(types: &[&str]) -> Event {
        let definition = Definition {
            url: "https://hooks.example.com".to_owned(),
            types: types.iter().map(|name| (*name).to_owned()).collect(),
            filter: None,
            payload: Payload::Full,
            order: Order::Subject,
        };
        Event::Created { owner: Uuid::nil(), definition: Box::new(definition) }
    }

    fn told(webhooks: &Webhooks, name: &str) -> Vec<Uuid> {
        webhooks.told_of(OURS, name).map(|(id, _)| id).collect()
    }

    #[test]
    fn those_that_are_on_and_ask_for_an_event_are_told() {
        let (one, two) = (Uuid::from_u128(10), Uuid::from_u128(11));
        let mut webhooks = Webhooks::default();
        let row = webhooks.apply(OURS, one, &created(&["customer.*"])).unwrap();
        assert!(row.kept.is_some_and(|(active, _)| active));
        webhooks.apply(OURS, two, &created(&[])).unwrap();
        assert_eq!(told(&webhooks, "customer.tagged"), [one, two]);
        assert_eq!(told(&webhooks, "task.added"), [two]);
        assert!(webhooks.told_of(Uuid::nil(), "task.added").next().is_none());
        let off = Event::Disabled { reason: Reason::Asked };
        assert!(webhooks.apply(OURS, two, &off).unwrap().kept.is_some_and(|(active, _)| !active));
        assert!(told(&webhooks, "task.added").is_empty());
        webhooks.apply(OURS, two, &Event::Enabled {}).unwrap();
        assert_eq!(told(&webhooks, "task.added"), [two]);
        assert_eq!(webhooks.apply(OURS, two, &Event::Deleted {}).unwrap().kept, None);
        assert!(told(&webhooks, "task.added").is_empty());
    }
}
