//! Rows kept whole as JSON in one table `document`; the columns that queries need are generated
//! from them by the database. So a read model has its tables and its fold, and no code to store it.

use std::pin::pin;

use bytes::Bytes;
use deadpool_postgres::Transaction;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_postgres::CopyInSink;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{Json, Type};
use uuid::Uuid;

use crate::error::Error;
use crate::read_model::{Changes, Key, ReadModel, Wanted};

const LOAD: &str = include_str!("document/load.sql");
const PUT: &str = include_str!("document/put.sql");
const REMOVE: &str = include_str!("document/remove.sql");
const LINES: &str = include_str!("document/lines.sql");
const COPY: &str = include_str!("document/copy.sql");

pub(crate) async fn load<M>(
    tx: &Transaction<'_>,
    wanted: &Wanted,
) -> Result<Vec<(Key, M::Row)>, Error>
where
    M: ReadModel<Row: DeserializeOwned>,
{
    let statement = tx.prepare_cached(LOAD).await?;
    let Wanted { rows, subjects } = wanted;
    let found = tx.query(&statement, &[&rows.0, &rows.1, &subjects.0, &subjects.1]).await?;
    found
        .iter()
        .map(|row| {
            let key = Key { organisation: row.try_get("organisation")?, id: row.try_get("id")? };
            let Json(body) = row.try_get("body")?;
            Ok((key, body))
        })
        .collect()
}

pub(crate) async fn save<M>(tx: &Transaction<'_>, changes: &Changes<M::Row>) -> Result<(), Error>
where
    M: ReadModel<Row: Serialize>,
{
    if !changes.gone.is_empty() {
        let statement = tx.prepare_cached(REMOVE).await?;
        let (organisations, ids) = columns(changes.gone.iter().copied());
        tx.execute(&statement, &[&organisations, &ids]).await?;
    }
    if !changes.put.is_empty() {
        let statement = tx.prepare_cached(PUT).await?;
        let (organisations, ids) = columns(changes.put.iter().map(|(key, _)| *key));
        let subjects: Vec<Uuid> =
            changes.put.iter().map(|(key, row)| M::subject(*key, row)).collect();
        let bodies: Vec<Json<&M::Row>> = changes.put.iter().map(|(_, row)| Json(row)).collect();
        tx.execute(&statement, &[&organisations, &ids, &subjects, &bodies]).await?;
    }
    Ok(())
}

pub(crate) async fn copy_in<M>(tx: &Transaction<'_>, rows: &[(Key, M::Row)]) -> Result<(), Error>
where
    M: ReadModel<Row: Serialize>,
{
    let sink: CopyInSink<Bytes> = tx.copy_in(COPY).await?;
    let types = [Type::UUID, Type::UUID, Type::UUID, Type::JSONB];
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
    for (key, row) in rows {
        let subject = M::subject(*key, row);
        writer.as_mut().write(&[&key.organisation, &key.id, &subject, &Json(row)]).await?;
    }
    writer.finish().await?;
    Ok(())
}

pub(crate) async fn lines(tx: &Transaction<'_>, organisation: Uuid) -> Result<Vec<String>, Error> {
    let rows = tx.query(LINES, &[&organisation]).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}

fn columns(keys: impl Iterator<Item = Key>) -> (Vec<Uuid>, Vec<Uuid>) {
    keys.map(|key| (key.organisation, key.id)).unzip()
}

/// Stores a read model's rows in the table `document`.
macro_rules! stored_as_documents {
    () => {
        async fn load(
            tx: &deadpool_postgres::Transaction<'_>,
            wanted: &$crate::read_model::Wanted,
        ) -> Result<Vec<($crate::read_model::Key, Self::Row)>, $crate::Error> {
            $crate::document::load::<Self>(tx, wanted).await
        }

        async fn save(
            tx: &deadpool_postgres::Transaction<'_>,
            changes: &$crate::read_model::Changes<Self::Row>,
        ) -> Result<(), $crate::Error> {
            $crate::document::save::<Self>(tx, changes).await
        }

        async fn copy_in(
            tx: &deadpool_postgres::Transaction<'_>,
            rows: &[($crate::read_model::Key, Self::Row)],
        ) -> Result<(), $crate::Error> {
            $crate::document::copy_in::<Self>(tx, rows).await
        }

        async fn lines(
            tx: &deadpool_postgres::Transaction<'_>,
            organisation: uuid::Uuid,
        ) -> Result<Vec<String>, $crate::Error> {
            $crate::document::lines(tx, organisation).await
        }
    };
}
pub(crate) use stored_as_documents;
