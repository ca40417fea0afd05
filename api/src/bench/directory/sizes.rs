//! What a customer costs on disk, table by table.

use crate::bench::Error;
use crate::bench::report::{Report, Unit, float, ratio};
use crate::bench::server::Server;
use crate::bench::text::bytes;

const SIZES: &str = include_str!("sizes.sql");
const WORTH_A_LINE: u64 = 1 << 20;

pub(super) async fn add_to(
    report: &mut Report,
    server: &Server,
    customers: u64,
) -> Result<(), Error> {
    let client = server.client().await?;
    let mut all = 0;
    let mut parts = Vec::new();
    for row in client.query(SIZES, &[]).await? {
        let (relation, size): (String, i64) = (row.try_get("relation")?, row.try_get("bytes")?);
        all += size.unsigned_abs();
        if size.unsigned_abs() >= WORTH_A_LINE {
            parts.push(format!("{relation} {}", bytes(size.unsigned_abs())));
        }
    }
    report.add("disk of a customer", ratio(float(all), float(customers)), Unit::Bytes);
    report.note(format!("size: {}", parts.join(", ")));
    Ok(())
}
