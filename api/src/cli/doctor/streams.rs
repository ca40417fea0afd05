//! NATS and the copy of the log in it.

use eventstore::Store;
use eventstore::nats::{Nats, NatsSettings};
use eventstore::relay::copies;

use super::Finding;
use crate::cli::Error;

pub(super) async fn nats(settings: Option<NatsSettings>, store: &Store) -> Vec<Finding> {
    let Some(settings) = settings else {
        return vec![Finding::well("NATS", "not used: NATS_URL is unset")];
    };
    let away = "start it, or unset NATS_URL; meanwhile followers read the log, which is slower";
    let nats = match Nats::connect(settings).await {
        Ok(nats) if nats.is_connected() => nats,
        Ok(_) => return vec![Finding::wrong("NATS", "it cannot be reached", away)],
        Err(error) => {
            let what_to_do = "see NATS_URL, and the server's version and configuration";
            return vec![Finding::wrong("NATS", error.to_string(), what_to_do)];
        }
    };
    let mut findings = vec![Finding::well("NATS", format!("version {}", nats.server_version()))];
    findings.push(match behind(store, &nats).await {
        Ok((0, lanes)) => {
            Finding::well("streams", format!("{lanes} lanes copied up to the head of the log"))
        }
        Ok((behind, _)) => Finding::wrong(
            "streams",
            format!("{behind} events are not in JetStream yet"),
            "look again; if the number does not fall, no process with --roles relay runs, or its \
             log says why",
        ),
        Err(error) => Finding::wrong("streams", error.to_string(), "see the server's log"),
    });
    findings
}

/// How many events the streams lack, and how many lanes have events.
async fn behind(store: &Store, nats: &Nats) -> Result<(i64, usize), Error> {
    let copies = copies(store, nats).await?;
    let lacks = copies.iter().map(|copy| (copy.head - copy.published.unwrap_or_default()).max(0));
    Ok((lacks.sum(), copies.len()))
}
