//! What a leaf compares with, read by the kind of its field.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;
use uuid::Uuid;

use super::{CODE, Field, Kind, MAX_VALUES, Op, Operand, Scalar};
use crate::command::{Invalid, read};
use crate::value::{Amount, Money, Period};

pub(super) fn operand(field: &Field, op: Op, value: &Value) -> Result<Operand, Invalid> {
    match op {
        Op::IsEmpty | Op::IsSet => match value {
            Value::Null => Ok(Operand::None),
            Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => Err(wrong(format!("{op} takes no value"))),
        },
        Op::In | Op::Nin | Op::HasAny | Op::HasAll => many(field, value).map(Operand::Many),
        Op::Between => between(field, value),
        Op::WithinLast => period(value).map(Operand::Within),
        Op::Eq
        | Op::Ne
        | Op::Lt
        | Op::Lte
        | Op::Gt
        | Op::Gte
        | Op::Has
        | Op::Starts
        | Op::Contains
        | Op::Before
        | Op::After => scalar(field, value).map(Operand::One),
    }
}

fn wrong(detail: impl Into<String>) -> Invalid {
    Invalid::new("", CODE, detail)
}

fn many(field: &Field, value: &Value) -> Result<Vec<Scalar>, Invalid> {
    let Value::Array(values) = value else {
        return Err(wrong("a list of values is expected"));
    };
    if values.is_empty() || values.len() > MAX_VALUES {
        return Err(wrong(format!("a list has 1 to {MAX_VALUES} values")));
    }
    let values = values.iter().enumerate();
    values.map(|(i, value)| scalar(field, value).map_err(|e| e.under(&format!("/{i}")))).collect()
}

fn between(field: &Field, value: &Value) -> Result<Operand, Invalid> {
    match value.as_array().map(Vec::as_slice) {
        Some([low, high]) => {
            let low = scalar(field, low).map_err(|invalid| invalid.under("/0"))?;
            let high = scalar(field, high).map_err(|invalid| invalid.under("/1"))?;
            Ok(Operand::Between(low, high))
        }
        Some(_) | None => Err(wrong("between takes a list of two values, low and high")),
    }
}

fn period(value: &Value) -> Result<Period, Invalid> {
    read::<Period>(value.clone())
        .map_err(|_| wrong("an ISO 8601 duration above zero is expected, such as P30D"))
}

fn scalar(field: &Field, value: &Value) -> Result<Scalar, Invalid> {
    match field.kind {
        Kind::Text | Kind::Texts | Kind::Label | Kind::Labels => text(field, value),
        Kind::Number => read::<Amount>(value.clone())
            .map(|amount| Scalar::Number(amount.value()))
            .map_err(|_| wrong("a decimal number is expected")),
        Kind::Money => read::<Money>(value.clone()).map(money).map_err(|_| {
            wrong("money is expected, such as {\"amount\":\"10.00\",\"currency\":\"EUR\"}")
        }),
        Kind::Date => date(value).map(Scalar::Date),
        Kind::Instant => instant(value).map(Scalar::Instant),
        Kind::Bool => {
            value.as_bool().map(Scalar::Bool).ok_or_else(|| wrong("true or false is expected"))
        }
        Kind::Uuid | Kind::Uuids => {
            let id = value.as_str().and_then(|text| Uuid::try_parse(text).ok());
            id.map(Scalar::Uuid).ok_or_else(|| wrong("an id (UUID) is expected"))
        }
    }
}

fn text(field: &Field, value: &Value) -> Result<Scalar, Invalid> {
    let text = value.as_str().ok_or_else(|| wrong("a text is expected"))?;
    if text.chars().count() > 1_000 || text.contains('\0') {
        return Err(wrong("a text of at most 1,000 characters without NUL is expected"));
    }
    if !field.choices.is_empty() && !field.choices.contains(&text) {
        let detail = format!("{text:?} is not a value of {}", field.name);
        return Err(wrong(detail).allowing(field.choices.iter().copied()));
    }
    Ok(Scalar::Text(text.to_owned()))
}

fn money(money: Money) -> Scalar {
    Scalar::Money { amount: money.amount.value(), currency: money.currency.into() }
}

fn date(value: &Value) -> Result<Date, Invalid> {
    let date = value.as_str().filter(|text| text.len() == 10).and_then(|text| text.parse().ok());
    date.ok_or_else(|| wrong("a date is expected, such as 2026-11-21"))
}

fn instant(value: &Value) -> Result<Timestamp, Invalid> {
    if let Ok(date) = date(value) {
        let midnight = date.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
        return midnight.map_err(|_| wrong("the date is out of range"));
    }
    let instant = value.as_str().and_then(|text| text.parse().ok());
    instant.ok_or_else(|| wrong("an instant is expected, such as 2026-11-21T16:00:00Z"))
}
