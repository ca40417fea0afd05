//! What is new about several customers at once, each beyond a sequence of its own.

use domain::personal::unseal;
use uuid::Uuid;

use super::Stored;
use super::each::{Read, open};
use crate::error::Error;
use crate::store::Store;

const SINCE: &str = include_str!("sql/since.sql");

impl Store {
    /// The newest events about these customers, each beyond its sequence, in order: of the customer's
    /// own stream at most `most`, and as many of others. Personal values are not asked for: they look
    /// as if they were erased.
    pub async fn read_since(
        &self,
        organisation: Uuid,
        since: &[(Uuid, i64)],
        most: i64,
    ) -> Result<Vec<Read>, Error> {
        let (customers, sequences): (Vec<Uuid>, Vec<i64>) = since.iter().copied().unzip();
        let client = self.worker().get().await?;
        let statement = client.prepare_cached(SINCE).await?;
        let rows =
            client.query(&statement, &[&organisation, &customers, &sequences, &most]).await?;
        drop(client);
        rows.iter()
            .map(|row| {
                let mut read = open(Stored::from_row(row)?, None);
                unseal(&mut read.recorded.body, None);
                Ok(read)
            })
            .collect()
    }
}
