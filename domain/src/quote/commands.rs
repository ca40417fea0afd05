//! The data of a quote's commands, as they come over the wire.

use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::OWN;
use crate::command::{Data, Fact, Invalid, Need, plain};
use crate::customer::CustomerFact;
use crate::order::{RecordLine, check_lines};
use crate::value::{Code, Currency, Text};

/// Begins a quote.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = quote::Draft)]
pub struct Draft {
    pub customer: Uuid,
    /// Left out, the next one of the organisation's own series is taken: `Q-1`, `Q-2`…
    pub number: Option<Code>,
    /// The last day on which it can be accepted.
    #[schema(value_type = String, format = Date, example = "2099-12-31")]
    pub valid_until: Date,
    pub currency: Currency,
    #[schema(min_items = 1)]
    pub lines: Vec<RecordLine>,
    #[serde(skip)]
    pub customer_fact: Option<CustomerFact>,
}

impl Data for Draft {
    fn check(&mut self) -> Result<(), Invalid> {
        if self.number.as_ref().is_some_and(|given| is_own(given.as_str())) {
            let detail =
                format!("{OWN} and digits are the organisation's own; give another number");
            return Err(Invalid::new("/number", "invalid_code", detail));
        }
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

/// Whether a given number would meet one of the organisation's own series.
fn is_own(given: &str) -> bool {
    let start = given.get(..OWN.len()).filter(|start| start.eq_ignore_ascii_case(OWN));
    let rest = start.and_then(|start| given.get(start.len()..)).unwrap_or_default();
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())
}

/// Changes a draft: what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = quote::Edit)]
pub struct Edit {
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_until: Option<Date>,
    pub currency: Option<Currency>,
    /// All of them, in place of those before.
    pub lines: Option<Vec<RecordLine>>,
}

impl Data for Edit {
    fn check(&mut self) -> Result<(), Invalid> {
        self.lines.as_deref().map_or(Ok(()), check_lines)
    }
}

/// Says that the quote went to the customer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = quote::Send)]
pub struct Send {
    #[serde(skip)]
    pub today: Option<Date>,
}

impl Data for Send {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Today]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::Today(today) = fact {
            self.today = Some(*today);
        }
    }
}

/// Says that the customer took it; an order is placed with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = quote::Accept)]
pub struct Accept {
    /// The order's id.
    #[serde(skip)]
    pub order: Uuid,
    #[serde(skip)]
    pub today: Option<Date>,
}

impl Data for Accept {
    fn assign_ids(&mut self, next: &mut dyn FnMut() -> Uuid) {
        if self.order.is_nil() {
            self.order = next();
        }
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Today]
    }

    fn supply(&mut self, fact: &Fact) {
        if let Fact::Today(today) = fact {
            self.today = Some(*today);
        }
    }
}

/// Says that the customer did not want it.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = quote::Reject)]
pub struct Reject {
    pub reason: Option<Text>,
}

plain!(Reject);
