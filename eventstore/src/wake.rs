//! Wakes the other processes when this one has written to the log, and is woken by them, so that
//! nobody has to wait for the next poll. A wake-up that is lost costs the pause of that poll.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::nats::Nats;
use crate::store::Store;

/// While a process writes or is woken all the time, this long is waited for more.
const LINGER: Duration = Duration::from_millis(5);
const PAUSE: Duration = Duration::from_secs(1);

/// Wakes and is woken for as long as this lives.
#[derive(Debug)]
pub struct Waking {
    _tasks: JoinSet<()>,
}

/// Starts waking the other processes and being woken by them.
pub fn start(store: &Store, nats: &Nats) -> Waking {
    let mut tasks = JoinSet::new();
    tasks.spawn(tell(store.clone(), nats.clone()));
    tasks.spawn(listen(store.clone(), nats.clone()));
    Waking { _tasks: tasks }
}

async fn tell(store: Store, nats: Nats) {
    let mut written = store.heads().written();
    while written.changed().await.is_ok() {
        // While there is no connection the others find out by their polls.
        if nats.is_connected() {
            drop(nats.client().publish(nats.wake_subject(), Vec::new().into()).await);
        }
        sleep(LINGER).await;
    }
}

async fn listen(store: Store, nats: Nats) {
    loop {
        if let Ok(mut calls) = nats.client().subscribe(nats.wake_subject()).await {
            while calls.next().await.is_some() {
                while calls.next().now_or_never().flatten().is_some() {}
                // What the call says is not believed: how far the log goes only the log knows.
                if let Err(error) = store.look_at_heads().await {
                    tracing::warn!(error = %error, "the lanes' counters could not be read");
                }
                sleep(LINGER).await;
            }
        }
        sleep(PAUSE).await;
    }
}
