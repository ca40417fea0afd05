//! Brings a database's schema up to date: forward only, under a lock, safe to repeat.

use tokio_postgres::NoTls;

use crate::error::Error;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Applies what is missing. `settings` are a PostgreSQL connection string or URL of a login that
/// may create roles and schemas.
pub async fn migrate(settings: &str) -> Result<usize, Error> {
    let (mut client, connection) = tokio_postgres::connect(settings, NoTls).await?;
    let driver = tokio::spawn(connection);
    // Two processes that start at once must not migrate side by side.
    client.batch_execute("SELECT pg_advisory_lock(823471)").await?;
    let report = embedded::migrations::runner().run_async(&mut client).await?;
    client.batch_execute("SELECT pg_advisory_unlock(823471)").await?;
    drop(client);
    drop(driver.await);
    Ok(report.applied_migrations().len())
}
