//! Templates as they are now.

use domain::access::Scope;
use domain::template::{Event, Wording};
use domain::value::Channel;
use eventstore::Store;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::customer_360::time;
use crate::document::stored_as_documents;
use crate::error::Error;
use crate::item::Item;
use crate::page::{Page, PageQuery, page, position};
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};
use crate::reader::{connection, reading};

const LIST: &str = include_str!("templates/list.sql");
const GET: &str = include_str!("templates/get.sql");

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Templates;

/// A template as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    pub id: Uuid,
    #[serde(flatten)]
    pub wording: Wording,
    pub archived: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    /// The sequence that made it: its place in the list.
    pub made: i64,
    /// The last sequence that changed it.
    pub position: i64,
}

/// Which templates are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    pub channel: Option<Channel>,
    /// Those in the archive in place of those in use.
    pub archived: bool,
}

impl ReadModel for Templates {
    type Row = Template;

    const NAME: &'static str = "templates";
    const VERSION: i32 = 1;
    const TABLES: &'static str = include_str!("templates/tables.sql");
    const INDEXES: &'static str = include_str!("templates/indexes.sql");
    const EVENTS: &'static [&'static str] = &["template"];

    fn touches(item: &Item) -> Touch {
        Touch::Row(item.stream_id)
    }

    fn fold(key: Key, row: &mut Option<Template>, item: &Item) -> Result<(), Unfoldable> {
        let domain::Event::Template(event) = item.event()? else { return Ok(()) };
        *row = Template::after(key.id, row.take(), event, item);
        Ok(())
    }

    fn subject(key: Key, _row: &Template) -> Uuid {
        key.id
    }

    stored_as_documents!();
}

impl Template {
    /// The template after one of its events.
    fn after(id: Uuid, before: Option<Self>, event: &Event, item: &Item) -> Option<Self> {
        if let Event::Created(wording) = event {
            return Some(Self {
                id,
                wording: (**wording).clone(),
                archived: false,
                created_at: item.effective_at(),
                updated_at: item.recorded_at,
                version: item.version,
                made: item.sequence,
                position: item.sequence,
            });
        }
        let mut template = before?;
        template.version = item.version;
        template.position = item.sequence;
        template.updated_at = item.recorded_at;
        match event {
            // Handled before: it needs no row.
            Event::Created(_) => {}
            Event::Changed(wording) => template.wording = (**wording).clone(),
            Event::Archived {} => template.archived = true,
        }
        Some(template)
    }
}

/// Templates, newest first.
pub async fn list(
    store: &Store,
    scope: &Scope,
    filter: Filter,
    query: &PageQuery,
) -> Result<Page, Error> {
    let after: Option<i64> = query.key()?;
    let after = after.unwrap_or(i64::MAX);
    let channel = filter.channel.map(Channel::name);
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(&query.statement(LIST)).await?;
    let rows = tx
        .query(
            &statement,
            &[&scope.organisation(), &filter.archived, &channel, &after, &query.rows()],
        )
        .await?;
    let rows = rows.iter().map(|row| row.try_get("body").map(|Json(template)| template));
    let rows: Vec<Template> = rows.collect::<Result<_, _>>()?;
    let (rows, turns) = page(rows, query, |template| template.made);
    let position = position(&tx, Templates::NAME, scope.organisation()).await?;
    Ok(Page { data: rows.iter().map(body).collect(), turns, position })
}

/// One template, and the position of the read model.
pub async fn get(store: &Store, scope: &Scope, id: Uuid) -> Result<(Option<Value>, i64), Error> {
    let mut client = connection(store).await?;
    let tx = reading(&mut client, scope).await?;
    let statement = tx.prepare_cached(GET).await?;
    let row = tx.query_opt(&statement, &[&scope.organisation(), &id]).await?;
    let position = position(&tx, Templates::NAME, scope.organisation()).await?;
    let Some(row) = row else { return Ok((None, position)) };
    let Json(template): Json<Template> = row.try_get("body")?;
    Ok((Some(body(&template)), position))
}

fn body(template: &Template) -> Value {
    let Wording { template_version, name, channel, content } = &template.wording;
    json!({
        "id": template.id,
        "name": name,
        "channel": channel,
        "subject": content.subject,
        "text": content.text,
        "html": content.html,
        "template_version": template_version,
        "archived": template.archived,
        "created_at": time(template.created_at),
        "updated_at": time(template.updated_at),
        "version": template.version,
        "position": template.position.to_string(),
    })
}
