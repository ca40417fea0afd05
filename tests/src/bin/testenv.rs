//! Runs a command beside a throwaway PostgreSQL that has a migrated template database, and a
//! throwaway NATS server: `testenv cargo nextest run`.
//!
//! The command finds the server by `DOSSIER_TEST_POSTGRES` (the directory of its socket) and
//! `DOSSIER_TEST_POSTGRES_USER`, and each test makes its own database from the template
//! `template_dossier`. The NATS server, with JetStream, is at `DOSSIER_TEST_NATS`, and tests that
//! want one of their own find the program in `DOSSIER_NATS_SERVER`; where there is none, tests that
//! need it fail and say so. `testenv psql postgres` opens a prompt on such a server.

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::iter;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus};

use api::embedded_postgres::{self, EmbeddedPostgres, Mode, USER, send_signal};
use tests::nats_server::{self, NatsServer};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_postgres::NoTls;
use uuid::Uuid;

const TEMPLATE: &str = "template_dossier";
const PREFIX: &str = "dossier-testenv-";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(status) => exit_code(status),
        Err(error) => {
            let error: &dyn Error = &*error;
            let causes = iter::successors(Some(error), |&error| error.source());
            let causes: Vec<String> = causes.map(ToString::to_string).collect();
            // Where the message cannot be written, the exit code still says it.
            drop(writeln!(io::stderr(), "testenv: {}", causes.join(": ")));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<ExitStatus, Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let program = arguments.next().ok_or("say what to run: testenv COMMAND [ARGUMENT]…")?;
    let mut command = Command::new(program);
    command.args(arguments);

    let mut signals = Signals::catch()?;
    remove_abandoned();
    let data_dir = env::temp_dir().join(format!("{PREFIX}{}", Uuid::new_v4().simple()));
    let server = EmbeddedPostgres::start(&data_dir, Mode::Throwaway)?;
    let nats = match nats_server::program() {
        Some(_) => Some(NatsServer::start(&data_dir.join("nats"))?),
        None => None,
    };
    if let Some(nats) = &nats {
        command.env("DOSSIER_TEST_NATS", nats.url());
    }
    let result = tokio::select! {
        biased;
        _ = signals.next() => Err("interrupted".into()),
        made = make_template(&server) => match made {
            Ok(()) => run_beside(&server, command, signals).await,
            Err(error) => Err(error),
        },
    };
    drop(nats);
    server.stop()?;
    result
}

async fn make_template(server: &EmbeddedPostgres) -> Result<(), Box<dyn Error>> {
    server.ensure_database(TEMPLATE).await?;
    migrate(&server.connection_string(TEMPLATE)).await?;
    let (client, connection) =
        tokio_postgres::connect(&server.connection_string("postgres"), NoTls).await?;
    tokio::spawn(connection);
    // A connection to a template would keep others from copying it.
    let closed = format!("ALTER DATABASE {TEMPLATE} IS_TEMPLATE true ALLOW_CONNECTIONS false");
    client.batch_execute(&closed).await?;
    Ok(())
}

/// The one place that makes the schema which tests run on: the log, then the read models.
async fn migrate(connection: &str) -> Result<(), Box<dyn Error>> {
    eventstore::migrate(connection).await?;
    projections::install(connection).await?;
    Ok(())
}

async fn run_beside(
    server: &EmbeddedPostgres,
    mut command: Command,
    mut signals: Signals,
) -> Result<ExitStatus, Box<dyn Error>> {
    command.env("DOSSIER_TEST_POSTGRES", server.socket_dir());
    command.env("DOSSIER_TEST_POSTGRES_USER", USER);
    command.env("PGHOST", server.socket_dir()).env("PGUSER", USER);
    let mut child = command.spawn().map_err(|error| {
        let program = command.get_program().display();
        format!("could not run {program}: {error}")
    })?;
    let process = child.id();
    let mut ended = tokio::task::spawn_blocking(move || child.wait());
    loop {
        tokio::select! {
            status = &mut ended => return Ok(status??),
            signal = signals.next() => {
                let from_keyboard = signal == embedded_postgres::Signal::Interrupt;
                // A terminal sends ctrl-C to the command as well, and twice means more to it.
                if !(from_keyboard && io::stdin().is_terminal()) {
                    send_signal(process, signal)?;
                }
            }
        }
    }
}

/// The signals that ask this process to end.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn catch() -> io::Result<Self> {
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self { interrupt, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> embedded_postgres::Signal {
        tokio::select! {
            _ = self.interrupt.recv() => embedded_postgres::Signal::Interrupt,
            _ = self.terminate.recv() => embedded_postgres::Signal::Terminate,
        }
    }
}

/// Removes what earlier runs left behind that were killed: their locks are free.
fn remove_abandoned() {
    let Ok(entries) = fs::read_dir(env::temp_dir()) else { return };
    let ours = |name: &std::ffi::OsStr| name.to_str().is_some_and(|name| name.starts_with(PREFIX));
    for entry in entries.flatten().filter(|entry| ours(&entry.file_name())) {
        if is_abandoned(&entry.path()) {
            // Somebody else's, or just removed by another run: both are no matter of ours.
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

fn is_abandoned(dir: &Path) -> bool {
    let Ok(lock) = File::open(dir.join("lock")) else { return false };
    // An empty one is just being taken.
    lock.metadata().is_ok_and(|lock| lock.len() > 0) && lock.try_lock().is_ok()
}

fn exit_code(status: ExitStatus) -> ExitCode {
    // As shells do for a command that a signal ended.
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}
