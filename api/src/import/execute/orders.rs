//! A document of an order history: recorded as it was, for a customer known by outside id.

use domain::Command;
use domain::claim::ClaimKind;
use eventstore::{Options, Refused};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::OrderDocument;
use super::{Done, ImportError, Outcome, Run, judge};

impl Run {
    pub(super) async fn order(&self, document: &OrderDocument) -> Result<Done, ImportError> {
        let row = document.first_row();
        let customer = match self.known(&document.customer, row, document.occurred_at).await? {
            Ok(customer) => customer,
            Err(done) => return Ok(done),
        };
        let body = self.body(customer, document);
        let command = match Command::parse("order.record", None, body) {
            Ok(command) => command,
            Err(invalid) => return Ok(Done::failed(row, invalid.code, invalid.detail)),
        };
        let caller = self.at(Some(document.occurred_at));
        match self.store.execute(&caller, command, &Options::default()).await {
            Ok(done) if done.changed => Ok(Done::new(row, Outcome::Created, done.stream_id)),
            Ok(done) => Ok(Done::new(row, Outcome::Unchanged, done.stream_id)),
            Err(refused) => judge(row, refused),
        }
    }

    /// A history may name customers of whom nothing else is known: they are taken over under
    /// their outside id, without a name, to be completed by a customer file or by hand.
    pub(super) async fn known(
        &self,
        external_id: &str,
        row: u64,
        occurred_at: Timestamp,
    ) -> Result<Result<Uuid, Done>, ImportError> {
        if let Some(customer) = self.find(external_id).await? {
            return Ok(Ok(customer));
        }
        let body =
            json!({ "type": "other", "external_ids": { self.source.as_str(): external_id } });
        let command = match Command::parse("customer.create", None, body) {
            Ok(command) => command,
            Err(invalid) => {
                return Ok(Err(Done::failed(row, invalid.code, invalid.detail)));
            }
        };
        let caller = self.at(Some(occurred_at));
        let id = match self.store.execute(&caller, command, &Options::default()).await {
            Ok(done) => done.stream_id,
            Err(Refused::ClaimTaken { kind: ClaimKind::ExternalId, holder }) => holder,
            Err(refused) => return judge(row, refused).map(Err),
        };
        self.customers.lock().insert(external_id.to_owned(), id);
        Ok(Ok(id))
    }

    fn body(&self, customer: Uuid, document: &OrderDocument) -> Value {
        let placed_at: Timestamp = document.occurred_at;
        json!({
            "customer": customer,
            "source": self.source,
            "number": document.number,
            "credited": document.credited,
            "currency": document.currency.as_deref().unwrap_or(&self.currency),
            "placed_at": placed_at,
            "lines": lines(document),
        })
    }
}

pub(super) fn lines(document: &OrderDocument) -> Vec<Value> {
    document
        .lines
        .iter()
        .map(|line| {
            json!({
                "item_code": line.item_code.as_deref().unwrap_or_default(),
                "description": line.description.as_deref().unwrap_or_default(),
                "quantity": line.quantity.to_string(),
                "unit_price": line.unit_price.to_string(),
            })
        })
        .collect()
}
