//! `tenon gate`: the six gates of seed 004, strict or as the seed's own scripts.

mod hygiene;
mod report;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use tenon_checks::gates::{self, GATES, Gate, GateInput};
use tenon_checks::{Context, Settings};
use tenon_emitters::gate_scripts::gate_script;
use tenon_graph::DocumentKind;
use tenon_readers::Root;

use crate::Exit;
use crate::config::{self, Config};
use crate::disk::{self, Disk};
use crate::failure::{Failure, Outcome};
use crate::pipeline::{Analysis, analyse};
use crate::render::Format;
use crate::repository::{self, Reach};
use crate::terminal::Terminal;

/// `tenon gate`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Which gate, or all six in the order the specification lists them.
    #[arg(value_enum, value_name = "NAME")]
    pub name: GateName,
    /// The service contract.
    #[arg(long, value_name = "FILE", default_value = "docs/service-contracts.json")]
    pub contract: PathBuf,
    /// The data model [default: data-relationships.json beside the contract, if it is there].
    #[arg(long, value_name = "FILE")]
    pub data_model: Option<PathBuf>,
    /// The scope manifest [default: scope-manifest.json beside the contract, if it is there].
    #[arg(long, value_name = "FILE")]
    pub scope: Option<PathBuf>,
    /// The environment manifest [default: env-manifest.json beside the contract, if it is there].
    #[arg(long, value_name = "FILE")]
    pub env: Option<PathBuf>,
    /// The folder that the contract's file paths start from [default: the folder above docs/, or
    /// the contract's own folder if that is not called docs].
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Answer as the shell scripts of the specification do, mistakes and exit statuses included.
    #[arg(long)]
    pub compat_seed: bool,
    /// Write the gates as shell scripts (`verify-*.sh`) into a folder, and run none.
    #[arg(long, value_name = "DIR", conflicts_with = "compat_seed")]
    pub write_scripts: Option<PathBuf>,
    /// With `hygiene`: the specification's Markdown text.
    #[arg(long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
    /// With `hygiene`: the folder of the gate scripts.
    #[arg(long, value_name = "DIR")]
    pub scripts: Option<PathBuf>,
    /// How to report: `pretty` prints the gates' own lines.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    pub format: Format,
}

/// Names of the gates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GateName {
    /// All six, in order.
    All,
    /// Every endpoint has its mandatory fields.
    EndpointStatus,
    /// Signatures, route arguments and source files agree.
    RouteServiceAlignment,
    /// Uploads say what they accept and how much.
    #[value(name = "upload-e2e")]
    UploadE2e,
    /// Pages have a largest size that is kept.
    PaginationMax,
    /// Status enums are complete and those of the data model.
    StatusEnums,
    /// The 23 contract discipline rules.
    ContractDiscipline,
    /// The 31 items of the hygiene list; not one of `all`.
    Hygiene,
}

impl GateName {
    fn gates(self) -> &'static [Gate] {
        match self {
            Self::All => &GATES,
            Self::EndpointStatus => &[Gate::EndpointStatus],
            Self::RouteServiceAlignment => &[Gate::RouteServiceAlignment],
            Self::UploadE2e => &[Gate::UploadE2e],
            Self::PaginationMax => &[Gate::PaginationMax],
            Self::StatusEnums => &[Gate::StatusEnums],
            Self::ContractDiscipline => &[Gate::ContractDiscipline],
            Self::Hygiene => &[],
        }
    }
}

/// Runs the gates and reports.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    if arguments.name == GateName::Hygiene {
        return hygiene::run(arguments, terminal);
    }
    if arguments.spec.is_some() || arguments.scripts.is_some() {
        let help = "`tenon gate hygiene` looks at them";
        return Err(Failure::usage("--spec and --scripts belong to the gate `hygiene`", help));
    }
    if let Some(folder) = &arguments.write_scripts {
        return write_scripts(arguments.name.gates(), folder, terminal);
    }
    let root = match &arguments.root {
        Some(root) if root.is_dir() => root.clone(),
        Some(root) => {
            let message = format!("--root {} is no folder", disk::shown(root));
            return Err(Failure::usage(message, "name the folder that routeFile and serviceFile start from"));
        }
        None => default_root(&arguments.contract),
    };
    if arguments.format == Format::Scans {
        return Err(Failure::usage(
            "gates have no scans to print",
            "`tenon check --format scans` prints the table of the 18 scans",
        ));
    }
    if arguments.compat_seed {
        as_the_seed(arguments, &root, terminal)
    } else {
        strict(arguments, &root, terminal)
    }
}

/// Writes the scripts; they are made to be run, so they may be.
fn write_scripts(gates: &[Gate], folder: &Path, terminal: &Terminal) -> Outcome {
    std::fs::create_dir_all(folder).map_err(|error| Failure::file(&disk::shown(folder), "make", &error))?;
    for gate in gates {
        let script = gate_script(gate.name());
        let path = folder.join(&script.name);
        let shown = disk::shown(&path);
        std::fs::write(&path, script.text).map_err(|error| Failure::file(&shown, "write", &error))?;
        make_executable(&path).map_err(|error| Failure::file(&shown, "make executable", &error))?;
        terminal.print(|out| writeln!(out, "wrote {shown}"))?;
    }
    Ok(Exit::Clean)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// The folder above `docs/`, else the contract's own folder.
fn default_root(contract: &Path) -> PathBuf {
    let full = std::path::absolute(contract).unwrap_or_else(|_| contract.to_path_buf());
    let folder = full.parent().unwrap_or(&full);
    match folder.parent() {
        Some(above) if folder.file_name().is_some_and(|name| name == "docs") => above.to_path_buf(),
        _ => folder.to_path_buf(),
    }
}

fn strict(arguments: &Arguments, root: &Path, terminal: &Terminal) -> Outcome {
    let analysis = analyse_contract(arguments)?;
    let graph = &analysis.graph;
    let shown = disk::shown(&arguments.contract);
    let contract = graph.sources.find(&shown).ok_or_else(|| Failure::bug(format!("{shown} was not kept")))?;
    let files = repository::read(root, &gates::named_files(graph, contract), Reach::BelowRoot);
    let settings = settings(&arguments.contract)?;
    let ctx = Context::new(graph, None, &settings);
    let input = GateInput::new(ctx, contract, &files).map_err(|why| {
        Failure::usage(format!("{shown}: {why}"), "write the array `endpoints`, or name another file")
    })?;
    let reports: Vec<_> = arguments.name.gates().iter().map(|gate| gates::run(*gate, &input)).collect();
    terminal.print(|out| report::strict(&reports, arguments, graph, terminal.color, out))?;
    let passed = reports.iter().all(gates::GateReport::passed);
    Ok(if passed { Exit::Clean } else { Exit::Findings })
}

/// The project's own words in its `tenon.toml`. Levels and suppressions of it do not reach the
/// gates: what they ask is the specification's, not the project's.
fn settings(contract: &Path) -> Result<Settings, Failure> {
    let Some(path) = config::find(contract) else { return Ok(Settings::default()) };
    let shown = disk::shown(&path);
    let text = std::fs::read_to_string(&path).map_err(|error| Failure::file(&shown, "read", &error))?;
    match Config::parse(&shown, text) {
        Ok(config) => Ok(config.settings),
        Err(unusable) => {
            let first = unusable.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
            Err(Failure::usage(
                format!("{shown}: {first}"),
                "`tenon check` shows all that is wrong with the file",
            ))
        }
    }
}

/// Reads the contract and its manifests; what cannot be read as what it should be is a failure.
fn analyse_contract(arguments: &Arguments) -> Result<Analysis, Failure> {
    let beside = |name: &str| {
        let path = arguments.contract.parent().unwrap_or(Path::new("")).join(name);
        path.is_file().then_some(path)
    };
    let manifest = |typed: &Option<PathBuf>, name: &str| typed.clone().or_else(|| beside(name));
    let files = [
        (Some(arguments.contract.clone()), DocumentKind::ServiceContracts),
        (manifest(&arguments.scope, "scope-manifest.json"), DocumentKind::ScopeManifest),
        (manifest(&arguments.data_model, "data-relationships.json"), DocumentKind::DataRelationships),
        (manifest(&arguments.env, "env-manifest.json"), DocumentKind::EnvManifest),
    ];
    let files: Vec<(PathBuf, DocumentKind)> =
        files.into_iter().filter_map(|(path, kind)| Some((path?, kind))).collect();
    let paths: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
    let roots: Vec<Root> = paths.iter().map(|path| Root { path: disk::shown(path), named: true }).collect();
    let analysis = analyse(&roots, &Disk::new(&paths));
    if let Some((path, problem)) = analysis.unreadable.first() {
        let help = "name the service contract with --contract, and its manifests with --scope, --data-model and --env";
        return Err(Failure::unreadable(path, problem).with_help(help));
    }
    for (path, kind) in &files {
        let shown = disk::shown(path);
        let sources = &analysis.graph.sources;
        let Some(file) = sources.find(&shown) else { continue };
        if let Some(finding) = gates::unreadable(&analysis.findings, file) {
            let place = sources.get(file).map(|source| source.locate(finding.place.span.start));
            let place = place.map_or_else(String::new, |place| format!(":{}:{}", place.line, place.column));
            return Err(Failure::usage(
                format!("{shown}{place}: {} ({})", finding.message, finding.code.id),
                "mend the file first: a gate says nothing about a file it cannot read whole",
            ));
        }
        let is_kind =
            analysis.graph.documents.iter().any(|document| document.file == file && document.kind == *kind);
        if !is_kind {
            let message = format!("{shown} is read as no {}", kind.as_str());
            return Err(Failure::usage(
                message,
                format!("name the {}, or leave the option out", kind.as_str()),
            ));
        }
    }
    Ok(analysis)
}

fn as_the_seed(arguments: &Arguments, root: &Path, terminal: &Terminal) -> Outcome {
    let contract = if arguments.contract.is_file() {
        let bytes = std::fs::read(&arguments.contract)
            .map_err(|error| Failure::file(&disk::shown(&arguments.contract), "read", &error))?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    } else {
        None
    };
    let needs_files = arguments.name.gates().contains(&Gate::RouteServiceAlignment);
    let names = contract.as_deref().filter(|_| needs_files).map(gates::seed_files).unwrap_or_default();
    let files = repository::read(root, &names, Reach::Anywhere);
    let runs: Vec<_> = arguments
        .name
        .gates()
        .iter()
        .map(|gate| (*gate, gates::run_seed(*gate, contract.as_deref(), &files)))
        .collect();
    report::check_format(arguments.format)?;
    terminal.print(|out| report::as_the_seed(&runs, arguments, out))?;
    let exits: Vec<u8> = runs.iter().filter_map(|(_, run)| Some(run.as_ref()?.exit)).collect();
    Ok(match exits.as_slice() {
        // One script ends as it ends; several end as the shell's `&&` would tell: passed or not.
        [exit] if arguments.name != GateName::All => Exit::Script(*exit),
        exits if exits.iter().all(|exit| *exit == 0) => Exit::Clean,
        _ => Exit::Findings,
    })
}
