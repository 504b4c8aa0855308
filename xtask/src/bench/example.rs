//! `cargo xtask bench store` and `cargo xtask bench jobs`: an example of a crate that measures and
//! prints a table, built as it is shipped, beside the bare thing in one run on the same machine.

use std::process::{Command, ExitCode, Stdio};

/// A bench that is an example of a crate.
#[derive(Debug)]
pub struct Example {
    /// What it is called on the command line, and in the marks of the document.
    pub name: &'static str,
    /// The crate.
    pub package: &'static str,
    /// The example: no two of the workspace may have one name.
    pub example: &'static str,
    /// What it measures, for people.
    pub about: &'static str,
}

/// All of them.
pub const ALL: [Example; 2] = [
    Example {
        name: "store",
        package: "tenon-storage",
        example: "bench",
        about: "the store beside SQLite used by hand (about a minute)",
    },
    Example {
        name: "jobs",
        package: "tenon-jobs",
        example: "bench-jobs",
        about: "jobs beside processes started by hand (some minutes)",
    },
];

impl Example {
    /// Runs what the arguments ask for.
    pub fn run(&self, words: &[&str]) -> ExitCode {
        let write = match words {
            [] => false,
            ["--write"] => true,
            ["--help" | "-h"] => {
                print!("{}", self.usage());
                return ExitCode::SUCCESS;
            }
            _ => {
                eprint!("{}", self.usage());
                return ExitCode::from(super::STATUS_NOTHING);
            }
        };
        match self.bench(write) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::from(super::STATUS_NOTHING)
            }
        }
    }

    fn usage(&self) -> String {
        let Self { name, about, .. } = self;
        format!(
            "usage: cargo xtask bench {name} [--write]\n\n\
             Builds and runs a bench in release mode and prints Markdown: {about}.\n\n\
             options:\n  --write  put the result into docs/benchmarks.md\n"
        )
    }

    fn bench(&self, write: bool) -> Result<(), String> {
        let root = super::repository_root()?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let answer = Command::new(cargo)
            .args(["run", "--release", "--package", self.package, "--example", self.example])
            .current_dir(&root)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cargo cannot be started: {error}"))?;
        if !answer.status.success() {
            return Err(format!("the bench `{}` did not end well", self.name));
        }
        let table = String::from_utf8_lossy(&answer.stdout);
        let text = format!("Medians of cases measured in turns on {}\n{table}", super::machine());
        print!("{text}");
        if write {
            let marks = (format!("<!-- bench:{} -->", self.name), format!("<!-- /bench:{} -->", self.name));
            super::write_documents(&root, (&marks.0, &marks.1), &[("docs/benchmarks.md", &text)])?;
        }
        Ok(())
    }
}
