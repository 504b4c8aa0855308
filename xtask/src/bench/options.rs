//! What was typed after `cargo xtask bench check`.

use std::path::PathBuf;
use std::time::Duration;

/// The help text.
pub const HELP: &str = "\
usage: cargo xtask bench check [options]
       cargo xtask bench diff [options]

Builds tenon in release mode and times whole processes of it and of its peers, in turns, on the
same files in the same run. Prints Markdown.

options:
  --peers DIR       where the peers and their inputs are (default: the variable TENON_PEERS);
                    docs/benchmarks.md says what belongs there
  --runs N          pairs of runs of each comparison (default 5)
  --budget SECONDS  stop a comparison after this long, with fewer pairs (default 90)
  --only PARTS      some of: start,peers,asyncapi,growth,gates; of diff: openapi,protobuf (default all)
  --input NAME      only inputs whose file name contains NAME
  --tenon PATH      measure this program instead of building one
  --write           put the result into README.md and docs/benchmarks.md
";

/// The parts of the benchmark, in the order they run.
pub const PARTS: [&str; 5] = ["start", "peers", "asyncapi", "growth", "gates"];

/// The parts of `bench diff`.
pub const PARTS_DIFF: [&str; 2] = ["openapi", "protobuf"];

/// The options, with defaults filled in.
pub struct Options {
    /// Whether `tenon diff` is measured, and not `tenon check`.
    pub is_diff: bool,
    /// Where peers and inputs are.
    pub peers: Option<PathBuf>,
    /// Pairs of runs of each comparison.
    pub runs_max: usize,
    /// After this long a comparison stops with the pairs it has.
    pub budget: Duration,
    /// The parts to run.
    pub parts: Vec<String>,
    /// Only inputs whose name contains this.
    pub input: Option<String>,
    /// A program to measure instead of a fresh build.
    pub tenon: Option<PathBuf>,
    /// Write the result into the documents.
    pub write: bool,
}

impl Options {
    /// Whether `part` is to run.
    pub fn wants(&self, part: &str) -> bool {
        self.parts.iter().any(|wanted| wanted == part)
    }

    /// Whether the input called `name` is to be measured.
    pub fn wants_input(&self, name: &str) -> bool {
        self.input.as_ref().is_none_or(|part| name.contains(part.as_str()))
    }
}

/// Reads the options.
///
/// # Errors
/// A sentence that says which word is not understood.
pub fn parse(command: &str, words: &[&str]) -> Result<Options, String> {
    let is_diff = command == "diff";
    let known: &[&str] = if is_diff { &PARTS_DIFF } else { &PARTS };
    let mut options = Options {
        is_diff,
        peers: std::env::var_os("TENON_PEERS").map(PathBuf::from),
        runs_max: 5,
        budget: Duration::from_secs(90),
        parts: known.iter().map(|&part| part.to_owned()).collect(),
        input: None,
        tenon: None,
        write: false,
    };
    let mut words = words.iter();
    while let Some(&word) = words.next() {
        if word == "--write" {
            options.write = true;
            continue;
        }
        let value = *words.next().ok_or_else(|| format!("`{word}` is not an option or lacks its value"))?;
        match word {
            "--peers" => options.peers = Some(PathBuf::from(value)),
            "--runs" => options.runs_max = number(word, value)?.max(1),
            "--budget" => options.budget = Duration::from_secs(number(word, value)? as u64),
            "--only" => options.parts = parts(known, value)?,
            "--input" => options.input = Some(value.to_owned()),
            "--tenon" => options.tenon = Some(PathBuf::from(value)),
            _ => return Err(format!("`{word}` is not an option")),
        }
    }
    Ok(options)
}

fn number(option: &str, value: &str) -> Result<usize, String> {
    value.parse().map_err(|_| format!("`{option}` needs a whole number, not `{value}`"))
}

fn parts(known: &[&str], value: &str) -> Result<Vec<String>, String> {
    value
        .split(',')
        .map(|part| {
            let is_known = known.contains(&part);
            is_known
                .then(|| part.to_owned())
                .ok_or_else(|| format!("`{part}` is not one of {}", known.join(", ")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_understood_and_what_is_not_is_named() {
        let options =
            parse("check", &["--runs", "3", "--only", "growth,gates", "--write"]).expect("good options");
        assert_eq!(options.runs_max, 3);
        assert!(options.write && options.wants("gates") && !options.wants("peers"));
        assert!(parse("check", &["--runs", "few"]).is_err_and(|error| error.contains("few")));
        assert!(parse("check", &["--only", "speed"]).is_err_and(|error| error.contains("speed")));
        assert!(parse("check", &["--fast"]).is_err_and(|error| error.contains("--fast")));
        assert!(parse("diff", &["--only", "growth"]).is_err_and(|error| error.contains("protobuf")));
    }
}
