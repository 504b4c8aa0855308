//! One manifest: the members of `tool.manifest`, and `run`, which says how it is run.
//!
//! Every place a manifest names lies inside the manifest's own folder; a path that leads out, by
//! `..`, from the root or over a link, is refused.

use std::path::{Component, Path, PathBuf};

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tenon_source::{FileId, Level, Node, SourceFile};

use super::{Limits, Retry, RetryClass, Schema, Skill};
use crate::Problem;
use crate::limits::{BACKOFF_MS_MAX, MANIFEST_BYTES_MAX};

const TOP: [&str; 13] = [
    "tool_id",
    "version",
    "title",
    "short_description",
    "kind",
    "description",
    "input_schema_ref",
    "output_schema_ref",
    "executor_backend",
    "permissions",
    "side_effects",
    "run",
    "$schema",
];
const RUN: [&str; 6] = ["command", "working_dir", "env", "limits", "retry", "concurrency_max"];
const LIMITS: [&str; 6] = [
    "wall_ms_max",
    "memory_bytes_max",
    "processes_max",
    "output_bytes_max",
    "file_bytes_max",
    "open_files_max",
];
const RETRY: [&str; 3] = ["class", "attempts_max", "backoff_ms"];

/// The skill a file describes, or everything that is wrong with it.
pub(super) fn read(path: &Path) -> Result<Skill, Vec<Problem>> {
    let shown = path.display().to_string();
    let unreadable = |message: String| vec![Problem::of_file(&shown, message, "")];
    let size = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if size > MANIFEST_BYTES_MAX {
        return Err(unreadable(format!("the manifest has {size} bytes; {MANIFEST_BYTES_MAX} are allowed")));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    let manifest_hash = HEXLOWER.encode(&Sha256::digest(&bytes));
    let (source, findings) = SourceFile::parse(FileId(0), &shown, bytes);
    let wrong: Vec<Problem> = findings
        .iter()
        .filter(|finding| finding.level == Level::Error)
        .map(|finding| Problem::at(&source, finding.place.span.start, finding.message.clone(), ""))
        .collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let folder = path.parent().unwrap_or(Path::new(".")).canonicalize();
    let folder = folder.map_err(|error| unreadable(error.to_string()))?;
    let mut reader = Reader { source: &source, folder, problems: Vec::new() };
    let skill = reader.skill(source.tree.root(), manifest_hash);
    match skill {
        Some(skill) if reader.problems.is_empty() => Ok(skill),
        _ => Err(reader.problems),
    }
}

struct Reader<'s> {
    source: &'s SourceFile,
    folder: PathBuf,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn wrong(&mut self, at: Node<'_>, message: impl Into<String>, help: &str) {
        self.problems.push(Problem::at(self.source, at.head_span().start, message, help));
    }

    fn skill(&mut self, root: Node<'_>, manifest_hash: String) -> Option<Skill> {
        if !root.is_object() {
            self.wrong(root, "a manifest is an object", "see docs/jobs.md");
            return None;
        }
        self.known(root, &TOP);
        let id = self.text(root, "tool_id");
        if let Some(id) = id.as_deref().filter(|id| !is_id(id)) {
            let message = format!("`{id}` is no id of a tool");
            self.wrong(root.get("tool_id")?, message, "use a-z, 0-9, `_`, `.`, `-`, a letter first");
        }
        if let Some(backend) = root.get("executor_backend").filter(|at| at.as_str() != Some("process")) {
            self.wrong(backend, "a skill is run as a process", "write `executor_backend: process`");
        }
        let kind = root.get_str("kind").unwrap_or("skill").to_owned();
        if let Some(at) = root.get("kind").filter(|at| !matches!(at.as_str(), Some("skill" | "probe"))) {
            self.wrong(at, "`kind` is `skill` or `probe`", "");
        }
        let Some(run) = root.get("run").filter(|run| run.is_object()) else {
            self.wrong(
                root,
                "`run` is missing: nothing says how the skill is run",
                "add `run: {command: [...]}`",
            );
            return None;
        };
        self.known(run, &RUN);
        let (version, title) = (self.text(root, "version"), self.text(root, "title"));
        let description = self.text(root, "description");
        let (input, output) = (self.schema(root, "input_schema_ref"), self.schema(root, "output_schema_ref"));
        let command = self.command(run);
        let working_dir = match run.get("working_dir") {
            Some(at) => self.inside(at).filter(|path| path.is_dir()),
            None => Some(self.folder.clone()),
        };
        if let (None, Some(at)) = (&working_dir, run.get("working_dir")) {
            self.wrong(at, "`working_dir` is no folder inside the manifest's own", "");
        }
        let (limits, retry) = (self.limits(run), self.retry(run));
        let concurrency_max = self.count(run, "concurrency_max", 1_000_000);
        let (permissions, side_effects) = (self.texts(root, "permissions"), self.texts(root, "side_effects"));
        let env = self.texts(run, "env");
        let short = root.get_str("short_description").map(str::to_owned);
        let ((input_schema_ref, input), (output_schema_ref, output)) = (input?, output?);
        Some(Skill {
            id: id?,
            version: version?,
            short_description: short.or_else(|| title.clone()).unwrap_or_default(),
            title: title?,
            description: description?,
            kind,
            input_schema_ref,
            output_schema_ref,
            permissions,
            side_effects,
            command: command?,
            working_dir: working_dir?,
            env,
            limits,
            retry,
            concurrency_max: concurrency_max.and_then(|max| usize::try_from(max).ok()),
            manifest_hash,
            input,
            output,
        })
    }

    /// Tells of members nobody reads: a limit with a slip of the pen would be none.
    fn known(&mut self, object: Node<'_>, names: &[&str]) {
        for (name, value) in object.members() {
            if !names.contains(&name) {
                let near = tenon_source::nearest(name, names.iter().copied());
                let help = near.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
                self.wrong(value, format!("`{name}` means nothing here"), &help);
            }
        }
    }

    fn text(&mut self, object: Node<'_>, name: &str) -> Option<String> {
        match object.get(name) {
            Some(at) => match at.as_str().filter(|text| !text.is_empty()) {
                Some(text) => return Some(text.to_owned()),
                None => self.wrong(at, format!("`{name}` is a text that is not empty"), ""),
            },
            None => self.wrong(object, format!("`{name}` is missing"), "add it"),
        }
        None
    }

    fn texts(&mut self, object: Node<'_>, name: &str) -> Vec<String> {
        let Some(at) = object.get(name) else { return Vec::new() };
        let texts: Option<Vec<String>> =
            at.items().map(|item| item.as_str().filter(|text| !text.is_empty()).map(str::to_owned)).collect();
        match texts.filter(|_| at.is_array()) {
            Some(texts) => texts,
            None => {
                self.wrong(at, format!("`{name}` is a list of texts"), "");
                Vec::new()
            }
        }
    }

    fn count(&mut self, object: Node<'_>, name: &str, max: u64) -> Option<u64> {
        let at = object.get(name)?;
        let count = at.as_i64().and_then(|count| u64::try_from(count).ok());
        let count = count.filter(|count| (1..=max).contains(count));
        if count.is_none() {
            self.wrong(at, format!("`{name}` is a whole number from 1 to {max}"), "");
        }
        count
    }

    /// The program, found once at the start where it is named by a path, and its arguments.
    fn command(&mut self, run: Node<'_>) -> Option<Vec<String>> {
        let Some(at) = run.get("command") else {
            self.wrong(run, "`command` is missing", "write the program and its arguments as a list");
            return None;
        };
        if at.as_str().is_some() {
            let help = "write the program and each argument as an item of a list";
            self.wrong(at, "`command` is one text, as for a shell; no shell is asked", help);
            return None;
        }
        let mut command = self.texts(run, "command");
        let Some(program) = command.first_mut() else {
            self.wrong(at, "`command` is empty", "");
            return None;
        };
        if program.contains('/') && !program.starts_with('/') {
            let item = at.items().next()?;
            let found = self.inside(item)?;
            if !found.is_file() {
                self.wrong(item, format!("there is no file `{program}`"), "");
            }
            *program = found.to_str()?.to_owned();
        }
        Some(command)
    }

    /// The schema a member names, and its name.
    fn schema(&mut self, root: Node<'_>, name: &str) -> Option<(String, Schema)> {
        let reference = self.text(root, name)?;
        let at = root.get(name)?;
        let path = self.inside(at)?;
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.wrong(at, format!("`{reference}`: {error}"), "");
                return None;
            }
        };
        let read = serde_json::from_slice::<Value>(&bytes).map_err(|error| error.to_string());
        match read.and_then(|schema| Schema::compile(&schema)) {
            Ok(schema) => Some((reference, schema)),
            Err(error) => {
                self.wrong(at, format!("`{reference}` is no schema: {error}"), "");
                None
            }
        }
    }

    /// A path inside the manifest's folder, with every link followed.
    fn inside(&mut self, at: Node<'_>) -> Option<PathBuf> {
        let text = at.as_str().unwrap_or_default();
        let relative = Path::new(text);
        let leads_out =
            relative.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir));
        if text.is_empty() || leads_out {
            let message = format!("`{text}` leads out of the manifest's folder");
            self.wrong(at, message, "name a path below it, without `..`");
            return None;
        }
        let found = match self.folder.join(relative).canonicalize() {
            Ok(found) => found,
            Err(error) => {
                self.wrong(at, format!("`{text}`: {error}"), "");
                return None;
            }
        };
        if !found.starts_with(&self.folder) {
            let message = format!("`{text}` is a link that leads out of the manifest's folder");
            self.wrong(at, message, "keep everything a skill needs beside its manifest");
            return None;
        }
        Some(found)
    }

    fn limits(&mut self, run: Node<'_>) -> Limits {
        let mut limits = Limits::default();
        let Some(at) = run.get("limits") else { return limits };
        self.known(at, &LIMITS);
        let day_ms = 24 * 60 * 60 * 1_000;
        let set = |limit: &mut u64, given: Option<u64>| *limit = given.unwrap_or(*limit);
        set(&mut limits.wall_ms_max, self.count(at, "wall_ms_max", day_ms));
        set(&mut limits.memory_bytes_max, self.count(at, "memory_bytes_max", 1 << 46));
        set(&mut limits.output_bytes_max, self.count(at, "output_bytes_max", 1 << 40));
        set(&mut limits.file_bytes_max, self.count(at, "file_bytes_max", 1 << 46));
        set(&mut limits.open_files_max, self.count(at, "open_files_max", 1 << 20));
        let processes = self.count(at, "processes_max", 100_000).and_then(|count| u32::try_from(count).ok());
        limits.processes_max = processes.unwrap_or(limits.processes_max);
        limits
    }

    fn retry(&mut self, run: Node<'_>) -> Retry {
        let mut retry = Retry { class: RetryClass::Never, attempts_max: 1, backoff_ms: 1_000 };
        let Some(at) = run.get("retry") else { return retry };
        self.known(at, &RETRY);
        retry.class = match at.get_str("class") {
            Some("never") => RetryClass::Never,
            Some("lost") => RetryClass::Lost,
            Some("failed") => RetryClass::Failed,
            _ => {
                self.wrong(at, "`class` is `never`, `lost` or `failed`", "");
                RetryClass::Never
            }
        };
        let attempts = self.count(at, "attempts_max", 1_000).and_then(|count| u32::try_from(count).ok());
        let usual = if retry.class == RetryClass::Never { 1 } else { 3 };
        retry.attempts_max = attempts.unwrap_or(usual);
        if retry.class == RetryClass::Never && retry.attempts_max > 1 {
            self.wrong(
                at,
                "class `never` has one attempt",
                "leave `attempts_max` out, or name another class",
            );
        }
        retry.backoff_ms = self.count(at, "backoff_ms", BACKOFF_MS_MAX).unwrap_or(retry.backoff_ms);
        retry
    }
}

fn is_id(text: &str) -> bool {
    let rest =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_.-".contains(letter);
    text.chars().next().is_some_and(|first| first.is_ascii_lowercase()) && text.chars().all(rest)
}
