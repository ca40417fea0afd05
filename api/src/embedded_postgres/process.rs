//! Starts PostgreSQL's programs as the right user, with nothing of ours in their hands.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;

use super::binaries::Binaries;
use super::cluster::Places;
use super::system::{self, Account};
use super::{Error, Mode, Signal};

const LOG_MAX_BYTES: u64 = 10 * 1024 * 1024;

/// How programs are started here.
#[derive(Debug)]
pub(super) struct Launcher {
    account: Option<Account>,
    log: File,
    on_our_death: Signal,
}

impl Launcher {
    pub(super) fn new(
        places: &Places,
        account: Option<Account>,
        mode: Mode,
    ) -> Result<Self, Error> {
        let on_our_death = match mode {
            Mode::Durable => Signal::Interrupt,
            Mode::Throwaway => Signal::Quit,
        };
        Ok(Self { account, log: open_log(&places.log)?, on_our_death })
    }

    /// A command that writes to the log.
    pub(super) fn command(&self, program: &Path) -> Result<Command, Error> {
        let log = || self.log.try_clone().map_err(Error::file("use", "postgresql.log"));
        let mut command = Command::new(program);
        // The environment may hold the master key and the addresses of other servers.
        command.env_clear().env("PATH", env::var_os("PATH").unwrap_or_default());
        command.env("LC_ALL", "C").env("TZ", "UTC");
        // The directory that we were started in may be closed to the server's user.
        command.current_dir("/");
        command.stdin(Stdio::null()).stdout(log()?).stderr(log()?);
        // A group of its own, so that ctrl-C reaches only us, and we end the server in order.
        command.process_group(0);
        if let Some(account) = &self.account {
            command.uid(account.uid).gid(account.gid);
        }
        system::die_with_parent(&mut command, self.on_our_death);
        Ok(command)
    }

    /// Starts the server from a thread of its own: the system signals the death of the thread that
    /// started a process, and the caller's may be a short one.
    pub(super) fn server(
        &self,
        binaries: &Binaries,
        places: &Places,
        options: &[String],
    ) -> Result<(Child, Sender<()>), Error> {
        let program = binaries.postgres();
        let mut command = self.command(&program)?;
        command.arg("-D").arg(&places.cluster);
        for option in options {
            command.arg("-c").arg(option);
        }
        start_kept(command).map_err(|source| Error::Run { program, source })
    }

    /// Gives a new directory or file to the server's user.
    pub(super) fn give(&self, path: &Path) -> Result<(), Error> {
        let Some(account) = &self.account else { return Ok(()) };
        lchown(path, Some(account.uid), Some(account.gid)).map_err(Error::file("give away", path))
    }

    /// Gives `dir` and all below it to the server's user, if it belongs to somebody else: restored
    /// from a copy, or made when the machine had other users.
    pub(super) fn take_over(&self, dir: &Path) -> Result<(), Error> {
        let Some(account) = &self.account else { return Ok(()) };
        let owner = fs::symlink_metadata(dir).map_err(Error::file("look at", dir))?.uid();
        if owner == account.uid { Ok(()) } else { self.give_all(dir) }
    }

    fn give_all(&self, dir: &Path) -> Result<(), Error> {
        for entry in fs::read_dir(dir).map_err(Error::file("read", dir))? {
            let entry = entry.map_err(Error::file("read", dir))?;
            let path = entry.path();
            if entry.file_type().map_err(Error::file("look at", &path))?.is_dir() {
                self.give_all(&path)?;
            } else {
                self.give(&path)?;
            }
        }
        // The directory last: its owner tells the next start whether all this is done.
        self.give(dir)
    }
}

fn open_log(log: &Path) -> Result<File, Error> {
    if fs::metadata(log).is_ok_and(|log| log.len() > LOG_MAX_BYTES) {
        let older = log.with_extension("log.1");
        fs::rename(log, &older).map_err(Error::file("replace", older))?;
    }
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(log)
        .map_err(Error::file("write", log))
}

fn start_kept(mut command: Command) -> io::Result<(Child, Sender<()>)> {
    let (keeper, kept) = mpsc::channel::<()>();
    let (sender, started) = mpsc::channel();
    thread::Builder::new().name("postgresql".to_owned()).spawn(move || {
        if sender.send(command.spawn()).is_ok() {
            // Nothing is ever sent: this ends when the keeper is dropped.
            while kept.recv().is_ok() {}
        }
    })?;
    let child = started.recv().map_err(io::Error::other)??;
    Ok((child, keeper))
}

/// For messages: where a program lies.
pub(super) fn run_error(program: PathBuf) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::Run { program, source }
}
