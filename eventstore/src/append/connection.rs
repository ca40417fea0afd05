//! A committer's own connection, with its statements prepared.

use tokio_postgres::{Client, Config, Error, NoTls, Statement};

macro_rules! statements {
    ($($name:ident),+ $(,)?) => {
        /// The statements of the append, prepared once a connection.
        #[derive(Debug)]
        pub(super) struct Statements { $(pub(super) $name: Statement),+ }

        impl Statements {
            async fn prepare(client: &Client) -> Result<Self, Error> {
                Ok(Self {
                    $($name: client
                        .prepare(include_str!(concat!("sql/", stringify!($name), ".sql")))
                        .await?),+
                })
            }
        }

        /// Name and text of each, for the test that prepares them all.
        #[cfg(test)]
        pub(super) const ALL: &[&str] = &[$(stringify!($name)),+];
    };
}

statements! {
    move_lanes, move_organisations, insert_events, probe_streams, insert_commands, release_claims,
    take_claims, insert_keys, destroy_keys, set_counters, lock_lanes, lock_organisations,
    read_versions, read_commands, read_claims, read_keys, read_counters, was_committed,
}

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) client: Client,
    pub(super) statements: Statements,
    /// The server process, to end it when the connection is lost in mid-call.
    pub(super) backend: i32,
}

impl Connection {
    pub(super) async fn open(config: &Config) -> Result<Self, Error> {
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(error = %error, "a committer's connection ended");
            }
        });
        // Look-ups by array must stay probes of an index, whatever the statistics say.
        client
            .batch_execute(
                "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off; \
                 SET jit = off; SET plan_cache_mode = force_generic_plan",
            )
            .await?;
        let statements = Statements::prepare(&client).await?;
        let backend = client.query_one("SELECT pg_backend_pid()", &[]).await?.try_get(0)?;
        Ok(Self { client, statements, backend })
    }

    pub(super) fn is_lost(&self) -> bool {
        self.client.is_closed()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_statement_of_the_folder_is_bound() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/append/sql");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        files.sort();
        let mut bound: Vec<_> = super::ALL.iter().map(|name| (*name).to_owned()).collect();
        bound.sort();
        assert_eq!(files, bound);
    }
}
