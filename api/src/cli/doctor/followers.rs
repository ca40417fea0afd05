//! Those who follow the log: read models and rules.

use automation::standing::standing;
use eventstore::Store;
use projections::standing::{Standing, standings};

use super::Finding;
use crate::cli::Error;

const PARKED: &str = "SELECT follower, count(*), min(parked_at)::text FROM state.parked \
    GROUP BY follower ORDER BY follower";

pub(super) async fn read_models(store: &Store) -> Result<Vec<Finding>, Error> {
    let behind: Vec<Standing> =
        standings(store).await?.into_iter().filter(|model| model.behind > 0).collect();
    if behind.is_empty() {
        return Ok(vec![Finding::well("read models", "all up to the head of the log")]);
    }
    let finding = |model: Standing| {
        let detail = format!("{} events behind the log", model.behind);
        let what_to_do = if model.led {
            "a process folds it: look again; if the number does not fall, read that process's log"
        } else {
            "no process holds its lease: start the service, or one with --roles project"
        };
        Finding::wrong(format!("read model {}", model.name), detail, what_to_do)
    };
    Ok(behind.into_iter().map(finding).collect())
}

pub(super) async fn parked(store: &Store) -> Result<Vec<Finding>, Error> {
    let client = store.worker().get().await?;
    let mut findings = Vec::new();
    for row in client.query(PARKED, &[]).await? {
        let follower: String = row.try_get(0)?;
        let (count, since): (i64, String) = (row.try_get(1)?, row.try_get(2)?);
        let detail = format!("{count} wait behind an event that could not be read, since {since}");
        let look = "the table state.parked has their errors; when the cause is mended (often: \
            upgrade this program)";
        let what_to_do = if follower == "automation" {
            format!("{look}, they are taken up again within a minute")
        } else {
            format!("{look}, run `dossier rebuild {follower}`")
        };
        findings.push(Finding::wrong(format!("parked records of {follower}"), detail, what_to_do));
    }
    Ok(findings)
}

pub(super) async fn rules(store: &Store) -> Result<Vec<Finding>, Error> {
    let rules = standing(store).await?;
    let mut findings = Vec::new();
    if rules.behind > 0 {
        let what_to_do = if rules.led {
            "a process matches them: look again; if the number does not fall, read its log"
        } else {
            "no process holds a lease of theirs: start the service, or one with --roles automate"
        };
        let detail = format!("{} events have not been matched", rules.behind);
        findings.push(Finding::wrong("rules", detail, what_to_do));
    }
    if rules.overdue > 0 {
        findings.push(Finding::wrong(
            "runs of rules",
            format!("those of {} customers have been due for over a minute", rules.overdue),
            "start the service, or one more process with --roles automate",
        ));
    }
    if rules.dead > 0 {
        findings.push(Finding::wrong(
            "dead letters of rules",
            format!("{} runs failed as often as they may", rules.dead),
            "see GET /v1/automation/runs?filter[outcome]=failed for the reasons; \
             POST /v1/automation/runs/{id}/retry goes on with one",
        ));
    }
    if findings.is_empty() {
        findings.push(Finding::well("rules", "every event matched, no run overdue or dead"));
    }
    Ok(findings)
}
