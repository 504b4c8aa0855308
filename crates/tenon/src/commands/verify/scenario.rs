//! Scenarios: each is read, refused where it refers to nothing, run and told.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use tenon_gateway::{Condition, trust};
use tenon_graph::Graph;
use tenon_source::{FileId, Level, SourceFile, Sources};
use tenon_verify::client::Client;
use tenon_verify::contract::ContractView;
use tenon_verify::milestone::Played;
use tenon_verify::scenario::{self, Against, Report, Scenario};
use tenon_verify::world::Clock;

use super::Format;
use super::against::{self, Keyring, MachineClock, run_id};
use super::own::Own;
use crate::Exit;
use crate::commands::check::pass::calm_strangers;
use crate::disk::{self, Disk};
use crate::failure::{Failure, Outcome};
use crate::pipeline::analyse;
use crate::render;
use crate::terminal::Terminal;

/// One scenario that ran.
struct Ran {
    overall: bool,
    text: String,
    json: Value,
    /// What was kept at the end, where the gateway was its own.
    store: Value,
}

/// Runs one scenario against a gateway of its own, for whoever asks for it; `None` where it cannot
/// be run, which was said.
///
/// # Errors
/// When it cannot be read, or the gateway cannot start.
pub fn play(path: &Path, terminal: &Terminal) -> Result<Option<Played>, Failure> {
    let ran = threads()?.block_on(one(path, &against::Arguments::own(), terminal))?;
    Ok(ran.map(|ran| Played {
        passed: ran.overall,
        said: ran.text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect(),
        output: ran.json,
        store: ran.store,
    }))
}

fn threads() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::system("start the threads of the check", &error))
}

/// Runs every scenario that was named.
pub fn run(files: &[PathBuf], against: &against::Arguments, format: Format, terminal: &Terminal) -> Outcome {
    let runtime = threads()?;
    let mut all = Vec::new();
    for path in files {
        match runtime.block_on(one(path, against, terminal))? {
            Some(ran) => all.push(ran),
            None => return Ok(Exit::Unusable),
        }
    }
    let overall = all.iter().all(|ran| ran.overall);
    terminal.print(|out| match format {
        Format::Pretty => all.iter().try_for_each(|ran| out.write_all(ran.text.as_bytes())),
        Format::Json => {
            let scenarios: Vec<&Value> = all.iter().map(|ran| &ran.json).collect();
            let value = match scenarios.as_slice() {
                [alone] => (*alone).clone(),
                _ => json!({ "version": 1, "overall": overall, "scenarios": scenarios }),
            };
            writeln!(out, "{value:#}")
        }
        Format::Junit => super::junit::scenarios(&all.iter().map(|ran| &ran.json).collect::<Vec<_>>(), out),
    })?;
    Ok(if overall { Exit::Clean } else { Exit::Findings })
}

/// One scenario; `None` where it cannot be run, which was said.
async fn one(path: &Path, asked: &against::Arguments, terminal: &Terminal) -> Result<Option<Ran>, Failure> {
    let Some((scenario, sources)) = read(path, terminal)? else { return Ok(None) };
    let root = sources.node(tenon_source::At::default());
    let contract = scenario::contract_path(root).unwrap_or_default();
    let contract = path.parent().unwrap_or(Path::new("")).join(contract);
    let Some(graph) = graph(&contract, terminal)? else { return Ok(None) };
    let graph = Arc::new(graph);
    let view = ContractView::with_methods(&graph);
    let codes: Vec<&str> = Condition::ALL.iter().map(|condition| condition.name()).collect();
    let own = asked.against.is_none();
    let findings = scenario::lint(&scenario, &sources, FileId(0), &view, &codes, own);
    if !findings.is_empty() {
        terminal.complain(&render::excerpts(&sources, &findings, terminal.color_errors));
        return Ok(None);
    }
    let shown = disk::shown(path);
    let coverage = scenario::coverage::coverage(&scenario, &view);
    let mut store = Value::Null;
    let (outcome, against) = match &asked.against {
        Some(url) => {
            let keyring = Keyring::typed(asked)?;
            let clock = MachineClock::new();
            let run = run_id(&clock);
            (steps(url, &scenario, &view, &keyring, &clock, &run).await?, url.as_str())
        }
        None => {
            let Some(own) = Own::start(Arc::clone(&graph), scenario.clock_ms, terminal).await? else {
                return Ok(None);
            };
            let outcome = steps(&own.url, &scenario, &view, &own.keyring, own.clock.as_ref(), "0").await;
            // What waits to be written is evidence too.
            own.settle().await;
            store = super::dump::dump(&own.gateway).unwrap_or_else(|said| json!({ "unreadable": said }));
            own.end();
            (outcome?, "in-process")
        }
    };
    let report =
        Report { scenario: &scenario, path: &shown, against, outcome: &outcome, coverage: &coverage };
    Ok(Some(Ran { overall: report.overall(), text: report.to_text(), json: report.to_json(), store }))
}

async fn steps(
    url: &str,
    scenario: &Scenario,
    view: &ContractView<'_>,
    tokens: &Keyring,
    clock: &dyn Clock,
    run: &str,
) -> Result<scenario::Outcome, Failure> {
    let tls = trust::client().map_err(|problem| Failure::usage(problem.message, problem.help))?;
    let client = Client::with_tls(url, tls).map_err(|error| {
        Failure::usage(error.to_string(), "write it as in `--against http://127.0.0.1:8080`")
    })?;
    Ok(scenario::run(scenario, Against { client: &client, view, tokens, clock, run }).await)
}

/// The scenario in a file; `None` where it is none, which was said with places.
fn read(path: &Path, terminal: &Terminal) -> Result<Option<(Scenario, Sources)>, Failure> {
    let shown = disk::shown(path);
    let bytes = super::milestones::read(path)?;
    let (file, findings) = SourceFile::parse(FileId(0), &shown, bytes);
    let mut sources = Sources::default();
    sources.push(file);
    if findings.iter().any(|finding| finding.level == Level::Error) {
        terminal.complain(&render::excerpts(&sources, &findings, terminal.color_errors));
        return Ok(None);
    }
    match scenario::parse(&sources, FileId(0)) {
        Ok(scenario) => Ok(Some((scenario, sources))),
        Err(findings) => {
            terminal.complain(&render::excerpts(&sources, &findings, terminal.color_errors));
            Ok(None)
        }
    }
}

/// The contract at a path; `None` where it is broken, which was said.
pub fn graph(path: &Path, terminal: &Terminal) -> Result<Option<Graph>, Failure> {
    let paths: Vec<PathBuf> = vec![path.to_path_buf()];
    let roots = disk::find(&paths, &|_| true)?;
    let mut analysis = analyse(&roots, &Disk::new(&paths));
    calm_strangers(&roots, &mut analysis);
    if analysis.is_vacant() {
        return Err(Failure::nothing_to_check(&disk::shown(path), roots.len()));
    }
    if let Some((path, problem)) = analysis.unreadable.first() {
        return Err(Failure::unreadable(path, problem));
    }
    analysis.findings.retain(|finding| finding.level == Level::Error);
    if !analysis.findings.is_empty() {
        let text = render::excerpts(&analysis.graph.sources, &analysis.findings, terminal.color_errors);
        terminal.complain(&text);
        return Ok(None);
    }
    Ok(Some(analysis.graph))
}
