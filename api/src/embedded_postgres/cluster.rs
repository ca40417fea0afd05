//! The data directory: what lies in it, who holds it, how its cluster is made.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::binaries::Binaries;
use super::process::{Launcher, run_error};
use super::system::{self, Account};
use super::{Error, Mode, PATIENCE, POLL, USER};

const TAIL_BYTES: u64 = 2_000;

/// The paths inside a data directory.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) data_dir: PathBuf,
    pub(super) cluster: PathBuf,
    pub(super) socket: PathBuf,
    pub(super) log: PathBuf,
    lock: PathBuf,
    /// A cluster in the making, which becomes `cluster` when it is whole.
    part: PathBuf,
}

impl Places {
    pub(super) fn of(data_dir: &Path) -> Self {
        Self {
            data_dir: data_dir.to_owned(),
            cluster: data_dir.join("postgresql"),
            socket: data_dir.join("socket"),
            log: data_dir.join("postgresql.log"),
            lock: data_dir.join("lock"),
            part: data_dir.join("postgresql.part"),
        }
    }

    /// Makes the data directory unless it is there.
    pub(super) fn prepare(data_dir: &Path) -> Result<Self, Error> {
        // Under root the server is another user, who must be able to pass; the cluster, the
        // socket and whatever is secret in here are closed one by one.
        let mode = if system::is_root() { 0o755 } else { 0o700 };
        let made = DirBuilder::new().recursive(true).mode(mode).create(data_dir);
        made.map_err(Error::file("create", data_dir))?;
        // Without symbolic links, as the system names the working directory of the server.
        let real = fs::canonicalize(data_dir).map_err(Error::file("enter", data_dir))?;
        Ok(Self::of(&real))
    }
}

/// Takes the directory for this process, until the file is closed.
pub(super) fn lock(places: &Places) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true).mode(0o600);
    let mut file = options.open(&places.lock).map_err(Error::file("open", &places.lock))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let holder = fs::read_to_string(&places.lock).unwrap_or_default();
            return Err(Error::InUse { data_dir: places.data_dir.clone(), holder });
        }
        Err(TryLockError::Error(source)) => return Err(Error::file("lock", &places.lock)(source)),
    }
    file.set_len(0)
        .and_then(|()| write!(file, "{}", std::process::id()))
        .map_err(Error::file("write", &places.lock))?;
    Ok(file)
}

/// Refuses a place that the server's user cannot enter, which PostgreSQL reports less clearly.
pub(super) fn check_reach(places: &Places, account: &Account) -> Result<(), Error> {
    for dir in places.data_dir.ancestors() {
        let about = fs::metadata(dir).map_err(Error::file("look at", dir))?;
        let enter = match () {
            () if about.uid() == account.uid => 0o100,
            () if about.gid() == account.gid => 0o010,
            () => 0o001,
        };
        if about.mode() & enter == 0 {
            let user = account.name.clone();
            return Err(Error::OutOfReach { user, blocked: dir.to_owned() });
        }
    }
    Ok(())
}

/// Waits until the server of a process that was killed has ended, together with all its children,
/// which may write to the cluster after the server itself was killed.
pub(super) fn wait_for_a_killed_one(places: &Places) -> Result<(), Error> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = system::processes_in(&places.cluster);
        if left.is_empty() {
            return forget_the_killed_one(places);
        }
        if Instant::now() > deadline {
            let processes: Vec<String> = left.iter().map(u32::to_string).collect();
            let processes = processes.join(", ");
            return Err(Error::StillRunning { cluster: places.cluster.clone(), processes });
        }
        std::thread::sleep(POLL);
    }
}

/// Removes a `postmaster.pid` that names a process which has nothing to do with the cluster: after
/// a restart of the machine or the container the number may belong to anybody, and PostgreSQL
/// would take it for a running server. Where the number is free PostgreSQL sees to it.
fn forget_the_killed_one(places: &Places) -> Result<(), Error> {
    let Some(state) = PidFile::read(&places.cluster) else { return Ok(()) };
    if !Path::new("/proc").join(state.process.to_string()).exists() {
        return Ok(());
    }
    let path = places.cluster.join("postmaster.pid");
    fs::remove_file(&path).map_err(Error::file("remove", path))
}

/// Makes the cluster, all of it or nothing.
pub(super) fn create(
    places: &Places,
    binaries: &Binaries,
    launcher: &Launcher,
    mode: Mode,
) -> Result<(), Error> {
    let part = &places.part;
    remove(part)?;
    DirBuilder::new().mode(0o700).create(part).map_err(Error::file("create", part))?;
    launcher.give(part)?;
    let program = binaries.initdb();
    let mut initdb = launcher.command(&program)?;
    initdb.arg("-D").arg(part).args(["-U", USER, "--auth=trust", "--encoding=UTF8"]);
    // The order of bytes: the same on every machine, and no package of locales is needed.
    initdb.args(["--locale=C", "--data-checksums", "--no-instructions"]);
    if mode == Mode::Throwaway {
        initdb.arg("--no-sync");
    }
    let status = initdb.status().map_err(run_error(program))?;
    if !status.success() {
        return Err(Error::Create { part: part.clone(), status, tail: log_tail(places) });
    }
    fs::rename(part, &places.cluster).map_err(Error::file("rename", part))?;
    if mode == Mode::Throwaway {
        return Ok(());
    }
    let data_dir = &places.data_dir;
    File::open(data_dir).and_then(|dir| dir.sync_all()).map_err(Error::file("sync", data_dir))
}

/// Removes a directory with all that is in it, if it is there.
pub(super) fn remove(dir: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::file("remove", dir)(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The end of the server's log, for a message.
pub(super) fn log_tail(places: &Places) -> String {
    let read = || {
        let mut log = File::open(&places.log)?;
        let length = log.metadata()?.len();
        log.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
        let mut tail = Vec::new();
        log.read_to_end(&mut tail)?;
        io::Result::Ok(String::from_utf8_lossy(&tail).trim_end().to_owned())
    };
    read().unwrap_or_else(|error| format!("(the log cannot be read: {error})"))
}

/// What a server writes about itself into `postmaster.pid`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PidFile {
    pub(super) process: u32,
    pub(super) socket_dir: PathBuf,
    pub(super) ready: bool,
}

impl PidFile {
    pub(super) fn read(cluster: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(cluster.join("postmaster.pid")).ok()?)
    }

    /// One value a line: process, data directory, start time, port, socket directory, address,
    /// shared memory, status. The server writes them bit by bit while it starts.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let process = lines.next()?.trim().parse().ok()?;
        let socket_dir = PathBuf::from(lines.nth(3).unwrap_or_default());
        let ready = lines.nth(2).is_some_and(|status| status.trim() == "ready");
        Some(Self { process, socket_dir, ready })
    }
}
