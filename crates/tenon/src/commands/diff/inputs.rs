//! The two versions, read.

use std::path::{Path, PathBuf};

use rayon::join;
use tenon_graph::Graph;
use tenon_graph::freeze::freeze;
use tenon_source::{FileId, Finding, Sources};

use super::Arguments;
use crate::Exit;
use crate::commands::check::pass::{UNREADABLE, calm_strangers, project_path};
use crate::config::{self, Config, Unusable};
use crate::disk;
use crate::failure::Failure;
use crate::frozen::{self, FILE_NAME, Frozen};
use crate::pipeline::{Analysis, analyse};
use crate::terminal::Terminal;
use crate::versions::{self, Spec, Unrelated, Version};

/// One version, read.
pub struct Side {
    /// Its files, without which messages could not name them.
    pub version: Version,
    /// What they say.
    pub graph: Graph,
}

/// What there is to compare.
pub struct Inputs {
    /// Before the change.
    pub old: Side,
    /// After it.
    pub new: Side,
    /// The configuration.
    pub config: Config,
}

/// What became of the attempt to read both versions.
pub enum Opened {
    /// They can be compared.
    Inputs(Box<Inputs>),
    /// One cannot be read; it was said why.
    Unusable(Exit),
    /// What was frozen is not to be had: only what drifted from the lock can be told.
    Drifted(Box<Inputs>, Vec<Finding>),
    /// The configuration or the lock cannot be used.
    Config(Box<Unusable>),
}

/// Reads both versions.
///
/// # Errors
/// When one does not exist.
pub fn open(arguments: &Arguments, terminal: &Terminal) -> Result<Opened, Failure> {
    let mut old = Spec::parse(&arguments.old)?;
    let mut new = match &arguments.new {
        Some(new) => Spec::parse(new)?,
        None => versions::counterpart(&old)?,
    };
    let start = [&new, &old].into_iter().find_map(|spec| match spec {
        Spec::Path(path) => Some(path.clone()),
        _ => None,
    });
    let start = start.unwrap_or_else(|| PathBuf::from("."));
    let config = match config::load(arguments.config.as_deref(), &start)? {
        Ok(config) => config,
        Err(unusable) => return Ok(Opened::Config(unusable)),
    };
    let unrelated = if arguments.allow_unrelated_histories { Unrelated::Allowed } else { Unrelated::Refused };
    let wanted = |folder: &Path, path: &str| is_wanted(&config, folder, path);
    let mut frozen = match [&old, &new].contains(&&Spec::Lock) {
        true => match frozen::read(&versions::folder_of(&start))? {
            Some(Ok(frozen)) => Some(frozen),
            Some(Err(unusable)) => return Ok(Opened::Config(unusable)),
            None => return Err(no_lock(&start)),
        },
        false => None,
    };
    if let Some(frozen) = &mut frozen {
        let Some(spec) = frozen_version(frozen, &start, &wanted) else {
            let Some((old, new, findings)) = drifted(frozen, &old, &new, &wanted, terminal)? else {
                return Ok(Opened::Unusable(Exit::Unusable));
            };
            return Ok(Opened::Drifted(Box::new(Inputs { old, new, config }), findings));
        };
        for side in [&mut old, &mut new].into_iter().filter(|side| **side == Spec::Lock) {
            side.clone_from(&spec);
        }
    }
    let (old, new) = versions::open_pair(&old, &new, unrelated, &wanted)?;
    let (old_analysis, new_analysis) = join(|| read(&old), || read(&new));
    if old_analysis.is_vacant() && new_analysis.is_vacant() {
        let both = format!("{} and {}", old.name, new.name);
        return Err(Failure::nothing_to_check(&both, old.roots.len() + new.roots.len()));
    }
    let mut usable = true;
    for (version, analysis) in [(&old, &old_analysis), (&new, &new_analysis)] {
        usable &= is_usable(version, analysis, terminal);
        if analysis.is_vacant() {
            terminal.complain(&format!(
                "{}: there is no contract in {}\n",
                terminal.paint_help("note"),
                version.name
            ));
        }
    }
    if !usable {
        return Ok(Opened::Unusable(Exit::Unusable));
    }
    let old = Side { version: old, graph: old_analysis.graph };
    let new = Side { version: new, graph: new_analysis.graph };
    Ok(Opened::Inputs(Box::new(Inputs { old, new, config })))
}

fn no_lock(start: &Path) -> Failure {
    let folder = disk::shown(&versions::folder_of(start));
    Failure::usage(
        format!("there is no {} in {folder}", FILE_NAME),
        "`tenon freeze` writes one; a file that is called `lock` is `./lock`",
    )
}

/// The commit whose contracts are what the lock was written for.
fn frozen_version(frozen: &Frozen, start: &Path, wanted: versions::Wanted<'_>) -> Option<Spec> {
    let spec = versions::frozen_commit(&frozen.folder, FILE_NAME)?;
    let beside = Spec::Path(start.to_path_buf());
    let (version, _) = versions::open_pair(&spec, &beside, Unrelated::Allowed, wanted).ok()?;
    let (then, _) = freeze(&read(&version).graph, frozen::tool(), &str::to_owned);
    let is_frozen = |hash: &str| frozen.lock.blocks.iter().any(|block| block.hash == hash);
    // Of a single file, the lock has more than is looked at.
    let all = !start.is_dir() || then.blocks.len() == frozen.lock.blocks.len();
    (all && then.blocks.iter().all(|block| is_frozen(&block.hash))).then_some(spec)
}

/// What can be told from hashes alone.
fn drifted(
    frozen: &mut Frozen,
    old: &Spec,
    new: &Spec,
    wanted: versions::Wanted<'_>,
    terminal: &Terminal,
) -> Result<Option<(Side, Side, Vec<Finding>)>, Failure> {
    let why = "the contracts as they were frozen are in no commit that can be found";
    let (Spec::Lock, Spec::Path(path)) = (old, new) else {
        return Err(Failure::usage(why, "name the version that was frozen: `tenon diff git:REF`"));
    };
    terminal.complain(&format!(
        "{}: {why}, so that only what drifted can be told; `tenon diff git:REF` tells the changes\n",
        terminal.paint_help("note")
    ));
    let version = versions::open_path(path, wanted)?;
    let analysis = read(&version);
    if !is_usable(&version, &analysis, terminal) {
        return Ok(None);
    }
    let mut graph = analysis.graph;
    let is_whole = path.is_dir();
    let asked = |drift: &tenon_graph::freeze::Drift| is_whole || frozen::is_present(drift);
    // Files are named from the folder of their version until they are shown.
    FILE_NAME.clone_into(&mut frozen.source.path);
    let findings = frozen::compare(&mut graph, frozen, &str::to_owned, &asked).findings;
    let mut nothing = versions::open_path(path, &|_, _| false)?;
    FILE_NAME.clone_into(&mut nothing.name);
    let old = Side { version: nothing, graph: Graph::default() };
    let new = Side { version, graph };
    Ok(Some((old, new, findings)))
}

fn read(version: &Version) -> Analysis {
    let mut analysis = analyse(&version.roots, version.files.as_ref());
    calm_strangers(&version.roots, &mut analysis);
    analysis
}

/// Whether the configuration wants a file; `path` is seen from its version's folder. A version that
/// stands elsewhere is taken to have the layout of the project.
pub fn is_wanted(config: &Config, folder: &Path, path: &str) -> bool {
    let full = folder.join(path);
    let in_project = project_path(config, &disk::display(&full));
    config.wants(if in_project == disk::display(&full) { path } else { &in_project })
}

/// Whether a version could be read whole: of a part, what is missing would look removed.
pub fn is_usable(version: &Version, analysis: &Analysis, terminal: &Terminal) -> bool {
    for (path, problem) in &analysis.unreadable {
        Failure::unreadable(&version.display(path), problem).print(terminal);
    }
    let is_grave = |finding: &&tenon_source::Finding| {
        UNREADABLE.contains(&finding.code.id) && finding.level == tenon_source::Level::Error
    };
    let mut findings: Vec<_> = analysis.findings.iter().filter(is_grave).cloned().collect();
    if findings.is_empty() {
        return analysis.unreadable.is_empty();
    }
    findings.sort_by_key(|finding| finding.place);
    let mut named = Sources::default();
    for (id, file) in analysis.graph.sources.iter() {
        let text = if findings.iter().any(|finding| finding.place.file == id) { file.text() } else { "" };
        let path = version.display(&file.path);
        let pushed = named.push(tenon_source::SourceFile::text_only(&path, text.to_owned()));
        debug_assert_eq!(pushed, FileId(id.0), "ids are counted alike");
    }
    terminal.complain(&crate::render::excerpts(&named, &findings, terminal.color_errors));
    false
}
