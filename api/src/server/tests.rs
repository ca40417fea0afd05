use std::sync::Arc;

use axum::http::StatusCode;
use axum::{Router, routing};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::layers::Manners;
use super::mannered;
use super::rates::Buckets;

#[tokio::test]
async fn a_handler_that_panics_answers_like_any_other_and_says_nothing_of_why() {
    async fn panics() -> StatusCode {
        panic!("the word of a customer")
    }
    let routes = Router::new().route("/", routing::get(panics));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = mannered(routes, Manners { https: true, buckets: Arc::new(Buckets::new(None)) });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut line = TcpStream::connect(address).await.unwrap();
    line.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
    assert!(answer.contains("\"code\":\"internal_error\""), "{answer}");
    assert!(!answer.contains("the word of a customer"), "{answer}");
    for header in
        ["dossier-request-id: req_", "strict-transport-security: ", "content-security-policy: "]
    {
        assert!(answer.contains(header), "{answer}");
    }
}
