//! A NATS server with JetStream in a process of its own.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use api::embedded_postgres::{Signal, die_with_parent, send_signal};

const LOOK: Duration = Duration::from_millis(5);
const PATIENCE: Duration = Duration::from_secs(20);

/// A server that ends with this value.
#[derive(Debug)]
pub struct NatsServer {
    folder: PathBuf,
    process: Child,
    url: String,
}

/// The program that `DOSSIER_NATS_SERVER` names, or the one on the path.
#[must_use]
pub fn program() -> Option<PathBuf> {
    if let Some(named) = env::var_os("DOSSIER_NATS_SERVER") {
        return Some(named.into());
    }
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join("nats-server")).find(|found| found.exists())
}

impl NatsServer {
    /// Starts a server on a free port; its streams and log are kept in `folder`.
    ///
    /// # Errors
    /// There is no program, or it does not start.
    pub fn start(folder: &Path) -> io::Result<Self> {
        Self::start_with(folder, "-1", &[])
    }

    /// Starts a server on this port, with more arguments.
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    pub fn start_with(folder: &Path, port: &str, arguments: &[String]) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let program = program().ok_or_else(|| io::Error::other("no nats-server: use ./test"))?;
        let mut command = Command::new(program);
        command.args(["--jetstream", "--addr", "127.0.0.1", "--port", port]);
        command.arg("--store_dir").arg(folder).arg("--ports_file_dir").arg(folder);
        command.arg("--log").arg(folder.join("log")).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        die_with_parent(&mut command, Signal::Kill);
        let process = command.spawn()?;
        let mut server = Self { folder: folder.to_owned(), process, url: String::new() };
        server.url = server.wait_until_ready()?;
        Ok(server)
    }

    /// Where it takes clients.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port on which it takes clients.
    #[must_use]
    pub fn port(&self) -> &str {
        self.url.rsplit(':').next().unwrap_or_default()
    }

    /// Sends a signal to it.
    ///
    /// # Errors
    /// It is not there any more.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        send_signal(self.process.id(), signal)
    }

    fn wait_until_ready(&mut self) -> io::Result<String> {
        let file = self.folder.join(format!("nats-server_{}.ports", self.process.id()));
        let since = Instant::now();
        loop {
            if let Ok(text) = fs::read_to_string(&file)
                && let Ok(ports) = serde_json::from_str::<serde_json::Value>(&text)
                && let Some(url) = ports.pointer("/nats/0").and_then(serde_json::Value::as_str)
            {
                return Ok(url.to_owned());
            }
            if let Some(status) = self.process.try_wait()? {
                return Err(io::Error::other(format!("nats-server ended: {status}")));
            }
            if since.elapsed() > PATIENCE {
                return Err(io::Error::other("nats-server does not get ready"));
            }
            sleep(LOOK);
        }
    }
}

impl Drop for NatsServer {
    /// SIGKILL: it gets no chance to put anything in order.
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
