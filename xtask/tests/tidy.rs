//! The house rules that a machine can hold: sizes, forbidden words, a page beside each rule.

use std::path::{Path, PathBuf};

/// Longest source file, in lines. Past this a file is two files.
const FILE_LINES_MAX: usize = 800;

/// Files that may be longer, each with the reason. The list only shrinks.
const LONG_FILES: &[(&str, &str)] =
    &[("crates/compare/src/peers/oasdiff_schema.rs", "a flat table: a line for each check of another tool")];

/// Longest function, in lines from its signature to its closing brace.
const FUNCTION_LINES_MAX: usize = 70;

/// Functions that may be longer, as `file:name`. The list only shrinks.
const LONG_FUNCTIONS: &[&str] = &[];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the workspace").to_path_buf()
}

/// Source files below a folder with their path from the root, sorted.
fn files(folder: &Path, extension: &str, out: &mut Vec<(String, String)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            files(&path, extension, out);
        } else if path.extension().is_some_and(|found| found == extension) {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let short = path.strip_prefix(root()).expect("below the root").display().to_string();
            out.push((short, text));
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let mut out = Vec::new();
    files(&root().join("crates"), "rs", &mut out);
    files(&root().join("xtask"), "rs", &mut out);
    assert!(out.len() > 20, "the sources were not found");
    out
}

#[test]
fn files_are_short() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        let excused = LONG_FILES.iter().any(|(file, _)| *file == path);
        assert!(lines <= FILE_LINES_MAX || excused, "{path} has {lines} lines; {FILE_LINES_MAX} is the most");
    }
}

#[test]
fn functions_are_short() {
    let mut long = Vec::new();
    for (path, text) in sources() {
        let lines: Vec<&str> = text.lines().collect();
        for (start, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let signature = line
                .trim_start()
                .trim_start_matches("pub ")
                .trim_start_matches("pub(crate) ")
                .trim_start_matches("pub(super) ");
            let Some(rest) = signature.strip_prefix("fn ").or_else(|| signature.strip_prefix("const fn "))
            else {
                continue;
            };
            // A method of a trait may have no body.
            let ends = |line: &&&str| line.ends_with('{') || line.ends_with(';') || line.ends_with('}');
            if lines[start..].iter().find(ends).is_some_and(|line| !line.ends_with('{')) {
                continue;
            }
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            let closing = format!("{}}}", " ".repeat(indent));
            let end = lines[start..].iter().position(|line| *line == closing).unwrap_or(0);
            let entry = format!("{path}:{name}");
            if end + 1 > FUNCTION_LINES_MAX && !LONG_FUNCTIONS.contains(&entry.as_str()) {
                long.push(format!("{entry} has {} lines", end + 1));
            }
        }
    }
    assert!(long.is_empty(), "{FUNCTION_LINES_MAX} lines is the most:\n{}", long.join("\n"));
}

#[test]
fn every_crate_forbids_unsafe_code() {
    for (path, text) in sources() {
        let is_root = path.ends_with("src/lib.rs") || path.ends_with("src/main.rs");
        assert!(!is_root || text.contains("#![forbid(unsafe_code)]"), "{path} does not forbid unsafe code");
    }
}

#[test]
fn crates_say_what_they_hold() {
    for (path, text) in sources() {
        if path.ends_with("src/lib.rs") && !path.contains("testkit") {
            let doc = text.replace("\n//!", "");
            assert!(doc.contains("must never hold"), "{path}: the crate's doc says what it must never hold");
        }
    }
}

#[test]
fn a_lint_is_expected_and_never_allowed() {
    let allow = concat!("#[", "allow(");
    for (path, text) in sources() {
        assert!(!text.contains(allow), "{path}: write #[expect(lint, reason = …)]");
    }
}

#[test]
fn nothing_is_left_undone() {
    let words = [concat!("FIX", "ME"), concat!("TO", "DO:"), concat!("unimpl", "emented!")];
    for (path, text) in sources() {
        for word in words {
            assert!(!text.contains(word), "{path} has {word}");
        }
    }
}

/// The pure crates know no clock, environment, file, network or randomness.
#[test]
fn pure_crates_stay_pure() {
    let pure = ["source", "graph", "schemas", "readers", "checks", "emitters", "policies"];
    let words = ["std::fs", "std::env", "std::net", "std::process", "SystemTime", "Instant::now", "rand::"];
    for (path, text) in sources() {
        if pure.iter().any(|name| path.starts_with(&format!("crates/{name}/src/"))) {
            for word in words {
                assert!(!text.contains(word), "{path} uses {word}; that belongs to the binary");
            }
        }
    }
}
