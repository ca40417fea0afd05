//! The data of an order's commands, as they come over the wire.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::document_id;
use super::lines::{Line, RecordLine, check_lines};
use crate::command::{Data, Fact, Invalid, Need};
use crate::customer::CustomerFact;
use crate::value::{Code, Currency, SourceName, Text};

/// Takes a document over. The same document again changes nothing; another content is refused.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = order::Record)]
pub struct Record {
    pub customer: Uuid,
    /// The system that it comes from.
    pub source: SourceName,
    /// Its number there.
    pub number: Code,
    /// Whether it takes back instead of selling.
    #[serde(default)]
    pub credited: bool,
    pub currency: Currency,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub placed_at: Option<Timestamp>,
    #[schema(min_items = 1)]
    pub lines: Vec<RecordLine>,
    #[serde(skip)]
    pub customer_fact: Option<CustomerFact>,
}

impl Record {
    /// The stream that it belongs to.
    pub fn stream_id(&self) -> Uuid {
        document_id(self.source.as_str(), self.number.as_str())
    }
}

impl Data for Record {
    fn check(&mut self) -> Result<(), Invalid> {
        check_lines(&self.lines)
    }

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

/// Places an order: the customer wants these things at these prices.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = order::Place)]
pub struct Place {
    pub customer: Uuid,
    pub currency: Currency,
    #[schema(min_items = 1)]
    pub lines: Vec<RecordLine>,
    #[serde(skip)]
    pub customer_fact: Option<CustomerFact>,
}

impl Data for Place {
    fn check(&mut self) -> Result<(), Invalid> {
        check_lines(&self.lines)
    }

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

/// Places the order that an accepted quote asks for, with it.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = order::PlaceQuoted)]
pub struct PlaceQuoted {
    pub customer: Uuid,
    pub quote: Uuid,
    pub currency: String,
    #[schema(value_type = String)]
    pub total: Decimal,
    #[schema(value_type = Vec<RecordLine>)]
    pub lines: Vec<Line>,
    #[serde(skip)]
    pub customer_fact: Option<CustomerFact>,
}

impl Data for PlaceQuoted {
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

/// Calls a placed order off.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = order::Cancel)]
pub struct Cancel {
    pub reason: Option<Text>,
    #[serde(skip)]
    pub is_billed: bool,
}

impl Data for Cancel {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Billed]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::Billed(is_billed) = fact {
            self.is_billed = *is_billed;
        }
    }
}
