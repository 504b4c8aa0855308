//! Our breaking changes against those of `buf breaking`, on the examples of our own pages.
//!
//! `TENON_BUF` names the program; without it nothing is compared, and that is said.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use tenon_compare::{AREAS, Class, page_of};
use tenon_testkit::{Case, MemoryFiles, changes_of, parse_cases};

/// Rule, file and line of a finding; see [`key`].
type Found = BTreeSet<(String, String, u64)>;

/// Every category at once: each of their rules is looked for.
const ALL: &str = "version: v2\nbreaking:\n  use: [FILE, PACKAGE, WIRE_JSON, WIRE]\n";

/// Rules that buf tells at the option, or at each element that a file's option changes, and that
/// are told here at the element's name, or once at the file.
const TOLD_ELSEWHERE: [&str; 7] = [
    "ENUM_SAME_JSON_FORMAT",
    "ENUM_SAME_TYPE",
    "FIELD_SAME_JAVA_UTF8_VALIDATION",
    "FIELD_SAME_UTF8_VALIDATION",
    "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR",
    "MESSAGE_SAME_JSON_FORMAT",
    "RPC_SAME_IDEMPOTENCY_LEVEL",
];

/// Told here of the last enum or extension of a package, too. `buf` 1.75 looks only into packages
/// that still have one.
const LAST_OF_PACKAGE: [&str; 2] = ["PACKAGE_ENUM_NO_DELETE", "PACKAGE_EXTENSION_NO_DELETE"];

/// What two tools can be expected to agree in: of what is gone, the place differs by taste, and
/// what holds for all files of a package is told once here.
fn key(rule: &str, path: &str, line: u64) -> (String, String, u64) {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_moved = ["ENUM_NO_DELETE", "EXTENSION_NO_DELETE", "MESSAGE_NO_DELETE", "SERVICE_NO_DELETE"];
    let place = match rule {
        "FILE_SAME_PACKAGE" | "FILE_SAME_SYNTAX" => (path, line),
        _ if path.is_empty() || rule.starts_with("PACKAGE_") || rule == "FILE_NO_DELETE" => ("", 0),
        _ if rule.starts_with("FILE_SAME_") || is_moved.contains(&rule) => (folder, 0),
        _ if rule.contains("NO_DELETE") || TOLD_ELSEWHERE.contains(&rule) => (path, 0),
        _ => (path, line),
    };
    (rule.to_owned(), place.0.to_owned(), place.1)
}

fn write(folder: &Path, files: &MemoryFiles) {
    for (path, text) in &files.0 {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// What `buf` finds; `Err` with what it says where it cannot build the files or read its settings.
fn theirs(buf: &Path, folder: &Path) -> Result<Found, String> {
    let output = Command::new(buf)
        .args(["breaking", "--against", "../old", "--error-format", "json"])
        .current_dir(folder.join("new"))
        .output()
        .unwrap();
    if !matches!(output.status.code(), Some(0 | 100)) {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let mut found = Found::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let rule = value["type"].as_str().unwrap();
        if rule == "COMPILE" {
            return Err(line.to_owned());
        }
        let path = value["path"].as_str().unwrap_or_default();
        // Where something is gone with its file, buf names the file that was.
        let path = path.strip_prefix("../old/").map_or(path, |_| "");
        found.insert(key(rule, path, value["start_line"].as_u64().unwrap_or(1)));
    }
    Ok(found)
}

fn ours(case: &Case) -> Found {
    let (_, new, changes) = changes_of(&case.previous, &case.files);
    let mut found = Found::new();
    for change in changes.iter().filter(|change| change.class == Class::Breaking) {
        let place = change.new.as_ref().and_then(|spot| Some((new.sources.get(spot.place.file)?, spot)));
        let (path, line) = place.map_or(("", 0), |(file, spot)| {
            (file.path.as_str(), u64::from(file.locate(spot.place.span.start).line))
        });
        for name in change.aliases.iter().filter_map(|alias| alias.strip_prefix("buf:")) {
            found.insert(key(name, path, line));
        }
    }
    found
}

#[test]
fn peer_buf_breaking_finds_the_same_on_our_pages() {
    let Some(buf) = std::env::var_os("TENON_BUF").map(PathBuf::from) else {
        println!("did not run: TENON_BUF does not name the program `buf`");
        return;
    };
    let folder = std::env::temp_dir().join(format!("tenon-buf-breaking-{}", std::process::id()));
    let (mut compared, mut findings) = (0, 0);
    let mut differ = Vec::new();
    let rules = AREAS.iter().flat_map(|area| area.rules).filter(|rule| rule.code.id.starts_with("DP"));
    for rule in rules {
        for (index, mut case) in parse_cases(page_of(rule.code.id)).into_iter().enumerate() {
            for files in [&mut case.files, &mut case.previous] {
                files.0.entry("buf.yaml".to_owned()).or_insert_with(|| ALL.as_bytes().to_vec());
            }
            let own = folder.join(format!("{}-{index}", rule.code.id));
            write(&own.join("old"), &case.previous);
            write(&own.join("new"), &case.files);
            let title = format!("{} {index} {}", rule.code.id, case.title);
            match theirs(&buf, &own) {
                Ok(theirs) => {
                    compared += 1;
                    findings += theirs.len();
                    let mut ours = ours(&case);
                    ours.retain(|found| {
                        theirs.contains(found) || !LAST_OF_PACKAGE.contains(&found.0.as_str())
                    });
                    if ours != theirs {
                        let only = |a: &Found, b: &Found| a.difference(b).cloned().collect::<Vec<_>>();
                        let (mine, other) = (only(&ours, &theirs), only(&theirs, &ours));
                        differ.push(format!("{title}\n  only here: {mine:?}\n  only buf: {other:?}"));
                    }
                }
                Err(said) => differ.push(format!("{title}\n  buf: {said}")),
            }
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    println!("{compared} examples compared, {findings} findings of buf");
    assert!(compared > 0, "no example was compared");
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), differ.join("\n"));
}
