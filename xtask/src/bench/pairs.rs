//! `bench diff`: two versions of one contract, tenon against tools that compare.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Bench;
use super::measure::{Job, Sample};
use super::series::{self, Outcome};
use super::table::{Table, as_f64, megabytes, time, times};

/// Edits of the pair that differs little: text as it stands in the document, and what it becomes.
/// An operation id, a bound, a summary.
const EDITS: [(&str, &str); 3] = [
    ("\"operationId\":\"meta/root\"", "\"operationId\":\"meta/top\""),
    ("\"maximum\":100", "\"maximum\":50"),
    ("\"summary\":\"GitHub API Root\"", "\"summary\":\"The root\""),
];

/// A pair of versions: its title, the old file and the new one, from the folder of inputs.
const PAIRS: [(&str, &str, &str); 2] = [
    ("GitHub Enterprise Server 3.18 and 3.19", "ghes-3.18.json", "ghes-3.19.json"),
    ("Stripe, 2023-06 and today", "stripe-2023-06.yaml", "stripe.yaml"),
];

/// A program that compares two files.
struct Comparer {
    title: String,
    words: Vec<String>,
    count: fn(&str) -> Option<usize>,
}

impl Comparer {
    fn job(&self, old: &Path, new: &Path, bench: &Bench<'_>) -> Job {
        let mut words = self.words.clone();
        words.extend([old.display().to_string(), new.display().to_string()]);
        Job {
            words,
            environment: [("REDOCLY_TELEMETRY", "off"), ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
            directory: bench.scratch.clone(),
            statuses_expected: vec![0, 1],
        }
    }
}

/// Two versions of OpenAPI documents.
pub fn openapi(bench: &Bench<'_>) -> String {
    let Some(directory) = &bench.options.peers else {
        eprintln!("pairs: not run, because neither --peers nor TENON_PEERS says where the peers are");
        return String::new();
    };
    let inputs = directory.join("inputs");
    let mut pairs: Vec<(String, PathBuf, PathBuf)> = PAIRS
        .iter()
        .map(|(title, old, new)| ((*title).to_owned(), inputs.join(old), inputs.join(new)))
        .collect();
    match edited(&inputs.join("github.json"), &bench.scratch) {
        Ok((file, count)) => {
            pairs.push((format!("GitHub and a copy with {count} edits"), inputs.join("github.json"), file));
        }
        Err(error) => eprintln!("{error}"),
    }
    let peers = comparers(directory);
    let mut text = String::new();
    for (title, old, new) in pairs {
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        if !bench.options.wants_input(&name(&old).unwrap_or_default()) {
            continue;
        }
        if !old.exists() || !new.exists() {
            eprintln!("{title} is not measured: {} or {} does not exist", old.display(), new.display());
            continue;
        }
        let _ = write!(text, "**{title}**\n\n{}\n", compare(bench, &peers, &title, &old, &new));
    }
    if text.is_empty() { text } else { format!("### Two versions of an OpenAPI document\n\n{text}") }
}

/// A tree of Protobuf files: lint against lint, and a comparison with an edited copy of itself.
pub fn protobuf(bench: &Bench<'_>) -> String {
    let tree = bench.options.peers.as_ref().map(|peers| peers.join("protos/googleapis"));
    let Some(tree) = tree.filter(|tree| tree.is_dir()) else {
        eprintln!("protobuf: not run, because DIR/protos/googleapis does not exist");
        return String::new();
    };
    let buf = bench.options.peers.as_ref().map(|peers| peers.join("buf/node_modules/.bin/buf"));
    let Some(buf) = buf.filter(|path| path.exists()) else {
        eprintln!("protobuf: not run, because buf is not installed in DIR/buf");
        return String::new();
    };
    let (buf, tree, program) = (shown(&buf), shown(&tree), shown(&bench.program));
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let job = |words: Vec<String>| Job {
        words,
        environment: vec![("BUF_CACHE_DIR".to_owned(), shown(&bench.scratch.join("buf-cache")))],
        directory: bench.scratch.clone(),
        // buf ends with 100 where it found something.
        statuses_expected: vec![0, 1, 100],
    };
    let rows = [
        (
            "lint",
            words(&[&program, "check", "--format", "json", &tree]),
            words(&[&buf, "lint", "--error-format", "json", &tree]),
        ),
        (
            "breaking, against itself",
            words(&[&program, "diff", "--format", "json", &tree, &tree]),
            words(&[&buf, "breaking", "--error-format", "json", &tree, "--against", &tree]),
        ),
    ];
    let mut table = header();
    for (title, ours, theirs) in rows {
        eprintln!("buf and tenon: {title}…");
        let (ours, theirs) = (job(ours), job(theirs));
        let options = bench.options;
        match series::in_turns(&ours, &theirs, options.runs_max, options.budget, &bench.scratch) {
            Ok((own, other)) => {
                table.row(&row(&format!("tenon, {title}"), &own, None, None));
                let lines = other.stdout.lines().count();
                table.row(&row(&format!("buf, {title}"), &other, Some(lines), Some(&own.sample)));
                say(bench, &format!("A tree of Protobuf files, {title}"), &own.sample, "buf", &other.sample);
            }
            Err(error) => table.row(&failed(&format!("buf, {title}"), &error)),
        }
    }
    format!("### A tree of Protobuf files\n\n{}\n", table.into_text())
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// A copy of a document with a few edits, and how many of them there was a place for.
fn edited(file: &Path, scratch: &Path) -> Result<(PathBuf, usize), String> {
    let describe = |error: std::io::Error| format!("{} is not measured: {error}", file.display());
    let mut text = std::fs::read_to_string(file).map_err(describe)?;
    let mut count = 0;
    for (from, to) in EDITS {
        // As it is written without blanks, or with one behind the colon.
        let spaced = (from.replace("\":", "\": "), to.replace("\":", "\": "));
        for (from, to) in [(from.to_owned(), to.to_owned()), spaced] {
            if text.contains(&from) {
                text = text.replacen(&from, &to, 1);
                count += 1;
                break;
            }
        }
    }
    let path = scratch.join("edited.json");
    std::fs::write(&path, text).map_err(describe)?;
    Ok((path, count))
}

fn comparers(directory: &Path) -> Vec<Comparer> {
    let mut found = Vec::new();
    let redocly = directory.join("redocly/node_modules/.bin/redocly");
    if redocly.exists() {
        let words = [&shown(&redocly), "diff", "--format=json"].map(ToOwned::to_owned).to_vec();
        found.push(Comparer { title: "Redocly diff".to_owned(), words, count: |_| None });
    } else {
        eprintln!("Redocly CLI is not installed: {} does not exist", redocly.display());
    }
    let oasdiff = directory.join("oasdiff/oasdiff");
    if oasdiff.exists() {
        let words = [&shown(&oasdiff), "changelog", "--format", "json"].map(ToOwned::to_owned).to_vec();
        let count = |text: &str| serde_json::from_str::<Value>(text).ok()?.as_array().map(Vec::len);
        found.push(Comparer { title: "oasdiff changelog".to_owned(), words, count });
    } else {
        eprintln!("oasdiff is not installed: {} does not exist", oasdiff.display());
    }
    found
}

fn header() -> Table {
    Table::new(&[
        "",
        "Wall",
        "CPU",
        "Peak memory",
        "Changes",
        "Runs",
        "Wall, times tenon",
        "Memory, times tenon",
    ])
}

fn compare(bench: &Bench<'_>, peers: &[Comparer], title: &str, old: &Path, new: &Path) -> String {
    let ours = Comparer {
        title: "tenon".to_owned(),
        words: [&shown(&bench.program), "diff", "--format", "json"].map(ToOwned::to_owned).to_vec(),
        count: |text| {
            let report: Value = serde_json::from_str(text).ok()?;
            report.get("changes")?.as_array().map(Vec::len)
        },
    };
    let job = ours.job(old, new, bench);
    let mut table = header();
    let mut rows = Vec::new();
    let mut best: Option<Outcome> = None;
    for peer in peers {
        eprintln!("{} and tenon: {title}…", peer.title);
        let theirs = peer.job(old, new, bench);
        let options = bench.options;
        match series::in_turns(&job, &theirs, options.runs_max, options.budget, &bench.scratch) {
            Ok((own, other)) => {
                let count = (peer.count)(&other.stdout);
                rows.push(row(&peer.title, &other, count, Some(&own.sample)));
                say(bench, title, &own.sample, &peer.title, &other.sample);
                if best.as_ref().is_none_or(|best| best.runs < own.runs) {
                    best = Some(own);
                }
            }
            Err(error) => rows.push(failed(&peer.title, &error)),
        }
    }
    let alone = || series::alone(&job, bench.options.runs_max, bench.options.budget, &bench.scratch);
    match best.map_or_else(alone, Ok) {
        Ok(own) => table.row(&row("tenon", &own, (ours.count)(&own.stdout), None)),
        Err(error) => table.row(&failed("tenon", &error)),
    }
    for cells in rows {
        table.row(&cells);
    }
    table.into_text()
}

/// A sentence for the README.
fn say(bench: &Bench<'_>, what: &str, own: &Sample, peer: &str, other: &Sample) {
    let ratio = times(other.wall.as_secs_f64(), own.wall.as_secs_f64());
    let memory = times(as_f64(other.memory_bytes_max), as_f64(own.memory_bytes_max));
    bench.summary.borrow_mut().say(format!(
        "{what}: tenon {}, {}; {peer} {}, {}: **{ratio}** the time, {memory} the memory.",
        time(own.wall),
        megabytes(own.memory_bytes_max),
        time(other.wall),
        megabytes(other.memory_bytes_max),
    ));
}

fn row(title: &str, outcome: &Outcome, count: Option<usize>, tenon: Option<&Sample>) -> Vec<String> {
    let sample = &outcome.sample;
    let none = || "–".to_owned();
    vec![
        title.to_owned(),
        time(sample.wall),
        time(sample.cpu),
        megabytes(sample.memory_bytes_max),
        count.map_or_else(none, |count| count.to_string()),
        outcome.runs.to_string(),
        tenon.map_or_else(none, |base| times(sample.wall.as_secs_f64(), base.wall.as_secs_f64())),
        tenon.map_or_else(none, |base| times(as_f64(sample.memory_bytes_max), as_f64(base.memory_bytes_max))),
    ]
}

fn failed(title: &str, error: &str) -> Vec<String> {
    eprintln!("{title}: {error}");
    let mut cells = vec![title.to_owned(), error.replace('|', "/")];
    cells.resize(8, String::new());
    cells
}
