//! The memory of the idle service: `dossier serve` as a process of its own, with an empty log.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::Error;
use super::report::{Goal, Report, Unit, float};
use super::server::Folder;
use super::text::say;
use crate::embedded_postgres::{Signal, send_signal};

const PATIENCE: Duration = Duration::from_secs(60);
/// After which nothing of the start goes on any more.
const IDLE: Duration = Duration::from_secs(15);
const MEBIBYTE: f64 = 1_048_576.0;

/// A service that is ended with this value.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        if let Err(error) = send_signal(self.0.id(), Signal::Terminate) {
            say(&format!("the service could not be ended: {error}"));
        } else if let Err(error) = self.0.wait() {
            say(&format!("the service did not end: {error}"));
        }
    }
}

pub(super) fn measure(base: &Path) -> Result<Report, Error> {
    let folder = Folder::below(base)?;
    let listen = free_address().map_err(|error| Error::Service(error.to_string()))?;
    say(&format!("starting a service on {listen}"));
    let mut service = start(folder.path(), listen)?;
    wait_for(&mut service, listen)?;
    std::thread::sleep(IDLE);
    let (now, most) = (resident(&service, "VmRSS:")?, resident(&service, "VmHWM:")?);
    let threads = status(&service, "Threads:")?;
    drop(service);

    let mut report = Report::new("memory");
    let (now, most) = (float(now) / MEBIBYTE, float(most) / MEBIBYTE);
    report.judge("resident when idle, MiB", now, Unit::Count, Goal::AtMost(150.0));
    report.add("most since its start, MiB", most, Unit::Count);
    report.add("threads", float(threads), Unit::Count);
    report
        .note("the process of the service alone, all roles, without its PostgreSQL; an empty log");
    Ok(report)
}

fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

fn start(folder: &Path, listen: SocketAddr) -> Result<Service, Error> {
    let failed = |error: std::io::Error| Error::Service(error.to_string());
    let program = std::env::current_exe().map_err(failed)?;
    let mut command = Command::new(program);
    command.args(["serve", "--no-demo", "--listen", &listen.to_string()]);
    command.arg("--data-dir").arg(folder);
    // Settings of the one who measures are not for this one.
    for (name, _) in std::env::vars_os() {
        let ours = name.to_str().is_some_and(|name| name.starts_with("DOSSIER_"));
        if ours && name != "DOSSIER_PG_BIN" {
            command.env_remove(name);
        }
    }
    command.env_remove("DATABASE_URL").env_remove("NATS_URL");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit());
    Ok(Service(command.spawn().map_err(failed)?))
}

fn wait_for(service: &mut Service, listen: SocketAddr) -> Result<(), Error> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if TcpStream::connect(listen).is_ok() {
            return Ok(());
        }
        if let Ok(Some(status)) = service.0.try_wait() {
            return Err(Error::Service(format!("it ended with {status}")));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(Error::Service(format!("nothing listens on {listen} after {} s", PATIENCE.as_secs())))
}

/// Bytes, of a line in kB.
fn resident(service: &Service, label: &str) -> Result<u64, Error> {
    Ok(status(service, label)? * 1024)
}

fn status(service: &Service, label: &str) -> Result<u64, Error> {
    let path = format!("/proc/{}/status", service.0.id());
    let text = fs::read_to_string(&path)
        .map_err(|source| Error::File { path: path.clone().into(), source })?;
    let line = text.lines().find_map(|line| line.strip_prefix(label));
    let value = line.and_then(|line| line.split_ascii_whitespace().next()?.parse().ok());
    value.ok_or_else(|| Error::Service(format!("{path} has no {label}")))
}
