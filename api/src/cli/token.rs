//! `dossier token`.

use clap::Subcommand;
use domain::access::Role;
use eventstore::state::token::{self, NewToken, TokenKind};
use jiff::Timestamp;
use uuid::Uuid;

use super::session::Session;
use super::{End, Error, say};
use crate::bootstrap;
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a token of the owner's and print it, this once
    Create {
        /// What it is for
        name: String,
        /// A token for an app instead of a person
        #[arg(long)]
        service: bool,
        /// The role beyond which it may do nothing, such as viewer
        #[arg(long)]
        role: Option<Role>,
        /// When it ends, such as 2027-01-01T00:00:00Z
        #[arg(long)]
        expires_at: Option<Timestamp>,
    },
    /// List the organisation's tokens
    List,
    /// End a token
    Revoke {
        /// The token's id
        id: Uuid,
    },
}

pub(super) fn run(settings: &Settings, args: Args) -> Result<End, Error> {
    Session::new(settings)?.run(async |session, store| {
        let owner = bootstrap::bootstrap(&store, &session.data_dir).await?.principal;
        let client = store.app().get().await?;
        match args.what {
            What::Create { name, service, role, expires_at } => {
                let kind = if service { TokenKind::Service } else { TokenKind::Personal };
                let new = NewToken {
                    organisation: owner.organisation,
                    user_id: owner.user,
                    kind,
                    role: role.map(Role::name),
                    opens_all: !service,
                    name: &name,
                    expires_at,
                };
                let (_, secret) = token::create(&client, &new).await?;
                say(&secret);
            }
            What::List => {
                for token in token::list(&client, owner.organisation).await? {
                    let state = if token.is_valid(Timestamp::now()) { "valid" } else { "ended" };
                    let used = token
                        .last_used_at
                        .map_or_else(|| "never used".to_owned(), |used| format!("used {used:.0}"));
                    say(&format!("{}  {state}  {used}  {}", token.token_id, token.name));
                }
            }
            What::Revoke { id } => {
                if !token::revoke(&client, owner.organisation, id).await? {
                    return Err(format!("there is no token {id}").into());
                }
                say("the token is ended");
            }
        }
        Ok(End::Well)
    })
}
