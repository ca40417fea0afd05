//! What an event costs on disk, table by table.

use crate::bench::Error;
use crate::bench::raw::Raw;
use crate::bench::report::{Goal, Report, Unit, float, ratio};
use crate::bench::server::Server;

const SIZES: &str = include_str!("sizes.sql");
const EVENTS: &str = "SELECT count(*) FROM es.event";
/// Below this many bytes an event a relation is not worth a line.
const WORTH_A_LINE: f64 = 1.0;

pub(super) async fn add_to(
    report: &mut Report,
    server: &Server,
    raw: &Raw<'_>,
) -> Result<(), Error> {
    let client = server.client().await?;
    let events: i64 = client.query_one(EVENTS, &[]).await?.try_get(0)?;
    let events = float(events.unsigned_abs());
    let mut all = 0.0;
    let mut parts = Vec::new();
    for row in client.query(SIZES, &[]).await? {
        let (relation, bytes): (String, i64) = (row.try_get("relation")?, row.try_get("bytes")?);
        let each = ratio(float(bytes.unsigned_abs()), events);
        all += each;
        if each >= WORTH_A_LINE {
            parts.push(format!("{relation} {each:.0}"));
        }
    }
    let bare = ratio(float(raw.bytes().await?), float(raw.count().await?));
    report.add("disk of an insert", bare, Unit::Bytes);
    report.judge("disk of an event, all in", all, Unit::Bytes, Goal::AtMost(1_100.0));
    report.note(format!("bytes of an event: {}", parts.join(", ")));
    Ok(())
}
