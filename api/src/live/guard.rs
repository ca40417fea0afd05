//! Looks for rights that ended elsewhere: in another process, or by the clock.

use std::time::Duration;

use eventstore::state::token;
use uuid::Uuid;

use super::Live;
use crate::INSTALLATION;
use crate::problem::chain;

/// A token that is revoked in another process ends its feeds within this time.
const EVERY: Duration = Duration::from_millis(500);

/// Has feeds look at their rights again when a token of theirs has ended, until there are no
/// feeds. Who is blocked or loses a role shows in the log: in the organisation's own channel, and
/// for the whole installation in the one that is held here.
pub(super) async fn watch_rights(live: Live) {
    let mut installation = None;
    while let Some(tokens) = live.tokens() {
        if installation.is_none() {
            installation = live.channel(INSTALLATION).await.ok();
        }
        match ended(&live, &tokens).await {
            Ok(true) => live.0.sessions.forget(),
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(error = %chain(&error), "the feeds' tokens could not be looked at");
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn ended(live: &Live, tokens: &[Uuid]) -> Result<bool, eventstore::Error> {
    let client = live.0.store.app().get().await?;
    Ok(token::any_ended(&client, tokens).await?)
}
