//! A provider's interface in its own format: it keeps what it is asked and answers as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::app::PATIENCE;

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) authorization: String,
    pub(crate) body: String,
}

/// The interface. It answers in turn as it was told, and the last answer again and again.
pub(crate) struct Provider {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Provider {
    pub(crate) async fn start(answers: &[(u16, Value)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let answers = Arc::new(Mutex::new(VecDeque::from(answers.to_vec())));
        let kept = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                let (kept, answers) = (Arc::clone(&kept), Arc::clone(&answers));
                tokio::spawn(async move { serve(line, &kept, &answers).await });
            }
        });
        Self { url, asked }
    }

    /// What it was asked, once it was asked so often.
    pub(crate) async fn asked(&self, count: usize) -> Vec<Asked> {
        let enough = async {
            loop {
                let asked = self.asked.lock().unwrap().clone();
                if asked.len() >= count {
                    return asked;
                }
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, enough).await.expect("the provider is asked")
    }
}

async fn serve(
    line: TcpStream,
    kept: &Mutex<Vec<Asked>>,
    answers: &Mutex<VecDeque<(u16, Value)>>,
) -> Option<()> {
    let mut line = BufReader::new(line);
    let mut first = String::new();
    line.read_line(&mut first).await.ok()?;
    let (mut length, mut authorization) = (0, String::new());
    loop {
        let mut header = String::new();
        line.read_line(&mut header).await.ok()?;
        let Some((name, value)) = header.trim().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "authorization" => authorization = value.to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    line.read_exact(&mut body).await.ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let body = String::from_utf8(body).ok()?;
    kept.lock().unwrap().push(Asked { path, authorization, body });
    let (status, answer) = {
        let mut answers = answers.lock().unwrap();
        if answers.len() > 1 { answers.pop_front()? } else { answers.front()?.clone() }
    };
    let answer = answer.to_string();
    let head = format!(
        "HTTP/1.1 {status} Answer\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        answer.len()
    );
    line.write_all(format!("{head}{answer}").as_bytes()).await.ok()
}
