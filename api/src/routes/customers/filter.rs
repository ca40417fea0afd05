//! The simple filters of the list: for the directory's indexes where they fit, else as a condition.

use domain::access::Scope;
use domain::command::Invalid;
use domain::condition::{
    Catalogue, Condition, Field, Kind, Op, Operand, Scalar, catalogue_customer,
};
use projections::customer_list;
use projections::directory::{Filters, Sort};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::extract::{Ask, Filter};
use crate::problem::Problem;

/// The filters that the directory's indexes serve, each given once: for any order and beside `q`.
const QUICK: &str = "status, type, folder, workers, lifecycle, tags, under_review and external_id";

/// The filter that is the caller's own, and no field of the customer.
pub(super) const FAVOURITE: &str = "favourite";

/// The customers that are wanted.
pub(crate) struct Wanted {
    /// All filters as one condition, but for the caller's own.
    pub(crate) condition: Condition,
    /// The text, the order and those filters that the directory's indexes serve.
    pub(crate) query: Box<customer_list::Query>,
    pub(crate) way: Way,
}

/// How they are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// By text and the directory's own filters, in any order.
    Directory,
    /// By the condition, in the order of names.
    Condition,
    /// Among the caller's favourites.
    Favourites,
}

/// The customers whom a condition and a text leave, as the list finds them.
pub(crate) fn of_condition(
    scope: &Scope,
    condition: Option<&Value>,
    text: &str,
) -> Result<Wanted, Invalid> {
    let catalogue = catalogue_customer().within(scope.field_groups());
    let condition = condition.map(|tree| Condition::parse(tree, &catalogue)).transpose()?;
    let condition = condition.unwrap_or_else(|| Condition::All(Vec::new()));
    let mut filters = Filters::default();
    let leaves = if let Condition::All(leaves) = &condition {
        leaves.iter().collect()
    } else {
        vec![&condition]
    };
    let text = text.trim().to_owned();
    let is_quick = leaves.into_iter().all(|leaf| quick(leaf, &mut filters));
    if !is_quick && !text.is_empty() {
        let detail = format!("with q, the filter takes {QUICK}, each once and for equality");
        return Err(Invalid::new("", "invalid_condition", detail));
    }
    let query = customer_list::Query { text, filters, ..customer_list::Query::default() };
    let way = if is_quick { Way::Directory } else { Way::Condition };
    Ok(Wanted { condition, query: Box::new(query), way })
}

/// Reads `q`, `sort` and all `filter[…]`. A field that the caller's role hides is as unknown as
/// one that does not exist.
pub(super) fn read(ask: &Ask, scope: &Scope) -> Result<Wanted, Problem> {
    let catalogue = catalogue_customer().within(scope.field_groups());
    let text = ask.query.text("q").unwrap_or_default().trim().to_owned();
    let archived = ask.query.flag("archived");
    let mut filters = Filters::default();
    let mut leaves = Vec::new();
    let mut slow = None;
    let mut favourites = false;
    for filter in &ask.query.filters {
        if filter.field == FAVOURITE {
            favourites = is_true(filter)?;
            continue;
        }
        let leaf = leaf(filter, &catalogue)?;
        if !quick(&leaf, &mut filters) {
            slow = slow.or(Some(filter));
        }
        leaves.push(leaf);
    }
    let sort = match ask.query.text("sort") {
        Some("-name") => Sort::NameBackwards,
        Some("-updated_at") => Sort::Updated,
        Some("-last_activity_at") => Sort::Active,
        Some(_) | None => Sort::Name,
    };
    // A search has an order of its own.
    let sort = if text.is_empty() { sort } else { Sort::Name };
    let other = !text.is_empty() || sort != Sort::Name;
    if let Some(Filter { parameter: name, .. }) = slow.filter(|_| other && !favourites) {
        let detail = format!(
            "{name} goes together with other filters only, not with q or sort; those take {QUICK}, \
             each once and for equality"
        );
        return Err(Problem::parameter(name, detail, None));
    }
    let query =
        customer_list::Query { text, archived, filters, sort, ..customer_list::Query::default() };
    let way = match slow {
        _ if favourites => Way::Favourites,
        Some(_) => Way::Condition,
        None => Way::Directory,
    };
    Ok(Wanted { condition: Condition::All(leaves), query: Box::new(query), way })
}

/// One's favourites can be asked for; the others are everybody.
fn is_true(filter: &Filter) -> Result<bool, Problem> {
    let name = &filter.parameter;
    if matches!(filter.op.as_deref(), None | Some("eq")) && filter.value == "true" {
        return Ok(true);
    }
    let detail = format!("{name} takes true alone; leave it out to see everybody");
    Err(Problem::parameter(name, detail, Some(vec!["true".to_owned()])))
}

/// A filter as a leaf of a condition.
fn leaf(filter: &Filter, catalogue: &Catalogue) -> Result<Condition, Problem> {
    let name = &filter.parameter;
    let field = catalogue.get(&filter.field).ok_or_else(|| {
        let names = catalogue.names().chain([FAVOURITE]);
        let names: Vec<String> = names.map(|name| format!("filter[{name}]")).collect();
        Problem::unknown_parameter(name, &names)
    })?;
    let op = filter.op.as_deref().unwrap_or(match field.kind {
        Kind::Labels | Kind::Uuids => "has",
        Kind::Text
        | Kind::Texts
        | Kind::Label
        | Kind::Number
        | Kind::Money
        | Kind::Date
        | Kind::Instant
        | Kind::Bool
        | Kind::Uuid => "eq",
    });
    let leaf = json!({ "field": filter.field, "op": op, "value": value(field, op, &filter.value) });
    Condition::parse(&leaf, catalogue)
        .map_err(|error| Problem::parameter(name, error.detail, error.allowed))
}

/// The text of a parameter as the JSON of its field's kind.
fn value(field: &Field, op: &str, text: &str) -> Value {
    let one = |text: &str| match (field.kind, text) {
        (Kind::Bool, "true") => Value::Bool(true),
        (Kind::Bool, "false") => Value::Bool(false),
        (Kind::Money, text) => match text.split_once(' ') {
            Some((amount, currency)) => json!({ "amount": amount, "currency": currency }),
            None => Value::from(text),
        },
        (_, text) => Value::from(text),
    };
    match op.parse() {
        Ok(Op::In | Op::Nin | Op::HasAny | Op::HasAll | Op::Between) => {
            text.split(',').map(|part| one(part.trim())).collect()
        }
        Ok(Op::IsEmpty | Op::IsSet) => Value::Null,
        Ok(_) | Err(_) => one(text),
    }
}

/// Whether the directory itself can do it; then it is among its filters.
fn quick(condition: &Condition, filters: &mut Filters) -> bool {
    let Condition::Leaf(leaf) = condition else { return false };
    let texts = match (&leaf.op, &leaf.operand) {
        (Op::Eq | Op::Has, Operand::One(value)) => vec![value.clone()],
        (Op::In | Op::HasAny | Op::HasAll, Operand::Many(values)) => values.clone(),
        _ => return false,
    };
    let ids: Vec<Uuid> = texts.iter().filter_map(id).collect();
    let words: Vec<String> = texts.iter().filter_map(text).map(str::to_owned).collect();
    match leaf.field.as_str() {
        "status" => {
            let statuses = words.iter().map(|status| status.to_lowercase()).collect();
            fill(&mut filters.statuses, statuses)
        }
        "type" => fill(&mut filters.kinds, words),
        "folder" => fill(&mut filters.folders, ids),
        "workers" if leaf.op != Op::HasAll || ids.len() == 1 => fill(&mut filters.workers, ids),
        "lifecycle" if words.len() == 1 => fill(&mut filters.lifecycle, words.concat()),
        "tags" if leaf.op != Op::HasAny || words.len() == 1 => {
            filters.tags.extend(words);
            true
        }
        "under_review" => match texts.as_slice() {
            [Scalar::Bool(wanted)] => fill(&mut filters.under_review, *wanted),
            _ => false,
        },
        field => match (field.strip_prefix("external_id."), words.as_slice()) {
            (Some(source), [id]) => fill(&mut filters.external_id, (source.to_owned(), id.clone())),
            _ => false,
        },
    }
}

/// Each filter of the directory is there once; a second one on the same field is for a condition.
fn fill<T>(place: &mut Option<T>, value: T) -> bool {
    if place.is_some() {
        return false;
    }
    *place = Some(value);
    true
}

fn id(value: &Scalar) -> Option<Uuid> {
    match value {
        Scalar::Uuid(id) => Some(*id),
        Scalar::Text(_)
        | Scalar::Number(_)
        | Scalar::Money { .. }
        | Scalar::Date(_)
        | Scalar::Instant(_)
        | Scalar::Bool(_) => None,
    }
}

fn text(value: &Scalar) -> Option<&str> {
    match value {
        Scalar::Text(text) => Some(text),
        Scalar::Uuid(_)
        | Scalar::Number(_)
        | Scalar::Money { .. }
        | Scalar::Date(_)
        | Scalar::Instant(_)
        | Scalar::Bool(_) => None,
    }
}
