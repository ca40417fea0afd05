//! Pages and positions: what every list answers with.

use axum::Json;
use axum::http::header::LINK;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use projections::{PageQuery, Turns};
use serde_json::{Value, json};

use crate::extract::{Ask, MIN_POSITION, prefer};
use crate::past;
use crate::problem::{Code, Problem};

const POSITION: HeaderName = HeaderName::from_static("dossier-position");
const STALE: HeaderName = HeaderName::from_static("dossier-stale");

/// Where a read stands in the organisation's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The sequence up to which the view holds everything.
    pub(crate) position: i64,
    /// How far that is behind what the caller asked for.
    pub(crate) behind: i64,
}

impl Standing {
    /// Where an answer stands that takes from both views.
    pub(crate) fn behind_both(self, other: Self) -> Self {
        let (position, behind) = (self.position.min(other.position), self.behind.max(other.behind));
        Self { position, behind }
    }

    /// Says it in the answer's headers.
    pub(crate) fn stamp(self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        headers.insert(POSITION, HeaderValue::from(self.position));
        if self.behind > 0
            && let Ok(value) = HeaderValue::from_str(&format!("behind={}", self.behind))
        {
            headers.insert(STALE, value);
        }
        response
    }
}

/// The position that the caller wants to read at least.
pub(crate) fn min_position(ask: &Ask) -> Result<Option<i64>, Problem> {
    let header = ask.headers.get(MIN_POSITION).and_then(|value| value.to_str().ok());
    let Some(text) = ask.query.text("min_position").or(header) else { return Ok(None) };
    match text.trim().parse() {
        Ok(position) if position >= 0 => Ok(Some(position)),
        Ok(_) | Err(_) => Err(Problem::parameter(
            "min_position",
            "min_position must be a position from the answer of a command",
            None,
        )),
    }
}

/// Where the log itself stands: a read of it never waits.
pub(crate) async fn of_log(ask: &Ask) -> Result<Standing, Problem> {
    let head = ask.app.store().head_sequence(ask.organisation()).await?;
    match min_position(ask)? {
        Some(asked) if asked > head => Err(unknown_position(asked, head)),
        Some(_) | None => Ok(Standing { position: head, behind: 0 }),
    }
}

/// Waits, where the caller wants to read their own writes, until the view has caught up. The past is
/// read from the log.
pub(crate) async fn of_view(ask: &Ask, view: &'static str) -> Result<Standing, Problem> {
    if past::moment(ask)?.is_some() {
        return of_log(ask).await;
    }
    let store = ask.app.store();
    let organisation = ask.organisation();
    let Some(asked) = min_position(ask)? else {
        let position = projections::progress(store, view, organisation).await?;
        return Ok(Standing { position, behind: 0 });
    };
    let prefer = prefer(&ask.headers)?;
    match projections::wait_for(store, view, organisation, asked, prefer.wait).await {
        Ok(position) => Ok(Standing { position, behind: 0 }),
        Err(projections::Error::Lagging { reached, .. }) if prefer.lenient => {
            Ok(Standing { position: reached, behind: asked - reached })
        }
        Err(error) => Err(error.into()),
    }
}

/// Where a view stands, for a read that takes names or counts from others: who waits for a
/// position waits for those as well.
pub(crate) async fn of_views(
    ask: &Ask,
    view: &'static str,
    others: &[&'static str],
) -> Result<Standing, Problem> {
    let mut standing = of_view(ask, view).await?;
    if min_position(ask)?.is_some() {
        for other in others {
            standing = standing.behind_both(of_view(ask, other).await?);
        }
    }
    Ok(standing)
}

/// Before a record is said to be missing, its view gets a moment to come to the head of the log:
/// it may have been made just now.
pub(crate) async fn settle(ask: &Ask, view: &'static str) -> Result<(), Problem> {
    let head = ask.app.store().head_sequence(ask.organisation()).await?;
    caught_up(ask, view, head).await.map(drop)
}

/// Waits a moment for a view to hold a command just done; false where it does not yet.
pub(crate) async fn caught_up(
    ask: &Ask,
    view: &'static str,
    position: i64,
) -> Result<bool, Problem> {
    let wait = prefer(&ask.headers)?.wait;
    let store = ask.app.store();
    match projections::wait_for(store, view, ask.organisation(), position, wait).await {
        Ok(_) => Ok(true),
        Err(projections::Error::Lagging { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// A place in the log from which one reads on cannot lie beyond it.
pub(crate) fn within_log(after: Option<i64>, standing: Standing) -> Result<(), Problem> {
    match after {
        Some(after) if after > standing.position => Err(unknown_position(after, standing.position)),
        Some(_) | None => Ok(()),
    }
}

fn unknown_position(asked: i64, head: i64) -> Problem {
    Problem::new(Code::UnknownPosition)
        .detail(format!("position {asked} lies beyond the log"))
        .with("current_position", head.to_string())
}

/// Which page of a view is asked for.
pub(crate) fn query(ask: &Ask) -> Result<PageQuery, Problem> {
    let cursor = |name| ask.query.text(name).map(str::to_owned);
    let query = PageQuery {
        after: cursor("after"),
        before: cursor("before"),
        limit: u16::try_from(ask.query.limit()).unwrap_or(u16::MAX),
    };
    if query.after.is_some() && query.before.is_some() {
        let detail = "ask for the page after a cursor or for the one before it, not for both";
        return Err(Problem::parameter("before", detail, None));
    }
    Ok(query)
}

/// The first page of a list that is looked through.
pub(crate) fn first() -> PageQuery {
    PageQuery::first(200)
}

/// The row of this id.
pub(crate) fn find(rows: Vec<Value>, id: uuid::Uuid) -> Option<Value> {
    let id = id.to_string();
    rows.into_iter().find(|row| row.get("id").and_then(Value::as_str) == Some(&id))
}

/// The answer to a page of a view, read at or after the position that was waited for.
pub(crate) fn of(ask: &Ask, page: projections::Page, standing: Standing) -> Response {
    counted(ask, page, None, standing)
}

/// The same, with how many rows there are in all.
pub(crate) fn counted(
    ask: &Ask,
    page: projections::Page,
    count: Option<Count>,
    standing: Standing,
) -> Response {
    let standing = Standing { position: page.position.max(standing.position), ..standing };
    Page::new(page.data, page.turns).counted(count).answer(ask, standing)
}

/// The simple filters of a list, each known and given once.
#[derive(Debug)]
pub(crate) struct Filters(Vec<(String, String, String)>);

impl Filters {
    /// Reads them; `known` lists fields, with an operator in brackets where it is not `eq`.
    pub(crate) fn read(ask: &Ask, known: &[&str]) -> Result<Self, Problem> {
        let mut filters: Vec<(String, String, String)> = Vec::new();
        for filter in &ask.query.filters {
            let name = match filter.op.as_deref() {
                None | Some("eq") => filter.field.clone(),
                Some(op) => format!("{}[{op}]", filter.field),
            };
            let parameter = &filter.parameter;
            if !known.contains(&name.as_str()) {
                let names: Vec<String> = known.iter().map(|name| parameter_name(name)).collect();
                return Err(Problem::unknown_parameter(parameter, &names));
            }
            if filters.iter().any(|(other, _, _)| *other == name) {
                let detail = format!("{parameter} is given twice");
                return Err(Problem::parameter(parameter, detail, None));
            }
            filters.push((name, parameter.clone(), filter.value.clone()));
        }
        Ok(Self(filters))
    }

    fn get(&self, name: &str) -> Option<(&str, &str)> {
        let found = self.0.iter().find(|(other, _, _)| other == name);
        found.map(|(_, parameter, value)| (parameter.as_str(), value.as_str()))
    }

    /// A value of a type of its own.
    pub(crate) fn parsed<T: std::str::FromStr>(
        &self,
        name: &str,
        what: &str,
    ) -> Result<Option<T>, Problem> {
        let Some((parameter, value)) = self.get(name) else { return Ok(None) };
        let wrong = || Problem::parameter(parameter, format!("{parameter} must be {what}"), None);
        value.parse().map(Some).map_err(|_| wrong())
    }

    /// An id.
    pub(crate) fn id(&self, name: &str) -> Result<Option<uuid::Uuid>, Problem> {
        self.parsed(name, "a UUID")
    }

    /// One of these words.
    pub(crate) fn word(&self, name: &str, words: &[&str]) -> Result<Option<&str>, Problem> {
        let Some((parameter, value)) = self.get(name) else { return Ok(None) };
        if words.contains(&value) {
            return Ok(Some(value));
        }
        let detail = format!("{parameter} must be one of {}", words.join(", "));
        let allowed = words.iter().map(|word| (*word).to_owned()).collect();
        Err(Problem::parameter(parameter, detail, Some(allowed)))
    }
}

/// `created_at[gte]` stands in the address as `filter[created_at][gte]`.
fn parameter_name(name: &str) -> String {
    match name.split_once('[') {
        Some((field, op)) => format!("filter[{field}][{op}"),
        None => format!("filter[{name}]"),
    }
}

/// A page of rows, with the ways to its neighbours in the body and in a `Link` header.
pub(crate) struct Page {
    rows: Vec<Value>,
    turns: Turns,
    count: Option<Count>,
}

/// How many rows there are in all that the caller may see.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Count {
    pub(crate) rows: i64,
    /// If not, there are more.
    pub(crate) is_exact: bool,
}

impl Page {
    /// A page that is not counted.
    pub(crate) fn new(rows: Vec<Value>, turns: Turns) -> Self {
        Self { rows, turns, count: None }
    }

    /// The same page, with how many rows there are in all.
    pub(crate) fn counted(self, count: Option<Count>) -> Self {
        Self { count, ..self }
    }

    /// The answer.
    pub(crate) fn answer(self, ask: &Ask, standing: Standing) -> Response {
        let Turns { next, prev } = self.turns;
        let mut page = json!({ "next": next, "prev": prev, "has_more": next.is_some() });
        if let (Some(count), Value::Object(page)) = (self.count, &mut page) {
            page.insert("count".to_owned(), count.rows.into());
            page.insert("count_is_exact".to_owned(), count.is_exact.into());
        }
        let position = standing.position.to_string();
        let body = json!({ "data": self.rows, "page": page, "position": position });
        let text = body.to_string();
        let tag = crate::view::body_tag(text.as_bytes());
        let mut response = Json(body).into_response();
        let links: Vec<String> = [("next", "after", &next), ("prev", "before", &prev)]
            .into_iter()
            .filter_map(|(relation, parameter, cursor)| {
                let cursor = cursor.as_ref()?;
                let address = ask.query.address(&ask.address, parameter, cursor);
                Some(format!("<{address}>; rel=\"{relation}\""))
            })
            .collect();
        if !links.is_empty()
            && let Ok(value) = HeaderValue::from_str(&links.join(", "))
        {
            response.headers_mut().insert(LINK, value);
        }
        crate::view::tagged(&ask.headers, &tag, standing.stamp(response))
    }
}
