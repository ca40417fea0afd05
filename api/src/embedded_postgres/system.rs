//! What the standard library does not offer: users, signals, the death of the parent.

use std::ffi::CString;
use std::fs;
use std::io;
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::Error;

/// A signal to another process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// As by ctrl-C; PostgreSQL ends its connections and stops.
    Interrupt,
    /// A polite request to end.
    Terminate,
    /// PostgreSQL ends at once and recovers at the next start.
    Quit,
    /// Cannot be refused.
    Kill,
}

impl Signal {
    fn number(self) -> libc::c_int {
        match self {
            Self::Interrupt => libc::SIGINT,
            Self::Terminate => libc::SIGTERM,
            Self::Quit => libc::SIGQUIT,
            Self::Kill => libc::SIGKILL,
        }
    }
}

/// Sends `signal` to the process.
///
/// # Errors
/// When there is no such process, or it belongs to somebody else.
#[expect(unsafe_code, reason = "the standard library can only kill")]
pub fn send_signal(process: u32, signal: Signal) -> io::Result<()> {
    let process = libc::pid_t::try_from(process).map_err(io::Error::other)?;
    // SAFETY: takes and gives plain numbers.
    let answer = unsafe { libc::kill(process, signal.number()) };
    if answer == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Whether this process has the rights of root.
#[must_use]
#[expect(unsafe_code, reason = "the standard library does not tell the user")]
pub fn is_root() -> bool {
    // SAFETY: takes nothing and cannot fail.
    unsafe { libc::geteuid() == 0 }
}

/// How many bytes an ordinary user may still write where `path` is.
///
/// # Errors
/// When there is no such place.
#[expect(unsafe_code, reason = "the standard library does not tell the free space")]
pub fn free_space(path: &Path) -> io::Result<u64> {
    let path = CString::new(path.as_os_str().as_bytes())?;
    let mut told = MaybeUninit::<libc::statvfs>::uninit();
    // SAFETY: the path ends with NUL, and the call fills the whole structure or says that it failed.
    let told = unsafe {
        if libc::statvfs(path.as_ptr(), told.as_mut_ptr()) != 0 {
            return Err(io::Error::last_os_error());
        }
        told.assume_init()
    };
    Ok(told.f_bavail * told.f_frsize)
}

/// Lets the program get `signal` when the thread that starts it ends, so also by SIGKILL.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "only between fork and exec, after the change of the user")]
pub fn die_with_parent(command: &mut Command, signal: Signal) {
    let parent = libc::pid_t::try_from(std::process::id());
    let signal = libc::c_ulong::try_from(signal.number());
    // SAFETY: runs after fork, so may neither lock nor allocate; it makes two system calls.
    unsafe {
        command.pre_exec(move || {
            let (Ok(parent), Ok(signal)) = (parent, signal) else {
                return Err(io::Error::from_raw_os_error(libc::EINVAL));
            };
            if libc::prctl(libc::PR_SET_PDEATHSIG, signal) != 0 {
                return Err(io::Error::last_os_error());
            }
            // The parent may have ended before the line above.
            if libc::getppid() != parent {
                return Err(io::Error::from_raw_os_error(libc::ESRCH));
            }
            Ok(())
        });
    }
}

/// Elsewhere a killed parent leaves its server behind; the next start says so.
#[cfg(not(target_os = "linux"))]
pub fn die_with_parent(_command: &mut Command, _signal: Signal) {}

/// A line of `/etc/passwd`.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl Account {
    /// The user to run the server as: ourselves (`None`), or somebody else in place of root.
    pub(super) fn for_server() -> Result<Option<Self>, Error> {
        if !is_root() {
            return Ok(None);
        }
        let passwd = Path::new("/etc/passwd");
        let text = fs::read_to_string(passwd).map_err(Error::file("read", passwd))?;
        let named = |name| text.lines().filter_map(Self::parse).find(|line| line.name == name);
        named("postgres").or_else(|| named("nobody")).ok_or(Error::NoServerUser).map(Some)
    }

    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Self { name, uid, gid })
    }
}

/// The processes whose working directory is `dir`: a server and all that it started.
pub(super) fn processes_in(dir: &Path) -> Vec<u32> {
    let Ok(dir) = fs::canonicalize(dir) else { return Vec::new() };
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    processes
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|process| fs::read_link(format!("/proc/{process}/cwd")).is_ok_and(|cwd| cwd == dir))
        .collect()
}

/// The memory of the machine, or of the container if that has less.
pub(super) fn memory_bytes() -> Option<u64> {
    let of_container = fs::read_to_string("/sys/fs/cgroup/memory.max")
        .ok()
        .and_then(|limit| limit.trim().parse().ok());
    let meminfo = fs::read_to_string("/proc/meminfo").ok();
    let of_machine = meminfo.as_deref().and_then(|text| {
        let total = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
        let kilobytes: u64 = total.trim().trim_end_matches(" kB").parse().ok()?;
        Some(kilobytes * 1024)
    });
    of_container.into_iter().chain(of_machine).min()
}
