//! The first start: an organisation, its owner, a password and a token. Safe to repeat after an
//! interruption at any point.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use domain::access::{Principal, Role};
use domain::{Command, Source};
use eventstore::state::credential::{self, Maker};
use eventstore::state::token;
use eventstore::{Caller, CommandId, Done, Options, Refused, SecretKey, Store};
use serde_json::json;
use uuid::Uuid;

use crate::{INSTALLATION, passwords};

const OWNER_EMAIL: &str = "owner@dossier.localhost";
const OWNER_NAME: &str = "Owner";
const ORGANISATION_NAME: &str = "My organisation";

/// Why the first start did not come to its end; the next one goes on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the log could not be read or written")]
    Store(#[from] eventstore::Error),
    #[error("a first command was refused")]
    Refused(#[from] Refused),
    #[error("a first command cannot be read: {0}")]
    Command(#[from] domain::command::Invalid),
    #[error(transparent)]
    Password(#[from] passwords::Error),
    #[error("{file} could not be read or written")]
    File { file: String, source: std::io::Error },
    #[error("{0} does not hold 64 hexadecimal digits")]
    MasterKey(String),
}

/// What there is after the first start.
#[derive(Debug)]
pub struct Owner {
    pub principal: Principal,
    pub email: &'static str,
    /// Present only when it was made just now; it is kept nowhere else.
    pub password: Option<String>,
}

/// Makes what is missing: the installation, the owner, the organisation, the password, and the
/// token in `<data-dir>/owner-token`.
///
/// # Errors
/// What stopped it.
pub async fn bootstrap(store: &Store, data_dir: &Path) -> Result<Owner, Error> {
    store.create_organisation(INSTALLATION).await?;
    let register = json!({ "email": OWNER_EMAIL, "name": OWNER_NAME });
    let user = first(store, INSTALLATION, "user.register", None, register).await?.stream_id;
    first(store, INSTALLATION, "user.grant_admin", Some(user), json!({})).await?;
    // The first organisation's id follows from its owner's, so that a repetition finds it again.
    let organisation = Uuid::new_v5(&user, b"first organisation");
    store.create_organisation(organisation).await?;
    let name = json!({ "name": ORGANISATION_NAME });
    first(store, organisation, "organisation.create", Some(organisation), name).await?;
    let member = json!({ "user": user, "roles": ["owner"] });
    first(store, organisation, "member.add", Some(user), member).await?;

    let password = set_password(store, user).await?;
    write_token(store, organisation, user, &data_dir.join("owner-token")).await?;
    let principal = Principal::user(organisation, user, [Role::Owner]);
    Ok(Owner { principal, email: OWNER_EMAIL, password })
}

/// A command of the first start, done once however often it is asked for.
async fn first(
    store: &Store,
    organisation: Uuid,
    name: &str,
    target: Option<Uuid>,
    data: serde_json::Value,
) -> Result<Done, Error> {
    let command = Command::parse(name, target, data)?;
    let caller = Caller::new(Principal::system(organisation), Source::System);
    let id = CommandId::new(Uuid::nil(), b"first start", &[name.as_bytes()]);
    let id = CommandId { id: Uuid::new_v5(&id.id, name.as_bytes()), ..id };
    let options = Options { command: Some(id), ..Options::default() };
    Ok(store.execute(&caller, command, &options).await?)
}

async fn set_password(store: &Store, user: Uuid) -> Result<Option<String>, Error> {
    let client = store.app().get().await.map_err(eventstore::Error::from)?;
    if credential::get(&client, user).await.map_err(eventstore::Error::from)?.is_some() {
        return Ok(None);
    }
    let password = passwords::one_time();
    let hash = passwords::hash(&password)?;
    credential::set(&client, user, &hash, Maker::Person).await.map_err(eventstore::Error::from)?;
    Ok(Some(password))
}

async fn write_token(
    store: &Store,
    organisation: Uuid,
    user: Uuid,
    path: &Path,
) -> Result<(), Error> {
    let client = store.app().get().await.map_err(eventstore::Error::from)?;
    if let Ok(secret) = std::fs::read_to_string(path) {
        let found = token::find(&client, secret.trim()).await.map_err(eventstore::Error::from)?;
        if found.is_some() {
            return Ok(());
        }
    }
    let new = token::NewToken {
        organisation,
        user_id: user,
        kind: token::TokenKind::Personal,
        role: None,
        opens_all: true,
        name: "owner-token",
        expires_at: None,
    };
    let (_, secret) = token::create(&client, &new).await.map_err(eventstore::Error::from)?;
    write_secret(path, &secret)
}

/// The operator's key of this data directory, made at the first start.
///
/// # Errors
/// The file cannot be read or written, or holds something else.
pub fn master_key(path: &Path) -> Result<SecretKey, Error> {
    let file = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => SecretKey::from_hex(&text).ok_or(Error::MasterKey(file)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            write_first_secret(path, &SecretKey::generate().to_hex())?;
            // Another process that starts at this moment may have been first.
            master_key(path)
        }
        Err(source) => Err(Error::File { file, source }),
    }
}

/// Writes a file that only its owner reads; it is there whole or not at all.
pub(crate) fn write_secret(path: &Path, secret: &str) -> Result<(), Error> {
    let named = |source| Error::File { file: path.display().to_string(), source };
    let part = write_part(path, secret)?;
    std::fs::rename(&part, path).map_err(named)
}

/// As [`write_secret`], but a file that is there stays as it is.
fn write_first_secret(path: &Path, secret: &str) -> Result<(), Error> {
    let named = |source| Error::File { file: path.display().to_string(), source };
    let part = write_part(path, secret)?;
    let linked = std::fs::hard_link(&part, path);
    std::fs::remove_file(&part).map_err(named)?;
    match linked {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked.map_err(named),
    }
}

fn write_part(path: &Path, secret: &str) -> Result<PathBuf, Error> {
    let named = |source| Error::File { file: path.display().to_string(), source };
    let part = path.with_extension(format!("{}.part", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    let mut file =
        options.write(true).create(true).truncate(true).mode(0o600).open(&part).map_err(named)?;
    writeln!(file, "{secret}").and_then(|()| file.sync_all()).map_err(named)?;
    Ok(part)
}
