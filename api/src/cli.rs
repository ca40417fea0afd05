//! The command line. Exit codes: 0 done; 1 failed, or checked and found wrong; 2 wrong usage.

mod doctor;
mod import;
mod organisation;
mod replay;
mod serve;
mod session;
mod token;
mod user;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::bench;
use crate::settings::{Environment, Flags, Settings};
use session::Session;

/// An event-sourced customer management service.
#[derive(Debug, Parser)]
#[command(name = "dossier", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the service
    Serve,
    /// Bring the database's schema up to date and end
    Migrate,
    /// Import a file of customers or of another system's order history
    Import(import::Args),
    /// Print a customer's whole history, for reading aloud or for a program
    Replay(replay::Args),
    /// Recompute the chain of every organisation and say whether the past was changed
    Verify(verify::Args),
    /// Build read models anew from the log beside the live ones, then swap
    Rebuild(verify::RebuildArgs),
    /// Make, list or end API tokens
    Token(token::Args),
    /// Make or list organisations
    Organisation(organisation::Args),
    /// Block people, let them in again, or have them administer the installation
    User(user::Args),
    /// Print every setting and where it comes from
    Config,
    /// Look for what is wrong with an installation
    Doctor(doctor::Args),
    /// Measure, on databases of its own; see docs/PERFORMANCE.md
    Bench(bench::BenchArgs),
}

type Error = Box<dyn std::error::Error + Send + Sync>;

/// What a subcommand came to.
enum End {
    Well,
    FoundWrong,
}

impl Cli {
    /// Runs the subcommand.
    #[must_use]
    pub fn run(self) -> ExitCode {
        match self.end() {
            Ok(End::Well) => ExitCode::SUCCESS,
            Ok(End::FoundWrong) => ExitCode::FAILURE,
            Err(error) => {
                say_error(&*error);
                ExitCode::FAILURE
            }
        }
    }

    fn end(self) -> Result<End, Error> {
        let settings = Settings::load(&self.flags, &Environment::of_process())?;
        match self.command {
            Command::Config => {
                for setting in settings.describe() {
                    say(&format!("{} = {}  # {}", setting.name, setting.value, setting.source));
                }
                Ok(End::Well)
            }
            Command::Serve => serve::serve(&settings),
            Command::Migrate => Session::new(&settings)?.run(async |_session, _store| {
                say("the schema is up to date");
                Ok(End::Well)
            }),
            Command::Import(args) => import::run(&settings, args),
            Command::Replay(args) => replay::run(&settings, args),
            Command::Verify(args) => verify::run(&settings, args),
            Command::Rebuild(args) => verify::rebuild(&settings, args),
            Command::Token(args) => token::run(&settings, args),
            Command::Organisation(args) => organisation::run(&settings, args),
            Command::User(args) => user::run(&settings, args),
            Command::Doctor(args) => doctor::run(&settings, args),
            Command::Bench(args) => {
                bench::run(args)?;
                Ok(End::Well)
            }
        }
    }
}

/// A line for people and programs.
#[expect(clippy::print_stdout, reason = "the command line speaks here and nowhere else")]
fn say(line: &str) {
    println!("{line}");
}

/// What went wrong, and what was behind it.
#[expect(clippy::print_stderr, reason = "the command line speaks here and nowhere else")]
fn say_error(error: &(dyn std::error::Error + 'static)) {
    eprintln!("dossier: {error}");
    let mut cause = error.source();
    while let Some(behind) = cause {
        eprintln!("  because {behind}");
        cause = behind.source();
    }
}

fn say_json(value: &impl serde::Serialize) -> Result<(), Error> {
    say(&serde_json::to_string_pretty(value)?);
    Ok(())
}
