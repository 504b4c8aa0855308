//! What is to be written where: from the arguments, or from the entries of `tenon.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tenon_emitters::{Emission, GeneratedFile, Input, Refusal, TARGETS, Target, target};
use tenon_graph::Graph;
use tenon_graph::freeze::Numbers;
use tenon_source::{Finding, Level};

use super::{ALL, Arguments};
use crate::Exit;
use crate::commands::check::pass::calm_strangers;
use crate::commands::diff::inputs::is_wanted;
use crate::config::{self, Config};
use crate::disk::{self, Disk};
use crate::failure::Failure;
use crate::frozen::{self, Frozen};
use crate::pipeline::analyse;
use crate::render;
use crate::terminal::Terminal;
use crate::versions::folder_of;

/// What became of the attempt to make a plan.
pub enum Planned {
    /// There is something to write.
    Plan(Box<Plan>),
    /// It was said why not.
    Over(Exit),
}

/// What is to be written.
pub struct Plan {
    /// Folder of `tenon.lock`.
    pub folder: PathBuf,
    /// The lock there.
    pub locked: Option<Frozen>,
    /// What each target gave.
    pub entries: Vec<Entry>,
    /// Whether the lock pins what is written: the entries are those of `tenon.toml`.
    pub is_pinned: bool,
    /// Targets of `all` for which there is nothing, with what they lack.
    pub left_out: Vec<(&'static str, &'static str)>,
}

/// What one target gave.
pub struct Entry {
    /// The target, as typed.
    pub target: String,
    /// Its file or folder; `None` is standard output.
    pub output: Option<PathBuf>,
    /// What was written.
    pub emission: Emission,
    /// Whether the output is one file and not a folder.
    pub is_file: bool,
}

/// A file with the place it goes to.
pub struct Placed<'p> {
    /// The entry it is of.
    pub entry: &'p Entry,
    /// Where it goes.
    pub path: PathBuf,
    /// What it is.
    pub file: &'p GeneratedFile,
}

impl Plan {
    /// Every file with its place; `None` where they go to standard output.
    pub fn on_disk(&self) -> Option<Vec<Placed<'_>>> {
        let mut out = Vec::new();
        for entry in &self.entries {
            let output = entry.output.as_ref()?;
            for file in &entry.emission.files {
                let path = if entry.is_file { output.clone() } else { output.join(&file.path) };
                out.push(Placed { entry, path, file });
            }
        }
        Some(out)
    }

    /// The one file.
    ///
    /// # Errors
    /// When there are several.
    pub fn for_standard_output(&self) -> Result<&str, Failure> {
        let mut files = self.entries.iter().flat_map(|entry| &entry.emission.files);
        match (files.next(), files.next()) {
            (Some(file), None) => Ok(&file.text),
            _ => {
                let name = self.entries.first().map_or("", |entry| entry.target.as_str());
                Err(Failure::usage(
                    format!("`tenon gen {name}` writes several files"),
                    "name a folder for them with `--output FOLDER`",
                ))
            }
        }
    }

    /// Numbers that were given to fields, with those of the lock.
    pub fn numbers(&self) -> Numbers {
        let mut numbers = self.locked.as_ref().map(|frozen| frozen.lock.numbers.clone()).unwrap_or_default();
        for entry in &self.entries {
            for (owner, given) in &entry.emission.numbers.of {
                numbers.of.entry(owner.clone()).or_default().extend(given.clone());
            }
        }
        numbers
    }
}

/// One thing that is asked for.
struct Wish {
    target: String,
    paths: Vec<PathBuf>,
    output: Option<PathBuf>,
}

/// Makes the plan.
///
/// # Errors
/// When something cannot be read, or there is nothing to write.
pub fn make(arguments: &Arguments, terminal: &Terminal) -> Result<Planned, Failure> {
    let here = vec![PathBuf::from(".")];
    let paths = if arguments.paths.is_empty() { here } else { arguments.paths.clone() };
    let start = paths.first().cloned().unwrap_or_default();
    let config = match config::load(arguments.config.as_deref(), &start)? {
        Ok(config) => config,
        Err(unusable) => {
            return crate::commands::check::report_unusable(*unusable, terminal).map(Planned::Over);
        }
    };
    let folder = config.folder.clone().unwrap_or_else(|| folder_of(&start));
    let folder = PathBuf::from(disk::relative_to_current(&folder));
    let locked = match frozen::read(&folder)? {
        Some(Err(unusable)) => {
            return crate::commands::check::report_unusable(*unusable, terminal).map(Planned::Over);
        }
        Some(Ok(frozen)) => Some(frozen),
        None => None,
    };
    let (wishes, is_pinned) = match &arguments.target {
        Some(target) => {
            (vec![Wish { target: target.clone(), paths, output: arguments.output.clone() }], false)
        }
        None => (pinned(&config, &folder)?, true),
    };
    if arguments.check && wishes.iter().any(|wish| wish.output.is_none()) {
        return Err(Failure::usage(
            "`--check` compares with files, and no file is named",
            "name it with `--output`, or name no target: the outputs of `tenon.toml` are checked then",
        ));
    }
    let mut plan = Plan { folder, locked, entries: Vec::new(), is_pinned, left_out: Vec::new() };
    let mut graphs: BTreeMap<Vec<PathBuf>, Graph> = BTreeMap::new();
    for wish in wishes {
        if !graphs.contains_key(&wish.paths) {
            match read(&wish.paths, &config, terminal)? {
                Some(graph) => graphs.insert(wish.paths.clone(), graph),
                None => return Ok(Planned::Over(Exit::Unusable)),
            };
        }
        if let Some(graph) = graphs.get(&wish.paths) {
            grant(&wish, graph, &mut plan)?;
        }
    }
    Ok(Planned::Plan(Box::new(plan)))
}

/// The entries of the configuration.
fn pinned(config: &Config, folder: &Path) -> Result<Vec<Wish>, Failure> {
    if config.generate.is_empty() {
        let help = "write into `tenon.toml`, for example:\n\n  [[gen]]\n  target = \"openapi\"\n  output = \
                    \"gen/openapi.json\"\n\nor name a target: `tenon gen openapi`";
        let message = match &config.source {
            Some(source) => format!("{} names no outputs", source.path),
            None => "there is no `tenon.toml` here that names outputs".to_owned(),
        };
        return Err(Failure::usage(message, help));
    }
    let beside = |path: &String| if path == "." { folder.to_path_buf() } else { folder.join(path) };
    let wish = |entry: &config::Generate| Wish {
        target: entry.target.clone(),
        paths: match entry.paths.is_empty() {
            true => vec![folder.to_path_buf()],
            false => entry.paths.iter().map(beside).collect(),
        },
        output: Some(folder.join(&entry.output)),
    };
    Ok(config.generate.iter().map(wish).collect())
}

/// The contracts at some paths; `None` where they cannot be used, which was said.
fn read(paths: &[PathBuf], config: &Config, terminal: &Terminal) -> Result<Option<Graph>, Failure> {
    let wanted = |path: &str| is_wanted(config, Path::new(""), path);
    let roots = disk::find(paths, &wanted)?;
    let mut analysis = analyse(&roots, &Disk::new(paths));
    calm_strangers(&roots, &mut analysis);
    if analysis.is_vacant() {
        let named: Vec<String> = paths.iter().map(|path| disk::shown(path)).collect();
        return Err(Failure::nothing_to_check(&named.join(", "), roots.len()));
    }
    if let Some((path, problem)) = analysis.unreadable.first() {
        return Err(Failure::unreadable(path, problem));
    }
    let broken: Vec<Finding> =
        analysis.findings.into_iter().filter(|finding| finding.level == Level::Error).collect();
    if !broken.is_empty() {
        terminal.complain(&render::excerpts(&analysis.graph.sources, &broken, terminal.color_errors));
        terminal.complain("nothing was written: what cannot be read cannot be written anew\n");
        return Ok(None);
    }
    complete(&analysis.graph)?;
    Ok(Some(analysis.graph))
}

/// Refuses contracts that name a schema that is not there: what is written would lack it in silence.
fn complete(graph: &Graph) -> Result<(), Failure> {
    let of_operations = graph.operations.iter().flat_map(|one| [&one.request_schema, &one.response_schema]);
    let of_events = graph.events.iter().map(|one| &one.payload_schema);
    let named = of_operations.chain(of_events).filter_map(|schema| schema.as_ref()?.as_ref().err());
    let Some(name) = named.into_iter().next() else { return Ok(()) };
    let Some(file) = graph.sources.get(name.at.file) else {
        return Err(Failure::bug(format!("the schema `{}` has no place", name.text)));
    };
    let place = file.locate(graph.node(name.at).span().start);
    let message = format!("the schema `{}` is not there; nothing was written", name.text);
    Err(Failure::at(&file.path, place, &message)
        .with_help("write the schema, or mend its name; `tenon check` tells of all that is missing"))
}

/// Writes what is wished for, in memory.
fn grant(wish: &Wish, graph: &Graph, plan: &mut Plan) -> Result<(), Failure> {
    let numbers = plan.numbers();
    let input = Input { graph, numbers: &numbers };
    if wish.target == ALL {
        return grant_all(wish, &input, plan);
    }
    let Some(target) = target(&wish.target) else {
        return Err(Failure::bug(format!("`{}` is no target", wish.target)));
    };
    let emission = (target.write)(&input).map_err(|refusal| refused(target, &refusal, &wish.paths))?;
    let (output, is_file) = place(target, wish.output.as_deref());
    plan.entries.push(Entry { target: target.name.to_owned(), output, emission, is_file });
    Ok(())
}

/// The file or folder of a target.
fn place(target: &Target, output: Option<&Path>) -> (Option<PathBuf>, bool) {
    let Some(output) = output else { return (None, target.file.is_some()) };
    let is_folder = output.is_dir() || output.as_os_str().to_string_lossy().ends_with('/');
    match target.file {
        Some(name) if is_folder => (Some(output.join(name)), true),
        Some(_) => (Some(output.to_path_buf()), true),
        None => (Some(output.to_path_buf()), false),
    }
}

/// Every target: single files beside each other, the others each in a folder of its name.
fn grant_all(wish: &Wish, input: &Input<'_>, plan: &mut Plan) -> Result<(), Failure> {
    let mut emission = Emission::default();
    for target in TARGETS {
        match (target.write)(input) {
            Ok(one) => {
                let place = |file: GeneratedFile| match target.file {
                    Some(_) => file,
                    None => GeneratedFile { path: format!("{}/{}", target.name, file.path), ..file },
                };
                emission.files.extend(one.files.into_iter().map(place));
                emission.notes.extend(one.notes.into_iter().map(|note| format!("{}: {note}", target.name)));
                for (owner, numbers) in one.numbers.of {
                    emission.numbers.of.entry(owner).or_default().extend(numbers);
                }
            }
            Err(Refusal::Nothing { lacks }) => plan.left_out.push((target.name, lacks)),
            Err(refusal) => return Err(refused(target, &refusal, &wish.paths)),
        }
    }
    if emission.files.is_empty() {
        return Err(Failure::usage(
            format!("{} has nothing that any target could hold", named(&wish.paths)),
            "`tenon check` tells what is read there",
        ));
    }
    let entry = Entry { target: ALL.to_owned(), output: wish.output.clone(), emission, is_file: false };
    plan.entries.push(entry);
    Ok(())
}

fn refused(target: &Target, refusal: &Refusal, paths: &[PathBuf]) -> Failure {
    match refusal {
        Refusal::Nothing { lacks } => Failure::usage(
            format!("nothing to write as `{}`: {} has no {lacks}", target.name, named(paths)),
            "`tenon gen all --output FOLDER` writes every target there is something for",
        ),
        Refusal::Impossible { what, help } => {
            Failure::usage(format!("cannot write `{}`: {what}", target.name), help.clone())
        }
        _ => Failure::bug(format!("`{}` refused without a reason", target.name)),
    }
}

fn named(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| disk::shown(path)).collect::<Vec<_>>().join(", ")
}
