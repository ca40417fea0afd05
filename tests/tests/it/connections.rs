//! Lines that are left standing: whoever does not send, or does not take, is not waited for.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::app::{Person, TestApp};

fn address(person: &Person) -> SocketAddr {
    person.url("").trim_start_matches("http://").parse().unwrap()
}

/// Sends the beginning of a request and reads until the server closes the line.
async fn begun(person: &Person, text: &str) -> (String, Duration) {
    let mut line = TcpStream::connect(address(person)).await.unwrap();
    let since = Instant::now();
    line.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let mut bytes = [0; 4_096];
    // Who is sent away in the middle of a request need not be told goodbye.
    while let Ok(count @ 1..) = line.read(&mut bytes).await {
        answer.extend_from_slice(&bytes[..count]);
    }
    (String::from_utf8(answer).unwrap(), since.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn long_who_stops_in_the_middle_of_a_request_is_not_waited_for() {
    let app = TestApp::start().await;
    let head = format!(
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n",
        app.token
    );
    let body = "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"type\":";
    let whole = format!("{head}{body}");
    let (headers, body) = tokio::join!(begun(&app, &head), begun(&app, &whole));
    for (answer, took) in [&headers, &body] {
        assert!((25..45).contains(&took.as_secs()), "{took:?}: {answer}");
    }
    assert!(body.0.starts_with("HTTP/1.1 408 "), "{}", body.0);
    assert!(body.0.contains("\"code\":\"body_timeout\""), "{}", body.0);
    app.person("Ada", "Byron").await;
}

/// The feed's reader takes nothing; when the line is full, it has its time, and then its place is
/// free.
#[tokio::test(flavor = "multi_thread")]
async fn long_a_feed_that_is_not_read_is_cut_off() {
    let app = TestApp::start().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut line = socket.connect(address(&app)).await.unwrap();
    let ask = format!(
        "GET /v1/events/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
        app.token
    );
    line.write_all(ask.as_bytes()).await.unwrap();
    let mut bytes = [0; 16];
    line.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"HTTP/1.1 200 OK\r");
    let feeds = async || {
        let figures = app.get("/metrics").await.text;
        let figure = figures.lines().find_map(|line| line.strip_prefix("dossier_live_feeds "));
        figure.unwrap().parse::<f64>().unwrap()
    };
    assert!((feeds().await - 1.0).abs() < 0.1);
    let text = "x".repeat(9_000);
    let since = Instant::now();
    let mut number = 0;
    while feeds().await > 0.5 {
        let customer = app.person("Ada", &number.to_string()).await;
        let notes = format!("/v1/customers/{customer}/notes");
        for _ in 0..10 {
            app.post(&notes, json!({ "text": text })).await.expect(201);
        }
        number += 1;
        assert!(
            since.elapsed() < Duration::from_secs(180),
            "{number} customers, and nobody is cut"
        );
    }
    drop(line);
}
