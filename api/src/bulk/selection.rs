//! Whom a job is meant for: named one by one, or all that a list finds.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use domain::access::{self, Action, Principal, Scope};
use domain::command::Invalid;
use eventstore::Store;
use projections::{PageQuery, customer_list};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Error, list};
use crate::import::jobs::Jobs;
use crate::routes::customers::filter::{self, Wanted, Way};

/// Ids that a request may name.
const MOST_IDS: usize = 10_000;
/// Customers read at once.
const PAGE: u16 = 500;

/// Customers by their ids, or by what the list was narrowed to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Selection {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ids: Option<Vec<Uuid>>,
    /// A condition, as `POST /v1/customers/search` takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) filter: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) q: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) folder: Option<Uuid>,
}

impl Selection {
    /// Whether it can be read, by whoever sees this much.
    pub(super) fn check(&self, scope: &Scope) -> Result<(), Invalid> {
        let narrows = self.filter.is_some() || self.q.is_some() || self.folder.is_some();
        match &self.ids {
            None if !narrows => {
                let detail = "name customers by ids, or all that match by filter, q or folder; \
                              {\"filter\": {\"all\": []}} means everybody";
                Err(Invalid::new("", "missing_field", detail))
            }
            None => self.wanted(scope).map(drop),
            Some(_) if narrows => {
                let detail = "ids stand alone: leave out filter, q and folder";
                Err(Invalid::new("/ids", "invalid_field", detail))
            }
            Some(ids) if ids.is_empty() => {
                Err(Invalid::new("/ids", "invalid_field", "nobody is named"))
            }
            Some(ids) if ids.len() > MOST_IDS => {
                let detail = format!("at most {MOST_IDS} ids; name more by filter");
                Err(Invalid::new("/ids", "invalid_field", detail))
            }
            Some(_) => Ok(()),
        }
    }

    fn wanted(&self, scope: &Scope) -> Result<Wanted, Invalid> {
        let folder = self.folder.map(|id| json!({ "field": "folder", "op": "eq", "value": id }));
        let condition = match (&self.filter, folder) {
            (Some(filter), Some(folder)) => Some(json!({ "all": [filter, folder] })),
            (filter, folder) => filter.clone().or(folder),
        };
        let text = self.q.as_deref().unwrap_or_default();
        filter::of_condition(scope, condition.as_ref(), text)
            .map_err(|error| error.under("/filter"))
    }
}

/// The customers of a job: as they were found when it began.
pub(super) async fn chosen(
    jobs: &Jobs,
    job_id: Uuid,
    principal: &Principal,
    selection: &Selection,
) -> Result<Vec<Uuid>, Error> {
    let path = list(jobs, job_id);
    if let Some(kept) = read(&path).await? {
        return Ok(kept);
    }
    let chosen = match &selection.ids {
        Some(ids) => {
            let mut seen = BTreeSet::new();
            ids.iter().copied().filter(|id| seen.insert(*id)).collect()
        }
        None => {
            let scope = access::scope(principal, Action::CustomerList)?;
            found(jobs.store(), &scope, selection.wanted(&scope)?).await?
        }
    };
    write(&path, &chosen).await?;
    Ok(chosen)
}

/// The customers of another job, for one that undoes it.
pub(super) async fn again(jobs: &Jobs, job_id: Uuid, of: Uuid) -> Result<Vec<Uuid>, Error> {
    let path = list(jobs, job_id);
    if let Some(kept) = read(&path).await? {
        return Ok(kept);
    }
    let chosen = read(&list(jobs, of)).await?.ok_or(Error::Gone)?;
    write(&path, &chosen).await?;
    Ok(chosen)
}

async fn found(store: &Store, scope: &Scope, wanted: Wanted) -> Result<Vec<Uuid>, Error> {
    let Wanted { condition, query, way } = wanted;
    let mut page = PageQuery::first(PAGE);
    // A list that is walked while people change it may show somebody twice.
    let (mut seen, mut chosen) = (BTreeSet::<Uuid>::new(), Vec::new());
    loop {
        let rows = if way == Way::Directory {
            let query = customer_list::Query { page, ..(*query).clone() };
            customer_list::list(store, scope, &query).await?
        } else {
            customer_list::search(store, scope, &condition, false, &page).await?
        };
        let ids = rows.data.iter().filter_map(|row| row.get("id")?.as_str()?.parse::<Uuid>().ok());
        chosen.extend(ids.filter(|id| seen.insert(*id)));
        let Some(next) = rows.turns.next else { return Ok(chosen) };
        page = PageQuery { after: Some(next), ..PageQuery::first(PAGE) };
    }
}

async fn read(path: &Path) -> Result<Option<Vec<Uuid>>, std::io::Error> {
    match tokio::fs::read_to_string(path).await {
        Ok(text) => Ok(Some(text.lines().filter_map(|line| line.parse().ok()).collect())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// All of them or, after a crash, none.
async fn write(path: &Path, customers: &[Uuid]) -> Result<(), std::io::Error> {
    let lines: Vec<String> = customers.iter().map(Uuid::to_string).collect();
    let draft = path.with_extension("draft");
    tokio::fs::write(&draft, lines.join("\n")).await?;
    tokio::fs::rename(&draft, path).await
}
