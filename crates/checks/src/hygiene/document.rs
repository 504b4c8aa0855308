//! Items about the specification's text and the files that are delivered.

use super::{Inputs, ItemResult};
use crate::facts::service::ServiceFacts;

/// Files that older versions of the step wrote beside the contract.
const FORBIDDEN: &[&str] = &["04-API-CONTRACT.md", "route-service-contracts.json"];

fn without_spec() -> ItemResult {
    ItemResult::NotChecked("no specification was given (--spec)".to_owned())
}

/// The lines of a section, from its heading to the next of the same or a higher level.
fn section<'t>(spec: &'t str, title: &str) -> Option<Vec<&'t str>> {
    let level = |line: &str| line.bytes().take_while(|byte| *byte == b'#').count();
    let is_title =
        |line: &&str| level(line) > 0 && line.trim_start_matches('#').trim().eq_ignore_ascii_case(title);
    let lines: Vec<&str> = spec.lines().collect();
    let start = lines.iter().position(is_title)?;
    let own = level(lines.get(start)?);
    let rest = lines.get(start + 1..)?;
    let end = rest.iter().position(|line| (1..=own).contains(&level(line))).unwrap_or(rest.len());
    rest.get(..end).map(<[&str]>::to_vec)
}

/// The cells of a table row.
fn cells(line: &str) -> Vec<&str> {
    line.trim().trim_matches('|').split('|').map(str::trim).collect()
}

/// The block with this document and the linked ones, and the history, newest first.
pub(super) fn version_reference(inputs: &Inputs<'_>, _facts: &[ServiceFacts<'_>]) -> ItemResult {
    let Some(spec) = inputs.spec else { return without_spec() };
    let Some(block) = section(spec, "Version Reference") else {
        return ItemResult::Failed("there is no section `Version Reference`".to_owned());
    };
    let this =
        block.iter().find_map(|line| line.split_once("**This Document**:").map(|(_, rest)| rest.trim()));
    let Some(version) = this.and_then(version_of) else {
        return ItemResult::Failed("`This Document` does not name the document and its version".to_owned());
    };
    let linked = block.iter().filter(|line| line.contains(".md") && !line.contains("This Document"));
    if linked.count() == 0 {
        return ItemResult::Failed("`Linked Documents` names no document".to_owned());
    }
    history(spec, version)
}

/// The number of `name.md v74`.
fn version_of(text: &str) -> Option<u32> {
    let word = text.split_whitespace().last()?;
    word.strip_prefix('v')?.parse().ok()
}

fn history(spec: &str, version: u32) -> ItemResult {
    let Some(rows) = section(spec, "VERSION HISTORY") else {
        return ItemResult::Failed("there is no section `VERSION HISTORY`".to_owned());
    };
    let rows: Vec<Vec<&str>> =
        rows.iter().filter(|line| line.trim_start().starts_with('|')).map(|line| cells(line)).collect();
    if rows.first().map(Vec::as_slice) != Some(&["Version", "Date", "Changes"]) {
        return ItemResult::Failed("the history's columns are not Version, Date, Changes".to_owned());
    }
    let numbers: Option<Vec<u32>> = rows.iter().skip(2).map(|row| row.first()?.parse().ok()).collect();
    let Some(numbers) = numbers else {
        return ItemResult::Failed("a version in the history is no number".to_owned());
    };
    if !numbers.is_sorted_by(|newer, older| newer > older) {
        return ItemResult::Failed(
            "the history is not ordered from the newest version to the oldest".to_owned(),
        );
    }
    match numbers.first() {
        Some(newest) if *newest == version => ItemResult::Ok,
        Some(newest) => {
            ItemResult::Failed(format!("this is v{version}, and the history's newest row is {newest}"))
        }
        None => ItemResult::Failed("the history has no row".to_owned()),
    }
}

/// `agent-3 v38` in the body: a version of another document.
pub(super) fn pins(inputs: &Inputs<'_>, _facts: &[ServiceFacts<'_>]) -> ItemResult {
    let Some(spec) = inputs.spec else { return without_spec() };
    let excused: Vec<Vec<&str>> =
        ["Version Reference", "VERSION HISTORY"].iter().filter_map(|title| section(spec, title)).collect();
    // Sections are slices of the same text, so that a line's address tells whether it lies in one.
    let is_excused = |line: &str| {
        excused.iter().flatten().any(|other| std::ptr::eq(other.as_ptr(), line.as_ptr()) && !line.is_empty())
    };
    for (index, line) in spec.lines().enumerate() {
        if is_excused(line) {
            continue;
        }
        if let Some(pin) = pin(line) {
            return ItemResult::Failed(format!("line {} pins a version: `{pin}`", index + 1));
        }
    }
    ItemResult::Ok
}

/// A version number behind the name of an agent or a Markdown document.
fn pin(line: &str) -> Option<String> {
    let words: Vec<&str> =
        line.split(|c: char| c.is_whitespace() || matches!(c, '`' | '(' | ')' | ',' | ';')).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let is_version = |word: &str| {
        let digits = word.trim_end_matches(['.', ':']).strip_prefix('v');
        digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let is_document = |word: &str| word.to_ascii_lowercase().starts_with("agent-") || word.ends_with(".md");
    let two = words
        .windows(2)
        .find(|pair| matches!(pair, [name, version] if is_document(name) && is_version(version)));
    let three = || {
        words.windows(3).find(|three| {
            matches!(three, [agent, number, version]
                if agent.eq_ignore_ascii_case("agent") && number.parse::<u32>().is_ok() && is_version(version))
        })
    };
    two.map(|pair| pair.join(" ")).or_else(|| three().map(|three| three.join(" ")))
}

/// One output by the specification's manifest, and none of the older files beside the contract.
pub(super) fn single_output(inputs: &Inputs<'_>, _facts: &[ServiceFacts<'_>]) -> ItemResult {
    let forbidden = inputs.output_files.into_iter().flatten();
    if let Some(file) = forbidden.into_iter().find(|file| FORBIDDEN.contains(&file.as_str())) {
        return ItemResult::Failed(format!("`{file}` stands beside the contract and is no output any more"));
    }
    let Some(spec) = inputs.spec else { return without_spec() };
    let Some(lines) = section(spec, "FILE OUTPUT MANIFEST") else {
        return ItemResult::Failed("there is no section `FILE OUTPUT MANIFEST`".to_owned());
    };
    let rows: Vec<Vec<&str>> = lines
        .iter()
        .filter(|line| line.trim_start().starts_with('|'))
        .skip(2)
        .map(|line| cells(line))
        .collect();
    match rows.as_slice() {
        [only] if only.iter().any(|cell| cell.trim_matches('`').ends_with("service-contracts.json")) => {
            ItemResult::Ok
        }
        [_] => ItemResult::Failed("the one output is not `service-contracts.json`".to_owned()),
        all => ItemResult::Failed(format!(
            "the output manifest has {} files, and there is one output",
            all.len()
        )),
    }
}

/// The delivered table: 18 rows, none of them FAIL.
pub(super) fn verification(inputs: &Inputs<'_>, _facts: &[ServiceFacts<'_>]) -> ItemResult {
    let Some(text) = inputs.verification else {
        return ItemResult::NotChecked("no verification summary was given".to_owned());
    };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let Some(start) = lines.iter().position(|line| *line == "| Scan | Rule(s) | Result | Count |") else {
        return ItemResult::Failed("the summary has no table of scans".to_owned());
    };
    let rows: Vec<Vec<&str>> = lines
        .iter()
        .skip(start + 2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| cells(line))
        .collect();
    if rows.len() != 18 {
        return ItemResult::Failed(format!("the table has {} rows, and there are 18 scans", rows.len()));
    }
    let failed = rows.iter().find(|row| row.get(2) != Some(&"PASS"));
    match failed {
        Some(row) => {
            ItemResult::Failed(format!("the scan `{}` is not PASS", row.first().copied().unwrap_or_default()))
        }
        None => ItemResult::Ok,
    }
}

/// Every endpoint has its route and its service in the one file.
pub(super) fn merged(inputs: &Inputs<'_>, facts: &[ServiceFacts<'_>]) -> ItemResult {
    let beside = inputs
        .output_files
        .into_iter()
        .flatten()
        .find(|file| file.as_str() == "route-service-contracts.json");
    if let Some(file) = beside {
        return ItemResult::Failed(format!("`{file}` still stands beside the contract"));
    }
    if facts.is_empty() {
        return ItemResult::NotChecked("no service contract was given".to_owned());
    }
    let mut endpoints = facts.iter().flat_map(|one| &one.endpoints);
    let bare = endpoints.find(|endpoint| {
        endpoint.service.route_file.is_none()
            || endpoint.service.contract.is_none()
            || endpoint.service.service_file.is_none()
    });
    match bare {
        Some(endpoint) => ItemResult::Failed(format!("{} lacks its route or service file", endpoint.label())),
        None => ItemResult::Ok,
    }
}
