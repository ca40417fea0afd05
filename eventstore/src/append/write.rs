//! Sends a plan's rows: one pipelined flight, from BEGIN to COMMIT.

use futures_util::future::try_join_all;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Statement};
use uuid::Uuid;

use super::connection::Connection;
use super::plan::{LaneMove, OrganisationMove, Plan};

type Parameters<'a> = Vec<Box<dyn ToSql + Sync + Send + 'a>>;

/// Writes everything and commits. Any error means that nothing was written, unless the
/// connection is lost with it.
pub(super) async fn write(
    connection: &Connection,
    plan: &Plan<'_>,
    begin: bool,
) -> Result<(), Error> {
    let client = &connection.client;
    let calls = calls(connection, plan);
    let begun = async { if begin { client.batch_execute("BEGIN").await } else { Ok(()) } };
    let rows = try_join_all(
        calls.iter().map(|(statement, parameters)| run(client, statement, parameters)),
    );
    let committed = client.batch_execute("COMMIT");
    // The futures are polled in this order, so their messages leave in this order, at once.
    let (begun, rows, committed) = tokio::join!(begun, rows, committed);
    // A COMMIT after a failed statement answers without an error: the statements' own answers count.
    begun.and(rows.map(|_| ())).and(committed)
}

async fn run(
    client: &Client,
    statement: &Statement,
    parameters: &Parameters<'_>,
) -> Result<u64, Error> {
    let parameters: Vec<&(dyn ToSql + Sync)> =
        parameters.iter().map(|parameter| &**parameter as &(dyn ToSql + Sync)).collect();
    client.execute(statement, &parameters).await
}

fn calls<'a>(
    connection: &'a Connection,
    plan: &'a Plan<'_>,
) -> Vec<(&'a Statement, Parameters<'a>)> {
    let statements = &connection.statements;
    let mut calls: Vec<(&Statement, Parameters<'a>)> = Vec::with_capacity(8);
    if !plan.events.is_empty() {
        calls.push((&statements.move_lanes, lanes(plan)));
        calls.push((&statements.move_organisations, organisations(plan)));
        calls.push((&statements.insert_events, events(plan)));
    }
    if !plan.probes.is_empty() {
        calls.push((&statements.probe_streams, columns3(&plan.probes)));
    }
    if !plan.commands.is_empty() {
        calls.push((&statements.insert_commands, commands(plan)));
    }
    if !plan.claims_let_go.is_empty() {
        calls.push((&statements.release_claims, columns4(&plan.claims_let_go)));
    }
    if !plan.claims_taken.is_empty() {
        calls.push((&statements.take_claims, columns4(&plan.claims_taken)));
    }
    if !plan.new_keys.is_empty() {
        calls.push((&statements.insert_keys, columns3(&plan.new_keys)));
    }
    if !plan.destroyed_keys.is_empty() {
        calls.push((&statements.destroy_keys, columns2(&plan.destroyed_keys)));
    }
    if !plan.counters.is_empty() {
        calls.push((&statements.set_counters, counters(plan)));
    }
    calls
}

fn column<'a, T, C>(rows: &'a [T], cell: impl Fn(&'a T) -> C) -> Box<dyn ToSql + Sync + Send + 'a>
where
    Vec<C>: ToSql + Sync + Send + 'a,
{
    Box::new(rows.iter().map(cell).collect::<Vec<C>>())
}

fn lanes<'a>(plan: &'a Plan<'_>) -> Parameters<'a> {
    let (lanes, moves): (Vec<i16>, Vec<&LaneMove>) =
        plan.lanes.iter().map(|(lane, moved)| (*lane, moved)).unzip();
    vec![
        Box::new(lanes),
        Box::new(moves.iter().map(|moved| moved.from).collect::<Vec<_>>()),
        Box::new(moves.iter().map(|moved| moved.to).collect::<Vec<_>>()),
        Box::new(plan.recorded_at),
    ]
}

fn organisations<'a>(plan: &'a Plan<'_>) -> Parameters<'a> {
    let (ids, moves): (Vec<Uuid>, Vec<&OrganisationMove>) =
        plan.organisations.iter().map(|(id, moved)| (*id, moved)).unzip();
    vec![
        Box::new(ids),
        Box::new(moves.iter().map(|moved| moved.lane).collect::<Vec<_>>()),
        Box::new(moves.iter().map(|moved| moved.from).collect::<Vec<_>>()),
        Box::new(moves.iter().map(|moved| moved.to).collect::<Vec<_>>()),
        Box::new(
            moves.iter().map(|moved| moved.root.clone().finish().to_vec()).collect::<Vec<_>>(),
        ),
    ]
}

fn events<'a>(plan: &'a Plan<'_>) -> Parameters<'a> {
    let rows = plan.events.as_slice();
    vec![
        column(rows, |row| row.lane),
        column(rows, |row| row.position),
        column(rows, |row| row.organisation),
        column(rows, |row| row.sequence),
        column(rows, |row| row.stream_id),
        column(rows, |row| row.version),
        column(rows, |row| row.event.event_id),
        column(rows, |row| row.event.type_name.as_str()),
        column(rows, |row| row.event.schema_version),
        column(rows, |row| row.event.customer_id),
        column(rows, |row| row.event.key_id),
        column(rows, |row| &row.leaf[..]),
        column(rows, |row| row.event.meta.as_slice()),
        column(rows, |row| row.event.data.as_slice()),
        column(rows, |row| row.event.private.as_deref()),
        Box::new(plan.recorded_at),
    ]
}

fn commands<'a>(plan: &'a Plan<'_>) -> Parameters<'a> {
    let rows = plan.commands.as_slice();
    vec![
        column(rows, |(organisation, _)| *organisation),
        column(rows, |(_, command)| command.id.id),
        column(rows, |(_, command)| command.id.fingerprint),
        column(rows, |(_, command)| command.first_sequence),
        column(rows, |(_, command)| command.last_sequence),
    ]
}

fn counters<'a>(plan: &'a Plan<'_>) -> Parameters<'a> {
    vec![
        Box::new(plan.counters.keys().map(|(organisation, _)| *organisation).collect::<Vec<_>>()),
        Box::new(plan.counters.keys().map(|(_, series)| series.as_str()).collect::<Vec<_>>()),
        Box::new(plan.counters.values().copied().collect::<Vec<_>>()),
    ]
}

fn columns2<'a>(rows: &'a [(Uuid, Uuid)]) -> Parameters<'a> {
    vec![column(rows, |row| row.0), column(rows, |row| row.1)]
}

fn columns3<'a, C: Copy + ToSql + Sync + Send>(rows: &'a [(Uuid, Uuid, C)]) -> Parameters<'a> {
    vec![
        Box::new(rows.iter().map(|row| row.0).collect::<Vec<Uuid>>()),
        Box::new(rows.iter().map(|row| row.1).collect::<Vec<Uuid>>()),
        Box::new(rows.iter().map(|row| row.2).collect::<Vec<C>>()),
    ]
}

fn columns4<'a>(rows: &'a [(Uuid, i16, Uuid, Uuid)]) -> Parameters<'a> {
    vec![
        column(rows, |row| row.0),
        column(rows, |row| row.1),
        column(rows, |row| row.2),
        column(rows, |row| row.3),
    ]
}
