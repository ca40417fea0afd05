//! One leaf of a condition as SQL that is true or false and never null, with the meaning that
//! `domain::condition` defines.

use domain::condition::{Leaf, Op, Operand, Scalar};
use domain::value::fold;
use jiff::Timestamp;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::Compiler;

/// Where a field's values are in the directory's row `d`.
enum Place {
    /// One text that may be null.
    Text(String),
    /// Words that are stored in their folded form.
    Word(&'static str),
    /// Several texts: a list that `v` runs through.
    Texts(&'static str),
    /// An array of folded words.
    Labels(&'static str),
    Uuid(&'static str),
    Uuids(&'static str),
    Bool(&'static str),
    Instant(String),
    /// A number that is always there.
    Number(&'static str),
    /// Amounts by currency: of each `f`, this one.
    Money(&'static str),
    /// The same, the number alone.
    Amount(&'static str),
    /// The same, the currency alone.
    Currency,
}

const RISKS: &str =
    "ARRAY(SELECT r ->> 'type' FROM jsonb_array_elements(d.document -> 'risk_flags') r)";
const ORDERS: &str = "(SELECT coalesce(sum((f.value ->> 'order_count')::bigint), 0) FROM jsonb_each(d.document -> 'finance') f)";
const CITY: &str =
    "SELECT a -> 'address' ->> 'city' FROM jsonb_array_elements(d.document -> 'addresses') a";
const POSTCODE: &str =
    "SELECT a -> 'address' ->> 'postcode' FROM jsonb_array_elements(d.document -> 'addresses') a";
const COUNTRY: &str =
    "SELECT a -> 'address' ->> 'country' FROM jsonb_array_elements(d.document -> 'addresses') a";
const GROSS: &str = "(f.value ->> 'gross')::numeric";
const CREDITS: &str = "(f.value ->> 'credits')::numeric";
const LIFETIME_VALUE: &str = "((f.value ->> 'gross')::numeric - (f.value ->> 'credits')::numeric)";

const UPDATED: &str = "SELECT max(k.updated_at) FROM directory.marks k WHERE k.number = d.number AND k.customer = d.customer";
const BALANCE: &str = "(f.value ->> 'balance')::numeric";
const CREDIT: &str = "(f.value ->> 'credit_on_account')::numeric";
const OPEN_INVOICES: &str = "(SELECT count(*) FROM jsonb_each(d.document -> 'finance') f, jsonb_each(f.value -> 'open_invoices') o WHERE (o.value ->> 'open')::numeric > 0)";

impl Compiler {
    /// `None`: SQL cannot judge it.
    pub(super) fn leaf(&mut self, leaf: &Leaf) -> Option<String> {
        let place = self.place(&leaf.field)?;
        match place {
            Place::Text(text) => self.text(&text, leaf),
            Place::Word(column) => self.word(column, leaf),
            Place::Texts(list) => self.texts(list, leaf),
            Place::Labels(array) => Some(self.labels(array, leaf)),
            Place::Uuid(column) => Some(self.uuid(column, leaf)),
            Place::Uuids(array) => Some(self.uuids(array, leaf)),
            Place::Bool(expression) => Some(self.bool(expression, leaf)),
            Place::Instant(column) => self.instant(&column, leaf),
            Place::Number(expression) => self.number(expression, leaf),
            Place::Money(amount) => self.money(amount, leaf),
            Place::Amount(amount) => {
                self.of_currencies(leaf, |compiler, leaf| compiler.number(amount, leaf))
            }
            Place::Currency => {
                self.of_currencies(leaf, |compiler, leaf| compiler.text("f.key", leaf))
            }
        }
    }

    fn place(&mut self, field: &str) -> Option<Place> {
        Some(match field {
            "id" => Place::Uuid("d.customer"),
            "type" => Place::Word("d.kind"),
            "lifecycle" => Place::Word("d.lifecycle"),
            "display_name" => Place::Text("d.display_name".to_owned()),
            "first_name" => Place::Text("d.first_name".to_owned()),
            "last_name" => Place::Text("d.last_name".to_owned()),
            "company_name" => Place::Text("d.company_name".to_owned()),
            "status" => Place::Text("d.status".to_owned()),
            "folder" => Place::Uuid("d.folder"),
            "tags" => Place::Labels("d.tags"),
            "workers" => Place::Uuids("d.workers"),
            "flagged" => Place::Bool("(d.flagged IS NOT NULL)"),
            "under_review" => Place::Bool("(d.open_risk_flags > 0)"),
            "risk_flags" => Place::Labels(RISKS),
            "emails" => Place::Texts("SELECT unnest(d.emails)"),
            "phones" => Place::Texts("SELECT unnest(d.phones)"),
            "city" => Place::Texts(CITY),
            "postcode" => Place::Texts(POSTCODE),
            "country" => Place::Texts(COUNTRY),
            "created_at" => Place::Instant("d.created_at".to_owned()),
            "updated_at" => Place::Instant(self.updated_at()),
            "order_count" => Place::Number(ORDERS),
            "open_invoices" => Place::Number(OPEN_INVOICES),
            "balance" => Place::Money(BALANCE),
            "credit_on_account" => Place::Money(CREDIT),
            "balance.amount" => Place::Amount(BALANCE),
            "credit_on_account.amount" => Place::Amount(CREDIT),
            "gross" => Place::Money(GROSS),
            "credits" => Place::Money(CREDITS),
            "lifetime_value" => Place::Money(LIFETIME_VALUE),
            "gross.amount" => Place::Amount(GROSS),
            "credits.amount" => Place::Amount(CREDITS),
            "lifetime_value.amount" => Place::Amount(LIFETIME_VALUE),
            "gross.currency"
            | "credits.currency"
            | "lifetime_value.currency"
            | "balance.currency"
            | "credit_on_account.currency" => Place::Currency,
            field => {
                let source = field.strip_prefix("external_id.")?;
                let source = self.bind(source.to_owned(), "text");
                Place::Text(format!("(d.document -> 'external_ids' ->> {source})"))
            }
        })
    }

    /// The latest of the marks that are the reader's. Audiences are fixed words and not bound, since
    /// some comparisons leave the column out.
    fn updated_at(&self) -> String {
        let Some(audiences) = &self.audiences else { return "d.updated_at".to_owned() };
        let names: Vec<String> = audiences.iter().map(|audience| format!("'{audience}'")).collect();
        format!("({UPDATED} AND k.audience IN ({}))", names.join(", "))
    }

    /// One text. The operand decides whether SQL can judge.
    fn text(&mut self, text: &str, leaf: &Leaf) -> Option<String> {
        if leaf.op == Op::IsEmpty {
            return Some(format!("(coalesce({text}, '') = '')"));
        }
        if leaf.op == Op::IsSet {
            return Some(format!("(coalesce({text}, '') <> '')"));
        }
        let holds = self.text_is(&folded(text), leaf)?;
        Some(if is_turned(leaf.op) { format!("NOT {holds}") } else { holds })
    }

    /// Stored words are lower-case ASCII: they are compared as they are.
    fn word(&mut self, column: &str, leaf: &Leaf) -> Option<String> {
        if let Some(always) = always_there(leaf.op) {
            return Some(always);
        }
        let holds = self.text_is(column, leaf)?;
        Some(if is_turned(leaf.op) { format!("NOT {holds}") } else { holds })
    }

    fn texts(&mut self, list: &str, leaf: &Leaf) -> Option<String> {
        let some = |holds: &str| format!("EXISTS (SELECT FROM ({list}) AS t (v) WHERE {holds})");
        if leaf.op == Op::IsEmpty {
            return Some(format!("NOT {}", some("v <> ''")));
        }
        if leaf.op == Op::IsSet {
            return Some(some("v <> ''"));
        }
        let holds = some(&self.text_is(&folded("v"), leaf)?);
        Some(if is_turned(leaf.op) { format!("NOT {holds}") } else { holds })
    }

    /// Whether a folded text is, begins with, or holds what is asked for.
    fn text_is(&mut self, text: &str, leaf: &Leaf) -> Option<String> {
        let wanted = texts(&leaf.operand)?;
        if !wanted.iter().all(|wanted| wanted.is_ascii()) {
            return None;
        }
        let holds = if matches!(leaf.op, Op::Eq | Op::Ne | Op::In | Op::Nin) {
            format!("{text} = ANY ({})", self.bind(wanted, "text[]"))
        } else if leaf.op == Op::Starts {
            let part = self.bind(wanted.into_iter().next()?, "text");
            format!("starts_with({text}, {part})")
        } else if leaf.op == Op::Contains {
            let part = self.bind(wanted.into_iter().next()?, "text");
            format!("strpos({text}, {part}) > 0")
        } else {
            return None;
        };
        Some(format!("coalesce({holds}, FALSE)"))
    }

    fn labels(&mut self, array: &str, leaf: &Leaf) -> String {
        let wanted = texts(&leaf.operand).unwrap_or_default();
        let wanted = if wanted.is_empty() { None } else { Some(self.bind(wanted, "text[]")) };
        has(array, leaf.op, wanted)
    }

    fn uuid(&mut self, column: &str, leaf: &Leaf) -> String {
        if leaf.op == Op::IsEmpty {
            return format!("({column} IS NULL)");
        }
        if leaf.op == Op::IsSet {
            return format!("({column} IS NOT NULL)");
        }
        let wanted = self.bind(uuids(&leaf.operand), "uuid[]");
        let holds = format!("coalesce({column} = ANY ({wanted}), FALSE)");
        if is_turned(leaf.op) { format!("NOT {holds}") } else { holds }
    }

    fn uuids(&mut self, array: &str, leaf: &Leaf) -> String {
        let wanted = uuids(&leaf.operand);
        let wanted = if wanted.is_empty() { None } else { Some(self.bind(wanted, "uuid[]")) };
        has(array, leaf.op, wanted)
    }

    fn bool(&mut self, expression: &str, leaf: &Leaf) -> String {
        if let Some(always) = always_there(leaf.op) {
            return always;
        }
        let wanted = matches!(leaf.operand, Operand::One(Scalar::Bool(true)));
        if wanted == is_turned(leaf.op) {
            format!("NOT {expression}")
        } else {
            expression.to_owned()
        }
    }

    /// Moments are compared to the microsecond, which is what the column holds.
    fn instant(&mut self, column: &str, leaf: &Leaf) -> Option<String> {
        let of = |scalar: &Scalar| {
            let Scalar::Instant(at) = scalar else { return None };
            Timestamp::from_microsecond(at.as_microsecond()).ok()
        };
        let (low, high) = match &leaf.operand {
            Operand::None => {
                return Some(if leaf.op == Op::IsSet { "TRUE" } else { "FALSE" }.to_owned());
            }
            Operand::One(scalar) => (of(scalar)?, of(scalar)?),
            Operand::Between(low, high) => (of(low)?, of(high)?),
            Operand::Within(period) => match period.before_instant(self.now) {
                Some(since) => (rounded_up(since)?, self.now),
                None => return Some("TRUE".to_owned()),
            },
            Operand::Many(_) => return None,
        };
        Some(self.ordered(column, leaf.op, low, high, "timestamptz"))
    }

    fn number(&mut self, expression: &str, leaf: &Leaf) -> Option<String> {
        let of = |scalar: &Scalar| {
            if let Scalar::Number(number) = scalar { Some(*number) } else { None }
        };
        match &leaf.operand {
            Operand::None => Some(if leaf.op == Op::IsSet { "TRUE" } else { "FALSE" }.to_owned()),
            Operand::One(scalar) => {
                let number = of(scalar)?;
                Some(self.ordered(expression, leaf.op, number, number, "numeric"))
            }
            Operand::Between(low, high) => {
                Some(self.ordered(expression, leaf.op, of(low)?, of(high)?, "numeric"))
            }
            Operand::Many(many) => {
                let numbers: Vec<Decimal> = many.iter().filter_map(of).collect();
                let is = format!("({expression} = ANY ({}))", self.bind(numbers, "numeric[]"));
                Some(if leaf.op == Op::Nin { format!("NOT {is}") } else { is })
            }
            Operand::Within(_) => None,
        }
    }

    /// Money is compared only within its currency.
    fn money(&mut self, amount: &str, leaf: &Leaf) -> Option<String> {
        let some = |holds: &str| {
            format!("EXISTS (SELECT FROM jsonb_each(d.document -> 'finance') f WHERE {holds})")
        };
        let pairs: Vec<(Decimal, Decimal, String)> = match &leaf.operand {
            Operand::None => {
                let some = some("TRUE");
                return Some(if leaf.op == Op::IsSet { some } else { format!("NOT {some}") });
            }
            Operand::One(scalar) => money(scalar).map(|(n, c)| (n, n, c)).into_iter().collect(),
            Operand::Many(many) => many.iter().filter_map(money).map(|(n, c)| (n, n, c)).collect(),
            Operand::Between(low, high) => match (money(low)?, money(high)?) {
                ((low, currency), (high, other)) if currency == other => {
                    vec![(low, high, currency)]
                }
                // Nothing lies between two currencies.
                _ => Vec::new(),
            },
            Operand::Within(_) => return None,
        };
        let op = if leaf.op == Op::Ne { Op::Eq } else { leaf.op };
        let parts: Vec<String> = pairs
            .into_iter()
            .map(|(low, high, currency)| {
                let currency = self.bind(currency, "text");
                let holds = self.ordered(amount, op, low, high, "numeric");
                some(&format!("f.key = {currency} AND {holds}"))
            })
            .collect();
        let any = if parts.is_empty() { "FALSE".to_owned() } else { parts.join(" OR ") };
        let negated = matches!(leaf.op, Op::Ne | Op::Nin);
        Some(if negated { format!("NOT ({any})") } else { format!("({any})") })
    }

    /// One part of the amounts by currency: it holds if it holds for one of them.
    fn of_currencies(
        &mut self,
        leaf: &Leaf,
        holds: impl FnOnce(&mut Self, &Leaf) -> Option<String>,
    ) -> Option<String> {
        let some = |holds: &str| {
            format!("EXISTS (SELECT FROM jsonb_each(d.document -> 'finance') f WHERE {holds})")
        };
        if leaf.op == Op::IsEmpty {
            return Some(format!("NOT {}", some("TRUE")));
        }
        if leaf.op == Op::IsSet {
            return Some(some("TRUE"));
        }
        if is_turned(leaf.op) {
            let op = if leaf.op == Op::Ne { Op::Eq } else { Op::In };
            return Some(format!("NOT {}", some(&holds(self, &Leaf { op, ..leaf.clone() })?)));
        }
        Some(some(&holds(self, leaf)?))
    }

    fn ordered(
        &mut self,
        expression: &str,
        op: Op,
        low: impl tokio_postgres::types::ToSql + Sync + Send + 'static,
        high: impl tokio_postgres::types::ToSql + Sync + Send + 'static,
        kind: &'static str,
    ) -> String {
        let sign = match op {
            Op::Lt | Op::Before => "<",
            Op::Lte => "<=",
            Op::Gt | Op::After => ">",
            Op::Gte => ">=",
            Op::Ne => "<>",
            Op::Between | Op::WithinLast => {
                let (low, high) = (self.bind(low, kind), self.bind(high, kind));
                return format!("coalesce({expression} BETWEEN {low} AND {high}, FALSE)");
            }
            Op::Eq
            | Op::In
            | Op::Nin
            | Op::Has
            | Op::HasAny
            | Op::HasAll
            | Op::Starts
            | Op::Contains
            | Op::IsEmpty
            | Op::IsSet => "=",
        };
        let low = self.bind(low, kind);
        format!("coalesce({expression} {sign} {low}, FALSE)")
    }
}

/// Whether it holds for what its opposite does not hold for.
fn is_turned(op: Op) -> bool {
    matches!(op, Op::Ne | Op::Nin)
}

/// What `is_empty` and `is_set` are for a field that always has a value.
fn always_there(op: Op) -> Option<String> {
    match op == Op::IsEmpty {
        true => Some("FALSE".to_owned()),
        false => (op == Op::IsSet).then(|| "TRUE".to_owned()),
    }
}

/// What an array has of the bound values.
fn has(array: &str, op: Op, wanted: Option<String>) -> String {
    match wanted {
        Some(wanted) if op == Op::HasAll => format!("({array} @> {wanted})"),
        Some(wanted) => format!("({array} && {wanted})"),
        None if op == Op::IsEmpty => format!("(cardinality({array}) = 0)"),
        None => format!("(cardinality({array}) > 0)"),
    }
}

/// A text as conditions compare it, as far as an ASCII operand can tell: of all letters beyond
/// ASCII, only İ has a lower case that holds an ASCII letter.
fn folded(text: &str) -> String {
    format!("lower(replace(normalize({text}), U&'\\0130', U&'i\\0307') COLLATE \"C\")")
}

fn texts(operand: &Operand) -> Option<Vec<String>> {
    let text = |scalar: &Scalar| {
        if let Scalar::Text(text) = scalar { Some(fold(text)) } else { None }
    };
    match operand {
        Operand::One(scalar) => text(scalar).map(|text| vec![text]),
        Operand::Many(many) => many.iter().map(text).collect(),
        Operand::None | Operand::Between(..) | Operand::Within(_) => None,
    }
}

fn uuids(operand: &Operand) -> Vec<Uuid> {
    let uuid = |scalar: &Scalar| if let Scalar::Uuid(id) = scalar { Some(*id) } else { None };
    match operand {
        Operand::One(scalar) => uuid(scalar).into_iter().collect(),
        Operand::Many(many) => many.iter().filter_map(uuid).collect(),
        Operand::None | Operand::Between(..) | Operand::Within(_) => Vec::new(),
    }
}

fn money(scalar: &Scalar) -> Option<(Decimal, String)> {
    if let Scalar::Money { amount, currency } = scalar {
        Some((*amount, currency.clone()))
    } else {
        None
    }
}

/// The first microsecond that is not before the moment.
fn rounded_up(at: Timestamp) -> Option<Timestamp> {
    let floor = Timestamp::from_microsecond(at.as_microsecond()).ok()?;
    if floor < at { Timestamp::from_microsecond(at.as_microsecond() + 1).ok() } else { Some(floor) }
}
