//! `tenon job audit`: no source beside the approved clients speaks the wire itself.

use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};
use tenon_checks::clients::{Signs, findings};
use tenon_graph::Graph;
use tenon_source::Finding;

use crate::Exit;
use crate::disk::{self, Disk};
use crate::failure::{Failure, Outcome};
use crate::pipeline::analyse;
use crate::render;
use crate::terminal::Terminal;

/// Largest source that is looked at, in bytes: what is larger was not written by anybody.
const SOURCE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Endings of what is no source: prose, and the wire itself.
const NO_SOURCES: [&str; 6] = ["md", "proto", "txt", "lock", "binpb", "rst"];

/// Holds the sources below some folders to the contract's list of clients.
pub fn run(contract: &Path, sources: &[PathBuf], terminal: &Terminal) -> Outcome {
    let paths = [contract.to_path_buf()];
    let mut analysis = analyse(&disk::find(&paths, &|_| true)?, &Disk::new(&paths));
    let rules = rules(&analysis.graph, contract)?;
    let mut found: Vec<Finding> = Vec::new();
    let mut looked = 0;
    for root in sources {
        for path in files(root)? {
            let shown = disk::shown(&path);
            if below(&path, contract) || rules.iter().any(|rule| rule.allows(root, &path)) {
                continue;
            }
            // What is no text is no source.
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            looked += 1;
            for rule in &rules {
                found.extend(findings(&mut analysis.graph, &shown, &text, &rule.signs, &rule.listed));
            }
        }
    }
    if found.is_empty() {
        let said = format!("nothing in {looked} source files goes around the clients\n");
        terminal.print(|out| out.write_all(said.as_bytes()))?;
        return Ok(Exit::Clean);
    }
    let said = render::excerpts(&analysis.graph.sources, &found, terminal.color_errors);
    terminal.print(|out| out.write_all(said.as_bytes()))?;
    Ok(Exit::Findings)
}

/// What one contract says of its clients.
struct Rule {
    signs: Signs,
    allowed: GlobSet,
    listed: String,
}

impl Rule {
    fn allows(&self, root: &Path, path: &Path) -> bool {
        let inside = path.strip_prefix(root).unwrap_or(path);
        self.allowed.is_match(inside) || self.allowed.is_match(path)
    }
}

fn rules(graph: &Graph, contract: &Path) -> Result<Vec<Rule>, Failure> {
    let mut rules = Vec::new();
    for one in &graph.contracts {
        let Some(service) = one.rpc.as_ref().and_then(|rpc| rpc.service.as_ref()) else { continue };
        let clients = one.serving.clients.as_ref();
        let globs = clients.map(|clients| clients.sources.as_slice()).unwrap_or_default();
        let mut allowed = GlobSetBuilder::new();
        for glob in globs {
            let parsed = Glob::new(&glob.text).map_err(|error| {
                let message = format!("`clients.sources` has `{}`, which is no glob: {error}", glob.text);
                Failure::usage(message, "write a path with `*` and `**`, such as `clients/**`")
            });
            allowed.add(parsed?);
        }
        let allowed =
            allowed.build().map_err(|error| Failure::usage(error.to_string(), "write fewer globs"))?;
        let registry = one.serving.jobs.as_ref().and_then(|jobs| jobs.registry.as_ref());
        let folder = if contract.is_dir() { Some(contract) } else { contract.parent() };
        let registry = registry.zip(folder).map(|(name, folder)| disk::display(&folder.join(&name.text)));
        let listed = globs.iter().map(|glob| glob.text.as_str()).collect::<Vec<_>>().join(", ");
        let signs = Signs::of(&service.text, registry.as_deref());
        rules.push(Rule { signs, allowed, listed });
    }
    if rules.is_empty() {
        let message = format!("{}: no contract names a service under `rpc`", disk::shown(contract));
        return Err(Failure::usage(message, "name one, such as `contracts/dome`"));
    }
    Ok(rules)
}

fn below(path: &Path, folder: &Path) -> bool {
    let full = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    full(path).starts_with(full(folder))
}

/// The files below a folder that version control would keep, sorted.
fn files(root: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in ignore::WalkBuilder::new(root).build() {
        let entry = entry.map_err(|error| Failure::walk(&disk::shown(root), &error))?;
        let is_source =
            entry.path().extension().is_none_or(|ending| !NO_SOURCES.iter().any(|no| ending == *no));
        let is_small = entry.metadata().is_ok_and(|data| data.is_file() && data.len() <= SOURCE_BYTES_MAX);
        if is_source && is_small {
            files.push(entry.into_path());
        }
    }
    files.sort();
    Ok(files)
}
