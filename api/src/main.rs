//! `dossier`: the service and its tools.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    api::cli::Cli::parse().run()
}
