//! The data of its commands.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::command::{Data, Fact, Need, plain};
use crate::customer::CustomerFact;
use crate::value::{Channel, Code, MessageText, Money, Name, Phone, SourceName, Subject};

/// Keeps a message whose sender is no customer, or more than one.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = unmatched::ReceiveMessage)]
pub struct ReceiveMessage {
    pub channel: Channel,
    /// The address or number that it came from.
    pub from: Name,
    /// The address or number of ours that it came to.
    pub to: Option<Name>,
    /// How the sender calls themselves.
    pub name: Option<Name>,
    pub subject: Option<Subject>,
    pub text: Option<MessageText>,
    /// The message as its carrier knows it.
    pub provider_id: Subject,
    /// What holds a conversation together.
    pub thread: Option<Subject>,
    /// The names of what came with it.
    #[serde(default)]
    pub attachments: Vec<Name>,
    /// The customers that it may be of, where there are several.
    #[serde(default)]
    pub candidates: Vec<Uuid>,
}

/// Keeps a payment that names no customer.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = unmatched::ReceivePayment)]
pub struct ReceivePayment {
    pub provider: SourceName,
    /// The payment as the provider knows it.
    pub provider_id: Code,
    pub amount: Money,
    /// What it is for, in the payer's or the provider's words.
    pub reference: Option<Subject>,
    pub payer_name: Option<Name>,
    pub payer_email: Option<crate::value::Email>,
    pub payer_phone: Option<Phone>,
    /// The day on which it came in.
    #[schema(value_type = String, format = Date)]
    pub received_on: jiff::civil::Date,
}

plain!(ReceiveMessage, ReceivePayment);

/// Says whose it is.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = unmatched::Attach)]
pub struct Attach {
    pub customer: Uuid,
    #[serde(skip)]
    pub customer_fact: Option<CustomerFact>,
}

impl Data for Attach {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Customer(self.customer)]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::Customer { id, customer } = fact
            && *id == self.customer
        {
            self.customer_fact.clone_from(customer);
        }
    }
}
