//! Words that the sentences of all events share.

use crate::personal::Personal;

/// The longest stretch of a free text that a sentence repeats.
const QUOTED: usize = 160;

/// The value, or that it is gone.
pub(crate) fn shown(value: &Personal<String>) -> &str {
    value.known().map_or("(erased)", String::as_str)
}

/// The value in quotation marks, shortened, on one line.
pub(crate) fn quoted(value: &Personal<String>) -> String {
    match value.known() {
        None => "(erased)".to_owned(),
        Some(text) => quoted_text(text),
    }
}

/// The text in quotation marks, shortened, on one line.
pub(crate) fn quoted_text(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = line.chars().take(QUOTED).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    format!("\"{short}\"")
}

/// `: "reason"`, or nothing.
pub(crate) fn reason(reason: Option<&Personal<String>>) -> String {
    reason.map(|reason| format!(": {}", quoted(reason))).unwrap_or_default()
}

/// "one line", "3 lines".
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("one {one}") } else { format!("{number} {many}") }
}
