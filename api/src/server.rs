//! The HTTP server: every route of the table behind the same door, with the same manners.

mod connections;
mod door;
mod layers;
mod limits;
pub(crate) mod meter;
mod metrics;
mod rates;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use automation::egress::Egress;
use axum::extract::Extension;
use axum::middleware::from_fn_with_state;
use axum::{Router, routing};
use eventstore::Store;
use parking_lot::Mutex;
use projections::insight::Forecasts;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::endpoint::Endpoint;
use crate::extract::Sessions;
use crate::files::Cabinet;
use crate::import::jobs::Jobs;
pub use crate::invitations::Post;
use crate::live::Live;
use crate::passwords::Desk;
use crate::presence::Presence;
use crate::problem::{Code, Problem};
use crate::{routes, web};
use layers::Manners;
use rates::Buckets;

pub(crate) use connections::Peer;
pub use door::Door;
pub use metrics::Metrics;
pub use rates::Rates;

/// A sender who lets this pass without a byte of the body is not waited for.
const BODY: Duration = Duration::from_secs(30);

/// What every request needs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    jobs: Jobs,
    files: Cabinet,
    egress: Egress,
    https: bool,
    buckets: Arc<Buckets>,
    post: Post,
    sessions: Sessions,
    desk: Desk,
    live: Live,
    presence: Presence,
    forecasts: Forecasts,
    metrics: Metrics,
    views: Mutex<Option<projections::Handle>>,
}

impl App {
    /// The service over an open store, with the jobs and files of this process, its way out and its way in.
    #[must_use]
    pub fn new(
        store: Store,
        (jobs, files): (Jobs, Cabinet),
        egress: Egress,
        door: Door,
        post: Post,
    ) -> Self {
        let sessions = Sessions::default();
        Self(Arc::new(Inner {
            live: Live::new(store.clone(), sessions.clone()),
            store,
            jobs,
            files,
            egress,
            https: door.https,
            buckets: Arc::new(Buckets::new(door.rates)),
            post,
            sessions,
            desk: Desk::default(),
            presence: Presence::default(),
            forecasts: Forecasts::default(),
            metrics: Metrics::of_process(),
            views: Mutex::default(),
        }))
    }

    /// The import jobs of this process.
    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// The files of this process.
    pub(crate) fn files(&self) -> &Cabinet {
        &self.0.files
    }

    /// Lets the service tell how the views of this process are doing.
    pub fn follow(&self, views: projections::Handle) {
        *self.0.views.lock() = Some(views);
    }

    /// Takes the runners of the views back, to stop them.
    #[must_use]
    pub fn unfollow(&self) -> Option<projections::Handle> {
        self.0.views.lock().take()
    }

    /// How the views of this process are doing, by name.
    #[must_use]
    pub fn views(&self) -> Vec<(&'static str, projections::Status)> {
        self.0.views.lock().as_ref().map(projections::Handle::statuses).unwrap_or_default()
    }

    /// The event store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The way out to addresses that people name.
    pub(crate) fn egress(&self) -> &Egress {
        &self.0.egress
    }

    /// Whether people reach the service by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.https
    }

    pub(crate) fn buckets(&self) -> &Buckets {
        &self.0.buckets
    }

    /// How letters to the service's own people go out.
    pub(crate) fn post(&self) -> &Post {
        &self.0.post
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    /// Where passwords are hashed, a few at a time.
    pub(crate) fn desk(&self) -> &Desk {
        &self.0.desk
    }

    pub(crate) fn live(&self) -> &Live {
        &self.0.live
    }

    /// Who has which customer before their eyes, as far as this process was told.
    pub(crate) fn presence(&self) -> &Presence {
        &self.0.presence
    }

    /// The models of repurchase that were fitted in this process.
    pub(crate) fn forecasts(&self) -> &Forecasts {
        &self.0.forecasts
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }
}

/// All routes, ready to be served.
pub fn router(app: App) -> Router {
    let manners = Manners { https: app.is_https(), buckets: Arc::clone(&app.0.buckets) };
    let routes = table()
        .fallback(web::file)
        .method_not_allowed_fallback(async || Problem::new(Code::MethodNotAllowed))
        .with_state(app);
    mannered(routes, manners)
}

/// The manners that every answer has, also that of a handler that panics.
fn mannered(routes: Router, manners: Manners) -> Router {
    routes
        .layer(CatchPanicLayer::custom(|_panic| {
            axum::response::IntoResponse::into_response(Problem::new(Code::InternalError))
        }))
        .layer(from_fn_with_state(manners, layers::answer))
        .layer(RequestBodyTimeoutLayer::new(BODY))
        .layer(CompressionLayer::new().gzip(true).compress_when(texts()))
}

/// Files go out as they are: most are compressed already, and whoever downloads one is to know how
/// much is left.
fn texts() -> impl Predicate {
    let not = NotForContentType::const_new;
    DefaultPredicate::new().and(not("application/octet-stream")).and(not("application/pdf"))
}

/// The routes alone.
pub(crate) fn table() -> Router<App> {
    routes::all()
        .fold(Router::new(), |router, endpoint| router.route(endpoint.path, route(endpoint)))
}

fn route(endpoint: &'static Endpoint) -> routing::MethodRouter<App> {
    (endpoint.handler)(endpoint.verb.filter()).layer(Extension(endpoint))
}

/// Serves until `shutdown` comes; then takes no more connections, and lets the answers that are
/// under way come to their end. Live feeds end at once.
pub async fn serve(
    app: App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let live = app.live().clone();
    let (told, stop) = tokio::sync::watch::channel(false);
    let stopping = async move {
        shutdown.await;
        live.close();
        told.send_replace(true);
        std::future::pending().await
    };
    tokio::select! {
        () = connections::serve(listener, router(app), stop) => {}
        () = stopping => {}
    }
}

#[cfg(test)]
mod tests;
