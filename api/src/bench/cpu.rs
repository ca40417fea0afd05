//! Processor time of the server and of this process, as Linux counts it.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::Error;

/// Clock ticks of `/proc` in a second; fixed on Linux, whatever the kernel's own clock.
const TICKS_PER_SECOND: u64 = 100;

/// One line of `/proc/<pid>/stat`, as far as it is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stat {
    parent: u32,
    /// Ticks of the process itself, in user and in kernel mode.
    own: u64,
    /// Ticks of its children that have ended.
    reaped: u64,
}

/// All processor time that a PostgreSQL server has used: the postmaster, its living children, and
/// those that have ended.
pub(super) fn of_server(postmaster: u32) -> Result<Duration, Error> {
    let first = stat(postmaster)?;
    let mut ticks = first.own + first.reaped;
    let entries = fs::read_dir("/proc").map_err(failed("/proc"))?;
    let processes = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    for process in processes {
        // A process may end while this goes on; the next look finds its time with the postmaster.
        if let Ok(stat) = stat(process)
            && stat.parent == postmaster
        {
            ticks += stat.own;
        }
    }
    Ok(time(ticks))
}

/// All processor time that this process has used.
pub(super) fn of_this_process() -> Result<Duration, Error> {
    Ok(time(stat(std::process::id())?.own))
}

/// All processor time of the programs that this process has started and seen end.
pub(super) fn of_ended_children() -> Result<Duration, Error> {
    Ok(time(stat(std::process::id())?.reaped))
}

fn stat(process: u32) -> Result<Stat, Error> {
    let path = format!("/proc/{process}/stat");
    let text = fs::read_to_string(&path).map_err(failed(&path))?;
    parse(&text).ok_or_else(|| failed(&path)(std::io::Error::other("not in the form of Linux")))
}

/// The name of the program stands in brackets and may hold anything.
fn parse(text: &str) -> Option<Stat> {
    let (_, rest) = text.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace();
    let parent = fields.nth(1)?.parse().ok()?;
    let mut ticks = fields.skip(9).map(str::parse::<u64>);
    let mut next = || ticks.next()?.ok();
    let own = next()? + next()?;
    let reaped = next()? + next()?;
    Some(Stat { parent, own, reaped })
}

fn time(ticks: u64) -> Duration {
    Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND)
}

fn failed(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.into();
    |source| Error::Processor { path, source }
}

#[cfg(test)]
mod tests {
    use super::{Stat, of_this_process, parse};

    #[test]
    fn the_fields_are_found_behind_any_name() {
        let line = "77 (a ) b) S 12 77 77 0 -1 4194304 500 0 3 0 100 23 7 5 20 0 1 0 9";
        assert_eq!(parse(line), Some(Stat { parent: 12, own: 123, reaped: 12 }));
        assert_eq!(parse("77 (cut) S 12 77"), None);
    }

    #[test]
    fn work_of_this_process_shows() {
        let before = of_this_process().unwrap();
        let mut sum = 0_u64;
        while of_this_process().unwrap() < before + std::time::Duration::from_millis(30) {
            sum = std::hint::black_box((0..100_000).fold(sum, u64::wrapping_add));
        }
        assert!(of_this_process().unwrap() > before, "{sum}");
    }
}
