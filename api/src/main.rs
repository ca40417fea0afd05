//! `dossier`: the service and its tools.

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

/// A quarter of a command's time in this process went into the system's allocator: see docs/PERFORMANCE.md.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    api::cli::Cli::parse().run()
}
