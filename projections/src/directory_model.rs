//! Feeds the directory: the same view as the 360, laid out for searching.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::audience::{Mark, Marks};
use crate::customer_360::View;
use crate::directory::{self, Entry};
use crate::error::Error;
use crate::item::Item;
use crate::read_model::{Changes, Key, ReadModel, Touch, Unfoldable, Wanted};
use crate::text;

const LOAD: &str = include_str!("directory_model/load.sql");

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Directory;

/// Raised when what is stored changes; the rule of normalising and the tables count too.
const OWN_VERSION: i32 = 5;

const fn small(version: u32) -> i32 {
    assert!(version < 1_000, "versions are small numbers");
    #[expect(clippy::cast_possible_wrap, reason = "just checked")]
    {
        version as i32
    }
}

impl ReadModel for Directory {
    type Row = Box<View>;

    const NAME: &'static str = "directory";
    const VERSION: i32 =
        OWN_VERSION * 1_000_000 + small(directory::VERSION) * 1_000 + small(text::RULE);
    const TABLES: &'static str = directory::TABLES;
    const INDEXES: &'static str = directory::INDEXES;
    const EVENTS: &'static [&'static str] = &["customer", "order", "account", "task"];

    const SEALED: &'static [&'static str] = View::COUNTED;

    fn touches(item: &Item) -> Touch {
        item.customer_id.map_or(Touch::Nothing, Touch::Row)
    }

    /// An erased customer is not to be found.
    fn fold(_key: Key, row: &mut Option<Box<View>>, item: &Item) -> Result<(), Unfoldable> {
        match row {
            Some(view) => view.apply(item)?,
            None => *row = View::begun_by(item)?.map(Box::new),
        }
        row.take_if(|view| view.erased_at.is_some());
        Ok(())
    }

    fn subject(key: Key, _row: &Box<View>) -> Uuid {
        key.id
    }

    async fn load(tx: &Transaction<'_>, wanted: &Wanted) -> Result<Vec<(Key, Box<View>)>, Error> {
        let Wanted { rows, subjects } = wanted;
        let organisations = [rows.0.as_slice(), &subjects.0].concat();
        let customers = [rows.1.as_slice(), &subjects.1].concat();
        let statement = tx.prepare_cached(LOAD).await?;
        let found = tx.query(&statement, &[&organisations, &customers]).await?;
        found
            .iter()
            .map(|row| {
                let organisation = row.try_get("organisation")?;
                let Json(view): Json<Box<View>> = row.try_get("document")?;
                Ok((Key { organisation, id: view.id }, view))
            })
            .collect()
    }

    async fn save(tx: &Transaction<'_>, changes: &Changes<Box<View>>) -> Result<(), Error> {
        let mut gone: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
        for key in &changes.gone {
            gone.entry(key.organisation).or_default().push(key.id);
        }
        for (organisation, customers) in gone {
            directory::remove(tx, organisation, &customers).await?;
        }
        let entries: Vec<Entry> = changes.put.iter().map(entry).collect();
        Ok(directory::put(tx, &entries).await?)
    }

    async fn copy_in(tx: &Transaction<'_>, rows: &[(Key, Box<View>)]) -> Result<(), Error> {
        directory::copy_in(tx, rows.iter().map(entry)).await?;
        Ok(())
    }

    async fn lines(tx: &Transaction<'_>, organisation: Uuid) -> Result<Vec<String>, Error> {
        Ok(directory::contents(tx, organisation).await?)
    }
}

/// The view as the directory finds it. Tags are compared without regard to case, so the searched
/// ones are folded; the view keeps them as written.
pub(crate) fn entry((key, view): &(Key, Box<View>)) -> Entry {
    let known = |name: &Option<crate::shown::Shown<String>>| {
        name.as_ref().and_then(|name| name.known().cloned())
    };
    let phones = view.phones.iter();
    let marks = view.marks.iter().map(|(audience, mark)| (*audience, kept(*mark)));
    let marks: Marks = marks.collect();
    let latest = kept(view.last_mark());
    Entry {
        organisation: key.organisation,
        customer: key.id,
        kind: view.customer_type.name().to_owned(),
        display_name: view.display_name().known().cloned().unwrap_or_default(),
        first_name: known(&view.first_name),
        last_name: known(&view.last_name),
        company_name: known(&view.company_name),
        emails: view.emails.iter().filter_map(|email| email.address.known().cloned()).collect(),
        phones: phones
            .filter_map(|phone| {
                phone.e164.as_ref().and_then(|e164| e164.known()).or(phone.number.known()).cloned()
            })
            .collect(),
        external_ids: view
            .external_ids
            .iter()
            .filter_map(|(source, id)| Some((source.clone(), id.known()?.clone())))
            .collect(),
        folder: view.folder,
        status: view.status.clone(),
        tags: view.tags.keys().cloned().collect(),
        workers: view.workers.iter().copied().collect(),
        lifecycle: view.lifecycle.name().to_owned(),
        flagged: view.flag.as_ref().map(|flag| flag.reason.known().cloned().unwrap_or_default()),
        open_risk_flags: i32::try_from(view.risk_flags.len()).unwrap_or(i32::MAX),
        archived: view.archived_at.is_some(),
        version: view.version,
        position: latest.position,
        created_at: view.created_at,
        updated_at: latest.updated_at,
        last_activity_at: latest.last_activity_at,
        marks,
        document: serde_json::to_value(view).unwrap_or_default(),
    }
}

/// A mark as columns keep it: in microseconds. Left to PostgreSQL, finer moments are rounded on
/// their way through JSON and cut off on their way through COPY.
fn kept(mark: Mark) -> Mark {
    let at = mark.last_activity_at;
    let at = Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at);
    Mark { last_activity_at: at, ..mark }
}
