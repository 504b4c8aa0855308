//! One walk from files to findings, with levels, suppressions and the baseline applied.

use std::collections::{BTreeMap, BTreeSet};

use tenon_checks::report::{self, Baseline, Scope, Suppressed, Suppression};
use tenon_checks::{Context, Settings};
use tenon_graph::{DocumentKind, Graph};
use tenon_readers::Root;
use tenon_source::{FileId, Finding, Level, Place};

use super::baseline;
use super::plan::Plan;
use crate::Exit;
use crate::catalogue;
use crate::config::Config;
use crate::disk::{self, Disk};
use crate::failure::Failure;
use crate::pipeline::{Analysis, analyse};
use crate::terminal::{Progress, Terminal};

/// Codes that mean a file could not be read to its end, so that a clean report would say nothing.
pub const UNREADABLE: &[&str] =
    &["IN001", "IN003", "IN004", "IN005", "IN006", "IN007", "IN024", "IN040", "IN041", "IN042", "LK003"];

/// Those of them that say what other files lack: rules still judge what is there.
const INCOMPLETE: &[&str] = &["IN024", "IN040", "IN041", "IN042"];

/// Words that show a file is meant to be a contract even if it cannot be read as one.
const CONTRACT_WORDS: &[&str] = &["openapi", "swagger", "$schema", "service-contracts", "event_types"];

/// Bytes at the start of a file that are searched for [`CONTRACT_WORDS`]: formats name themselves
/// at the top.
const CONTRACT_WORDS_BYTES: usize = 4096;

/// What to do about a file that is no contract and cannot be read.
const STRANGER_HELP: &str =
    "it was found in a folder and does not look like a contract; `exclude` in tenon.toml leaves it out";

/// What one walk found.
#[derive(Debug)]
pub struct Checked {
    /// The contracts.
    pub graph: Graph,
    /// Findings to report, sorted by place.
    pub findings: Vec<Finding>,
    /// Findings set aside.
    pub suppressed: Vec<Suppressed>,
    /// What set them aside.
    pub suppressions: Vec<Suppression>,
    /// Findings known from the baseline, if there is one.
    pub known: Option<Vec<Finding>>,
    /// Each file's path from the project's folder, by its id.
    pub paths: Vec<String>,
    /// How many files were read.
    pub files: usize,
    /// How many of them no rule judged, because they could not be read whole.
    pub broken: usize,
    /// How the run ends.
    pub exit: Exit,
}

/// Checks what the plan names.
pub fn check(plan: &Plan, terminal: &Terminal) -> Result<Checked, Failure> {
    check_with(plan, &BTreeMap::new(), terminal)
}

/// Checks what the plan names, with some files' bytes in place of what the disk has.
pub fn check_with(
    plan: &Plan,
    changed: &BTreeMap<String, Vec<u8>>,
    terminal: &Terminal,
) -> Result<Checked, Failure> {
    let progress = Progress::start(terminal, "reading");
    let mut roots = disk::find(&plan.paths, &|path| plan.config.wants(&project_path(&plan.config, path)))?;
    if let Some((name, _)) = &plan.stdin {
        roots.push(Root { path: name.clone(), named: true });
        roots.sort();
    }
    let mut held = changed.clone();
    held.extend(plan.stdin.clone());
    let mut analysis = analyse(&roots, &Disk::new(&plan.paths).holding(held));
    if analysis.is_vacant() {
        return Err(Failure::nothing_to_check(&plan.shown_paths(), roots.len()));
    }
    for (path, problem) in &analysis.unreadable {
        Failure::unreadable(path, problem).print(terminal);
    }
    let previous = plan.against.as_ref().map(|path| previous_graph(path)).transpose()?;
    progress.stage("checking");
    calm_strangers(&roots, &mut analysis);
    let unusable = !analysis.unreadable.is_empty() || names_unreadable(&roots, &analysis);
    let mut findings = std::mem::take(&mut analysis.findings);
    let mut graph = analysis.graph;
    let broken = broken_files(&findings);
    // What a rule says about a file that ends too early is mostly that the rest is missing.
    let said = run_rules(plan, &graph, previous.as_ref());
    findings.extend(said.into_iter().filter(|finding| !broken.contains(&finding.place.file)));
    let files = graph.file_count();
    let (drifted, usable) = crate::frozen::check(&mut graph, &plan.paths, plan.config.folder.as_deref())?;
    findings.extend(drifted);
    let unusable = unusable || !usable;
    let (suppressions, said) = suppressions(&plan.config, &mut graph);
    let paths: Vec<String> =
        graph.sources.iter().map(|(_, file)| project_path(&plan.config, &file.path)).collect();
    let mut applied = report::apply(findings, &suppressions, &graph.sources);
    applied.kept.extend(said);
    if plan.is_whole() {
        let ran = |id: &str| {
            // Suppressions of changes are for `tenon diff`, which looks at two versions.
            let looks = |entry: &&catalogue::Entry| entry.effect.is_none();
            catalogue::find(id).filter(looks).is_some_and(|entry| plan.levels.of(entry) != Level::Off)
        };
        applied.kept.extend(report::unused(&suppressions, &applied.used, &ran));
    }
    let mut findings = applied.kept;
    level(plan, &mut findings);
    narrow(plan, &graph, &mut findings)?;
    findings.sort_by(|a, b| (a.place, a.code.id, &a.message).cmp(&(b.place, b.code.id, &b.message)));
    let (findings, known) = match baseline::read(plan)? {
        None => (findings, None),
        Some(baseline) => split(&baseline, findings, &paths),
    };
    let failed = findings.iter().any(|finding| finding.level >= plan.fail_on);
    let exit = match (unusable, failed) {
        (true, _) => Exit::Unusable,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    };
    let suppressed = applied.suppressed;
    let broken = broken.len();
    Ok(Checked { graph, findings, suppressed, suppressions, known, paths, files, broken, exit })
}

fn split(
    baseline: &Baseline,
    findings: Vec<Finding>,
    paths: &[String],
) -> (Vec<Finding>, Option<Vec<Finding>>) {
    let (new, known) = baseline.split(findings, paths);
    (new, Some(known))
}

fn run_rules(plan: &Plan, graph: &Graph, previous: Option<&Graph>) -> Vec<Finding> {
    let levels_set = plan.levels.ids_set().collect();
    let settings = Settings { levels_set, ..plan.config.settings.clone() };
    let ctx = Context::new(graph, previous, &settings);
    tenon_checks::run(&ctx, &|rule| {
        if !plan.only.is_empty() && !plan.only.contains(&rule.code.id) {
            return Level::Off;
        }
        catalogue::find(rule.code.id).map_or(Level::Off, |entry| plan.levels.of(entry))
    })
}

/// The graph of the contracts before the change.
fn previous_graph(path: &std::path::Path) -> Result<Graph, Failure> {
    let paths = [path.to_path_buf()];
    let roots = disk::find(&paths, &|_| true)?;
    let analysis = analyse(&roots, &Disk::new(&paths));
    if let Some((path, problem)) = analysis.unreadable.first() {
        return Err(Failure::unreadable(path, problem));
    }
    if analysis.is_vacant() {
        return Err(Failure::nothing_to_check(&disk::shown(path), roots.len()));
    }
    Ok(analysis.graph)
}

/// A file that was merely found in a folder and is no contract may be anything, such as JSON with
/// comments: that it cannot be read is worth a note, no more. A file that names a format is meant
/// to be a contract.
pub fn calm_strangers(roots: &[Root], analysis: &mut Analysis) {
    let graph = &analysis.graph;
    let mut strangers: BTreeMap<FileId, bool> = BTreeMap::new();
    let mut noted = BTreeSet::new();
    analysis.findings.retain_mut(|finding| {
        let id = finding.place.file;
        let is_text = tenon_source::codes::ALL.contains(&finding.code);
        if !is_text || !*strangers.entry(id).or_insert_with(|| is_stranger(roots, graph, id)) {
            return true;
        }
        finding.level = Level::Info;
        finding.help = Some(STRANGER_HELP.to_owned());
        noted.insert(id)
    });
}

/// Whether a file was found and not named, and does not look like a contract.
fn is_stranger(roots: &[Root], graph: &Graph, id: FileId) -> bool {
    let Some(file) = graph.sources.get(id) else { return false };
    let found = roots.binary_search_by(|root| root.path.as_str().cmp(&file.path)).ok();
    found.and_then(|index| roots.get(index)).is_some_and(|root| !root.named)
        && graph.document(id).is_none_or(|document| document.kind == DocumentKind::Fragment)
        && !names_a_format(file.text())
}

fn names_a_format(text: &str) -> bool {
    let mut end = text.len().min(CONTRACT_WORDS_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end).unwrap_or_default();
    CONTRACT_WORDS.iter().any(|word| head.contains(word))
}

/// The files that could not be read whole and are no strangers.
pub fn broken_files(findings: &[Finding]) -> BTreeSet<FileId> {
    let is_broken = |finding: &&Finding| {
        finding.level == Level::Error
            && UNREADABLE.contains(&finding.code.id)
            && !INCOMPLETE.contains(&finding.code.id)
    };
    findings.iter().filter(is_broken).map(|finding| finding.place.file).collect()
}

/// Whether a file that was named itself could not be read to its end.
fn names_unreadable(roots: &[Root], analysis: &Analysis) -> bool {
    analysis.findings.iter().filter(|finding| UNREADABLE.contains(&finding.code.id)).any(|finding| {
        let path = analysis.graph.sources.get(finding.place.file).map(|file| file.path.as_str());
        roots.iter().any(|root| root.named && Some(root.path.as_str()) == path)
    })
}

/// The suppressions in comments and in the configuration, and what is wrong with them.
pub fn suppressions(config: &Config, graph: &mut Graph) -> (Vec<Suppression>, Vec<Finding>) {
    let inline = report::inline_suppressions(&graph.sources, &catalogue::id_of, &catalogue::similar);
    let mut suppressions = inline.suppressions;
    let mut said = inline.findings;
    let is_silent = config.suppress.is_empty() && config.findings.is_empty();
    let Some(source) = config.source.as_ref().filter(|_| !is_silent) else {
        return (suppressions, said);
    };
    let file =
        graph.sources.push(tenon_source::SourceFile::text_only(&source.path, source.text().to_owned()));
    for suppress in &config.suppress {
        let matcher = suppress.files.as_ref().map(globset::Glob::compile_matcher);
        let covered = graph
            .sources
            .iter()
            .map(|(_, file)| {
                matcher.as_ref().is_none_or(|glob| glob.is_match(project_path(config, &file.path)))
            })
            .collect();
        suppressions.push(Suppression {
            rule: suppress.rule,
            scope: Scope::Files {
                covered,
                pointer: suppress.pointer.clone(),
                operation: suppress.operation.clone(),
            },
            reason: suppress.reason.clone(),
            place: Place { file, span: suppress.span },
            inline: false,
        });
    }
    for finding in &config.findings {
        let place = Place { file, span: finding.place.span };
        said.push(Finding { place, ..finding.clone() });
    }
    (suppressions, said)
}

/// Sets the levels of findings that no rule said; rules were given theirs when they ran.
fn level(plan: &Plan, findings: &mut Vec<Finding>) {
    findings.retain_mut(|finding| {
        if finding.level == finding.code.level
            && let Some(level) = plan.levels.set(finding.code.id)
            && catalogue::find(finding.code.id).is_some_and(|entry| !entry.is_rule)
        {
            finding.level = level;
        }
        finding.level != Level::Off
    });
}

/// Leaves the findings of the rules and the operation asked for, and those that say a file could
/// not be read.
fn narrow(plan: &Plan, graph: &Graph, findings: &mut Vec<Finding>) -> Result<(), Failure> {
    if !plan.only.is_empty() {
        findings
            .retain(|finding| plan.only.contains(&finding.code.id) || UNREADABLE.contains(&finding.code.id));
    }
    let Some(endpoint) = &plan.endpoint else { return Ok(()) };
    let wanted = normal(endpoint);
    let labels: Vec<String> = graph.operations.iter().map(tenon_graph::Operation::label).collect();
    if !labels.iter().any(|label| normal(label) == wanted) {
        let near = catalogue::nearest(endpoint, labels.iter().map(String::as_str));
        return Err(Failure::unknown_endpoint(endpoint, near));
    }
    findings.retain(|finding| {
        finding.operation.as_deref().is_some_and(|operation| normal(operation) == wanted)
            || UNREADABLE.contains(&finding.code.id)
    });
    Ok(())
}

/// An operation's name with its method in upper case and its parameters in one notation.
fn normal(operation: &str) -> String {
    let Some((method, path)) = operation.trim().split_once(char::is_whitespace) else {
        return operation.trim().to_owned();
    };
    let segment = |segment: &str| match segment.strip_prefix(':') {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    };
    let path: Vec<String> = path.trim().split('/').map(segment).collect();
    format!("{} {}", method.to_ascii_uppercase(), path.join("/"))
}

/// A path from the folder of the configuration, where it lies below that.
pub fn project_path(config: &Config, path: &str) -> String {
    let Some(folder) = &config.folder else { return path.to_owned() };
    let full = std::path::absolute(path).map(|full| disk::display(&full)).unwrap_or_default();
    let folder = disk::display(folder);
    full.strip_prefix(&folder).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path).to_owned()
}
