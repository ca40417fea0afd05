//! Connections: taken in, served with limits on how long a sender or reader may leave them
//! standing, and drained when the server stops.

mod line;

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::limits::LARGEST_HEAD;
use crate::problem::chain;
use line::Line;

/// A request's headers are there within this time.
const HEADERS: Duration = Duration::from_secs(30);
/// How long the answers that are under way may take when the server stops.
const LAST_ANSWERS: Duration = Duration::from_secs(20);
/// Between two tries where the process has no file descriptor left.
const RETRY: Duration = Duration::from_secs(1);

/// Who is at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Serves until `stop` turns true, or its sender is gone.
pub(super) async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let open = GracefulShutdown::new();
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let service = TowerToHyperService::new(router.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            service.call(request)
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(HEADERS).max_buf_size(LARGEST_HEAD);
        let connection = http.serve_connection(TokioIo::new(Line::new(stream)), service);
        let connection = open.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = %chain(&error), "a connection broke off");
            }
        });
    }
    drop(listener);
    if timeout(LAST_ANSWERS, open.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
    }
}

async fn accept(listener: &TcpListener) -> (TcpStream, IpAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Frames of a live feed are small and not to be held back.
                drop(stream.set_nodelay(true));
                return (stream, peer.ip());
            }
            Err(error) if is_about_one(&error) => {}
            Err(error) => {
                tracing::error!(%error, "connections cannot be taken in");
                sleep(RETRY).await;
            }
        }
    }
}

/// Whether it is this connection that failed, and not the listener.
fn is_about_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
