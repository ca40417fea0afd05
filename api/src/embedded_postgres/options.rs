//! The settings that an embedded server runs with.

use std::path::Path;
use std::process::Stdio;

use super::binaries::Binaries;
use super::cluster::Places;
use super::process::Launcher;
use super::{Mode, system};

const MEBIBYTE: u64 = 1024 * 1024;

/// For both modes: reachable by the socket only, nothing personal in the log, no transaction that
/// somebody forgot, no surprise by the compiler of expressions or by the time zone of the machine.
const COMMON: [&str; 10] = [
    "listen_addresses=",
    "port=5432",
    "jit=off",
    "max_prepared_transactions=0",
    "log_parameter_max_length_on_error=0",
    "log_error_verbosity=terse",
    "lc_messages=C",
    "timezone=UTC",
    "log_timezone=UTC",
    "idle_in_transaction_session_timeout=15s",
];

/// What a confirmed commit means is not left to a default, and a full load of appends should not
/// force a checkpoint every few seconds.
const DURABLE: [&str; 5] = [
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "max_wal_size=8GB",
    "log_checkpoints=off",
];

/// Fast and forgetful. Many test processes connect at once.
const THROWAWAY: [&str; 9] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "autovacuum=off",
    "shared_buffers=128MB",
    "max_connections=300",
    "log_checkpoints=off",
];

/// Each as `name=value`, for the command line of the server.
pub(super) fn server(
    places: &Places,
    binaries: &Binaries,
    launcher: &Launcher,
    socket_dir: &Path,
    mode: Mode,
) -> Vec<String> {
    let mut options: Vec<String> = COMMON.into_iter().map(str::to_owned).collect();
    options.push(format!("unix_socket_directories={}", socket_dir.display()));
    match mode {
        Mode::Throwaway => options.extend(THROWAWAY.into_iter().map(str::to_owned)),
        Mode::Durable => {
            options.extend(DURABLE.into_iter().map(str::to_owned));
            let megabytes = shared_buffers_bytes(system::memory_bytes()) / MEBIBYTE;
            options.push(format!("shared_buffers={megabytes}MB"));
            // Both shrink the log by much; lz4 costs less, and not every build has it.
            let lz4 = "wal_compression=lz4";
            let known = takes(lz4, places, binaries, launcher);
            options.push(if known { lz4 } else { "wal_compression=on" }.to_owned());
        }
    }
    options
}

/// An eighth of the memory, at least the 128 MiB of PostgreSQL's default and at most 1 GiB: the
/// service shares the machine, and the system's own cache does the rest.
pub(super) fn shared_buffers_bytes(memory_bytes: Option<u64>) -> u64 {
    (memory_bytes.unwrap_or_default() / 8).clamp(128 * MEBIBYTE, 1024 * MEBIBYTE)
}

fn takes(option: &str, places: &Places, binaries: &Binaries, launcher: &Launcher) -> bool {
    let Ok(mut command) = launcher.command(&binaries.postgres()) else { return false };
    command.arg("-D").arg(&places.cluster).args(["-c", option, "-C", "wal_compression"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
