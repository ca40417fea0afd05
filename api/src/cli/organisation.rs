//! `dossier organisation`.

use clap::Subcommand;
use domain::organisation::Organisation;
use uuid::Uuid;

use super::session::Session;
use super::{End, Error, say, user};
use crate::INSTALLATION;
use crate::organisations;
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make an organisation and print its id
    Create {
        name: String,
        /// Its first owner, by the e-mail with which they sign in
        #[arg(long, value_name = "EMAIL")]
        owner: String,
    },
    /// List the organisations
    List,
}

pub(super) fn run(settings: &Settings, args: Args) -> Result<End, Error> {
    Session::new(settings)?.run(async |_session, store| {
        match args.what {
            What::Create { name, owner } => {
                let owner = user::find(&store, &owner).await?;
                let id = Uuid::now_v7();
                organisations::create(&store, id, &name, owner, None).await?;
                say(&id.to_string());
            }
            What::List => {
                for id in store.organisations().await? {
                    let (_, organisation) = store.load::<Organisation>(id, id).await?;
                    if id != INSTALLATION {
                        let name = organisation.name.as_deref().unwrap_or_default();
                        say(&format!("{id}  {name}"));
                    }
                }
            }
        }
        Ok(End::Well)
    })
}
