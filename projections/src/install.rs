//! Makes what is missing of the read models, at every start: safe to repeat, and beside others.

use deadpool_postgres::{ClientWrapper, Object, Pool};
use tokio_postgres::{Config, NoTls};

use crate::directory;
use crate::error::Error;
use crate::models::each_model;
use crate::read_model::ReadModel;
use crate::schema;

const RIGHTS: &str = include_str!("install/rights.sql");
const LOCK: &str = include_str!("install/lock.sql");
const UNLOCK: &str = include_str!("install/unlock.sql");
const BECOME_WORKER: &str = include_str!("install/become_worker.sql");

/// Creates schemas, tables, functions and rights that are not there. `settings` are a connection
/// string of the login that migrates. Tables of another version are left alone: the runner builds
/// them anew beside the old ones.
pub async fn install(settings: &str) -> Result<(), Error> {
    let config: Config = settings.parse()?;
    let manager = deadpool_postgres::Manager::new(config, NoTls);
    let pool = Pool::builder(manager).max_size(1).build().map_err(eventstore::Error::from)?;
    let mut client = Object::take(pool.get().await?);
    client.batch_execute(LOCK).await?;
    let installed = install_all(&mut client).await;
    client.batch_execute(UNLOCK).await?;
    installed
}

#[expect(clippy::cognitive_complexity, reason = "the same for each read model")]
async fn install_all(client: &mut ClientWrapper) -> Result<(), Error> {
    // All of it belongs to the role that rebuilds.
    for statements in [directory::EXTENSIONS, RIGHTS, BECOME_WORKER] {
        client.batch_execute(statements).await?;
    }
    each_model!(M => {
        create_missing::<M>(client).await?;
    });
    Ok(client.batch_execute(directory::FUNCTIONS).await?)
}

async fn create_missing<M: ReadModel>(client: &mut ClientWrapper) -> Result<(), Error> {
    let tx = client.transaction().await?;
    if schema::version::<M>(&*tx).await?.is_none() {
        schema::create::<M>(&tx).await?;
    }
    tx.commit().await?;
    Ok(())
}
