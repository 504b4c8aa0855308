//! `cargo xtask bench check` and `bench diff`: whole processes of tenon and its peers, in turns, on the same files.

mod asyncapi;
pub mod example;
mod generate;
pub mod measure;
mod options;
mod pairs;
mod parts;
pub mod reuse;
mod series;
pub mod serve;
mod summary;
mod table;
mod tools;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use options::Options;
use summary::Summary;

/// The marks in the documents between which `--write` puts the result.
const MARKS: (&str, &str) = ("<!-- bench:check -->", "<!-- /bench:check -->");

/// The same for `bench diff`.
const MARKS_DIFF: (&str, &str) = ("<!-- bench:diff -->", "<!-- /bench:diff -->");

/// Nothing could be run, or the arguments make no sense.
const STATUS_NOTHING: u8 = 2;

/// Runs the benchmark the arguments ask for: of `tenon check`, or of `tenon diff`.
pub fn run(command: &str, words: &[&str]) -> ExitCode {
    if words.iter().any(|word| ["--help", "-h"].contains(word)) {
        print!("{}", options::HELP);
        return ExitCode::SUCCESS;
    }
    match options::parse(command, words).and_then(|options| bench(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(STATUS_NOTHING)
        }
    }
}

fn bench(options: &Options) -> Result<(), String> {
    let root = repository_root()?;
    let program = match &options.tenon {
        Some(path) => path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?,
        None => build_tenon(&root)?,
    };
    let bench = Bench::new(options, &program)?;
    let mut text = String::new();
    let all: &[parts::Part] = if options.is_diff { &parts::DIFF } else { &parts::ALL };
    for (name, part) in all {
        if options.wants(name) {
            text.push_str(&part(&bench));
        }
    }
    if text.is_empty() {
        return Err("nothing was measured; the lines above say what is missing".to_owned());
    }
    let machine = format!("Medians of whole processes run in turns on {}", machine());
    let summary = format!("{}\n{machine}", bench.summary.borrow().text());
    let text = format!("{machine}\n{text}");
    print!("{text}");
    if options.write {
        let marks = if options.is_diff { MARKS_DIFF } else { MARKS };
        write_documents(&root, marks, &[("README.md", &summary), ("docs/benchmarks.md", &text)])
    } else {
        Ok(())
    }
}

/// What every part of the benchmark needs.
pub struct Bench<'a> {
    /// What was typed.
    pub options: &'a Options,
    /// The program under test.
    pub tenon: tools::Tool,
    /// Its path, for commands that are not `check`.
    pub program: PathBuf,
    /// A directory for generated inputs and outputs.
    pub scratch: PathBuf,
    /// The figures for the README, as the parts come by them.
    pub summary: RefCell<Summary>,
}

impl<'a> Bench<'a> {
    fn new(options: &'a Options, program: &Path) -> Result<Self, String> {
        let scratch = std::env::temp_dir().join(format!("tenon-bench-{}", std::process::id()));
        std::fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
        let (tenon, program) = (tools::tenon(program), program.to_owned());
        Ok(Self { options, tenon, program, scratch, summary: RefCell::default() })
    }
}

impl Drop for Bench<'_> {
    fn drop(&mut self) {
        // A directory that cannot be removed is the system's to clean.
        let _ = std::fs::remove_dir_all(&self.scratch);
    }
}

fn repository_root() -> Result<PathBuf, String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent()
        .map(Path::to_owned)
        .ok_or_else(|| "this program was built outside the repository".to_owned())
}

fn build_tenon(root: &Path) -> Result<PathBuf, String> {
    eprintln!("building tenon in release mode…");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let answer = Command::new(cargo)
        .args(["build", "--release", "--package", "tenon", "--message-format", "json-render-diagnostics"])
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if !answer.status.success() {
        return Err("tenon does not build".to_owned());
    }
    String::from_utf8_lossy(&answer.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| message.get("executable")?.as_str().map(PathBuf::from))
        .next_back()
        .ok_or_else(|| "the build made no program".to_owned())
}

/// The machine and how busy it was, because a figure without them says little.
fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name));
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let load = read("/proc/loadavg");
    format!(
        "{cores} cores of {} (load average when done: {}).\n",
        model.unwrap_or("an unknown processor"),
        load.split_whitespace().next().unwrap_or("unknown"),
    )
}

fn write_documents(root: &Path, marks: (&str, &str), documents: &[(&str, &String)]) -> Result<(), String> {
    for (name, text) in documents {
        let path = root.join(name);
        let describe = |error: std::io::Error| format!("{}: {error}", path.display());
        let old = std::fs::read_to_string(&path).map_err(describe)?;
        let new = table::replace_between(&old, marks.0, marks.1, &format!("\n{text}\n"));
        let new = new.ok_or_else(|| format!("{name} has no marks {} and {}", marks.0, marks.1))?;
        std::fs::write(&path, new).map_err(describe)?;
    }
    Ok(())
}
