//! A document of another system's order history, taken over as it was.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::{ClaimChange, ClaimKind};
use crate::command::{Data, Fact, Invalid, Need};
use crate::customer::CustomerFact;
use crate::decider::Decider;
use crate::refusal::{Refusal, RefusalKind};
use crate::sentence::count;
use crate::value::{Amount, Code, Currency, SourceName, exact_product, exact_sum};

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Order;

/// The namespace of the ids of recorded documents.
const NAMESPACE: Uuid = Uuid::from_u128(0x0d05_51e7_0de7_5f2b_9a3c_6b1d_84e0_77aa);

/// The stream of a document: the same number of the same source is the same stream.
pub fn document_id(source: &str, number: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("{source}\0{number}").as_bytes())
}

/// What can be asked of an order.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Record(Record),
}

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

/// One line of a document; identical lines are real lines.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = order::RecordLine)]
pub struct RecordLine {
    #[serde(default)]
    #[schema(max_length = 200, example = "85123A")]
    pub item_code: String,
    #[serde(default)]
    #[schema(max_length = 500, example = "White hanging heart T-light holder")]
    pub description: String,
    pub quantity: Amount,
    pub unit_price: Amount,
}

impl Record {
    /// The stream that it belongs to.
    pub fn stream_id(&self) -> Uuid {
        document_id(self.source.as_str(), self.number.as_str())
    }

    /// The sum over the lines, with all its decimals.
    fn gross(&self) -> Option<Decimal> {
        let lines = self.lines.iter();
        let totals: Option<Vec<Decimal>> = lines
            .map(|line| exact_product(line.quantity.value(), line.unit_price.value()))
            .collect();
        exact_sum(totals?)
    }
}

impl Data for Record {
    fn check(&mut self) -> Result<(), Invalid> {
        if self.lines.is_empty() {
            return Err(Invalid::new(
                "/lines",
                "invalid_field",
                "a document has at least one line",
            ));
        }
        for (index, line) in self.lines.iter_mut().enumerate() {
            line.check().map_err(|invalid| invalid.under(&format!("/lines/{index}")))?;
        }
        if self.gross().is_none() {
            let detail = "the sum of the lines has more digits than can be kept";
            return Err(Invalid::new("/lines", "invalid_amount", detail));
        }
        Ok(())
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

impl RecordLine {
    fn check(&self) -> Result<(), Invalid> {
        short(&self.item_code, 200)
            .map_err(|detail| Invalid::new("/item_code", "invalid_code", detail))?;
        short(&self.description, 500)
            .map_err(|detail| Invalid::new("/description", "invalid_text", detail))?;
        if exact_product(self.quantity.value(), self.unit_price.value()).is_none() {
            let detail = "quantity x unit price has more digits than can be kept";
            return Err(Invalid::new("/unit_price", "invalid_amount", detail));
        }
        Ok(())
    }
}

/// Texts of lines may be empty.
fn short(text: &str, max: usize) -> Result<(), String> {
    if text.chars().count() > max {
        Err(format!("may have at most {max} characters"))
    } else if text.chars().any(char::is_control) {
        Err("may not hold control characters".to_owned())
    } else {
        Ok(())
    }
}

/// A document as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    pub customer: Uuid,
    pub source: String,
    pub number: String,
    pub currency: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_at: Option<Timestamp>,
    pub lines: Vec<Line>,
    /// The sum over the lines with its sign: what the document says.
    pub gross: Decimal,
}

/// One line of it; its total is quantity x unit price, exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub item_code: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    pub quantity: Decimal,
    pub unit_price: Decimal,
}

impl Line {
    /// Quantity x unit price.
    pub fn total(&self) -> Decimal {
        exact_product(self.quantity, self.unit_price).unwrap_or(self.quantity * self.unit_price)
    }
}

/// An order's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "order.recorded")]
    Recorded(Document),
    #[serde(rename = "order.credited")]
    Credited(Document),
}

/// A document as its decider sees it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    pub recorded: Option<Event>,
}

/// Why a document is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("document {number} of {source_name} was recorded before with another content")]
    Differs { source_name: String, number: String },
    #[error("there is no such customer")]
    CustomerNotFound,
    #[error("the customer was erased")]
    CustomerErased,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Differs { .. } => "document_differs",
            Self::CustomerNotFound => "customer_not_found",
            Self::CustomerErased => "customer_erased",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::Differs { .. } => Some("/number"),
            Self::CustomerNotFound | Self::CustomerErased => Some("/customer"),
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::Differs { .. } => RefusalKind::Conflict,
            Self::CustomerNotFound | Self::CustomerErased => RefusalKind::Rule,
        }
    }
}

impl Decider for Order {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Error = Error;

    const KIND: &'static str = "order";

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Error> {
        match (&state.recorded, command) {
            (None, Command::Record(record)) => first(record),
            (Some(before), Command::Record(record)) => again(before, record),
        }
    }

    fn evolve(_state: State, event: &Event) -> State {
        match event {
            Event::Recorded(_) | Event::Credited(_) => State { recorded: Some(event.clone()) },
        }
    }
}

fn first(record: Record) -> Result<Vec<Event>, Error> {
    match &record.customer_fact {
        None => Err(Error::CustomerNotFound),
        Some(customer) if customer.erased => Err(Error::CustomerErased),
        Some(_) => Ok(vec![document(record)]),
    }
}

fn again(before: &Event, record: Record) -> Result<Vec<Event>, Error> {
    let (source_name, number) = (record.source.to_string(), record.number.to_string());
    if document(record) == *before {
        Ok(Vec::new())
    } else {
        Err(Error::Differs { source_name, number })
    }
}

fn document(record: Record) -> Event {
    let gross = record.gross().unwrap_or_default();
    let lines = record.lines.into_iter().map(|line| Line {
        item_code: line.item_code,
        description: line.description,
        quantity: line.quantity.value(),
        unit_price: line.unit_price.value(),
    });
    let document = Document {
        customer: record.customer,
        source: record.source.into(),
        number: record.number.into(),
        currency: record.currency.into(),
        placed_at: record.placed_at,
        lines: lines.collect(),
        gross,
    };
    if record.credited { Event::Credited(document) } else { Event::Recorded(document) }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] = &["order.recorded", "order.credited"];

    /// The document, whatever it does.
    pub fn document(&self) -> &Document {
        match self {
            Self::Recorded(document) | Self::Credited(document) => document,
        }
    }

    /// What it adds to the customer's value: a credit takes away, with whichever sign its lines
    /// were written.
    pub fn net(&self) -> Decimal {
        match self {
            Self::Recorded(document) => document.gross,
            Self::Credited(document) => -document.gross.abs(),
        }
    }

    pub fn claims(&self) -> Vec<ClaimChange> {
        let document = self.document();
        let value = format!("{}\0{}", document.source, document.number);
        vec![ClaimChange::take(ClaimKind::DocumentNumber, value)]
    }

    /// The customer who ordered.
    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        Some(self.document().customer)
    }

    pub fn key_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        Some(self.document().customer)
    }

    pub fn sentence(&self) -> String {
        let Document { number, source, currency, gross, lines, .. } = self.document();
        let lines = count(lines.len(), "line", "lines");
        match self {
            Self::Recorded(_) => {
                format!("recorded order {number} of {source}: {lines}, {gross} {currency}")
            }
            Self::Credited(_) => {
                format!("recorded credit note {number} of {source}: {lines}, {gross} {currency}")
            }
        }
    }
}

#[cfg(test)]
mod tests;
