//! An order: placed here, or a document of another system's order history, taken over as it was.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::claim::{ClaimChange, ClaimKind};
use crate::customer::CustomerFact;
use crate::decider::Decider;
use crate::personal::Personal;
use crate::refusal::{Refusal, RefusalKind};
use crate::sentence::{count, reason};

mod commands;
mod lines;

pub use commands::{Cancel, Place, PlaceQuoted, Record};
pub use lines::{Line, RecordLine};
pub(crate) use lines::{check_lines, gross};

/// The aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Order;

/// What the numbers of placed orders begin with.
pub const OWN: &str = "O-";

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
    Place(Place),
    PlaceQuoted(PlaceQuoted),
    Cancel(Cancel),
}

/// A document as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
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

/// An order that was placed here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Placed {
    pub customer: Uuid,
    /// The append gives the next one of the organisation's own series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The quote whose acceptance placed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Uuid>,
    pub currency: String,
    pub lines: Vec<Line>,
    /// The sum over the lines, with all its decimals.
    pub gross: Decimal,
}

/// An order's event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "order.recorded")]
    Recorded(Document),
    #[serde(rename = "order.credited")]
    Credited(Document),
    #[serde(rename = "order.placed")]
    Placed(Placed),
    #[serde(rename = "order.cancelled")]
    Cancelled {
        customer: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
}

/// An order as its decider sees it.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum State {
    #[default]
    Absent,
    /// As it was taken over.
    Recorded(Event),
    Placed {
        customer: Uuid,
        number: Option<String>,
        currency: String,
        cancelled: bool,
    },
}

/// What other streams' commands need to know about an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFact {
    pub customer: Uuid,
    pub currency: String,
    /// Whether an invoice can bill it: no credit, and not cancelled.
    pub billable: bool,
    /// What it counts for in the customer's lifetime value by itself.
    pub counted: Decimal,
}

impl State {
    /// For other streams' commands; nothing where there is no such order.
    pub fn fact(&self) -> Option<OrderFact> {
        let (customer, currency, billable, counted) = match self {
            Self::Absent => return None,
            Self::Recorded(event) => {
                let (Event::Recorded(document) | Event::Credited(document)) = event else {
                    return None;
                };
                let billable = matches!(event, Event::Recorded(_));
                (document.customer, &document.currency, billable, event.net())
            }
            Self::Placed { customer, currency, cancelled, .. } => {
                (*customer, currency, !cancelled, Decimal::ZERO)
            }
        };
        Some(OrderFact { customer, currency: currency.clone(), billable, counted })
    }

    /// The customer who ordered.
    pub fn customer(&self) -> Option<Uuid> {
        match self {
            Self::Absent => None,
            Self::Recorded(event) => Some(event.customer()),
            Self::Placed { customer, .. } => Some(*customer),
        }
    }
}

/// Why an order's command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no such order")]
    NotFound,
    #[error("this order exists already")]
    Exists,
    #[error("the order is a document of another system and never changes")]
    Recorded,
    #[error("document {number} of {source_name} was recorded before with another content")]
    Differs { source_name: String, number: String },
    #[error("an invoice bills the order; take it back by a credit note")]
    Billed,
    #[error("there is no such customer")]
    CustomerNotFound,
    #[error("the customer is archived; restore it first")]
    CustomerArchived,
    #[error("the customer was erased")]
    CustomerErased,
}

impl Refusal for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "order_not_found",
            Self::Exists => "order_exists",
            Self::Recorded => "order_recorded",
            Self::Billed => "order_billed",
            Self::Differs { .. } => "document_differs",
            Self::CustomerNotFound => "customer_not_found",
            Self::CustomerArchived => "customer_archived",
            Self::CustomerErased => "customer_erased",
        }
    }

    fn pointer(&self) -> Option<&str> {
        match self {
            Self::Differs { .. } => Some("/number"),
            Self::CustomerNotFound | Self::CustomerArchived | Self::CustomerErased => {
                Some("/customer")
            }
            Self::NotFound | Self::Exists | Self::Recorded | Self::Billed => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Exists | Self::Differs { .. } => RefusalKind::Conflict,
            Self::Recorded
            | Self::Billed
            | Self::CustomerNotFound
            | Self::CustomerArchived
            | Self::CustomerErased => RefusalKind::Rule,
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
        match (state, command) {
            (State::Absent, Command::Record(record)) => first(record),
            (State::Recorded(before), Command::Record(record)) => again(before, record),
            (State::Absent, Command::Place(place)) => self::place(place),
            (State::Absent, Command::PlaceQuoted(place)) => place_quoted(place),
            (State::Placed { .. }, Command::Record(_))
            | (_, Command::Place(_) | Command::PlaceQuoted(_)) => Err(Error::Exists),
            (State::Absent, Command::Cancel(_)) => Err(Error::NotFound),
            (State::Recorded(_), Command::Cancel(_)) => Err(Error::Recorded),
            (State::Placed { cancelled: true, .. }, Command::Cancel(_)) => Ok(Vec::new()),
            (State::Placed { .. }, Command::Cancel(cancel)) if cancel.is_billed => {
                Err(Error::Billed)
            }
            (State::Placed { customer, number, .. }, Command::Cancel(cancel)) => {
                let reason = cancel.reason.map(|reason| Personal::Known(reason.into()));
                let (customer, number) = (*customer, number.clone());
                Ok(vec![Event::Cancelled { customer, number, reason }])
            }
        }
    }

    fn evolve(state: State, event: &Event) -> State {
        match event {
            Event::Recorded(_) | Event::Credited(_) => State::Recorded(event.clone()),
            Event::Placed(Placed { customer, number, currency, .. }) => State::Placed {
                customer: *customer,
                number: number.clone(),
                currency: currency.clone(),
                cancelled: false,
            },
            Event::Cancelled { customer, number, reason: _ } => State::Placed {
                customer: *customer,
                number: number.clone(),
                currency: match state {
                    State::Placed { currency, .. } => currency,
                    State::Absent | State::Recorded(_) => String::new(),
                },
                cancelled: true,
            },
        }
    }
}

/// History is taken over for archived customers too.
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
    let gross = gross(&record.lines).unwrap_or_default();
    let document = Document {
        customer: record.customer,
        source: record.source.into(),
        number: record.number.into(),
        currency: record.currency.into(),
        placed_at: record.placed_at,
        lines: record.lines.into_iter().map(Line::from).collect(),
        gross,
    };
    if record.credited { Event::Credited(document) } else { Event::Recorded(document) }
}

fn place(place: Place) -> Result<Vec<Event>, Error> {
    there(place.customer_fact.as_ref())?;
    let gross = gross(&place.lines).unwrap_or_default();
    Ok(vec![Event::Placed(Placed {
        customer: place.customer,
        number: None,
        quote: None,
        currency: place.currency.into(),
        lines: place.lines.into_iter().map(Line::from).collect(),
        gross,
    })])
}

fn place_quoted(place: PlaceQuoted) -> Result<Vec<Event>, Error> {
    there(place.customer_fact.as_ref())?;
    Ok(vec![Event::Placed(Placed {
        customer: place.customer,
        number: None,
        quote: Some(place.quote),
        currency: place.currency,
        lines: place.lines,
        gross: place.total,
    })])
}

fn there(customer: Option<&CustomerFact>) -> Result<(), Error> {
    match customer {
        None => Err(Error::CustomerNotFound),
        Some(customer) if customer.erased => Err(Error::CustomerErased),
        Some(customer) if customer.archived => Err(Error::CustomerArchived),
        Some(_) => Ok(()),
    }
}

impl Event {
    /// The stored names of all of them.
    pub const NAMES: &'static [&'static str] =
        &["order.recorded", "order.credited", "order.placed", "order.cancelled"];

    /// The customer who ordered.
    fn customer(&self) -> Uuid {
        match self {
            Self::Recorded(document) | Self::Credited(document) => document.customer,
            Self::Placed(placed) => placed.customer,
            Self::Cancelled { customer, .. } => *customer,
        }
    }

    /// The series from which the append gives it a number, if it has none.
    pub fn series(&self) -> Option<&'static str> {
        match self {
            Self::Placed(placed) => placed.number.is_none().then_some(OWN),
            Self::Recorded(_) | Self::Credited(_) | Self::Cancelled { .. } => None,
        }
    }

    /// Takes the number that the append gave.
    pub fn take_number(&mut self, number: String) {
        match self {
            Self::Placed(placed) => placed.number = Some(number),
            Self::Recorded(_) | Self::Credited(_) | Self::Cancelled { .. } => {}
        }
    }

    /// What it adds to the customer's value: a credit takes away, with whichever sign its lines
    /// were written; an order that is not billed adds nothing (FEATURES decision 21).
    pub fn net(&self) -> Decimal {
        match self {
            Self::Recorded(document) => document.gross,
            Self::Credited(document) => -document.gross.abs(),
            Self::Placed(_) | Self::Cancelled { .. } => Decimal::ZERO,
        }
    }

    pub fn claims(&self) -> Vec<ClaimChange> {
        match self {
            Self::Recorded(document) | Self::Credited(document) => {
                let value = format!("{}\0{}", document.source, document.number);
                vec![ClaimChange::take(ClaimKind::DocumentNumber, value)]
            }
            Self::Placed(_) | Self::Cancelled { .. } => Vec::new(),
        }
    }

    /// The customer who ordered.
    pub fn customer_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        Some(self.customer())
    }

    pub fn key_id(&self, _stream_id: Uuid) -> Option<Uuid> {
        Some(self.customer())
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::Recorded(Document { number, source, currency, gross, lines, .. }) => {
                let lines = count(lines.len(), "line", "lines");
                format!("recorded order {number} of {source}: {lines}, {gross} {currency}")
            }
            Self::Credited(Document { number, source, currency, gross, lines, .. }) => {
                let lines = count(lines.len(), "line", "lines");
                format!("recorded credit note {number} of {source}: {lines}, {gross} {currency}")
            }
            Self::Placed(Placed { number, currency, gross, lines, .. }) => {
                let (order, lines) =
                    (named(number.as_deref()), count(lines.len(), "line", "lines"));
                format!("placed {order}: {lines}, {gross} {currency}")
            }
            Self::Cancelled { number, reason: why, .. } => {
                format!("cancelled {}{}", named(number.as_deref()), reason(why.as_ref()))
            }
        }
    }
}

/// A number of the series is not known before the append has given it.
fn named(number: Option<&str>) -> String {
    number.map_or_else(|| "an order".to_owned(), |number| format!("order {number}"))
}

#[cfg(test)]
mod tests;
