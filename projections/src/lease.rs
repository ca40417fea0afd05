//! Holds a lease and renews it in the background while a long piece of work is done.

use std::time::Duration;

use eventstore::Store;
use eventstore::state::lease::{self, Lease};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::error::Error;

/// How long a lease lives without being renewed.
const TIME: Duration = Duration::from_secs(15);
const RENEWED_EVERY: Duration = Duration::from_secs(4);

/// A lease held for as long as this lives.
#[derive(Debug)]
pub(crate) struct Held {
    lease: Lease,
    store: Store,
    lost: watch::Receiver<bool>,
    renewing: JoinHandle<()>,
}

impl Held {
    /// Takes the lease, unless somebody else has it.
    pub(crate) async fn try_take(
        store: &Store,
        name: &str,
        owner: Uuid,
    ) -> Result<Option<Self>, Error> {
        let client = store.worker().get().await?;
        let Some(lease) = lease::acquire(&client, name, owner, TIME).await? else {
            return Ok(None);
        };
        drop(client);
        let (tell, lost) = watch::channel(false);
        let renewing = tokio::spawn(renew(store.clone(), lease.clone(), tell));
        Ok(Some(Self { lease, store: store.clone(), lost, renewing }))
    }

    /// Rises with every change of owner.
    pub(crate) fn epoch(&self) -> i64 {
        self.lease.epoch
    }

    pub(crate) fn is_lost(&self) -> bool {
        *self.lost.borrow()
    }

    /// Lets go, so that the next one need not wait.
    pub(crate) async fn release(self) -> Result<(), Error> {
        self.renewing.abort();
        let client = self.store.worker().get().await?;
        Ok(lease::release(&client, &self.lease).await?)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

async fn renew(store: Store, held: Lease, tell: watch::Sender<bool>) {
    let mut renewed = tokio::time::Instant::now();
    loop {
        tokio::time::sleep(RENEWED_EVERY).await;
        let again = async {
            let client = store.worker().get().await?;
            Ok::<_, Error>(lease::acquire(&client, &held.name, held.owner, TIME).await?)
        };
        match again.await {
            Ok(Some(lease)) if lease.epoch == held.epoch => renewed = tokio::time::Instant::now(),
            Ok(Some(_) | None) => break,
            // The database may come back before the lease ends.
            Err(_) if renewed.elapsed() < TIME => {}
            Err(_) => break,
        }
    }
    tell.send_replace(true);
}
