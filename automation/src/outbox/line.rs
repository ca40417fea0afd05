//! How what waits in the outbox is taken up: claimed a few at a time, done side by side, and what
//! has begun is finished before the service stops.

use std::time::Duration;

use eventstore::Store;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::error::Error;
use crate::matcher::causes;
use crate::told_to_stop;

/// How often the outbox is looked at.
const LOOK: Duration = Duration::from_millis(250);
/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// A kind of thing that waits in the outbox.
pub(super) trait Line: Clone + Send + 'static {
    type Item: Send;

    fn store(&self) -> &Store;

    /// How many are under way at the same time.
    fn concurrency(&self) -> usize;

    /// What is to be done between the looks, whatever waits.
    fn tidy(&mut self) -> impl Future<Output = Result<(), Error>> + Send {
        std::future::ready(Ok(()))
    }

    /// Takes so many of those whose time has come.
    fn claim(&self, most: usize) -> impl Future<Output = Result<Vec<Self::Item>, Error>> + Send;

    /// Does one of them, and writes down what came of it.
    fn work(&self, item: Self::Item) -> impl Future<Output = ()> + Send;
}

/// Works until told to stop; what has begun is finished.
pub(super) async fn run(mut line: impl Line, mut stop: watch::Receiver<bool>) {
    let mut working = JoinSet::new();
    while !*stop.borrow() {
        let pause = match begin(&mut line, &mut working).await {
            Ok(()) => LOOK,
            Err(error) => {
                tracing::error!(error = %causes(&error), "the outbox cannot be read");
                PAUSE
            }
        };
        tokio::select! {
            () = told_to_stop(&mut stop) => {}
            Some(_) = working.join_next() => {}
            () = sleep(pause) => {}
        }
        while working.try_join_next().is_some() {}
    }
    while working.join_next().await.is_some() {}
}

async fn begin<L: Line>(line: &mut L, working: &mut JoinSet<()>) -> Result<(), Error> {
    line.tidy().await?;
    let free = line.concurrency().max(1).saturating_sub(working.len());
    // What cannot be written down afterwards is not sent now.
    if free == 0 || line.store().is_read_only() {
        return Ok(());
    }
    for item in line.claim(free).await? {
        let line = line.clone();
        working.spawn(async move { line.work(item).await });
    }
    Ok(())
}
