//! Whether a condition holds, and why.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::{Condition, Kind, Leaf, Op, Operand, Scalar};
use crate::value::{Amount, Period, fold};

/// What is known: looks a field's path up.
pub trait Facts {
    /// The value at `status`, `before.tags`, `external_id.shop`…
    fn value(&self, path: &str) -> Option<Value>;
}

/// JSON is looked up member by member; below a list, in each of its elements.
impl Facts for Value {
    fn value(&self, path: &str) -> Option<Value> {
        path.split('.').try_fold(self.clone(), |value, name| match value {
            Self::Object(mut map) => map.shift_remove(name),
            Self::Array(items) => {
                Some(Self::Array(items.iter().filter_map(|item| item.get(name).cloned()).collect()))
            }
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => None,
        })
    }
}

/// Whether it holds, with every leaf's part in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub holds: bool,
    pub why: Vec<LeafResult>,
}

/// What became of one leaf.
#[derive(Debug, Clone, PartialEq)]
pub struct LeafResult {
    /// Where the leaf stands in the tree.
    pub pointer: String,
    pub field: String,
    pub op: Op,
    /// What was found; nothing where the field is empty.
    pub found: Option<Value>,
    pub holds: bool,
}

impl Condition {
    /// Judges the facts. Every leaf is looked at, so that the answer explains itself.
    pub fn matches(&self, facts: &dyn Facts, now: Timestamp) -> Outcome {
        let mut why = Vec::new();
        let holds = self.holds(facts, now, &mut why);
        Outcome { holds, why }
    }

    fn holds(&self, facts: &dyn Facts, now: Timestamp, why: &mut Vec<LeafResult>) -> bool {
        match self {
            Self::All(children) => each(children, facts, now, why).iter().all(|holds| *holds),
            Self::Any(children) => each(children, facts, now, why).iter().any(|holds| *holds),
            Self::Not(child) => !child.holds(facts, now, why),
            Self::Leaf(leaf) => {
                let found = facts.value(&leaf.field).filter(|value| !is_empty(value));
                let holds = leaf.holds(found.as_ref(), now);
                let (pointer, field) = (leaf.pointer.clone(), leaf.field.clone());
                why.push(LeafResult { pointer, field, op: leaf.op, found, holds });
                holds
            }
        }
    }
}

/// The judgement on each, not stopping at the first that settles the whole.
fn each(
    children: &[Condition],
    facts: &dyn Facts,
    now: Timestamp,
    why: &mut Vec<LeafResult>,
) -> Vec<bool> {
    children.iter().map(|child| child.holds(facts, now, why)).collect()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(map) => map.is_empty() || map.contains_key("erased"),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

impl Leaf {
    fn holds(&self, found: Option<&Value>, now: Timestamp) -> bool {
        let values: Vec<Scalar> = match found {
            None => Vec::new(),
            Some(Value::Array(items)) => items.iter().filter_map(|v| read(self.kind, v)).collect(),
            Some(value) => read(self.kind, value).into_iter().collect(),
        };
        match self.op {
            Op::IsEmpty => found.is_none(),
            Op::IsSet => found.is_some(),
            Op::Ne | Op::Nin => !values.iter().any(|value| self.equal(value)),
            Op::HasAll => match &self.operand {
                Operand::Many(wanted) => {
                    wanted.iter().all(|want| values.iter().any(|value| same(value, want)))
                }
                Operand::None | Operand::One(_) | Operand::Between(..) | Operand::Within(_) => {
                    false
                }
            },
            Op::Eq | Op::In | Op::Has | Op::HasAny => values.iter().any(|value| self.equal(value)),
            Op::Lt
            | Op::Lte
            | Op::Gt
            | Op::Gte
            | Op::Between
            | Op::Starts
            | Op::Contains
            | Op::WithinLast
            | Op::Before
            | Op::After => values.iter().any(|value| self.compares(value, now)),
        }
    }

    fn equal(&self, value: &Scalar) -> bool {
        match &self.operand {
            Operand::One(wanted) => same(value, wanted),
            Operand::Many(wanted) => wanted.iter().any(|wanted| same(value, wanted)),
            Operand::None | Operand::Between(..) | Operand::Within(_) => false,
        }
    }

    fn compares(&self, value: &Scalar, now: Timestamp) -> bool {
        match &self.operand {
            Operand::One(wanted) => self.one(value, wanted),
            Operand::Between(low, high) => {
                order(value, low).is_some_and(Ordering::is_ge)
                    && order(value, high).is_some_and(Ordering::is_le)
            }
            Operand::Within(period) => within(value, period, now),
            Operand::None | Operand::Many(_) => false,
        }
    }

    fn one(&self, value: &Scalar, wanted: &Scalar) -> bool {
        let order = order(value, wanted);
        match self.op {
            Op::Lt | Op::Before => order.is_some_and(Ordering::is_lt),
            Op::Lte => order.is_some_and(Ordering::is_le),
            Op::Gt | Op::After => order.is_some_and(Ordering::is_gt),
            Op::Gte => order.is_some_and(Ordering::is_ge),
            Op::Starts => texts(value, wanted).is_some_and(|(text, part)| text.starts_with(&part)),
            Op::Contains => texts(value, wanted).is_some_and(|(text, part)| text.contains(&part)),
            Op::Eq
            | Op::Ne
            | Op::In
            | Op::Nin
            | Op::Between
            | Op::Has
            | Op::HasAny
            | Op::HasAll
            | Op::IsEmpty
            | Op::IsSet
            | Op::WithinLast => false,
        }
    }
}

/// The value as one of its kind; what is of another kind is nothing.
fn read(kind: Kind, value: &Value) -> Option<Scalar> {
    let text = || value.as_str();
    match kind {
        Kind::Text | Kind::Texts | Kind::Label | Kind::Labels => {
            text().map(|text| Scalar::Text(text.to_owned()))
        }
        Kind::Number => number(value).map(Scalar::Number),
        Kind::Money => {
            let amount = number(value.get("amount")?)?;
            let currency = value.get("currency")?.as_str()?.to_owned();
            Some(Scalar::Money { amount, currency })
        }
        Kind::Date => text()?.parse::<Date>().ok().map(Scalar::Date),
        Kind::Instant => text()?.parse::<Timestamp>().ok().map(Scalar::Instant),
        Kind::Bool => value.as_bool().map(Scalar::Bool),
        Kind::Uuid | Kind::Uuids => Uuid::try_parse(text()?).ok().map(Scalar::Uuid),
    }
}

/// A number of the books; it may have more digits than an amount that comes in.
fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => Decimal::from_str_exact(text).ok(),
        Value::Number(_) => serde_json::from_value::<Amount>(value.clone()).ok().map(Amount::value),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn same(left: &Scalar, right: &Scalar) -> bool {
    order(left, right) == Some(Ordering::Equal)
}

fn texts(left: &Scalar, right: &Scalar) -> Option<(String, String)> {
    match (left, right) {
        (Scalar::Text(left), Scalar::Text(right)) => Some((fold(left), fold(right))),
        _ => None,
    }
}

/// How two values of one kind stand to each other; money of two currencies does not.
fn order(left: &Scalar, right: &Scalar) -> Option<Ordering> {
    match (left, right) {
        (Scalar::Text(left), Scalar::Text(right)) => Some(fold(left).cmp(&fold(right))),
        (Scalar::Number(left), Scalar::Number(right)) => Some(left.cmp(right)),
        (
            Scalar::Money { amount: left, currency: left_currency },
            Scalar::Money { amount: right, currency: right_currency },
        ) => (left_currency == right_currency).then(|| left.cmp(right)),
        (Scalar::Date(left), Scalar::Date(right)) => Some(left.cmp(right)),
        (Scalar::Instant(left), Scalar::Instant(right)) => {
            Some(left.as_microsecond().cmp(&right.as_microsecond()))
        }
        (Scalar::Bool(left), Scalar::Bool(right)) => Some(left.cmp(right)),
        (Scalar::Uuid(left), Scalar::Uuid(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn within(value: &Scalar, period: &Period, now: Timestamp) -> bool {
    let Some(since) = period.before_instant(now) else { return true };
    match value {
        Scalar::Instant(instant) => (since..=now).contains(instant),
        Scalar::Date(date) => {
            let day = |instant: Timestamp| instant.to_zoned(TimeZone::UTC).date();
            (day(since)..=day(now)).contains(date)
        }
        Scalar::Text(_)
        | Scalar::Number(_)
        | Scalar::Money { .. }
        | Scalar::Bool(_)
        | Scalar::Uuid(_) => false,
    }
}
