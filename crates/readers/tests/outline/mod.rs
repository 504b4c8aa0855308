//! Markdown cases of the readers: files in, an outline of the graph out.
//!
//! Below a heading stand the files, each in a fence that names it (```` ```yaml file=a.yaml ````;
//! the first is `openapi.yaml` or `openapi.json` if it has no name), then one or more fences with
//! what is expected: `operations`, `schemas`, `references`, `examples`, `document`, `findings`.
//! Findings must be expected in full: a case without such a fence has none.
//! With `BLESS=1` in the environment the expectations are written anew.
#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod asyncapi;
mod dump;
mod hostile;

use std::collections::BTreeMap;

use tenon_graph::{Graph, ReferenceProblem, Resolver, link};
use tenon_readers::{Files, Root, load, read_all};
use tenon_source::Finding;

/// Files in memory, by path.
#[derive(Default)]
pub struct Memory(pub BTreeMap<String, String>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        if path.starts_with("../") {
            return Err(ReferenceProblem::OutsideRoot(path.to_owned()));
        }
        let folder = format!("{path}/");
        if self.0.keys().any(|name| name.starts_with(&folder)) {
            return Err(ReferenceProblem::Folder(path.to_owned()));
        }
        match self.0.get(path) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => Err(ReferenceProblem::MissingFile(path.to_owned())),
        }
    }
}

/// Reads files, those with an index in `roots` as if they had been named.
pub fn graph_of(files: &Memory, roots: &[String]) -> (Graph, Vec<Finding>) {
    let roots: Vec<Root> = roots.iter().map(|path| Root { path: path.clone(), named: true }).collect();
    let mut loaded = load(&roots, files);
    let missing = std::mem::take(&mut loaded.missing);
    let parts = read_all(&loaded, &Resolver::new(&loaded.sources, missing));
    let mut findings = loaded.findings;
    let (graph, said) = link(loaded.sources, parts);
    findings.extend(said);
    findings.sort_by_key(|finding| (finding.place, finding.code.id));
    (graph, findings)
}

#[derive(Default)]
struct Case {
    title: String,
    files: Memory,
    roots: Vec<String>,
    graph: Option<(Graph, Vec<Finding>)>,
    findings_seen: bool,
}

impl Case {
    fn add(&mut self, info: &str, text: String) {
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or("");
        let named = words.clone().find_map(|word| word.strip_prefix("file="));
        let path = named.map_or_else(|| format!("openapi.{language}"), str::to_owned);
        if !words.any(|word| word == "part") {
            self.roots.push(path.clone());
        }
        self.files.0.insert(path, text);
    }

    fn shown(&mut self, section: &str) -> String {
        let (files, roots) = (&self.files, &self.roots);
        let (graph, findings) = self.graph.get_or_insert_with(|| graph_of(files, roots));
        self.findings_seen |= section == "findings";
        dump::section(section, graph, findings)
    }

    fn end(mut self, wrong: &mut String) {
        if !self.files.0.is_empty() && !self.findings_seen {
            let findings = self.shown("findings");
            if !findings.is_empty() {
                wrong.push_str(&format!("\n{}: findings not expected:\n{findings}", self.title));
            }
        }
    }
}

/// Runs the cases of a file in `tests/cases`.
pub fn run(name: &str) {
    let path = format!("{}/tests/cases/{name}", env!("CARGO_MANIFEST_DIR"));
    let markdown = std::fs::read_to_string(&path).unwrap();
    let (mut wrong, mut out, mut count) = (String::new(), String::new(), 0);
    let mut case = Case::default();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if let Some(title) = line.strip_prefix("## ") {
            std::mem::take(&mut case).end(&mut wrong);
            title.clone_into(&mut case.title);
        }
        let Some(info) = line.strip_prefix("```") else { continue };
        let text: String =
            lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
        let is_file = matches!(info.split_whitespace().next(), Some("yaml" | "json"));
        let shown = if is_file { text.clone() } else { case.shown(info) };
        out.push_str(&shown);
        out.push_str("```\n");
        if is_file {
            case.add(info, text);
            continue;
        }
        count += 1;
        if shown != text {
            wrong.push_str(&format!("\n{} ({info})\n--- expected\n{text}--- found\n{shown}", case.title));
        }
    }
    case.end(&mut wrong);
    assert!(count > 0, "{name} has no case");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, out).unwrap();
    } else {
        assert!(wrong.is_empty(), "{wrong}");
    }
}
