//! Small words for numbers, and what a bench says while it runs.

use std::io::Write;

/// Three or four significant digits, thousands apart.
pub(super) fn grouped(value: f64) -> String {
    let digits = match value.abs() {
        size if size < 10.0 => 2,
        size if size < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.digits$}");
    let (whole, part) = match text.split_once('.') {
        Some((whole, part)) => (whole, format!(".{part}")),
        None => (text.as_str(), String::new()),
    };
    let mut groups = String::new();
    for (index, digit) in whole.chars().enumerate() {
        let left = whole.chars().count() - index;
        if index > 0 && left % 3 == 0 && !groups.ends_with('-') {
            groups.push(',');
        }
        groups.push(digit);
    }
    groups + &part
}

/// Gibibytes or mebibytes.
pub(super) fn bytes(count: u64) -> String {
    const MEBIBYTE: u64 = 1 << 20;
    if count >= 1024 * MEBIBYTE {
        format!("{:.1} GiB", super::report::float(count / MEBIBYTE) / 1024.0)
    } else {
        format!("{} MiB", count / MEBIBYTE)
    }
}

/// Says on the error output what is being done; the figures alone go to the output.
pub(super) fn say(line: &str) {
    // Nobody is harmed where it cannot be said.
    let _ = writeln!(std::io::stderr().lock(), "bench: {line}");
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn numbers_are_short_and_grouped() {
        let shown = [0.1234, 9.5, 42.25, 999.4, 1_234.0, 1_234_567.8].map(grouped);
        assert_eq!(shown, ["0.12", "9.50", "42.2", "999", "1,234", "1,234,568"]);
        assert_eq!(grouped(-1_234.0), "-1,234");
        assert_eq!(grouped(-123.0), "-123");
    }
}
