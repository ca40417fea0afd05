//! Figures for Prometheus.

use std::sync::OnceLock;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

const SECONDS: &str = "http_request_duration_seconds";
const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

static PROCESS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// The figures of this process, of which there is one set however many servers run in it.
#[derive(Debug, Clone, Default)]
pub struct Metrics(Option<PrometheusHandle>);

impl Metrics {
    /// Those of this process; from the first call on they are kept.
    #[must_use]
    pub fn of_process() -> Self {
        let handle = PROCESS.get_or_init(|| match install() {
            Ok(handle) => Some(handle),
            Err(error) => {
                tracing::warn!(%error, "no figures are kept");
                None
            }
        });
        Self(handle.clone())
    }

    /// In the text format of Prometheus.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.as_ref().map(PrometheusHandle::render).unwrap_or_default()
    }

    /// Lets go of what old samples hold; to be called now and then.
    pub fn upkeep(&self) {
        if let Some(handle) = &self.0 {
            handle.run_upkeep();
        }
    }
}

fn install() -> Result<PrometheusHandle, metrics_exporter_prometheus::BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), BUCKETS)?
        .install_recorder()?;
    ::metrics::describe_histogram!(SECONDS, "Time to an answer, by method, route and status");
    Ok(handle)
}

pub(super) fn count(method: &Method, route: &str, status: StatusCode, took: Duration) {
    // A method of the sender's own making must not make a new series.
    let known =
        [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let method = known.iter().find(|known| *known == method).map_or("other", Method::as_str);
    let labels = [
        ("method", method.to_owned()),
        ("route", route.to_owned()),
        ("status", status.as_u16().to_string()),
    ];
    ::metrics::histogram!(SECONDS, &labels).record(took.as_secs_f64());
}
