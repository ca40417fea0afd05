//! The handler to compare with: one insert with a version check, by a pool and a prepared statement.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use deadpool_postgres::{Manager, Pool, Runtime};
use serde_json::{Value, json};
use tokio_postgres::NoTls;
use uuid::Uuid;

use super::client::{Client, Requests};
use super::round;
use crate::bench::Error;
use crate::bench::raw::{self, META};
use crate::bench::server::Server;
use crate::bench::text::say;

/// Of which the best is taken.
const POOLS: [usize; 4] = [8, 16, 32, 64];
const TRIAL: Duration = Duration::from_secs(3);

#[derive(Debug, Clone)]
struct Bare {
    pool: Pool,
    meta: Value,
}

/// Clients of the handler, with the number of connections to the database that suits it best.
pub(super) async fn best(
    server: &Server,
    connections: usize,
) -> Result<(Vec<Client>, usize), Error> {
    // For its table.
    raw::Raw::prepare(server).await?;
    let mut best: (f64, Vec<Client>, usize) = (0.0, Vec::new(), 0);
    for size in POOLS {
        let clients = clients(server, connections, size).await?;
        let (clients, sum) = round(server, clients, TRIAL).await?;
        say(&format!("bare handler, pool of {size}: {:.0}/s", sum.per_second()));
        if sum.per_second() > best.0 {
            best = (sum.per_second(), clients, size);
        }
    }
    Ok((best.1, best.2))
}

async fn clients(server: &Server, connections: usize, size: usize) -> Result<Vec<Client>, Error> {
    let manager = Manager::new(server.settings().parse()?, NoTls);
    let pool = Pool::builder(manager).max_size(size).runtime(Runtime::Tokio1).build();
    let pool = pool.map_err(eventstore::Error::from)?;
    let meta = serde_json::from_str(META).unwrap_or_default();
    let (listener, address) = super::listen().await?;
    let router = Router::new()
        .route("/bare/{stream}/{expected}", post(insert))
        .with_state(Bare { pool, meta });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut clients = Vec::new();
    for _ in 0..connections {
        clients.push(Client::connect(address, Requests::inserts()).await?);
    }
    Ok(clients)
}

async fn insert(
    State(bare): State<Bare>,
    Path((stream, expected)): Path<(Uuid, i64)>,
    Json(data): Json<Value>,
) -> Response {
    match write(&bare, stream, expected, &data).await {
        Ok(1) => Json(json!({ "version": expected + 1 })).into_response(),
        Ok(_) => StatusCode::CONFLICT.into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn write(bare: &Bare, stream: Uuid, expected: i64, data: &Value) -> Result<u64, Error> {
    let client = bare.pool.get().await?;
    let statement = client.prepare_cached(raw::INSERT).await?;
    Ok(client.execute(&statement, &[&stream, &expected, &bare.meta, data]).await?)
}
