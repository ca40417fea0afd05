//! What the request that is being answered has cost, told from the door to the answer's headers.

use std::cell::Cell;

use super::rates::Spent;

tokio::task_local! {
    static SPENT: Cell<Option<Spent>>;
}

/// Remembers it for the answer.
pub(crate) fn note(spent: Spent) {
    // Outside of a request nobody asks.
    SPENT.try_with(|cell| cell.set(Some(spent))).unwrap_or_default();
}

/// Runs `answer`, and tells what was noted while it ran.
pub(super) async fn within<T>(answer: impl Future<Output = T>) -> (T, Option<Spent>) {
    SPENT
        .scope(Cell::new(None), async {
            let answered = answer.await;
            let spent = SPENT.try_with(Cell::get).ok().flatten();
            (answered, spent)
        })
        .await
}
