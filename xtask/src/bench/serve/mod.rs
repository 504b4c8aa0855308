//! `cargo xtask bench serve`: `tenon serve` under load from another process, beside servers that
//! check nothing and servers that check something, in turns in the same run.

mod cases;
mod peers;
mod process;
mod subject;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use process::Server;

/// The marks in the documents between which `--write` puts the result.
const MARKS: (&str, &str) = ("<!-- bench:serve -->", "<!-- /bench:serve -->");

const USAGE: &str = "\
usage: cargo xtask bench serve [options]

Builds tenon and a load generator, serves xtask/fixtures/serve on this machine and loads it from a
second process, beside bare servers of the same library and the peers that are installed. Prints
Markdown. Takes about five minutes.

options:
  --peers DIR     where Prism and Envoy are (default: the variable TENON_PEERS)
  --runs N        measurements of each case, in turns; medians are printed (default 3)
  --seconds N     how long one measurement takes (default 3)
  --only PARTS    some of: proxy,reads,writes,events,steady (default all)
  --quick         build without link-time optimisation, in a fraction of the time
  --programs DIR  measure the programs `tenon`, `load` and `bench` of this folder instead of building them
  --write         put the result into README.md and docs/benchmarks.md
";

/// What was typed.
pub struct Options {
    peers: Option<PathBuf>,
    runs: usize,
    seconds: u64,
    parts: Vec<String>,
    quick: bool,
    programs: Option<PathBuf>,
    write: bool,
}

/// The programs that run.
pub struct Programs {
    /// `tenon`.
    pub tenon: PathBuf,
    /// The load generator, and the bare servers.
    pub load: PathBuf,
    /// The bench of the store, for SQLite used by hand.
    pub store: PathBuf,
}

/// What the parts need.
pub struct Setting {
    /// What was typed.
    pub options: Options,
    /// What runs.
    pub programs: Programs,
    /// The contract and its schemas.
    pub fixtures: PathBuf,
    /// For everything that is written.
    pub scratch: PathBuf,
}

impl Setting {
    /// Starts a program of the load generator that serves.
    pub fn bare(&self, words: &[&str]) -> Result<Server, String> {
        let mut command = process::on_server_core(&self.programs.load);
        command.args(words);
        Server::start(command)
    }
}

impl Drop for Setting {
    fn drop(&mut self) {
        // A directory that cannot be removed is the system's to clean.
        let _ = std::fs::remove_dir_all(&self.scratch);
    }
}

/// Runs what the arguments ask for.
pub fn run(words: &[&str]) -> ExitCode {
    if words.iter().any(|word| ["--help", "-h"].contains(word)) {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match parse(words).and_then(bench) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(super::STATUS_NOTHING)
        }
    }
}

fn parse(words: &[&str]) -> Result<Options, String> {
    let mut options = Options {
        peers: std::env::var_os("TENON_PEERS").map(PathBuf::from),
        runs: 3,
        seconds: 3,
        parts: cases::ALL.iter().map(|(name, _)| (*name).to_owned()).collect(),
        quick: false,
        programs: None,
        write: false,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        let number = |text: &str| text.parse().map_err(|_| format!("{word}: `{text}` is no number"));
        match *word {
            "--peers" => options.peers = Some(PathBuf::from(value()?)),
            "--runs" => options.runs = number(value()?)?,
            "--seconds" => options.seconds = number(value()?)? as u64,
            "--only" => options.parts = value()?.split(',').map(str::to_owned).collect(),
            "--programs" => options.programs = Some(PathBuf::from(value()?)),
            "--quick" => options.quick = true,
            "--write" => options.write = true,
            _ => return Err(format!("{word} is not known; see --help")),
        }
    }
    match options.parts.iter().find(|part| cases::ALL.iter().all(|(name, _)| name != part)) {
        Some(part) => Err(format!("--only: there is no part `{part}`; see --help")),
        None => Ok(options),
    }
}

fn bench(options: Options) -> Result<(), String> {
    let root = super::repository_root()?;
    let programs = match &options.programs {
        Some(folder) => {
            Programs { tenon: folder.join("tenon"), load: folder.join("load"), store: folder.join("bench") }
        }
        None => build(&root, options.quick)?,
    };
    let scratch = std::env::temp_dir().join(format!("tenon-bench-serve-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let fixtures = root.join("xtask/fixtures/serve");
    let setting = Setting { options, programs, fixtures, scratch };
    let (mut text, mut summary) = (String::new(), String::new());
    for (name, part) in cases::ALL {
        if setting.options.parts.iter().any(|wanted| wanted == name) {
            let (table, rows) = part(&setting)?;
            print!("{table}");
            text.push_str(&table);
            summary.push_str(&rows);
        }
    }
    let profile = if setting.options.quick { ", built without link-time optimisation" } else { "" };
    let machine = format!(
        "Medians of {} measurements of {} seconds, in turns, on {}",
        setting.options.runs,
        setting.options.seconds,
        super::machine().replace(").\n", &format!("){profile}.\n")),
    );
    print!("{machine}");
    if setting.options.write {
        let summary = format!("| | tenon | beside it |\n| --- | ---: | --- |\n{summary}\n{machine}");
        let text = format!("{machine}{text}");
        super::write_documents(&root, MARKS, &[("README.md", &summary), ("docs/benchmarks.md", &text)])?;
    }
    Ok(())
}

fn build(root: &Path, quick: bool) -> Result<Programs, String> {
    let profile = if quick { "bench-quick" } else { "release" };
    let one = |package: &str, target: &[&str]| {
        eprintln!("building {package} {}…", target.join(" "));
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let answer = Command::new(cargo)
            .args(["build", "--profile", profile, "--package", package])
            .args(target)
            .args(["--message-format", "json-render-diagnostics"])
            .current_dir(root)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cargo cannot be started: {error}"))?;
        if !answer.status.success() {
            return Err(format!("{package} does not build"));
        }
        String::from_utf8_lossy(&answer.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter_map(|message| message.get("executable")?.as_str().map(PathBuf::from))
            .next_back()
            .ok_or_else(|| format!("the build of {package} made no program"))
    };
    Ok(Programs {
        tenon: one("tenon", &[])?,
        load: one("tenon-gateway", &["--example", "load"])?,
        store: one("tenon-storage", &["--example", "bench"])?,
    })
}
