//! Tasks: what is to do, for customers and for nobody in particular.

use domain::access::Scope;
use domain::task::Event;
use domain::{Actor, Personal};
use eventstore::Store;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::customer_360::time;
use crate::document::stored_as_documents;
use crate::error::Error;
use crate::item::Item;
use crate::page::{Page, PageQuery, page, page_of, position};
use crate::past::Past;
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};
use crate::reader::{Ids, Names, Reach, connection, one, reading};
use crate::shown::{Shown, shown};

const LIST: &str = include_str!("tasks/list.sql");
const GET: &str = include_str!("tasks/get.sql");

/// Sorts behind every date: no due date, no hurry.
const NO_DATE: &str = "9999-12-31";

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Tasks;

/// A task as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub id: Uuid,
    pub customer: Option<Uuid>,
    pub title: Shown<String>,
    pub note: Option<Shown<String>>,
    pub due_on: Option<Date>,
    pub assignee: Option<Uuid>,
    pub done: bool,
    /// Out of sight, without its texts, until it is restored.
    pub deleted: bool,
    pub created_by: Actor,
    pub created_at: Timestamp,
    /// The same in microseconds: what a filter compares.
    pub created_us: i64,
    pub done_by: Option<Actor>,
    pub done_at: Option<Timestamp>,
    pub version: i64,
    /// The sequence that added it: its place among those due on one day.
    pub added: i64,
    /// The last sequence that changed it.
    pub position: i64,
}

impl ReadModel for Tasks {
    type Row = Task;

    const NAME: &'static str = "tasks";
    const VERSION: i32 = 2;
    const TABLES: &'static str = include_str!("tasks/tables.sql");
    const INDEXES: &'static str = include_str!("tasks/indexes.sql");
    const EVENTS: &'static [&'static str] = &["task", "customer.erased"];

    /// A customer's tasks go with the customer's personal data: nothing is left to be done.
    fn touches(item: &Item) -> Touch {
        if item.kind() == "task" { Touch::Row(item.stream_id) } else { Touch::Subject }
    }

    fn fold(key: Key, row: &mut Option<Task>, item: &Item) -> Result<(), Unfoldable> {
        let domain::Event::Task(event) = item.event()? else {
            *row = None;
            return Ok(());
        };
        *row = Task::after(key.id, row.take(), event, item);
        Ok(())
    }

    fn subject(key: Key, row: &Task) -> Uuid {
        row.customer.unwrap_or(key.id)
    }

    stored_as_documents!();
}

impl Task {
    /// The task after one of its events.
    fn after(id: Uuid, before: Option<Self>, event: &Event, item: &Item) -> Option<Self> {
        let actor = || item.metadata.actor.clone();
        if let Event::Added { customer, title, due_on, assignee, note } = event {
            return Some(Self {
                id,
                customer: *customer,
                title: Shown::from(title),
                note: shown(note.as_ref()),
                due_on: *due_on,
                assignee: *assignee,
                done: false,
                deleted: false,
                created_by: actor(),
                created_at: item.effective_at(),
                created_us: item.effective_at().as_microsecond(),
                done_by: None,
                done_at: None,
                version: item.version,
                added: item.sequence,
                position: item.sequence,
            });
        }
        let mut task = before?;
        task.version = item.version;
        task.position = item.sequence;
        match event {
            // Handled before: it needs no row.
            Event::Added { .. } => {}
            Event::Edited { customer: _, from: _, to } => {
                task.title = Shown::from(&to.title);
                task.note = shown(to.note.as_ref());
                task.due_on = to.due_on;
                task.assignee = to.assignee;
            }
            Event::Completed { .. } => {
                task.done = true;
                task.done_by = Some(actor());
                task.done_at = Some(item.effective_at());
            }
            Event::Reopened { .. } => {
                task.done = false;
                task.done_by = None;
                task.done_at = None;
            }
            Event::Deleted { .. } => {
                task.deleted = true;
                task.title = Shown(Personal::Erased);
                task.note = None;
            }
            Event::Restored { customer: _, task: content, done: _ } => {
                task.deleted = false;
                task.title = Shown::from(&content.title);
                task.note = shown(content.note.as_ref());
            }
        }
        Some(task)
    }
}

/// Which tasks; what is `None` restricts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub customer: Option<Uuid>,
    pub assignee: Option<Uuid>,
    pub done: Option<bool>,
    /// Created at this moment or later.
    pub created_from: Option<Timestamp>,
    /// Due on this day or before; tasks without a day are left out.
    pub due_until: Option<Date>,
}

impl Filter {
    fn fits(&self, task: &Task) -> bool {
        self.assignee.is_none_or(|assignee| task.assignee == Some(assignee))
            && self.done.is_none_or(|done| task.done == done)
            && self.created_from.is_none_or(|from| task.created_at >= from)
            && self.due_until.is_none_or(|until| task.due_on.is_some_and(|due_on| due_on <= until))
    }
}

/// Tasks by the day on which they are due, those without one last.
pub async fn list(
    store: &Store,
    scope: &Scope,
    filter: &Filter,
    query: &PageQuery,
) -> Result<Page, Error> {
    let after: Option<(String, i64)> = query.key()?;
    let (due, added) = after.unwrap_or_default();
    let reach = Reach::of(scope);
    let due_until = filter.due_until.map(|date| date.to_string());
    let created_from = filter.created_from.map(Timestamp::as_microsecond);
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(LIST)).await?;
    let rows = tx
        .query(
            &statement,
            &[
                &scope.organisation(),
                &filter.customer,
                &filter.assignee,
                &filter.done,
                &created_from,
                &due_until,
                &due,
                &added,
                &query.rows(),
                &reach.all,
                &reach.folders,
                &reach.workers,
            ],
        )
        .await?;
    let tasks = rows.iter().map(|row| row.try_get("body").map(|Json(task)| task));
    let tasks: Vec<Task> = tasks.collect::<Result<_, _>>()?;
    let (tasks, turns) = page(tasks, query, |task| (sort_date(task), task.added));
    let position = position(&tx, Tasks::NAME, scope.organisation()).await?;
    drop(tx);
    drop(client);
    Ok(Page { data: bodies(store, scope, &tasks).await?, turns, position })
}

/// A customer's tasks as they were.
pub async fn list_as_of(
    store: &Store,
    scope: &Scope,
    past: &Past,
    filter: &Filter,
    query: &PageQuery,
) -> Result<Page, Error> {
    let mut tasks = past.rows::<Tasks>()?;
    tasks.retain(|task| !task.deleted && filter.fits(task));
    let (tasks, turns) = page_of(tasks, query, |task| (sort_date(task), task.added))?;
    Ok(Page { data: bodies(store, scope, &tasks).await?, turns, position: past.position })
}

/// One task, if it is within reach, and the position of the read model.
pub async fn get(store: &Store, scope: &Scope, task: Uuid) -> Result<(Option<Value>, i64), Error> {
    let (found, position) = one::<Task>(store, scope, Tasks::NAME, GET, task).await?;
    let Some(task) = found else { return Ok((None, position)) };
    let mut ids = Ids::default();
    people(&task, &mut ids);
    let names = ids.names(store, scope.organisation()).await?;
    Ok((Some(body(&task, &names)), position))
}

async fn bodies(store: &Store, scope: &Scope, tasks: &[Task]) -> Result<Vec<Value>, Error> {
    let mut ids = Ids::default();
    tasks.iter().for_each(|task| people(task, &mut ids));
    let names = ids.names(store, scope.organisation()).await?;
    Ok(tasks.iter().map(|task| body(task, &names)).collect())
}

fn sort_date(task: &Task) -> String {
    task.due_on.map_or_else(|| NO_DATE.to_owned(), |date| date.to_string())
}

pub(crate) fn people(task: &Task, ids: &mut Ids) {
    ids.users(task.assignee);
    ids.actor(&task.created_by);
    task.done_by.iter().for_each(|actor| ids.actor(actor));
}

pub(crate) fn body(task: &Task, names: &Names) -> Value {
    json!({
        "id": task.id,
        "customer": task.customer,
        "title": task.title,
        "note": task.note,
        "due_on": task.due_on,
        "assignee": task.assignee.map(|user| names.user(user)),
        "state": if task.done { "done" } else { "open" },
        "created_by": names.actor(&task.created_by),
        "created_at": time(task.created_at),
        "done_by": task.done_by.as_ref().map(|actor| names.actor(actor)),
        "done_at": task.done_at.map(time),
        "version": task.version,
        "position": task.position.to_string(),
    })
}
