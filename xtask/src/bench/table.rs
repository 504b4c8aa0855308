//! Figures as people read them, in Markdown tables.

use std::time::Duration;

/// Milliseconds below ten seconds, seconds above.
pub fn time(duration: Duration) -> String {
    let ms = duration.as_secs_f64() * 1000.0;
    match ms {
        ms if ms < 10.0 => format!("{ms:.1} ms"),
        ms if ms < 10_000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1000.0),
    }
}

/// Megabytes of a million bytes.
pub fn megabytes(bytes: u64) -> String {
    let megabytes = as_f64(bytes) / 1e6;
    if megabytes < 10.0 { format!("{megabytes:.1} MB") } else { format!("{megabytes:.0} MB") }
}

/// How many times `base` goes into `value`.
pub fn times(value: f64, base: f64) -> String {
    if base <= 0.0 {
        return "–".to_owned();
    }
    let ratio = value / base;
    if ratio < 10.0 { format!("{ratio:.1}×") } else { format!("{ratio:.0}×") }
}

/// Byte counts are far below 2^52, so nothing is lost.
#[expect(clippy::cast_precision_loss, reason = "sizes of files and processes are far below 2^52")]
pub fn as_f64(bytes: u64) -> f64 {
    bytes as f64
}

/// A Markdown table under construction.
pub struct Table {
    text: String,
}

impl Table {
    /// A table with this header; every column but the first is aligned right.
    pub fn new(header: &[&str]) -> Self {
        let rule: Vec<&str> = (0..header.len()).map(|at| if at == 0 { "---" } else { "---:" }).collect();
        let mut table = Self { text: String::new() };
        table.line(header);
        table.line(&rule);
        table
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[String]) {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        self.line(&cells);
    }

    /// The finished table.
    pub fn into_text(self) -> String {
        self.text
    }

    fn line(&mut self, cells: &[&str]) {
        self.text.push_str("| ");
        self.text.push_str(&cells.join(" | "));
        self.text.push_str(" |\n");
    }
}

/// `text` with what stands between the two markers replaced, or `None` when they are not there.
pub fn replace_between(text: &str, open: &str, close: &str, content: &str) -> Option<String> {
    let (before, rest) = text.split_once(open)?;
    let (_, after) = rest.split_once(close)?;
    Some(format!("{before}{open}\n{content}{close}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_two_or_three_digits() {
        assert_eq!(time(Duration::from_micros(3_456)), "3.5 ms");
        assert_eq!(time(Duration::from_millis(250)), "250 ms");
        assert_eq!(time(Duration::from_millis(53_500)), "53.5 s");
        assert_eq!(megabytes(4_055_096), "4.1 MB");
        assert_eq!(times(30.0, 2.0), "15×");
        assert_eq!(times(1.0, 0.0), "–");
    }

    #[test]
    fn only_what_stands_between_the_markers_is_replaced() {
        let text = "a\n<!-- x -->\nold\n<!-- /x -->\nb\n";
        let expected = "a\n<!-- x -->\nnew\n<!-- /x -->\nb\n";
        assert_eq!(replace_between(text, "<!-- x -->", "<!-- /x -->", "new\n").as_deref(), Some(expected));
        assert_eq!(replace_between(text, "<!-- y -->", "<!-- /y -->", "new\n"), None);
    }
}
