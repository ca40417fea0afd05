//! A payment of another system. The money came in, whatever it was for: where the invoice that
//! it names cannot take it, it stays as credit, and the report says why.

use domain::{Command, Refusal};
use eventstore::{Options, Refused};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::PaymentRow;
use super::{Done, ImportError, Outcome, Run, document_id, judge};

/// Refusals of the allocation, not of the payment.
const OF_ALLOCATION: [&str; 3] = ["invoice_not_found", "currency_differs", "nothing_to_allocate"];

impl Run {
    pub(super) async fn payment(&self, payment: &PaymentRow) -> Result<Done, ImportError> {
        let row = payment.row;
        let customer = match self.known(&payment.customer, row, payment.occurred_at).await? {
            Ok(customer) => customer,
            Err(done) => return Ok(done),
        };
        let payment_id = document_id("payment", &self.source, &payment.number);
        let _turn = self.turn(customer).await;
        let allocations = payment.invoice.iter().map(|number| json!({ "invoice": number }));
        let body = self.payment_body(payment, customer, payment_id, allocations.collect());
        match self.receive(payment, body).await {
            Ok(outcome) => Ok(Done::new(row, outcome, payment_id)),
            Err(Refused::Rejected(refusal)) if OF_ALLOCATION.contains(&refusal.code()) => {
                let body = self.payment_body(payment, customer, payment_id, Vec::new());
                match self.receive(payment, body).await {
                    Ok(outcome) => Ok(stays(row, outcome, payment_id, refusal.as_ref())),
                    Err(refused) => judge(row, refused),
                }
            }
            Err(refused) => judge(row, refused),
        }
    }

    fn payment_body(
        &self,
        payment: &PaymentRow,
        customer: Uuid,
        payment_id: Uuid,
        allocations: Vec<Value>,
    ) -> Value {
        let currency = payment.currency.as_deref().unwrap_or(&self.currency);
        json!({
            "customer": customer,
            "payment_id": payment_id,
            "amount": { "amount": payment.amount.to_string(), "currency": currency },
            "method": payment.method,
            "received_on": payment.received_on,
            "reference": payment.reference,
            "allocations": allocations,
        })
    }

    async fn receive(&self, payment: &PaymentRow, body: Value) -> Result<Outcome, Refused> {
        let command = match Command::parse("account.receive_payment", None, body) {
            Ok(command) => command,
            Err(invalid) => return Err(Refused::Rejected(Box::new(invalid))),
        };
        let caller = self.at(Some(payment.occurred_at));
        let done = self.store.execute(&caller, command, &Options::default()).await?;
        Ok(if done.changed { Outcome::Created } else { Outcome::Unchanged })
    }
}

fn stays(row: u64, outcome: Outcome, payment_id: Uuid, refusal: &dyn Refusal) -> Done {
    let message = format!("the payment stays as credit: {refusal}");
    Done { code: refusal.code().to_owned(), message, ..Done::new(row, outcome, payment_id) }
}
