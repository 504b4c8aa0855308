//! Everything the gateway is made of.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tenon_checks::{Context, Rule, Settings};
use tenon_emitters::descriptors;
use tenon_gateway::authenticate::{AuthenticationSettings, Authenticator, DevelopmentKey};
use tenon_gateway::grpc::Messages;
use tenon_gateway::http::tls::{Tls, TlsSettings};
use tenon_gateway::uploads::{self, Uploads};
use tenon_gateway::{Gateway, Parts, Plan, World};
use tenon_graph::Graph;
use tenon_graph::freeze::{BlockKind, freeze};
use tenon_source::{Finding, Level};
use tenon_storage::engines::Memory;
use tenon_storage::engines::Sqlite;
use tenon_storage::{Engine, Store};
use tokio::sync::watch;

use super::{Arguments, StoreAt};
use crate::Exit;
use crate::config::{self, Config};
use crate::disk::{self, Disk};
use crate::failure::Failure;
use crate::frozen;
use crate::pipeline::analyse;
use crate::render;
use crate::terminal::Terminal;

/// The rule that a schema family stands once.
const DUPLICATE_FAMILY: &str = "RE002";

/// A gateway that is ready to listen.
pub struct Started {
    /// The gateway.
    pub gateway: Gateway,
    /// The key of development tokens, where they are accepted.
    pub key: Option<DevelopmentKey>,
    /// How it speaks TLS.
    pub tls: Option<Tls>,
    /// What its jobs are run with, where it has any.
    pub jobs: Option<tenon_jobs::Settings>,
}

/// Reads the contracts, opens the store. What is wrong with a contract is said with its place.
pub fn start(
    arguments: &Arguments,
    stop: watch::Receiver<bool>,
    terminal: &Terminal,
) -> Result<Result<Started, Exit>, Failure> {
    let first = arguments.paths.first().map_or(Path::new("."), PathBuf::as_path);
    let config = match config::load(arguments.config.as_deref(), first)? {
        Ok(config) => config,
        Err(unusable) => return crate::commands::check::report_unusable(*unusable, terminal).map(Err),
    };
    if !approved(arguments, &config, terminal)? {
        return Ok(Err(Exit::Unusable));
    }
    let Some(plan) = plan(&arguments.paths, arguments.dev, terminal)? else { return Ok(Err(Exit::Unusable)) };
    let plan_graph = Arc::clone(&plan.graph);
    let world = World::system();
    let artifacts = match &arguments.store {
        StoreAt::Sqlite(path) => path.with_extension("runs"),
        StoreAt::Memory => std::env::temp_dir().join(format!("tenon-runs-{}", std::process::id())),
    };
    let jobs = jobs(&plan, &world, artifacts)?;
    let mut settings = config.serve.authentication(&config)?;
    let alone = config.serve.development_tokens || arguments.listen.ip().is_loopback() && nobody(&settings);
    let key = match arguments.dev || alone {
        true => Some(key(&arguments.store, &world)?),
        false => None,
    };
    settings.development = key.clone();
    let authenticator =
        Authenticator::new(settings).map_err(|problem| config.serve.failure(&config, &problem))?;
    let store = Arc::new(open(&arguments.store)?);
    let parts = Parts {
        plan,
        store,
        world,
        authenticator,
        development: arguments.dev || alone,
        openapi: tenon_emitters::openapi::write(&plan_graph),
        collector: arguments.otlp.clone(),
        stop,
    };
    let gateway = Gateway::new(parts).map_err(|error| Failure::start(&error.to_string()))?;
    let uploads = uploads(&arguments.store, &gateway)?;
    let gateway = gateway.with_uploads(uploads).with_cors(config.serve.cors.clone());
    Ok(Ok(Started { gateway, key, tls: tls(arguments, &config)?, jobs }))
}

/// Whether the milestones of the contracts let them run: one that is PRD-only wants its decisions
/// approved first. Where not, it was said.
fn approved(arguments: &Arguments, config: &Config, terminal: &Terminal) -> Result<bool, Failure> {
    let named = config.serve.milestones.iter().map(|path| config.path(path));
    for file in arguments.milestone.iter().cloned().chain(named) {
        let Some(milestone) = crate::commands::verify::milestones::milestone_of(&file, terminal)? else {
            return Ok(false);
        };
        let pending = milestone.pending();
        if !milestone.prd_only || pending.is_empty() {
            continue;
        }
        let titles: Vec<String> = pending
            .iter()
            .map(|decision| format!("{} ({})", decision.title, decision.status.words()))
            .collect();
        let said = format!(
            "{} is PRD-only and {} not approved: {}",
            milestone.id,
            if titles.len() == 1 { "a decision of it is" } else { "decisions of it are" },
            titles.join(", ")
        );
        if !arguments.unapproved {
            let help =
                format!("approve them in {}, or serve all the same with `--unapproved`", disk::shown(&file));
            return Err(Failure::usage(said, help));
        }
        terminal.complain(&format!("{}: {said}; served all the same\n", terminal.paint_error("warning")));
    }
    Ok(true)
}

fn nobody(settings: &AuthenticationSettings) -> bool {
    settings.issuers.is_empty() && settings.api_keys.is_none()
}

/// The plan of the contracts at some paths; `None` where they cannot be served, which was said.
pub fn plan(paths: &[PathBuf], dev: bool, terminal: &Terminal) -> Result<Option<Plan>, Failure> {
    let is_generated = config::generated(paths);
    let roots = disk::find(paths, &|path| !is_generated(path))?;
    let files = Disk::new(paths);
    let mut analysis = analyse(&roots, &files);
    crate::commands::check::pass::calm_strangers(&roots, &mut analysis);
    if analysis.is_vacant() {
        let named = paths.iter().map(|path| disk::shown(path)).collect::<Vec<_>>().join(", ");
        return Err(Failure::nothing_to_check(&named, roots.len()));
    }
    if let Some((path, problem)) = analysis.unreadable.first() {
        return Err(Failure::unreadable(path, problem));
    }
    let mut broken: Vec<Finding> =
        analysis.findings.into_iter().filter(|finding| finding.level == Level::Error).collect();
    broken.extend(misread(&analysis.graph));
    // What is frozen is served as it was frozen; developers are on their way to the next version.
    let (drifted, usable) = frozen::check(&mut analysis.graph, paths, None)?;
    broken.extend(drifted.into_iter().filter(|drift| drift.level == Level::Error && !(dev && usable)));
    broken.extend(duplicated(&analysis.graph));
    if !broken.is_empty() {
        terminal.complain(&render::excerpts(&analysis.graph.sources, &broken, terminal.color_errors));
        return Ok(None);
    }
    let graph = Arc::new(analysis.graph);
    let messages = match messages(&graph) {
        Ok(messages) => messages,
        Err(problem) => return Err(Failure::start(&problem)),
    };
    let plan = match Plan::with_messages(Arc::clone(&graph), messages) {
        Ok(plan) => plan,
        Err(problems) => {
            terminal.complain(&render::excerpts(&graph.sources, &problems, terminal.color_errors));
            return Ok(None);
        }
    };
    if plan.operations.is_empty() {
        let named = paths.iter().map(|path| disk::shown(path)).collect::<Vec<_>>().join(", ");
        return Err(Failure::usage(
            format!("{named}: no operation has a method and a path, or is a method of a service"),
            "give operations `http: GET /path`, or name an OpenAPI document under `sources`",
        ));
    }
    Ok(Some(plan))
}

/// Schema families that stand twice: two authorities for one concept are not served, as they are not
/// let through by `tenon check`.
fn duplicated(graph: &Graph) -> Vec<Finding> {
    let settings = Settings::default();
    let level = |rule: &Rule| if rule.code.id == DUPLICATE_FAMILY { Level::Error } else { Level::Off };
    tenon_checks::run(&Context::new(graph, None, &settings), &level)
}

/// What jobs are run with: skills beside the contract, artifacts in a folder.
pub fn jobs(plan: &Plan, world: &World, artifacts: PathBuf) -> Result<Option<tenon_jobs::Settings>, Failure> {
    let Some((jobs, registry)) = plan.jobs.as_ref().and_then(|jobs| Some((jobs, jobs.registry.as_ref()?)))
    else {
        return Ok(None);
    };
    let contract = plan.graph.sources.get(registry.at.file).map_or("", |source| source.path.as_ref());
    let folder = Path::new(contract).parent().unwrap_or(Path::new("")).to_path_buf();
    let program = std::env::current_exe().map_err(|error| Failure::system("find this program", &error))?;
    let clock = Arc::clone(&world.clock);
    let settings = tenon_jobs::Settings::new(
        folder.join(&registry.text),
        artifacts,
        vec![program.into(), "warden".into()],
        world.uuid(),
        Arc::new(move || clock.now_ms()),
    );
    let named = |path: &str| path.to_owned();
    let (lock, _) = freeze(&plan.graph, frozen::tool(), &named);
    let contracts = lock.blocks.iter().filter(|block| block.kind == BlockKind::Contract);
    let hashes =
        contracts.map(|block| (block.name.clone().unwrap_or_else(|| block.path.clone()), block.hash.clone()));
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
    let mut origin = tenon_jobs::Origin::of_folder(here);
    origin.contract_hashes = hashes.collect();
    origin.tool_versions.insert("tenon".to_owned(), frozen::tool().to_owned());
    Ok(Some(tenon_jobs::Settings {
        judge: Arc::<tenon_gateway::plan::jobs::JobsPlan>::clone(jobs),
        origin,
        ..settings
    }))
}

/// The messages of all services, where there are any.
pub fn messages(graph: &Graph) -> Result<Option<Messages>, String> {
    let pb = &graph.protobuf;
    if pb.services.is_empty() {
        return Ok(None);
    }
    let files: Vec<_> = pb.target_files().map(|(id, _)| id).collect();
    let files = descriptors::with_imports(pb, &files);
    Messages::new(&descriptors::descriptor_set(pb, &files)).map(Some)
}

/// The folder of uploaded files: beside the store, or among what the system soon forgets.
fn uploads(at: &StoreAt, gateway: &Gateway) -> Result<Uploads, Failure> {
    let folder = match at {
        StoreAt::Sqlite(path) => uploads::folder_beside(path),
        StoreAt::Memory => std::env::temp_dir().join(format!("tenon-uploads-{}", std::process::id())),
    };
    let shown = disk::shown(&folder);
    Uploads::open(folder, gateway.store()).map_err(|error| Failure::file(&shown, "open", &error))
}

/// The rule that holds contracts to their schema.
const INVALID_CONTRACT: &str = "OP001";

/// What readers pass over because it is not in the contract's schema: a `scope` that should be
/// `scopes` would be a scope that nobody asks for.
fn misread(graph: &Graph) -> Vec<Finding> {
    let settings = Settings::default();
    let context = Context::new(graph, None, &settings);
    let level = |rule: &Rule| if rule.code.id == INVALID_CONTRACT { rule.code.level } else { Level::Off };
    let found = tenon_checks::run(&context, &level);
    found.into_iter().filter(|finding| finding.code.id == INVALID_CONTRACT).collect()
}

fn open(at: &StoreAt) -> Result<Store, Failure> {
    let failed = |error: tenon_storage::StoreError| {
        Failure::usage(error.to_string(), "name another with `--store sqlite:FILE`")
    };
    let engine: Arc<dyn Engine> = match at {
        StoreAt::Memory => Arc::new(Memory::new()),
        StoreAt::Sqlite(path) => {
            folder(path)?;
            Arc::new(Sqlite::open(path).map_err(failed)?)
        }
    };
    Store::new(engine).map_err(failed)
}

/// The folder of the store, made where there is none.
fn folder(path: &Path) -> Result<(), Failure> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(|error| Failure::file(&disk::shown(folder), "make", &error))
}

fn key(at: &StoreAt, world: &World) -> Result<DevelopmentKey, Failure> {
    let usual = PathBuf::from("tenon.db");
    let beside = match at {
        StoreAt::Sqlite(path) => path,
        StoreAt::Memory => &usual,
    };
    folder(beside)?;
    DevelopmentKey::open(&DevelopmentKey::path(beside), world.entropy.as_ref())
        .map_err(|problem| Failure::usage(problem.to_string(), "or run with issuers in tenon.toml"))
}

/// What was typed counts before `tenon.toml`.
fn tls(arguments: &Arguments, config: &Config) -> Result<Option<Tls>, Failure> {
    let typed = arguments.tls_cert.clone().zip(arguments.tls_key.clone());
    if let Some((certificate, key)) = typed {
        let settings = TlsSettings { certificate, key, client_ca: None };
        return Tls::load(settings).map(Some).map_err(|problem| Failure::tls(&problem.to_string()));
    }
    let Some(settings) = config.serve.tls(config) else { return Ok(None) };
    let loaded = Tls::load(settings);
    loaded.map(Some).map_err(|problem| config.serve.tls_failure(config, &problem.message, &problem.help))
}
