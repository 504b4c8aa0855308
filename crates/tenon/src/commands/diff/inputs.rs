//! The two versions, read.

use std::path::{Path, PathBuf};

use rayon::join;
use tenon_graph::Graph;
use tenon_source::{FileId, Sources};

use super::Arguments;
use crate::Exit;
use crate::commands::check::pass::{UNREADABLE, calm_strangers, project_path};
use crate::config::{self, Config, Unusable};
use crate::disk;
use crate::failure::Failure;
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
    /// The configuration cannot be used.
    Config(Box<Unusable>),
}

/// Reads both versions.
///
/// # Errors
/// When one does not exist.
pub fn open(arguments: &Arguments, terminal: &Terminal) -> Result<Opened, Failure> {
    let old = Spec::parse(&arguments.old)?;
    let new = match &arguments.new {
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

fn read(version: &Version) -> Analysis {
    let mut analysis = analyse(&version.roots, version.files.as_ref());
    calm_strangers(&version.roots, &mut analysis);
    analysis
}

/// Whether the configuration wants a file; `path` is seen from its version's folder. A version that
/// stands elsewhere is taken to have the layout of the project.
fn is_wanted(config: &Config, folder: &Path, path: &str) -> bool {
    let full = folder.join(path);
    let in_project = project_path(config, &disk::display(&full));
    config.wants(if in_project == disk::display(&full) { path } else { &in_project })
}

/// Whether a version could be read whole: of a part, what is missing would look removed.
fn is_usable(version: &Version, analysis: &Analysis, terminal: &Terminal) -> bool {
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
