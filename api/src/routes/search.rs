//! One search over several kinds of records, for a field that stands above all pages.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::{Action, Scope};
use projections::search::{self, Hits};
use projections::{PageQuery, customer_list};
use serde_json::{Map, json};

use crate::endpoint::{Answer, Endpoint, Guard, Kind, Parameter, READ, Request, Verb};
use crate::extract::Ask;
use crate::page::{self, Standing};
use crate::problem::{Problem, nearest};

/// Records of a kind, if not said.
const FEW: i64 = 5;

const WHAT: &[Parameter] = &[
    Parameter::new(
        "q",
        Kind::Text(200),
        "Part of a customer's name, e-mail, phone number or outside id; the beginning of the number \
         of an order, quote or invoice; part of the title of an open task",
    ),
    Parameter::new("kinds", Kind::Words, "Only these: customers, orders, quotes, invoices, tasks"),
    Parameter::new("limit", Kind::Integer(1, 20), "Records of each kind, 5 if not said"),
];

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint {
    verb: Verb::Get,
    path: "/v1/search",
    id: "search",
    tag: "Search",
    summary: "Find customers, orders, quotes, invoices and open tasks by what was typed",
    guard: Guard::Action(Action::CustomerList),
    parameters: &[WHAT, READ],
    request: Request::None,
    answer: Answer::Json(200, "Found"),
    handler: |verb| on(verb, find),
}];

/// What is searched: its name, its view, and what one must be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sought {
    Customers,
    Orders,
    Quotes,
    Invoices,
    Tasks,
}

impl Sought {
    const ALL: [Self; 5] =
        [Self::Customers, Self::Orders, Self::Quotes, Self::Invoices, Self::Tasks];

    const fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Orders => "orders",
            Self::Quotes => "quotes",
            Self::Invoices => "invoices",
            Self::Tasks => "tasks",
        }
    }

    const fn view(self) -> &'static str {
        match self {
            Self::Customers => "directory",
            Self::Orders => "orders",
            Self::Quotes => "quotes",
            Self::Invoices => "ledger",
            Self::Tasks => "tasks",
        }
    }

    const fn action(self) -> Action {
        match self {
            Self::Customers => Action::CustomerList,
            Self::Orders => Action::OrderRead,
            Self::Quotes => Action::QuoteRead,
            Self::Invoices => Action::FinanceRead,
            Self::Tasks => Action::TaskRead,
        }
    }

    async fn find(
        self,
        ask: &Ask,
        scope: &Scope,
        text: &str,
        limit: u16,
    ) -> Result<Hits, projections::Error> {
        let store = ask.app.store();
        match self {
            Self::Customers => {
                let page = PageQuery::first(limit);
                let text = text.to_owned();
                let query = customer_list::Query { text, page, ..customer_list::Query::default() };
                let found = customer_list::list(store, scope, &query).await?;
                let has_more = found.turns.next.is_some();
                Ok(Hits { data: found.data, has_more, position: found.position })
            }
            Self::Orders => search::orders(store, scope, text, limit).await,
            Self::Quotes => search::quotes(store, scope, text, limit).await,
            Self::Invoices => search::invoices(store, scope, text, limit).await,
            Self::Tasks => search::open_tasks(store, scope, text, limit).await,
        }
    }
}

/// What the caller may not read is not among the answers.
async fn find(ask: Ask) -> Result<Response, Problem> {
    let text = ask.query.text("q").map(str::trim).filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| Problem::parameter("q", "q must say what to look for", None))?;
    let limit = ask.query.integer("limit").unwrap_or(FEW);
    let limit = u16::try_from(limit).unwrap_or(u16::MAX);
    let mut found = Map::new();
    let mut standing: Option<Standing> = None;
    for kind in kinds(&ask)? {
        let Ok(scope) = ask.scope(kind.action()) else { continue };
        let read = page::of_view(&ask, kind.view()).await?;
        let Hits { data, has_more, position } = kind.find(&ask, &scope, text, limit).await?;
        found.insert(kind.name().to_owned(), json!({ "data": data, "has_more": has_more }));
        let read = Standing { position: position.max(read.position), ..read };
        standing = Some(standing.map_or(read, |other| other.behind_both(read)));
    }
    let standing = match standing {
        Some(standing) => standing,
        None => page::of_log(&ask).await?,
    };
    let body = json!({ "data": found, "position": standing.position.to_string() });
    Ok(standing.stamp(Json(body).into_response()))
}

fn kinds(ask: &Ask) -> Result<Vec<Sought>, Problem> {
    let words = ask.query.words("kinds");
    if words.is_empty() {
        return Ok(Sought::ALL.to_vec());
    }
    let names = || Sought::ALL.iter().map(|kind| kind.name());
    if let Some(word) = words.iter().find(|word| !names().any(|name| name == word.as_str())) {
        let near = nearest(word, names());
        let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        let detail = format!("nothing called {word:?} is searched{hint}");
        let allowed = names().map(str::to_owned).collect();
        return Err(Problem::parameter("kinds", detail, Some(allowed)));
    }
    let asked = |kind: &Sought| words.iter().any(|word| word == kind.name());
    Ok(Sought::ALL.into_iter().filter(asked).collect())
}
