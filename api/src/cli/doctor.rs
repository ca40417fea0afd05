//! `dossier doctor`: what is wrong with an installation, and what to do about it.

use eventstore::{LANES, Store};
use serde::Serialize;

use super::session::Session;
use super::{End, Error, say, say_json};
use crate::settings::Settings;

const SERVER_VERSION: &str = "SELECT current_setting('server_version_num')::int";
const DURABLE: &str = "SELECT current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on' \
    AND current_setting('synchronous_commit') <> 'off'";
const PARKED: &str =
    "SELECT follower, count(*) FROM state.parked GROUP BY follower ORDER BY follower";
const WAITING: &str =
    "SELECT count(*), min(reason) FROM automation.effect WHERE finished_at IS NULL";
const OLDEST_VERSION: i32 = 150_000;

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
}

impl Finding {
    fn new(what: impl Into<String>, ok: bool, detail: impl Into<String>) -> Self {
        Self { what: what.into(), ok, detail: detail.into() }
    }
}

pub(super) fn run(settings: &Settings, args: Args) -> Result<End, Error> {
    Session::new(settings)?.run(async |_session, store| {
        let mut findings = server(&store).await?;
        findings.push(log(&store).await?);
        findings.extend(followers(&store).await?);
        findings.push(messages(&store, settings.smtp_url.value.is_some()).await?);
        let ok = findings.iter().all(|finding| finding.ok);
        if args.json {
            say_json(&findings)?;
        } else {
            for finding in &findings {
                let mark = if finding.ok { "ok   " } else { "WRONG" };
                say(&format!("{mark} {}: {}", finding.what, finding.detail));
            }
        }
        Ok(if ok { End::Well } else { End::FoundWrong })
    })
}

async fn server(store: &Store) -> Result<Vec<Finding>, Error> {
    let client = store.worker().get().await?;
    let version: i32 = client.query_one(SERVER_VERSION, &[]).await?.try_get(0)?;
    let durable: bool = client.query_one(DURABLE, &[]).await?.try_get(0)?;
    Ok(vec![
        Finding::new(
            "PostgreSQL",
            version >= OLDEST_VERSION,
            format!("version {}; 15 or later is needed", version / 10_000),
        ),
        Finding::new(
            "durability",
            durable,
            if durable {
                "fsync, full_page_writes and synchronous_commit are on"
            } else {
                "switch fsync, full_page_writes and synchronous_commit on: acknowledged commands \
                 can be lost"
            },
        ),
    ])
}

async fn log(store: &Store) -> Result<Finding, Error> {
    let heads = store.heads().watch().borrow().clone();
    let events: i64 = heads.values().sum();
    let lanes = heads.values().filter(|head| **head > 0).count();
    Ok(Finding::new("log", true, format!("{events} events in {lanes} of {LANES} lanes")))
}

async fn followers(store: &Store) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    for organisation in store.organisations().await? {
        let head = store.head_sequence(organisation).await?;
        for name in projections::models::NAMES {
            let behind = head - projections::progress(store, name, organisation).await?;
            if behind > 0 {
                findings.push(Finding::new(
                    format!("read model {name}"),
                    false,
                    format!("{behind} events behind in organisation {organisation}; is the service running?"),
                ));
            }
        }
    }
    if findings.is_empty() {
        findings.push(Finding::new("read models", true, "all up to the head of the log"));
    }
    let client = store.worker().get().await?;
    for row in client.query(PARKED, &[]).await? {
        let (follower, count): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        findings.push(Finding::new(
            format!("parked records of {follower}"),
            false,
            format!("{count}; their events could not be read, see table state.parked"),
        ));
    }
    Ok(findings)
}

/// Messages that wait are nothing wrong as long as there is a server to send them by.
async fn messages(store: &Store, server: bool) -> Result<Finding, Error> {
    let client = store.worker().get().await?;
    let row = client.query_one(WAITING, &[]).await?;
    let (waiting, reason): (i64, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
    let hint = match (server, reason) {
        (false, _) => "; no SMTP server is set (DOSSIER_SMTP_URL)".to_owned(),
        (true, Some(reason)) => format!("; one of them because {reason}"),
        (true, None) => String::new(),
    };
    let ok = server || waiting == 0;
    Ok(Finding::new("messages", ok, format!("{waiting} e-mails wait to be sent{hint}")))
}
