//! `dossier verify` and `dossier rebuild`.

use super::session::Session;
use super::{End, Error, say, say_json};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct RebuildArgs {
    /// The read models to rebuild; none named is all
    names: Vec<String>,
    /// Change nothing: build beside the live one and compare row by row
    #[arg(long)]
    check: bool,
}

pub(super) fn run(settings: &Settings, args: Args) -> Result<End, Error> {
    Session::new(settings)?.run(async |_session, store| {
        let mut results = Vec::new();
        for organisation in store.organisations().await? {
            results.push(store.verify(organisation).await?);
        }
        let ok = results.iter().all(|result| result.ok);
        if args.json {
            say_json(&results)?;
        }
        for result in results.iter().filter(|_| !args.json) {
            let organisation = result.organisation;
            match &result.first_bad {
                None => say(&format!(
                    "{organisation}: chain intact up to {}, head {} (heads are not signed yet)",
                    result.sequence, result.head
                )),
                Some(bad) => say(&format!(
                    "{organisation}: broken at sequence {}: {}",
                    bad.sequence, bad.reason
                )),
            }
        }
        Ok(if ok { End::Well } else { End::FoundWrong })
    })
}

pub(super) fn rebuild(settings: &Settings, args: RebuildArgs) -> Result<End, Error> {
    let known: Vec<String> =
        projections::models::NAMES.iter().map(|name| (*name).to_owned()).collect();
    if let Some(unknown) = args.names.iter().find(|name| !known.contains(name)) {
        return Err(
            format!("there is no read model {unknown}; there are {}", known.join(", ")).into()
        );
    }
    let names = if args.names.is_empty() { known } else { args.names };
    Session::new(settings)?.run(async |_session, store| {
        let mut equal = true;
        for name in &names {
            if args.check {
                let comparison = projections::rebuilt_equals_live(&store, name).await?;
                equal &= comparison.is_equal();
                say(&format!(
                    "{name}: {}",
                    if comparison.is_equal() { "equal" } else { "DIFFERS" }
                ));
            } else {
                projections::rebuild(&store, name).await?;
                say(&format!("{name}: rebuilt"));
            }
        }
        Ok(if equal { End::Well } else { End::FoundWrong })
    })
}
