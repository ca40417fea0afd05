//! The lines of a document, as they come and as they are kept.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::command::Invalid;
use crate::value::{Amount, exact_product, exact_sum};

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

/// One line of a document; its total is quantity x unit price, exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
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

impl From<RecordLine> for Line {
    fn from(line: RecordLine) -> Self {
        Self {
            item_code: line.item_code,
            description: line.description,
            quantity: line.quantity.value(),
            unit_price: line.unit_price.value(),
        }
    }
}

/// The sum over the lines, with all its decimals.
pub(crate) fn gross(lines: &[RecordLine]) -> Option<Decimal> {
    let totals: Option<Vec<Decimal>> = lines
        .iter()
        .map(|line| exact_product(line.quantity.value(), line.unit_price.value()))
        .collect();
    exact_sum(totals?)
}

/// What one line alone does not show: that there is one, and that their sum can be kept.
pub(crate) fn check_lines(lines: &[RecordLine]) -> Result<(), Invalid> {
    if lines.is_empty() {
        return Err(Invalid::new("/lines", "invalid_field", "a document has at least one line"));
    }
    for (index, line) in lines.iter().enumerate() {
        line.check().map_err(|invalid| invalid.under(&format!("/lines/{index}")))?;
    }
    if gross(lines).is_none() {
        let detail = "the sum of the lines has more digits than can be kept";
        return Err(Invalid::new("/lines", "invalid_amount", detail));
    }
    Ok(())
}

impl RecordLine {
    pub(crate) fn check(&self) -> Result<(), Invalid> {
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
