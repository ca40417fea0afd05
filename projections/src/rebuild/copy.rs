//! Copies folded rows into the tables of a build, while the next ones are being folded.

use deadpool_postgres::ClientWrapper;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::error::Error;
use crate::fold::Failure;
use crate::item::chain;
use crate::read_model::{Key, ReadModel};

type Batch<R> = Vec<(Key, R)>;
type Copied = Result<(ClientWrapper, Vec<Failure>), Error>;

/// Takes batches until the sender is dropped; answers with the connection, and the subjects whose
/// rows the database refused.
pub(super) fn start<M: ReadModel>(
    mut client: ClientWrapper,
) -> (mpsc::Sender<Batch<M::Row>>, JoinHandle<Copied>) {
    let (sender, mut batches) = mpsc::channel::<Batch<M::Row>>(2);
    let copying = tokio::spawn(async move {
        let mut refused = Vec::new();
        while let Some(batch) = batches.recv().await {
            copy::<M>(&mut client, batch, &mut refused).await?;
        }
        Ok((client, refused))
    });
    (sender, copying)
}

/// A batch that is refused for its data is halved until the subject is found.
async fn copy<M: ReadModel>(
    client: &mut ClientWrapper,
    batch: Batch<M::Row>,
    refused: &mut Vec<Failure>,
) -> Result<(), Error> {
    let mut waiting = vec![batch];
    while let Some(batch) = waiting.pop() {
        if batch.is_empty() {
            continue;
        }
        let tx = client.transaction().await?;
        let error = match M::copy_in(&tx, &batch).await {
            Ok(()) => {
                tx.commit().await?;
                continue;
            }
            Err(error) if error.is_about_data() => error,
            Err(error) => return Err(error),
        };
        tx.rollback().await?;
        let subject = |(key, row): &(Key, M::Row)| (key.organisation, M::subject(*key, row));
        let Some(first) = batch.first().map(subject) else { continue };
        // Rows of a subject stand together.
        let middle = batch.get(batch.len() / 2).map(subject).unwrap_or(first);
        let split = if middle == first {
            batch.iter().position(|row| subject(row) != first)
        } else {
            batch.iter().position(|row| subject(row) == middle)
        };
        match split {
            Some(split) => {
                let mut left = batch;
                waiting.push(left.split_off(split));
                waiting.push(left);
            }
            None => refused.push(Failure {
                organisation: first.0,
                subject: first.1,
                sequence: 0,
                error: chain(&error),
            }),
        }
    }
    Ok(())
}
