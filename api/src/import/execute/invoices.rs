//! An invoice of another system: issued once, under its own number.

use domain::{Command, order};
use eventstore::Options;
use serde_json::json;
use uuid::Uuid;

use super::super::OrderDocument;
use super::orders::lines;
use super::{Done, ImportError, Outcome, Run, document_id, judge};

impl Run {
    pub(super) async fn invoice(&self, document: &OrderDocument) -> Result<Done, ImportError> {
        let row = document.first_row();
        let customer = match self.known(&document.customer, row, document.occurred_at).await? {
            Ok(customer) => customer,
            Err(done) => return Ok(done),
        };
        let invoice_id = document_id("invoice", &self.source, &document.number);
        let bills = document.orders.iter();
        let orders: Vec<Uuid> =
            bills.map(|number| order::document_id(&self.source, number)).collect();
        let body = json!({
            "customer": customer,
            "invoice_id": invoice_id,
            "number": document.number,
            "issued_on": document.placed_at.date(),
            "due_on": document.due_on,
            "currency": document.currency.as_deref().unwrap_or(&self.currency),
            "lines": lines(document),
            "orders": orders,
        });
        let command = match Command::parse("account.issue_invoice", None, body) {
            Ok(command) => command,
            Err(invalid) => return Ok(Done::failed(row, invalid.code, invalid.detail)),
        };
        let caller = self.at(Some(document.occurred_at));
        let _turn = self.turn(customer).await;
        match self.store.execute(&caller, command, &Options::default()).await {
            Ok(done) if done.changed => Ok(Done::new(row, Outcome::Created, invoice_id)),
            Ok(_) => Ok(Done::new(row, Outcome::Unchanged, invoice_id)),
            Err(refused) => judge(row, refused),
        }
    }
}
