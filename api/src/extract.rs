//! What is read of a request before anything is done: who asks, what for, how.

mod auth;
mod body;
mod cookies;
mod headers;
mod known;
mod newcomer;
mod path;
mod query;
mod site;
#[cfg(test)]
mod tests;

use std::time::Instant;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use domain::access::{self, Action, Principal, Scope};
use uuid::Uuid;

use crate::endpoint::{Endpoint, Guard};
use crate::problem::{Code, Problem};
use crate::server::{App, meter};

use auth::Visitor;
pub(crate) use auth::{Pass, authenticate, changes_rights, principal};
pub(crate) use body::{Body, JsonBody, timed_out};
pub(crate) use cookies::{Cookie, are_safe};
pub(crate) use headers::{IfMatch, Prefer};
pub(crate) use known::Sessions;
pub(crate) use newcomer::Newcomer;
pub(crate) use query::{Filter, Query};
pub(crate) use site::not_foreign;

pub(crate) use headers::{MIN_POSITION, causation, idempotency_key, if_match, prefer};

/// A request that came through the door: its sender is known and allowed, its parameters are.
#[derive(Debug)]
pub(crate) struct Ask {
    /// The service.
    pub(crate) app: App,
    /// The row of the table that it matched.
    pub(crate) endpoint: &'static Endpoint,
    /// Who asks.
    pub(crate) principal: Principal,
    /// The session by whose cookie they came.
    session: Option<Uuid>,
    /// The query parameters, checked.
    pub(crate) query: Query,
    /// The request's headers.
    pub(crate) headers: HeaderMap,
    /// The address without its query.
    pub(crate) address: String,
    path: Vec<(String, String)>,
}

impl FromRequestParts<App> for Ask {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let endpoint = parts
            .extensions
            .get::<&'static Endpoint>()
            .copied()
            .ok_or_else(|| Problem::new(Code::RouteNotFound))?;
        let Visitor { principal, session } = authenticate(app, &parts.headers).await?;
        if session.is_some() {
            site::own(app, &parts.method, &parts.headers)?;
        }
        authorise(&principal, endpoint)?;
        spend(app, &principal, endpoint)?;
        let query = Query::read(parts.uri.query(), endpoint)?;
        let path = RawPathParams::from_request_parts(parts, app)
            .await
            .map_err(|_| Problem::new(Code::RouteNotFound))?;
        let path = path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let headers = parts.headers.clone();
        let address = parts.uri.path().to_owned();
        Ok(Self { app: app.clone(), endpoint, principal, session, query, headers, address, path })
    }
}

/// What the request costs, where that is counted.
fn spend(app: &App, principal: &Principal, endpoint: &Endpoint) -> Result<(), Problem> {
    match app.buckets().spend(principal, endpoint, Instant::now()) {
        Ok(spent) => {
            spent.into_iter().for_each(meter::note);
            Ok(())
        }
        Err((problem, spent)) => {
            meter::note(spent);
            Err(problem)
        }
    }
}

/// The policy's word at the door. A command's own door is in the store, with the record's facts.
fn authorise(principal: &Principal, endpoint: &Endpoint) -> Result<(), Problem> {
    match endpoint.guard {
        Guard::Public | Guard::SignedIn | Guard::Command(_) | Guard::AnyCommand => Ok(()),
        Guard::Action(action) => access::scope(principal, action).map(drop).map_err(Problem::from),
    }
}

impl Ask {
    /// What the caller came in with.
    pub(crate) fn pass(&self) -> Option<Pass> {
        self.session.map(Pass::Session).or(self.principal.token.map(Pass::Token))
    }

    /// The caller's organisation.
    #[must_use]
    pub(crate) fn organisation(&self) -> Uuid {
        self.principal.organisation
    }

    /// Looks again at who asks, after a wait: what they came in with may have ended, and their
    /// rights may be others.
    ///
    /// # Errors
    /// They may not come in any more.
    pub(crate) async fn come_in_again(&mut self) -> Result<(), Problem> {
        self.principal = authenticate(&self.app, &self.headers).await?.principal;
        Ok(())
    }

    /// How far the caller may go with this action.
    ///
    /// # Errors
    /// When the policy says no.
    pub(crate) fn scope(&self, action: Action) -> Result<Scope, Problem> {
        access::scope(&self.principal, action).map_err(Problem::from)
    }

    /// A path parameter as it stands in the path.
    #[must_use]
    pub(crate) fn path(&self, name: &str) -> Option<&str> {
        self.path.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The id in the path. What is no id names nothing.
    ///
    /// # Errors
    /// 404 when it is not a UUID.
    pub(crate) fn id(&self, name: &str) -> Result<Uuid, Problem> {
        path::id(self.path(name))
    }
}
