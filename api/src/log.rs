//! The log of the service: what happened, never to whom or with what words.

use std::io::IsTerminal;
use std::panic::PanicHookInfo;

use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// The crates of this project; their lines name ids, routes and codes only.
const OURS: [&str; 6] = ["api", "automation", "domain", "dossier", "eventstore", "projections"];

/// Logs to the standard error: for people on a terminal, as JSON otherwise.
pub(crate) fn to_stderr(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = if std::io::stderr().is_terminal() { lines.boxed() } else { lines.json().boxed() };
    let log = tracing_subscriber::registry().with(filter).with(filter_fn(is_harmless)).with(lines);
    // A second subscriber in one process is refused, and the first one stays.
    drop(log.try_init());
    std::panic::set_hook(Box::new(|panic| tracing::error!("{}", place(panic))));
}

/// What libraries say in detail holds what goes through them: parameters of queries, letters. That
/// is logged under no filter.
fn is_harmless(line: &Metadata<'_>) -> bool {
    let target = line.target();
    let is_ours = OURS.iter().any(|name| {
        target.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    });
    is_ours || *line.level() <= Level::INFO
}

/// Where the program panicked. Why may be said in the words of a request.
fn place(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    format!("a fault in the program: it panicked at {place}")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::place;

    #[test]
    fn of_a_panic_its_place_is_told_and_not_its_words() {
        let told = Arc::new(Mutex::new(String::new()));
        let written = Arc::clone(&told);
        std::panic::set_hook(Box::new(move |panic| *written.lock().unwrap() = place(panic)));
        let caught = std::panic::catch_unwind(|| panic!("the word of a customer"));
        drop(std::panic::take_hook());
        assert!(caught.is_err());
        let told = told.lock().unwrap();
        assert!(told.contains("log.rs:") && !told.contains("customer"), "{told}");
    }
}
