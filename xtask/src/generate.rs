//! `cargo xtask generate`: the pages of `docs/` that are made from the program.
//!
//! The program writes them itself (`tenon reference`), so this only starts it; a test of the
//! `tenon` package fails when a page differs.

use std::path::Path;
use std::process::{Command, ExitCode};

/// Writes the pages, or with `--check` says which differ.
pub fn run(rest: &[&str]) -> ExitCode {
    if !matches!(rest, [] | ["--check"]) {
        eprintln!("usage: cargo xtask generate [--check]");
        return ExitCode::from(2);
    }
    let Some(root) = Path::new(env!("CARGO_MANIFEST_DIR")).parent() else {
        eprintln!("error: the folder of the workspace was not found");
        return ExitCode::from(2);
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(root)
        .args(["run", "--quiet", "--package", "tenon", "--", "reference", "docs"])
        .args(rest)
        .status();
    match status {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(2)),
        Err(error) => {
            eprintln!("error: cannot run cargo: {error}");
            ExitCode::from(2)
        }
    }
}
