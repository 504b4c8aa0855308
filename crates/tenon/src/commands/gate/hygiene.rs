//! `tenon gate hygiene`: the list of 31 items, with what the disk has beside the contract.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use tenon_checks::Context;
use tenon_checks::hygiene::{self, Inputs};

use super::{Arguments, analyse_contract, settings};
use crate::Exit;
use crate::disk;
use crate::failure::{Failure, Outcome};
use crate::render::Format;
use crate::terminal::Terminal;

/// How the record of the scans is named that a delivery writes beside the contract.
const VERIFICATION: &str = "verification.md";

/// Checks every item and prints the list.
pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    if arguments.compat_seed || arguments.write_scripts.is_some() || arguments.format != Format::Pretty {
        let message = "`hygiene` prints its list only: it has no script and no other format";
        return Err(Failure::usage(message, "leave --compat-seed, --write-scripts and --format out"));
    }
    let analysis = analyse_contract(arguments)?;
    let folder = arguments.contract.parent().unwrap_or(Path::new(""));
    let spec = arguments.spec.as_deref().map(read).transpose()?;
    let scripts = arguments.scripts.as_deref().map(scripts_of).transpose()?;
    let verification = arguments.contract.with_extension(VERIFICATION);
    let verification = verification.is_file().then(|| read(&verification)).transpose()?;
    let output_files: Vec<String> = names_in(folder)?;
    let date = today();
    let inputs = Inputs {
        spec: spec.as_deref(),
        scripts: scripts.as_deref(),
        output_files: Some(&output_files),
        verification: verification.as_deref(),
        date: Some(&date),
    };
    let settings = settings(&arguments.contract)?;
    let hygiene = hygiene::run(&Context::new(&analysis.graph, None, &settings), &inputs);
    terminal.print(|out| out.write_all(hygiene.text().as_bytes()))?;
    Ok(if hygiene.ready() { Exit::Clean } else { Exit::Findings })
}

fn read(path: &Path) -> Result<String, Failure> {
    let shown = disk::shown(path);
    std::fs::read_to_string(path).map_err(|error| Failure::file(&shown, "read", &error))
}

/// The names in a folder, sorted.
fn names_in(folder: &Path) -> Result<Vec<String>, Failure> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries =
        std::fs::read_dir(folder).map_err(|error| Failure::file(&disk::shown(folder), "read", &error))?;
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

/// The shell scripts of a folder.
fn scripts_of(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let names = names_in(folder)?.into_iter().filter(|name| name.ends_with(".sh"));
    names.map(|name| Ok((name.clone(), read(&folder.join(name))?))).collect()
}

/// The day by the clock, in UTC, such as `2026-02-04`.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |past| past.as_secs());
    let (year, month, day) = civil(seconds / 86_400);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The date of a day counted from 1970-01-01.
fn civil(days: u64) -> (u64, u64, u64) {
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    let mut left = days;
    while left >= if is_leap(year) { 366 } else { 365 } {
        left -= if is_leap(year) { 366 } else { 365 };
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    (year, month, left + 1)
}

#[cfg(test)]
mod tests {
    use super::civil;

    #[test]
    fn days_are_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(58), (1970, 2, 28));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(20_488), (2026, 2, 4));
        assert_eq!(civil(20_818), (2026, 12, 31));
    }
}
