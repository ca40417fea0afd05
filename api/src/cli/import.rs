//! `dossier import`.

use std::path::PathBuf;

use clap::ValueEnum;
use domain::Source;
use eventstore::Caller;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use uuid::Uuid;

use super::session::Session;
use super::{End, Error, say, say_json};
use crate::bootstrap;
use crate::import::{self, Import, Kind, Mapping};
use crate::settings::Settings;

/// What a file holds.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    Customers,
    Orders,
    Invoices,
    Payments,
}

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What the file holds
    what: What,
    /// A CSV or TSV file
    file: PathBuf,
    /// A JSON file that names the file's columns, such as {"company": "Firma"}
    #[arg(long)]
    mapping: Option<PathBuf>,
    /// Name of the system that the file comes from; outside ids are kept under it
    #[arg(long, default_value = "import")]
    source: String,
    /// Currency of documents that name none
    #[arg(long, default_value = "EUR")]
    currency: String,
    /// Time zone of dates without an offset, such as Europe/Vienna
    #[arg(long)]
    time_zone: Option<String>,
    /// Writing of dates, such as "%m/%d/%Y %H:%M"
    #[arg(long)]
    date_format: Option<String>,
    /// Numbers are written 1.234,50
    #[arg(long)]
    decimal_comma: bool,
    /// Let the rows set rules off
    #[arg(long)]
    run_rules: bool,
    /// Where the outcome of every row goes [default: beside the file]
    #[arg(long)]
    report: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(settings: &Settings, args: Args) -> Result<End, Error> {
    let mapping = match &args.mapping {
        Some(path) => Mapping::from_json(&std::fs::read_to_string(path)?)?,
        None => Mapping::default(),
    };
    let report = args.report.clone().unwrap_or_else(|| import::report_path(&args.file));
    let import_ = Import {
        kind: match args.what {
            What::Customers => Kind::Customers,
            What::Orders => Kind::Orders,
            What::Invoices => Kind::Invoices,
            What::Payments => Kind::Payments,
        },
        file: args.file.clone(),
        report: report.clone(),
        source: args.source.clone(),
        options: import::Options {
            mapping,
            currency: Some(args.currency.clone()),
            time_zone: args.time_zone.clone(),
            date_format: args.date_format.clone(),
            decimal_comma: args.decimal_comma,
            ..Default::default()
        },
        move_to: None,
    };
    Session::new(settings)?.run(async |session, store| {
        let owner = bootstrap::bootstrap(&store, &session.data_dir).await?;
        let mut caller = Caller::new(owner.principal, Source::Import);
        caller.correlation_id = Some(Uuid::now_v7());
        caller.runs_rules = args.run_rules;
        let bar = progress_bar();
        let counts = import::import(&store, &caller, &import_, |total, counts| {
            bar.set_length(total.try_into().unwrap_or_default());
            bar.set_position(counts.done.try_into().unwrap_or_default());
            std::future::ready(())
        })
        .await?;
        bar.finish_and_clear();
        if args.json {
            let mut result = serde_json::to_value(counts)?;
            if let Some(members) = result.as_object_mut() {
                members.insert("state".to_owned(), json!("done"));
                members.insert("total".to_owned(), json!(counts.done));
                members.insert("report".to_owned(), json!(report));
            }
            say_json(&result)?;
        } else {
            say(&format!(
                "{} records: {} created, {} updated, {} unchanged, {} skipped, {} failed",
                counts.done,
                counts.created,
                counts.updated,
                counts.unchanged,
                counts.skipped,
                counts.failed
            ));
            say(&format!("the outcome of every row is in {}", report.display()));
        }
        Ok(if counts.failed == 0 { End::Well } else { End::FoundWrong })
    })
}

/// Shown on a terminal only, on standard error.
fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {per_sec} {eta}");
    let bar = ProgressBar::new(0);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
