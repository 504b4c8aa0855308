//! `cargo xtask bench reuse`: families of many generated schemas, against the targets of the issue.
//!
//! A third of the schemas repeat an earlier one: half of those in another case convention and
//! order, half with one member changed. The same schemas for the same count, whoever asks.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use super::measure::{Job, Output, measure};

/// Schemas that are generated unless told otherwise, a count: the issue's.
const SCHEMAS: usize = 100_000;

/// Schemas of one generated document, a count.
const SCHEMAS_OF_DOCUMENT: usize = 200;

/// Longest a run may take, in seconds: the issue's target.
const SECONDS_MAX: u64 = 10;

/// Most memory a run may take, in bytes: the issue's target of 2 GiB.
const MEMORY_BYTES_MAX: u64 = 2 << 30;

const NOUNS: [&str; 32] = [
    "order", "user", "item", "task", "run", "job", "event", "lead", "price", "tax", "stock", "ship", "pay",
    "card", "bank", "loan", "risk", "team", "node", "disk", "file", "page", "post", "tag", "note", "plan",
    "goal", "step", "part", "unit", "site", "zone",
];
const QUALITIES: [&str; 20] = [
    "id", "name", "code", "kind", "state", "date", "count", "total", "rate", "limit", "owner", "level",
    "score", "token", "hash", "path", "size", "flag", "mode", "rank",
];
const TYPES: [&str; 6] = [
    r#"{"type":"string"}"#,
    r#"{"type":"integer"}"#,
    r#"{"type":"number"}"#,
    r#"{"type":"boolean"}"#,
    r#"{"type":"string","format":"date-time"}"#,
    r#"{"type":"array","items":{"type":"string"}}"#,
];

/// Numbers by chance, the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (limit.max(1) as u64)).unwrap_or_default()
    }
}

/// A member: its noun, its quality and its type.
type Member = (usize, usize, usize);

fn member(chance: &mut Chance) -> Member {
    (chance.below(NOUNS.len()), chance.below(QUALITIES.len()), chance.below(TYPES.len()))
}

fn fresh(chance: &mut Chance) -> Vec<Member> {
    let mut members: Vec<Member> = (0..5 + chance.below(12)).map(|_| member(chance)).collect();
    members.sort_unstable();
    members.dedup_by_key(|(noun, quality, _)| (*noun, *quality));
    members
}

fn written(members: &[Member], number: usize, other_case: bool) -> String {
    let mut properties = String::new();
    for (noun, quality, kind) in members {
        let (noun, quality) = (NOUNS.get(*noun).unwrap_or(&""), QUALITIES.get(*quality).unwrap_or(&""));
        let kind = TYPES.get(*kind).unwrap_or(&"{}");
        let between = if properties.is_empty() { "" } else { "," };
        let name = if other_case {
            let (first, rest) = quality.split_at(1);
            format!("{noun}{}{rest}", first.to_uppercase())
        } else {
            format!("{noun}_{quality}")
        };
        let _ = write!(properties, "{between}\n  \"{name}\": {kind}");
    }
    format!(
        r#""S{number}": {{"type": "object", "description": "schema {number}", "properties": {{{properties}}}}}"#
    )
}

/// Writes documents with so many schemas into a folder.
fn generate(folder: &Path, count: usize) -> std::io::Result<()> {
    let mut chance = Chance(0x2545_F491_4F6C_DD1D);
    let mut all: Vec<Vec<Member>> = Vec::new();
    let mut number = 0;
    while number < count {
        let mut schemas: Vec<String> = Vec::new();
        while schemas.len() < SCHEMAS_OF_DOCUMENT && number < count {
            let earlier = all.get(chance.below(all.len())).cloned();
            let (members, other_case) = match (chance.below(6), earlier) {
                (0, Some(mut members)) => {
                    members.reverse();
                    (members, true)
                }
                (1, Some(mut members)) => {
                    members.pop();
                    members.push(member(&mut chance));
                    members.dedup_by_key(|(noun, quality, _)| (*noun, *quality));
                    (members, false)
                }
                _ => (fresh(&mut chance), false),
            };
            schemas.push(written(&members, number, other_case));
            all.push(members);
            number += 1;
        }
        let text = format!(
            r#"{{"openapi": "3.1.0", "info": {{"title": "t", "version": "1"}}, "paths": {{}}, "components": {{"schemas": {{{}}}}}}}"#,
            schemas.join(",\n")
        );
        std::fs::write(folder.join(format!("api{number:07}.json")), text)?;
    }
    Ok(())
}

/// Generates, runs, prints the figures; 1 if a target was missed.
pub fn run(rest: &[&str]) -> ExitCode {
    let (count, program) = match rest {
        [] => (Some(SCHEMAS), None),
        ["--schemas", count] => (count.parse().ok(), None),
        ["--tenon", program] => (Some(SCHEMAS), Some(PathBuf::from(program))),
        ["--schemas", count, "--tenon", program] => (count.parse().ok(), Some(PathBuf::from(program))),
        _ => (None, None),
    };
    let Some(count) = count.filter(|count| *count > 0) else {
        eprintln!("usage: cargo xtask bench reuse [--schemas COUNT] [--tenon PROGRAM]");
        return ExitCode::from(2);
    };
    let build = || super::repository_root().and_then(|root| super::build_tenon(&root));
    match program.map_or_else(build, Ok).and_then(|program| once(count, &program)) {
        Ok(within) => ExitCode::from(u8::from(!within)),
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::from(2)
        }
    }
}

fn once(count: usize, program: &Path) -> Result<bool, String> {
    let scratch = std::env::temp_dir().join(format!("tenon-bench-reuse-{}", std::process::id()));
    let result = in_folder(count, program, &scratch);
    // A directory that cannot be removed is the system's to clean.
    let _ = std::fs::remove_dir_all(&scratch);
    result
}

fn in_folder(count: usize, program: &Path, scratch: &Path) -> Result<bool, String> {
    let schemas = scratch.join("schemas");
    let made = std::fs::create_dir_all(&schemas).and_then(|()| generate(&schemas, count));
    made.map_err(|error| format!("{}: {error}", schemas.display()))?;
    let words = [program.display().to_string(), "reuse".to_owned(), ".".to_owned()];
    let job = Job {
        words: words.to_vec(),
        environment: Vec::new(),
        directory: schemas,
        statuses_expected: vec![0],
    };
    let output = Output::in_directory(scratch);
    let sample = measure(&job, &output, Duration::from_secs(60 * SECONDS_MAX))?;
    let said = std::fs::read_to_string(&output.stdout).map_err(|error| error.to_string())?;
    println!("{}", said.lines().next().unwrap_or_default());
    let within =
        sample.wall <= Duration::from_secs(SECONDS_MAX) && sample.memory_bytes_max <= MEMORY_BYTES_MAX;
    println!(
        "{count} schemas: {:.2} s wall, {:.2} s processor, {} MB ({}; targets {SECONDS_MAX} s, 2 GiB)",
        sample.wall.as_secs_f64(),
        sample.cpu.as_secs_f64(),
        sample.memory_bytes_max / 1_000_000,
        if within { "within the targets" } else { "a target is missed" },
    );
    Ok(within)
}
