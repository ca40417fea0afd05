//! Messages on their way out.

use eventstore::Store;

use super::Finding;
use crate::cli::Error;

const WAITING: &str =
    "SELECT count(*), min(reason) FROM automation.effect WHERE finished_at IS NULL";

/// Messages that wait are nothing wrong as long as there is a server to send them by.
pub(super) async fn messages(store: &Store, server: bool) -> Result<Finding, Error> {
    let client = store.worker().get().await?;
    let row = client.query_one(WAITING, &[]).await?;
    let (waiting, reason): (i64, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
    let detail = format!("{waiting} e-mails wait to be sent");
    Ok(match (server, reason) {
        (false, _) if waiting > 0 => Finding::wrong(
            "messages",
            detail,
            "no SMTP server is set: name one in DOSSIER_SMTP_URL",
        ),
        (true, Some(reason)) => {
            Finding::well("messages", format!("{detail}; one of them because {reason}"))
        }
        (_, _) => Finding::well("messages", detail),
    })
}
