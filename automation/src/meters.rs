//! What operators watch.

use crate::runs::State;

/// Counts an ended run by how it ended.
pub(crate) fn ended(state: State) {
    metrics::counter!("dossier_rule_runs_total", "outcome" => state.name()).increment(1);
}

/// How many runs are not ended yet.
pub(crate) fn queue(length: i64) {
    metrics::gauge!("dossier_rule_runs_open").set(wide(length));
}

/// How many events of a lane the matcher has not seen yet.
pub(crate) fn lag(lane: i16, events: i64) {
    metrics::gauge!("dossier_automation_lag_events", "lane" => lane.to_string()).set(wide(events));
}

#[expect(clippy::cast_precision_loss, reason = "a gauge need not be exact beyond 2^53")]
fn wide(number: i64) -> f64 {
    number as f64
}
