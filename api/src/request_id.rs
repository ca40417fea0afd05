//! The id of the request that is being answered: in its header, its problem and its log lines.

use uuid::Uuid;

tokio::task_local! {
    static CURRENT: String;
}

/// The header that carries it.
pub(crate) const HEADER: &str = "dossier-request-id";

/// A new id.
#[must_use]
pub(crate) fn make() -> String {
    format!("req_{}", Uuid::now_v7().simple())
}

/// The id of the request that this task answers.
#[must_use]
pub(crate) fn current() -> Option<String> {
    CURRENT.try_with(Clone::clone).ok()
}

/// Runs `answer` as the answer to the request of this id.
pub(crate) async fn within<T>(id: String, answer: impl Future<Output = T>) -> T {
    CURRENT.scope(id, answer).await
}
