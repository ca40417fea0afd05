//! `dossier doctor`: what is wrong with an installation, and what to do about it. Exit code 1 if
//! anything is.

mod followers;
mod machine;
mod messages;
mod streams;

use eventstore::{LANES, Store};
use serde::Serialize;

use super::session::Session;
use super::{End, Error, say, say_json};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

/// One thing looked at.
#[derive(Debug, Serialize)]
struct Finding {
    what: String,
    ok: bool,
    detail: String,
    /// Where something is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    what_to_do: Option<String>,
}

impl Finding {
    fn well(what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { what: what.into(), ok: true, detail: detail.into(), what_to_do: None }
    }

    fn wrong(
        what: impl Into<String>,
        detail: impl Into<String>,
        what_to_do: impl Into<String>,
    ) -> Self {
        let what_to_do = Some(what_to_do.into());
        Self { what: what.into(), ok: false, detail: detail.into(), what_to_do }
    }
}

pub(super) fn run(settings: &Settings, args: Args) -> Result<End, Error> {
    Session::new(settings)?.run(async |session, store| {
        let mut findings = machine::server(&store).await?;
        findings.push(machine::disk(&session.data_dir));
        findings.push(machine::demo(&store, settings.serves_others()).await?);
        findings.push(log(&store));
        findings.extend(followers::read_models(&store).await?);
        findings.extend(followers::parked(&store).await?);
        findings.extend(followers::rules(&store).await?);
        findings.push(messages::messages(&store, settings.smtp_url.value.is_some()).await?);
        findings.extend(streams::nats(settings.nats(), &store).await);
        let ok = findings.iter().all(|finding| finding.ok);
        if args.json {
            say_json(&findings)?;
        } else {
            findings.iter().for_each(print);
        }
        Ok(if ok { End::Well } else { End::FoundWrong })
    })
}

fn print(finding: &Finding) {
    let mark = if finding.ok { "ok   " } else { "WRONG" };
    say(&format!("{mark} {}: {}", finding.what, finding.detail));
    if let Some(what_to_do) = &finding.what_to_do {
        say(&format!("      {what_to_do}"));
    }
}

fn log(store: &Store) -> Finding {
    let heads = store.heads().watch().borrow().clone();
    let events: i64 = heads.values().sum();
    let lanes = heads.values().filter(|head| **head > 0).count();
    Finding::well("log", format!("{events} events in {lanes} of {LANES} lanes"))
}
