//! `cargo xtask bench jobs`: jobs beside processes started by hand, in one run on the same machine.

use std::process::{Command, ExitCode, Stdio};

/// The marks in the document between which `--write` puts the result.
const MARKS: (&str, &str) = ("<!-- bench:jobs -->", "<!-- /bench:jobs -->");

const USAGE: &str = "\
usage: cargo xtask bench jobs [--write]

Builds the bench of jobs in release mode, runs it (some minutes) and prints Markdown.

options:
  --write  put the result into docs/benchmarks.md
";

/// Runs what the arguments ask for.
pub fn run(words: &[&str]) -> ExitCode {
    let write = match words {
        [] => false,
        ["--write"] => true,
        ["--help" | "-h"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(super::STATUS_NOTHING);
        }
    };
    match bench(write) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(super::STATUS_NOTHING)
        }
    }
}

fn bench(write: bool) -> Result<(), String> {
    let root = super::repository_root()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let answer = Command::new(cargo)
        .args(["run", "--release", "--package", "tenon-jobs", "--example", "bench"])
        .current_dir(&root)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if !answer.status.success() {
        return Err("the bench of jobs did not end well".to_owned());
    }
    let table = String::from_utf8_lossy(&answer.stdout);
    let text = format!("Medians of cases measured in turns on {}\n{table}", super::machine());
    print!("{text}");
    if write {
        super::write_documents(&root, MARKS, &[("docs/benchmarks.md", &text)])?;
    }
    Ok(())
}
