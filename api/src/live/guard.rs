//! Looks for rights that ended elsewhere: in another process, or by the clock.

use std::time::Duration;

use eventstore::state::{session, token};
use uuid::Uuid;

use super::Live;
use crate::INSTALLATION;
use crate::extract::Pass;
use crate::problem::chain;

/// A token or session that is ended in another process ends its feeds within this time.
const EVERY: Duration = Duration::from_millis(400);

/// Has feeds look at their rights again when a token or session of theirs has ended, until there are no
/// feeds. Who is blocked or loses a role shows in the log: in the organisation's own channel, and
/// for the whole installation in the one that is held here.
pub(super) async fn watch_rights(live: Live) {
    let mut installation = None;
    while let Some(passes) = live.passes() {
        if installation.is_none() {
            installation = live.channel(INSTALLATION).await.ok();
        }
        match ended(&live, &passes).await {
            Ok(true) => live.0.sessions.forget(),
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(error = %chain(&error), "the feeds' tokens and sessions could not be looked at");
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn ended(live: &Live, passes: &[Pass]) -> Result<bool, eventstore::Error> {
    let (mut tokens, mut sessions) = (Vec::new(), Vec::new());
    for pass in passes {
        match pass {
            Pass::Token(id) => tokens.push(*id),
            Pass::Session(id) => sessions.push(*id),
        }
    }
    let client = live.0.store.app().get().await?;
    Ok(token::any_ended(&client, &distinct(tokens)).await?
        || session::any_ended(&client, &distinct(sessions)).await?)
}

fn distinct(mut ids: Vec<Uuid>) -> Vec<Uuid> {
    ids.sort_unstable();
    ids.dedup();
    ids
}
