//! The parts of the benchmark, each a function from the bench to Markdown. A part that lacks
//! what it needs says so on standard error and gives an empty text.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Bench;
use super::generate::{Form, document};
use super::measure::{Job, Sample};
use super::series::{self, Outcome};
use super::table::{Table, as_f64, megabytes, time, times};
use super::tools::{self, Tool};

/// A part: what it is called and what runs it.
pub type Part = (&'static str, fn(&Bench<'_>) -> String);

/// Every part, in the order of the report.
pub const ALL: [Part; 5] =
    [("start", start), ("peers", peers), ("asyncapi", asyncapi), ("growth", growth), ("gates", gates)];

/// Every part of `bench diff`, in the order of the report.
pub const DIFF: [Part; 2] = [("openapi", super::pairs::openapi), ("protobuf", super::pairs::protobuf)];

/// Sizes of the generated documents, in bytes.
const SIZES: [usize; 3] = [1_000_000, 10_000_000, 100_000_000];

/// The small file that start-up time is measured on.
const INPUT_SMALL: &str = "petstore.yaml";

/// The large files of other people, the first two with a target.
const INPUTS_LARGE: [&str; 4] = ["github.json", "stripe.yaml", "kubernetes.json", "graph.json"];

fn start(bench: &Bench<'_>) -> String {
    compare_all(bench, "Start-up, on a small file", &[INPUT_SMALL])
}

fn peers(bench: &Bench<'_>) -> String {
    compare_all(bench, "Large documents", &INPUTS_LARGE)
}

/// Size of the generated AsyncAPI document, in bytes: larger ones take Spectral minutes.
const ASYNCAPI_BYTES: usize = 1_000_000;

fn asyncapi(bench: &Bench<'_>) -> String {
    let Some(directory) = &bench.options.peers else {
        eprintln!("AsyncAPI: not run, because neither --peers nor TENON_PEERS says where the peers are");
        return String::new();
    };
    let spectral = match tools::spectral_asyncapi(directory) {
        Ok(tool) => tool,
        Err(sentence) => {
            eprintln!("AsyncAPI: not run: {sentence}");
            return String::new();
        }
    };
    let file = bench.scratch.join("asyncapi.json");
    let text = super::asyncapi::document(ASYNCAPI_BYTES);
    if let Err(error) = std::fs::write(&file, &text) {
        eprintln!("AsyncAPI: not run: {}: {error}", file.display());
        return String::new();
    }
    let table = compare(bench, &[spectral], &file);
    format!(
        "### AsyncAPI\n\n**generated AsyncAPI 3.0**, {}\n\n{table}\n",
        size(u64::try_from(text.len()).unwrap_or(u64::MAX))
    )
}

fn compare_all(bench: &Bench<'_>, title: &str, names: &[&str]) -> String {
    let Some(directory) = &bench.options.peers else {
        eprintln!("{title}: not run, because neither --peers nor TENON_PEERS says where the peers are");
        return String::new();
    };
    let (tools, missing) = tools::peers(directory);
    for sentence in missing {
        eprintln!("{sentence}");
    }
    let mut text = String::new();
    for name in names.iter().filter(|name| bench.options.wants_input(name)) {
        let file = directory.join("inputs").join(name);
        match file.metadata() {
            Ok(metadata) => {
                let _ = writeln!(text, "**{name}**, {}\n", size(metadata.len()));
                text.push_str(&compare(bench, &tools, &file));
                text.push('\n');
            }
            Err(_) => eprintln!("{name} is not measured: {} does not exist", file.display()),
        }
    }
    if text.is_empty() { text } else { format!("### {title}\n\n{text}") }
}

fn size(bytes: u64) -> String {
    if bytes < 100_000 { format!("{bytes} bytes") } else { megabytes(bytes) }
}

/// One table: tenon against every tool on `file`. Each ratio is of medians within one series.
fn compare(bench: &Bench<'_>, tools: &[Tool], file: &Path) -> String {
    let header =
        ["", "Wall", "CPU", "Peak memory", "Findings", "Runs", "Wall, times tenon", "Memory, times tenon"];
    let mut table = Table::new(&header);
    let mut rows = Vec::new();
    let mut best: Option<Outcome> = None;
    let ours = bench.tenon.job(file, &bench.scratch);
    for tool in tools {
        eprintln!("{} and tenon on {}…", tool.title, file.display());
        let theirs = tool.job(file, &bench.scratch);
        match series::in_turns(&ours, &theirs, bench.options.runs_max, bench.options.budget, &bench.scratch) {
            Ok((own, other)) => {
                bench.summary.borrow_mut().theirs(file, &tool.title, &other.sample, &own.sample);
                rows.push(row(tool, &other, Some(&own.sample)));
                if best.as_ref().is_none_or(|best| best.runs < own.runs) {
                    best = Some(own);
                }
            }
            Err(error) => rows.push(failed(tool, &error, header.len())),
        }
    }
    let alone = || series::alone(&ours, bench.options.runs_max, bench.options.budget, &bench.scratch);
    match best.map_or_else(alone, Ok) {
        Ok(own) => {
            bench.summary.borrow_mut().ours(file, &own.sample);
            table.row(&row(&bench.tenon, &own, None));
        }
        Err(error) => table.row(&failed(&bench.tenon, &error, header.len())),
    }
    for cells in rows {
        table.row(&cells);
    }
    table.into_text()
}

fn row(tool: &Tool, outcome: &Outcome, tenon: Option<&Sample>) -> Vec<String> {
    let sample = &outcome.sample;
    let none = || "–".to_owned();
    vec![
        tool.title.clone(),
        time(sample.wall),
        time(sample.cpu),
        megabytes(sample.memory_bytes_max),
        tool.findings(&outcome.stdout).map_or_else(none, |count| count.to_string()),
        outcome.runs.to_string(),
        tenon.map_or_else(none, |base| times(sample.wall.as_secs_f64(), base.wall.as_secs_f64())),
        tenon.map_or_else(none, |base| times(as_f64(sample.memory_bytes_max), as_f64(base.memory_bytes_max))),
    ]
}

fn failed(tool: &Tool, error: &str, columns: usize) -> Vec<String> {
    eprintln!("{}: {error}", tool.title);
    let mut cells = vec![tool.title.clone(), error.replace('|', "/")];
    cells.resize(columns, String::new());
    cells
}

fn growth(bench: &Bench<'_>) -> String {
    let header = ["Generated input", "Size", "Wall", "CPU", "Peak memory", "Wall per MB", "Memory ÷ size"];
    let mut table = Table::new(&header);
    let mut is_empty = true;
    for form in [Form::Json, Form::Yaml] {
        for bytes in SIZES {
            let name = format!("{} MB {}", bytes / 1_000_000, form.extension().to_uppercase());
            if !bench.options.wants_input(&name) {
                continue;
            }
            is_empty = false;
            table.row(
                &growth_row(bench, form, bytes, &name)
                    .unwrap_or_else(|error| failed(&bench.tenon, &error, header.len())),
            );
        }
    }
    if is_empty { String::new() } else { format!("### Growth\n\n{}\n", table.into_text()) }
}

fn growth_row(bench: &Bench<'_>, form: Form, bytes: usize, name: &str) -> Result<Vec<String>, String> {
    let file = bench.scratch.join(format!("generated.{}", form.extension()));
    let text = document(form, bytes);
    std::fs::write(&file, &text).map_err(|error| format!("{}: {error}", file.display()))?;
    eprintln!("tenon on {name}…");
    let job = bench.tenon.job(&file, &bench.scratch);
    let outcome = series::alone(&job, bench.options.runs_max, bench.options.budget, &bench.scratch)?;
    let size = as_f64(text.len() as u64);
    let sample = &outcome.sample;
    Ok(vec![
        name.to_owned(),
        megabytes(text.len() as u64),
        time(sample.wall),
        time(sample.cpu),
        megabytes(sample.memory_bytes_max),
        format!("{:.1} ms", sample.wall.as_secs_f64() * 1e3 / (size / 1e6)),
        times(as_f64(sample.memory_bytes_max), size),
    ])
}

/// The shell scripts the first packs came with, one after the other, against our gates and scans.
fn gates(bench: &Bench<'_>) -> String {
    let directory = bench.options.peers.as_ref().map(|peers| peers.join("seed-scripts/run/foundry-v45"));
    let Some(directory) =
        directory.filter(|directory| directory.join("docs/service-contracts.json").exists())
    else {
        eprintln!(
            "gates: not run, because DIR/seed-scripts/run/foundry-v45/docs/service-contracts.json does not exist"
        );
        return String::new();
    };
    let mut scripts: Vec<PathBuf> = std::fs::read_dir(directory.join("scripts"))
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    scripts.sort();
    let scripts: Vec<Job> =
        scripts.iter().map(|path| command(&["bash", &path.display().to_string()], &directory)).collect();
    let program = bench.program.display().to_string();
    let ours = [
        command(&[&program, "gate", "all"], &directory),
        command(&[&program, "check", "--format", "scans"], &directory),
    ];
    let mut table = Table::new(&["foundry-v45", "Wall", "CPU", "Peak memory", "Runs"]);
    let mut add = |title: &str, jobs: &[Job]| match one_after_the_other(bench, jobs) {
        Ok((sum, runs)) => {
            let memory = megabytes(sum.memory_bytes_max);
            table.row(&[title.to_owned(), time(sum.wall), time(sum.cpu), memory, runs.to_string()]);
            Some(sum)
        }
        Err(error) => {
            eprintln!("{title}: {error}");
            let none = String::new;
            table.row(&[title.to_owned(), error.replace('|', "/"), none(), none(), none()]);
            None
        }
    };
    let own = add("`tenon gate all` and `tenon check --format scans`", &ours);
    if scripts.is_empty() {
        eprintln!("the shell scripts are not measured: DIR/seed-scripts/run/foundry-v45/scripts is empty");
    } else if let (Some(theirs), Some(own)) =
        (add(&format!("{} shell scripts with jq", scripts.len()), &scripts), own)
    {
        let ratio = times(theirs.wall.as_secs_f64(), own.wall.as_secs_f64());
        bench.summary.borrow_mut().say(format!(
            "Six gates and 18 scans over a service-contracts file, as two processes: {}. \
             The {} shell scripts that check a part of it: {}, **{ratio}**.",
            time(own.wall),
            scripts.len(),
            time(theirs.wall),
        ));
    }
    format!("### Gates and scans\n\n{}\n", table.into_text())
}

fn command(words: &[&str], directory: &Path) -> Job {
    Job {
        words: words.iter().map(|&word| word.to_owned()).collect(),
        environment: Vec::new(),
        directory: directory.to_owned(),
        statuses_expected: vec![0, 1],
    }
}

/// The sum of the medians of several commands, the largest memory, and the fewest runs.
fn one_after_the_other(bench: &Bench<'_>, jobs: &[Job]) -> Result<(Sample, usize), String> {
    let mut sum = Sample { wall: Duration::ZERO, cpu: Duration::ZERO, memory_bytes_max: 0 };
    let mut runs = usize::MAX;
    for job in jobs {
        eprintln!("{}…", job.words.join(" "));
        let outcome = series::alone(job, bench.options.runs_max, bench.options.budget, &bench.scratch)?;
        sum.wall += outcome.sample.wall;
        sum.cpu += outcome.sample.cpu;
        sum.memory_bytes_max = sum.memory_bytes_max.max(outcome.sample.memory_bytes_max);
        runs = runs.min(outcome.runs);
    }
    Ok((sum, runs))
}
