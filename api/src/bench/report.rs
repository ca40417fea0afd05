//! What was measured, for people and for programs.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;
use uuid::Uuid;

use super::text::{bytes, grouped};

const FSYNCS: usize = 60;

/// The figures of one bench.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Report {
    bench: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    machine: Option<Machine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    figures: Vec<Figure>,
    notes: Vec<String>,
}

/// Where it was measured, and whether others were at work.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Machine {
    cores: usize,
    memory_bytes: u64,
    /// The average of the last minute before the bench.
    load_before: f64,
    /// The median time to bring a page to the disk, before the bench.
    fsync_ms: f64,
    build: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct Figure {
    name: String,
    value: f64,
    unit: Unit,
    #[serde(skip_serializing_if = "Option::is_none")]
    goal: Option<Goal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reached: Option<bool>,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Unit {
    PerSecond,
    Times,
    Microseconds,
    Milliseconds,
    Seconds,
    Bytes,
    Percent,
    Count,
}

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Report {
    pub(super) fn new(bench: &'static str) -> Self {
        Self { bench, machine: None, server: None, figures: Vec::new(), notes: Vec::new() }
    }

    pub(super) fn with_machine(mut self, machine: Machine) -> Self {
        self.machine = Some(machine);
        self
    }

    pub(super) fn with_server(mut self, version: &str) -> Self {
        self.server = Some(version.to_owned());
        self
    }

    pub(super) fn add(&mut self, name: impl Into<String>, value: f64, unit: Unit) {
        self.figures.push(Figure { name: name.into(), value, unit, goal: None, reached: None });
    }

    pub(super) fn judge(&mut self, name: impl Into<String>, value: f64, unit: Unit, goal: Goal) {
        let reached = match goal {
            Goal::AtLeast(least) => value >= least,
            Goal::AtMost(most) => value <= most,
        };
        let (goal, reached) = (Some(goal), Some(reached));
        self.figures.push(Figure { name: name.into(), value, unit, goal, reached });
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    pub(super) fn print(&self, json: bool) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if json {
            let line = serde_json::to_string(self).map_err(io::Error::other)?;
            return writeln!(out, "{line}");
        }
        writeln!(out, "\n{}", self.bench)?;
        if let Some(machine) = &self.machine {
            let Machine { cores, memory_bytes, load_before, fsync_ms, build } = machine;
            let memory = bytes(*memory_bytes);
            let server = self.server.as_deref().unwrap_or("no database");
            writeln!(
                out,
                "  {cores} cores, {memory}, {server}, {build} build; before: load {load_before:.2}, \
                 fsync {fsync_ms:.2} ms"
            )?;
        }
        let width = self.figures.iter().map(|figure| figure.name.chars().count()).max();
        let width = width.unwrap_or_default();
        for Figure { name, value, unit, goal, reached } in &self.figures {
            let value = unit.show(*value);
            write!(out, "  {name:width$}  {value:>14}")?;
            if let (Some(goal), Some(reached)) = (goal, reached) {
                let (word, bound) = match goal {
                    Goal::AtLeast(bound) => ("at least", bound),
                    Goal::AtMost(bound) => ("at most", bound),
                };
                let bound = unit.show(*bound);
                let verdict = if *reached { "reached" } else { "NOT reached" };
                write!(out, "  goal {word} {bound}: {verdict}")?;
            }
            writeln!(out)?;
        }
        for note in &self.notes {
            writeln!(out, "  {note}")?;
        }
        out.flush()
    }
}

impl Unit {
    fn show(self, value: f64) -> String {
        let number = grouped(value);
        match self {
            Self::PerSecond => format!("{number}/s"),
            Self::Times => format!("{number} x"),
            Self::Microseconds => format!("{number} us"),
            Self::Milliseconds => format!("{number} ms"),
            Self::Seconds => format!("{number} s"),
            Self::Bytes => format!("{number} B"),
            Self::Percent => format!("{number} %"),
            Self::Count => number,
        }
    }
}

impl Machine {
    /// `folder` is where the bench will write.
    pub(super) fn look(folder: &Path) -> Self {
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let first = load.split(' ').next().and_then(|text| text.parse().ok());
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self {
            cores,
            memory_bytes: memory_bytes().unwrap_or_default(),
            load_before: first.unwrap_or_default(),
            fsync_ms: fsync(folder).unwrap_or_default().percentile_ms(50),
            build: if cfg!(debug_assertions) { "debug" } else { "release" },
        }
    }
}

/// Overwrites a page again and again, each time down to the disk.
fn fsync(folder: &Path) -> io::Result<Times> {
    const PAGE: [u8; 8192] = [7; 8192];
    fs::create_dir_all(folder)?;
    let path = folder.join(format!("dossier-bench-{}", Uuid::new_v4().simple()));
    let mut file = File::create_new(&path)?;
    let times = (0..FSYNCS).map(|_| {
        file.rewind()?;
        file.write_all(&PAGE)?;
        let began = Instant::now();
        file.sync_data()?;
        Ok(began.elapsed())
    });
    let times = times.collect();
    fs::remove_file(path)?;
    times
}

fn memory_bytes() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let total = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    Some(total.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1024)
}

/// Durations to take percentiles of.
#[derive(Debug, Clone, Default)]
pub(super) struct Times(Vec<Duration>);

impl Times {
    pub(super) fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub(super) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// The time that this share of the times do not exceed, in milliseconds; 100 is the longest.
    pub(super) fn percentile_ms(&self, percent: usize) -> f64 {
        let mut times = self.0.clone();
        times.sort_unstable();
        let at = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }
}

impl FromIterator<Duration> for Times {
    fn from_iter<T: IntoIterator<Item = Duration>>(times: T) -> Self {
        Self(times.into_iter().collect())
    }
}

/// A quotient that stays a number.
pub(super) fn ratio(above: f64, below: f64) -> f64 {
    if below > 0.0 { above / below } else { 0.0 }
}

/// A count as a float; counts here are far below what a float keeps exactly.
pub(super) fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Times;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let times: Times = (1..=200).rev().map(Duration::from_millis).collect();
        let percentiles = [1, 50, 99, 100].map(|percent| times.percentile_ms(percent).round());
        assert_eq!(percentiles.map(|ms| format!("{ms}")), ["2", "100", "198", "200"]);
        assert_eq!(format!("{}", Times::default().percentile_ms(50)), "0");
    }
}
