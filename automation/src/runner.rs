//! Works on due runs: some at a time, one at a time for each customer.

use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::error::Error;
use crate::matcher::causes;
use crate::queue::{self, Claimed, Line};
use crate::{Shared, meters, told_to_stop};

pub(crate) mod call;
mod limits;
pub(crate) mod owner;
pub(crate) mod path;
pub(crate) mod people;
pub(crate) mod step;
mod work;

/// How often the queue is looked at when nobody says that there is something in it.
const LOOK: Duration = Duration::from_millis(500);
/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(1);
/// How often the queue is measured.
const MEASURE: Duration = Duration::from_secs(10);

/// Works until told to stop; what has begun is finished.
pub(crate) async fn run(shared: Shared, mut stop: watch::Receiver<bool>) {
    let mut working = JoinSet::new();
    let mut measured: Option<Instant> = None;
    while !*stop.borrow() {
        if measured.is_none_or(|measured| measured.elapsed() >= MEASURE) {
            measured = Some(Instant::now());
            measure(&shared).await;
        }
        let pause = begin(&shared, &mut working).await;
        tokio::select! {
            () = told_to_stop(&mut stop) => {}
            Some(_) = working.join_next() => {}
            () = shared.work.notified() => {}
            () = sleep(pause) => {}
        }
        while working.try_join_next().is_some() {}
    }
    while working.join_next().await.is_some() {}
}

/// Begins as many due runs as there is room for; the answer is how long to wait for more.
async fn begin(shared: &Shared, working: &mut JoinSet<()>) -> Duration {
    let free = shared.settings.concurrency.max(1).saturating_sub(working.len());
    match claim(shared, free).await {
        Ok(runs) => {
            for (line, run) in runs {
                let shared = shared.clone();
                working.spawn(async move { work::work(&shared, line, run).await });
            }
            LOOK
        }
        Err(error) => {
            tracing::error!(error = %causes(&error), "the queue of runs cannot be read");
            PAUSE
        }
    }
}

type Due = (Line, Option<Result<Claimed, Error>>);

async fn claim(shared: &Shared, free: usize) -> Result<Vec<Due>, Error> {
    if free == 0 {
        return Ok(Vec::new());
    }
    let client = shared.store.worker().get().await?;
    queue::claim(&client, free, shared.settings.claim).await
}

async fn measure(shared: &Shared) {
    let length = match shared.store.worker().get().await {
        Ok(client) => queue::length(&client).await,
        Err(error) => Err(error.into()),
    };
    match length {
        Ok(length) => meters::queue(length),
        Err(error) => tracing::warn!(error = %causes(&error), "the queue cannot be measured"),
    }
}
