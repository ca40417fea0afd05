//! The one condition tree: filters, rules and scopes all say what they mean with it.
//!
//! What a leaf means is defined here once; `projections` compiles the same meaning to SQL.
//! * Text is compared without regard to case, but with regard to accents.
//! * A field that is missing, null, erased, empty text or an empty list is empty: of all
//!   operators only `is_empty`, `ne` and `nin` hold for it.
//! * Where a field has several values, a leaf holds if it holds for one of them; `ne` and `nin`
//!   are `eq` and `in` turned round, so they hold if no value is equal.
//! * Money is compared only within its currency; `gross.amount` compares the number in any.
//! * Instants are compared to the microsecond; a date given for an instant is its beginning in
//!   UTC. `before` and `after` are `lt` and `gt`. `within_last` reaches from now back, both ends
//!   included, and is about days where the field is a date.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::command::Invalid;
use crate::value::{Period, words};

mod catalogue;
mod evaluate;
mod event_fields;
mod operand;

pub use catalogue::{
    Catalogue, Field, Kind, catalogue_customer, catalogue_event, catalogue_events, catalogue_run,
};
pub use evaluate::{Facts, LeafResult, Outcome};

/// The deepest nesting.
pub const MAX_DEPTH: usize = 8;
/// The most leaves.
pub const MAX_LEAVES: usize = 100;
/// The most values in one list.
pub const MAX_VALUES: usize = 1_000;

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Holds if all of these hold; so does an empty one.
    All(Vec<Condition>),
    /// Holds if one of these holds.
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Leaf(Leaf),
}

/// A field, an operator and what to compare with.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    pub field: String,
    pub kind: Kind,
    pub op: Op,
    pub operand: Operand,
    /// Where it stands in the tree, as a JSON pointer.
    pub pointer: String,
}

words! {
    /// How a leaf compares.
    Op {
        Eq = "eq",
        Ne = "ne",
        In = "in",
        Nin = "nin",
        Lt = "lt",
        Lte = "lte",
        Gt = "gt",
        Gte = "gte",
        Between = "between",
        Has = "has",
        HasAny = "has_any",
        HasAll = "has_all",
        Starts = "starts",
        Contains = "contains",
        IsEmpty = "is_empty",
        IsSet = "is_set",
        WithinLast = "within_last",
        Before = "before",
        After = "after",
    }
}

/// What a leaf compares with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    None,
    One(Scalar),
    Many(Vec<Scalar>),
    /// Both ends included.
    Between(Scalar, Scalar),
    Within(Period),
}

/// A value of one of the kinds.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    Text(String),
    Number(Decimal),
    Money { amount: Decimal, currency: String },
    Date(Date),
    Instant(Timestamp),
    Bool(bool),
    Uuid(Uuid),
}

const CODE: &str = "invalid_condition";

impl Condition {
    /// The condition that always holds.
    pub fn always() -> Self {
        Self::All(Vec::new())
    }

    /// Reads a tree whose fields the catalogue knows; pointers begin at the tree. An empty object
    /// always holds.
    pub fn parse(tree: &Value, catalogue: &Catalogue) -> Result<Self, Invalid> {
        let mut parser = Parser { catalogue, leaves: 0, groups: 0 };
        parser.node(tree, "", 1)
    }

    /// All leaves, in the order of the tree.
    pub fn leaves(&self) -> Vec<&Leaf> {
        match self {
            Self::All(children) | Self::Any(children) => {
                children.iter().flat_map(Self::leaves).collect()
            }
            Self::Not(child) => child.leaves(),
            Self::Leaf(leaf) => vec![leaf],
        }
    }
}

struct Parser<'a> {
    catalogue: &'a Catalogue,
    leaves: usize,
    groups: usize,
}

impl Parser<'_> {
    fn node(&mut self, node: &Value, at: &str, depth: usize) -> Result<Condition, Invalid> {
        if depth > MAX_DEPTH {
            let detail = format!("a condition may be nested at most {MAX_DEPTH} deep");
            return Err(Invalid::new(at, CODE, detail));
        }
        let Value::Object(node) = node else {
            return Err(Invalid::new(at, CODE, "a condition is an object").allowing(SHAPES));
        };
        if node.contains_key("cel") {
            let detail =
                "conditions written in CEL are not supported yet; use fields and operators";
            return Err(Invalid::new(format!("{at}/cel"), "cel_not_supported", detail));
        }
        if node.contains_key("field") || node.contains_key("op") {
            return self.leaf(node, at).map(Condition::Leaf);
        }
        let mut members = node.iter();
        match (members.next(), members.next()) {
            (None, _) if depth == 1 => Ok(Condition::always()),
            (Some((key, child)), None) => self.group(key, child, at, depth),
            (None, _) | (Some(_), Some(_)) => {
                let detail = "a condition has exactly one of all, any and not, or field, op, value";
                Err(Invalid::new(at, CODE, detail).allowing(SHAPES))
            }
        }
    }

    fn group(
        &mut self,
        key: &str,
        child: &Value,
        at: &str,
        depth: usize,
    ) -> Result<Condition, Invalid> {
        self.groups += 1;
        if self.groups > MAX_LEAVES {
            return Err(too_many(at));
        }
        let at = format!("{at}/{key}");
        match key {
            "all" => self.children(child, &at, depth).map(Condition::All),
            "any" => self.children(child, &at, depth).map(Condition::Any),
            "not" => self.node(child, &at, depth + 1).map(|child| Condition::Not(Box::new(child))),
            _ => {
                let detail = format!("a condition has no member {key:?}");
                Err(Invalid::new(at, CODE, detail).allowing(SHAPES))
            }
        }
    }

    fn children(
        &mut self,
        list: &Value,
        at: &str,
        depth: usize,
    ) -> Result<Vec<Condition>, Invalid> {
        let Value::Array(list) = list else {
            return Err(Invalid::new(at, CODE, "a list of conditions is expected"));
        };
        let children = list.iter().enumerate();
        children
            .map(|(index, child)| self.node(child, &format!("{at}/{index}"), depth + 1))
            .collect()
    }

    fn leaf(&mut self, leaf: &Map<String, Value>, at: &str) -> Result<Leaf, Invalid> {
        self.leaves += 1;
        if self.leaves > MAX_LEAVES {
            return Err(too_many(at));
        }
        if let Some(key) = leaf.keys().find(|key| !["field", "op", "value"].contains(&key.as_str()))
        {
            let detail = format!("a leaf has no member {key:?}");
            let at = format!("{at}/{key}");
            return Err(Invalid::new(at, CODE, detail).allowing(["field", "op", "value"]));
        }
        let name = leaf.get("field").and_then(Value::as_str).unwrap_or_default();
        let field = self.catalogue.get(name).ok_or_else(|| {
            let detail = format!("there is no field {name:?} to ask for here");
            Invalid::new(format!("{at}/field"), CODE, detail).allowing(self.catalogue.names())
        })?;
        let op = self.op(leaf, field, at)?;
        let value = leaf.get("value").unwrap_or(&Value::Null);
        let operand =
            operand::operand(field, op, value).map_err(|i| i.under(&format!("{at}/value")))?;
        Ok(Leaf { field: name.to_owned(), kind: field.kind, op, operand, pointer: at.to_owned() })
    }

    fn op(&self, leaf: &Map<String, Value>, field: &Field, at: &str) -> Result<Op, Invalid> {
        let word = leaf.get("op").and_then(Value::as_str).unwrap_or_default();
        let ops = field.kind.ops();
        word.parse().ok().filter(|op| ops.contains(op)).ok_or_else(|| {
            let kind = field.kind;
            let detail = format!("{word:?} is no operator for {} ({kind})", field.name);
            let allowed = ops.iter().map(|op| op.name());
            Invalid::new(format!("{at}/op"), CODE, detail).allowing(allowed)
        })
    }
}

const SHAPES: [&str; 4] = ["all", "any", "not", "field"];

fn too_many(at: &str) -> Invalid {
    Invalid::new(at, CODE, format!("a condition may have at most {MAX_LEAVES} leaves"))
}

#[cfg(test)]
mod tests;
