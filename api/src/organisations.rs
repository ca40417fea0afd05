//! Further organisations of an installation.

use domain::access::Principal;
use domain::{Command, Source};
use eventstore::{Caller, CommandId, Options, Refused, Store};
use serde_json::json;
use uuid::Uuid;

/// Why an organisation was not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the log could not be read or written")]
    Store(#[from] eventstore::Error),
    #[error("the organisation was refused")]
    Refused(#[from] Refused),
    #[error(transparent)]
    Invalid(#[from] domain::command::Invalid),
}

/// Makes an organisation with its first owner: once, where a command id says which wish it is.
pub(crate) async fn create(
    store: &Store,
    id: Uuid,
    name: &str,
    owner: Uuid,
    command: Option<CommandId>,
) -> Result<(), Error> {
    let create = Command::parse("organisation.create", Some(id), json!({ "name": name }))?;
    let add = json!({ "user": owner, "roles": ["owner"] });
    let add = Command::parse("member.add", Some(owner), add)?;
    store.create_organisation(id).await?;
    let options = Options { command, ..Options::default() };
    let caller = Caller::new(Principal::system(id), Source::System);
    store.execute_all(&caller, vec![create, add], &options).await?;
    Ok(())
}
