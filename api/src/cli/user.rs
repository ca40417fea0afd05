//! `dossier user`: people of the whole installation.

use clap::Subcommand;
use domain::access::Principal;
use domain::claim::ClaimKind;
use domain::user::{INSTALLATION, Nothing};
use domain::value::normalise_email;
use domain::{Command, Source, user};
use eventstore::state::session;
use eventstore::{Caller, Options, Store};
use uuid::Uuid;

use super::session::Session;
use super::{End, Error, say};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Block a person in every organisation, and sign them out
    Block {
        /// With which they sign in
        email: String,
    },
    /// Let a person in again
    Unblock {
        /// With which they sign in
        email: String,
    },
    /// Let a person make organisations
    GrantAdmin {
        /// With which they sign in
        email: String,
    },
    /// No longer let a person make organisations
    RevokeAdmin {
        /// With which they sign in
        email: String,
    },
}

pub(super) fn run(settings: &Settings, args: Args) -> Result<End, Error> {
    Session::new(settings)?.run(async |_session, store| {
        let (email, command, done) = match args.what {
            What::Block { email } => (email, user::Command::Block(Nothing {}), "is blocked"),
            What::Unblock { email } => (email, user::Command::Unblock(Nothing {}), "may come in"),
            What::GrantAdmin { email } => {
                (email, user::Command::GrantAdmin(Nothing {}), "administers the installation")
            }
            What::RevokeAdmin { email } => {
                (email, user::Command::RevokeAdmin(Nothing {}), "does not administer any more")
            }
        };
        let id = find(&store, &email).await?;
        let blocks = matches!(command, user::Command::Block(_));
        let caller = Caller::new(Principal::system(INSTALLATION), Source::Cli);
        store.execute(&caller, Command::User { id, command }, &Options::default()).await?;
        if blocks {
            session::end_of_user(&store.app().get().await?, id).await?;
        }
        say(&format!("{email} {done}"));
        Ok(End::Well)
    })
}

/// The person who signs in with this e-mail.
pub(super) async fn find(store: &Store, email: &str) -> Result<Uuid, Error> {
    let found = store.holder(INSTALLATION, ClaimKind::SignIn, &normalise_email(email)).await?;
    found.ok_or_else(|| format!("nobody signs in with {email}").into())
}
