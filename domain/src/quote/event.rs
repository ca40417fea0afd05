//! What has happened to a quote.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::order::Line;
use crate::personal::Personal;

/// A quote's event. Each names the customer, and the number once it is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "quote.drafted")]
    Drafted(Drafted),
    #[serde(rename = "quote.edited")]
    Edited {
        customer: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        from: Box<Terms>,
        to: Box<Terms>,
    },
    #[serde(rename = "quote.sent")]
    Sent {
        customer: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        valid_until: Date,
        currency: String,
        total: Decimal,
    },
    #[serde(rename = "quote.accepted")]
    Accepted(Box<Accepted>),
    #[serde(rename = "quote.rejected")]
    Rejected {
        customer: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
}

/// The beginning of a quote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Drafted {
    pub customer: Uuid,
    /// Left out, the append gives the next one of the organisation's own series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(flatten)]
    pub terms: Terms,
}

/// What is offered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Terms {
    /// The last day on which it can be accepted.
    pub valid_until: Date,
    pub currency: String,
    pub lines: Vec<Line>,
    /// The sum over the lines, with all its decimals.
    pub total: Decimal,
}

/// The customer said yes; an order was placed with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Accepted {
    pub customer: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The order that this made.
    pub order: Uuid,
    pub currency: String,
    pub total: Decimal,
    /// For the order, in whose event they are kept; not stored here.
    #[serde(skip)]
    pub lines: Vec<Line>,
}

impl Event {
    /// The series from which the append gives it a number, if it has none.
    pub fn series(&self) -> Option<&'static str> {
        match self {
            Self::Drafted(drafted) => drafted.number.is_none().then_some(super::OWN),
            Self::Edited { .. } | Self::Sent { .. } | Self::Accepted(_) | Self::Rejected { .. } => {
                None
            }
        }
    }

    /// Takes the number that the append gave.
    pub fn take_number(&mut self, number: String) {
        match self {
            Self::Drafted(drafted) => drafted.number = Some(number),
            Self::Edited { .. } | Self::Sent { .. } | Self::Accepted(_) | Self::Rejected { .. } => {
            }
        }
    }
}
