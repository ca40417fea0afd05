//! The slow path's reads: counters locked in one order by everyone, then all that judging needs.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};
use uuid::Uuid;

use super::committer::streams_of;
use super::connection::Connection;
use super::known::{KeyState, Known, KnownCommand, Lane, Organisation};
use super::types::{Append, CommandId};

/// Begins a transaction, takes the locks, reads.
pub(super) async fn lock_and_read(
    connection: &Connection,
    appends: &[Append],
) -> Result<Known, Error> {
    let (client, statements) = (&connection.client, &connection.statements);
    let organisations: Vec<Uuid> = appends
        .iter()
        .map(|append| append.organisation)
        .collect::<HashSet<_>>()
        .into_iter()
        .collect();
    let (stream_organisations, streams): (Vec<Uuid>, Vec<Uuid>) =
        appends.iter().flat_map(streams_of).unzip();
    let (command_organisations, commands): (Vec<Uuid>, Vec<Uuid>) =
        appends.iter().filter_map(|append| Some((append.organisation, append.command?.id))).unzip();
    let claims: Vec<_> = appends
        .iter()
        .flat_map(|append| append.claims.iter().map(|claim| (append.organisation, claim)))
        .collect();
    let claim_organisations: Vec<Uuid> = claims.iter().map(|(id, _)| *id).collect();
    let claim_kinds: Vec<i16> = claims.iter().map(|(_, claim)| claim.kind).collect();
    let claim_values: Vec<Uuid> = claims.iter().map(|(_, claim)| claim.value).collect();
    let (key_organisations, keys): (Vec<Uuid>, Vec<Uuid>) = appends
        .iter()
        .flat_map(|append| append.new_keys.iter().map(|key| (append.organisation, key.key_id)))
        .unzip();
    let (counter_organisations, series): (Vec<Uuid>, Vec<&str>) = appends
        .iter()
        .flat_map(|append| append.numbers.iter().map(|use_| (append.organisation, &*use_.series)))
        .unzip();

    // The locks come first; what is read after them stands still.
    let (_, lanes, organisations) = tokio::try_join!(
        client.batch_execute("BEGIN"),
        async { client.query(&statements.lock_lanes, &[&organisations]).await },
        async { client.query(&statements.lock_organisations, &[&organisations]).await },
    )?;
    let (versions, commands, claims, keys, counters) = tokio::try_join!(
        async { client.query(&statements.read_versions, &[&stream_organisations, &streams]).await },
        async {
            client.query(&statements.read_commands, &[&command_organisations, &commands]).await
        },
        async {
            let values: [&(dyn ToSql + Sync); 3] =
                [&claim_organisations, &claim_kinds, &claim_values];
            client.query(&statements.read_claims, &values).await
        },
        async { client.query(&statements.read_keys, &[&key_organisations, &keys]).await },
        async { client.query(&statements.read_counters, &[&counter_organisations, &series]).await },
    )?;
    known_from(&Rows { lanes, organisations, versions, commands, claims, keys, counters })
}

struct Rows {
    lanes: Vec<Row>,
    organisations: Vec<Row>,
    versions: Vec<Row>,
    commands: Vec<Row>,
    claims: Vec<Row>,
    keys: Vec<Row>,
    counters: Vec<Row>,
}

fn known_from(rows: &Rows) -> Result<Known, Error> {
    let mut known = Known { complete: true, ..Known::default() };
    known.lanes = collect(&rows.lanes, |row| {
        let lane = Lane { next_position: row.try_get(1)?, last_recorded_at: row.try_get(2)? };
        Ok((row.try_get(0)?, lane))
    })?;
    known.organisations = collect(&rows.organisations, |row| {
        let head: Vec<u8> = row.try_get(3)?;
        let head = head.try_into().unwrap_or_default();
        let organisation =
            Organisation { lane: row.try_get(1)?, next_sequence: row.try_get(2)?, head };
        Ok((row.try_get(0)?, organisation))
    })?;
    known.versions =
        collect(&rows.versions, |row| Ok(((row.try_get(0)?, row.try_get(1)?), row.try_get(2)?)))?;
    known.commands = collect(&rows.commands, |row| {
        let id = CommandId { id: row.try_get(1)?, fingerprint: row.try_get(2)? };
        let command =
            KnownCommand { id, first_sequence: row.try_get(3)?, last_sequence: row.try_get(4)? };
        Ok(((row.try_get(0)?, id.id), command))
    })?;
    known.claims = collect(&rows.claims, |row| {
        Ok(((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?), row.try_get(3)?))
    })?;
    known.person_keys = collect(&rows.keys, |row| {
        let state = if row.try_get(2)? { KeyState::Destroyed } else { KeyState::Exists };
        Ok(((row.try_get(0)?, row.try_get(1)?), state))
    })?;
    known.counters =
        collect(&rows.counters, |row| Ok(((row.try_get(0)?, row.try_get(1)?), row.try_get(2)?)))?;
    Ok(known)
}

fn collect<K: Eq + Hash, V>(
    rows: &[Row],
    read: impl Fn(&Row) -> Result<(K, V), Error>,
) -> Result<HashMap<K, V>, Error> {
    rows.iter().map(read).collect()
}
