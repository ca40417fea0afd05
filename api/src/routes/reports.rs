//! Reports: figures over customers within reach and over time.

use axum::Json;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::access::Action;
use projections::insight::{self, Step, Wanted};

use crate::endpoint::{Answer, Endpoint, Guard, Kind, Parameter, READ, Request, Verb};
use crate::extract::Ask;
use crate::page;
use crate::problem::Problem;

const PERIODS: &[Parameter] = &[
    Parameter::new("from", Kind::Date, "The first day, where the organisation is"),
    Parameter::new("to", Kind::Date, "The last day; today if not said"),
    Parameter::new(
        "by",
        Kind::Word(&["month", "week", "day"]),
        "How long a period is; without `from` the last 12 months, 12 weeks or 30 days",
    ),
];

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint {
    verb: Verb::Get,
    path: "/v1/reports/risk-flags",
    id: "reports_risk_flags",
    tag: "Reports",
    summary: "Count risk flags raised, cleared and open by type and period",
    guard: Guard::Action(Action::RiskRead),
    parameters: &[PERIODS, READ],
    request: Request::None,
    answer: Answer::Json(200, "RiskFlagReport"),
    handler: |verb| on(verb, risk_flags),
}];

async fn risk_flags(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::RiskRead)?;
    let step = match ask.query.text("by") {
        Some("day") => Step::Day,
        Some("week") => Step::Week,
        Some(_) | None => Step::Month,
    };
    let wanted = Wanted { from: ask.query.date("from"), to: ask.query.date("to"), step };
    let standing = page::of_view(&ask, "insight").await?;
    let (report, position) = insight::risk_flags(ask.app.store(), &scope, &wanted).await?;
    let standing = page::Standing { position: standing.position.max(position), ..standing };
    Ok(standing.stamp(Json(report).into_response()))
}
