//! The real program in a process of its own.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use eventstore::nats::NatsSettings;

use crate::app::{DataDir, nats_of};

/// The program, as `./test` has built it.
pub(crate) fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.ancestors().nth(2).unwrap().join("dossier");
    assert!(program.exists(), "{} is not there: build the workspace first", program.display());
    program
}

/// The program, about to serve on a database that outlives it.
pub(crate) fn serve(database: &str, data_dir: &DataDir, nats: Option<&NatsSettings>) -> Command {
    let mut command = tool(&["serve", "--no-demo", "--listen", "127.0.0.1:0"], database, data_dir);
    if let Some(nats) = nats {
        command.env("NATS_URL", &nats.url).env("DOSSIER_NATS_PREFIX", &nats.prefix);
    }
    command
}

/// The program with these arguments.
pub(crate) fn tool(arguments: &[&str], database: &str, data_dir: &DataDir) -> Command {
    let mut command = Command::new(program());
    command
        .args(arguments)
        .arg("--data-dir")
        .arg(data_dir.path())
        .env("DATABASE_URL", database)
        .env_remove("DOSSIER_DATA_DIR")
        .env_remove("NATS_URL")
        .stdin(Stdio::null());
    command
}

/// A running service, or a part of one.
pub(crate) struct Process {
    child: Child,
    /// Where it serves, if it does.
    pub(crate) address: SocketAddr,
}

impl Process {
    /// With every role.
    pub(crate) fn start(database: &str, data_dir: &DataDir) -> Self {
        Self::start_with(database, data_dir, &[])
    }

    /// With every role, and these variables set.
    pub(crate) fn start_with(
        database: &str,
        data_dir: &DataDir,
        variables: &[(&str, &str)],
    ) -> Self {
        let nats = nats_of(database);
        let mut command = serve(database, data_dir, nats.as_ref());
        command.envs(variables.iter().copied());
        Self::run(command)
    }

    /// With these roles.
    pub(crate) fn with_roles(
        roles: &str,
        database: &str,
        data_dir: &DataDir,
        nats: Option<&NatsSettings>,
    ) -> Self {
        let mut command = serve(database, data_dir, nats);
        command.args(["--roles", roles]);
        Self::run(command)
    }

    /// On a PostgreSQL of its own, with its log in this file.
    pub(crate) fn start_logging(data_dir: &DataDir, log: File, variables: &[(&str, &str)]) -> Self {
        let mut command = serve("", data_dir, None);
        command.env_remove("DATABASE_URL").envs(variables.iter().copied());
        Self::run_with(command, log.into())
    }

    fn run(command: Command) -> Self {
        Self::run_with(command, Stdio::null())
    }

    fn run_with(mut command: Command, log: Stdio) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            let line = line.unwrap();
            if line.contains("serves no HTTP") {
                return Some(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)));
            }
            line.split_once("http://").and_then(|(_, address)| address.trim().parse().ok())
        });
        let address = address.expect("the service says where it serves");
        // What else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn end(mut self) {
        self.signal("TERM");
        self.child.wait().unwrap();
    }

    pub(crate) fn kill(self) {
        drop(self);
    }

    /// Stands still, with all that it holds.
    pub(crate) fn pause(&self) {
        self.signal("STOP");
    }

    /// Goes on as if nothing had been.
    pub(crate) fn go_on(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Process {
    /// SIGKILL: it gets no chance to put anything in order.
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
