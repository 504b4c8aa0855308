//! SARIF 2.1.0 (OASIS), as code scanning reads it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value, json};
use tenon_source::{Code, Finding, Fix, Level, Place};

use super::place::{Locator, Range};
use super::{Listed, Report};
use crate::catalogue;

/// Name of our fingerprint among others a consumer may compute.
const FINGERPRINT: &str = "tenon/v1";

#[derive(Serialize)]
struct Log<R> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<R>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<R> {
    tool: Value,
    column_kind: &'static str,
    results: R,
}

/// One finding with what is known about it beside its own words.
struct Stated<'r> {
    finding: &'r Finding,
    suppression: Option<Value>,
    baseline: Option<&'static str>,
}

/// Writes the report. Suppressed findings and known ones are in it, marked as such.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let stated = state(report);
    let all: Vec<Finding> = stated.iter().map(|stated| stated.finding.clone()).collect();
    let prints = report.fingerprints(&all);
    let mut index: BTreeMap<&str, (usize, &'static Code)> = BTreeMap::new();
    for finding in &all {
        index.entry(finding.code.id).or_insert((0, finding.code));
    }
    for (position, (number, _)) in index.values_mut().enumerate() {
        *number = position;
    }
    let rules: Vec<Value> = index.values().map(|(_, code)| rule(code)).collect();
    let mut writer = Results { report, locator: Locator::new(&report.graph.sources), index: &index };
    let results = stated.iter().zip(&prints).filter_map(|(stated, print)| writer.result(stated, print));
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: json!({ "driver": {
                "name": "tenon",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }}),
            column_kind: "unicodeCodePoints",
            results: Listed::new(results),
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn state<'r>(report: &'r Report<'_>) -> Vec<Stated<'r>> {
    let new = report.known.map(|_| "new");
    let mut stated: Vec<Stated<'r>> =
        report.findings.iter().map(|finding| Stated { finding, suppression: None, baseline: new }).collect();
    for finding in report.known.unwrap_or_default() {
        stated.push(Stated { finding, suppression: None, baseline: Some("unchanged") });
    }
    for suppressed in report.suppressed {
        let suppression = report.suppressions.get(suppressed.by).map(|suppression| {
            json!([{
                "kind": if suppression.inline { "inSource" } else { "external" },
                "status": "accepted",
                "justification": suppression.reason,
            }])
        });
        stated.push(Stated { finding: &suppressed.finding, suppression, baseline: None });
    }
    stated.sort_by(|a, b| (a.finding.place, a.finding.code.id).cmp(&(b.finding.place, b.finding.code.id)));
    stated
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
        Level::Off => "none",
    }
}

fn rule(code: &Code) -> Value {
    let page = catalogue::find(code.id).map_or("", |entry| entry.page());
    json!({
        "id": code.id,
        "name": code.name,
        "shortDescription": { "text": code.summary },
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": level(code.level) },
        "properties": { "tags": code.aliases },
    })
}

struct Results<'r> {
    report: &'r Report<'r>,
    locator: Locator<'r>,
    index: &'r BTreeMap<&'r str, (usize, &'static Code)>,
}

impl Results<'_> {
    fn result(&mut self, stated: &Stated<'_>, print: &str) -> Option<Value> {
        let finding = stated.finding;
        let mut location = self.location(finding.place)?;
        let logical = finding.pointer.as_deref().filter(|pointer| !pointer.is_empty());
        let mut logicals = Vec::new();
        if let Some(pointer) = logical {
            logicals.push(json!({ "fullyQualifiedName": pointer, "kind": "value" }));
        }
        if let Some(operation) = &finding.operation {
            logicals.push(json!({ "fullyQualifiedName": operation, "kind": "function" }));
        }
        if let (false, Value::Object(members)) = (logicals.is_empty(), &mut location) {
            members.insert("logicalLocations".to_owned(), Value::from(logicals));
        }
        let mut message = finding.message.clone();
        for note in &finding.notes {
            message.push_str(". ");
            message.push_str(note);
        }
        if let Some(help) = &finding.help {
            message.push_str(". Help: ");
            message.push_str(help);
        }
        let mut result = Map::new();
        let mut put = |name: &str, value: Value| drop(result.insert(name.to_owned(), value));
        put("ruleId", finding.code.id.into());
        put("ruleIndex", self.index.get(finding.code.id).map_or(0, |(number, _)| *number).into());
        put("level", level(finding.level).into());
        put("message", json!({ "text": message }));
        put("locations", json!([location]));
        let related: Vec<Value> = finding
            .related
            .iter()
            .enumerate()
            .filter_map(|(id, related)| self.related(id, related))
            .collect();
        if !related.is_empty() {
            put("relatedLocations", related.into());
        }
        put("partialFingerprints", json!({ FINGERPRINT: print }));
        if let Some(fix) = finding.fix.as_ref().and_then(|fix| self.fix(finding.place, fix)) {
            put("fixes", json!([fix]));
        }
        if let Some(suppression) = &stated.suppression {
            put("suppressions", suppression.clone());
        }
        if let Some(baseline) = stated.baseline {
            put("baselineState", baseline.into());
        }
        Some(Value::Object(result))
    }

    fn location(&mut self, place: Place) -> Option<Value> {
        let (file, range) = self.locator.locate(place)?;
        Some(json!({ "physicalLocation": {
            "artifactLocation": { "uri": uri(&file.path) },
            "region": region(range),
        }}))
    }

    fn related(&mut self, id: usize, related: &tenon_source::Related) -> Option<Value> {
        let mut location = self.location(related.place)?;
        let members = location.as_object_mut()?;
        members.insert("id".to_owned(), id.into());
        members.insert("message".to_owned(), json!({ "text": related.message }));
        Some(location)
    }

    fn fix(&self, place: Place, fix: &Fix) -> Option<Value> {
        let file = self.report.graph.sources.get(place.file)?;
        let replacements: Vec<Value> = fix
            .edits
            .iter()
            .map(|edit| {
                let range = Range { start: file.locate(edit.span.start), end: file.locate(edit.span.end) };
                json!({ "deletedRegion": region(range), "insertedContent": { "text": edit.replacement } })
            })
            .collect();
        Some(json!({
            "description": { "text": fix.title },
            "artifactChanges": [{
                "artifactLocation": { "uri": uri(&file.path) },
                "replacements": replacements,
            }],
        }))
    }
}

fn region(range: Range) -> Value {
    json!({
        "startLine": range.start.line,
        "startColumn": range.start.column,
        "endLine": range.end.line,
        "endColumn": range.end.column,
    })
}

/// A path as a URI reference: what is not allowed in one is written `%XX`.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'@' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_becomes_a_uri() {
        assert_eq!(uri("api/pets v1.yaml"), "api/pets%20v1.yaml");
        assert_eq!(uri("/srv/ü.json"), "file:///srv/%C3%BC.json");
        assert_eq!(uri("a:b#c?d"), "a%3Ab%23c%3Fd");
    }
}
